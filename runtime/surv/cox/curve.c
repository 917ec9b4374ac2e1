/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/curve.h"

#include <math.h>
#include <string.h>

#include "stat/linalg.h"
#include "surv/cox/means.h"

static int32_t find_stratum(const lun_cox_data *d, int32_t code)
{
  if (d->strata == 1) return 0;
  for (size_t s = 0; s < d->strata; s++)
    if (d->stratum[s] == code) return (int32_t)s;
  return -1;
}

/* Rows at risk at each event time first .. end-1 of a stratum. */
static void count_at_risk(const lun_cox_data *d, size_t first, size_t end, double *n)
{
  for (size_t i = 0; i < d->n; i++) {
    double f = d->freq ? d->freq[i] : 1;
    if (d->last[i] < first || d->last[i] >= end) continue;
    n[d->last[i] - first] += f;
    if (d->before && d->before[i] != LUN_COX_NONE) n[d->before[i] - first] -= f;
  }
  for (size_t k = end - first; k-- > 1;) n[k - 1] += n[k];
}

/* The subject in one piece of its path: scaled covariates and relative risk. */
static double relative_risk(const lun_cox *fit, const double *x, double offset, double *z)
{
  const lun_cox_data *d = &fit->data;
  double eta = offset - d->offset_mean - fit->terms.shift;
  for (size_t j = 0; j < d->p; j++) {
    z[j] = (x[j] - d->mean[j]) / d->scale[j];
    eta += fit->beta[j] * z[j];
  }
  return exp(eta);
}

/* Adds event time k: dH = r a; the variance sums r^2 g11/S0^2 and q = sum r (z a - sum of means).
 */
typedef struct sums {
  double hazard, variance;
  double *q, *z, *work;
  lun_cox_risk_means means;
} sums;

static double add_event(sums *s, const lun_cox *fit, size_t k, double r)
{
  const lun_cox_terms *t = &fit->terms;
  const lun_cox_data *d = &fit->data;
  size_t p = d->p;
  double inverse = 1 / t->s0[k];
  s->hazard += r * t->a[k];
  s->variance += r * r * t->g11[k] * inverse * inverse;
  for (size_t j = 0; j < p; j++) {
    double mean = (t->g11[k] * lun_cox_mean(&s->means, k)[j] +
                   t->g12[k] * lun_cox_tied(&s->means, k)[j]) * inverse;
    s->q[j] += r * (s->z[j] * t->a[k] - mean) * d->scale[j];
  }
  lun_sym_times(fit->vcov, p, s->q, s->work);
  double from_beta = 0;
  for (size_t j = 0; j < p; j++) from_beta += s->q[j] * s->work[j];
  return sqrt(fmax(0, s->variance + from_beta));
}

static lun_status reserve(lun_cox_curve *out, size_t m, size_t p)
{
  double *room = LUN_NEW(&out->pool, double, (7 + p) * m);
  if (!room) return LUN_ENOMEM;
  out->p = p;
  out->known = room + 6 * m, out->slope = room + 7 * m;
  out->time = room, out->n_risk = room + m, out->n_event = room + 2 * m;
  out->cumhaz = room + 3 * m, out->se = room + 4 * m, out->surv = room + 5 * m;
  return LUN_OK;
}

static void follow(lun_cox_curve *out, const lun_cox *fit, const lun_cox_path *path, size_t first,
                   size_t end, sums *s)
{
  const lun_cox_data *d = &fit->data;
  size_t piece = SIZE_MAX;
  double r = 0;
  for (size_t k = first, i = 0; k < end; k++) {
    while (path->to && i < path->n && d->time[k] > path->to[i]) i++;
    if (i == path->n) break;
    if (path->from && d->time[k] <= path->from[i]) continue;
    if (piece != i) r = relative_risk(fit, path->x + i * d->p, path->offset, s->z);
    piece = i;
    out->n_risk[out->n] = out->n_risk[k - first];
    out->time[out->n] = d->time[k];
    out->n_event[out->n] = d->deaths[k];
    out->se[out->n] = add_event(s, fit, k, r);
    out->cumhaz[out->n] = s->hazard;
    out->surv[out->n] = exp(-s->hazard);
    out->known[out->n] = s->variance;
    memcpy(out->slope + out->n * d->p, s->q, d->p * sizeof *s->q);
    out->n++;
  }
}

lun_status lun_cox_curve_new(lun_cox_curve *out, const lun_cox *fit, const lun_cox_path *path)
{
  const lun_cox_data *d = &fit->data;
  lun_env *env = fit->pool.env;
  lun_status st = LUN_ENOMEM;
  lun_pool work;
  int32_t s = find_stratum(d, path->stratum);
  memset(out, 0, sizeof *out);
  if (s < 0)
    return lun_fail(env, LUN_EINVAL, "[usage.stratum] the stratum has no events: it has no curve");
  lun_pool_init(&out->pool, env);
  lun_pool_init(&work, env);
  sums total = { 0 };
  total.q = LUN_NEW(&work, double, 3 * d->p + 1);
  if (!total.q) goto done;
  total.z = total.q + d->p, total.work = total.z + d->p;
  if ((st = lun_cox_risk_means_new(&work, &total.means, &fit->terms, d)) != LUN_OK) goto done;
  if ((st = reserve(out, d->first[s + 1] - d->first[s], d->p)) != LUN_OK) goto done;
  count_at_risk(d, d->first[s], d->first[s + 1], out->n_risk);
  follow(out, fit, path, d->first[s], d->first[s + 1], &total);
done:
  lun_pool_fini(&work);
  if (st != LUN_OK) lun_cox_curve_fini(out);
  return st;
}

void lun_cox_curve_fini(lun_cox_curve *c)
{
  if (c->pool.env) lun_pool_fini(&c->pool);
  memset(c, 0, sizeof *c);
}

void lun_cox_baseline(const lun_cox *fit, int centred, double *hazard)
{
  const lun_cox_data *d = &fit->data;
  double eta = (centred ? 0 : -d->offset_mean) - fit->terms.shift;
  for (size_t j = 0; j < d->p; j++)
    eta += fit->beta[j] * ((centred ? d->centre[j] : 0) - d->mean[j]) / d->scale[j];
  for (size_t k = 0; k < d->m; k++) hazard[k] = exp(eta) * fit->terms.a[k];
}
