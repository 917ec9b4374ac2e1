/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/ranktest.h"

#include <math.h>

#include "base/order.h"
#include "base/pool.h"
#include "stat/dist.h"
#include "stat/root.h"

static double mean_of(const double *x, size_t n)
{
  double sum = 0, rest = 0;
  for (size_t i = 0; i < n; i++) sum += x[i];
  for (size_t i = 0; i < n; i++) rest += x[i] - sum / (double)n;
  return (sum + rest) / (double)n;
}

static double squares(const double *x, size_t n, double mean)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (x[i] - mean) * (x[i] - mean);
  return sum;
}

/* --- t --------------------------------------------------------------------------------------- */

lun_ttest lun_rank_ttest(const double *x, size_t nx, const double *y, size_t ny, int pooled,
                         double level)
{
  lun_ttest out = { NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
  if (nx < 1 || ny < 1 || nx + ny < 3) return out;
  out.mean_x = mean_of(x, nx);
  out.mean_y = mean_of(y, ny);
  out.difference = out.mean_x - out.mean_y;
  if (!pooled && (nx < 2 || ny < 2)) return out;
  double m = (double)nx, n = (double)ny, sx = squares(x, nx, out.mean_x),
         sy = squares(y, ny, out.mean_y);
  double vx = sx / (m - 1) / m, vy = sy / (n - 1) / n, se = sqrt(vx + vy);
  out.df = (vx + vy) * (vx + vy) / (vx * vx / (m - 1) + vy * vy / (n - 1));
  if (pooled) {
    out.df = m + n - 2;
    se = sqrt((sx + sy) / out.df * (1 / m + 1 / n));
  }
  if (!(se > 0)) return out;
  out.t = out.difference / se;
  out.p = lun_t_two_sided(out.t, out.df);
  out.log_p = M_LN2 + lun_t_log_upper(fabs(out.t), out.df);
  double half = lun_t_quantile(0.5 + level / 2, out.df) * se;
  out.lower = out.difference - half;
  out.upper = out.difference + half;
  return out;
}

/* --- one-way --------------------------------------------------------------------------------- */

static const lun_oneway NO_ONEWAY = { NAN, NAN, NAN, NAN, NAN };

/* Sizes and means of the groups, in the caller's arrays of k. */
static void group_means(const double *x, const int32_t *group, size_t n, double *size, double *mean)
{
  for (size_t i = 0; i < n; i++) size[group[i]]++, mean[group[i]] += x[i];
}

lun_status lun_rank_kruskal(lun_env *env, lun_oneway *out, const double *x, const int32_t *group,
                            size_t n, size_t k)
{
  lun_pool pool;
  lun_status st = LUN_OK;
  double ties;
  lun_pool_init(&pool, env);
  *out = NO_ONEWAY;
  double *rank = LUN_NEW(&pool, double, n), *size = LUN_NEW(&pool, double, k),
         *sum = LUN_NEW(&pool, double, k);
  if (!rank || !size || !sum) st = LUN_ENOMEM;
  if (st != LUN_OK || (st = lun_order_ranks(env, rank, &ties, x, n)) != LUN_OK) goto done;
  group_means(rank, group, n, size, sum);
  double total = (double)n, stat = 0, used = 0;
  for (size_t g = 0; g < k; g++) {
    if (size[g] == 0) continue;
    used++;
    double d = sum[g] - size[g] * (total + 1) / 2;
    stat += d * d / size[g];
  }
  stat *= 12 / (total * (total + 1)) / (1 - ties / (total * total * total - total));
  if (used < 2 || !isfinite(stat)) goto done;
  *out = (lun_oneway){ stat, used - 1, NAN, lun_chisq_upper(stat, used - 1),
                       lun_chisq_log_upper(stat, used - 1) };
done:
  lun_pool_fini(&pool);
  return st;
}

static lun_oneway f_test(double stat, double df, double df2)
{
  if (!isfinite(stat) || !(df > 0 && df2 > 0)) return NO_ONEWAY;
  return (lun_oneway){ stat, df, df2, lun_f_upper(stat, df, df2), lun_f_log_upper(stat, df, df2) };
}

/* Welch 1951, with weights n / variance. */
static lun_oneway welch_anova(const double *size, const double *mean, const double *ss, size_t k)
{
  double total = 0, centre = 0, stat = 0, a = 0, used = 0;
  for (size_t g = 0; g < k; g++) {
    if (size[g] == 0) continue;
    double w = size[g] * (size[g] - 1) / ss[g];
    used++, total += w, centre += w * mean[g];
  }
  for (size_t g = 0; g < k; g++) {
    if (size[g] == 0) continue;
    double w = size[g] * (size[g] - 1) / ss[g], d = mean[g] - centre / total;
    stat += w * d * d;
    a += (1 - w / total) * (1 - w / total) / (size[g] - 1) / (used * used - 1);
  }
  return f_test(stat / ((used - 1) * (1 + 2 * (used - 2) * a)), used - 1, 1 / (3 * a));
}

static lun_oneway plain_anova(const double *size, const double *mean, const double *ss, size_t k)
{
  double n = 0, centre = 0, between = 0, within = 0, used = 0;
  for (size_t g = 0; g < k; g++) n += size[g], centre += size[g] > 0 ? size[g] * mean[g] : 0;
  for (size_t g = 0; g < k; g++) {
    if (size[g] == 0) continue;
    double d = mean[g] - centre / n;
    used++, between += size[g] * d * d, within += ss[g];
  }
  return f_test(between / (used - 1) / (within / (n - used)), used - 1, n - used);
}

lun_status lun_rank_anova(lun_env *env, lun_oneway *out, const double *x, const int32_t *group,
                          size_t n, size_t k, int welch)
{
  lun_pool pool;
  lun_pool_init(&pool, env);
  *out = NO_ONEWAY;
  double *size = LUN_NEW(&pool, double, k), *mean = LUN_NEW(&pool, double, k),
         *ss = LUN_NEW(&pool, double, k);
  lun_status st = size && mean && ss ? LUN_OK : LUN_ENOMEM;
  if (st != LUN_OK) goto done;
  group_means(x, group, n, size, mean);
  for (size_t g = 0; g < k; g++) mean[g] /= size[g];
  for (size_t i = 0; i < n; i++) ss[group[i]] += (x[i] - mean[group[i]]) * (x[i] - mean[group[i]]);
  *out = welch ? welch_anova(size, mean, ss, k) : plain_anova(size, mean, ss, k);
done:
  lun_pool_fini(&pool);
  return st;
}

/* --- correlation ----------------------------------------------------------------------------- */

lun_correlation lun_rank_pearson(const double *x, const double *y, size_t n, double level)
{
  lun_correlation out = { NAN, NAN, NAN, NAN, NAN, NAN };
  if (n < 3) return out;
  double mx = mean_of(x, n), my = mean_of(y, n), sxy = 0, sx = squares(x, n, mx),
         sy = squares(y, n, my);
  for (size_t i = 0; i < n; i++) sxy += (x[i] - mx) * (y[i] - my);
  if (!(sx > 0 && sy > 0)) return out;
  out.r = fmax(-1, fmin(1, sxy / sqrt(sx) / sqrt(sy)));
  out.df = (double)n - 2;
  double left = 1 - out.r * out.r;
  out.t = left > 0 ? out.r * sqrt(out.df / left) : copysign(INFINITY, out.r);
  out.p = lun_t_two_sided(out.t, out.df);
  if (n < 4) return out;
  double half = -lun_norm_quantile((1 - level) / 2) / sqrt((double)n - 3), z = atanh(out.r);
  out.lower = tanh(z - half);
  out.upper = tanh(z + half);
  return out;
}

lun_status lun_rank_spearman(lun_env *env, lun_correlation *out, const double *x, const double *y,
                             size_t n)
{
  lun_pool pool;
  lun_status st = LUN_OK;
  lun_pool_init(&pool, env);
  double *rx = LUN_NEW(&pool, double, n), *ry = LUN_NEW(&pool, double, n);
  if (!rx || !ry) st = LUN_ENOMEM;
  if (st != LUN_OK || (st = lun_order_ranks(env, rx, NULL, x, n)) != LUN_OK) goto done;
  if ((st = lun_order_ranks(env, ry, NULL, y, n)) != LUN_OK) goto done;
  *out = lun_rank_pearson(rx, ry, n, 0.95);
  out->lower = out->upper = NAN;
done:
  lun_pool_fini(&pool);
  return st;
}
