/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * linear: least squares by Householder reflections (Golub & Van Loan, algorithm 5.2.1), in extended
 * precision so that ill-conditioned columns (polynomials, years) keep their digits.
 */
#ifndef LUN_LINEAR_H
#define LUN_LINEAR_H

#include "base/pool.h"

typedef struct lun_linear_input {
  size_t n, p;            /* p columns besides the intercept */
  const double *const *x; /* p columns of n, no NaN */
  const double *y;        /* n, no NaN */
  const double *weight;   /* n: precision weights > 0, or NULL */
  int intercept;
} lun_linear_input;

/* m = p + intercept coefficients, intercept first; NaN: aliased (determined by the columns before
 * it). se, vcov, sigma and tests are NaN without residual degrees of freedom. R^2 and F are against
 * the mean, or against 0 without an intercept. */
typedef struct lun_linear {
  lun_pool pool;
  size_t n, m, rank, df; /* df: residual */
  double *coef, *se, *vcov, *residual; /* m, m, m x m, n (unweighted) */
  double rss, sigma, r_squared, adjusted, f, p_f;
} lun_linear;

/* Errors: ENOMEM, EDATA (no rows, a weight that is not above 0). */
lun_status lun_linear_fit(lun_env *env, lun_linear *out, const lun_linear_input *in);
void lun_linear_fini(lun_linear *fit); /* accepts a zeroed one */

#endif
