/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/kernel.h"

#include <math.h>
#include <string.h>

#include "stat/linalg.h"
#include "surv/cox/lanes.h"

enum { BLOCK = LUN_COX_BLOCK, MAX_EXPONENT = 700 };

lun_status lun_cox_terms_new(lun_pool *pool, lun_cox_terms *t, const lun_cox_data *d, lun_cox_ties ties)
{
  size_t padded = d->blocks * BLOCK;
  memset(t, 0, sizeof *t);
  t->ties = ties;
  t->eta = LUN_NEW(pool, double, padded);
  t->risk = LUN_NEW(pool, double, padded);
  t->v = LUN_NEW(pool, double, padded);
  t->s0 = LUN_NEW(pool, double, 10 * d->m);
  t->mean = LUN_NEW(pool, double, d->m * d->p);
  t->tied = LUN_NEW(pool, double, d->m * d->p);
  t->packed = LUN_NEW(pool, double, 2 * d->p * BLOCK);
  if (!t->eta || !t->risk || !t->v || !t->s0 || !t->mean || !t->tied || !t->packed) return LUN_ENOMEM;
  t->t0 = t->s0 + d->m;
  t->a = t->t0 + d->m;
  t->b = t->a + d->m;
  t->g11 = t->b + d->m;
  t->g12 = t->g11 + d->m;
  t->g22 = t->g12 + d->m;
  t->cum = t->g22 + d->m;
  t->weighted = t->cum + d->m;
  return LUN_OK;
}

/* --- the walk -------------------------------------------------------------------------------- */

static void linear_predictor(lun_cox_terms *t, const lun_cox_data *d, const double *beta)
{
  for (size_t b = 0; b < d->blocks; b++) {
    double *eta = t->eta + b * BLOCK;
    if (d->offset) memcpy(eta, d->offset + b * BLOCK, BLOCK * sizeof *eta);
    else memset(eta, 0, BLOCK * sizeof *eta);
    for (size_t j = 0; j < d->p; j++)
      lun_lanes_axpy(eta, d->x + (b * d->p + j) * BLOCK, beta[j]);
  }
}

/* w exp(eta - shift), with the range of eta in the middle of what exp can take when it is large. */
static int relative_risks(lun_cox_terms *t, const lun_cox_data *d)
{
  double low = 0, high = 0;
  for (size_t i = 0; i < d->n; i++) {
    if (t->eta[i] < low) low = t->eta[i];
    if (t->eta[i] > high) high = t->eta[i];
    if (t->eta[i] != t->eta[i]) return 0;
  }
  t->shift = high > MAX_EXPONENT || low < -MAX_EXPONENT ? low / 2 + high / 2 : 0;
  if (!(high - t->shift <= MAX_EXPONENT)) return 0;
  for (size_t b = 0; b < d->blocks; b++)
    lun_lanes_risk(t->risk + b * BLOCK, t->eta + b * BLOCK, t->shift, d->weight ? d->weight + b * BLOCK : NULL);
  return 1;
}

/* Row i enters the sums of event time k with factor +1 or -1. */
static void add_row(const lun_cox_data *d, double *s0, double *s1, size_t i, double r)
{
  const double *x = d->x + i / BLOCK * d->p * BLOCK + i % BLOCK;
  *s0 += r;
  for (size_t j = 0; j < d->p; j++) s1[j] += r * x[j * BLOCK];
}

/* Sums of the rows that leave after each event time (s0, s1), of its deaths (t0, t1). */
static void sum_groups(lun_cox_terms *t, const lun_cox_data *d)
{
  size_t p = d->p;
  memset(t->s0, 0, d->m * sizeof *t->s0);
  memset(t->t0, 0, d->m * sizeof *t->t0);
  memset(t->mean, 0, d->m * p * sizeof *t->mean);
  memset(t->tied, 0, d->m * p * sizeof *t->tied);
  for (size_t i = 0; i < d->n; i++) {
    size_t k = d->last[i];
    if (d->dead[i]) add_row(d, t->t0 + k, t->tied + k * p, i, t->risk[i]);
    else add_row(d, t->s0 + k, t->mean + k * p, i, t->risk[i]);
  }
  for (size_t i = 0; d->before && i < d->n; i++) {
    size_t k = d->before[i];
    if (k != LUN_COX_NONE) add_row(d, t->s0 + k, t->mean + k * p, i, -t->risk[i]);
  }
}

/* Turns them into the sums over risk sets, from the last event time of each stratum to its first. */
static void sum_risk_sets(lun_cox_terms *t, const lun_cox_data *d)
{
  size_t p = d->p;
  for (size_t s = 0; s < d->strata; s++) {
    for (size_t k = d->first[s + 1]; k-- > d->first[s];) {
      int last = k + 1 == d->first[s + 1];
      double *s1 = t->mean + k * p, *t1 = t->tied + k * p;
      t->s0[k] += t->t0[k] + (last ? 0 : t->s0[k + 1]);
      if (t->s0[k] < t->t0[k]) t->s0[k] = t->t0[k]; /* rounding where rows were taken out */
      for (size_t j = 0; j < p; j++) s1[j] += t1[j] + (last ? 0 : s1[p + j]);
    }
  }
}

/* The five sums of event time k; returns sum of v log S0_l. */
static double tie_terms(lun_cox_terms *t, const lun_cox_data *d, size_t k)
{
  double deaths = d->deaths[k], s0 = t->s0[k];
  if (deaths == 1 || t->ties == LUN_COX_BRESLOW) {
    t->a[k] = d->mass[k] / s0;
    t->g11[k] = d->mass[k];
    t->b[k] = t->g12[k] = t->g22[k] = 0;
    return d->mass[k] * log(s0);
  }
  double share = t->t0[k] / s0, v = d->mass[k] / deaths, logs = log(s0) * deaths;
  double a = 0, b = 0, g11 = 0, g12 = 0, g22 = 0;
  for (double l = 0; l < deaths; l++) {
    double f = l / deaths, q = 1 / (1 - f * share);
    a += q;
    b += f * q;
    g11 += q * q;
    g12 -= f * q * q;
    g22 += f * f * q * q;
    logs -= log(q);
  }
  t->a[k] = v * a / s0, t->b[k] = v * b / s0;
  t->g11[k] = v * g11, t->g12[k] = v * g12, t->g22[k] = v * g22;
  return v * logs;
}

static void divide(lun_cox_terms *t, const lun_cox_data *d, size_t k)
{
  double inverse = 1 / t->s0[k];
  for (size_t j = k * d->p; j < (k + 1) * d->p; j++) {
    t->mean[j] *= inverse;
    t->tied[j] *= inverse;
  }
}

void lun_cox_cumulate(const lun_cox_data *d, const double *x, double *cum)
{
  for (size_t s = 0; s < d->strata; s++) {
    double sum = 0;
    for (size_t k = d->first[s]; k < d->first[s + 1]; k++) cum[k] = sum += x[k];
  }
}

int lun_cox_walk(lun_cox_terms *t, const lun_cox_data *d, const double *beta)
{
  double loglik = 0;
  linear_predictor(t, d, beta);
  if (!relative_risks(t, d)) return 0;
  sum_groups(t, d);
  sum_risk_sets(t, d);
  for (size_t i = 0; i < d->n; i++)
    if (d->dead[i]) loglik += (d->weight ? d->weight[i] : 1) * (t->eta[i] - t->shift);
  for (size_t k = 0; k < d->m; k++) {
    loglik -= tie_terms(t, d, k);
    divide(t, d, k);
  }
  lun_cox_cumulate(d, t->a, t->cum);
  t->loglik = loglik;
  return isfinite(loglik);
}

/* --- derivatives ----------------------------------------------------------------------------- */

/* Packs rank-one terms into blocks, and takes their cross product away from the information. */
typedef struct packer {
  double *block;
  double weight[BLOCK];
  double *information;
  size_t p, n;
} packer;

static void flush(packer *q)
{
  for (size_t i = q->n; i < BLOCK; i++) q->weight[i] = 0;
  if (q->n) lun_lanes_gram(q->information, q->block, q->block + q->p * BLOCK, q->weight, q->p);
  q->n = 0;
}

static void pack(packer *q, const double *u, double fu, const double *v, double fv, double weight)
{
  double *at = q->block + q->n;
  for (size_t j = 0; j < q->p; j++) at[j * BLOCK] = fu * u[j] + fv * v[j];
  q->weight[q->n] = weight;
  if (++q->n == BLOCK) flush(q);
}

/* [m t] G [m t]' as two rank-one terms: G = c c' + e e' with c = (g11, g12)/sqrt(g11). */
static void take_means(lun_cox_terms *t, const lun_cox_data *d, const double *times, double *information)
{
  packer q = { .block = t->packed, .information = information, .p = d->p };
  memset(t->packed, 0, d->p * BLOCK * sizeof *t->packed);
  for (size_t k = 0; k < d->m; k++) {
    const double *mean = t->mean + k * d->p, *tied = t->tied + k * d->p;
    double weight = times ? -times[k] : -1, root = sqrt(t->g11[k]);
    pack(&q, mean, root, tied, t->g12[k] / root, weight);
    double rest = t->g22[k] - t->g12[k] / t->g11[k] * t->g12[k];
    if (t->g22[k] != 0 && rest > 0) pack(&q, tied, sqrt(rest), tied, 0, weight);
  }
  flush(&q);
}

/* v = w r H, the weight of each row's x x' in the first part of the information. */
static void row_weights(lun_cox_terms *t, const lun_cox_data *d, const double *cum, const double *b)
{
  for (size_t i = 0; i < d->n; i++) {
    double h = lun_cox_over(d, cum, i);
    if (d->dead[i]) h -= b[d->last[i]];
    t->v[i] = t->risk[i] * h;
  }
}

static void cross_product(lun_cox_terms *t, const lun_cox_data *d, double *information)
{
  memset(information, 0, d->p * d->p * sizeof *information);
  for (size_t b = 0; b < d->blocks; b++)
    lun_lanes_gram(information, d->x + b * d->p * BLOCK, t->packed + d->p * BLOCK, t->v + b * BLOCK, d->p);
}

/* sum over rows of (w dead - v) x. */
static void score(lun_cox_terms *t, const lun_cox_data *d, double *gradient)
{
  memset(gradient, 0, d->p * sizeof *gradient);
  for (size_t b = 0; b < d->blocks; b++) {
    double residual[BLOCK];
    const double *v = t->v + b * BLOCK;
    size_t rows = d->n - b * BLOCK < BLOCK ? d->n - b * BLOCK : BLOCK;
    for (size_t i = 0; i < BLOCK; i++) residual[i] = i < rows ? -v[i] : 0;
    for (size_t i = 0; i < rows; i++)
      if (d->dead[b * BLOCK + i]) residual[i] += d->weight ? d->weight[b * BLOCK + i] : 1;
    for (size_t j = 0; j < d->p; j++)
      gradient[j] += lun_lanes_dot(residual, d->x + (b * d->p + j) * BLOCK);
  }
}

void lun_cox_derivatives(lun_cox_terms *t, const lun_cox_data *d, double *gradient, double *information,
                         double *scale)
{
  row_weights(t, d, t->cum, t->b);
  if (gradient) score(t, d, gradient);
  cross_product(t, d, information);
  for (size_t j = 0; scale && j < d->p; j++) scale[j] = information[j * d->p + j];
  take_means(t, d, NULL, information);
  lun_sym_mirror(information, d->p);
}

void lun_cox_information(lun_cox_terms *t, const lun_cox_data *d, const double *times, double *information)
{
  double *cum = t->weighted, *b = t->weighted + d->m;
  for (size_t k = 0; k < d->m; k++) {
    cum[k] = times[k] * t->a[k];
    b[k] = times[k] * t->b[k];
  }
  lun_cox_cumulate(d, cum, cum);
  row_weights(t, d, cum, b);
  cross_product(t, d, information);
  take_means(t, d, times, information);
  lun_sym_mirror(information, d->p);
}
