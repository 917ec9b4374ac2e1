/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/finegray/data.h"

#include <math.h>
#include <string.h>

/* --- rows ------------------------------------------------------------------------------------ */

static lun_status check(lun_env *env, const lun_finegray_input *in)
{
  const lun_surv *s = in->s;
  size_t events = 0;
  for (size_t i = 0; i < s->n; i++) {
    events += s->status[i] == in->cause;
    if (in->offset && !isfinite(in->offset[i]))
      return lun_fail(env, LUN_EDATA, "[data.missing] row %z: the offset is not a number", i + 1);
    for (size_t j = 0; j < in->p; j++)
      if (!isfinite(in->x[j][i]))
        return lun_fail(env, LUN_EDATA, "[data.missing] row %z: column %z is not a number", i + 1,
                        j + 1);
  }
  if (!events)
    return lun_fail(env, LUN_EDATA, "[data.no-events] none of the %z rows has an event of the "
                    "cause: there is nothing to model", s->n);
  return lun_surv_check_weights(env, s, in->weight);
}

static lun_status reserve(lun_pool *pool, lun_finegray_data *d)
{
  size_t n = d->n, m = d->in.s->m * d->strata < n ? d->in.s->m * d->strata : n;
  d->row = LUN_NEW(pool, uint32_t, n);
  d->kind = LUN_NEW(pool, unsigned char, n);
  d->enter = LUN_NEW(pool, uint32_t, n);
  d->last = LUN_NEW(pool, uint32_t, n);
  d->z = LUN_NEW(pool, double, n * d->p);
  d->own = LUN_NEW(pool, double, n);
  d->time = LUN_NEW(pool, double, m);
  d->deaths = LUN_NEW(pool, double, m);
  d->mass = LUN_NEW(pool, double, m);
  d->at = LUN_NEW(pool, uint32_t, m);
  d->begin = LUN_NEW(pool, size_t, d->strata + 1);
  d->first = LUN_NEW(pool, size_t, d->strata + 1);
  d->mean = LUN_NEW(pool, double, d->p);
  d->scale = LUN_NEW(pool, double, d->p);
  return d->row && d->kind && d->enter && d->last && d->z && d->own && d->time && d->deaths &&
                 d->mass && d->at && d->begin && d->first && d->mean && d->scale
             ? LUN_OK
             : LUN_ENOMEM;
}

static void order_rows(lun_finegray_data *d)
{
  const lun_surv *s = d->in.s;
  if (d->in.strata) {
    lun_surv_split(s, s->order, d->in.strata, d->strata, d->begin, d->row);
  } else {
    memcpy(d->row, s->order, d->n * sizeof *d->row);
    d->begin[1] = d->n;
  }
}

/* The cause's event times of stratum h; each row's last one. */
static void number_events(lun_finegray_data *d, size_t h)
{
  const lun_surv *s = d->in.s;
  for (size_t k = d->begin[h], next; k < d->begin[h + 1]; k = next) {
    uint32_t t = s->index[d->row[k]];
    size_t deaths = 0;
    double mass = 0;
    for (next = k; next < d->begin[h + 1] && s->index[d->row[next]] == t; next++) {
      int32_t status = s->status[d->row[next]];
      d->kind[next] = status == d->in.cause ? LUN_FINEGRAY_EVENT
                      : status > 0          ? LUN_FINEGRAY_COMPETING
                                            : LUN_FINEGRAY_CENSORED;
      d->competing += d->kind[next] == LUN_FINEGRAY_COMPETING;
      if (d->kind[next] != LUN_FINEGRAY_EVENT) continue;
      deaths++;
      mass += lun_finegray_weight(d, next);
    }
    if (deaths) {
      d->time[d->m] = s->distinct[t];
      d->at[d->m] = t;
      d->deaths[d->m] = (double)deaths;
      d->mass[d->m++] = mass;
      d->events += deaths;
    }
    for (size_t i = k; i < next; i++) d->last[i] = (uint32_t)d->m;
  }
  d->first[h + 1] = d->m;
}

/* --- entries --------------------------------------------------------------------------------- */

/* The first event of stratum h at or after distinct time t. */
static uint32_t event_from(const lun_finegray_data *d, size_t h, uint32_t t)
{
  size_t lo = d->first[h], hi = d->first[h + 1];
  while (lo < hi) {
    size_t mid = (lo + hi) / 2;
    if (d->at[mid] < t) lo = mid + 1;
    else hi = mid;
  }
  return (uint32_t)lo;
}

static lun_status number_entries(lun_pool *pool, lun_finegray_data *d)
{
  const lun_surv *s = d->in.s;
  for (size_t h = 0; h < d->strata; h++)
    for (size_t k = d->begin[h]; k < d->begin[h + 1]; k++)
      d->enter[k] = s->entry ? event_from(d, h, s->entry[d->row[k]]) : (uint32_t)d->first[h];
  if (!s->entry) return LUN_OK;
  d->entered = LUN_NEW(pool, uint32_t, d->m + 2);
  d->entries = LUN_NEW(pool, uint32_t, d->n);
  if (!d->entered || !d->entries) return LUN_ENOMEM;
  for (int pass = 0; pass < 2; pass++) {
    for (size_t h = 0; h < d->strata; h++)
      for (size_t k = d->begin[h]; k < d->begin[h + 1]; k++) {
        uint32_t e = d->enter[k];
        if (e == d->first[h] || e >= d->last[k]) continue;
        if (pass) d->entries[d->entered[e]++] = (uint32_t)k;
        else d->entered[e + 1]++;
      }
    for (size_t e = 0; !pass && e <= d->m; e++) d->entered[e + 1] += d->entered[e];
  }
  memmove(d->entered + 1, d->entered, (d->m + 1) * sizeof *d->entered);
  d->entered[0] = 0;
  return LUN_OK;
}

/* --- columns and weights --------------------------------------------------------------------- */

static void standardise(lun_finegray_data *d, size_t j)
{
  const double *x = d->in.x[j];
  double total = 0, sum = 0, squares = 0, large = 0;
  for (size_t i = 0; i < d->n; i++) {
    double w = d->in.weight ? d->in.weight[i] : 1;
    total += w;
    sum += w * x[i];
    large = fmax(large, fabs(x[i]));
  }
  double mean = sum / total;
  for (size_t i = 0; i < d->n; i++) squares += (x[i] - mean) * (x[i] - mean);
  double sd = sqrt(squares / (double)d->n);
  int constant = sd <= 1e-14 * large;
  d->mean[j] = mean;
  d->scale[j] = constant ? 1 : sd;
  for (size_t k = 0; k < d->n; k++)
    d->z[k * d->p + j] = constant ? 0 : (x[d->row[k]] - mean) / sd;
}

static lun_status carry_on(lun_pool *pool, lun_finegray_data *d)
{
  const lun_surv *s = d->in.s;
  int crr = d->in.method == LUN_FINEGRAY_CRR;
  lun_status st = lun_finegray_censor_new(pool, &d->censor, s, d->in.group, d->groups,
                                          crr ? d->in.weight : NULL, !crr);
  if (st != LUN_OK) return st;
  if (!(d->c = LUN_NEW(pool, double, d->groups * d->m))) return LUN_ENOMEM;
  for (size_t g = 0; g < d->groups; g++)
    for (size_t e = 0; e < d->m; e++) d->c[g * d->m + e] = d->censor.prob[g * s->m + d->at[e]];
  for (size_t h = 0; h < d->strata; h++)
    for (size_t k = d->begin[h]; k < d->begin[h + 1]; k++) {
      d->own[k] = d->censor.prob[lun_finegray_group(d, k) * s->m + s->index[d->row[k]]];
      if (d->own[k] > 0) continue;
      d->own[k] = 1;
      if (d->kind[k] == LUN_FINEGRAY_COMPETING && d->last[k] < d->first[h + 1])
        return lun_fail(pool->env, LUN_EDATA,
                        "[data.censoring] the probability of being observed at %g is estimated as "
                        "0, so that the competing event there has no weight later: too few are at "
                        "risk at the early times; let the clock start later",
                        s->time[d->row[k]]);
    }
  return LUN_OK;
}

lun_status lun_finegray_data_new(lun_pool *pool, lun_finegray_data *out,
                                 const lun_finegray_input *in)
{
  lun_status st;
  if ((st = check(pool->env, in)) != LUN_OK) return st;
  if ((st = lun_surv_sort(pool->env, in->s)) != LUN_OK) return st;
  *out = (lun_finegray_data){ .in = *in, .n = in->s->n, .p = in->p,
                              .strata = in->strata ? in->stratas : 1,
                              .groups = in->group ? in->groups : 1 };
  if ((st = reserve(pool, out)) != LUN_OK) return st;
  order_rows(out);
  for (size_t h = 0; h < out->strata; h++) number_events(out, h);
  if ((st = number_entries(pool, out)) != LUN_OK) return st;
  for (size_t j = 0; j < out->p; j++) standardise(out, j);
  return carry_on(pool, out);
}
