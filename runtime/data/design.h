/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * design: model terms over a table -> model matrix with names, strata, cluster and offset.
 *
 * Numbers, integers and splines enter as they are; factors, texts and conditions as indicators
 * against their first level that occurs (treatment contrasts), all levels where the term without
 * the factor is not in the model (the rule of R's model.matrix; the intercept counts as present).
 * Levels that do not occur in the rows used get no column.
 *
 * Unless options->all_rows: rows with a missing value in any variable (or in a column of
 * options->also) are left out, once; each column's missing values are counted. The knots of a
 * spline come from all rows where its variable is there, as in R.
 */
#ifndef LUN_DESIGN_H
#define LUN_DESIGN_H

#include "data/formula.h"
#include "data/spline.h"

typedef struct lun_design_options {
  int intercept;           /* a first column of ones, "(intercept)" */
  const char *const *also; /* names and columns that must be there too (time, event, weights) */
  lun_col *const *also_cols;
  size_t n_also;
  /* Every row of the table keeps its place, NaN (or group -1) where something is missing, and
   * levels without rows keep their column: for models that leave rows out themselves. */
  int all_rows;
  int tt; /* the model knows what to do with tt(x), which enters as x; otherwise it is EINVAL */
} lun_design_options;

/* How a variable was coded; kept so that other rows can be coded alike. */
typedef struct lun_coding {
  int categorical;
  size_t n_levels;
  const char **levels; /* those that occur */
  int32_t *code;       /* categorical: the level of each row used, -1 missing */
  lun_spline *spline;  /* or NULL */
} lun_coding;

typedef struct lun_drop {
  const char *name;
  size_t count; /* rows where it is missing */
} lun_drop;

/* Groups that occur: a code for each row used, NULL when the terms have none. */
typedef struct lun_grouping {
  int32_t *code;
  const char **names;
  size_t n_groups;
} lun_grouping;

typedef struct lun_design {
  lun_pool pool;
  const lun_formula *formula; /* must outlive the design */
  size_t n, p;                /* rows used, columns */
  double *x;                  /* n * p, column by column */
  const char **names;         /* p: "age", "surgery: yes", "ns(age, 3): 2", "age × surgery: yes" */
  size_t *term;               /* p: index into labels, column by column */
  const char **labels;        /* n_terms: "surgery", "age × surgery" */
  size_t n_terms;
  uint32_t *rows; /* n: rows of the table, 0-based, increasing */
  lun_grouping strata, cluster;
  double *offset;  /* n, or NULL; the sum of several */
  lun_drop *drops; /* one for each variable and column of also, in that order */
  size_t n_drops, dropped;
  lun_coding *codings; /* by variable of the formula */
  int intercept;
} lun_design;

/* EDATA when a factor has one level only among the rows used, or no row is left; EINVAL with
 * *offset when a term does not fit the table. */
lun_status lun_design_init(lun_env *env, lun_design *out, const lun_formula *formula,
                           const lun_table *table, const lun_design_options *options,
                           size_t *offset);

/* Other rows coded as like: same columns, levels and knots. A level that like has not is EDATA.
 * cluster() is passed over: other rows have no part in the variance. */
lun_status lun_design_like(lun_env *env, lun_design *out, const lun_design *like,
                           const lun_table *table, const lun_design_options *options,
                           size_t *offset);

void lun_design_fini(lun_design *design); /* accepts a zeroed one */

#endif
