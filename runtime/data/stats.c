/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/stats.h"

#include <math.h>
#include <string.h>

#include "base/order.h"
#include "base/par.h"
#include "base/pool.h"
#include "data/vector.h"

/* Values from row start on as numbers, at most LUN_BLOCK, in buf unless they lie in the column. */
static const double *block(const lun_col *col, size_t start, size_t n, double *buf)
{
  if (col->type == LUN_NUMBER) return col->v.number + start;
  if (col->type == LUN_FACTOR) lun_vec_codes(buf, col->v.code + start, n);
  else lun_vec_integers(buf, col->v.code + start, n);
  return buf;
}

static size_t block_size(const lun_col *col, size_t start)
{
  return col->n - start < LUN_BLOCK ? col->n - start : LUN_BLOCK;
}

/* First pass over a block: count, sum, range. */
static double scan(lun_stats *s, const double *x, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    if (x[i] != x[i]) continue;
    s->n++;
    sum += x[i];
    if (!(x[i] >= s->min)) s->min = x[i]; /* NaN to begin with */
    if (!(x[i] <= s->max)) s->max = x[i];
  }
  return sum;
}

static double squares(double mean, const double *x, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    double d = x[i] - mean;
    sum += x[i] == x[i] ? d * d : 0;
  }
  return sum;
}

static lun_status summarise(lun_env *env, lun_stats *s, const lun_col *col, double *sum)
{
  double buf[LUN_BLOCK];
  size_t k = 0;
  sum[0] = 0;
  for (size_t at = 0; at < col->n; at += LUN_BLOCK)
    sum[k++] = scan(s, block(col, at, block_size(col, at), buf), block_size(col, at));
  lun_par_sums(sum, k, 1);
  s->missing = col->n - s->n;
  s->sum = sum[0];
  if (!isfinite(s->sum))
    return lun_fail(env, LUN_EDATA, "[data.computed] the sum of the column is not finite");
  if (s->n == 0) return LUN_OK;
  s->mean = s->sum / (double)s->n;
  if (s->n < 2) return LUN_OK;
  k = 0;
  for (size_t at = 0; at < col->n; at += LUN_BLOCK)
    sum[k++] = squares(s->mean, block(col, at, block_size(col, at), buf), block_size(col, at));
  lun_par_sums(sum, k, 1);
  s->sd = sqrt(sum[0] / (double)(s->n - 1));
  return LUN_OK;
}

lun_status lun_stats_of(lun_env *env, lun_stats *out, const lun_col *col)
{
  *out = (lun_stats){ .sum = NAN, .mean = NAN, .sd = NAN, .min = NAN, .max = NAN };
  if (col->type == LUN_TEXT) {
    for (size_t i = 0; i < col->n; i++) out->missing += (size_t)lun_col_missing(col, i);
    out->n = col->n - out->missing;
    return LUN_OK;
  }
  double *sum = lun_mem_new(env, col->n / LUN_BLOCK + 1, sizeof *sum);
  if (!sum) return LUN_ENOMEM;
  lun_status st = summarise(env, out, col, sum);
  lun_mem_free(env, sum);
  return st;
}

/* --- quantiles -------------------------------------------------------------------------------- */

double lun_quantile_sorted(const double *x, size_t n, double p)
{
  double at = (double)(n - 1) * p, low = floor(at + 4e-16 * at); /* R's fuzz: 4 epsilon */
  size_t i = (size_t)low;
  double part = at - low;
  if (fabs(part) < 1e-12 || i + 1 >= n) return x[i < n ? i : n - 1];
  return x[i] + part * (x[i + 1] - x[i]);
}

lun_status lun_stats_quantiles(lun_env *env, double *out, const lun_col *col, const double *p,
                               size_t k)
{
  lun_pool work;
  size_t n = 0;
  lun_status st = LUN_ENOMEM;
  if (col->type == LUN_TEXT) return lun_fail(env, LUN_EINVAL, "a text column has no quantiles");
  for (size_t i = 0; i < k; i++) {
    if (!(p[i] >= 0 && p[i] <= 1))
      return lun_fail(env, LUN_EINVAL, "quantile %g is not between 0 and 1", p[i]);
  }
  lun_pool_init(&work, env);
  double *x = LUN_NEW(&work, double, col->n), *sorted = LUN_NEW(&work, double, col->n);
  size_t *order = LUN_NEW(&work, size_t, col->n);
  if (!x || !sorted || !order) goto done;
  for (size_t i = 0; i < col->n; i++) {
    if (!lun_col_missing(col, i)) x[n++] = lun_col_double(col, i);
  }
  if ((st = lun_order_doubles(env, order, x, n)) != LUN_OK) goto done;
  for (size_t i = 0; i < n; i++) sorted[i] = x[order[i]];
  for (size_t i = 0; i < k; i++) out[i] = n ? lun_quantile_sorted(sorted, n, p[i]) : NAN;
done:
  lun_pool_fini(&work);
  return st;
}
