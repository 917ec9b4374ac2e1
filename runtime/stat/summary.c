/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/summary.h"

#include <math.h>

#include "base/order.h"
#include "base/pool.h"
#include "stat/linalg.h"

/* --- quantiles ------------------------------------------------------------------------------- */

static double at(const double *sorted, size_t n, double position) /* 1-based, fractional */
{
  double low = floor(position), h = position - low;
  if (low < 1) return sorted[0];
  if (low >= (double)n) return sorted[n - 1];
  double a = sorted[(size_t)low - 1], b = sorted[(size_t)low];
  return h == 0 || a == b ? a : a + h * (b - a);
}

double lun_quantile(const double *sorted, size_t n, double p, lun_quantile_type type)
{
  const double fuzz = 4 * 2.220446049250313e-16;
  if (n == 0 || !(p >= 0 && p <= 1)) return NAN;
  double m = (double)n;
  if (type == LUN_QUANTILE_R) return at(sorted, n, 1 + (m - 1) * p);
  if (type == LUN_QUANTILE_SPSS) return at(sorted, n, (m + 1) * p);
  double j = floor(m * p + fuzz), g = m * p - j;
  if (j >= m) return sorted[n - 1];
  if (fabs(g) > fuzz || j < 1) return sorted[(size_t)j];
  return 0.5 * (sorted[(size_t)j - 1] + sorted[(size_t)j]);
}

/* --- one variable ---------------------------------------------------------------------------- */

typedef struct exact_sum {
  double sum, rest;
} exact_sum;

static void add(exact_sum *s, double v)
{
  double t = s->sum + v;
  s->rest += fabs(s->sum) >= fabs(v) ? (s->sum - t) + v : (v - t) + s->sum;
  s->sum = t;
}

static double value(exact_sum s)
{
  return s.sum + s.rest;
}

static double moments(const double *x, size_t n, double *variance)
{
  exact_sum total = { 0, 0 }, squares = { 0, 0 }, slack = { 0, 0 };
  for (size_t i = 0; i < n; i++) add(&total, x[i]);
  double mean = value(total) / (double)n;
  for (size_t i = 0; i < n; i++) {
    double d = x[i] - mean;
    add(&squares, d * d);
    add(&slack, d);
  }
  double correction = value(slack) * value(slack) / (double)n;
  *variance = n > 1 ? (value(squares) - correction) / ((double)n - 1) : NAN;
  return mean;
}

lun_status lun_summary_fit(lun_env *env, lun_summary *out, const double *x, size_t n,
                           lun_quantile_type type)
{
  lun_pool pool;
  lun_status st = LUN_OK;
  double variance;
  *out = (lun_summary){ 0, 0, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
  lun_pool_init(&pool, env);
  size_t *index = LUN_NEW(&pool, size_t, n);
  double *sorted = LUN_NEW(&pool, double, n);
  if (!index || !sorted) st = LUN_ENOMEM;
  if (st != LUN_OK || (st = lun_order_doubles(env, index, x, n)) != LUN_OK) goto done;
  while (out->n < n && !isnan(x[index[out->n]])) sorted[out->n] = x[index[out->n]], out->n++;
  out->missing = n - out->n;
  if (out->n == 0) goto done;
  out->mean = moments(sorted, out->n, &variance);
  out->sd = sqrt(variance);
  out->min = sorted[0];
  out->max = sorted[out->n - 1];
  out->median = lun_quantile(sorted, out->n, 0.5, type);
  out->q1 = lun_quantile(sorted, out->n, 0.25, type);
  out->q3 = lun_quantile(sorted, out->n, 0.75, type);
done:
  lun_pool_fini(&pool);
  return st;
}

/* --- with weights ---------------------------------------------------------------------------- */

static int counts(const double *x, const double *w, const int32_t *group, int32_t which, size_t i)
{
  return (!group || group[i] == which) && !isnan(x[i]) && !(w && isnan(w[i]));
}

lun_moments lun_moments_of(const double *x, const double *w, const int32_t *group, int32_t which,
                           size_t n)
{
  lun_moments m = { 0, 0, 0, NAN, NAN };
  double sum = 0, squares = 0;
  for (size_t i = 0; i < n; i++) {
    if (!counts(x, w, group, which, i)) continue;
    double wi = w ? w[i] : 1;
    m.n++, m.sum_w += wi, m.sum_w2 += wi * wi, sum += wi * x[i];
  }
  if (!(m.sum_w > 0)) return m;
  m.mean = sum / m.sum_w;
  for (size_t i = 0; i < n; i++) {
    if (!counts(x, w, group, which, i)) continue;
    double d = x[i] - m.mean;
    squares += (w ? w[i] : 1) * d * d;
  }
  double freedom = m.sum_w - m.sum_w2 / m.sum_w;
  if (freedom > 0) m.variance = squares / freedom;
  return m;
}

double lun_effective_size(const double *w, const int32_t *group, int32_t which, size_t n)
{
  double sum = 0, squares = 0;
  for (size_t i = 0; i < n; i++) {
    if (group && group[i] != which) continue;
    sum += w[i];
    squares += w[i] * w[i];
  }
  return squares > 0 ? sum * sum / squares : 0;
}

/* --- balance --------------------------------------------------------------------------------- */

static int is_binary(const double *x, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    if (x[i] != 0 && x[i] != 1 && !isnan(x[i])) return 0;
  }
  return 1;
}

static double spread(const lun_moments *m, int binary)
{
  return binary ? m->mean * (1 - m->mean) : m->variance;
}

/* Largest distance between the two weighted distribution functions, at the ends of tied values. */
static double kolmogorov(const double *x, const int32_t *group, const double *w,
                         const size_t *index, size_t n, const double total[2])
{
  double f[2] = { 0, 0 }, most = 0;
  for (size_t i = 0; i < n && !isnan(x[index[i]]); i++) {
    size_t row = index[i];
    if (counts(x, w, NULL, 0, row) && (group[row] == 0 || group[row] == 1))
      f[group[row]] += w ? w[row] : 1;
    if (i + 1 < n && x[index[i + 1]] == x[row]) continue;
    most = fmax(most, fabs(f[1] / total[1] - f[0] / total[0]));
  }
  return most;
}

lun_status lun_balance_fit(lun_env *env, lun_balance *out, const double *x, const int32_t *group,
                           const double *w, size_t n, lun_smd_scale scale)
{
  lun_pool pool;
  lun_pool_init(&pool, env);
  size_t *index = LUN_NEW(&pool, size_t, n);
  lun_status st = index ? lun_order_doubles(env, index, x, n) : LUN_ENOMEM;
  if (st != LUN_OK) goto done;
  lun_moments m1 = lun_moments_of(x, w, group, 1, n), m0 = lun_moments_of(x, w, group, 0, n);
  lun_moments u1 = lun_moments_of(x, NULL, group, 1, n), u0 = lun_moments_of(x, NULL, group, 0, n);
  int binary = is_binary(x, n);
  double v1 = spread(&u1, binary), v0 = spread(&u0, binary), d = m1.mean - m0.mean;
  double v = scale == LUN_SMD_POOLED ? (v1 + v0) / 2 : scale == LUN_SMD_TREATED ? v1 : v0;
  const double total[2] = { m0.sum_w, m1.sum_w };
  *out = (lun_balance){ m1.mean, m0.mean, d, v > 0 ? d / sqrt(v) : d == 0 ? 0 : NAN,
                        binary ? NAN : m1.variance / m0.variance, NAN, binary };
  if (total[0] > 0 && total[1] > 0) out->ks = kolmogorov(x, group, w, index, n, total);
done:
  lun_pool_fini(&pool);
  return st;
}

/* The first level is left out; p and the covariances are over the others. */
double lun_smd_factor(const double *count1, const double *count0, size_t k, double *work)
{
  double *s = work, *d = work + k * k, n1 = 0, n0 = 0;
  size_t m = 0, first = k;
  for (size_t i = 0; i < k; i++) {
    n1 += count1[i], n0 += count0[i];
    if (first == k && count1[i] + count0[i] > 0) first = i;
  }
  if (!(n1 > 0 && n0 > 0)) return NAN;
  for (size_t i = first + 1; i < k; i++) m += count1[i] + count0[i] > 0;
  if (m == 0) return 0;
  for (size_t i = first + 1, a = 0; i < k; i++) {
    if (count1[i] + count0[i] == 0) continue;
    double p1 = count1[i] / n1, p0 = count0[i] / n0;
    d[a] = p1 - p0;
    for (size_t j = first + 1, b = 0; j < k; j++) {
      if (count1[j] + count0[j] == 0) continue;
      double q1 = count1[j] / n1, q0 = count0[j] / n0;
      s[a * m + b++] = i == j ? (p1 * (1 - p1) + p0 * (1 - p0)) / 2 : -(p1 * q1 + p0 * q0) / 2;
    }
    a++;
  }
  size_t rank = lun_ldl_factor(s, m, NULL, LUN_LDL_TOLERANCE);
  return rank < m ? NAN : sqrt(lun_ldl_quadratic(s, m, d, d + m));
}
