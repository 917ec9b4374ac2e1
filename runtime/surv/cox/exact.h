/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/exact: the conditional likelihood of tied deaths (discrete time; Cox 1972, Gail, Lubin &
 * Rubinstein 1981): at each event time, the probability that just these d of the n at risk die.
 * Its denominator, a sum over all subsets of d, comes from the recursion over the risk set
 * e(j, d) = e(j-1, d) + r_j e(j-1, d-1), carried as probabilities so that it cannot overflow.
 */
#ifndef LUN_COX_EXACT_H
#define LUN_COX_EXACT_H

#include "surv/cox/data.h"

typedef struct lun_cox_exact {
  double *eta;   /* n, at the last beta */
  size_t *at_risk; /* n: work */
  double
      *table; /* (max deaths + 1) x (1 + p + p (p + 1) / 2): e and its derivatives, divided by e */
  size_t width;
} lun_cox_exact;

lun_status lun_cox_exact_new(lun_pool *pool, lun_cox_exact *e, const lun_cox_data *d);

/* As lun_newton_problem wants them. Time: sum over event times of at risk x deaths x p^2. */
int lun_cox_exact_value(lun_cox_exact *e, const lun_cox_data *d, const double *beta,
                        double *loglik);
void lun_cox_exact_derivatives(lun_cox_exact *e, const lun_cox_data *d, double *gradient,
                               double *information, double *scale);

#endif
