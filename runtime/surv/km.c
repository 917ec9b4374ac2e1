/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/km.h"

#include <math.h>
#include <string.h>

#include "base/cpu.h"
#include "stat/dist.h"
#include "surv/cox/data.h"
#include "surv/cox/lanes.h"
#include "surv/km_parts.h"

enum { MAX_EXPONENT = 700 };

/* --- counts ---------------------------------------------------------------------------------- */

static lun_status reserve(lun_pool *pool, lun_km_curve *c, size_t m, int weighted)
{
  double **arrays[] = { &c->time, &c->n_risk, &c->n_event, &c->n_censor, &c->surv, &c->se_log,
                        &c->lower, &c->upper, &c->cumhaz, &c->se_cumhaz };
  double **raw[] = { &c->raw_risk, &c->raw_event, &c->raw_censor };
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
    if (!(*arrays[i] = LUN_RAW(pool, double, m))) return LUN_ENOMEM;
  }
  for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
    *raw[i] = weighted ? LUN_RAW(pool, double, m) : *arrays[i + 1];
    if (!*raw[i]) return LUN_ENOMEM;
  }
  return LUN_OK;
}

static size_t count_missing(const int32_t *code, size_t n)
{
  size_t missing = 0;
  for (size_t i = 0; code && i < n; i++) missing += code[i] < 0;
  return missing;
}

/* Number of times of each group, by a walk; leaves the walk at its start. */
static void count_times(lun_km *km, lun_riskset *w)
{
  while (lun_riskset_next(w)) {
    if (w->time < km->options.from) break;
    for (size_t g = 0; g < km->k; g++) km->curve[g].m += w->n_event[g] + w->n_censor[g] > 0;
  }
  lun_riskset_rewind(w);
}

/* Writes the counts of a walk into the curves, raw ones when `raw`. */
static void fill(lun_km *km, lun_riskset *w, size_t *at, int raw)
{
  for (size_t g = 0; g < km->k; g++) at[g] = km->curve[g].m;
  while (lun_riskset_next(w)) {
    if (w->time < km->options.from) break;
    for (size_t g = 0; g < km->k; g++) {
      lun_km_curve *c = &km->curve[g];
      if (w->n_event[g] + w->n_censor[g] == 0) continue;
      size_t j = --at[g];
      c->time[j] = w->time;
      (raw ? c->raw_risk : c->n_risk)[j] = w->n_risk[g];
      (raw ? c->raw_event : c->n_event)[j] = w->n_event[g];
      (raw ? c->raw_censor : c->n_censor)[j] = w->n_censor[g];
      *(raw ? &c->rows : &c->weight) += w->n_event[g] + w->n_censor[g];
      if (raw) c->events += w->n_event[g];
    }
  }
}

/* All rows in one curve from the start: the counts are those of the sort. */
static int is_whole(const lun_km *km, const lun_surv *s, const int32_t *code)
{
  const lun_km_options *o = &km->options;
  return !s->whole && !s->start && !code && !o->weight && !o->cause && !(o->from > 0);
}

static lun_status copy_counts(lun_km *km, lun_surv *s)
{
  lun_km_curve *c = km->curve;
  lun_status st = lun_surv_sort(km->env, s);
  if (st != LUN_OK || (st = reserve(&km->pool, c, s->m, 0)) != LUN_OK) return st;
  c->m = s->m;
  memcpy(c->time, s->distinct, s->m * sizeof *c->time);
  for (size_t j = 0; j < s->m; j++) {
    uint32_t rows = s->begin[j + 1] - s->begin[j];
    c->n_risk[j] = (double)(s->n - s->begin[j]);
    c->n_event[j] = s->deaths[j];
    c->n_censor[j] = rows - s->deaths[j];
  }
  c->rows = c->weight = (double)s->n;
  c->events = (double)s->events;
  return LUN_OK;
}

static lun_status tabulate(lun_km *km, lun_surv *s, const int32_t *code)
{
  lun_pool work;
  lun_status st;
  lun_riskset w;
  const double *weight = km->options.weight;
  lun_riskset_options o = { .group = code, .k = km->k, .cause = km->options.cause };
  if (is_whole(km, s, code)) return copy_counts(km, s);
  lun_pool_init(&work, km->env);
  if ((st = lun_riskset_init(&work, &w, s, &o, km->options.robust)) != LUN_OK) goto done;
  km->missing = count_missing(code, s->n);
  count_times(km, &w);
  size_t *at = LUN_NEW(&work, size_t, km->k);
  if (!at) st = LUN_ENOMEM;
  for (size_t g = 0; st == LUN_OK && g < km->k; g++)
    st = reserve(&km->pool, &km->curve[g], km->curve[g].m, weight != NULL);
  if (st != LUN_OK) goto done;
  fill(km, &w, at, 1);
  if (!weight) {
    for (size_t g = 0; g < km->k; g++) km->curve[g].weight = km->curve[g].rows;
    goto done;
  }
  o.weight = weight;
  if ((st = lun_riskset_init(&work, &w, s, &o, 1)) == LUN_OK) fill(km, &w, at, 0);
done:
  lun_pool_fini(&work);
  return st;
}

/* Censoring becomes the event. */
static void reverse_counts(double *risk, double *event, double *censor, size_t m,
                           lun_km_reverse how)
{
  for (size_t j = 0; j < m; j++) {
    double d = event[j];
    if (how == LUN_KM_REVERSE) risk[j] -= d;
    event[j] = censor[j];
    censor[j] = d;
  }
}

static void reverse(lun_km_curve *c, lun_km_reverse how)
{
  c->events = c->rows - c->events;
  reverse_counts(c->n_risk, c->n_event, c->n_censor, c->m, how);
  if (c->raw_risk != c->n_risk) reverse_counts(c->raw_risk, c->raw_event, c->raw_censor, c->m, how);
}

/* --- estimates ------------------------------------------------------------------------------- */

/* What the event times of a block change, each for itself. */
enum { BLOCK = LUN_COX_BLOCK };
typedef struct steps {
  double hazard[BLOCK], variance[BLOCK]; /* of the cumulative hazard */
  double kept[BLOCK], greenwood[BLOCK];  /* of S: factor; of the variance of log S */
  double dies[BLOCK];                    /* 1: S becomes 0 */
} steps;

/* Increments of the hazard and its variance at d events (`rows` of them) among n, one by one. */
static void break_ties(double n, double d, double rows, double *hazard, double *variance)
{
  double each = d / rows;
  if (rows < 2 || !(n > 0)) return;
  *hazard = *variance = 0;
  for (double i = 0; i < rows; i++) {
    double left = n - i * each;
    *hazard += each / left;
    *variance += each / (left * left);
  }
}

/* A frequency weight of 1 + rounding must not leave a survivor. Nobody at risk changes nothing. */
LUN_DISPATCHED
static void find_steps(const lun_km_options *o, const lun_km_curve *c, size_t from, size_t n,
                       steps *s)
{
  const double *risk = c->n_risk + from, *event = c->n_event + from;
  for (size_t i = 0; i < n; i++) {
    double r = risk[i] > 0 ? risk[i] : 1, d = risk[i] > 0 ? event[i] : 0, left = r - d;
    s->hazard[i] = d / r;
    s->variance[i] = d / (r * r);
    s->kept[i] = left / r;
    s->greenwood[i] = d / (r * left);
    s->dies[i] = left <= 1e-9 * r;
  }
  for (size_t i = 0; o->break_ties && i < n; i++)
    break_ties(risk[i], event[i], c->raw_event[from + i], s->hazard + i, s->variance + i);
}

LUN_DISPATCHED
static void take_roots(double *x, size_t n)
{
  for (size_t j = 0; j < n; j++) x[j] = sqrt(x[j]);
}

static void estimate(const lun_km_options *o, lun_km_curve *c)
{
  double surv = 1, greenwood = 0, cumhaz = 0, var_cumhaz = 0;
  steps s;
  for (size_t from = 0; from < c->m; from += BLOCK) {
    size_t n = c->m - from < BLOCK ? c->m - from : BLOCK;
    find_steps(o, c, from, n, &s);
    for (size_t i = 0, j = from; i < n; i++, j++) {
      c->cumhaz[j] = cumhaz += s.hazard[i];
      c->se_cumhaz[j] = var_cumhaz += s.variance[i];
      c->surv[j] = surv = s.dies[i] ? 0 : surv * s.kept[i];
      c->se_log[j] = greenwood = surv > 0 ? greenwood + s.greenwood[i] : INFINITY;
    }
  }
  take_roots(c->se_cumhaz, c->m);
  take_roots(c->se_log, c->m);
  for (size_t j = 0; o->fleming_harrington && j < c->m; j++) {
    c->surv[j] = exp(-c->cumhaz[j]);
    c->se_log[j] = c->se_cumhaz[j];
  }
}

/* exp(log S +- z se) at 128 times; se is of the same order as 1, or infinite where S is 0. */
static void limit_block(lun_km_curve *c, size_t from, double z)
{
  double eta[LUN_COX_BLOCK] = { 0 }, factor[LUN_COX_BLOCK];
  size_t n = c->m - from < LUN_COX_BLOCK ? c->m - from : LUN_COX_BLOCK;
  for (size_t i = 0; i < n; i++) {
    eta[i] = z * c->se_log[from + i];
    if (eta[i] > MAX_EXPONENT) eta[i] = MAX_EXPONENT;
  }
  lun_lanes_risk(factor, eta, 0, NULL);
  for (size_t i = 0; i < n; i++) {
    double s = c->surv[from + i], upper = s * factor[i];
    c->lower[from + i] = s > 0 ? s / factor[i] : NAN;
    c->upper[from + i] = s > 0 ? (upper < 1 ? upper : 1) : NAN;
  }
}

/* Limits change only at events; with weights their variance may change in between. */
static void limit(const lun_km_options *o, lun_km_curve *c)
{
  double z = lun_norm_quantile(0.5 + o->level / 2);
  lun_limits held = lun_km_limits(o->interval, 1, 0, z);
  if (o->interval == LUN_KM_LOG && !o->robust) {
    for (size_t j = 0; j < c->m; j += LUN_COX_BLOCK) limit_block(c, j, z);
    return;
  }
  for (size_t j = 0; j < c->m; j++) {
    if (c->n_event[j] > 0) held = lun_km_limits(o->interval, c->surv[j], c->se_log[j], z);
    c->lower[j] = held.lower;
    c->upper[j] = held.upper;
  }
}

static lun_status fit(lun_km *km, lun_surv *s, const int32_t *code)
{
  const lun_km_options *o = &km->options;
  lun_status st = lun_surv_check_weights(km->env, s, o->weight);
  if (st == LUN_OK) st = tabulate(km, s, code);
  if (st == LUN_OK && s->start) st = lun_km_entries(km, s, code);
  if (st != LUN_OK) return st;
  for (size_t g = 0; g < km->k; g++) {
    if (o->reverse) reverse(&km->curve[g], o->reverse);
    estimate(o, &km->curve[g]);
  }
  if (o->robust && (st = lun_km_robust(km, s, code)) != LUN_OK) return st;
  for (size_t g = 0; g < km->k; g++) limit(o, &km->curve[g]);
  return lun_env_check(km->env);
}

lun_status lun_km_init(lun_env *env, lun_km *out, lun_surv *s, const int32_t *code, size_t k,
                       const lun_km_options *options)
{
  memset(out, 0, sizeof *out);
  if (options->robust && (options->break_ties || options->reverse))
    return lun_fail(env, LUN_EINVAL,
                    "robust variance is defined for forward curves without broken ties");
  out->env = env;
  out->k = code ? k : 1;
  out->options = *options;
  lun_pool_init(&out->pool, env);
  out->curve = LUN_NEW(&out->pool, lun_km_curve, out->k);
  lun_status st = out->curve ? fit(out, s, code) : LUN_ENOMEM;
  out->options.weight = NULL;
  out->options.cluster = NULL;
  if (st != LUN_OK) lun_km_fini(out);
  return st;
}

void lun_km_fini(lun_km *km)
{
  if (km->env) lun_pool_fini(&km->pool);
  memset(km, 0, sizeof *km);
}
