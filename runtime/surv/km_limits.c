/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Limits and quantiles of survival curves.
 */
#include <math.h>

#include "stat/dist.h"
#include "surv/km.h"

const char *const LUN_KM_INTERVALS[] = {
  "log", "log-log", "plain", "arcsine", "logit", "none", NULL
};
const char *const LUN_KM_RULES[] = { "r", "sas", "first", "below", "spss", NULL };

static const double LEVEL_TOLERANCE = 1.4901161193847656e-08; /* R's, sqrt(epsilon) */
static const double SPSS_REACH = 0.05; /* the 0.55 and 0.45 points of the median */

/* --- limits ---------------------------------------------------------------------------------- */

static lun_limits limits_log(double s, double se, double z)
{
  double factor = exp(z * se);
  return (lun_limits){ s / factor, fmin(1, s * factor) };
}

static lun_limits limits_loglog(double s, double se, double z)
{
  double centre = log(-log(s)), half = z * se / log(s);
  return (lun_limits){ exp(-exp(centre - half)), exp(-exp(centre + half)) };
}

static lun_limits limits_plain(double s, double se, double z)
{
  return (lun_limits){ fmax(0, s - z * se * s), fmin(1, s + z * se * s) };
}

static lun_limits limits_arcsine(double s, double se, double z)
{
  double centre = asin(sqrt(s)), half = 0.5 * z * se * sqrt(s / (1 - s));
  double a = sin(fmax(0, centre - half)), b = sin(fmin(M_PI_2, centre + half));
  return (lun_limits){ a * a, b * b };
}

static lun_limits limits_logit(double s, double se, double z)
{
  double centre = log(s / (1 - s)), half = z * se / (1 - s);
  return (lun_limits){ 1 / (1 + exp(half - centre)), 1 / (1 + exp(-half - centre)) };
}

static lun_limits limits_none(double s, double se, double z)
{
  (void)s, (void)se, (void)z;
  return (lun_limits){ NAN, NAN };
}

static lun_limits (*const LIMITS[])(double, double, double) = {
  limits_log, limits_loglog, limits_plain, limits_arcsine, limits_logit, limits_none,
};

lun_limits lun_km_limits(lun_km_interval kind, double s, double se_log, double z)
{
  if (s <= 0 || kind == LUN_KM_NONE) return (lun_limits){ NAN, NAN };
  if (s >= 1) return (lun_limits){ 1, 1 };
  return LIMITS[kind](s, se_log, z);
}

/* --- quantiles ------------------------------------------------------------------------------- */

/* First time at which a falling curve reaches target (rule below: is below it). Where it stays at the
 * target for a while rules r and sas give the middle of that stretch; when it never falls further,
 * r takes the last time for its end and sas gives none. NaN: never. */
static double cross(const double *time, const double *y, size_t m, double target, lun_km_rule rule)
{
  double level = rule == LUN_KM_RULE_BELOW ? target - LEVEL_TOLERANCE : target + LEVEL_TOLERANCE;
  size_t i = 0;
  while (i < m && !(y[i] < level)) i++;
  if (i == m) return NAN;
  int middle = rule == LUN_KM_RULE_R || rule == LUN_KM_RULE_SAS;
  if (!middle || y[i] < target - LEVEL_TOLERANCE) return time[i];
  size_t j = i;
  while (j < m && !(y[j] < target - LEVEL_TOLERANCE)) j++;
  if (j == m && rule == LUN_KM_RULE_SAS) return NAN;
  return (time[i] + time[j < m ? j : m - 1]) / 2;
}

/* Density of the event at the target: slope between the points on either side of it. NaN: none. */
static double density(const lun_km_curve *c, double target)
{
  size_t u = c->m, l = c->m;
  for (size_t j = 0; j < c->m; j++) {
    if (c->n_event[j] <= 0) continue;
    if (c->surv[j] >= target + SPSS_REACH - LEVEL_TOLERANCE) u = j;
    if (l == c->m && c->surv[j] <= target - SPSS_REACH + LEVEL_TOLERANCE) l = j;
  }
  if (u == c->m || l == c->m) return NAN;
  return (c->surv[u] - c->surv[l]) / (c->time[l] - c->time[u]);
}

static lun_km_quantile_result symmetric(const lun_km_curve *c, double target, double level)
{
  double t = cross(c->time, c->surv, c->m, target, LUN_KM_RULE_FIRST);
  lun_km_quantile_result q = { t, NAN, NAN };
  if (isnan(t)) return q;
  size_t at = lun_km_steps(c, t) - 1;
  if (c->surv[at] <= 0) return q;
  double se = c->surv[at] * c->se_log[at] / density(c, target);
  double half = lun_norm_quantile(0.5 + level / 2) * se;
  q.lower = t - half;
  q.upper = t + half;
  return q;
}

lun_km_quantile_result lun_km_quantile(const lun_km *km, size_t group, double p, lun_km_rule rule)
{
  const lun_km_curve *c = &km->curve[group];
  double target = 1 - p;
  if (rule == LUN_KM_RULE_SPSS) return symmetric(c, target, km->options.level);
  return (lun_km_quantile_result){ cross(c->time, c->surv, c->m, target, rule),
                                   cross(c->time, c->lower, c->m, target, rule),
                                   cross(c->time, c->upper, c->m, target, rule) };
}

/* --- the area -------------------------------------------------------------------------------- */

lun_km_area lun_km_mean(const lun_km_curve *c, double from, double tau)
{
  double area = 0, variance = 0, end = tau;
  for (size_t j = c->m; j-- > 0;) {
    if (c->time[j] >= tau) continue;
    area += c->surv[j] * (end - c->time[j]);
    end = c->time[j];
    double n = c->n_risk[j], d = c->n_event[j];
    if (d > 0 && c->surv[j] > 0) variance += area * area * d / (n * (n - d));
  }
  return (lun_km_area){ area + (end - from), sqrt(variance) };
}
