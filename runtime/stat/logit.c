/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/logit.h"

#include <math.h>
#include <string.h>

#include "base/order.h"
#include "stat/linalg.h"
#include "stat/logit_model.h"

static double weight(const lun_logit_model *d, size_t i)
{
  double w = d->in->weight ? d->in->weight[i] : 1;
  return d->augment ? w * d->augment[i] : w;
}

/* Probabilities of row i at b; returns the log of the one observed. */
static double predict(lun_logit_model *d, const double *b, size_t i)
{
  double *p = d->prob + i * (d->q + 1), top = 0, sum = 0;
  const double *z = d->z + i * d->k;
  p[0] = 0;
  for (size_t c = 0; c < d->q; c++) {
    double eta = d->in->offset ? d->in->offset[i] : 0;
    for (size_t j = 0; j < d->k; j++) eta += z[j] * b[c * d->k + j];
    p[c + 1] = eta;
    top = fmax(top, eta);
  }
  double own = p[d->in->y[i]];
  for (size_t c = 0; c <= d->q; c++) sum += p[c] = exp(p[c] - top);
  for (size_t c = 0; c <= d->q; c++) p[c] /= sum;
  return own - top - log(sum);
}

static void information(const lun_logit_model *d, double *a)
{
  memset(a, 0, d->m * d->m * sizeof *a);
  for (size_t i = 0; i < d->n; i++) {
    const double *p = d->prob + i * (d->q + 1) + 1, *z = d->z + i * d->k;
    for (size_t c = 0; c < d->q; c++) {
      for (size_t e = 0; e <= c; e++) {
        double w = weight(d, i) * p[c] * ((c == e) - p[e]);
        if (c == e && d->q == 1) w = weight(d, i) * p[c] * p[-1];
        for (size_t j = 0; j < d->k; j++) {
          double wz = w * z[j], *row = a + (c * d->k + j) * d->m + e * d->k;
          for (size_t l = 0; l < d->k; l++) row[l] += wz * z[l];
        }
      }
    }
  }
  lun_sym_mirror(a, d->m);
}

static int value(void *ctx, const double *b, double *loglik)
{
  lun_logit_model *d = ctx;
  *loglik = 0;
  for (size_t i = 0; i < d->n; i++) *loglik += weight(d, i) * predict(d, b, i);
  if (d->firth) {
    information(d, d->info);
    lun_ldl_factor(d->info, d->m, NULL, LUN_LDL_TOLERANCE);
    *loglik += 0.5 * lun_ldl_logdet(d->info, d->m);
  }
  return isfinite(*loglik);
}

/* Firth: the residual of row i gains h_i (1/2 - p_i), h the diagonal of the hat matrix. */
static double penalty(lun_logit_model *d, const double *z, double w, double p)
{
  return w * p * (1 - p) * lun_sym_form(d->inverse, d->m, z, z) * (0.5 - p);
}

static void derivatives(void *ctx, double *gradient, double *info, double *scale)
{
  lun_logit_model *d = ctx;
  information(d, info);
  memset(gradient, 0, d->m * sizeof *gradient);
  if (d->firth) {
    memcpy(d->info, info, d->m * d->m * sizeof *info);
    lun_ldl_factor(d->info, d->m, NULL, LUN_LDL_TOLERANCE);
    lun_ldl_inverse(d->info, d->m, d->inverse);
  }
  for (size_t i = 0; i < d->n; i++) {
    const double *p = d->prob + i * (d->q + 1), *z = d->z + i * d->k;
    for (size_t c = 0; c < d->q; c++) {
      double r = weight(d, i) * ((d->in->y[i] == (int32_t)c + 1) - p[c + 1]);
      if (d->firth) r += penalty(d, z, weight(d, i), p[1]);
      for (size_t j = 0; j < d->k; j++) gradient[c * d->k + j] += r * z[j];
    }
  }
  for (size_t j = 0; j < d->m; j++) scale[j] = info[j * d->m + j];
}

void lun_logit_standardise(lun_logit_model *d, int centred)
{
  const lun_logit_input *in = d->in;
  d->centre[0] = 0, d->scale[0] = 1;
  for (size_t i = 0; i < d->n; i++) d->z[i * d->k] = 1;
  for (size_t j = 1; j < d->k; j++) {
    const double *x = in->x[j - 1];
    double sum = 0, squares = 0, n = (double)d->n, large = 0;
    for (size_t i = 0; i < d->n; i++) sum += x[i], large = fmax(large, fabs(x[i]));
    d->centre[j] = centred ? sum / n : 0;
    for (size_t i = 0; i < d->n; i++) squares += (x[i] - sum / n) * (x[i] - sum / n);
    double sd = sqrt(squares / n);
    int constant = sd <= 1e-14 * large;
    d->scale[j] = constant ? 1 : sd;
    for (size_t i = 0; i < d->n; i++)
      d->z[i * d->k + j] = constant ? 0 : (x[i] - d->centre[j]) / sd;
    if (constant && !centred) for (size_t i = 0; i < d->n; i++) d->z[i * d->k + j] = x[i];
  }
}

/* out = a' applied to one equation's coefficients: back to the units of the data. */
static void unscale(const lun_logit_model *d, double *b)
{
  for (size_t j = 1; j < d->k; j++) {
    b[j] /= d->scale[j];
    b[0] -= b[j] * d->centre[j];
  }
}

/* A V A' by unscaling columns, then rows. */
static void unscale_vcov(const lun_logit_model *d, double *v)
{
  for (size_t pass = 0; pass < 2; pass++) {
    for (size_t r = 0; r < d->m; r++) {
      for (size_t c = 0; c < d->q; c++) unscale(d, v + r * d->m + c * d->k);
    }
    for (size_t r = 0; r < d->m; r++) {
      for (size_t s = 0; s < r; s++) {
        double t = v[r * d->m + s];
        v[r * d->m + s] = v[s * d->m + r];
        v[s * d->m + r] = t;
      }
    }
  }
}

static lun_status check(lun_env *env, const lun_logit_input *in, int firth)
{
  size_t seen = 0;
  if (in->classes < 2)
    return lun_fail(env, LUN_EDATA, "[data.outcome] the outcome has one level only");
  if ((firth || in->offset) && in->classes != 2)
    return lun_fail(env, LUN_EINVAL, "Firth's penalty and offsets need an outcome with two levels");
  for (size_t c = 0; c < in->classes; c++) {
    double here = 0;
    for (size_t i = 0; i < in->n; i++)
      if (in->y[i] == (int32_t)c) here += in->weight ? in->weight[i] : 1;
    if (!(here >= 0)) return lun_fail(env, LUN_EINVAL, "weights must not be negative or missing");
    seen += here > 0;
  }
  if (seen < in->classes)
    return lun_fail(env, LUN_EDATA,
                    "[data.outcome] a level of the outcome does not occur in the %z rows used",
                    in->n);
  return LUN_OK;
}

lun_status lun_logit_maximise(lun_env *env, lun_logit_model *d, lun_newton *fit,
                              const unsigned char *held)
{
  const lun_newton_problem problem = { d->m, d, value, derivatives };
  const lun_newton_options options = { .max_iterations = d->firth ? 300 : 100,
                                       .tolerance = d->firth ? 1e-12 : 0, .held = held };
  return lun_newton_maximise(env, fit, &problem, &options);
}

/* Firth's covariances are those of the augmented data: row i counts 1 + h_i times (logistf). */
static void augment(lun_logit_model *d, double *rows)
{
  information(d, d->info);
  lun_ldl_factor(d->info, d->m, NULL, LUN_LDL_TOLERANCE);
  lun_ldl_inverse(d->info, d->m, d->inverse);
  for (size_t i = 0; i < d->n; i++) {
    const double *z = d->z + i * d->k, *p = d->prob + 2 * i;
    rows[i] = 1 + weight(d, i) * p[0] * p[1] * lun_sym_form(d->inverse, d->m, z, z);
  }
  d->augment = rows;
}

static void finish(lun_logit *out, lun_logit_model *d, lun_newton *fit, double *rows)
{
  double most;
  value(d, fit->x, &most);
  memcpy(out->fitted, d->prob, d->n * (d->q + 1) * sizeof *d->prob);
  if (d->firth) augment(d, rows);
  information(d, d->info);
  for (size_t j = 0; j < d->m; j++) {
    if (fit->status[j] == LUN_NEWTON_FINITE) continue;
    for (size_t l = 0; l < d->m; l++) d->info[j * d->m + l] = d->info[l * d->m + j] = 0;
  }
  lun_ldl_factor(d->info, d->m, NULL, LUN_LDL_TOLERANCE);
  lun_ldl_inverse(d->info, d->m, out->vcov);
  unscale_vcov(d, out->vcov);
  for (size_t c = 0; c < d->q; c++) unscale(d, fit->x + c * d->k);
  for (size_t j = 0; j < d->m; j++) {
    out->status[j] = fit->status[j];
    out->coef[j] = fit->status[j] == LUN_NEWTON_ALIASED ? NAN : fit->x[j];
    out->se[j] = fit->status[j] == LUN_NEWTON_FINITE ? sqrt(out->vcov[j * d->m + j]) : NAN;
  }
  out->loglik = fit->loglik;
  out->rank = fit->rank;
  out->iterations = fit->iterations;
  out->converged = fit->converged;
  out->why = fit->why;
}

/* Firth's penalty in the units of the data: the scaled columns have a smaller determinant. */
static double penalty_of_units(const lun_logit_model *d)
{
  double sum = 0;
  for (size_t j = 0; d->firth && j < d->k; j++) sum += log(d->scale[j]);
  return sum;
}

static lun_status solve(lun_env *env, lun_logit *out, lun_logit_model *d, lun_pool *work,
                        const lun_logit_options *options)
{
  lun_newton fit = { .x = LUN_NEW(work, double, d->m), .gradient = LUN_NEW(work, double, d->m),
                     .information = LUN_NEW(work, double, d->m * d->m),
                     .status = LUN_NEW(work, unsigned char, d->m) };
  unsigned char *held = LUN_NEW(work, unsigned char, d->m);
  double *rows = LUN_NEW(work, double, d->n);
  if (!fit.x || !fit.gradient || !fit.information || !fit.status || !held || !rows)
    return LUN_ENOMEM;
  for (size_t j = 0; j < d->m; j++) held[j] = j % d->k != 0;
  lun_status st = lun_logit_maximise(env, d, &fit, held);
  if (st != LUN_OK) return st;
  out->loglik_null = fit.loglik;
  out->rank_null = fit.rank;
  if ((st = lun_logit_maximise(env, d, &fit, NULL)) != LUN_OK) return st;
  finish(out, d, &fit, rows);
  if (options->level > 0) st = lun_logit_profile(env, out, d, &fit, held, options);
  out->loglik += penalty_of_units(d);
  out->loglik_null += penalty_of_units(d);
  return st;
}

lun_status lun_logit_fit(lun_env *env, lun_logit *out, const lun_logit_input *in,
                         const lun_logit_options *options)
{
  int firth = options->firth;
  lun_pool work;
  lun_logit_model d = { .in = in, .n = in->n, .k = in->p + 1, .q = in->classes - 1, .firth = firth };
  lun_status st = check(env, in, firth);
  if (st != LUN_OK) return st;
  d.m = d.k * d.q;
  lun_pool_init(&work, env);
  lun_pool_init(&out->pool, env);
  out->n = d.n, out->m = d.m, out->p = in->p, out->equations = d.q;
  d.z = LUN_NEW(&work, double, d.n * d.k);
  d.centre = LUN_NEW(&work, double, d.k);
  d.scale = LUN_NEW(&work, double, d.k);
  d.prob = LUN_NEW(&work, double, d.n * in->classes);
  d.info = LUN_NEW(&work, double, d.m * d.m);
  d.inverse = LUN_NEW(&work, double, d.m * d.m);
  out->coef = LUN_NEW(&out->pool, double, d.m);
  out->se = LUN_NEW(&out->pool, double, d.m);
  out->vcov = LUN_NEW(&out->pool, double, d.m * d.m);
  out->status = LUN_NEW(&out->pool, unsigned char, d.m);
  out->fitted = LUN_NEW(&out->pool, double, d.n * in->classes);
  if (options->level > 0) {
    out->lower = LUN_NEW(&out->pool, double, 3 * d.m);
    out->upper = out->lower ? out->lower + d.m : NULL;
    out->lr = out->lower ? out->upper + d.m : NULL;
  }
  int ready = d.z && d.centre && d.scale && d.prob && d.info && d.inverse && out->coef && out->se &&
              out->vcov && out->status && out->fitted &&
              (options->level <= 0 || out->lr);
  st = ready ? LUN_OK : LUN_ENOMEM;
  if (st == LUN_OK) {
    lun_logit_standardise(&d, 1);
    st = solve(env, out, &d, &work, options);
  }
  lun_pool_fini(&work);
  if (st != LUN_OK) lun_logit_fini(out);
  return st;
}

void lun_logit_fini(lun_logit *fit)
{
  lun_pool_fini(&fit->pool);
  memset(fit, 0, sizeof *fit);
}

lun_status lun_logit_auc(lun_env *env, double *auc, const double *score, const int32_t *y, size_t n)
{
  lun_pool pool;
  double sum = 0, ones = 0;
  lun_pool_init(&pool, env);
  double *rank = LUN_NEW(&pool, double, n);
  lun_status st = rank ? lun_order_ranks(env, rank, NULL, score, n) : LUN_ENOMEM;
  for (size_t i = 0; st == LUN_OK && i < n; i++)
    if (y[i] == 1) sum += rank[i], ones++;
  double zeros = (double)n - ones;
  *auc = ones > 0 && zeros > 0 ? (sum - ones * (ones + 1) / 2) / (ones * zeros) : NAN;
  lun_pool_fini(&pool);
  return st;
}
