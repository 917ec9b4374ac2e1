/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cuminc: cumulative incidence of each cause (Aalen & Johansen 1978), by group, with two variances:
 * Aalen's as in cmprsk::cuminc (Gray 1988) and the infinitesimal jackknife as in survival::survfit.
 * Both with delayed entry too: a row is at risk from its start on. With case weights or clusters
 * the jackknife is the only variance: the sum over clusters of the squared weighted influence.
 */
#ifndef LUN_CUMINC_H
#define LUN_CUMINC_H

#include "surv/riskset.h"

/* One group and cause. Arrays over its m distinct times: */
typedef struct lun_cuminc_curve {
  size_t m;
  double rows, events; /* counted */
  double *time, *n_risk, *n_event, *n_any; /* weighted; events of the cause, of any cause */
  double *raw_risk;                        /* rows at risk */
  double *incidence, *var_aalen, *var_jackknife; /* var_aalen: NaN with weights or clusters */
} lun_cuminc_curve;

typedef struct lun_cuminc {
  lun_env *env;
  lun_pool pool;
  size_t k, causes, missing;
  lun_cuminc_curve *curve; /* k causes: curve[g * causes + cause - 1] */
} lun_cuminc;

typedef struct lun_cuminc_options {
  const int32_t *group; /* of each row, 0..k-1, -1 left out; NULL: one group */
  size_t k;
  const double *weight; /* by row, > 0, or NULL */
  const int32_t *cluster; /* 0..clusters-1 by row; NULL: each row its own */
  size_t clusters;
} lun_cuminc_options;

/* Errors: EDATA of the weights, ENOMEM. */
lun_status lun_cuminc_init(lun_env *env, lun_cuminc *out, lun_surv *s, const lun_cuminc_options *o);
void lun_cuminc_fini(lun_cuminc *c);

#endif
