/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/finegray/score.h"

/* Mean covariates over the risk sets, against the events and against the hazard. */
typedef struct means {
  double *event; /* m x p: at an event */
  double *tied;  /* m x p: what the events themselves get less; NULL unless efron */
  double *sum;   /* planes x (m + 1) x p: prefix sums against the hazard, as walk.sum */
} means;

/* Adds to hazard (p) the means of the steps at e times their jumps. */
static void take_steps(const lun_finegray_walk *w, size_t e, const means *x, double *hazard)
{
  size_t p = w->d->p, steps = lun_finegray_steps(w, e);
  double share = w->d->mass[e] / (double)steps;
  for (size_t i = 0; i < steps; i++) {
    double f = (double)i / (double)steps, s0 = w->s0[e] - (i ? f * w->t0[e] : 0);
    for (size_t j = 0; j < p; j++) {
      double mean = (w->s1[e * p + j] - (i ? f * w->t1[e * p + j] : 0)) / s0;
      x->event[e * p + j] += mean / (double)steps;
      hazard[j] += mean * share / s0;
      if (x->tied) x->tied[e * p + j] += f * mean * share / s0;
    }
  }
}

static lun_status means_new(lun_pool *pool, means *x, const lun_finegray_walk *w)
{
  const lun_finegray_data *d = w->d;
  size_t p = d->p, plane = (d->m + 1) * p;
  *x = (means){ .event = LUN_NEW(pool, double, d->m * p),
                .tied = w->efron ? LUN_NEW(pool, double, d->m * p) : NULL,
                .sum = LUN_NEW(pool, double, (d->groups + 1) * plane) };
  double *hazard = LUN_NEW(pool, double, p);
  if (!x->event || (w->efron && !x->tied) || !x->sum || !hazard) return LUN_ENOMEM;
  for (size_t e = 0; e < d->m; e++) {
    for (size_t j = 0; j < p; j++) hazard[j] = 0;
    take_steps(w, e, x, hazard);
    for (size_t g = 0; g <= d->groups; g++) {
      double c = g ? d->c[(g - 1) * d->m + e] : 1, *at = x->sum + g * plane + e * p;
      for (size_t j = 0; j < p; j++) at[p + j] = at[j] + c * hazard[j];
    }
  }
  return LUN_OK;
}

/* --- eta ------------------------------------------------------------------------------------- */

static void residuals(const lun_finegray_walk *w, const means *x, double *score)
{
  const lun_finegray_data *d = w->d;
  size_t p = d->p;
  for (size_t h = 0; h < d->strata; h++)
    for (size_t k = d->begin[h]; k < d->begin[h + 1]; k++) {
      int event = d->kind[k] == LUN_FINEGRAY_EVENT;
      size_t e = event ? d->last[k] - 1 : 0;
      double exposure = lun_finegray_exposure(d, w->sum, 1, 0, k, h);
      if (event && w->efron) exposure -= w->tied[e];
      for (size_t j = 0; j < p; j++) {
        double mean = lun_finegray_exposure(d, x->sum, p, j, k, h), z = d->z[k * p + j];
        if (event && w->efron) mean -= x->tied[e * p + j];
        double r = event ? lun_finegray_weight(d, k) * (z - x->event[e * p + j]) : 0;
        score[k * p + j] = r - w->risk[k] * (z * exposure - mean);
      }
    }
}

/* --- psi ------------------------------------------------------------------------------------- */

/* q(u) of stratum h and group g at each distinct time: how the score falls when the weights of
 * those with a competing event before u shrink from u on. acc: 1 + p. */
static void add_loss(const lun_finegray_walk *w, const means *x, size_t h, size_t g, double *acc,
                     double *q)
{
  const lun_finegray_data *d = w->d;
  size_t p = d->p, k = d->begin[h], e = d->first[h], end = d->first[h + 1];
  const double *hazard = w->sum + (g + 1) * (d->m + 1), *mean = x->sum + (g + 1) * (d->m + 1) * p;
  for (size_t j = 0; j <= p; j++) acc[j] = 0;
  for (size_t u = 0; u < d->censor.m; u++) {
    for (; k < d->begin[h + 1] && d->in.s->index[d->row[k]] < u; k++) {
      if (d->kind[k] != LUN_FINEGRAY_COMPETING || lun_finegray_group(d, k) != g) continue;
      double a = w->risk[k] / d->own[k];
      acc[0] += a;
      for (size_t j = 0; j < p; j++) acc[1 + j] += a * d->z[k * p + j];
    }
    while (e < end && d->at[e] < u) e++;
    double later = hazard[end] - hazard[e];
    for (size_t j = 0; j < p; j++)
      q[u * p + j] += acc[1 + j] * later - acc[0] * (mean[end * p + j] - mean[e * p + j]);
  }
}

/* Adds psi of the rows of group g. sum: (censor.m + 1) x p, prefix sums of q dG / risk^2. */
static void add_censoring(const lun_finegray_walk *w, size_t g, const double *q, double *sum,
                          double *score)
{
  const lun_finegray_data *d = w->d;
  const lun_surv *s = d->in.s;
  const double *gone = d->censor.gone + g * s->m, *risk = d->censor.risk + g * s->m;
  size_t p = d->p;
  int crr = d->in.method == LUN_FINEGRAY_CRR;
  for (size_t u = 0; u < s->m; u++)
    for (size_t j = 0; j < p; j++)
      sum[(u + 1) * p + j] =
          sum[u * p + j] + (gone[u] > 0 ? q[u * p + j] * gone[u] / (risk[u] * risk[u]) : 0);
  for (size_t k = 0; k < d->n; k++) {
    if (lun_finegray_group(d, k) != g) continue;
    size_t t = s->index[d->row[k]];
    int censored = d->kind[k] == LUN_FINEGRAY_CENSORED;
    const double *until = sum + (t + (censored || crr)) * p;
    double weight = crr ? lun_finegray_weight(d, k) : 1;
    for (size_t j = 0; j < p; j++)
      score[k * p + j] += weight * ((censored ? q[t * p + j] / risk[t] : 0) - until[j]);
  }
}

static lun_status censoring_part(lun_pool *work, const lun_finegray_walk *w, const means *x,
                                 double *score)
{
  const lun_finegray_data *d = w->d;
  size_t p = d->p, cells = (d->in.s->m + 1) * p;
  double *q = LUN_NEW(work, double, cells), *sum = LUN_NEW(work, double, cells),
         *acc = LUN_NEW(work, double, p + 1);
  if (!q || !sum || !acc) return LUN_ENOMEM;
  for (size_t g = 0; g < d->groups; g++) {
    for (size_t i = 0; i < cells; i++) q[i] = 0;
    for (size_t h = 0; h < d->strata; h++) add_loss(w, x, h, g, acc, q);
    add_censoring(w, g, q, sum, score);
  }
  return LUN_OK;
}

lun_status lun_finegray_scores(lun_env *env, const lun_finegray_walk *w, int censoring,
                               double *score)
{
  lun_pool work;
  means x;
  lun_pool_init(&work, env);
  lun_status st = means_new(&work, &x, w);
  if (st != LUN_OK) goto done;
  residuals(w, &x, score);
  if (censoring) st = censoring_part(&work, w, &x, score);
done:
  lun_pool_fini(&work);
  return st;
}
