/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox: the proportional-hazards model (Cox 1972) for right-censored and (start, stop] data, with
 * strata, offset, clusters, and frequency and sampling weights as different things.
 */
#ifndef LUN_COX_H
#define LUN_COX_H

#include "stat/newton.h"
#include "surv/cox/kernel.h"

/* Status of a coefficient. */
typedef enum lun_cox_status {
  LUN_COX_FINITE = LUN_NEWTON_FINITE,
  LUN_COX_ALIASED = LUN_NEWTON_ALIASED,   /* constant, or determined by the columns before it */
  LUN_COX_INFINITE = LUN_NEWTON_INFINITE, /* monotone likelihood: no finite maximum */
  LUN_COX_HELD = LUN_NEWTON_HELD
} lun_cox_status;

typedef struct lun_cox_options {
  lun_cox_ties ties;
  int robust;            /* sandwich variance (Lin & Wei 1989), summed over clusters when given */
  int max_iterations;    /* 0: 50 */
  double tolerance;      /* 0: 1e-9 */
  const double *at;      /* p: nothing is fitted, the model is evaluated at these coefficients */
} lun_cox_options;

typedef struct lun_cox_test {
  double statistic;      /* NaN: not given */
  size_t df;
  double p, log10_p;
} lun_cox_test;

/* Everything in the units of the data. NaN where a number is not given: all of an aliased
 * coefficient; z, p and se of an infinite one (its coef is where the search stopped). */
typedef struct lun_cox {
  lun_pool pool;
  lun_cox_data data;
  lun_cox_terms terms;   /* at the estimate; Breslow's for exact ties */
  lun_cox_ties ties;
  int robust;
  size_t p, rank;
  double *coef, *se, *z, *pvalue, *log10_p; /* p */
  double *naive_se;      /* p; the same as se unless robust */
  double *vcov, *naive_vcov; /* p x p; 0 in rows and columns that are not given */
  double *gradient;      /* p, of the scaled columns */
  unsigned char *status; /* p */
  double *beta;          /* p, of the centred and scaled columns */
  double *variance;      /* p x p, model-based, of the scaled columns */
  double loglik_null, loglik;
  lun_cox_test lr, wald, score, robust_score; /* score: the log-rank test when x is a group */
  int32_t *cluster;      /* rows used: cluster numbers from 0, or NULL */
  size_t clusters;
  int iterations, converged;
  const char *why;       /* "" or a sentence */
} lun_cox;

/* Errors: those of lun_cox_data_new; EINVAL for exact ties with weights. Accepts p = 0. */
lun_status lun_cox_fit(lun_env *env, lun_cox *out, const lun_cox_input *in,
                       const lun_cox_options *options);

/* A chi-square statistic with its p-value; not given when it is not finite or df is 0. */
lun_cox_test lun_cox_chisq(double statistic, size_t df);

/* Wald test that the k coefficients with these column numbers are all 0, with the fit's variance
 * (robust where asked for). df: those that are given. work: k * (k + 2). */
lun_cox_test lun_cox_wald_of(const lun_cox *fit, const size_t *column, size_t k, double *work);

/* Accepts a zeroed fit. */
void lun_cox_fini(lun_cox *fit);

#endif
