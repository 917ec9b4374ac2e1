/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * design_build: what the files of design.c share while a design is made.
 */
#ifndef LUN_DESIGN_BUILD_H
#define LUN_DESIGN_BUILD_H

#include "data/design.h"

/* A variable over the table: its column, and on the rows used the values of its columns. */
typedef struct lun_design_var {
  lun_col *col;
  lun_coding *coding;  /* NULL: passed over */
  const int32_t *code; /* n: kept level of each row used; categorical */
  double *value;       /* n * width; numeric */
  size_t width;        /* numeric: columns */
} lun_design_var;

typedef struct lun_design_build {
  lun_env *env;
  lun_pool work;
  lun_design *d;
  const lun_formula *f;
  const lun_table *table;
  const lun_design_options *options;
  lun_design_var *vars;
  size_t *offset;
} lun_design_build;

/* Whether a variable has no part in other rows coded as like: cluster(). */
int lun_design_passes(const lun_variable *v, const lun_design *like);

/* EINVAL with the variable's text in the format's %s and its place. */
lun_status lun_design_fail(lun_design_build *b, const lun_variable *v, const char *format);

/* Codes every variable over the rows used: levels and knots of its own, or those of like. */
lun_status lun_design_fill(lun_design_build *b, const lun_design *like);

#endif
