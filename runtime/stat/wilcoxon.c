/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Mann-Whitney and signed rank tests: exact distributions by counting, normal approximations
 * with ties, Hodges-Lehmann estimates with limits.
 */
#include <math.h>
#include <string.h>

#include "base/order.h"
#include "base/pool.h"
#include "stat/dist.h"
#include "stat/ranktest.h"
#include "stat/root.h"

/* --- exact distributions --------------------------------------------------------------------- */

/* freq[0..m*n]: number of arrangements with U = u, the Gaussian binomial (m+n over m), made of
 * products (1 - q^(n+i)) / (1 - q^i). */
static void count_rank_sum(double *freq, size_t m, size_t n)
{
  size_t top = m * n;
  memset(freq, 0, (top + 1) * sizeof *freq);
  freq[0] = 1;
  for (size_t i = 1; i <= m; i++) {
    for (size_t u = top; u >= n + i && u <= top; u--) freq[u] -= freq[u - n - i];
    for (size_t u = i; u <= top; u++) freq[u] += freq[u - i];
  }
}

/* freq[0..n(n+1)/2]: number of sign patterns with V = v. */
static void count_signed(double *freq, size_t n)
{
  size_t top = n * (n + 1) / 2;
  memset(freq, 0, (top + 1) * sizeof *freq);
  freq[0] = 1;
  for (size_t i = 1; i <= n; i++) {
    for (size_t v = i * (i + 1) / 2; v >= i; v--) freq[v] += freq[v - i];
  }
}

static double total_of(const double *freq, size_t top)
{
  double sum = 0;
  for (size_t u = 0; u <= top; u++) sum += freq[u];
  return sum;
}

/* Two-sided p of u: twice the smaller tail, u included. */
static double exact_p(const double *freq, size_t top, double u)
{
  double sum = 0;
  size_t edge = (size_t)fmin(u, (double)top - u); /* the distribution is symmetric */
  for (size_t i = 0; i <= edge; i++) sum += freq[i];
  return fmin(1, 2 * sum / total_of(freq, top));
}

/* Smallest u with P(U <= u) >= p, at least 1: the rank of the lower limit among the differences. */
static size_t exact_quantile(const double *freq, size_t top, double p)
{
  double total = total_of(freq, top), sum = 0;
  size_t u = 0;
  while ((sum += freq[u]) < p * total * (1 - 1e-14) && u < top) u++;
  return u < 1 ? 1 : u;
}

/* --- rank sums under a shift ----------------------------------------------------------------- */

typedef struct shift {
  const double *x, *y; /* sorted */
  size_t nx, ny;
  int correct;
  double target;
} shift;

/* U of x - d against y and the sum of t^3 - t over tied groups, by merging the sorted samples. */
static double merge(const shift *s, double d, double *ties)
{
  double u = 0;
  size_t i = 0, j = 0;
  *ties = 0;
  while (i < s->nx || j < s->ny) {
    double v = i == s->nx ? s->y[j] : j == s->ny ? s->x[i] - d : fmin(s->x[i] - d, s->y[j]);
    size_t from_x = i, from_y = j;
    while (i < s->nx && s->x[i] - d == v) i++;
    while (j < s->ny && s->y[j] == v) j++;
    double tx = (double)(i - from_x), ty = (double)(j - from_y), t = tx + ty;
    u += tx * ((double)from_y + ty / 2);
    *ties += t * t * t - t;
  }
  return u;
}

static double rank_sum_sd(const shift *s, double ties)
{
  double m = (double)s->nx, n = (double)s->ny, all = m + n;
  return sqrt(m * n / 12 * (all + 1 - ties / (all * (all - 1))));
}

static double standardise(double deviation, double sd, int correct)
{
  double half = correct ? copysign(0.5, deviation) * (deviation != 0) : 0;
  return (deviation - half) / sd;
}

/* z of the shifted samples less the target; a step function that falls with d. */
static double shift_excess(double d, const void *ctx)
{
  const shift *s = ctx;
  double ties, u = merge(s, d, &ties);
  return standardise(u - (double)s->nx * (double)s->ny / 2, rank_sum_sd(s, ties), s->correct) -
         s->target;
}

static void normal_limits(lun_rank *out, shift *s, const lun_rank_options *o)
{
  double lo = s->x[0] - s->y[s->ny - 1], hi = s->x[s->nx - 1] - s->y[0];
  double z = -lun_norm_quantile((1 - o->level) / 2);
  s->correct = 0, s->target = 0;
  out->estimate = lun_root(shift_excess, s, lo, hi, o->tolerance);
  s->correct = o->correct, s->target = z;
  out->lower = shift_excess(lo, s) <= 0 ? lo : lun_root(shift_excess, s, lo, hi, o->tolerance);
  s->target = -z;
  out->upper = shift_excess(hi, s) >= 0 ? hi : lun_root(shift_excess, s, lo, hi, o->tolerance);
}

/* --- Mann-Whitney ---------------------------------------------------------------------------- */

static lun_status sorted(lun_env *env, lun_pool *pool, double **out, const double *x, size_t n)
{
  size_t *index = LUN_NEW(pool, size_t, n);
  *out = LUN_NEW(pool, double, n);
  if (!index || !*out) return LUN_ENOMEM;
  lun_status st = lun_order_doubles(env, index, x, n);
  for (size_t i = 0; st == LUN_OK && i < n; i++) (*out)[i] = x[index[i]];
  return st;
}

static double median_of(const double *sorted_values, size_t n)
{
  return n % 2 ? sorted_values[n / 2] : 0.5 * (sorted_values[n / 2 - 1] + sorted_values[n / 2]);
}

/* Estimate and limits as order statistics of the n values, given the exact distribution. */
static lun_status exact_limits(lun_env *env, lun_pool *pool, lun_rank *out, const double *values,
                               size_t n, size_t rank)
{
  double *v;
  lun_status st = sorted(env, pool, &v, values, n);
  if (st != LUN_OK) return st;
  out->estimate = median_of(v, n);
  out->lower = v[rank - 1];
  out->upper = v[n - rank];
  return LUN_OK;
}

static lun_status exact_rank_sum(lun_env *env, lun_pool *pool, lun_rank *out, const shift *s,
                                 const lun_rank_options *o)
{
  size_t top = s->nx * s->ny;
  double *freq = LUN_NEW(pool, double, top + 1), *difference;
  if (!freq) return LUN_ENOMEM;
  count_rank_sum(freq, s->nx, s->ny);
  out->p = exact_p(freq, top, out->stat);
  if (!o->limits) return LUN_OK;
  if (!(difference = LUN_NEW(pool, double, top))) return LUN_ENOMEM;
  for (size_t i = 0; i < s->nx; i++) {
    for (size_t j = 0; j < s->ny; j++) difference[i * s->ny + j] = s->x[i] - s->y[j];
  }
  return exact_limits(env, pool, out, difference, top,
                      exact_quantile(freq, top, (1 - o->level) / 2));
}

static int wants_exact(lun_exact how, size_t larger, int ties)
{
  return how == LUN_EXACT_YES || (how == LUN_EXACT_AUTO && larger < 50 && !ties);
}

static void normal_p(lun_rank *out, double deviation, double sd, int correct)
{
  if (sd > 0) out->p = lun_norm_two_sided(standardise(deviation, sd, correct));
}

lun_status lun_rank_mann_whitney(lun_env *env, lun_rank *out, const double *x, size_t nx,
                                 const double *y, size_t ny, const lun_rank_options *o)
{
  lun_pool pool;
  lun_status st = LUN_OK;
  shift s = { .nx = nx, .ny = ny };
  double ties, *sx, *sy;
  *out = (lun_rank){ NAN, NAN, NAN, NAN, NAN, 0, nx + ny };
  if (nx == 0 || ny == 0) return LUN_OK;
  lun_pool_init(&pool, env);
  if ((st = sorted(env, &pool, &sx, x, nx)) != LUN_OK) goto done;
  if ((st = sorted(env, &pool, &sy, y, ny)) != LUN_OK) goto done;
  s.x = sx, s.y = sy;
  out->stat = merge(&s, 0, &ties);
  if (o->exact == LUN_EXACT_YES && (ties > 0 || nx * ny > 4000000)) {
    st = lun_fail(env, LUN_EINVAL,
                  "Mann-Whitney: no exact p with tied values or more than 4e6 pairs");
    goto done;
  }
  out->exact = wants_exact(o->exact, nx > ny ? nx : ny, ties > 0);
  if (out->exact) {
    st = exact_rank_sum(env, &pool, out, &s, o);
  } else {
    normal_p(out, out->stat - (double)nx * (double)ny / 2, rank_sum_sd(&s, ties), o->correct);
    if (o->limits && !isnan(out->p)) normal_limits(out, &s, o);
  }
done:
  lun_pool_fini(&pool);
  return st;
}

/* --- signed rank ----------------------------------------------------------------------------- */

static lun_status exact_signed(lun_env *env, lun_pool *pool, lun_rank *out, const double *d,
                               const lun_rank_options *o)
{
  size_t n = out->n, top = n * (n + 1) / 2, k = 0;
  double *freq = LUN_NEW(pool, double, top + 1), *walsh;
  if (!freq) return LUN_ENOMEM;
  count_signed(freq, n);
  out->p = exact_p(freq, top, out->stat);
  if (!o->limits) return LUN_OK;
  if (!(walsh = LUN_NEW(pool, double, top))) return LUN_ENOMEM;
  for (size_t i = 0; i < n; i++) {
    for (size_t j = i; j < n; j++) walsh[k++] = (d[i] + d[j]) / 2;
  }
  return exact_limits(env, pool, out, walsh, top, exact_quantile(freq, top, (1 - o->level) / 2));
}

lun_status lun_rank_signed(lun_env *env, lun_rank *out, const double *d, size_t n,
                           const lun_rank_options *o)
{
  lun_pool pool;
  lun_status st = LUN_OK;
  double ties = 0, m;
  *out = (lun_rank){ NAN, NAN, NAN, NAN, NAN, 0, 0 };
  lun_pool_init(&pool, env);
  double *kept = LUN_NEW(&pool, double, n), *size = LUN_NEW(&pool, double, n),
         *rank = LUN_NEW(&pool, double, n);
  if (!kept || !size || !rank) {
    st = LUN_ENOMEM;
    goto done;
  }
  for (size_t i = 0; i < n; i++) {
    if (d[i] == 0) continue;
    size[out->n] = fabs(d[i]);
    kept[out->n++] = d[i];
  }
  if (out->n == 0 || (st = lun_order_ranks(env, rank, &ties, size, out->n)) != LUN_OK) goto done;
  out->stat = 0;
  for (size_t i = 0; i < out->n; i++) out->stat += kept[i] > 0 ? rank[i] : 0;
  if (o->exact == LUN_EXACT_YES && (ties > 0 || out->n > 2000)) {
    st = lun_fail(env, LUN_EINVAL,
                  "signed rank test: no exact p with tied differences or more than 2000");
    goto done;
  }
  out->exact = wants_exact(o->exact, n, ties > 0 || out->n < n);
  m = (double)out->n;
  if (out->exact) st = exact_signed(env, &pool, out, kept, o);
  else
    normal_p(out, out->stat - m * (m + 1) / 4, sqrt(m * (m + 1) * (2 * m + 1) / 24 - ties / 48),
             o->correct);
done:
  lun_pool_fini(&pool);
  return st;
}
