/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * logit: logistic and multinomial regression by maximum likelihood, and logistic regression with
 * Firth's penalty. Logistic regression is the multinomial model of two classes.
 */
#ifndef LUN_LOGIT_H
#define LUN_LOGIT_H

#include "base/pool.h"
#include "stat/newton.h"

typedef struct lun_logit_input {
  size_t n, p, classes; /* p columns besides the intercept */
  const double *const *x; /* p columns of n, no NaN */
  const int32_t *y;     /* n: 0 .. classes-1; class 0 is the reference */
  const double *weight; /* n: frequency weights >= 0, or NULL */
  const double *offset; /* n, two classes only, or NULL */
} lun_logit_input;

/* Coefficients: equation by equation (class 1, 2, ... against 0), intercept first; m = (classes-1)
 * (p+1) of them. NaN: an aliased coefficient, the se of an infinite one. */
typedef struct lun_logit {
  lun_pool pool;
  size_t n, m, p, equations;
  double *coef, *se, *vcov; /* m, m, m x m */
  unsigned char *status;    /* m: LUN_NEWTON_* */
  double *fitted;           /* n x classes, row by row: probabilities */
  double loglik, loglik_null; /* penalised with Firth; null: intercepts only */
  double *lower, *upper, *lr; /* m; NULL unless profiled: limits, and 2 (loglik - loglik at 0) */
  size_t rank, rank_null;
  int iterations, converged;
  const char *why;
} lun_logit;

typedef struct lun_logit_options {
  int firth;     /* adds half the log determinant of the information (Firth 1993; Heinze & Schemper
                    2002); two classes only; standard errors of the augmented data as logistf */
  double level;  /* of profile-likelihood limits (Venzon & Moolgavkar 1988); 0: none */
  int spline;    /* limits as R's confint(): from a spline through points of the profile, a fifth
                    of a step apart; the solved ones where it does not reach the cut */
} lun_logit_options;

/* Columns are centred and scaled inside. Errors: ENOMEM, EINTR, EINVAL (shapes, weights), EDATA
 * when a class does not occur. Separation is a result: status INFINITE and a sentence; the profile
 * limit on the other side is finite. */
lun_status lun_logit_fit(lun_env *env, lun_logit *out, const lun_logit_input *in,
                         const lun_logit_options *options);
void lun_logit_fini(lun_logit *fit); /* accepts a zeroed one */

/* Area under the ROC curve of score for y = 1 against y = 0 (Mann-Whitney); NaN if one is absent.
 */
lun_status lun_logit_auc(lun_env *env, double *auc, const double *score, const int32_t *y,
                         size_t n);

#endif
