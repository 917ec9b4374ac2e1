/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Gradient and information after a walk, in parts of LUN_COX_PART rows or event times, which are
 * the same for any number of threads.
 */
#include <string.h>

#include "base/par.h"
#include "stat/linalg.h"
#include "surv/cox/kernel.h"
#include "surv/cox/lanes.h"

enum { BLOCK = LUN_COX_BLOCK };

typedef struct job {
  lun_cox_terms *t;
  const lun_cox_data *d;
  const double *cum, *b; /* m: of the rows' hazards */
  const double *times;   /* m: how often each event time counts; NULL: once */
} job;

static size_t width(const lun_cox_data *d)
{
  return d->p * (d->p + 1);
}

/* Totals over 0 .. n - 1 of what fn leaves in the parts: information and gradient, in part[0]. */
static void sum_parts(job *j, size_t n, lun_par_fn fn)
{
  const lun_cox_data *d = j->d;
  lun_cox_terms *t = j->t;
  size_t parts = lun_par_blocks(n, LUN_COX_PART);
  memset(t->part, 0, (parts ? parts : 1) * width(d) * sizeof *t->part);
  if (d->n >= LUN_COX_THREADS_FROM) {
    lun_par_run(d->env, n, LUN_COX_PART, fn, j);
  } else {
    for (size_t k = 0; k < parts; k++)
      fn(j, k, k * LUN_COX_PART, k + 1 < parts ? (k + 1) * LUN_COX_PART : n);
  }
  lun_par_sums(t->part, parts, width(d));
}

/* --- rows ---------------------------------------------------------------------------------- */

/* v = w r H, the weight of each row's x x' in the first part of the information. */
static void weigh_rows(const job *j, size_t from, size_t to)
{
  const lun_cox_data *d = j->d;
  for (size_t i = from; i < to; i++) {
    double h = lun_cox_over(d, j->cum, i), own = j->b[d->last[i]];
    j->t->v[i] = j->t->risk[i] * (h - d->dead[i] * own);
  }
}

/* Information: sum of v x x'; gradient: of (w dead - v) x. */
static void sum_rows(void *ctx, size_t part, size_t from, size_t to)
{
  const job *j = ctx;
  const lun_cox_data *d = j->d;
  double *information = j->t->part + part * width(d), *gradient = information + d->p * d->p;
  double *work = j->t->room + part * 2 * BLOCK * j->t->stride, residual[BLOCK];
  weigh_rows(j, from, to);
  for (; from < to; from += BLOCK) {
    size_t rows = to - from < BLOCK ? to - from : BLOCK;
    const double *v = j->t->v + from, *death = d->death + from, *x = d->x + from * d->p;
    for (size_t i = 0; i < BLOCK; i++) residual[i] = death[i] - v[i];
    for (size_t c = 0; c < d->p; c++) gradient[c] += lun_lanes_dot(residual, x + c * BLOCK);
    lun_lanes_gram(information, x, work, v, d->p, rows);
  }
}

/* --- event times --------------------------------------------------------------------------- */

/* Takes [m t] G [m t]' of n event times, at most a block, from the information. */
static void take_block(const job *j, size_t from, size_t n, double *information, double *room)
{
  const lun_cox_terms *t = j->t;
  const double *mean = t->mean + from * t->stride, *tied = lun_cox_tied(t, from);
  double slope[BLOCK], weight[BLOCK] = { 0 }, rest[BLOCK] = { 0 };
  double *work = room + BLOCK * t->stride;
  int ties = 0;
  for (size_t i = 0; i < n; i++) {
    size_t k = from + i;
    double count = j->times ? j->times[k] : 1, left;
    slope[i] = t->g12[k] / t->g11[k];
    weight[i] = -count * t->g11[k];
    if (t->g22[k] == 0) continue;
    left = t->g22[k] - slope[i] * t->g12[k];
    rest[i] = left > 0 ? -count * left : 0;
    ties = 1;
  }
  lun_lanes_columns(room, mean, ties ? tied : NULL, slope, n, t->stride);
  lun_lanes_gram(information, room, work, weight, j->d->p, n);
  if (!ties) return;
  lun_lanes_columns(room, tied, NULL, NULL, n, t->stride);
  lun_lanes_gram(information, room, work, rest, j->d->p, n);
}

static void take_times(void *ctx, size_t part, size_t from, size_t to)
{
  const job *j = ctx;
  double *information = j->t->part + part * width(j->d);
  for (; from < to; from += BLOCK)
    take_block(j, from, to - from < BLOCK ? to - from : BLOCK, information,
               j->t->room + part * 2 * BLOCK * j->t->stride);
}

/* --- together ------------------------------------------------------------------------------ */

static void derive(job *j, double *gradient, double *information, double *scale)
{
  size_t p = j->d->p;
  const double *total = j->t->part;
  sum_parts(j, j->d->n, sum_rows);
  memcpy(information, total, p * p * sizeof *total);
  if (gradient) memcpy(gradient, total + p * p, p * sizeof *total);
  for (size_t i = 0; scale && i < p; i++) scale[i] = information[i * p + i];
  sum_parts(j, j->d->m, take_times);
  for (size_t i = 0; i < p * p; i++) information[i] += total[i];
  lun_sym_mirror(information, p);
}

void lun_cox_derivatives(lun_cox_terms *t, const lun_cox_data *d, double *gradient,
                         double *information, double *scale)
{
  job j = { t, d, t->cum, t->b, NULL };
  derive(&j, gradient, information, scale);
}

void lun_cox_information(lun_cox_terms *t, const lun_cox_data *d, const double *times,
                         double *information)
{
  double *cum = t->weighted, *b = t->weighted + d->m;
  job j = { t, d, cum, b, times };
  for (size_t k = 0; k < d->m; k++) {
    cum[k] = times[k] * t->a[k];
    b[k] = times[k] * t->b[k];
  }
  lun_cox_cumulate(d, cum, cum);
  derive(&j, NULL, information, NULL);
}
