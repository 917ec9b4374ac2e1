/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * logrank: weighted k-sample tests of survival curves, stratified, with delayed entry. Observed
 * minus expected events and their hypergeometric covariance, summed over event times with a weight
 * (Fleming & Harrington 1991, ch. 7; Klein & Moeschberger 2003, ch. 7). Several weights at once
 * give their joint covariance (MaxCombo).
 */
#ifndef LUN_LOGRANK_H
#define LUN_LOGRANK_H

#include "surv/riskset.h"

/* At an event time: n at risk, d events, the pooled Kaplan-Meier estimate just before it, and
 * Peto's estimate prod(1 - d / (n + 1)) at it. Within the stratum. */
typedef struct lun_logrank_point {
  double n, d, km_before, peto;
} lun_logrank_point;

typedef struct lun_logrank_kind {
  const char *name, *what;
  double (*at)(const lun_logrank_point *p, double rho, double gamma);
  int past; /* it reads km_before or peto */
} lun_logrank_kind;

extern const lun_logrank_kind LUN_LOGRANK_KINDS[]; /* ends with a NULL name */
extern const char *const LUN_LOGRANK_NAMES[];      /* the names, NULL-terminated */

typedef struct lun_logrank_weight {
  int kind; /* index into LUN_LOGRANK_KINDS */
  double rho, gamma;
} lun_logrank_weight;

typedef struct lun_logrank_options {
  const lun_logrank_weight *tests; /* count of them; NULL: one, the log-rank test */
  size_t count;
  const int32_t *strata; /* codes, -1 left out; NULL: one stratum */
  size_t strata_count;
  const double *weight;   /* sampling weights by row, > 0: robust variance; NULL: none */
  const int32_t *cluster; /* with weights: 0..clusters-1 by row; NULL: each row its own */
  size_t clusters;
  int efron; /* with weights: a tied event's risk set has lost a part of those tied with it */
  int32_t cause; /* status that counts as the event; 0: any */
} lun_logrank_options;

/* The arrays run over tests, then groups: observed[a * k + g]. */
typedef struct lun_logrank {
  lun_env *env;
  lun_pool pool;
  size_t k, tests;
  size_t used, missing;        /* rows with a group and a stratum; the others */
  double *rows;                /* k: rows in each group */
  double *observed, *expected; /* tests k, weighted events */
  double *variance;            /* (tests k) x (tests k) */
  struct lun_logrank_block *block; /* work */
  double chisq;                /* of the first test; NaN when there is nothing to compare */
  size_t df;                   /* rank of its variance: groups at risk together, less one */
  double p, log10_p;
  double *score; /* with weights: by cluster, tests k: the cluster's share in observed - expected */
} lun_logrank;

/* With weights the variance is that of the weighted score: the squares of the clusters' shares about
 * their mean, times C / (C - 1) for C clusters in use (Rader 2014; Lin & Wei 1989 without the mean).
 * With efron as well the means and hazards at ties are Efron's: survey::svylogrank. Errors: EDATA of
 * the weights, ENOMEM, EINTR. */
lun_status lun_logrank_init(lun_env *env, lun_logrank *out, lun_surv *s, const int32_t *code,
                            size_t k, const lun_logrank_options *options);
void lun_logrank_fini(lun_logrank *r);

/* Standardised difference along scores of the groups (trend; for two groups scores -1, 0 or 1, 0):
 * z of test a. NaN when not estimable. Covariance of two tests' differences along the scores. */
double lun_logrank_trend(const lun_logrank *r, size_t a, const double *scores);
double lun_logrank_along(const lun_logrank *r, size_t a, size_t b, const double *scores);

#endif
