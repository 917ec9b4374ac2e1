/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/linear.h"

#include <math.h>
#include <string.h>

#include "stat/dist.h"

/* A column is aliased when reflections leave less than this share of it. */
static const long double TOLERANCE = 1e-13L;

typedef struct problem {
  const lun_linear_input *in;
  size_t n, m, rank;
  long double *a;    /* column j: a + j n; becomes R above the diagonal */
  long double *y;    /* becomes Q' y */
  size_t *column;    /* m: columns in use, the first `rank` of them */
  long double *inverse; /* m x m: R^-1 of the columns in use */
} problem;

static long double dot(const long double *a, const long double *b, size_t n)
{
  long double sum = 0;
  for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

static void fill(problem *d)
{
  const lun_linear_input *in = d->in;
  for (size_t i = 0; i < d->n; i++) {
    long double w = in->weight ? sqrtl(in->weight[i]) : 1;
    if (in->intercept) d->a[i] = w;
    for (size_t j = 0; j < in->p; j++)
      d->a[(j + (size_t)in->intercept) * d->n + i] = w * in->x[j][i];
    d->y[i] = w * in->y[i];
  }
}

/* x <- (I - 2 v v' / v'v) x */
static void reflect(const long double *v, long double vv, long double *x, size_t n)
{
  long double f = 2 * dot(v, x, n) / vv;
  for (size_t i = 0; i < n; i++) x[i] -= f * v[i];
}

/* Column j from row r on becomes (alpha, 0, 0, ...); the later columns and y follow. v: n. */
static void eliminate(problem *d, size_t j, long double *v)
{
  size_t r = d->rank, left = d->n - r;
  long double *x = d->a + j * d->n, whole = sqrtl(dot(x, x, d->n));
  long double norm = left ? sqrtl(dot(x + r, x + r, left)) : 0;
  if (!(norm > TOLERANCE * whole)) return;
  memcpy(v, x + r, left * sizeof *v);
  long double alpha = x[r] > 0 ? -norm : norm;
  v[0] -= alpha;
  long double vv = dot(v, v, left);
  for (size_t k = j; k < d->m; k++) reflect(v, vv, d->a + k * d->n + r, left);
  reflect(v, vv, d->y + r, left);
  d->column[d->rank++] = j;
}

static long double entry(const problem *d, size_t i, size_t j)
{
  return d->a[d->column[j] * d->n + i];
}

static void invert(problem *d)
{
  for (size_t j = 0; j < d->rank; j++) {
    d->inverse[j * d->m + j] = 1 / entry(d, j, j);
    for (size_t i = j; i-- > 0;) {
      long double sum = 0;
      for (size_t k = i + 1; k <= j; k++) sum += entry(d, i, k) * d->inverse[k * d->m + j];
      d->inverse[i * d->m + j] = -sum / entry(d, i, i);
    }
  }
}

static void coefficients(const problem *d, lun_linear *out)
{
  for (size_t j = 0; j < d->m; j++) out->coef[j] = out->se[j] = NAN;
  out->rss = (double)dot(d->y + d->rank, d->y + d->rank, d->n - d->rank);
  out->sigma = out->df ? sqrt(out->rss / (double)out->df) : NAN;
  for (size_t i = 0; i < d->rank; i++) {
    long double b = 0;
    for (size_t k = i; k < d->rank; k++) b += d->inverse[i * d->m + k] * d->y[k];
    out->coef[d->column[i]] = (double)b;
    for (size_t j = 0; j < d->rank; j++) {
      long double v = dot(d->inverse + i * d->m, d->inverse + j * d->m, d->rank);
      out->vcov[d->column[i] * d->m + d->column[j]] = (double)v * out->sigma * out->sigma;
    }
    out->se[d->column[i]] = sqrt(out->vcov[d->column[i] * d->m + d->column[i]]);
  }
}

/* The part of Q' y that the columns after the intercept explain is the regression sum of squares.
 */
static void tests(const problem *d, lun_linear *out)
{
  size_t skip = d->in->intercept && d->rank > 0, terms = d->rank - skip;
  double explained = (double)dot(d->y + skip, d->y + skip, terms), total = explained + out->rss;
  out->r_squared = total > 0 ? explained / total : NAN;
  out->adjusted = out->f = out->p_f = NAN;
  if (!out->df || !terms) return;
  out->adjusted = 1 - (1 - out->r_squared) * (double)(out->n - skip) / (double)out->df;
  if (!(out->rss > 0)) return;
  out->f = explained / (double)terms / (out->rss / (double)out->df);
  out->p_f = lun_f_upper(out->f, (double)terms, (double)out->df);
}

static void residuals(const problem *d, lun_linear *out)
{
  const lun_linear_input *in = d->in;
  for (size_t i = 0; i < d->n; i++) {
    long double fitted = in->intercept && !isnan(out->coef[0]) ? out->coef[0] : 0;
    for (size_t j = 0; j < in->p; j++) {
      double b = out->coef[j + (size_t)in->intercept];
      if (!isnan(b)) fitted += (long double)b * in->x[j][i];
    }
    out->residual[i] = (double)(in->y[i] - fitted);
  }
}

static lun_status check(lun_env *env, const lun_linear_input *in)
{
  if (in->n == 0)
    return lun_fail(env, LUN_EDATA, "[data.empty] linear regression: no rows are left");
  for (size_t i = 0; in->weight && i < in->n; i++)
    if (!(in->weight[i] > 0 && isfinite(in->weight[i])))
      return lun_fail(env, LUN_EDATA, "[data.weight] row %z: the weight %g is not above 0", i + 1,
                      in->weight[i]);
  return LUN_OK;
}

lun_status lun_linear_fit(lun_env *env, lun_linear *out, const lun_linear_input *in)
{
  lun_status st = check(env, in);
  if (st != LUN_OK) return st;
  lun_pool work;
  problem d = { .in = in, .n = in->n, .m = in->p + (size_t)(in->intercept != 0) };
  lun_pool_init(&work, env);
  lun_pool_init(&out->pool, env);
  d.a = LUN_NEW(&work, long double, d.n * d.m);
  d.y = LUN_NEW(&work, long double, d.n);
  d.column = LUN_NEW(&work, size_t, d.m);
  d.inverse = LUN_NEW(&work, long double, d.m * d.m);
  long double *v = LUN_NEW(&work, long double, d.n);
  out->coef = LUN_NEW(&out->pool, double, d.m);
  out->se = LUN_NEW(&out->pool, double, d.m);
  out->vcov = LUN_NEW(&out->pool, double, d.m * d.m);
  out->residual = LUN_NEW(&out->pool, double, d.n);
  st = LUN_ENOMEM;
  if (!d.a || !d.y || !d.column || !d.inverse || !v || !out->coef || !out->se || !out->vcov ||
      !out->residual)
    goto done;
  st = LUN_OK;
  fill(&d);
  for (size_t j = 0; j < d.m; j++) eliminate(&d, j, v);
  out->n = d.n, out->m = d.m, out->rank = d.rank, out->df = d.n - d.rank;
  invert(&d);
  coefficients(&d, out);
  tests(&d, out);
  residuals(&d, out);
done:
  lun_pool_fini(&work);
  if (st != LUN_OK) lun_linear_fini(out);
  return st;
}

void lun_linear_fini(lun_linear *fit)
{
  lun_pool_fini(&fit->pool);
  memset(fit, 0, sizeof *fit);
}
