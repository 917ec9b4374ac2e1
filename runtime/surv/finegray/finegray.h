/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * finegray: proportional subdistribution hazards of one cause (Fine & Gray 1999, JASA 94:496). A
 * row that had a competing event stays at risk with the weight C(t) / C(X), where X is its own time
 * and C the probability of not being censored before a time. Two conventions for C, which differ
 * where events and censorings are tied:
 *   crr       those with an event at a time are at risk of being censored at it (cmprsk::crr)
 *   survival  they are not (survival::finegray); with delayed entry C is G H, H from the entries
 *             looked at backwards (Geskus 2011, Biometrics 67:39)
 */
#ifndef LUN_FINEGRAY_H
#define LUN_FINEGRAY_H

#include "surv/cox/cox.h"
#include "surv/finegray/data.h"

typedef struct lun_finegray_options {
  int efron;  /* tied events as in Efron 1977, with their mean weight; 0: Breslow's way */
  int robust; /* sandwich of the score residuals that takes C as known; 0: C's estimation counts
                 (Fine & Gray 1999, section 3.2) */
} lun_finegray_options;

/* In the units of the data. NaN where a number is not given, as in lun_cox. */
typedef struct lun_finegray {
  lun_pool pool;
  size_t n, p, m, strata, groups;      /* m: event times, counted within strata */
  size_t events, competing, rank;
  double *coef, *se, *z, *pvalue, *log10_p; /* p */
  double *vcov;                             /* p x p; 0 where not given */
  unsigned char *status;                    /* p: LUN_COX_FINITE and so on */
  double loglik_null, loglik;
  lun_cox_test lr, wald; /* lr: of a pseudo-likelihood, as if the weights were known */
  double *mean;          /* p: where cumhaz is taken */
  double *time, *cumhaz; /* m: cumulative subdistribution hazard at mean, offset 0 */
  size_t *first;         /* strata + 1: first event time of each */
  size_t times;          /* distinct times of the response */
  double *censored_time, *prob; /* times; groups x times: C just before them */
  double *influence;     /* n x p by row: change of coef when the row leaves, to first order */
  int iterations, converged;
  const char *why;
} lun_finegray;

/* Errors: those of lun_finegray_data_new; EINVAL when delayed entry is asked for crr or a variance
 * that includes C's estimation; ENOMEM, EINTR. */
lun_status lun_finegray_fit(lun_env *env, lun_finegray *out, const lun_finegray_input *in,
                            const lun_finegray_options *options);
void lun_finegray_fini(lun_finegray *fit); /* accepts a zeroed one */

#endif
