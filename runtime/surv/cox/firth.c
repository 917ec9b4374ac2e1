/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/firth.h"

#include <math.h>
#include <string.h>

#include "stat/dist.h"
#include "stat/linalg.h"
#include "surv/cox/means.h"

/* The penalised likelihood as newton sees it. */
typedef struct penalised {
  const lun_cox_data *d;
  lun_cox_terms terms;
  lun_cox_risk_means means;
  const unsigned char *redundant; /* p: columns without a part in the penalty */
  double *information, *factor, *inverse; /* p x p */
  double *mean, *z;                       /* p */
} penalised;

static int value(void *ctx, const double *beta, double *loglik)
{
  penalised *f = ctx;
  size_t p = f->d->p;
  if (!lun_cox_walk(&f->terms, f->d, beta)) return 0;
  lun_cox_derivatives(&f->terms, f->d, NULL, f->information, NULL);
  memcpy(f->factor, f->information, p * p * sizeof *f->factor);
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; f->redundant[j] && k < p; k++)
      f->factor[j * p + k] = f->factor[k * p + j] = 0;
  lun_ldl_factor(f->factor, p, NULL, 0);
  for (size_t j = 0; j < p; j++)
    if (!f->redundant[j] && f->factor[j * p + j] <= 0) return 0;
  *loglik = f->terms.loglik + 0.5 * lun_ldl_logdet(f->factor, p);
  return isfinite(*loglik);
}

/* gradient += share/2 sum over the risk set of pi (z' I^-1 z) z, z = x - mean: the derivative of
 * half the log determinant; the deaths count 1 - f. */
static void add_third_moments(penalised *f, size_t k, double fraction, size_t from, size_t to,
                              double *gradient)
{
  const lun_cox_data *d = f->d;
  const lun_cox_terms *t = &f->terms;
  size_t p = d->p;
  double rest = 1 - fraction * t->t0[k] / t->s0[k], share = d->mass[k];
  if (t->ties == LUN_COX_EFRON) share /= d->deaths[k];
  for (size_t j = 0; j < p; j++)
    f->mean[j] = (lun_cox_mean(&f->means, k)[j] - fraction * lun_cox_tied(&f->means, k)[j]) / rest;
  for (size_t i = from; i < to; i++) {
    if (d->last[i] < k || (d->before && d->before[i] != LUN_COX_NONE && d->before[i] >= k))
      continue;
    double pi = t->risk[i] / (t->s0[k] * rest);
    if (d->dead[i] && d->last[i] == k) pi *= 1 - fraction;
    for (size_t j = 0; j < p; j++) f->z[j] = lun_cox_x(d, i, j) - f->mean[j];
    double q = share / 2 * pi * lun_sym_form(f->inverse, p, f->z, f->z);
    for (size_t j = 0; j < p; j++) gradient[j] += q * f->z[j];
  }
}

static void derivatives(void *ctx, double *gradient, double *information, double *scale)
{
  penalised *f = ctx;
  const lun_cox_data *d = f->d;
  lun_cox_derivatives(&f->terms, d, gradient, information, scale);
  lun_ldl_inverse(f->factor, d->p, f->inverse);
  lun_cox_risk_means_fill(&f->means, &f->terms, d);
  for (size_t s = 0, from, to = 0; s < d->strata; s++) {
    for (from = to; to < d->n && d->last[to] < d->first[s + 1]; to++) continue;
    for (size_t k = d->first[s]; k < d->first[s + 1]; k++) {
      double tied = f->terms.ties == LUN_COX_EFRON ? d->deaths[k] : 1;
      for (double l = 0; l < tied; l++) add_third_moments(f, k, l / tied, from, to, gradient);
    }
  }
}

/* --- profiles --------------------------------------------------------------------------------- */

typedef struct profile {
  lun_env *env;
  penalised *f;
  lun_newton newton;
  unsigned char *held;
  const double *best; /* p: the estimate, where each search begins */
  lun_status status;
} profile;

/* Maximum of the penalised likelihood with coefficient j at b. */
static double at(profile *q, size_t j, double b)
{
  size_t p = q->f->d->p;
  lun_newton_problem problem = { p, q->f, value, derivatives };
  lun_newton_options how = { .held = q->held };
  memcpy(q->newton.x, q->best, p * sizeof *q->best);
  q->newton.x[j] = b;
  q->held[j] = 1;
  lun_status st = lun_newton_maximise(q->env, &q->newton, &problem, &how);
  q->held[j] = 0;
  if (st == LUN_ENOMEM || st == LUN_EINTR) q->status = st;
  return st == LUN_OK ? q->newton.loglik : -INFINITY;
}

/* Where the profile falls to target on one side (sign): steps out that double, then bisection with
 * secants. NaN when it does not fall within 2^12 standard errors. */
static double limit(profile *q, size_t j, double se, double sign, double target, double top)
{
  double inside = q->best[j], at_inside = top, outside = inside, at_outside = top;
  for (int k = 0; k < 12 && at_outside > target && q->status == LUN_OK; k++) {
    inside = outside, at_inside = at_outside;
    outside = q->best[j] + sign * se * ldexp(1, k);
    at_outside = at(q, j, outside);
  }
  if (at_outside > target) return NAN;
  for (int k = 0;
       k < 100 && fabs(outside - inside) > 1e-11 * (se + fabs(outside)) && q->status == LUN_OK;
       k++) {
    double part = (at_inside - target) / (at_inside - at_outside);
    if (k % 2 || !(part > 0.01 && part < 0.99)) part = 0.5;
    double b = inside + part * (outside - inside), v = at(q, j, b);
    if (v > target) inside = b, at_inside = v;
    else outside = b, at_outside = v;
  }
  return inside + (outside - inside) / 2;
}

static lun_status fill(lun_cox_firth *out, profile *q, const lun_cox *fit, double level)
{
  const lun_cox_data *d = q->f->d;
  double top = out->loglik, drop = lun_chisq_quantile(level, 1) / 2;
  for (size_t j = 0; j < d->p; j++) {
    out->coef[j] = out->se[j] = out->lower[j] = out->upper[j] = out->pvalue[j] = NAN;
    if (fit->status[j] == LUN_COX_ALIASED) continue;
    out->coef[j] = q->best[j] / d->scale[j];
    out->se[j] = sqrt(q->f->inverse[j * d->p + j]) / d->scale[j];
  }
  for (size_t j = 0; j < d->p && q->status == LUN_OK; j++) {
    if (fit->status[j] == LUN_COX_ALIASED) continue;
    double se = out->se[j] * d->scale[j];
    out->lower[j] = limit(q, j, se, -1, top - drop, top) / d->scale[j];
    out->upper[j] = limit(q, j, se, 1, top - drop, top) / d->scale[j];
    out->pvalue[j] = lun_chisq_upper(fmax(0, 2 * (top - at(q, j, 0))), 1);
  }
  return q->status;
}

/* Standard deviation of scaled column j over the rows used. */
static double deviation(const lun_cox_data *d, size_t j)
{
  double sum = 0, squares = 0, n = (double)d->rows;
  for (size_t i = 0; i < d->rows; i++) sum += lun_cox_x(d, i, j);
  for (size_t i = 0; i < d->rows; i++) squares += pow(lun_cox_x(d, i, j) - sum / n, 2);
  return sqrt(squares / (n - 1));
}

lun_status lun_cox_firth_fit(lun_cox_firth *out, const lun_cox *fit, double level)
{
  const lun_cox_data *d = &fit->data;
  lun_env *env = fit->pool.env;
  size_t p = d->p;
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  penalised f = { .d = d };
  memset(out, 0, sizeof *out);
  lun_pool_init(&out->pool, env);
  lun_pool_init(&work, env);
  out->p = p;
  out->coef = LUN_NEW(&out->pool, double, 5 * p);
  double *matrices = LUN_NEW(&work, double, 4 * p * p), *vectors = LUN_NEW(&work, double, 6 * p);
  unsigned char *flags = LUN_NEW(&work, unsigned char, 3 * p);
  if (!out->coef || !matrices || !vectors || !flags) goto done;
  out->se = out->coef + p, out->lower = out->se + p, out->upper = out->lower + p,
  out->pvalue = out->upper + p;
  f.information = matrices, f.factor = matrices + p * p, f.inverse = matrices + 2 * p * p;
  f.mean = vectors, f.z = vectors + p;
  f.redundant = flags + 2 * p;
  for (size_t j = 0; j < p; j++) flags[2 * p + j] = flags[j] = fit->status[j] == LUN_COX_ALIASED;
  if ((st = lun_cox_terms_new(&work, &f.terms, d, fit->terms.ties)) != LUN_OK) goto done;
  if ((st = lun_cox_risk_means_reserve(&work, &f.means, &f.terms, d)) != LUN_OK) goto done;
  lun_newton newton = { .x = vectors + 2 * p,
                        .gradient = vectors + 3 * p,
                        .information = matrices + 3 * p * p,
                        .status = flags + p };
  lun_newton_problem problem = { p, &f, value, derivatives };
  lun_newton_options how = { .held = flags };
  if ((st = lun_newton_maximise(env, &newton, &problem, &how)) != LUN_OK) goto done;
  out->loglik_null = newton.loglik_start, out->loglik = newton.loglik;
  out->iterations = newton.iterations, out->converged = newton.converged, out->why = newton.why;
  memcpy(vectors + 4 * p, newton.x, p * sizeof *newton.x);
  profile q = { .env = env, .f = &f, .newton = newton, .held = flags, .best = vectors + 4 * p };
  st = fill(out, &q, fit, level);
  for (size_t j = 0; j < p; j++) {
    double units = flags[2 * p + j] ? 0 : log(deviation(d, j));
    out->loglik_null -= units, out->loglik -= units;
  }
done:
  lun_pool_fini(&work);
  if (st != LUN_OK) lun_cox_firth_fini(out);
  return st;
}

void lun_cox_firth_fini(lun_cox_firth *firth)
{
  if (firth->pool.env) lun_pool_fini(&firth->pool);
  memset(firth, 0, sizeof *firth);
}
