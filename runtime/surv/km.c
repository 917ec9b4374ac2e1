/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/km.h"

#include <math.h>
#include <string.h>

#include "stat/dist.h"

const char *const LUN_KM_INTERVALS[] = { "log", "log-log", "plain", "arcsine", "logit", NULL };
const char *const LUN_KM_RULES[] = { "r", "sas", "spss", NULL };

/* --- limits ---------------------------------------------------------------------------------- */

typedef struct limits {
  double lower, upper;
} limits;

/* Each: S strictly between 0 and 1, se of log S, z. */
static limits limits_log(double s, double se, double z)
{
  return (limits){ exp(log(s) - z * se), fmin(1, exp(log(s) + z * se)) };
}

static limits limits_loglog(double s, double se, double z)
{
  double centre = log(-log(s)), half = z * se / log(s);
  return (limits){ exp(-exp(centre - half)), exp(-exp(centre + half)) };
}

static limits limits_plain(double s, double se, double z)
{
  return (limits){ fmax(0, s - z * se * s), fmin(1, s + z * se * s) };
}

static limits limits_arcsine(double s, double se, double z)
{
  double centre = asin(sqrt(s)), half = 0.5 * z * se * sqrt(s / (1 - s));
  double a = sin(fmax(0, centre - half)), b = sin(fmin(1.5707963267948966, centre + half));
  return (limits){ a * a, b * b };
}

static limits limits_logit(double s, double se, double z)
{
  double centre = log(s / (1 - s)), half = z * se / (1 - s);
  return (limits){ 1 - 1 / (1 + exp(centre - half)), 1 - 1 / (1 + exp(centre + half)) };
}

static limits (*const LIMITS[])(double, double, double) = {
  limits_log, limits_loglog, limits_plain, limits_arcsine, limits_logit,
};

static limits limits_of(lun_km_interval kind, double s, double se, double z)
{
  if (s <= 0) return (limits){ NAN, NAN };
  if (s >= 1) return (limits){ 1, 1 };
  return LIMITS[kind](s, se, z);
}

void lun_km_limits(lun_km_interval kind, double surv, double se_log, double z, double *lower, double *upper)
{
  limits l = limits_of(kind, surv, se_log, z);
  *lower = l.lower;
  *upper = l.upper;
}

/* --- one curve ------------------------------------------------------------------------------- */

typedef struct walk {
  const lun_surv *s;
  const size_t *rows, *entries; /* of the group, by time and by start; entries NULL: no late entry */
  size_t n;
  const lun_km_options *o;
  double z;
} walk;

static double weight(const walk *w, size_t row)
{
  return w->o->weights ? w->o->weights[row] : 1;
}

static size_t distinct_times(const walk *w)
{
  size_t m = 0;
  for (size_t i = 0; i < w->n; i++) {
    if (i == 0 || w->s->time[w->rows[i]] != w->s->time[w->rows[i - 1]]) m++;
  }
  return m;
}

static lun_status reserve(lun_pool *pool, lun_km_curve *c, size_t m)
{
  double **arrays[] = { &c->time, &c->n_risk, &c->n_event, &c->n_censor, &c->surv,
                        &c->se_log, &c->lower, &c->upper, &c->cumhaz, &c->se_cumhaz };
  c->m = m;
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
    *arrays[i] = LUN_NEW(pool, double, m);
    if (!*arrays[i]) return LUN_ENOMEM;
  }
  return LUN_OK;
}

/* Counts at the distinct times. The walk goes backwards, so that the number at risk is a sum of
 * the rows still there and never a difference of large numbers. */
static void count(const walk *w, lun_km_curve *c)
{
  double at_risk = 0;
  size_t i = w->n, e = w->n;
  for (size_t j = c->m; j-- > 0;) {
    double t = w->s->time[w->rows[i - 1]], events = 0, censored = 0;
    for (; i > 0 && w->s->time[w->rows[i - 1]] == t; i--) {
      size_t row = w->rows[i - 1];
      if (w->s->status[row] > 0) events += weight(w, row);
      else censored += weight(w, row);
    }
    at_risk += events + censored;
    for (; w->entries && e > 0 && w->s->start[w->entries[e - 1]] >= t; e--)
      at_risk -= weight(w, w->entries[e - 1]);
    c->time[j] = t;
    c->n_risk[j] = at_risk;
    c->n_event[j] = events;
    c->n_censor[j] = censored;
    c->rows += events + censored;
    c->events += events;
  }
}

/* Censoring becomes the event. */
static void reverse(lun_km_curve *c, lun_km_reverse how)
{
  c->events = c->rows - c->events;
  for (size_t j = 0; j < c->m; j++) {
    double events = c->n_event[j];
    if (how == LUN_KM_REVERSE) c->n_risk[j] -= events;
    c->n_event[j] = c->n_censor[j];
    c->n_censor[j] = events;
  }
}

static void estimate(const walk *w, lun_km_curve *c)
{
  double surv = 1, var_log = 0, cumhaz = 0, var_cumhaz = 0;
  limits held = { 1, 1 };
  for (size_t j = 0; j < c->m; j++) {
    double d = c->n_event[j], n = c->n_risk[j];
    if (d > 0) {
      surv *= (n - d) / n;
      if (n - d < 1e-9 * n) surv = 0;
      var_log += d / (n * (n - d));
      cumhaz += d / n;
      var_cumhaz += d / (n * n);
      if (surv == 0) var_log = INFINITY;
      held = limits_of(w->o->interval, surv, sqrt(var_log), w->z);
    }
    c->surv[j] = surv;
    c->se_log[j] = sqrt(var_log);
    c->lower[j] = held.lower;
    c->upper[j] = held.upper;
    c->cumhaz[j] = cumhaz;
    c->se_cumhaz[j] = sqrt(var_cumhaz);
  }
}

static lun_status fit_curve(lun_km *km, size_t g, const walk *w)
{
  lun_km_curve *c = &km->curve[g];
  lun_status st = reserve(&km->pool, c, distinct_times(w));
  if (st != LUN_OK) return st;
  count(w, c);
  if (km->options.reverse) reverse(c, km->options.reverse);
  estimate(w, c);
  return lun_env_check(km->env);
}

static lun_status fit_groups(lun_km *km, const lun_surv *s, const int32_t *code)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, km->env);
  size_t *rows = LUN_NEW(&work, size_t, s->n), *first = LUN_NEW(&work, size_t, km->k + 1);
  size_t *entries = NULL, *first_entry = NULL;
  if (!rows || !first) goto done;
  lun_surv_group(s, s->order, code, km->k, first, rows);
  if (s->start) {
    entries = LUN_NEW(&work, size_t, s->n);
    first_entry = LUN_NEW(&work, size_t, km->k + 1);
    if (!entries || !first_entry) goto done;
    lun_surv_group(s, s->entry, code, km->k, first_entry, entries);
  }
  st = LUN_OK;
  for (size_t g = 0; g < km->k && st == LUN_OK; g++) {
    walk w = { s, rows + first[g], entries ? entries + first_entry[g] : NULL, first[g + 1] - first[g],
               &km->options, lun_norm_quantile(0.5 + km->options.level / 2) };
    st = fit_curve(km, g, &w);
  }
  km->missing = s->n - first[km->k];
done:
  lun_pool_fini(&work);
  return st;
}

lun_status lun_km_init(lun_env *env, lun_km *out, const lun_surv *s, const int32_t *code, size_t k,
                       const lun_km_options *options)
{
  memset(out, 0, sizeof *out);
  out->env = env;
  out->k = code ? k : 1;
  out->options = *options;
  lun_pool_init(&out->pool, env);
  out->curve = LUN_NEW(&out->pool, lun_km_curve, out->k);
  lun_status st = out->curve ? fit_groups(out, s, code) : LUN_ENOMEM;
  out->options.weights = NULL; /* the caller's memory */
  if (st != LUN_OK) lun_km_fini(out);
  return st;
}

void lun_km_fini(lun_km *km)
{
  if (km->env) lun_pool_fini(&km->pool);
  memset(km, 0, sizeof *km);
}

/* --- quantiles ------------------------------------------------------------------------------- */

static const double LEVEL_TOLERANCE = 1.4901161193847656e-08;

/* First time at which a falling curve reaches target; when it stays there for a while, the middle
 * of that stretch (rule r), up to the last time when it never goes below. NaN: never. */
static double cross(const double *time, const double *y, size_t m, double target, lun_km_rule rule)
{
  size_t i = 0;
  while (i < m && !(y[i] <= target + LEVEL_TOLERANCE)) i++;
  if (i == m) return NAN;
  if (rule != LUN_KM_RULE_R || y[i] < target - LEVEL_TOLERANCE) return time[i];
  size_t j = i;
  while (j < m && !(y[j] < target - LEVEL_TOLERANCE)) j++;
  return (time[i] + time[j < m ? j : m - 1]) / 2;
}

static lun_km_quantile_result symmetric(const lun_km_curve *c, double target, double level)
{
  lun_km_quantile_result q = { NAN, NAN, NAN };
  size_t at = 0, u = c->m, l = c->m;
  while (at < c->m && c->surv[at] > target + LEVEL_TOLERANCE) at++;
  if (at == c->m) return q;
  q.estimate = c->time[at];
  for (size_t j = 0; j < c->m; j++) {
    if (c->n_event[j] <= 0) continue;
    if (c->surv[j] >= target + 0.05 - LEVEL_TOLERANCE) u = j;
    if (l == c->m && c->surv[j] <= target - 0.05 + LEVEL_TOLERANCE) l = j;
  }
  if (u == c->m || l == c->m || c->surv[at] <= 0) return q;
  double density = (c->surv[u] - c->surv[l]) / (c->time[l] - c->time[u]);
  double half = lun_norm_quantile(0.5 + level / 2) * c->surv[at] * c->se_log[at] / density;
  q.lower = q.estimate - half;
  q.upper = q.estimate + half;
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
