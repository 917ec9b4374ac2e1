/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/layout.h"

#include <math.h>
#include <string.h>

#include "base/order.h"

/* The sorted rows while the layout is made. */
typedef struct layout {
  lun_pool *work;
  size_t *sorted;     /* rows of the input by stratum and stop */
  uint32_t *position; /* of an input row in used */
  uint32_t *last, *before; /* by place in sorted */
} layout;

static int is_missing(const lun_cox_input *in, size_t i)
{
  if (isnan(in->stop[i]) || (in->start && isnan(in->start[i]))) return 1;
  if (in->strata && in->strata[i] < 0) return 1;
  if (in->cluster && in->cluster[i] < 0) return 1;
  if (in->offset && isnan(in->offset[i])) return 1;
  if (in->weights && isnan(in->weights[i])) return 1;
  if (in->freq && isnan(in->freq[i])) return 1;
  for (size_t j = 0; j < in->p; j++)
    if (isnan(in->x[j][i])) return 1;
  return 0;
}

static lun_status check_row(lun_env *env, const lun_cox_input *in, size_t i)
{
  if (in->start && !(in->start[i] < in->stop[i]))
    return lun_fail(env, LUN_EDATA, "[data.interval] row %z: start %g is not before stop %g", i + 1,
                    in->start[i], in->stop[i]);
  if (in->weights && (in->weights[i] < 0 || isinf(in->weights[i])))
    return lun_fail(env, LUN_EINVAL, "[data.weight] row %z: weight %g is not a number from 0",
                    i + 1, in->weights[i]);
  if (in->freq && (in->freq[i] < 0 || in->freq[i] > 1e9 || in->freq[i] != floor(in->freq[i])))
    return lun_fail(env, LUN_EINVAL,
                    "[data.weight] row %z: frequency %g is not a whole number (sampling weights go "
                    "under weights)", i + 1, in->freq[i]);
  return LUN_OK;
}

static int no_weight(const lun_cox_input *in, size_t i)
{
  return (in->weights && in->weights[i] == 0) || (in->freq && in->freq[i] == 0);
}

static lun_status choose_rows(lun_pool *pool, lun_cox_data *d, const lun_cox_input *in, layout *l)
{
  lun_status st;
  d->used = LUN_RAW(pool, size_t, in->n);
  l->position = LUN_RAW(l->work, uint32_t, in->n);
  if (!d->used || !l->position) return LUN_ENOMEM;
  for (size_t i = 0; i < in->n; i++) {
    double count = in->freq ? in->freq[i] : 1;
    l->position[i] = LUN_COX_NONE;
    if (is_missing(in, i)) {
      d->missing++;
      continue;
    }
    if ((st = check_row(pool->env, in, i)) != LUN_OK) return st;
    if (no_weight(in, i)) {
      d->zero++;
      continue;
    }
    l->position[i] = (uint32_t)d->rows;
    d->used[d->rows++] = i;
    d->total += (size_t)count;
    if (in->event[i]) d->events += (size_t)count;
  }
  if (!d->rows)
    return lun_fail(pool->env, LUN_EDATA, "[data.empty] no rows: %z of %z have a missing value",
                    d->missing, in->n);
  if (!d->events)
    return lun_fail(pool->env, LUN_EDATA, "[data.no-events] no events among %z rows", d->rows);
  return LUN_OK;
}

/* Stable counting sort of the used rows by stratum, behind the sort by time. */
static lun_status sort_rows(lun_cox_data *d, const lun_cox_input *in, layout *l)
{
  lun_env *env = l->work->env;
  lun_status st;
  size_t levels = 0, *order = NULL, *at;
  if (!in->order) {
    if (!(order = LUN_RAW(l->work, size_t, in->n))) return LUN_ENOMEM;
    if ((st = lun_order_doubles(env, order, in->stop, in->n)) != LUN_OK) return st;
  }
  for (size_t u = 0; in->strata && u < d->rows; u++) {
    size_t s = (size_t)in->strata[d->used[u]] + 1;
    if (s > levels) levels = s;
  }
  at = LUN_NEW(l->work, size_t, levels + 2);
  l->sorted = LUN_RAW(l->work, size_t, d->rows);
  if (!at || !l->sorted) return LUN_ENOMEM;
  for (size_t u = 0; in->strata && u < d->rows; u++) at[in->strata[d->used[u]] + 1]++;
  for (size_t s = 0; s < levels; s++) at[s + 1] += at[s];
  for (size_t i = 0; i < in->n; i++) {
    size_t row = in->order ? in->order[i] : order[i];
    if (l->position[row] == LUN_COX_NONE) continue;
    l->sorted[at[in->strata ? in->strata[row] : 0]++] = row;
  }
  return LUN_OK;
}

/* Event times up to t among time[0..n), increasing. */
static size_t count_until(const double *time, size_t n, double t)
{
  size_t low = 0, high = n;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    if (time[mid] <= t) low = mid + 1;
    else high = mid;
  }
  return low;
}

/* Adds the deaths of the tie group sorted[from..to) to event time k. */
static int count_deaths(lun_cox_data *d, const lun_cox_input *in, const size_t *sorted, size_t from,
                        size_t to)
{
  double deaths = 0, mass = 0;
  for (size_t i = from; i < to; i++) {
    size_t row = sorted[i];
    double freq = in->freq ? in->freq[row] : 1;
    if (!in->event[row]) continue;
    deaths += freq;
    mass += in->weights ? freq * in->weights[row] : freq;
  }
  if (deaths == 0) return 0;
  d->time[d->m] = in->stop[sorted[from]];
  d->deaths[d->m] = deaths;
  d->mass[d->m] = mass;
  if (deaths > 1) d->tied = 1;
  d->m++;
  return 1;
}

/* before[i] = number of event times up to the start of each row; one stratum, one walk. */
static lun_status merge_starts(lun_cox_data *d, const lun_cox_input *in, layout *l)
{
  uint32_t *until = LUN_RAW(l->work, uint32_t, in->n);
  size_t k = 0;
  if (!until) return LUN_ENOMEM;
  for (size_t i = 0; i < in->n; i++) {
    size_t row = in->by_start[i];
    while (k < d->m && d->time[k] <= in->start[row]) k++;
    until[row] = (uint32_t)k;
  }
  for (size_t i = 0; i < d->rows; i++) l->before[i] = until[l->sorted[i]];
  return LUN_OK;
}

/* The range of event times of each row of the stratum sorted[from..to), whose first is `first`. */
static void place_starts(lun_cox_data *d, const lun_cox_input *in, layout *l, size_t from,
                         size_t to, size_t first)
{
  for (size_t i = from; i < to; i++) {
    size_t k = first;
    if (in->by_start && !in->strata) k += l->before[i];
    else k += count_until(d->time + first, d->m - first, in->start[l->sorted[i]]);
    l->before[i] = k == first ? LUN_COX_NONE : (uint32_t)(k - 1);
    if (l->last[i] != LUN_COX_NONE && k > l->last[i]) l->last[i] = LUN_COX_NONE;
  }
}

/* Numbers the event times of the stratum sorted[from..to) and the range of each row. */
static lun_status number_stratum(lun_cox_data *d, const lun_cox_input *in, layout *l, size_t from,
                           size_t to)
{
  size_t first = d->m;
  for (size_t i = from, end; i < to; i = end) {
    for (end = i + 1; end < to && in->stop[l->sorted[end]] == in->stop[l->sorted[i]]; end++)
      continue;
    count_deaths(d, in, l->sorted, i, end);
    for (size_t g = i; g < end; g++)
      l->last[g] = d->m > first ? (uint32_t)(d->m - 1) : LUN_COX_NONE;
  }
  if (d->m > first) {
    d->stratum[d->strata] = in->strata ? in->strata[l->sorted[from]] : 0;
    d->first[d->strata++] = first;
    d->first[d->strata] = d->m;
  }
  if (!in->start) return LUN_OK;
  if (in->by_start && !in->strata) {
    lun_status st = merge_starts(d, in, l);
    if (st != LUN_OK) return st;
  }
  place_starts(d, in, l, from, to, first);
  return LUN_OK;
}

static lun_status number_events(lun_pool *pool, lun_cox_data *d, const lun_cox_input *in, layout *l)
{
  size_t groups = 0;
  d->time = LUN_RAW(pool, double, d->events < d->rows ? d->events : d->rows);
  d->deaths = LUN_RAW(pool, double, d->events < d->rows ? d->events : d->rows);
  d->mass = LUN_RAW(pool, double, d->events < d->rows ? d->events : d->rows);
  l->last = LUN_RAW(l->work, uint32_t, d->rows);
  l->before = LUN_RAW(l->work, uint32_t, d->rows);
  for (size_t i = 0; i < d->rows; i++)
    groups += i == 0 || (in->strata && in->strata[l->sorted[i]] != in->strata[l->sorted[i - 1]]);
  d->first = LUN_NEW(pool, size_t, groups + 1);
  d->stratum = LUN_NEW(pool, int32_t, groups);
  if (!d->time || !d->deaths || !d->mass || !l->last || !l->before || !d->first || !d->stratum)
    return LUN_ENOMEM;
  for (size_t i = 0, end; i < d->rows; i = end) {
    for (end = i + 1;
         end < d->rows && (!in->strata || in->strata[l->sorted[end]] == in->strata[l->sorted[i]]);
         end++)
      continue;
    lun_status st = number_stratum(d, in, l, i, end);
    if (st != LUN_OK) return st;
  }
  return LUN_OK;
}

static void place(lun_cox_data *d, const lun_cox_input *in, const layout *l, size_t i)
{
  size_t row = l->sorted[i];
  d->row[d->n] = l->position[row];
  d->last[d->n] = l->last[i];
  d->dead[d->n] = in->event[row];
  if (d->before) d->before[d->n] = l->before[i];
  d->n++;
}

/* Places the rows of sorted[from..to), which share `last`: those that survive it, then the deaths.
 */
static void place_group(lun_cox_data *d, const lun_cox_input *in, const layout *l, size_t from,
                        size_t to)
{
  for (int death = 0; death <= 1; death++) {
    for (size_t i = from; i < to; i++)
      if (l->last[i] != LUN_COX_NONE && in->event[l->sorted[i]] == death) place(d, in, l, i);
  }
}

static lun_status place_rows(lun_pool *pool, lun_cox_data *d, const lun_cox_input *in,
                             const layout *l)
{
  d->row = LUN_RAW(pool, uint32_t, d->rows);
  d->last = LUN_RAW(pool, uint32_t, d->rows);
  d->dead = LUN_RAW(pool, unsigned char, d->rows);
  d->before = in->start ? LUN_RAW(pool, uint32_t, d->rows) : NULL;
  if (!d->row || !d->last || !d->dead || (in->start && !d->before)) return LUN_ENOMEM;
  for (size_t i = 0, end; i < d->rows; i = end) {
    uint32_t last = l->last[i];
    if (last == LUN_COX_NONE) {
      end = i + 1;
      continue;
    }
    for (end = i + 1; end < d->rows && (l->last[end] == last || l->last[end] == LUN_COX_NONE);
         end++)
      continue;
    place_group(d, in, l, i, end);
  }
  size_t at_risk = d->n;
  for (size_t i = 0; i < d->rows; i++)
    if (l->last[i] == LUN_COX_NONE) place(d, in, l, i);
  d->n = at_risk;
  d->blocks = (d->rows + LUN_COX_BLOCK - 1) / LUN_COX_BLOCK;
  return LUN_OK;
}

static double row_weight(const lun_cox_input *in, size_t row)
{
  return (in->weights ? in->weights[row] : 1) * (in->freq ? in->freq[row] : 1);
}

static lun_status list_ties(lun_pool *pool, lun_cox_data *d)
{
  size_t most = d->tied ? d->n : 0;
  if (!(d->tie = LUN_RAW(pool, uint32_t, most))) return LUN_ENOMEM;
  for (size_t i = 0; i < most; i++)
    if (d->dead[i] && d->deaths[d->last[i]] != 1) d->tie[d->ties++] = (uint32_t)i;
  return LUN_OK;
}

/* Times by position in used; weights by place. */
static lun_status weigh_rows(lun_pool *pool, lun_cox_data *d, const lun_cox_input *in)
{
  size_t padded = d->blocks * LUN_COX_BLOCK;
  d->stop = LUN_RAW(pool, double, d->rows);
  d->death = LUN_NEW(pool, double, padded);
  if (!d->stop || !d->death) return LUN_ENOMEM;
  if (in->start && !(d->start = LUN_RAW(pool, double, d->rows))) return LUN_ENOMEM;
  if ((in->weights || in->freq) && !(d->weight = LUN_NEW(pool, double, padded))) return LUN_ENOMEM;
  if (in->freq && !(d->freq = LUN_RAW(pool, double, d->rows))) return LUN_ENOMEM;
  for (size_t u = 0; u < d->rows; u++) {
    d->stop[u] = in->stop[d->used[u]];
    if (d->start) d->start[u] = in->start[d->used[u]];
  }
  for (size_t i = 0; i < d->rows; i++) {
    size_t row = d->used[d->row[i]];
    if (d->weight) d->weight[i] = row_weight(in, row);
    if (i < d->n && d->dead[i]) d->death[i] = row_weight(in, row);
    if (d->freq) d->freq[i] = in->freq[row];
  }
  return LUN_OK;
}

lun_status lun_cox_layout_make(lun_pool *pool, lun_cox_data *d, const lun_cox_input *in)
{
  lun_pool work;
  layout l = { .work = &work };
  lun_status st;
  d->env = pool->env;
  lun_pool_init(&work, pool->env);
  if ((st = choose_rows(pool, d, in, &l)) != LUN_OK) goto done;
  if ((st = sort_rows(d, in, &l)) != LUN_OK) goto done;
  if ((st = number_events(pool, d, in, &l)) != LUN_OK) goto done;
  if ((st = place_rows(pool, d, in, &l)) != LUN_OK) goto done;
  if ((st = list_ties(pool, d)) != LUN_OK) goto done;
  st = weigh_rows(pool, d, in);
done:
  lun_pool_fini(&work);
  return st;
}

/* --- shared by the models of one response -------------------------------------------------- */

lun_status lun_cox_layout_share(lun_env *env, lun_cox_data *d, const lun_cox_input *in)
{
  lun_cox_layout *l = *in->shared;
  if (l && l->cause != in->cause) {
    *in->shared = NULL;
    lun_cox_layout_leave(l);
    l = NULL;
  }
  if (!l) {
    lun_cox_input rows = { .n = in->n, .start = in->start, .stop = in->stop, .event = in->event,
                           .order = in->order, .by_start = in->by_start };
    if (!(l = lun_mem_new(env, 1, sizeof *l))) return LUN_ENOMEM;
    l->users = 1;
    l->cause = in->cause;
    lun_pool_init(&l->pool, env);
    lun_status st = lun_cox_layout_make(&l->pool, &l->data, &rows);
    if (st != LUN_OK) {
      lun_cox_layout_leave(l);
      return st;
    }
    *in->shared = l;
  }
  *d = l->data;
  d->layout = l;
  l->users++;
  return LUN_OK;
}

void lun_cox_layout_leave(lun_cox_layout *l)
{
  if (!l || --l->users > 0) return;
  lun_env *env = l->pool.env;
  lun_pool_fini(&l->pool);
  lun_mem_free(env, l);
}
