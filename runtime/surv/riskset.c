/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/riskset.h"

#include <string.h>

enum {
  TABLE_FROM = 2048, /* rows; below, the sort costs nothing */
  AHEAD = 32         /* rows whose group is asked for before it is needed: they lie anywhere */
};

static int is_event(const lun_riskset_options *o, int32_t status)
{
  return o->cause ? status == o->cause : status != 0;
}

/* Group of a row, or -1 when the walk passes it over. */
static int32_t group_of(const lun_riskset_options *o, size_t row)
{
  return o->group ? o->group[row] : 0;
}

static lun_status count_days(lun_pool *pool, lun_riskset *w)
{
  const lun_surv *s = w->s;
  size_t k = w->k;
  uint32_t *table = LUN_NEW(pool, uint32_t, ((size_t)s->last + 1) * k * 2);
  if (!table) return LUN_ENOMEM;
  for (size_t i = 0; i < s->n; i++) {
    int32_t g = group_of(&w->o, i);
    if (g >= 0)
      table[((size_t)(int32_t)s->time[i] * k + (size_t)g) * 2 + !is_event(&w->o, s->status[i])]++;
  }
  w->table = table;
  return LUN_OK;
}

static int suits_table(const lun_riskset *w)
{
  const lun_surv *s = w->s;
  return s->whole && !s->start && !w->o.weight && !w->o.rows && s->n >= TABLE_FROM
         && (s->last + 1) * (double)w->k <= (double)s->n;
}

void lun_riskset_rewind(lun_riskset *w)
{
  w->at = w->table ? (size_t)w->s->last + 1 : w->s->m;
  w->left = w->entered = w->o.count;
  w->n = w->d = 0;
  memset(w->n_risk, 0, w->k * sizeof *w->n_risk);
}

lun_status lun_riskset_init(lun_pool *pool, lun_riskset *w, lun_surv *s,
                            const lun_riskset_options *o, int sorted)
{
  lun_status st;
  *w = (lun_riskset){ .k = o->k ? o->k : 1, .s = s, .o = *o };
  w->n_risk = LUN_NEW(pool, double, w->k);
  w->n_event = LUN_NEW(pool, double, w->k);
  w->n_censor = LUN_NEW(pool, double, w->k);
  if (!w->n_risk || !w->n_event || !w->n_censor) return LUN_ENOMEM;
  if (!sorted && suits_table(w)) {
    st = count_days(pool, w);
  } else if ((st = lun_surv_sort(pool->env, s)) == LUN_OK && !o->rows) {
    w->whole = 1;
    w->o.rows = s->order;
    w->o.entries = s->by_entry;
    w->o.count = s->n;
  }
  if (st == LUN_OK) lun_riskset_rewind(w);
  return st;
}

size_t lun_riskset_times(const lun_riskset *w)
{
  return w->table ? (size_t)w->s->last + 1 : w->s->m;
}

static int next_day(lun_riskset *w)
{
  while (w->at > 0) {
    const uint32_t *c = w->table + --w->at * w->k * 2;
    double leaving = 0, events = 0;
    for (size_t g = 0; g < w->k; g++) {
      w->n_event[g] = c[2 * g];
      w->n_censor[g] = c[2 * g + 1];
      w->n_risk[g] += (double)c[2 * g] + (double)c[2 * g + 1];
      events += c[2 * g];
      leaving += (double)c[2 * g] + (double)c[2 * g + 1];
    }
    if (leaving == 0) continue;
    w->n += leaving;
    w->d = events;
    w->time = (double)w->at;
    return 1;
  }
  return 0;
}

/* Takes out the rows that enter at or after the current time. */
static void take_out(lun_riskset *w)
{
  const uint32_t *entry = w->s->entry;
  for (; w->entered > 0 && entry[w->o.entries[w->entered - 1]] > w->at; w->entered--) {
    uint32_t row = w->o.entries[w->entered - 1];
    int32_t g = group_of(&w->o, row);
    if (g >= 0) w->n_risk[g] -= w->o.weight ? w->o.weight[row] : 1;
  }
  w->n = 0;
  for (size_t g = 0; g < w->k; g++) w->n += w->n_risk[g];
}

/* All rows count alike: what ends at distinct[at] is known without looking at them. */
static int take_count(lun_riskset *w)
{
  const lun_surv *s = w->s;
  double rows = s->begin[w->at + 1] - s->begin[w->at];
  w->d = w->n_event[0] = s->deaths[w->at];
  w->n_censor[0] = rows - w->d;
  w->n = w->n_risk[0] += rows;
  return 1;
}

/* The same by group; the events are the first rows of those that end at distinct[at]. */
static int take_groups(lun_riskset *w)
{
  const lun_surv *s = w->s;
  const uint32_t *row = s->order + s->begin[w->at];
  size_t rows = s->begin[w->at + 1] - s->begin[w->at], deaths = s->deaths[w->at], found = 0;
  w->d = 0;
  for (size_t g = 0; g < w->k; g++) w->n_event[g] = w->n_censor[g] = 0;
  for (size_t i = 0; i < rows; i++) {
    int32_t g = w->o.group[row[i]];
    if (s->begin[w->at] + i >= AHEAD) __builtin_prefetch(w->o.group + *(row + i - AHEAD));
    double event = i < deaths; /* a branch could not be foreseen */
    if (g < 0) continue;
    found = 1;
    w->n_event[g] += event;
    w->n_censor[g] += 1 - event;
    w->n_risk[g] += 1;
    w->n += 1;
    w->d += event;
  }
  return (int)found;
}

/* Whether the last of the rows that are left ends at distinct[at]. */
static int ends_now(const lun_riskset *w)
{
  if (w->whole) return w->left > w->s->begin[w->at];
  return w->left > 0 && w->s->index[w->o.rows[w->left - 1]] == w->at;
}

/* Takes in the rows that end at distinct[at]; 0 when none of them has a group. */
static int take_in(lun_riskset *w)
{
  const lun_surv *s = w->s;
  int found = 0;
  if (w->whole && !w->o.group && !w->o.weight && !w->o.cause) return take_count(w);
  if (w->whole && !w->o.weight && !w->o.cause) return take_groups(w);
  w->d = 0;
  for (size_t g = 0; g < w->k; g++) w->n_event[g] = w->n_censor[g] = 0;
  for (; ends_now(w); w->left--) {
    uint32_t row = w->o.rows[w->left - 1];
    int32_t g = group_of(&w->o, row);
    if (g < 0) continue;
    double weight = w->o.weight ? w->o.weight[row] : 1;
    double event = weight * is_event(&w->o, s->status[row]); /* a branch could not be foreseen */
    found = 1;
    w->n_risk[g] += weight;
    w->n += weight;
    w->n_event[g] += event;
    w->n_censor[g] += weight - event;
    w->d += event;
  }
  return found;
}

static int next_sorted(lun_riskset *w)
{
  while (w->whole ? w->at > 0 : w->left > 0) {
    w->at = w->whole ? w->at - 1 : w->s->index[w->o.rows[w->left - 1]];
    if (!take_in(w)) continue;
    w->time = w->s->distinct[w->at];
    if (w->s->entry) take_out(w);
    return 1;
  }
  return 0;
}

int lun_riskset_next(lun_riskset *w)
{
  return w->table ? next_day(w) : next_sorted(w);
}
