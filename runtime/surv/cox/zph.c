/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/order.h"
#include "stat/linalg.h"
#include "surv/cox/means.h"
#include "surv/cox/residuals.h"

/* --- transforms of the event times, as m-vectors ---------------------------------------------- */

/* Event times of all strata, increasing, with the number at risk counted from sorted times. */
static lun_status km_transform(const lun_cox *fit, lun_pool *work, double *g)
{
  const lun_cox_data *d = &fit->data;
  lun_status st;
  size_t *by_time = LUN_NEW(work, size_t, d->m), *by_stop = LUN_NEW(work, size_t, d->rows);
  size_t *by_start = LUN_NEW(work, size_t, d->start ? d->rows : 0), left = 0, entered = 0;
  double survival = 1;
  if (!by_time || !by_stop || !by_start) return LUN_ENOMEM;
  if ((st = lun_order_doubles(work->env, by_time, d->time, d->m)) != LUN_OK) return st;
  if ((st = lun_order_doubles(work->env, by_stop, d->stop, d->rows)) != LUN_OK) return st;
  if (d->start && (st = lun_order_doubles(work->env, by_start, d->start, d->rows)) != LUN_OK)
    return st;
  for (size_t i = 0, end; i < d->m; i = end) {
    double t = d->time[by_time[i]], deaths = 0;
    for (end = i; end < d->m && d->time[by_time[end]] == t; end++) {
      g[by_time[end]] = 1 - survival;
      deaths += d->deaths[by_time[end]];
    }
    while (left < d->rows && d->stop[by_stop[left]] < t) left++;
    while (d->start && entered < d->rows && d->start[by_start[entered]] < t) entered++;
    survival *= 1 - deaths / (double)((d->start ? entered : d->rows) - left);
  }
  return LUN_OK;
}

/* Average rank of the event times among the times of all rows (as in R). */
static lun_status rank_transform(const lun_cox *fit, lun_pool *work, double *g)
{
  const lun_cox_data *d = &fit->data;
  size_t *by_time = LUN_NEW(work, size_t, d->m), *by_stop = LUN_NEW(work, size_t, d->rows),
         below = 0, until = 0;
  lun_status st;
  if (!by_time || !by_stop) return LUN_ENOMEM;
  if ((st = lun_order_doubles(work->env, by_time, d->time, d->m)) != LUN_OK) return st;
  if ((st = lun_order_doubles(work->env, by_stop, d->stop, d->rows)) != LUN_OK) return st;
  for (size_t k = 0; k < d->m; k++) {
    double t = d->time[by_time[k]];
    while (below < d->rows && d->stop[by_stop[below]] < t) below++;
    while (until < d->rows && d->stop[by_stop[until]] <= t) until++;
    g[by_time[k]] = ((double)below + 1 + (double)until) / 2;
  }
  return LUN_OK;
}

static lun_status log_transform(const lun_cox *fit, double *g)
{
  const lun_cox_data *d = &fit->data;
  for (size_t k = 0; k < d->m; k++) {
    if (!(d->time[k] > 0))
      return lun_fail(
          fit->pool.env, LUN_EINVAL,
          "[usage.transform] an event at time %g has no logarithm: use km, rank or identity",
          d->time[k]);
    g[k] = log(d->time[k]);
  }
  return LUN_OK;
}

static lun_status transform_times(const lun_cox *fit, lun_cox_transform transform, lun_pool *work,
                                  double *g)
{
  const lun_cox_data *d = &fit->data;
  switch (transform) {
  case LUN_COX_KM: return km_transform(fit, work, g);
  case LUN_COX_RANK: return rank_transform(fit, work, g);
  case LUN_COX_LOG: return log_transform(fit, g);
  default: memcpy(g, d->time, d->m * sizeof *g); return LUN_OK;
  }
}

/* Around their mean over the deaths: the tests do not change, their rounding does. */
static void centre_times(const lun_cox_data *d, double *g)
{
  double sum = 0, mass = 0;
  for (size_t k = 0; k < d->m; k++) sum += d->mass[k] * g[k], mass += d->mass[k];
  for (size_t k = 0; k < d->m; k++) g[k] -= sum / mass;
}

/* --- the test --------------------------------------------------------------------------------- */

/* sum over deaths of w g (x - mean), of the scaled columns. */
static void score(const lun_cox *fit, const lun_cox_risk_means *means, const double *g,
                  double *u)
{
  const lun_cox_data *d = &fit->data;
  const lun_cox_terms *t = &fit->terms;
  memset(u, 0, d->p * sizeof *u);
  for (size_t i = 0; i < d->n; i++) {
    double w = d->dead[i] ? (d->weight ? d->weight[i] : 1) * g[d->last[i]] : 0;
    for (size_t j = 0; w != 0 && j < d->p; j++) u[j] += w * lun_cox_x(d, i, j);
  }
  for (size_t k = 0; k < d->m; k++) {
    double f = g[k] * t->s0[k] * t->a[k], h = g[k] * t->s0[k] * t->b[k];
    for (size_t j = 0; j < d->p; j++)
      u[j] -= f * lun_cox_mean(means, k)[j] - h * lun_cox_tied(means, k)[j];
  }
}

/* The information about the changes, given the coefficients: I_gg - I_g V I_g. */
static void conditional_information(const lun_cox *fit, const double *with_g, double *with_gg,
                                    double *work)
{
  size_t p = fit->p;
  for (size_t i = 0; i < p; i++) lun_sym_times(fit->variance, p, with_g + i * p, work + i * p);
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j < p; j++)
      for (size_t k = 0; k < p; k++) with_gg[i * p + j] -= work[i * p + k] * with_g[k * p + j];
}

/* Only the columns of one term (or all: group NULL) with a finite coefficient take part. Each term
 * is tested given that the others do not change: its own block of the information, not the inverse
 * of the whole. */
static lun_cox_test test_group(const lun_cox *fit, const double *information, const double *u,
                               const size_t *group, size_t which, double *work)
{
  size_t p = fit->p;
  double *a = work, *x = work + p * p;
  memcpy(a, information, p * p * sizeof *a);
  for (size_t j = 0; j < p; j++) {
    int in = fit->status[j] == LUN_COX_FINITE && (!group || group[j] == which);
    x[j] = in ? u[j] : 0;
    for (size_t k = 0; !in && k < p; k++) a[j * p + k] = a[k * p + j] = 0;
  }
  size_t rank = lun_ldl_factor(a, p, NULL, LUN_LDL_TOLERANCE);
  return lun_cox_chisq(lun_ldl_quadratic(a, p, x, x + p), rank);
}

lun_status lun_cox_zph(lun_cox *fit, lun_cox_transform transform, const size_t *group,
                       size_t groups, lun_cox_test *tests, double *g)
{
  const lun_cox_data *d = &fit->data;
  size_t p = fit->p;
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_cox_risk_means means;
  lun_pool_init(&work, fit->pool.env);
  double *times = LUN_NEW(&work, double, 4 * d->m),
         *room = LUN_NEW(&work, double, 4 * p * p + 3 * p);
  if (!times || !room) goto done;
  double *with_g = room, *with_gg = room + p * p, *u = room + 4 * p * p, *sums = times + 2 * d->m;
  if ((st = lun_cox_risk_means_new(&work, &means, &fit->terms, d)) != LUN_OK) goto done;
  if ((st = transform_times(fit, transform, &work, times)) != LUN_OK) goto done;
  for (size_t i = 0, at = 0; g && i < d->n; i++)
    if (d->dead[i]) g[at++] = times[d->last[i]];
  centre_times(d, times);
  score(fit, &means, times, u);
  lun_cox_information(&fit->terms, d, times, sums, with_g);
  for (size_t k = 0; k < d->m; k++) times[d->m + k] = times[k] * times[k];
  lun_cox_information(&fit->terms, d, times + d->m, sums, with_gg);
  conditional_information(fit, with_g, with_gg, room + 2 * p * p);
  for (size_t k = 0; k < groups; k++)
    tests[k] = test_group(fit, with_gg, u, group, k, room + 2 * p * p);
  tests[groups] = test_group(fit, with_gg, u, NULL, 0, room + 2 * p * p);
done:
  lun_pool_fini(&work);
  return st;
}
