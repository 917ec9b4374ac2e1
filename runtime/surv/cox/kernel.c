/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/kernel.h"

#include <math.h>
#include <string.h>

#include "base/par.h"
#include "surv/cox/lanes.h"

enum { BLOCK = LUN_COX_BLOCK, MAX_EXPONENT = 700 };

lun_status lun_cox_terms_new(lun_pool *pool, lun_cox_terms *t, const lun_cox_data *d,
                             lun_cox_ties ties)
{
  size_t padded = d->blocks * BLOCK,
         stride = (d->p + LUN_COX_ALIGN - 1) / LUN_COX_ALIGN * LUN_COX_ALIGN;
  memset(t, 0, sizeof *t);
  t->ties = ties;
  t->stride = stride;
  t->tied_stride = d->tied ? stride : 0;
  t->eta = LUN_RAW(pool, double, padded);
  t->risk = LUN_RAW(pool, double, padded);
  t->v = LUN_RAW(pool, double, padded);
  t->s0 = LUN_RAW(pool, double, 11 * d->m);
  t->mean = LUN_RAW(pool, double, d->m * stride);
  t->tied = LUN_NEW(pool, double, d->tied ? d->m * stride : stride);
  t->block = LUN_NEW(pool, double, BLOCK * stride);
  t->beta = LUN_NEW(pool, double, 2 * stride);
  t->range = LUN_RAW(pool, double, 3 * d->blocks);
  t->parts = lun_par_blocks(d->n > d->m ? d->n : d->m, LUN_COX_PART);
  t->part = LUN_RAW(pool, double, t->parts * (d->p + 1) * d->p);
  t->room = LUN_RAW(pool, double, t->parts * 2 * BLOCK * stride);
  if (!t->eta || !t->risk || !t->v || !t->s0 || !t->mean || !t->tied || !t->block || !t->beta
      || !t->range || !t->part || !t->room)
    return LUN_ENOMEM;
  t->sum = t->beta + stride;
  t->t0 = t->s0 + d->m;
  t->a = t->t0 + d->m;
  t->b = t->a + d->m;
  t->g11 = t->b + d->m;
  t->g12 = t->g11 + d->m;
  t->g22 = t->g12 + d->m;
  t->cum = t->g22 + d->m;
  t->weighted = t->cum + d->m;
  t->inverse = t->weighted + 2 * d->m;
  memset(t->t0, 0, d->m * sizeof *t->t0);
  memset(t->v + d->n, 0, (padded - d->n) * sizeof *t->v);
  return LUN_OK;
}

/* --- the walk -------------------------------------------------------------------------------- */

/* eta and w exp(eta - shift) of a block; the range of its eta and the sum of its deaths' eta. */
static void risks_of_block(lun_cox_terms *t, const lun_cox_data *d, size_t b)
{
  const double *offset = d->offset ? d->offset + b * BLOCK : NULL;
  double *eta = t->eta + b * BLOCK, *low = t->range + 3 * b, *high = low + 1;
  lun_lanes_linear(eta, offset, d->x + b * d->p * BLOCK, t->beta, d->p);
  *low = *high = 0;
  if (!lun_lanes_range(eta, low, high)) *high = INFINITY;
  lun_lanes_risk(t->risk + b * BLOCK, eta, t->shift, d->weight ? d->weight + b * BLOCK : NULL);
  t->range[3 * b + 2] = lun_lanes_dot(d->death + b * BLOCK, eta);
}

typedef struct job {
  lun_cox_terms *t;
  const lun_cox_data *d;
} job;

static void risks_of_blocks(void *ctx, size_t part, size_t from, size_t to)
{
  job *j = ctx;
  (void)part;
  for (size_t b = from; b < to; b++) risks_of_block(j->t, j->d, b);
}

static void combine_blocks(lun_cox_terms *t, const lun_cox_data *d)
{
  t->low = t->high = t->loglik = 0;
  for (size_t b = 0; b < d->blocks; b++) {
    const double *of = t->range + 3 * b;
    if (of[0] < t->low) t->low = of[0];
    if (of[1] > t->high) t->high = of[1];
    t->loglik += of[2];
  }
}

/* --- everyone at risk from the beginning: one sum from the last row of a stratum to its first ---
 */

/* The deaths at tied event times among the rows of a block, the one that begins at row `first`:
 * tie[from - 1] and those before it. Returns how many are left. */
static size_t sum_ties(lun_cox_terms *t, const lun_cox_data *d, size_t first, size_t from)
{
  for (; from > 0 && d->tie[from - 1] >= first; from--) {
    size_t i = d->tie[from - 1], k = d->last[i];
    t->t0[k] += t->risk[i];
    lun_lanes_add(t->tied + k * t->stride, t->block + (i - first) * t->stride, t->stride);
  }
  return from;
}

/* Rows first .. first + n - 1, all of one block and one stratum; s0 is the sum of the rows behind.
 */
static double sum_rows(lun_cox_terms *t, const lun_cox_data *d, size_t first, size_t n, double s0)
{
  const double *rows = t->block + first % BLOCK * t->stride;
  for (size_t i = first + n; i-- > first;) t->s0[d->last[i]] = s0 += t->risk[i];
  lun_lanes_suffix(t->mean, t->sum, rows, d->last + first, n, t->stride);
  return s0;
}

/* The event times from `until` back to those that rows before `first` still add to: sums to means.
 * Returns the first of them. */
static size_t finish_means(lun_cox_terms *t, const lun_cox_data *d, size_t first, size_t until)
{
  size_t from = first > 0 ? d->last[first - 1] + 1 : 0;
  if (from >= until) return until;
  lun_lanes_invert(t->inverse + from, t->s0 + from, until - from);
  lun_lanes_scale(t->mean + from * t->stride, t->inverse + from, until - from, t->stride);
  return from;
}

/* One pass over the blocks, while each is in the cache; with_risks: they are still to be found. */
static void sum_from_start(lun_cox_terms *t, const lun_cox_data *d, int with_risks)
{
  size_t s = d->strata, end = d->n, ties = d->ties, finished = d->m;
  double s0 = 0;
  for (size_t b = (d->n + BLOCK - 1) / BLOCK; b-- > 0;) {
    size_t first = b * BLOCK;
    if (with_risks) risks_of_block(t, d, b);
    lun_lanes_rows(t->block, d->x + b * d->p * BLOCK, t->risk + first, d->p, t->stride);
    ties = sum_ties(t, d, first, ties);
    while (end > first) {
      size_t from = end;
      if (s == d->strata || d->last[end - 1] < d->first[s]) {
        while (d->last[end - 1] < d->first[s]) s--;
        memset(t->sum, 0, t->stride * sizeof *t->sum);
        s0 = 0;
      }
      if (d->last[first] >= d->first[s]) from = first;
      while (from > first && d->last[from - 1] >= d->first[s]) from--;
      s0 = sum_rows(t, d, from, end - from, s0);
      end = from;
    }
    finished = finish_means(t, d, first, finished);
  }
}

/* --- delayed entry: rows enter and leave -------------------------------------------------------
 */

/* Sums of the rows that leave after each event time (s0, s1), of its deaths (t0, t1). */
static void sum_groups(lun_cox_terms *t, const lun_cox_data *d)
{
  size_t w = t->stride, ties = d->ties;
  memset(t->s0, 0, d->m * sizeof *t->s0);
  memset(t->mean, 0, d->m * w * sizeof *t->mean);
  for (size_t b = (d->n + BLOCK - 1) / BLOCK; b-- > 0;) {
    size_t first = b * BLOCK, n = d->n - first < BLOCK ? d->n - first : BLOCK;
    lun_lanes_rows(t->block, d->x + b * d->p * BLOCK, t->risk + first, d->p, w);
    ties = sum_ties(t, d, first, ties);
    for (size_t i = 0; i < n; i++) {
      size_t k = d->last[first + i], before = d->before[first + i];
      const double *row = t->block + i * w;
      t->s0[k] += t->risk[first + i];
      lun_lanes_add(t->mean + k * w, row, w);
      if (before == LUN_COX_NONE) continue;
      t->s0[before] -= t->risk[first + i];
      lun_lanes_take(t->mean + before * w, row, w);
    }
  }
}

/* Turns them into the sums over risk sets, from the last event time of each stratum to its first.
 */
static void sum_risk_sets(lun_cox_terms *t, const lun_cox_data *d)
{
  size_t w = t->stride;
  for (size_t s = 0; s < d->strata; s++) {
    for (size_t k = d->first[s + 1] - 1; k-- > d->first[s];) {
      double *s1 = t->mean + k * w;
      t->s0[k] += t->s0[k + 1];
      for (size_t j = 0; j < w; j++) s1[j] += s1[w + j];
    }
  }
  for (size_t k = 0; k < d->m; k++)
    if (t->s0[k] < t->t0[k]) t->s0[k] = t->t0[k]; /* rounding where rows were taken out */
}

static void sum_all(lun_cox_terms *t, const lun_cox_data *d)
{
  job j = { t, d };
  int threads = d->env->threads > 1 && d->n >= LUN_COX_THREADS_FROM;
  int one_pass = !d->before && !threads;
  for (size_t i = 0; i < d->ties; i++) {
    size_t k = d->last[d->tie[i]];
    t->t0[k] = 0;
    memset(t->tied + k * t->stride, 0, t->stride * sizeof *t->tied);
  }
  if (threads) lun_par_run(d->env, d->blocks, LUN_COX_PART / BLOCK, risks_of_blocks, &j);
  else risks_of_blocks(&j, 0, one_pass ? (d->n + BLOCK - 1) / BLOCK : 0, d->blocks);
  if (d->before) {
    sum_groups(t, d);
    sum_risk_sets(t, d);
    finish_means(t, d, 0, d->m);
  } else {
    sum_from_start(t, d, one_pass);
  }
  combine_blocks(t, d);
}

/* --- one event time after another ---------------------------------------------------------------
 */

/* The logarithm of a product: one call of log for many factors. */
typedef struct product {
  double log, value;
} product;

static void multiply(product *q, double x)
{
  const double BIG = 1e150, SMALL = 1e-150;
  if (x > SMALL && x < BIG) q->value *= x;
  else q->log += log(x);
  if (q->value > SMALL && q->value < BIG) return;
  q->log += log(q->value);
  q->value = 1;
}

static double log_of(const product *q)
{
  return q->log + log(q->value);
}

/* The five sums of event time k; S0_l is multiplied to the likelihood v times. */
static void tie_terms(lun_cox_terms *t, const lun_cox_data *d, size_t k, product *likelihood,
                      double *weighted)
{
  double deaths = d->deaths[k], s0 = t->s0[k], inverse = t->inverse[k], share = t->t0[k] * inverse,
         v = d->mass[k] / deaths;
  double a = 0, b = 0, g11 = 0, g12 = 0, g22 = 0;
  product own = { 0, 1 }, *to = v == 1 ? likelihood : &own;
  for (double l = 0; l < deaths; l++) {
    double f = l / deaths, rest = 1 - f * share, q = 1 / rest;
    a += q;
    b += f * q;
    g11 += q * q;
    g12 -= f * q * q;
    g22 += f * f * q * q;
    multiply(to, s0 * rest);
  }
  if (v != 1) *weighted += v * log_of(&own);
  t->a[k] = v * a * inverse, t->b[k] = v * b * inverse;
  t->g11[k] = v * g11, t->g12[k] = v * g12, t->g22[k] = v * g22;
}

/* One death, or Breslow's way with several. */
static void single_terms(lun_cox_terms *t, const lun_cox_data *d, size_t k, product *likelihood,
                         double *weighted)
{
  double mass = d->mass[k];
  t->a[k] = mass * t->inverse[k];
  t->g11[k] = mass;
  t->b[k] = t->g12[k] = t->g22[k] = 0;
  if (mass == 1) multiply(likelihood, t->s0[k]);
  else *weighted += mass * log(t->s0[k]);
}

/* The terms of each event time. Returns the sum of v log S0_l. */
static double finish_times(lun_cox_terms *t, const lun_cox_data *d)
{
  product likelihood = { 0, 1 };
  double weighted = 0;
  for (size_t k = 0; k < d->m; k++) {
    int single = d->deaths[k] == 1;
    if (!single) lun_lanes_scale(t->tied + k * t->stride, t->inverse + k, 1, t->stride);
    if (single || t->ties == LUN_COX_BRESLOW) single_terms(t, d, k, &likelihood, &weighted);
    else tie_terms(t, d, k, &likelihood, &weighted);
  }
  return weighted + log_of(&likelihood);
}

void lun_cox_cumulate(const lun_cox_data *d, const double *x, double *cum)
{
  for (size_t s = 0; s < d->strata; s++) {
    double sum = 0;
    for (size_t k = d->first[s]; k < d->first[s + 1]; k++) cum[k] = sum += x[k];
  }
}

/* Nearly always exp(eta) can be taken as it is; else a second time, with the middle of the range of
 * eta in the middle of what exp can take. */
static int sum_in_range(lun_cox_terms *t, const lun_cox_data *d)
{
  t->shift = 0;
  sum_all(t, d);
  if (t->high <= MAX_EXPONENT && t->low >= -MAX_EXPONENT) return 1;
  t->shift = t->low / 2 + t->high / 2;
  if (!(t->high - t->shift <= MAX_EXPONENT)) return 0;
  sum_all(t, d);
  return 1;
}

int lun_cox_walk(lun_cox_terms *t, const lun_cox_data *d, const double *beta)
{
  memcpy(t->beta, beta, d->p * sizeof *beta);
  if (!sum_in_range(t, d)) return 0;
  for (size_t k = 0; t->shift != 0 && k < d->m; k++) t->loglik -= d->mass[k] * t->shift;
  t->loglik -= finish_times(t, d);
  lun_cox_cumulate(d, t->a, t->cum);
  return isfinite(t->loglik);
}
