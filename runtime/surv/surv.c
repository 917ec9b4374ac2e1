/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/surv.h"

#include <math.h>
#include <string.h>

#include "base/order.h"

static const double TIE_TOLERANCE = 1.4901161193847656e-08; /* sqrt(DBL_EPSILON) */

static lun_status check_row(lun_env *env, const lun_surv_input *in, size_t i)
{
  double t = in->time[i];
  if (!isfinite(t)) return lun_fail(env, LUN_EDATA, "[data.time] row %z: the time is not a number", i + 1);
  if (t < 0) return lun_fail(env, LUN_EDATA, "[data.negative-time] row %z: the time %g is negative", i + 1, t);
  if (in->status[i] < 0)
    return lun_fail(env, LUN_EDATA, "[data.status] row %z: the event code is missing or negative", i + 1);
  if (in->start && !(in->start[i] < t))
    return lun_fail(env, LUN_EDATA,
                    "[data.interval] row %z: observation starts at %g and ends at %g: the start must come first",
                    i + 1, in->start[i], t);
  return LUN_OK;
}

static lun_status copy(lun_surv *s, const lun_surv_input *in)
{
  s->n = in->n;
  s->time = LUN_NEW(&s->pool, double, in->n);
  s->status = LUN_NEW(&s->pool, int32_t, in->n);
  s->order = LUN_NEW(&s->pool, size_t, in->n);
  if (!s->time || !s->status || !s->order) return LUN_ENOMEM;
  if (in->start) {
    s->start = LUN_NEW(&s->pool, double, in->n);
    s->entry = LUN_NEW(&s->pool, size_t, in->n);
    if (!s->start || !s->entry) return LUN_ENOMEM;
    memcpy(s->start, in->start, in->n * sizeof *s->start);
  }
  for (size_t i = 0; i < in->n; i++) {
    lun_status st = check_row(s->env, in, i);
    if (st != LUN_OK) return st;
    s->time[i] = in->time[i];
    s->status[i] = in->status[i];
    if (in->status[i] > 0) s->events++;
    if (in->status[i] > s->causes) s->causes = in->status[i];
  }
  return LUN_OK;
}

/* Replaces each value by the smallest of its chain of near ties. v: m pointers in sorted order. */
static size_t merge_sorted(double **v, size_t m)
{
  double sum = 0, last = 0;
  size_t distinct = 0, merged = 0;
  for (size_t i = 0; i < m; i++) {
    if (i == 0 || *v[i] != last) {
      last = *v[i];
      sum += fabs(last);
      distinct++;
    }
  }
  if (distinct < 2) return 0;
  double near = TIE_TOLERANCE * (sum / (double)distinct), chain = *v[0];
  last = chain;
  for (size_t i = 1; i < m; i++) {
    double now = *v[i];
    if (now != last) {
      if (now - last > near) chain = now;
      else merged++;
    }
    last = now;
    *v[i] = chain;
  }
  return merged;
}

/* Near ties among the stop times and, with delayed entry, the start times together. */
static lun_status merge_ties(lun_surv *s)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  size_t m = s->start ? 2 * s->n : s->n;
  lun_pool_init(&work, s->env);
  double **v = LUN_NEW(&work, double *, m);
  if (!v) goto done;
  if (!s->start) {
    for (size_t i = 0; i < m; i++) v[i] = &s->time[s->order[i]];
  } else {
    double *all = LUN_NEW(&work, double, m);
    size_t *sorted = LUN_NEW(&work, size_t, m);
    if (!all || !sorted) goto done;
    memcpy(all, s->time, s->n * sizeof *all);
    memcpy(all + s->n, s->start, s->n * sizeof *all);
    if ((st = lun_order_doubles(s->env, sorted, all, m)) != LUN_OK) goto done;
    for (size_t i = 0; i < m; i++)
      v[i] = sorted[i] < s->n ? &s->time[sorted[i]] : &s->start[sorted[i] - s->n];
  }
  s->merged = merge_sorted(v, m);
  st = LUN_OK;
done:
  lun_pool_fini(&work);
  return st;
}

/* At equal times events come before censorings; both keep their row order. */
static lun_status events_first(lun_surv *s)
{
  lun_pool work;
  lun_pool_init(&work, s->env);
  size_t *held = LUN_NEW(&work, size_t, s->n);
  if (!held) return LUN_ENOMEM;
  for (size_t i = 0, j; i < s->n; i = j) {
    size_t k = i, censored = 0;
    for (j = i; j < s->n && s->time[s->order[j]] == s->time[s->order[i]]; j++) {
      if (s->status[s->order[j]] > 0) s->order[k++] = s->order[j];
      else held[censored++] = s->order[j];
    }
    memcpy(s->order + k, held, censored * sizeof *held);
  }
  lun_pool_fini(&work);
  return LUN_OK;
}

lun_status lun_surv_init(lun_env *env, lun_surv *out, const lun_surv_input *in)
{
  lun_status st;
  memset(out, 0, sizeof *out);
  out->env = env;
  lun_pool_init(&out->pool, env);
  if ((st = copy(out, in)) != LUN_OK) goto done;
  if ((st = lun_order_doubles(env, out->order, out->time, out->n)) != LUN_OK) goto done;
  if (!in->exact_ties && (st = merge_ties(out)) != LUN_OK) goto done;
  if ((st = events_first(out)) != LUN_OK) goto done;
  if (out->start) st = lun_order_doubles(env, out->entry, out->start, out->n);
done:
  if (st != LUN_OK) lun_surv_fini(out);
  return st;
}

void lun_surv_fini(lun_surv *s)
{
  if (s->env) lun_pool_fini(&s->pool);
  memset(s, 0, sizeof *s);
}

void lun_surv_group(const lun_surv *s, const size_t *sorted, const int32_t *code, size_t k,
                    size_t *first, size_t *rows)
{
  memset(first, 0, (k + 1) * sizeof *first);
  if (!code) {
    memcpy(rows, sorted, s->n * sizeof *rows);
    first[1] = s->n;
    return;
  }
  for (size_t i = 0; i < s->n; i++) {
    if (code[i] >= 0) first[code[i] + 1]++;
  }
  for (size_t g = 0; g < k; g++) first[g + 1] += first[g];
  for (size_t i = 0; i < s->n; i++) {
    int32_t g = code[sorted[i]];
    if (g >= 0) rows[first[g]++] = sorted[i];
  }
  for (size_t g = k; g > 0; g--) first[g] = first[g - 1]; /* the loop moved them on */
  first[0] = 0;
}
