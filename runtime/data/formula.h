/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * formula: model terms in R's notation, parsed.
 *
 *   [response ~] a + b + a:b + a*b + (a + b):c   a*b is a + b + a:b
 *   log2(x)  I(x/10)  I(age > 60)       any expression; plain functions need no I()
 *   factor(x)                           categories, whatever the type of x
 *   ns(x, 3)  ns(x, {40, 60})           natural spline: degrees of freedom, or inner knots;
 *   ns(x, {40, 60}, {30, 80})             boundary knots, otherwise the range of x
 *   rcs(x, 4)  rcs(x, {35, 50, 65})     restricted cubic spline: number of knots, or knots
 *   strata(x, y)  cluster(id)  offset(x)   not part of the matrix; several strata() are crossed
 *   tt(x)                               as x, and marked: what time does to it is the model's
 */
#ifndef LUN_FORMULA_H
#define LUN_FORMULA_H

#include "base/pool.h"
#include "data/expr.h"

enum {
  LUN_FORMULA_ARGS = 8,
  LUN_FORMULA_KNOTS = 16,
  LUN_FORMULA_ORDER = 8,
  LUN_FORMULA_TERMS = 20000
};

typedef enum lun_variable_kind {
  LUN_VAR_PLAIN, LUN_VAR_FACTOR, LUN_VAR_NS, LUN_VAR_RCS, LUN_VAR_TT,
  LUN_VAR_STRATA, LUN_VAR_CLUSTER, LUN_VAR_OFFSET
} lun_variable_kind;

typedef struct lun_variable {
  lun_variable_kind kind;
  const char *text;  /* as written, "ns(age, 3)" */
  const char *label; /* for names of coefficients: the inside of factor(x) and I(x), else text */
  const char *inner; /* what stands in the brackets of a special, without knots; else NULL */
  size_t offset;
  lun_expr *expr[LUN_FORMULA_ARGS]; /* one; strata: n_expr */
  size_t n_expr;
  size_t df; /* ns: degrees of freedom, rcs: number of knots; 0 when knots are given */
  size_t n_knots;
  double knots[LUN_FORMULA_KNOTS];
  size_t n_boundary; /* ns: 2 when its boundary knots are given */
  double boundary[LUN_FORMULA_KNOTS];
} lun_variable;

/* One term: the variables it multiplies, in increasing order. */
typedef struct lun_term {
  size_t n, var[LUN_FORMULA_ORDER];
} lun_term;

typedef struct lun_formula {
  lun_pool pool;
  const char *response; /* text before ~, or NULL */
  lun_variable *vars;
  size_t n_vars, room_vars;
  lun_term *terms; /* of the matrix: main effects first, then by order, each as written */
  size_t n_terms;
} lun_formula;

/* As lun_expr_parse: a failure says what was found and *offset where. */
lun_status lun_formula_parse(lun_env *env, lun_formula **out, const char *text, size_t n,
                             size_t *offset);
void lun_formula_free(lun_formula *formula); /* accepts NULL */

#endif
