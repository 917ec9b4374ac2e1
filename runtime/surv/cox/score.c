/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/score.h"

#include <string.h>

#include "stat/linalg.h"
#include "surv/cox/lanes.h"

enum { BLOCK = LUN_COX_BLOCK };

lun_status lun_cox_scores_new(lun_pool *pool, lun_cox_scores *s, const lun_cox_data *d,
                              const lun_cox_terms *t)
{
  size_t p = d->p;
  s->data = d;
  s->terms = t;
  s->means = LUN_NEW(pool, double, d->m * p);
  s->block = LUN_NEW(pool, double, p * BLOCK);
  if (!s->means || !s->block) return LUN_ENOMEM;
  lun_status st = lun_cox_risk_means_new(pool, &s->at, t, d);
  if (st != LUN_OK) return st;
  for (size_t c = 0; c < d->strata; c++) {
    for (size_t k = d->first[c]; k < d->first[c + 1]; k++) {
      const double *mean = lun_cox_mean(&s->at, k), *tied = lun_cox_tied(&s->at, k);
      double f = t->g11[k] / t->s0[k], g = t->g12[k] / t->s0[k], *to = s->means + k * p;
      for (size_t j = 0; j < p; j++)
        to[j] = f * mean[j] + g * tied[j] + (k > d->first[c] ? to[j - p] : 0);
    }
  }
  return LUN_OK;
}

/* u = w dead (x - mean of its tie's means) - w r (x H - sum of means while at risk) */
static void row_score(const lun_cox_scores *s, size_t i, double *u)
{
  const lun_cox_data *d = s->data;
  const lun_cox_terms *t = s->terms;
  size_t p = d->p, k = d->last[i];
  double r = t->risk[i], h = lun_cox_over(d, t->cum, i), w = d->weight ? d->weight[i] : 1;
  const double *x = d->x + i / BLOCK * p * BLOCK + i % BLOCK, *until = s->means + k * p;
  const double *before =
      d->before && d->before[i] != LUN_COX_NONE ? s->means + d->before[i] * p : NULL;
  const double *mean = lun_cox_mean(&s->at, k), *tied = lun_cox_tied(&s->at, k);
  if (!d->dead[i]) {
    for (size_t j = 0; j < p; j++)
      u[j * BLOCK] = r * (until[j] - (before ? before[j] : 0) - x[j * BLOCK] * h);
    return;
  }
  double f = t->s0[k] * t->a[k] / d->mass[k], g = t->s0[k] * t->b[k] / d->mass[k];
  double inverse = 1 / t->s0[k];
  h -= t->b[k];
  for (size_t j = 0; j < p; j++) {
    double own = -(t->g12[k] * mean[j] + t->g22[k] * tied[j]) * inverse;
    double integral = until[j] - (before ? before[j] : 0) - own - x[j * BLOCK] * h;
    u[j * BLOCK] = w * (x[j * BLOCK] - (f * mean[j] - g * tied[j])) + r * integral;
  }
}

void lun_cox_scores_block(lun_cox_scores *s, size_t b)
{
  size_t rows = s->data->n - b * BLOCK < BLOCK ? s->data->n - b * BLOCK : BLOCK;
  if (rows < BLOCK) memset(s->block, 0, s->data->p * BLOCK * sizeof *s->block);
  for (size_t i = 0; i < rows; i++) row_score(s, b * BLOCK + i, s->block + i);
}

/* Cross product of whole rows: frequency f stands for f rows of a f-th of the score each. */
static void rows_middle(lun_cox_scores *s, double *work, double *middle)
{
  const lun_cox_data *d = s->data;
  double weight[BLOCK];
  for (size_t b = 0; b < d->blocks; b++) {
    for (size_t i = 0; i < BLOCK; i++)
      weight[i] = d->freq && b * BLOCK + i < d->n ? 1 / d->freq[b * BLOCK + i] : 1;
    lun_cox_scores_block(s, b);
    lun_lanes_gram(middle, s->block, work, weight, d->p, BLOCK);
  }
}

static void sum_clusters(lun_cox_scores *s, const int32_t *cluster, double *sums)
{
  const lun_cox_data *d = s->data;
  for (size_t b = 0; b < d->blocks; b++) {
    lun_cox_scores_block(s, b);
    for (size_t i = 0; i < BLOCK && b * BLOCK + i < d->n; i++) {
      double *to = sums + (size_t)cluster[d->row[b * BLOCK + i]] * d->p;
      for (size_t j = 0; j < d->p; j++) to[j] += s->block[j * BLOCK + i];
    }
  }
}

lun_status lun_cox_scores_middle(lun_cox_scores *s, const int32_t *cluster, size_t clusters,
                                 double *middle)
{
  size_t p = s->data->p;
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, s->data->env);
  double *room = LUN_NEW(&work, double, p *BLOCK),
         *sums = LUN_NEW(&work, double, cluster ? clusters *p : 1);
  if (!room || !sums) goto done;
  st = LUN_OK;
  memset(middle, 0, p * p * sizeof *middle);
  if (!cluster) rows_middle(s, room, middle);
  else sum_clusters(s, cluster, sums);
  for (size_t c = 0; cluster && c < clusters; c++) {
    const double *u = sums + c * p;
    for (size_t j = 0; j < p; j++)
      for (size_t k = 0; k <= j; k++) middle[j * p + k] += u[j] * u[k];
  }
  lun_sym_mirror(middle, p);
done:
  lun_pool_fini(&work);
  return st;
}
