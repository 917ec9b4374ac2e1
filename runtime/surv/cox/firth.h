/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/firth: the Cox model with Firth's penalty, half the log determinant of the information
 * (Firth 1993; Heinze & Schemper 2001): finite coefficients where the likelihood is monotone, with
 * limits and p-values from the profile of the penalised likelihood.
 */
#ifndef LUN_COX_FIRTH_H
#define LUN_COX_FIRTH_H

#include "surv/cox/cox.h"

/* In the units of the data; NaN for redundant columns and for limits that do not exist. */
typedef struct lun_cox_firth {
  lun_pool pool;
  size_t p;
  double *coef, *se, *lower, *upper, *pvalue; /* p: profile limits of coef, p-value of coef = 0 */
  /* Penalised, of columns divided by their standard deviation (as coxphf reports it), so that units
   * do not matter; null: all coefficients 0. */
  double loglik_null, loglik;
  int iterations, converged;
  const char *why;
} lun_cox_firth;

/* Refits the data of fit, with its ties (Breslow's for exact). level: of the limits. Time: the sum
 * over events of the rows at risk, times p^2, for each iteration. Errors: ENOMEM, EINTR. */
lun_status lun_cox_firth_fit(lun_cox_firth *out, const lun_cox *fit, double level);
void lun_cox_firth_fini(lun_cox_firth *firth);

#endif
