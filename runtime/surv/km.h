/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * km: Kaplan-Meier curves by group (Kaplan & Meier 1958), Greenwood variance, Nelson-Aalen
 * cumulative hazard, limits of five kinds, quantiles with limits by inverting the band (Brookmeyer &
 * Crowley 1982), and reverse curves for follow-up.
 */
#ifndef LUN_KM_H
#define LUN_KM_H

#include "surv/surv.h"

typedef enum lun_km_interval {
  LUN_KM_LOG,     /* exp(log S +- z se(log S)), upper limit at most 1 */
  LUN_KM_LOGLOG,  /* on log(-log S) */
  LUN_KM_PLAIN,   /* S +- z se(S), within 0 and 1 */
  LUN_KM_ARCSINE, /* on asin(sqrt(S)) */
  LUN_KM_LOGIT    /* on log(S / (1 - S)) */
} lun_km_interval;

extern const char *const LUN_KM_INTERVALS[]; /* names in that order, NULL-terminated */

/* Limits of one survival probability; se_log: standard error of its logarithm (of the cumulative
 * hazard), z: normal quantile. NaN at S = 0. */
void lun_km_limits(lun_km_interval kind, double surv, double se_log, double z, double *lower, double *upper);

typedef enum lun_km_reverse {
  LUN_KM_FORWARD,
  LUN_KM_REVERSE,      /* censoring is the event; at equal times the deaths leave first */
  LUN_KM_REVERSE_PLAIN /* censoring is the event; deaths at the same time are still at risk (R) */
} lun_km_reverse;

typedef struct lun_km_options {
  lun_km_interval interval;
  double level; /* of the limits, 0.95 */
  lun_km_reverse reverse;
  const double *weights; /* frequency weights by row, or NULL */
} lun_km_options;

/* One curve at its m distinct times. Arrays of m: */
typedef struct lun_km_curve {
  size_t m;
  double rows, events; /* rows (or their weight) and events in the group */
  double *time;
  double *n_risk, *n_event, *n_censor;
  double *surv;
  double *se_log;     /* standard error of log S; infinity where S is 0 */
  double *lower, *upper; /* NaN where there are no limits (S is 0) */
  double *cumhaz, *se_cumhaz; /* Nelson-Aalen and its Aalen variance's root */
} lun_km_curve;

typedef struct lun_km {
  lun_env *env;
  lun_pool pool;
  size_t k;            /* groups, empty ones included (m = 0) */
  size_t missing;      /* rows without a group */
  lun_km_curve *curve; /* k */
  lun_km_options options;
} lun_km;

/* code: group of each row, 0..k-1, -1 left out and counted; NULL: one group. Any cause counts. */
lun_status lun_km_init(lun_env *env, lun_km *out, const lun_surv *s, const int32_t *code, size_t k,
                       const lun_km_options *options);
void lun_km_fini(lun_km *km);

typedef enum lun_km_rule {
  LUN_KM_RULE_R,   /* S equal to the target over a stretch of time: its middle */
  LUN_KM_RULE_SAS, /* first time at which S is at or below the target, as SAS prints it for points */
  LUN_KM_RULE_SPSS /* the first time; limits symmetric, estimate +- z se, see lun_km_quantile */
} lun_km_rule;

extern const char *const LUN_KM_RULES[];

typedef struct lun_km_quantile_result {
  double estimate, lower, upper; /* NaN: not estimable */
} lun_km_quantile_result;

/* Time by which a fraction p of the group has had the event. Rules r and sas invert the band. Rule
 * spss: se = se(S(t)) / f with f = (S(u) - S(l)) / (l - u), u the last event time with S >= 1 - p +
 * 0.05 and l the first with S <= 1 - p - 0.05 (the density estimate of SPSS and BMDP 1L). */
lun_km_quantile_result lun_km_quantile(const lun_km *km, size_t group, double p, lun_km_rule rule);

#endif
