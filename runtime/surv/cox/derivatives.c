/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Gradient and information after a walk, in parts of LUN_COX_PART rows or event times, which are
 * the same for any number of threads.
 */
#include <string.h>

#include "stat/linalg.h"
#include "surv/cox/lanes.h"
#include "surv/cox/means.h"

enum { BLOCK = LUN_COX_BLOCK };

typedef struct job {
  lun_cox_terms *t;
  const lun_cox_data *d;
  const double *cum, *b; /* m: of the rows' hazards */
  const double *times;   /* m: how often each event time counts; NULL: once */
} job;

/* What a part sums: the information's two parts, over rows and over event times, and the gradient.
 */
typedef struct sums {
  double *rows, *times, *gradient;
} sums;

static size_t width(const lun_cox_data *d)
{
  return d->p * (2 * d->p + 1);
}

static sums sums_of(const job *j, size_t part)
{
  size_t p = j->d->p;
  double *at = j->t->sum + part * width(j->d);
  return (sums){ at, at + p * p, at + 2 * p * p };
}

/* --- rows ---------------------------------------------------------------------------------- */

/* v = w r H of rows first .. end-1, the weight of each row's x x'. */
static void weigh_rows(const job *j, size_t first, size_t end, double *v)
{
  const lun_cox_data *d = j->d;
  const double *risk = j->t->risk;
  for (size_t i = first; i < end; i++) {
    size_t k = d->last[i];
    double h = d->before ? lun_cox_over(d, j->cum, i) : j->cum[k];
    v[i - first] = risk[i] * (h - d->dead[i] * j->b[k]);
  }
}

/* The block that begins at row `first`, rows up to end-1 of it: the information is the sum of
 * v x x', the gradient that of (w dead - v) x. */
static void add_block(const job *j, const sums *to, size_t first, size_t end, double *work)
{
  const lun_cox_data *d = j->d;
  const double *death = d->death + first, *x = d->x + first * d->p;
  double v[BLOCK] = { 0 }, residual[BLOCK];
  if (first > 0) lun_lanes_fetch(x - d->p * BLOCK, d->p);
  weigh_rows(j, first, end, v);
  for (size_t i = 0; i < BLOCK; i++) residual[i] = death[i] - v[i];
  lun_lanes_dots(to->gradient, residual, x, d->p);
  lun_lanes_gram(to->rows, x, work, v, d->p, end - first);
}

/* --- event times --------------------------------------------------------------------------- */

/* Takes [m t] G [m t]' of event times k .. k+n-1, at most a block, from the information. */
static void take_block(const job *j, size_t k, size_t n, const double *mean, const double *tied,
                       const sums *to, double *room)
{
  const lun_cox_terms *t = j->t;
  double slope[BLOCK], weight[BLOCK] = { 0 }, rest[BLOCK] = { 0 };
  double *work = room + BLOCK * t->stride;
  int ties = 0;
  for (size_t i = 0; i < n; i++, k++) {
    double count = j->times ? j->times[k] : 1, left;
    slope[i] = t->g12[k] / t->g11[k];
    weight[i] = -count * t->g11[k];
    if (t->g22[k] == 0) continue;
    left = t->g22[k] - slope[i] * t->g12[k];
    rest[i] = left > 0 ? -count * left : 0;
    ties = 1;
  }
  lun_lanes_columns(room, mean, ties ? tied : NULL, slope, n, t->stride);
  lun_lanes_gram(to->times, room, work, weight, j->d->p, n);
  if (!ties) return;
  lun_lanes_columns(room, tied, NULL, NULL, n, t->stride);
  lun_lanes_gram(to->times, room, work, rest, j->d->p, n);
}

/* What has piled up in the stream. */
static void take_stream(const job *j, lun_cox_stream *s, const sums *to)
{
  size_t w = j->t->stride;
  for (size_t i = 0; i < s->count; i += BLOCK) {
    size_t slot = LUN_COX_SLOTS - s->count + i, n = s->count - i < BLOCK ? s->count - i : BLOCK;
    take_block(j, s->k + i, n, s->mean + slot * w, s->tied + slot * w, to, s->work);
  }
  s->count = 0;
}

/* Rows and event times together, while a block is in the cache. */
static void sum_part(void *ctx, size_t part, size_t from, size_t to)
{
  const job *j = ctx;
  sums sum = sums_of(j, part);
  lun_cox_stream s;
  lun_cox_stream_open(&s, j->t, j->d, part, to);
  while (s.end > from) {
    size_t end = s.end;
    lun_cox_stream_next(&s);
    add_block(j, &sum, s.end, end, s.work);
    if (s.count >= BLOCK || s.end == from) take_stream(j, &s, &sum);
  }
}

/* --- delayed entry: one after the other ---------------------------------------------------- */

static double *room_of(const job *j, size_t part)
{
  return j->t->room + part * LUN_COX_ROOM * j->t->stride;
}

static void sum_rows(void *ctx, size_t part, size_t from, size_t to)
{
  const job *j = ctx;
  sums sum = sums_of(j, part);
  for (; from < to; from += BLOCK)
    add_block(j, &sum, from, to - from < BLOCK ? to : from + BLOCK, room_of(j, part));
}

static void sum_times(void *ctx, size_t part, size_t from, size_t to)
{
  const job *j = ctx;
  const lun_cox_risk_means *means = j->t->means;
  sums sum = sums_of(j, part);
  for (; from < to; from += BLOCK)
    take_block(j, from, to - from < BLOCK ? to - from : BLOCK, lun_cox_mean(means, from),
               lun_cox_tied(means, from), &sum, room_of(j, part));
}

/* --- together ------------------------------------------------------------------------------ */

static void derive(job *j, double *gradient, double *information, double *scale)
{
  const lun_cox_data *d = j->d;
  size_t p = d->p, parts = lun_par_blocks(d->n, j->t->part_rows);
  memset(j->t->sum, 0, parts * width(d) * sizeof *j->t->sum);
  if (d->before) {
    lun_cox_risk_means_fill(j->t->means, j->t, d);
    lun_cox_share(j->t, d, d->n, sum_rows, j);
    lun_cox_share(j->t, d, d->m, sum_times, j);
  } else {
    lun_cox_share(j->t, d, d->n, sum_part, j);
  }
  lun_par_sums(j->t->sum, parts, width(d));
  sums total = sums_of(j, 0);
  if (gradient) memcpy(gradient, total.gradient, p * sizeof *gradient);
  for (size_t i = 0; scale && i < p; i++) scale[i] = total.rows[i * p + i];
  for (size_t i = 0; i < p * p; i++) information[i] = total.rows[i] + total.times[i];
  lun_sym_mirror(information, p);
}

void lun_cox_derivatives(lun_cox_terms *t, const lun_cox_data *d, double *gradient,
                         double *information, double *scale)
{
  job j = { t, d, t->cum, t->b, NULL };
  derive(&j, gradient, information, scale);
}

void lun_cox_information(lun_cox_terms *t, const lun_cox_data *d, const double *times,
                         double *work, double *information)
{
  double *cum = work, *b = work + d->m;
  job j = { t, d, cum, b, times };
  for (size_t k = 0; k < d->m; k++) {
    cum[k] = times[k] * t->a[k];
    b[k] = times[k] * t->b[k];
  }
  lun_cox_cumulate(d, cum, cum);
  derive(&j, NULL, information, NULL);
}
