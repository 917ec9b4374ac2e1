/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/kernel.h"

#include <math.h>
#include <string.h>

#include "surv/cox/lanes.h"
#include "surv/cox/means.h"

enum { BLOCK = LUN_COX_BLOCK, MAX_EXPONENT = 700 };

/* --- parts ------------------------------------------------------------------------------------ */

/* At most LUN_COX_PARTS of them, for the work space of each. */
static size_t rows_of_part(size_t n)
{
  size_t rows = (lun_par_blocks(n, LUN_COX_PARTS) + BLOCK - 1) / BLOCK * BLOCK;
  return rows > LUN_COX_PART ? rows : LUN_COX_PART;
}

void lun_cox_share(const lun_cox_terms *t, const lun_cox_data *d, size_t n, lun_par_fn fn,
                   void *ctx)
{
  if (d->n >= LUN_COX_THREADS_FROM) {
    lun_par_run(d->env, n, t->part_rows, fn, ctx);
    return;
  }
  for (size_t part = 0, from = 0; from < n; part++, from += t->part_rows)
    fn(ctx, part, from, n - from < t->part_rows ? n : from + t->part_rows);
}

size_t lun_cox_first_from(const uint32_t *x, size_t from, size_t to, size_t least)
{
  while (from < to) {
    size_t mid = from + (to - from) / 2;
    if (x[mid] < least) from = mid + 1;
    else to = mid;
  }
  return from;
}

size_t lun_cox_stratum_from(const lun_cox_data *d, size_t *s, size_t from, size_t end)
{
  while (d->last[end - 1] < d->first[*s]) --*s;
  return lun_cox_first_from(d->last, from, end, d->first[*s]);
}

static lun_status reserve_parts(lun_pool *pool, lun_cox_terms *t, const lun_cox_data *d)
{
  size_t parts;
  t->part_rows = rows_of_part(d->n);
  parts = lun_par_blocks(d->n, t->part_rows);
  double *sums = LUN_RAW(pool, double, 2 * parts * t->stride);
  t->part = LUN_NEW(pool, lun_cox_part, parts);
  t->sum = LUN_RAW(pool, double, parts * (2 * d->p + 1) * d->p);
  t->room = LUN_RAW(pool, double, parts * LUN_COX_ROOM * t->stride);
  if (!sums || !t->part || !t->sum || !t->room) return LUN_ENOMEM;
  for (size_t q = 0; q < parts; q++, sums += 2 * t->stride) {
    t->part[q].s1 = sums;
    t->part[q].t1 = sums + t->stride;
  }
  return LUN_OK;
}

lun_status lun_cox_terms_new(lun_pool *pool, lun_cox_terms *t, const lun_cox_data *d,
                             lun_cox_ties ties)
{
  size_t blocks = (d->n + BLOCK - 1) / BLOCK;
  memset(t, 0, sizeof *t);
  t->ties = ties;
  t->stride = (d->p + LUN_COX_ALIGN - 1) / LUN_COX_ALIGN * LUN_COX_ALIGN;
  t->risk = LUN_RAW(pool, double, blocks * BLOCK);
  t->s0 = LUN_RAW(pool, double, 8 * d->m);
  t->beta = LUN_NEW(pool, double, t->stride);
  t->range = LUN_RAW(pool, double, 3 * blocks);
  if (!t->risk || !t->s0 || !t->beta || !t->range) return LUN_ENOMEM;
  t->t0 = t->s0 + d->m;
  t->a = t->t0 + d->m;
  t->b = t->a + d->m;
  t->g11 = t->b + d->m;
  t->g12 = t->g11 + d->m;
  t->g22 = t->g12 + d->m;
  t->cum = t->g22 + d->m;
  memset(t->t0, 0, d->m * sizeof *t->t0);
  lun_status st = reserve_parts(pool, t, d);
  if (st != LUN_OK || !d->before) return st;
  t->means = LUN_NEW(pool, lun_cox_risk_means, 1);
  return t->means ? lun_cox_risk_means_reserve(pool, t->means, t, d) : LUN_ENOMEM;
}

/* --- risks ------------------------------------------------------------------------------------ */

typedef struct job {
  lun_cox_terms *t;
  const lun_cox_data *d;
} job;

/* w exp(eta - shift) of a block; the range of its eta and the sum of its deaths' eta. */
static void risks_of_block(lun_cox_terms *t, const lun_cox_data *d, size_t b)
{
  const double *offset = d->offset ? d->offset + b * BLOCK : NULL;
  double eta[BLOCK], *low = t->range + 3 * b, *high = low + 1;
  lun_lanes_linear(eta, offset, d->x + b * d->p * BLOCK, t->beta, d->p);
  if ((b + 1) * BLOCK < d->n) lun_lanes_fetch(d->x + (b + 1) * d->p * BLOCK, d->p);
  *low = *high = 0;
  if (!lun_lanes_range(eta, low, high)) *high = INFINITY;
  lun_lanes_risk(t->risk + b * BLOCK, eta, t->shift, d->weight ? d->weight + b * BLOCK : NULL);
  t->range[3 * b + 2] = lun_lanes_dot(d->death + b * BLOCK, eta);
}

/* Adds the tied deaths of rows from .. to-1 to t0 and t1 of another part. */
static void add_deaths(const job *j, lun_cox_part *sum, size_t from, size_t to)
{
  const lun_cox_data *d = j->d;
  for (size_t i = from; i < to; i++) {
    if (!d->dead[i]) continue;
    sum->t0 += j->t->risk[i];
    for (size_t c = 0; c < d->p; c++) sum->t1[c] += j->t->risk[i] * lun_cox_x(d, i, c);
  }
}

/* Sums of a block that add up to what the part before needs to know: its rows below `end`. */
static void add_block(const job *j, lun_cox_part *sum, size_t first, size_t end)
{
  const double *risk = j->t->risk + first;
  double some[BLOCK] = { 0 };
  if (end - first < BLOCK) risk = memcpy(some, risk, (end - first) * sizeof *risk);
  sum->s0 += lun_lanes_sum(risk, BLOCK, 0);
  lun_lanes_dots(sum->s1, risk, j->d->x + first * j->d->p, j->d->p);
}

static void risks_of_part(void *ctx, size_t q, size_t from, size_t to)
{
  job *j = ctx;
  const lun_cox_data *d = j->d;
  lun_cox_part *own = j->t->part + q, *sum = own - 1;
  size_t s = d->strata - 1, end = from, w = j->t->stride * sizeof(double);
  own->open = from;
  if (from > 0 && !d->before) { /* rows of the stratum, of the event time, of the row before the part */
    lun_cox_stratum_from(d, &s, from - 1, from);
    end = lun_cox_first_from(d->last, from, to, d->first[s + 1]);
    own->open = lun_cox_first_from(d->last, from, to, (size_t)d->last[from - 1] + 1);
    sum->s0 = sum->t0 = 0;
    memset(sum->s1, 0, w), memset(sum->t1, 0, w);
  }
  own->through = end == to, own->tie_through = own->open == to;
  for (; from < to; from += BLOCK) {
    risks_of_block(j->t, d, from / BLOCK);
    if (from < end) add_block(j, sum, from, end - from < BLOCK ? end : from + BLOCK);
  }
  from = q * j->t->part_rows;
  if (from > 0 && !d->before && d->deaths[d->last[from - 1]] != 1) add_deaths(j, sum, from, own->open);
}

static void combine_blocks(lun_cox_terms *t, const lun_cox_data *d)
{
  t->low = t->high = t->loglik = 0;
  for (size_t b = 0; b * BLOCK < d->n; b++) {
    const double *of = t->range + 3 * b;
    if (of[0] < t->low) t->low = of[0];
    if (of[1] > t->high) t->high = of[1];
    t->loglik += of[2];
  }
}

/* From the last part to the first: what is behind the part behind. */
static void combine_parts(lun_cox_terms *t, const lun_cox_data *d)
{
  lun_cox_part *last = t->part + lun_par_blocks(d->n, t->part_rows) - 1;
  size_t w = t->stride;
  last->s0 = last->t0 = 0;
  memset(last->s1, 0, w * sizeof *last->s1), memset(last->t1, 0, w * sizeof *last->t1);
  for (lun_cox_part *q = last; q > t->part; q--) {
    if (q->through) q[-1].s0 += q->s0, lun_lanes_add(q[-1].s1, q->s1, w);
    if (q->tie_through) q[-1].t0 += q->t0, lun_lanes_add(q[-1].t1, q->t1, w);
  }
}

/* --- everyone at risk from the beginning: one sum from the last row of a stratum to its first - */

/* t0 of the event times of rows from .. to-1. */
static void sum_ties(const job *j, const lun_cox_part *part, size_t from, size_t to)
{
  const lun_cox_data *d = j->d;
  double *t0 = j->t->t0;
  size_t low = lun_cox_first_from(d->tie, 0, d->ties, from);
  size_t high = lun_cox_first_from(d->tie, low, d->ties, to), k = d->last[to - 1];
  for (size_t i = low; i < high; i++) t0[d->last[d->tie[i]]] = 0;
  if (to < d->n && d->last[to] == k && d->deaths[k] != 1) t0[k] = part->t0;
  for (size_t i = high; i-- > low;) t0[d->last[d->tie[i]]] += j->t->risk[d->tie[i]];
}

static void sum_part(void *ctx, size_t q, size_t from, size_t to)
{
  const job *j = ctx;
  const lun_cox_data *d = j->d;
  const lun_cox_part *part = j->t->part + q;
  double *s0 = j->t->s0, *risk = j->t->risk, sum = part->s0;
  size_t s = d->strata - 1;
  for (size_t end = to; end > part->open; end = from, sum = 0) {
    from = lun_cox_stratum_from(d, &s, part->open, end);
    for (size_t i = end; i-- > from;) s0[d->last[i]] = sum += risk[i];
  }
  if (d->ties && part->open < to) sum_ties(j, part, part->open, to);
}

/* --- delayed entry: rows enter and leave ------------------------------------------------------ */

static void sum_groups(lun_cox_terms *t, const lun_cox_data *d)
{
  memset(t->s0, 0, d->m * sizeof *t->s0);
  for (size_t i = 0; i < d->ties; i++) t->t0[d->last[d->tie[i]]] = 0;
  for (size_t i = d->ties; i-- > 0;) t->t0[d->last[d->tie[i]]] += t->risk[d->tie[i]];
  for (size_t i = d->n; i-- > 0;) {
    t->s0[d->last[i]] += t->risk[i];
    if (d->before[i] != LUN_COX_NONE) t->s0[d->before[i]] -= t->risk[i];
  }
  for (size_t s = 0; s < d->strata; s++)
    for (size_t k = d->first[s + 1] - 1; k-- > d->first[s];) t->s0[k] += t->s0[k + 1];
  for (size_t k = 0; k < d->m; k++)
    if (t->s0[k] < t->t0[k]) t->s0[k] = t->t0[k]; /* rounding where rows were taken out */
}

static void sum_all(lun_cox_terms *t, const lun_cox_data *d)
{
  job j = { t, d };
  lun_cox_share(t, d, d->n, risks_of_part, &j);
  combine_blocks(t, d);
  if (d->before) {
    sum_groups(t, d);
    return;
  }
  combine_parts(t, d);
  lun_cox_share(t, d, d->n, sum_part, &j);
}

/* --- one event time after another ------------------------------------------------------------- */

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
  double deaths = d->deaths[k], s0 = t->s0[k], inverse = 1 / s0, share = t->t0[k] * inverse,
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
  t->a[k] = mass / t->s0[k];
  t->g11[k] = mass;
  t->b[k] = t->g12[k] = t->g22[k] = 0;
  if (mass == 1) multiply(likelihood, t->s0[k]);
  else *weighted += mass * log(t->s0[k]);
}

/* The terms of event times from .. to-1, and their sum of v log S0_l. */
static void finish_times(void *ctx, size_t q, size_t from, size_t to)
{
  const job *j = ctx;
  lun_cox_terms *t = j->t;
  product likelihood = { 0, 1 };
  double weighted = 0;
  for (size_t k = from; k < to; k++) {
    if (j->d->deaths[k] == 1) t->t0[k] = 0;
    if (j->d->deaths[k] == 1 || t->ties == LUN_COX_BRESLOW)
      single_terms(t, j->d, k, &likelihood, &weighted);
    else tie_terms(t, j->d, k, &likelihood, &weighted);
  }
  t->part[q].log = weighted + log_of(&likelihood);
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
  job j = { t, d };
  memcpy(t->beta, beta, d->p * sizeof *beta);
  if (!sum_in_range(t, d)) return 0;
  for (size_t k = 0; t->shift != 0 && k < d->m; k++) t->loglik -= d->mass[k] * t->shift;
  lun_cox_share(t, d, d->m, finish_times, &j);
  for (size_t q = 0; q * t->part_rows < d->m; q++) t->loglik -= t->part[q].log;
  lun_cox_cumulate(d, t->a, t->cum);
  return isfinite(t->loglik);
}
