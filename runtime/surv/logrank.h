/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * logrank: weighted k-sample tests of survival curves, stratified, with delayed entry. Observed minus
 * expected events and their hypergeometric covariance, summed over event times with a weight
 * (Fleming & Harrington 1991, ch. 7; Klein & Moeschberger 2003, ch. 7).
 */
#ifndef LUN_LOGRANK_H
#define LUN_LOGRANK_H

#include "surv/surv.h"

/* At an event time: n at risk, d events, the pooled Kaplan-Meier estimate just before and at the time,
 * the modified Peto estimate S~ just before and at it. */
typedef struct lun_logrank_point {
  double n, d, km_before, km, peto_before, peto;
} lun_logrank_point;

typedef struct lun_logrank_weight {
  const char *name, *what;
  double (*at)(const lun_logrank_point *p, double rho, double gamma);
} lun_logrank_weight;

extern const lun_logrank_weight LUN_LOGRANK_WEIGHTS[]; /* ends with a NULL name */
extern const char *const LUN_LOGRANK_NAMES[];          /* the names, NULL-terminated */

typedef struct lun_logrank_options {
  int weight; /* index into LUN_LOGRANK_WEIGHTS */
  double rho, gamma;
  const int32_t *strata; /* codes, -1 left out; NULL: one stratum */
  size_t strata_count;
} lun_logrank_options;

typedef struct lun_logrank {
  lun_env *env;
  lun_pool pool;
  size_t k;
  size_t used, missing;     /* rows with a group and a stratum; the others */
  double *rows;             /* k: rows in each group */
  double *observed, *expected; /* k, weighted events */
  double *variance;         /* k x k */
  double chisq;             /* of the groups that have rows at risk at some event; NaN when none differ */
  size_t df;
  double p, log10_p;        /* p NaN when df is 0 */
} lun_logrank;

lun_status lun_logrank_init(lun_env *env, lun_logrank *out, const lun_surv *s, const int32_t *code,
                            size_t k, const lun_logrank_options *options);
void lun_logrank_fini(lun_logrank *r);

/* Test for trend with scores of the groups: z, one degree of freedom. NaN when not estimable. */
double lun_logrank_trend(const lun_logrank *r, const double *scores);

#endif
