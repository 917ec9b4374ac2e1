/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/finegray/predict.h"

#include <math.h>
#include <string.h>

#include "surv/finegray/score.h"

/* The baseline of one stratum at the times, at the mean covariates. */
typedef struct baseline {
  double *hazard; /* times */
  double *mean;   /* times x p: mean covariates against it, in the data's units from the mean */
  double *row;    /* n x times, by row of the layout: influence of each row */
} baseline;

typedef struct predictor {
  const lun_finegray *fit;
  const lun_finegray_query *q;
  lun_finegray_data d;
  lun_finegray_walk w;
  int censoring;
  double *sum; /* clusters */
} predictor;

static lun_status prepare(lun_pool *work, predictor *r, const lun_finegray_input *in, int efron)
{
  lun_status st = lun_finegray_data_new(work, &r->d, in);
  if (st != LUN_OK) return st;
  size_t p = r->d.p;
  double *beta = LUN_NEW(work, double, p);
  r->sum = LUN_NEW(work, double, in->cluster ? in->clusters : r->d.n);
  if (!beta || !r->sum) return LUN_ENOMEM;
  if ((st = lun_finegray_walk_new(work, &r->w, &r->d, efron)) != LUN_OK) return st;
  for (size_t j = 0; j < p; j++)
    beta[j] = r->fit->status[j] == LUN_COX_ALIASED ? 0 : r->fit->coef[j] * r->d.scale[j];
  lun_finegray_walk_to(&r->w, beta);
  lun_finegray_hazards(&r->w);
  return LUN_OK;
}

/* --- baseline -------------------------------------------------------------------------------- */

/* Adds event e to the hazard at time number t, and to the mean covariates against it. */
static void add_event(const predictor *r, size_t e, double *hazard, double *mean)
{
  const lun_finegray_walk *w = &r->w;
  size_t p = r->d.p, steps = lun_finegray_steps(w, e);
  double share = r->d.mass[e] / (double)steps;
  *hazard += w->hazard[e];
  for (size_t i = 0; i < steps; i++) {
    double f = (double)i / (double)steps, s0 = w->s0[e] - (i ? f * w->t0[e] : 0);
    for (size_t j = 0; j < p; j++) {
      double s1 = w->s1[e * p + j] - (i ? f * w->t1[e * p + j] : 0);
      mean[j] += s1 / s0 * share / s0 * r->d.scale[j];
    }
  }
}

static void sum_events(const predictor *r, size_t h, baseline *b)
{
  for (size_t t = 0; t < r->q->times; t++)
    for (size_t e = r->d.first[h]; e < r->d.first[h + 1] && r->d.time[e] <= r->q->time[t]; e++)
      add_event(r, e, b->hazard + t, b->mean + t * r->d.p);
}

/* The rows' influence: scores of columns that are 0 for every row and have, at the events up to
 * each time, the mean -1 / S0. */
static lun_status influence(lun_pool *work, const predictor *r, size_t h, baseline *b)
{
  size_t k = r->q->times, cells = r->d.m * k;
  lun_finegray_data d = r->d;
  lun_finegray_walk w = r->w;
  w.d = &d;
  d.p = k;
  d.z = LUN_NEW(work, double, d.n * k);
  w.s1 = LUN_NEW(work, double, cells);
  w.t1 = LUN_NEW(work, double, cells);
  if (!d.z || !w.s1 || !w.t1) return LUN_ENOMEM;
  for (size_t e = d.first[h]; e < d.first[h + 1]; e++)
    for (size_t t = 0; t < k; t++) w.s1[e * k + t] = d.time[e] <= r->q->time[t] ? -1 : 0;
  return lun_finegray_scores(r->fit->pool.env, &w, r->censoring, b->row);
}

static lun_status baseline_of(lun_pool *work, const predictor *r, size_t h, baseline *b)
{
  size_t k = r->q->times;
  b->hazard = LUN_NEW(work, double, k);
  b->mean = LUN_NEW(work, double, k * r->d.p);
  b->row = LUN_NEW(work, double, r->d.n * k);
  if (!b->hazard || !b->mean || !b->row) return LUN_ENOMEM;
  sum_events(r, h, b);
  return influence(work, r, h, b);
}

/* --- subjects -------------------------------------------------------------------------------- */

static double relative_risk(const predictor *r, size_t i)
{
  double eta = r->q->offset ? r->q->offset[i] : 0;
  for (size_t j = 0; j < r->d.p; j++)
    if (r->fit->status[j] != LUN_COX_ALIASED)
      eta += r->fit->coef[j] * (r->q->x[j][i] - r->fit->mean[j]);
  return exp(eta);
}

/* Root of the sum over clusters of (row + v . influence on the coefficients)^2. */
static double spread(const predictor *r, const baseline *b, size_t t, const double *v)
{
  const lun_finegray_data *d = &r->d;
  size_t p = d->p, clusters = d->in.cluster ? d->in.clusters : d->n;
  double squares = 0;
  memset(r->sum, 0, clusters * sizeof *r->sum);
  for (size_t k = 0; k < d->n; k++) {
    size_t row = d->row[k];
    double x = b->row[k * r->q->times + t];
    for (size_t j = 0; j < p; j++) x += v[j] * r->fit->influence[row * p + j];
    r->sum[d->in.cluster ? (size_t)d->in.cluster[row] : row] += x;
  }
  for (size_t c = 0; c < clusters; c++) squares += r->sum[c] * r->sum[c];
  return sqrt(squares);
}

static void predict_subject(const predictor *r, const baseline *b, size_t i, double *v,
                            double *cumhaz, double *se)
{
  size_t p = r->d.p, k = r->q->times;
  double risk = relative_risk(r, i);
  int infinite = 0;
  for (size_t j = 0; j < p; j++) infinite |= r->fit->status[j] == LUN_COX_INFINITE;
  for (size_t t = 0; t < k; t++) {
    for (size_t j = 0; j < p; j++)
      v[j] = b->hazard[t] * (r->q->x[j][i] - r->fit->mean[j]) - b->mean[t * p + j];
    cumhaz[i * k + t] = risk * b->hazard[t];
    se[i * k + t] = infinite ? NAN : risk * spread(r, b, t, v);
  }
}

lun_status lun_finegray_predict(const lun_finegray *fit, const lun_finegray_input *in,
                                const lun_finegray_options *options,
                                const lun_finegray_query *query, double *cumhaz, double *se)
{
  lun_pool work;
  predictor r = { .fit = fit, .q = query, .censoring = !options->robust };
  lun_pool_init(&work, fit->pool.env);
  lun_status st = prepare(&work, &r, in, options->efron);
  double *v = st == LUN_OK ? LUN_NEW(&work, double, in->p) : NULL;
  if (st == LUN_OK && !v) st = LUN_ENOMEM;
  for (size_t h = 0; h < fit->strata && st == LUN_OK; h++) {
    baseline b;
    if ((st = baseline_of(&work, &r, h, &b)) != LUN_OK) break;
    for (size_t i = 0; i < query->subjects; i++)
      if (!query->stratum || (size_t)query->stratum[i] == h)
        predict_subject(&r, &b, i, v, cumhaz, se);
  }
  lun_pool_fini(&work);
  return st;
}
