/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/logrank_robust.h"

#include <string.h>

/* By distinct time: share[g] = n_g / n; weight; rows with an event (Efron's ties only); compensators
 * summed over the times up to it, in steps of tests (1 + k): sum W d/n, then sum W p_g d/n. */
typedef struct paths {
  size_t k, tests, stride;
  double *share, *weight, *sum, *tied;
} paths;

static int is_event(const lun_surv *s, size_t row, int32_t cause)
{
  return cause ? s->status[row] == cause : s->status[row] != 0;
}

static lun_status reserve(lun_pool *work, paths *p, size_t m, int efron)
{
  p->stride = p->tests * (1 + p->k);
  p->share = LUN_NEW(work, double, m * p->k);
  p->weight = LUN_NEW(work, double, m * p->tests);
  p->sum = LUN_NEW(work, double, (m + 1) * p->stride); /* [0]: before the first time */
  if (efron) p->tied = LUN_NEW(work, double, m);
  return p->share && p->weight && p->sum && (p->tied || !efron) ? LUN_OK : LUN_ENOMEM;
}

/* The groups' shares at the walk's time; returns the hazard. */
static double at_time(const lun_riskset *w, size_t tied, double *share)
{
  double hazard = 0, m = (double)tied;
  for (size_t j = 0; j < tied; j++) {
    double gone = (double)j / m, n = w->n - gone * w->d;
    hazard += w->d / m / n;
    for (size_t g = 0; g < w->k; g++) share[g] += (w->n_risk[g] - gone * w->n_event[g]) / n / m;
  }
  return hazard;
}

/* The steps of each time first, then their running sums. */
static void follow(lun_riskset *w, const double *weight, paths *p, size_t m)
{
  for (size_t j = 0; lun_riskset_next(w);) {
    if (w->d <= 0) continue;
    const double *here = weight + p->tests * j++;
    double *step = p->sum + (w->at + 1) * p->stride, *share = p->share + w->at * p->k;
    memcpy(p->weight + w->at * p->tests, here, p->tests * sizeof *here);
    double hazard = at_time(w, p->tied ? (size_t)p->tied[w->at] : 1, share);
    for (size_t a = 0; a < p->tests; a++, step += 1 + p->k) {
      step[0] = here[a] * hazard;
      for (size_t g = 0; g < p->k; g++) step[1 + g] = step[0] * share[g];
    }
  }
  for (size_t i = p->stride; i < (m + 1) * p->stride; i++) p->sum[i] += p->sum[i - p->stride];
}

/* Adds row's share, of group mine, to score[tests k]. */
static void add_row(const paths *p, const lun_surv *s, size_t row, size_t mine, int event,
                    double weight, double *score)
{
  size_t at = s->index[row], entry = s->entry ? s->entry[row] : 0;
  const double *to = p->sum + (at + 1) * p->stride, *from = p->sum + entry * p->stride;
  for (size_t a = 0; a < p->tests; a++, to += 1 + p->k, from += 1 + p->k) {
    double now = event ? p->weight[at * p->tests + a] : 0, all = to[0] - from[0];
    for (size_t g = 0; g < p->k; g++) {
      double u = -now * p->share[at * p->k + g] + (to[1 + g] - from[1 + g]);
      if (g == mine) u += now - all;
      score[a * p->k + g] += weight * u;
    }
  }
}

lun_status lun_logrank_scores(lun_logrank *r, lun_riskset *w, const double *weight,
                              const lun_logrank_options *o)
{
  lun_pool work;
  const lun_surv *s = w->s;
  paths p = { .k = r->k, .tests = r->tests };
  lun_pool_init(&work, r->env);
  lun_status st = reserve(&work, &p, s->m, o->efron);
  if (st != LUN_OK) goto done;
  for (size_t i = 0; o->efron && i < w->o.count; i++) {
    size_t row = w->o.rows[i];
    p.tied[s->index[row]] += w->o.group[row] >= 0 && is_event(s, row, o->cause);
  }
  follow(w, weight, &p, s->m);
  for (size_t i = 0; i < w->o.count; i++) {
    size_t row = w->o.rows[i];
    int32_t g = w->o.group[row];
    if (g < 0) continue;
    int event = is_event(s, row, o->cause);
    size_t cluster = o->cluster ? (size_t)o->cluster[row] : row;
    add_row(&p, s, row, (size_t)g, event, o->weight[row], r->score + cluster * r->tests * r->k);
  }
done:
  lun_pool_fini(&work);
  return st;
}

/* The score's total over all clusters, left in total[size]. */
static void add_up(const lun_logrank *r, size_t clusters, size_t size, double *total)
{
  for (size_t i = 0; i < size; i++) total[i] = 0;
  for (size_t c = 0; c < clusters; c++)
    for (size_t i = 0; i < size; i++) total[i] += r->score[c * size + i];
}

void lun_logrank_sandwich(lun_logrank *r, size_t clusters, size_t used)
{
  size_t size = r->tests * r->k;
  double n = (double)used, scale = used > 1 ? n / (n - 1) : 1;
  memset(r->variance, 0, size * size * sizeof *r->variance);
  add_up(r, clusters, size, r->expected);
  for (size_t c = 0; c < clusters; c++) {
    const double *u = r->score + c * size;
    for (size_t i = 0; i < size; i++) {
      for (size_t j = 0; j < size && u[i] != 0; j++)
        r->variance[i * size + j] += scale * u[i] * u[j];
    }
  }
  for (size_t i = 0; i < size * size && used > 1; i++)
    r->variance[i] -= scale / n * r->expected[i / size] * r->expected[i % size];
  for (size_t i = 0; i < size; i++) r->expected[i] = r->observed[i] - r->expected[i];
}
