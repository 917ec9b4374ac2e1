/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/means.h"

#include <string.h>

#include "surv/cox/lanes.h"

enum { BLOCK = LUN_COX_BLOCK, SLOTS = LUN_COX_SLOTS };

/* --- the stream ------------------------------------------------------------------------------ */

void lun_cox_stream_open(lun_cox_stream *s, const lun_cox_terms *t, const lun_cox_data *d,
                         size_t part, size_t to)
{
  size_t w = t->stride;
  double *room = t->room + part * LUN_COX_ROOM * w;
  *s = (lun_cox_stream){ .t = t, .d = d, .end = to, .stratum = d->strata - 1, .mean = room };
  s->tied = s->mean + (SLOTS + 1) * w; /* one more for what belongs to the part before */
  s->rows = s->tied + SLOTS * w;
  s->work = s->rows + BLOCK * w;
  s->sum = s->work + 2 * BLOCK * w;
  s->tie_sum = s->sum + w;
  memcpy(s->sum, t->part[part].s1, w * sizeof *s->sum);
  memcpy(s->tie_sum, t->part[part].t1, w * sizeof *s->sum);
  s->ties = lun_cox_first_from(d->tie, 0, d->ties, to);
}

/* Rows first .. end-1 into the means at their slots. */
static void add_rows(lun_cox_stream *s, const uint32_t *slot, size_t first, size_t end)
{
  const lun_cox_data *d = s->d;
  size_t w = s->t->stride;
  for (size_t from; end > first; end = from) {
    from = lun_cox_stratum_from(d, &s->stratum, first, end);
    lun_lanes_suffix(s->mean, s->sum, s->rows + (from - first) * w, slot + (from - first),
                     end - from, w);
    if (from > 0 && d->last[from - 1] < d->first[s->stratum]) memset(s->sum, 0, w * sizeof *s->sum);
  }
}

/* Deaths at tied event times; high - low slots before `until` are those of this block. */
static void add_ties(lun_cox_stream *s, size_t first, size_t low, size_t high, size_t until)
{
  const lun_cox_data *d = s->d;
  size_t w = s->t->stride;
  double *end = s->tied + until * w;
  memset(end - (high - low) * w, 0, (high - low) * w * sizeof *end);
  if (low < high) { /* the last of them may have begun behind */
    lun_lanes_add(end - w, s->tie_sum, w);
    memset(s->tie_sum, 0, w * sizeof *s->tie_sum);
  }
  for (; s->ties > 0 && d->tie[s->ties - 1] >= first; s->ties--) {
    size_t i = d->tie[s->ties - 1], k = d->last[i];
    lun_lanes_add(k < low ? s->tie_sum : end - (high - k) * w, s->rows + (i - first) * w, w);
  }
}

void lun_cox_stream_next(lun_cox_stream *s)
{
  const lun_cox_data *d = s->d;
  size_t w = s->t->stride, end = s->end, first = (end - 1) / BLOCK * BLOCK;
  size_t until = SLOTS - s->count, high = (size_t)d->last[end - 1] + 1, low = d->last[first];
  double inverse[BLOCK];
  uint32_t slot[BLOCK];
  if (first > 0 && d->last[first - 1] == low) low++; /* not all of its rows are in this block */
  for (size_t i = first; i < end; i++) {
    size_t k = d->last[i];
    slot[i - first] = (uint32_t)(k < low ? SLOTS : until + k - high);
  }
  lun_lanes_rows(s->rows, d->x + first * d->p, s->t->risk + first, d->p, w);
  add_rows(s, slot, first, end);
  if (d->ties) add_ties(s, first, low, high, until);
  size_t n = high - low, from = (until - n) * w;
  lun_lanes_invert(inverse, s->t->s0 + low, n);
  lun_lanes_scale(s->mean + from, inverse, n, w);
  if (d->ties) lun_lanes_scale(s->tied + from, inverse, n, w);
  s->k = low;
  s->count += n;
  s->end = first;
}

/* --- stored ---------------------------------------------------------------------------------- */

typedef struct job {
  lun_cox_risk_means *out;
  const lun_cox_terms *t;
  const lun_cox_data *d;
} job;

static void store_part(void *ctx, size_t part, size_t from, size_t to)
{
  const job *j = ctx;
  size_t w = j->t->stride;
  lun_cox_stream s;
  lun_cox_stream_open(&s, j->t, j->d, part, to);
  while (s.end > from) {
    lun_cox_stream_next(&s);
    size_t slot = (SLOTS - s.count) * w, bytes = s.count * w * sizeof(double);
    memcpy(j->out->mean + s.k * w, s.mean + slot, bytes);
    if (j->out->tied_stride) memcpy(j->out->tied + s.k * w, s.tied + slot, bytes);
    s.count = 0;
  }
}

/* Delayed entry: sums of the rows that leave after each event time, less those that enter after it;
 * of its tied deaths. */
static void sum_groups(const job *j)
{
  const lun_cox_terms *t = j->t;
  const lun_cox_data *d = j->d;
  size_t w = t->stride, ties = d->ties;
  double *rows = t->room, *mean = j->out->mean, *tied = j->out->tied;
  for (size_t b = (d->n + BLOCK - 1) / BLOCK; b-- > 0;) {
    size_t first = b * BLOCK, n = d->n - first < BLOCK ? d->n - first : BLOCK;
    lun_lanes_rows(rows, d->x + first * d->p, t->risk + first, d->p, w);
    for (; ties > 0 && d->tie[ties - 1] >= first; ties--) {
      size_t i = d->tie[ties - 1];
      lun_lanes_add(tied + d->last[i] * w, rows + (i - first) * w, w);
    }
    lun_lanes_enter(mean, rows, d->last + first, d->before + first, n, w);
  }
}

/* Turns them into sums over risk sets, from the last event time of each stratum to its first, and
 * these into means. */
static void finish_groups(const job *j)
{
  const lun_cox_data *d = j->d;
  size_t w = j->t->stride;
  double *mean = j->out->mean;
  for (size_t s = 0; s < d->strata; s++)
    for (size_t k = d->first[s + 1] - 1; k-- > d->first[s];)
      lun_lanes_add(mean + k * w, mean + (k + 1) * w, w);
  for (size_t k = 0; k < d->m; k++) {
    double inverse = 1 / j->t->s0[k];
    lun_lanes_scale(mean + k * w, &inverse, 1, w);
    if (j->out->tied_stride) lun_lanes_scale(j->out->tied + k * w, &inverse, 1, w);
  }
}

lun_status lun_cox_risk_means_reserve(lun_pool *pool, lun_cox_risk_means *out,
                                      const lun_cox_terms *t, const lun_cox_data *d)
{
  out->stride = t->stride;
  out->tied_stride = d->tied ? t->stride : 0;
  out->mean = LUN_RAW(pool, double, d->m * out->stride);
  out->tied = LUN_NEW(pool, double, d->tied ? d->m * out->stride : out->stride);
  return out->mean && out->tied ? LUN_OK : LUN_ENOMEM;
}

void lun_cox_risk_means_fill(lun_cox_risk_means *out, const lun_cox_terms *t, const lun_cox_data *d)
{
  job j = { out, t, d };
  if (!d->before) {
    lun_cox_share(t, d, d->n, store_part, &j);
    return;
  }
  memset(out->mean, 0, d->m * out->stride * sizeof *out->mean);
  memset(out->tied, 0, d->m * out->tied_stride * sizeof *out->tied);
  sum_groups(&j);
  finish_groups(&j);
}

lun_status lun_cox_risk_means_new(lun_pool *pool, lun_cox_risk_means *out, const lun_cox_terms *t,
                                  const lun_cox_data *d)
{
  lun_status st = lun_cox_risk_means_reserve(pool, out, t, d);
  if (st == LUN_OK) lun_cox_risk_means_fill(out, t, d);
  return st;
}
