/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/surv.h"

#include <math.h>
#include <string.h>

#include "base/order.h"
#include "surv/cox/layout.h"

enum { TABLE_MAX = 1 << 24, TABLE_PER_ROW = 8, TABLE_MIN = 1024, AHEAD = 32 };

/* --- checks ---------------------------------------------------------------------------------- */

static lun_status bad_time(lun_env *env, size_t row, const char *what, double v)
{
  if (isnan(v))
    return lun_fail(env, LUN_EDATA, "[data.missing-time] row %z: %s is missing", row + 1, what);
  if (isinf(v))
    return lun_fail(env, LUN_EDATA, "[data.infinite-time] row %z: %s is infinite", row + 1, what);
  return lun_fail(env, LUN_EDATA, "[data.negative-time] row %z: %s is %g; times count from 0",
                  row + 1, what, v);
}

static lun_status check_times(lun_env *env, lun_surv *s)
{
  const double *x = s->time;
  double last = 0, fraction = 0;
  for (size_t i = 0; i < s->n; i++) {
    if (!(x[i] >= 0 && x[i] < INFINITY)) return bad_time(env, i, "time", x[i]);
    if (x[i] > last) last = x[i];
    if (x[i] < TABLE_MAX) fraction += x[i] != (double)(int32_t)x[i];
  }
  s->last = last;
  s->whole = fraction == 0 && last < TABLE_MAX && s->opt.tolerance * last < 1
             && last <= (double)s->n * TABLE_PER_ROW + TABLE_MIN;
  return LUN_OK;
}

static lun_status check_starts(lun_env *env, lun_surv *s)
{
  double fraction = 0;
  for (size_t i = 0; i < s->n; i++) {
    double v = s->start[i];
    if (v < TABLE_MAX) fraction += v != (double)(int32_t)v;
    if (!(v >= 0 && v < INFINITY)) return bad_time(env, i, "start", v);
    if (v >= s->time[i])
      return lun_fail(env, LUN_EDATA,
                      "[data.empty-interval] row %z: start %g is not before stop %g", i + 1, v,
                      s->time[i]);
  }
  if (fraction != 0) s->whole = 0;
  return LUN_OK;
}

static lun_status check_status(lun_env *env, lun_surv *s)
{
  const int32_t *status = s->status;
  int32_t causes = 0;
  size_t events = 0;
  for (size_t i = 0; i < s->n; i++) {
    if (status[i] < 0)
      return lun_fail(env, LUN_EDATA,
                      "[data.status] row %z: status is %s; expected 0 (censored), 1 (event) "
                      "or the number of a cause",
                      i + 1, status[i] == INT32_MIN ? "missing" : "negative");
    events += status[i] != 0;
    if (status[i] > causes) causes = status[i];
  }
  s->events = events;
  s->causes = causes;
  return LUN_OK;
}

lun_status lun_surv_check_weights(lun_env *env, const lun_surv *s, const double *weight)
{
  for (size_t i = 0; weight && i < s->n; i++) {
    if (!(weight[i] > 0 && weight[i] < INFINITY))
      return lun_fail(env, LUN_EDATA, "[data.weight] row %z: weight is %g; weights must be above 0 "
                      "(leave the row out instead of weighting it 0)", i + 1, weight[i]);
  }
  return LUN_OK;
}

lun_status lun_surv_init(lun_env *env, lun_surv *s, const lun_surv_data *in,
                         const lun_surv_options *opt)
{
  lun_status st;
  memset(s, 0, sizeof *s);
  lun_pool_init(&s->pool, env);
  s->n = in->n;
  s->time = in->time;
  s->start = in->start;
  s->status = in->status;
  s->opt = opt ? *opt : (lun_surv_options){ LUN_SURV_TOLERANCE, 0 };
  if (in->n >= UINT32_MAX - 1)
    return lun_fail(env, LUN_ELIMIT, "%z rows: at most 4294967293", in->n);
  if ((st = check_times(env, s)) != LUN_OK) return st;
  if ((st = check_status(env, s)) != LUN_OK) return st;
  return in->start ? check_starts(env, s) : LUN_OK;
}

void lun_surv_fini(lun_surv *s)
{
  lun_cox_layout_leave(s->cox);
  lun_pool_fini(&s->pool);
  memset(s, 0, sizeof *s);
}

/* --- sorting --------------------------------------------------------------------------------- */

/* What lun_surv promises as const, while it is made. */
typedef struct maker {
  lun_surv *s;
  double *distinct;
  double *time, *start; /* merged, or NULL while nothing is */
  uint32_t *begin, *deaths, *order, *index, *entry, *by_entry;
  size_t m, filled, entered;
} maker;

static lun_status make(maker *k, lun_surv *s, size_t times)
{
  lun_pool *pool = &s->pool;
  size_t n = s->n;
  *k = (maker){ .s = s };
  k->distinct = LUN_RAW(pool, double, times);
  k->begin = LUN_RAW(pool, uint32_t, times + 1);
  k->deaths = LUN_RAW(pool, uint32_t, times);
  k->order = LUN_RAW(pool, uint32_t, n);
  k->index = LUN_RAW(pool, uint32_t, n);
  if (!k->distinct || !k->begin || !k->deaths || !k->order || !k->index) return LUN_ENOMEM;
  if (!s->start) return LUN_OK;
  k->entry = LUN_RAW(pool, uint32_t, n);
  k->by_entry = LUN_RAW(pool, uint32_t, n);
  return k->entry && k->by_entry ? LUN_OK : LUN_ENOMEM;
}

static void finish(maker *k)
{
  lun_surv *s = k->s;
  k->begin[k->m] = (uint32_t)k->filled;
  s->m = k->m;
  s->distinct = k->distinct;
  s->begin = k->begin;
  s->deaths = k->deaths;
  s->order = k->order;
  s->index = k->index;
  s->entry = k->entry;
  s->by_entry = k->by_entry;
  if (k->time) {
    s->time = k->time;
    s->start = k->start;
  }
  s->sorted = 1;
}

/* Entries of whole numbers; at: work, a place for each day and one more. */
static void enter_whole(maker *k, uint32_t *at, size_t days)
{
  const lun_surv *s = k->s;
  size_t m = 0;
  memset(at, 0, (days + 1) * sizeof *at);
  for (size_t i = 0; i < s->n; i++) at[(size_t)s->start[i] + 1]++;
  for (size_t t = 0; t < days; t++) at[t + 1] += at[t];
  for (size_t i = 0; i < s->n; i++) k->by_entry[at[(size_t)s->start[i]]++] = (uint32_t)i;
  for (size_t t = 0; t < days; t++) {
    while (m < k->m && k->distinct[m] <= (double)t) m++;
    at[t] = (uint32_t)m;
  }
  for (size_t i = 0; i < s->n; i++) k->entry[i] = at[(size_t)s->start[i]];
}

/* Whole numbers: a counting sort on 2 time + (censored). */
static lun_status sort_whole(lun_env *env, lun_surv *s)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  size_t n = s->n, slots = 2 * ((size_t)s->last + 1);
  const double *time = s->time;
  const int32_t *status = s->status;
  maker k;
  lun_pool_init(&work, env);
  uint32_t *at = LUN_NEW(&work, uint32_t, slots);
  if (!at || (st = make(&k, s, slots / 2 < n ? slots / 2 : n)) != LUN_OK) goto done;
  for (size_t i = 0; i < n; i++) at[2 * (size_t)time[i] + (status[i] == 0)]++;
  for (size_t t = 0; t < slots; t += 2) {
    uint32_t d = at[t], c = at[t + 1], first = (uint32_t)k.filled;
    at[t] = first;
    at[t + 1] = first + d;
    if (d + c == 0) continue;
    k.distinct[k.m] = (double)(t / 2);
    k.deaths[k.m] = d;
    k.begin[k.m++] = first;
    k.filled += d + c;
  }
  for (size_t i = 0; i < n; i++)
    k.order[at[2 * (size_t)time[i] + (status[i] == 0)]++] = (uint32_t)i;
  for (size_t j = 0; j < k.m; j++) {
    uint32_t end = j + 1 < k.m ? k.begin[j + 1] : (uint32_t)n;
    for (uint32_t i = k.begin[j]; i < end; i++) k.index[k.order[i]] = (uint32_t)j;
  }
  if (s->start) enter_whole(&k, at, slots / 2);
  finish(&k);
  st = LUN_OK;
done:
  lun_pool_fini(&work);
  return st;
}

/* Largest difference between neighbours that ties them; t: n sorted times. */
static double tie_width(const lun_surv *s, const double *t, size_t n)
{
  double sum = 0, width = s->opt.tolerance;
  size_t unique = 0;
  for (size_t i = 0; i < n; i++) {
    if (i && t[i] == t[i - 1]) continue;
    sum += fabs(t[i]);
    unique++;
  }
  double relative = unique ? width * (sum / (double)unique) : 0;
  return s->opt.absolute && width > relative ? width : relative;
}

/* Gives all of a tied set by[0..n) its smallest time. */
static lun_status merge(maker *k, double time, const size_t *by, size_t n)
{
  lun_surv *s = k->s;
  if (!k->time) {
    k->time = LUN_NEW(&s->pool, double, s->n);
    k->start = s->start ? LUN_NEW(&s->pool, double, s->n) : NULL;
    if (!k->time || (s->start && !k->start)) return LUN_ENOMEM;
    memcpy(k->time, s->time, s->n * sizeof *k->time);
    if (s->start) memcpy(k->start, s->start, s->n * sizeof *k->start);
  }
  for (size_t i = 0; i < n; i++) {
    if (by[i] < s->n) k->time[by[i]] = time;
    else k->start[by[i] - s->n] = time;
  }
  return LUN_OK;
}

/* Takes the stop of a row that is tied with none into the order. */
static void take_one(maker *k, double time, size_t row)
{
  k->index[row] = (uint32_t)k->m;
  k->order[k->filled] = (uint32_t)row;
  k->distinct[k->m] = time;
  k->deaths[k->m] = k->s->status[row] != 0;
  k->begin[k->m++] = (uint32_t)k->filled++;
}

/* Takes the stops of one tied set by[0..n) into the order, events first, then its starts. */
static void take_ties(maker *k, double time, const size_t *by, size_t n)
{
  size_t rows = k->s->n, before = k->filled, deaths = 0;
  for (int censored = 0; censored < 2; censored++) {
    for (size_t i = 0; i < n; i++) {
      if (by[i] >= rows || (k->s->status[by[i]] == 0) != censored) continue;
      k->index[by[i]] = (uint32_t)k->m;
      k->order[k->filled++] = (uint32_t)by[i];
    }
    if (!censored) deaths = k->filled - before;
  }
  if (k->filled > before) {
    k->distinct[k->m] = time;
    k->deaths[k->m] = (uint32_t)deaths;
    k->begin[k->m++] = (uint32_t)before;
  }
  for (size_t i = 0; i < n; i++) {
    if (by[i] < rows) continue;
    k->entry[by[i] - rows] = (uint32_t)k->m;
    k->by_entry[k->entered++] = (uint32_t)(by[i] - rows);
  }
}

static lun_status check_intervals(lun_env *env, const maker *k)
{
  const lun_surv *s = k->s;
  for (size_t i = 0; s->start && i < s->n; i++) {
    if (k->entry[i] > k->index[i])
      return lun_fail(env, LUN_EDATA,
                      "[data.empty-interval] row %z: start %g and stop %g are one time within "
                      "the tolerance of ties; merge the row with its neighbour or set timefix = 0",
                      i + 1, s->start[i], s->time[i]);
  }
  return LUN_OK;
}

/* Rows lie anywhere: what will be read and written of one is asked for before it is needed. */
static void fetch(const maker *k, size_t row)
{
  if (row >= k->s->n) return;
  __builtin_prefetch(k->s->status + row);
  __builtin_prefetch(k->index + row, 1);
}

static lun_status sort_any(lun_env *env, lun_surv *s)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  size_t n = s->n, all_n = s->start ? 2 * n : n;
  const double *all = s->time;
  maker k;
  lun_pool_init(&work, env);
  size_t *by = LUN_RAW(&work, size_t, all_n);
  double *t = LUN_RAW(&work, double, all_n);
  if (!by || !t) goto done;
  if (s->start) {
    double *both = LUN_RAW(&work, double, all_n);
    if (!both) goto done;
    memcpy(both, s->time, n * sizeof *both);
    memcpy(both + n, s->start, n * sizeof *both);
    all = both;
  }
  if ((st = lun_order_sorted(env, by, t, all, all_n)) != LUN_OK) goto done;
  if ((st = make(&k, s, n)) != LUN_OK) goto done;
  double width = tie_width(s, t, all_n);
  for (size_t i = 0, j; i < all_n; i = j) {
    if (i + AHEAD < all_n) fetch(&k, by[i + AHEAD]);
    for (j = i + 1; j < all_n && t[j] - t[j - 1] <= width; j++) s->merged += t[j] != t[j - 1];
    if (j == i + 1 && by[i] < n) take_one(&k, t[i], by[i]);
    else take_ties(&k, t[i], by + i, j - i);
    if (t[j - 1] != t[i] && (st = merge(&k, t[i], by + i, j - i)) != LUN_OK) goto done;
  }
  if ((st = check_intervals(env, &k)) == LUN_OK) finish(&k);
done:
  lun_pool_fini(&work);
  return st;
}

lun_status lun_surv_sort(lun_env *env, lun_surv *s)
{
  if (s->sorted) return LUN_OK;
  return s->whole ? sort_whole(env, s) : sort_any(env, s);
}

void lun_surv_split(const lun_surv *s, const uint32_t *sorted, const int32_t *code, size_t k,
                    size_t *first, uint32_t *rows)
{
  memset(first, 0, (k + 1) * sizeof *first);
  for (size_t i = 0; i < s->n; i++) {
    if (code[i] >= 0) first[code[i] + 1]++;
  }
  for (size_t h = 0; h < k; h++) first[h + 1] += first[h];
  for (size_t i = 0; i < s->n; i++) {
    int32_t h = code[sorted[i]];
    if (h >= 0) rows[first[h]++] = sorted[i];
  }
  memmove(first + 1, first, k * sizeof *first); /* the loop moved each to the next one's place */
  first[0] = 0;
}
