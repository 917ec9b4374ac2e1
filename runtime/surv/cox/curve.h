/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/curve: predicted cumulative hazard and survival of one subject, fixed or changing in time,
 * with the variance of Tsiatis (1981) for Breslow's ties and its analogue for Efron's (Therneau &
 * Grambsch 2000, section 10.2).
 */
#ifndef LUN_COX_CURVE_H
#define LUN_COX_CURVE_H

#include "surv/cox/cox.h"

/* Covariates over consecutive pieces of time: piece i holds from its from (exclusive) to its to. */
typedef struct lun_cox_path {
  size_t n;
  const double *from, *to; /* n; NULL for one piece without end */
  const double *x;         /* n x p, row by row, in the units of the data */
  double offset;
  int32_t stratum;         /* code in the input; ignored without strata */
} lun_cox_path;

/* At the event times of the stratum that lie in some piece. */
typedef struct lun_cox_curve {
  lun_pool pool;
  size_t n, p;
  double *time, *n_risk, *n_event;
  double *cumhaz, *se;     /* se: of cumhaz; that of the survival probability is S se */
  double *surv;
  double *known; /* variance of cumhaz were the coefficients known; increments are independent */
  double *slope; /* n x p: derivative of cumhaz by the coefficients */
} lun_cox_curve;

/* Uses the fit's variance (the robust one where it was asked for). Infinite coefficients count with
 * the value at which the search stopped and without variance. Errors: EINVAL for a stratum without
 * events; ENOMEM. */
lun_status lun_cox_curve_new(lun_cox_curve *out, const lun_cox *fit, const lun_cox_path *path);
void lun_cox_curve_fini(lun_cox_curve *c);

/* Breslow's or Efron's baseline: the increments at all event times, fit->data.m values, of a
 * subject whose x are all 0 (centred 0) or at fit->data.centre (centred 1). */
void lun_cox_baseline(const lun_cox *fit, int centred, double *hazard);

#endif
