/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * km: Kaplan-Meier curves by group (Kaplan & Meier 1958) and their cumulative hazards.
 *
 * Variance: Greenwood's for S, d / n^2 for the Nelson-Aalen hazard; with sampling weights the
 * infinitesimal jackknife (Therneau, survival vignette "Methods"; sum over clusters of the squared
 * weighted influence). Limits are carried from the last event to later censorings. Where S is 0,
 * log S has no finite variance and there are no limits.
 */
#ifndef LUN_KM_H
#define LUN_KM_H

#include "surv/riskset.h"

typedef enum lun_km_interval {
  LUN_KM_LOG,     /* exp(log S +- z se(log S)), upper limit at most 1 */
  LUN_KM_LOGLOG,  /* on log(-log S) */
  LUN_KM_PLAIN,   /* S +- z se(S), within 0 and 1 */
  LUN_KM_ARCSINE, /* on asin(sqrt(S)) */
  LUN_KM_LOGIT,   /* on log(S / (1 - S)) */
  LUN_KM_NONE     /* no limits: NaN */
} lun_km_interval;

extern const char *const LUN_KM_INTERVALS[]; /* names in that order, NULL-terminated */

typedef struct lun_limits {
  double lower, upper;
} lun_limits;

/* Limits of a survival probability s from the standard error of log s; z: normal quantile. s 0
 * gives NaN, s 1 gives 1 and 1. */
lun_limits lun_km_limits(lun_km_interval kind, double s, double se_log, double z);

typedef enum lun_km_reverse {
  LUN_KM_FORWARD,
  LUN_KM_REVERSE,      /* censoring is the event; at equal times the deaths leave first (prodlim) */
  LUN_KM_REVERSE_PLAIN /* censoring is the event; deaths at the same time are still at risk (R) */
} lun_km_reverse;

typedef struct lun_km_options {
  lun_km_interval interval;
  double level; /* of the limits, 0.95 */
  lun_km_reverse reverse;
  int32_t cause;         /* status that counts as the event; 0: any */
  int fleming_harrington; /* S = exp(-H) instead of the product limit (R's stype = 2) */
  int break_ties;        /* H adds 1/n + 1/(n - 1) + ... at tied events (R's ctype = 2) */
  double from;           /* the curve starts here, given survival up to it; 0 */
  const double *weight;  /* by row, or NULL: frequencies unless `robust` */
  int robust;            /* sampling weights: infinitesimal jackknife */
  const int32_t *cluster; /* robust: 0..clusters-1 by row; NULL: each row its own */
  size_t clusters;
} lun_km_options;

/* One curve at its m distinct times. Arrays of m: */
typedef struct lun_km_curve {
  size_t m;
  double rows, events, weight; /* rows and events of the group; sum of the rows' weights */
  double *time;
  double *n_risk, *n_event, *n_censor; /* weighted */
  double *surv;
  double *se_log;             /* standard error of log S; infinite where S is 0 */
  double *lower, *upper;      /* NaN where there are no limits */
  double *cumhaz, *se_cumhaz;
  double *raw_risk, *raw_event, *raw_censor; /* rows; the arrays above when there are no weights */
  size_t entries; /* delayed entry: the rows' starts in order, and the sum of weights up to each */
  double *entry, *entered;
} lun_km_curve;

typedef struct lun_km {
  lun_env *env;
  lun_pool pool;
  size_t k;            /* groups, empty ones included (m = 0) */
  size_t missing;      /* rows without a group */
  lun_km_curve *curve; /* k */
  lun_km_options options; /* the row arrays are the caller's and are NULL here */
} lun_km;

/* code: group of each row, 0..k-1, -1 left out and counted; NULL: one group. A group without rows
 * has m = 0; without events S stays 1. Errors: EDATA of the weights; EINVAL robust with
 * break_ties; ENOMEM, EINTR. */
lun_status lun_km_init(lun_env *env, lun_km *out, lun_surv *s, const int32_t *code, size_t k,
                       const lun_km_options *options);
void lun_km_fini(lun_km *km);

/* Number of the curve's times up to and including t. */
size_t lun_km_steps(const lun_km_curve *c, double t);

/* The curve at t: events and censorings up to and including t (`before` t when asked for), rows
 * at risk just before t and entered before t. Weighted; raw counts are rows. Beyond the last time S
 * is carried on: `beyond` says so. se is that of S, NaN where S is 0. */
typedef struct lun_km_point {
  double survival, se, lower, upper;
  double cumhaz, se_cumhaz;
  double n_risk, events, censored, entered;
  double raw_risk, raw_events, raw_censored;
  int beyond;
} lun_km_point;
lun_km_point lun_km_at(const lun_km_curve *c, double t, int before);

/* --- quantiles ------------------------------------------------------------------------------- */

typedef enum lun_km_rule {
  LUN_KM_RULE_R,    /* where S equals the target over a stretch of time, its middle */
  LUN_KM_RULE_SAS,  /* the same, but none when S never falls below the target */
  LUN_KM_RULE_FIRST, /* first time at which S is at or below the target */
  LUN_KM_RULE_BELOW, /* first time at which S is below the target */
  LUN_KM_RULE_SPSS  /* as first; limits symmetric, estimate +- z se, see lun_km_quantile */
} lun_km_rule;

extern const char *const LUN_KM_RULES[];

typedef struct lun_km_quantile_result {
  double estimate, lower, upper; /* NaN: not estimable */
} lun_km_quantile_result;

/* Time by which a fraction p of the group has had the event. Limits invert the band (Brookmeyer &
 * Crowley 1982). S is compared with a tolerance of sqrt(epsilon), as in R. Rule spss: se = se(S(t))
 * / f with f = (S(u) - S(l)) / (l - u), u the last event time with S >= 1 - p + 0.05 and l the
 * first with S <= 1 - p - 0.05 (the density estimate of SPSS and BMDP 1L). */
lun_km_quantile_result lun_km_quantile(const lun_km *km, size_t group, double p, lun_km_rule rule);

/* --- functions of a whole curve -------------------------------------------------------------- */

/* Area under S from 0 (or options.from) to tau, and its variance: sum over events of area(t, tau)^2
 * d / (n (n - d)) (Klein & Moeschberger 2003, eq. 4.5.2). Beyond the last time S is carried on. */
typedef struct lun_km_area {
  double area, se;
} lun_km_area;
lun_km_area lun_km_mean(const lun_km_curve *c, double from, double tau);

/* influence[row] = derivative of S(t) (or, area nonzero, of the area up to t) of the row's own
 * group with respect to the row's weight; 0 for rows without a group. s, code and options as
 * for lun_km_init; the curve must be the product limit. Errors: ENOMEM; EINVAL otherwise. */
lun_status lun_km_influence(const lun_km *km, const lun_surv *s, const int32_t *code, double t,
                            int area, double *influence);

#endif
