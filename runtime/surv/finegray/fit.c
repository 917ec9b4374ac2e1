/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "stat/dist.h"
#include "stat/linalg.h"
#include "surv/finegray/finegray.h"
#include "surv/finegray/score.h"

/* --- the pseudo-likelihood as newton sees it -------------------------------------------------- */

static int value(void *ctx, const double *beta, double *loglik)
{
  lun_finegray_walk *w = ctx;
  int finite = lun_finegray_walk_to(w, beta);
  *loglik = w->loglik;
  return finite;
}

static void derivatives(void *ctx, double *gradient, double *information, double *scale)
{
  lun_finegray_derivatives(ctx, gradient, information, scale);
}

/* --- variance --------------------------------------------------------------------------------- */

/* Rows' scores to changes of the coefficients, in the data's units and order. inverse: p x p. */
static void spread(lun_finegray *fit, const lun_finegray_data *d, const double *inverse,
                   const double *score)
{
  size_t p = fit->p;
  for (size_t k = 0; k < d->n; k++) {
    double *out = fit->influence + (size_t)d->row[k] * p;
    lun_sym_times(inverse, p, score + k * p, out);
    for (size_t j = 0; j < p; j++)
      out[j] = fit->status[j] == LUN_COX_FINITE ? out[j] / d->scale[j] : 0;
  }
}

/* vcov = sum over clusters (each row its own without) of the squared influence. */
static lun_status square(lun_finegray *fit, const lun_finegray_input *in, lun_pool *work)
{
  size_t p = fit->p, k = in->cluster ? in->clusters : fit->n;
  const double *rows = fit->influence;
  if (in->cluster) {
    double *sum = LUN_NEW(work, double, k * p);
    if (!sum) return LUN_ENOMEM;
    for (size_t i = 0; i < fit->n; i++)
      for (size_t j = 0; j < p; j++) sum[(size_t)in->cluster[i] * p + j] += rows[i * p + j];
    rows = sum;
  }
  for (size_t i = 0; i < k; i++)
    for (size_t a = 0; a < p; a++)
      for (size_t b = 0; b <= a; b++) fit->vcov[a * p + b] += rows[i * p + a] * rows[i * p + b];
  lun_sym_mirror(fit->vcov, p);
  return LUN_OK;
}

static lun_status variance(lun_finegray *fit, lun_finegray_walk *w, const double *information,
                           int robust)
{
  size_t p = fit->p;
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, fit->pool.env);
  double *factor = LUN_NEW(&work, double, p * p), *inverse = LUN_NEW(&work, double, p * p),
         *score = LUN_NEW(&work, double, fit->n * p);
  if (!factor || !inverse || !score) goto done;
  memcpy(factor, information, p * p * sizeof *factor);
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; fit->status[j] != LUN_COX_FINITE && k < p; k++)
      factor[j * p + k] = factor[k * p + j] = 0;
  lun_ldl_factor(factor, p, NULL, 0);
  lun_ldl_inverse(factor, p, inverse);
  if ((st = lun_finegray_scores(fit->pool.env, w, !robust, score)) != LUN_OK) goto done;
  spread(fit, w->d, inverse, score);
  st = square(fit, &w->d->in, &work);
done:
  lun_pool_fini(&work);
  return st;
}

/* --- the result ------------------------------------------------------------------------------- */

static lun_status reserve(lun_finegray *fit, const lun_finegray_data *d)
{
  size_t p = fit->p;
  lun_pool *pool = &fit->pool;
  double *vectors = LUN_NEW(pool, double, 6 * p);
  fit->vcov = LUN_NEW(pool, double, p * p);
  fit->status = LUN_NEW(pool, unsigned char, p);
  fit->influence = LUN_NEW(pool, double, d->n * p);
  fit->time = LUN_NEW(pool, double, d->m);
  fit->cumhaz = LUN_NEW(pool, double, d->m);
  fit->first = LUN_NEW(pool, size_t, d->strata + 1);
  fit->times = d->censor.m;
  fit->censored_time = LUN_NEW(pool, double, fit->times);
  fit->prob = LUN_NEW(pool, double, d->groups * fit->times);
  if (!vectors || !fit->vcov || !fit->status || !fit->influence || !fit->time || !fit->cumhaz ||
      !fit->first || !fit->censored_time || !fit->prob)
    return LUN_ENOMEM;
  fit->coef = vectors, fit->se = vectors + p, fit->z = vectors + 2 * p;
  fit->pvalue = vectors + 3 * p, fit->log10_p = vectors + 4 * p, fit->mean = vectors + 5 * p;
  return LUN_OK;
}

static void take_layout(lun_finegray *fit, const lun_finegray_data *d)
{
  fit->m = d->m, fit->strata = d->strata, fit->groups = d->groups;
  fit->events = d->events, fit->competing = d->competing;
  memcpy(fit->mean, d->mean, d->p * sizeof *fit->mean);
  memcpy(fit->time, d->time, d->m * sizeof *fit->time);
  memcpy(fit->first, d->first, (d->strata + 1) * sizeof *fit->first);
  memcpy(fit->censored_time, d->in.s->distinct, fit->times * sizeof *fit->censored_time);
  memcpy(fit->prob, d->censor.prob, d->groups * fit->times * sizeof *fit->prob);
}

static void accumulate(lun_finegray *fit, const lun_finegray_walk *w)
{
  for (size_t h = 0; h < fit->strata; h++) {
    double sum = 0;
    for (size_t e = fit->first[h]; e < fit->first[h + 1]; e++)
      fit->cumhaz[e] = sum += w->hazard[e];
  }
}

static void fill_coefficients(lun_finegray *fit, const lun_finegray_data *d, const double *beta)
{
  size_t p = fit->p;
  for (size_t j = 0; j < p; j++) {
    fit->coef[j] = fit->status[j] == LUN_COX_ALIASED ? NAN : beta[j] / d->scale[j];
    fit->se[j] = fit->z[j] = fit->pvalue[j] = fit->log10_p[j] = NAN;
    if (fit->status[j] != LUN_COX_FINITE) continue;
    fit->se[j] = sqrt(fit->vcov[j * p + j]);
    if (!(fit->se[j] > 0)) continue;
    fit->z[j] = fit->coef[j] / fit->se[j];
    fit->pvalue[j] = 2 * lun_norm_upper(fabs(fit->z[j]));
    fit->log10_p[j] = lun_chisq_log_upper(fit->z[j] * fit->z[j], 1) / M_LN10;
  }
}

static lun_status test(lun_finegray *fit)
{
  size_t p = fit->p;
  lun_pool work;
  lun_pool_init(&work, fit->pool.env);
  double *factor = LUN_NEW(&work, double, p * p + 2 * p);
  if (!factor) return LUN_ENOMEM;
  double *b = factor + p * p;
  int infinite = 0;
  memcpy(factor, fit->vcov, p * p * sizeof *factor);
  for (size_t j = 0; j < p; j++) {
    infinite |= fit->status[j] == LUN_COX_INFINITE;
    b[j] = fit->status[j] == LUN_COX_FINITE ? fit->coef[j] : 0;
  }
  size_t rank = lun_ldl_factor(factor, p, NULL, LUN_LDL_TOLERANCE);
  double wald = lun_ldl_quadratic(factor, p, b, b + p);
  fit->wald = lun_cox_chisq(infinite ? NAN : wald, rank);
  fit->lr = lun_cox_chisq(2 * (fit->loglik - fit->loglik_null), fit->rank);
  lun_pool_fini(&work);
  return LUN_OK;
}

static lun_status maximise(lun_finegray *fit, lun_finegray_walk *w, lun_pool *work, int robust)
{
  size_t p = fit->p;
  double *room = LUN_NEW(work, double, p * p + 2 * p), loglik;
  if (!room) return LUN_ENOMEM;
  lun_newton newton = { .x = room + p * p, .gradient = room + p * p + p, .information = room,
                        .status = fit->status };
  const lun_newton_problem problem = { p, w, value, derivatives };
  lun_status st = lun_newton_maximise(fit->pool.env, &newton, &problem, &(lun_newton_options){ 0 });
  if (st != LUN_OK) return st;
  fit->loglik_null = newton.loglik_start;
  fit->loglik = newton.loglik;
  fit->rank = newton.rank;
  fit->iterations = newton.iterations;
  fit->converged = newton.converged;
  fit->why = newton.why;
  value(w, newton.x, &loglik);
  derivatives(w, newton.gradient, newton.information, NULL);
  accumulate(fit, w);
  if ((st = variance(fit, w, newton.information, robust)) != LUN_OK) return st;
  fill_coefficients(fit, w->d, newton.x);
  return test(fit);
}

static lun_status check_entry(lun_env *env, const lun_finegray_input *in, int robust)
{
  if (!in->s->start || (in->method == LUN_FINEGRAY_SURVIVAL && robust)) return LUN_OK;
  return lun_fail(env, LUN_EINVAL,
                  "[usage.delayed-entry] with delayed entry the convention is that of survival and "
                  "the variance robust: cmprsk's crr knows no entry, and a variance that includes "
                  "the estimation of the entry distribution is not known");
}

lun_status lun_finegray_fit(lun_env *env, lun_finegray *out, const lun_finegray_input *in,
                            const lun_finegray_options *options)
{
  lun_pool work;
  lun_status st;
  lun_finegray_data d;
  lun_finegray_walk w;
  memset(out, 0, sizeof *out);
  lun_pool_init(&out->pool, env);
  lun_pool_init(&work, env);
  out->n = in->s->n;
  out->p = in->p;
  out->why = "";
  if ((st = check_entry(env, in, options->robust)) != LUN_OK) goto done;
  if ((st = lun_finegray_data_new(&work, &d, in)) != LUN_OK) goto done;
  if ((st = reserve(out, &d)) != LUN_OK) goto done;
  take_layout(out, &d);
  if ((st = lun_finegray_walk_new(&work, &w, &d, options->efron)) != LUN_OK) goto done;
  st = maximise(out, &w, &work, options->robust);
done:
  lun_pool_fini(&work);
  if (st != LUN_OK) lun_finegray_fini(out);
  return st;
}

void lun_finegray_fini(lun_finegray *fit)
{
  if (fit->pool.env) lun_pool_fini(&fit->pool);
  memset(fit, 0, sizeof *fit);
}
