/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/refit.h"

#include <math.h>
#include <string.h>

enum { BLOCK = LUN_COX_BLOCK };

/* The arrays of data that a refit writes; the others are base's. */
static lun_status reserve(lun_cox_refit *r, size_t p)
{
  lun_cox_data *d = &r->data;
  size_t padded = d->blocks * BLOCK;
  r->place = LUN_NEW(&r->pool, uint32_t, d->n);
  d->x = LUN_NEW(&r->pool, double, padded * p);
  if (d->offset && !(d->offset = LUN_NEW(&r->pool, double, padded))) return LUN_ENOMEM;
  d->dead = LUN_NEW(&r->pool, unsigned char, d->n);
  d->weight = LUN_NEW(&r->pool, double, padded);
  d->death = LUN_NEW(&r->pool, double, padded);
  d->deaths = LUN_NEW(&r->pool, double, d->m);
  d->mass = LUN_NEW(&r->pool, double, d->m);
  d->last = LUN_NEW(&r->pool, uint32_t, d->n);
  d->tie = LUN_NEW(&r->pool, uint32_t, d->n);
  d->first = LUN_NEW(&r->pool, size_t, d->strata + 1);
  r->start = LUN_NEW(&r->pool, double, p);
  r->newton.x = LUN_NEW(&r->pool, double, p);
  r->newton.gradient = LUN_NEW(&r->pool, double, p);
  r->newton.information = LUN_NEW(&r->pool, double, p * p);
  r->newton.status = LUN_NEW(&r->pool, unsigned char, p);
  return r->place && r->start && d->x && d->dead && d->weight && d->death && d->deaths && d->mass
                 && d->last && d->tie && d->first && r->newton.x && r->newton.gradient
                 && r->newton.information && r->newton.status
             ? LUN_OK
             : LUN_ENOMEM;
}

void lun_cox_refit_fini(lun_cox_refit *r)
{
  lun_cox_data_fini(&r->base);
  if (r->pool.env) lun_pool_fini(&r->pool);
  memset(r, 0, sizeof *r);
}

/* The rows that were drawn, with their weights; deaths of each event time of base, by its old
 * number. */
static void take_rows(lun_cox_refit *r, const uint32_t *count)
{
  const lun_cox_data *base = &r->base;
  lun_cox_data *d = &r->data;
  memset(d->deaths, 0, base->m * sizeof *d->deaths);
  memset(d->mass, 0, base->m * sizeof *d->mass);
  d->n = 0;
  for (size_t i = 0; i < base->n; i++) {
    double times = count[base->used[base->row[i]]];
    double weight = base->weight ? times * base->weight[i] : times, dead = base->dead[i];
    r->place[d->n] = (uint32_t)i;
    d->last[d->n] = base->last[i];
    d->dead[d->n] = base->dead[i];
    d->weight[d->n] = weight;
    d->death[d->n] = dead * weight;
    d->n += times > 0; /* a branch could not be foreseen */
    d->deaths[base->last[i]] += dead * times;
    d->mass[base->last[i]] += dead * weight;
  }
}

/* Their columns and offsets; 0 behind the last row. */
static void take_columns(lun_cox_refit *r)
{
  const lun_cox_data *base = &r->base;
  lun_cox_data *d = &r->data;
  size_t p = d->p, blocks = (d->n + BLOCK - 1) / BLOCK;
  for (size_t i = d->n; i < blocks * BLOCK; i++) d->weight[i] = d->death[i] = 0;
  for (size_t b = 0; b < blocks; b++) {
    const uint32_t *place = r->place + b * BLOCK;
    size_t n = d->n - b * BLOCK < BLOCK ? d->n - b * BLOCK : BLOCK, at[BLOCK];
    for (size_t i = 0; i < n; i++) at[i] = place[i] / BLOCK * p * BLOCK + place[i] % BLOCK;
    for (size_t j = 0; j < p; j++) {
      double *x = d->x + (b * p + j) * BLOCK;
      const double *from = base->x + j * BLOCK;
      for (size_t i = 0; i < n; i++) x[i] = from[at[i]];
      memset(x + n, 0, (BLOCK - n) * sizeof *x);
    }
    for (size_t i = 0; d->offset && i < BLOCK; i++)
      d->offset[b * BLOCK + i] = i < n ? base->offset[place[i]] : 0;
  }
}

/* Numbers the event times that are left. A row that is at risk at none of its stratum counts 0 at
 * the next one. */
static void number_times(lun_cox_refit *r)
{
  const lun_cox_data *base = &r->base;
  lun_cox_data *d = &r->data;
  size_t i = 0, strata = 0;
  d->m = d->ties = 0;
  for (size_t s = 0; s < base->strata; s++) {
    size_t first = d->m;
    for (size_t k = base->first[s]; k < base->first[s + 1]; k++) {
      double deaths = d->deaths[k];
      d->deaths[d->m] = deaths, d->mass[d->m] = d->mass[k];
      d->m += deaths > 0;
      for (; i < d->n && d->last[i] == k; i++) {
        if (d->m == first) d->weight[i] = 0;
        d->last[i] = (uint32_t)(d->m == first ? first : d->m - 1);
        if (deaths > 1 && d->dead[i]) d->tie[d->ties++] = (uint32_t)i;
      }
    }
    if (d->m == first) continue;
    d->first[strata++] = first;
    d->first[strata] = d->m;
  }
  d->strata = strata;
  while (i > 0 && d->last[i - 1] >= d->m && d->m > 0) d->last[--i] = (uint32_t)d->m - 1;
}

static int value(void *ctx, const double *beta, double *loglik)
{
  lun_cox_refit *r = ctx;
  int fine = lun_cox_walk(&r->terms, &r->data, beta);
  *loglik = r->terms.loglik;
  return fine;
}

static void derivatives(void *ctx, double *gradient, double *information, double *scale)
{
  lun_cox_refit *r = ctx;
  lun_cox_derivatives(&r->terms, &r->data, gradient, information, scale);
}

lun_status lun_cox_refit_at(lun_cox_refit *r, const uint32_t *count, double *coef)
{
  lun_newton *newton = &r->newton;
  lun_cox_data *d = &r->data;
  lun_newton_problem problem = { d->p, r, value, derivatives };
  lun_newton_options how = { .point_only = 1 };
  take_rows(r, count);
  number_times(r);
  for (size_t j = 0; j < d->p; j++) coef[j] = NAN;
  if (d->m == 0) return LUN_OK;
  take_columns(r);
  memcpy(newton->x, r->start, d->p * sizeof *newton->x);
  lun_status st = lun_newton_maximise(r->pool.env, newton, &problem, &how);
  for (size_t j = 0; st == LUN_OK && newton->converged && j < d->p; j++)
    if (newton->status[j] == LUN_NEWTON_FINITE) coef[j] = newton->x[j] / d->scale[j];
  return st == LUN_EDATA ? LUN_OK : st;
}

/* Refits start at the estimate of the whole sample, if it is one: they are not far from it. */
static lun_status find_start(lun_cox_refit *r)
{
  size_t p = r->data.p;
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, r->pool.env);
  uint32_t *count = LUN_NEW(&work, uint32_t, r->rows);
  double *coef = LUN_NEW(&work, double, p);
  if (!count || !coef) goto done;
  for (size_t i = 0; i < r->rows; i++) count[i] = 1;
  if ((st = lun_cox_refit_at(r, count, coef)) != LUN_OK) goto done;
  for (size_t j = 0; j < p; j++)
    if (isnan(coef[j])) goto done;
  memcpy(r->start, r->newton.x, p * sizeof *r->start);
done:
  lun_pool_fini(&work);
  return st;
}

lun_status lun_cox_refit_init(lun_env *env, lun_cox_refit *r, const lun_cox_input *in,
                              lun_cox_ties ties)
{
  lun_status st;
  memset(r, 0, sizeof *r);
  lun_pool_init(&r->pool, env);
  if ((st = lun_cox_data_new(&r->pool, &r->base, in)) != LUN_OK) goto done;
  r->rows = in->n;
  r->data = r->base;
  r->data.tied = 1; /* any refit may have ties */
  if ((st = reserve(r, in->p)) != LUN_OK) goto done;
  if ((st = lun_cox_terms_new(&r->pool, &r->terms, &r->data, ties)) != LUN_OK) goto done;
  st = find_start(r);
done:
  if (st != LUN_OK) lun_cox_refit_fini(r);
  return st;
}

