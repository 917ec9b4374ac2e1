/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/cox.h"

#include <math.h>
#include <string.h>

#include "stat/dist.h"
#include "stat/linalg.h"
#include "surv/cox/exact.h"
#include "surv/cox/score.h"

/* --- the likelihood as newton sees it --------------------------------------------------------- */

typedef struct likelihood {
  lun_cox *fit;
  lun_cox_exact exact;
} likelihood;

static int value(void *ctx, const double *beta, double *loglik)
{
  likelihood *l = ctx;
  lun_cox *fit = l->fit;
  if (fit->ties == LUN_COX_EXACT) return lun_cox_exact_value(&l->exact, &fit->data, beta, loglik);
  if (!lun_cox_walk(&fit->terms, &fit->data, beta)) return 0;
  *loglik = fit->terms.loglik;
  return 1;
}

static void derivatives(void *ctx, double *gradient, double *information, double *scale)
{
  likelihood *l = ctx;
  lun_cox *fit = l->fit;
  if (fit->ties == LUN_COX_EXACT)
    lun_cox_exact_derivatives(&l->exact, &fit->data, gradient, information, scale);
  else lun_cox_derivatives(&fit->terms, &fit->data, gradient, information, scale);
}

/* --- tests ------------------------------------------------------------------------------------ */

lun_cox_test lun_cox_chisq(double statistic, size_t df)
{
  lun_cox_test t = { .statistic = NAN, .df = df, .p = NAN, .log10_p = NAN };
  if (!isfinite(statistic) || !df) return t;
  t.statistic = statistic > 0 ? statistic : 0;
  t.p = lun_chisq_upper(t.statistic, (double)df);
  t.log10_p = lun_chisq_log_upper(t.statistic, (double)df) / M_LN10;
  return t;
}

static int any_infinite(const lun_cox *fit)
{
  for (size_t j = 0; j < fit->p; j++)
    if (fit->status[j] == LUN_COX_INFINITE) return 1;
  return 0;
}

/* --- variances -------------------------------------------------------------------------------- */

/* From the scaled columns to the data's units; what is not finite stays 0. */
static void unscale(const lun_cox *fit, const double *scaled, double *vcov)
{
  size_t p = fit->p;
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j < p; j++) {
      int given = fit->status[i] == LUN_COX_FINITE && fit->status[j] == LUN_COX_FINITE;
      vcov[i * p + j] = given ? scaled[i * p + j] / (fit->data.scale[i] * fit->data.scale[j]) : 0;
    }
}

/* a <- v a v */
static void sandwich(const double *v, double *a, double *work, size_t p)
{
  for (size_t i = 0; i < p; i++) lun_sym_times(v, p, a + i * p, work + i * p); /* (v a)' */
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j < p; j++) {
      double sum = 0;
      for (size_t k = 0; k < p; k++) sum += v[i * p + k] * work[k * p + j];
      a[i * p + j] = sum;
    }
}

/* The score residuals at the fit's terms give the middle; at beta 0 they give the robust score. */
static lun_status robust_variance(lun_cox *fit, lun_pool *work, double *robust)
{
  size_t p = fit->p;
  lun_status st;
  lun_cox_scores scores;
  double *room = LUN_NEW(work, double, p * p + 3 * p), *zero = room + p * p, loglik;
  if (!room) return LUN_ENOMEM;
  if ((st = lun_cox_scores_new(work, &scores, &fit->data, &fit->terms)) != LUN_OK) return st;
  if ((st = lun_cox_scores_middle(&scores, fit->cluster, fit->clusters, robust)) != LUN_OK)
    return st;
  sandwich(fit->variance, robust, room, p);
  likelihood l = { .fit = fit };
  if (!value(&l, zero, &loglik)) return LUN_OK;
  double *middle = LUN_NEW(work, double, 2 * p * p), *gradient = zero + p;
  if (!middle) return LUN_ENOMEM;
  derivatives(&l, gradient, middle + p * p, NULL);
  if ((st = lun_cox_scores_new(work, &scores, &fit->data, &fit->terms)) != LUN_OK) return st;
  if ((st = lun_cox_scores_middle(&scores, fit->cluster, fit->clusters, middle)) != LUN_OK)
    return st;
  size_t rank = lun_ldl_factor(middle, p, NULL, LUN_LDL_TOLERANCE);
  fit->robust_score = lun_cox_chisq(lun_ldl_quadratic(middle, p, gradient, gradient + p), rank);
  value(&l, fit->beta, &loglik);
  return LUN_OK;
}

static void fill_coefficients(lun_cox *fit)
{
  size_t p = fit->p;
  for (size_t j = 0; j < p; j++) {
    fit->coef[j] = fit->status[j] == LUN_COX_ALIASED ? NAN : fit->beta[j] / fit->data.scale[j];
    fit->se[j] = fit->naive_se[j] = fit->z[j] = fit->pvalue[j] = fit->log10_p[j] = NAN;
    if (fit->status[j] != LUN_COX_FINITE) continue;
    fit->se[j] = sqrt(fit->vcov[j * p + j]);
    fit->naive_se[j] = sqrt(fit->naive_vcov[j * p + j]);
    if (!(fit->se[j] > 0)) continue;
    fit->z[j] = fit->coef[j] / fit->se[j];
    fit->pvalue[j] = 2 * lun_norm_upper(fabs(fit->z[j]));
    fit->log10_p[j] = lun_chisq_log_upper(fit->z[j] * fit->z[j], 1) / M_LN10;
  }
}

static lun_status fill_result(lun_cox *fit, const lun_newton *newton)
{
  size_t p = fit->p;
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, fit->pool.env);
  double *factor = LUN_NEW(&work, double, 2 * p * p + p), *room = factor + p * p;
  if (!factor) goto done;
  st = LUN_OK;
  memcpy(factor, newton->information, p * p * sizeof *factor);
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; fit->status[j] != LUN_COX_FINITE && k < p; k++)
      factor[j * p + k] = factor[k * p + j] = 0;
  lun_ldl_factor(factor, p, NULL, 0);
  lun_ldl_inverse(factor, p, fit->variance);
  unscale(fit, fit->variance, fit->naive_vcov);
  fit->lr = lun_cox_chisq(2 * (fit->loglik - fit->loglik_null), fit->rank);
  fit->score = lun_cox_chisq(newton->decrement_start, fit->rank);
  fit->wald = fit->robust_score = lun_cox_chisq(NAN, fit->rank);
  if (fit->robust) {
    if ((st = robust_variance(fit, &work, room)) != LUN_OK) goto done;
    unscale(fit, room, fit->vcov);
    lun_ldl_factor(room, p, NULL, LUN_LDL_TOLERANCE);
    if (!any_infinite(fit))
      fit->wald = lun_cox_chisq(lun_ldl_quadratic(room, p, fit->beta, room + p * p), fit->rank);
  } else {
    memcpy(fit->vcov, fit->naive_vcov, p * p * sizeof *fit->vcov);
    if (!any_infinite(fit))
      fit->wald =
          lun_cox_chisq(lun_sym_form(newton->information, p, fit->beta, fit->beta), fit->rank);
  }
  fill_coefficients(fit);
done:
  lun_pool_fini(&work);
  return st;
}

/* --- the fit ---------------------------------------------------------------------------------- */

/* Cluster codes of the used rows, renumbered from 0 without gaps. */
static lun_status take_clusters(lun_cox *fit, const lun_cox_input *in)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  size_t levels = 0;
  lun_pool_init(&work, fit->pool.env);
  for (size_t u = 0; u < fit->data.rows; u++) {
    size_t c = (size_t)in->cluster[fit->data.used[u]] + 1;
    if (c > levels) levels = c;
  }
  int32_t *number = LUN_NEW(&work, int32_t, levels);
  fit->cluster = LUN_NEW(&fit->pool, int32_t, fit->data.rows);
  if (!number || !fit->cluster) goto done;
  st = LUN_OK;
  for (size_t u = 0; u < fit->data.rows; u++) {
    int32_t *n = number + in->cluster[fit->data.used[u]];
    if (!*n) *n = (int32_t)++fit->clusters;
    fit->cluster[u] = *n - 1;
  }
done:
  lun_pool_fini(&work);
  return st;
}

static lun_status reserve(lun_cox *fit)
{
  size_t p = fit->p;
  double *vectors = LUN_NEW(&fit->pool, double, 8 * p),
         *matrices = LUN_NEW(&fit->pool, double, 3 * p * p);
  fit->status = LUN_NEW(&fit->pool, unsigned char, p);
  if (!vectors || !matrices || !fit->status) return LUN_ENOMEM;
  fit->coef = vectors, fit->se = vectors + p, fit->z = vectors + 2 * p,
  fit->pvalue = vectors + 3 * p;
  fit->log10_p = vectors + 4 * p, fit->naive_se = vectors + 5 * p, fit->gradient = vectors + 6 * p;
  fit->beta = vectors + 7 * p;
  fit->vcov = matrices, fit->naive_vcov = matrices + p * p, fit->variance = matrices + 2 * p * p;
  return LUN_OK;
}

static lun_status check_options(lun_env *env, const lun_cox_input *in,
                                const lun_cox_options *options)
{
  if (options->ties == LUN_COX_EXACT && (in->weights || in->freq))
    return lun_fail(env, LUN_EINVAL,
                    "[usage.ties] exact ties take no weights: use efron or breslow");
  if (options->ties == LUN_COX_EXACT && options->robust)
    return lun_fail(env, LUN_EINVAL,
                    "[usage.ties] exact ties have no robust variance: use efron or breslow");
  return LUN_OK;
}

/* All coefficients stay where the caller put them. */
static lun_status hold(lun_cox *fit, const double *at, lun_pool *work, lun_newton_options *how)
{
  unsigned char *held = LUN_NEW(work, unsigned char, fit->p);
  if (!held) return LUN_ENOMEM;
  memset(held, 1, fit->p);
  how->held = held;
  for (size_t j = 0; j < fit->p; j++) fit->beta[j] = at[j] * fit->data.scale[j];
  return LUN_OK;
}

static lun_status maximise(lun_cox *fit, const lun_cox_options *options)
{
  size_t p = fit->p;
  lun_pool work;
  lun_status st;
  likelihood l = { .fit = fit };
  lun_newton newton = { .x = fit->beta, .gradient = fit->gradient, .status = fit->status };
  lun_newton_problem problem = { .p = p, .ctx = &l, .value = value, .derivatives = derivatives };
  lun_newton_options how = { .max_iterations = options->max_iterations,
                             .tolerance = options->tolerance };
  lun_pool_init(&work, fit->pool.env);
  st = LUN_ENOMEM;
  if (!(newton.information = LUN_NEW(&work, double, p * p))) goto done;
  st = fit->ties == LUN_COX_EXACT
           ? lun_cox_exact_new(&work, &l.exact, &fit->data)
           : lun_cox_terms_new(&fit->pool, &fit->terms, &fit->data, fit->ties);
  if (st != LUN_OK) goto done;
  if (options->at && (st = hold(fit, options->at, &work, &how)) != LUN_OK) goto done;
  if ((st = lun_newton_maximise(fit->pool.env, &newton, &problem, &how)) != LUN_OK) goto done;
  fit->loglik_null = newton.loglik_start;
  fit->loglik = newton.loglik;
  fit->rank = newton.rank;
  fit->iterations = newton.iterations;
  fit->converged = newton.converged;
  fit->why = newton.why;
  if (fit->ties == LUN_COX_EXACT) { /* residuals and curves are of Breslow's kind */
    if ((st = lun_cox_terms_new(&fit->pool, &fit->terms, &fit->data, LUN_COX_BRESLOW)) != LUN_OK)
      goto done;
    lun_cox_walk(&fit->terms, &fit->data, fit->beta);
  }
  st = fill_result(fit, &newton);
done:
  lun_pool_fini(&work);
  return st;
}

lun_status lun_cox_fit(lun_env *env, lun_cox *out, const lun_cox_input *in,
                       const lun_cox_options *options)
{
  lun_status st;
  memset(out, 0, sizeof *out);
  lun_pool_init(&out->pool, env);
  out->p = in->p;
  out->ties = options->ties;
  out->robust = options->robust;
  out->why = "";
  if ((st = check_options(env, in, options)) != LUN_OK) goto done;
  if ((st = lun_cox_data_new(&out->pool, &out->data, in)) != LUN_OK) goto done;
  if (in->cluster && (st = take_clusters(out, in)) != LUN_OK) goto done;
  if ((st = reserve(out)) != LUN_OK) goto done;
  st = maximise(out, options);
done:
  if (st != LUN_OK) lun_cox_fini(out);
  return st;
}

void lun_cox_fini(lun_cox *fit)
{
  lun_cox_data_fini(&fit->data);
  if (fit->pool.env) lun_pool_fini(&fit->pool);
  memset(fit, 0, sizeof *fit);
}

lun_cox_test lun_cox_wald_of(const lun_cox *fit, const size_t *column, size_t k, double *work)
{
  double *v = work, *b = work + k * k, *half = b + k;
  for (size_t i = 0; i < k; i++) {
    int given = fit->status[column[i]] == LUN_COX_FINITE;
    b[i] = given ? fit->coef[column[i]] : 0;
    for (size_t j = 0; j < k; j++)
      v[i * k + j] = given ? fit->vcov[column[i] * fit->p + column[j]] : 0;
  }
  size_t rank = lun_ldl_factor(v, k, NULL, LUN_LDL_TOLERANCE);
  return lun_cox_chisq(lun_ldl_quadratic(v, k, b, half), rank);
}
