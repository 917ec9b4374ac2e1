/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/predict.h"

#include <math.h>
#include <string.h>

#include "stat/linalg.h"
#include "surv/cox/means.h"

/* Sums of w and w (x - mean of all) for each stratum, by place, so in a fixed order. */
lun_status lun_cox_means(const lun_cox *fit, const double *const *x, const int32_t *strata,
                         size_t levels, double *out)
{
  const lun_cox_data *d = &fit->data;
  size_t p = d->p;
  lun_pool work;
  lun_pool_init(&work, fit->pool.env);
  double *mass = LUN_NEW(&work, double, levels);
  if (!mass) return LUN_ENOMEM;
  memset(out, 0, levels * p * sizeof *out);
  for (size_t i = 0; i < d->rows; i++) {
    size_t row = d->used[d->row[i]], s = strata ? (size_t)strata[row] : 0;
    double w = d->weight ? d->weight[i] : 1;
    mass[s] += w;
    for (size_t j = 0; j < p; j++) out[s * p + j] += w * (x[j][row] - d->mean[j]);
  }
  for (size_t s = 0; s < levels; s++)
    for (size_t j = 0; j < p; j++) out[s * p + j] = d->mean[j] + out[s * p + j] / mass[s];
  lun_pool_fini(&work);
  return LUN_OK;
}

static int32_t stratum_of(const lun_cox_rows *rows, size_t i)
{
  return rows->stratum ? rows->stratum[i] : 0;
}

/* --- linear predictor ---------------------------------------------------------------------- */

lun_status lun_cox_linear_of(const lun_cox *fit, const lun_cox_rows *rows, const double *reference,
                             const unsigned char *wanted, double *lp, double *se)
{
  size_t p = fit->p;
  lun_pool work;
  lun_pool_init(&work, fit->pool.env);
  double *away = LUN_NEW(&work, double, 2 * p);
  if (!away) return LUN_ENOMEM;
  for (size_t i = 0; i < rows->n; i++) {
    int32_t s = stratum_of(rows, i);
    int known = 1;
    double eta = s < 0 ? NAN : 0, variance = 0;
    for (size_t j = 0; j < p; j++) {
      int counts = (!wanted || wanted[j]) && s >= 0;
      away[j] = counts ? rows->x[j][i] - (reference ? reference[(size_t)s * p + j] : 0) : 0;
      if (fit->status[j] == LUN_COX_INFINITE && away[j] != 0) known = 0;
      if (counts) eta += fit->status[j] == LUN_COX_ALIASED ? 0 * away[j] : fit->coef[j] * away[j];
    }
    lun_sym_times(fit->vcov, p, away, away + p);
    for (size_t j = 0; j < p; j++) variance += away[j] * away[p + j];
    lp[i] = eta;
    se[i] = known && !isnan(eta) ? sqrt(fmax(0, variance)) : NAN;
  }
  lun_pool_fini(&work);
  return LUN_OK;
}

/* --- expected events ----------------------------------------------------------------------- */

/* Running sums within each stratum, at every event time: of the hazard a, of its variance and of
 * the risk sets' means, all for a relative risk of 1. */
typedef struct sums {
  double *hazard, *variance, *mean; /* m, m, m x p */
} sums;

static lun_status add_up(lun_pool *work, const lun_cox *fit, sums *s)
{
  const lun_cox_data *d = &fit->data;
  const lun_cox_terms *t = &fit->terms;
  size_t p = d->p;
  s->hazard = LUN_NEW(work, double, d->m);
  s->variance = LUN_NEW(work, double, d->m);
  s->mean = LUN_NEW(work, double, d->m * p);
  if (!s->hazard || !s->variance || !s->mean) return LUN_ENOMEM;
  lun_cox_risk_means at;
  lun_status st = lun_cox_risk_means_new(work, &at, t, d);
  if (st != LUN_OK) return st;
  for (size_t k = 0; k < d->m; k++) {
    double inverse = 1 / t->s0[k];
    s->hazard[k] = t->a[k];
    s->variance[k] = t->g11[k] * inverse * inverse;
    for (size_t j = 0; j < p; j++)
      s->mean[k * p + j] = (t->g11[k] * lun_cox_mean(&at, k)[j] +
                            t->g12[k] * lun_cox_tied(&at, k)[j]) * inverse;
  }
  for (size_t c = 0; c < d->strata; c++)
    for (size_t k = d->first[c] + 1; k < d->first[c + 1]; k++) {
      s->hazard[k] += s->hazard[k - 1];
      s->variance[k] += s->variance[k - 1];
      for (size_t j = 0; j < p; j++) s->mean[k * p + j] += s->mean[(k - 1) * p + j];
    }
  return LUN_OK;
}

/* The first event time of stratum c after t. */
static size_t until(const lun_cox_data *d, size_t c, double t)
{
  size_t low = d->first[c], high = d->first[c + 1];
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    if (d->time[mid] <= t) low = mid + 1;
    else high = mid;
  }
  return low;
}

static double between(const double *sum, size_t stride, size_t first, size_t from, size_t to)
{
  double before = from > first ? sum[(from - 1) * stride] : 0;
  return to > first ? sum[(to - 1) * stride] - before : 0;
}

/* Row i over the event times from .. to - 1 of stratum c. z: 3 p. */
static void expect(const lun_cox *fit, const lun_cox_rows *rows, const sums *s, size_t i, size_t c,
                   size_t from, size_t to, double *z, double out[2])
{
  const lun_cox_data *d = &fit->data;
  size_t p = d->p, first = d->first[c];
  double eta = (rows->offset ? rows->offset[i] : 0) - d->offset_mean - fit->terms.shift;
  double hazard = between(s->hazard, 1, first, from, to);
  double variance = between(s->variance, 1, first, from, to), *q = z + p, *work = z + 2 * p;
  for (size_t j = 0; j < p; j++) {
    z[j] = (rows->x[j][i] - d->mean[j]) / d->scale[j];
    eta += fit->beta[j] * z[j];
    double mean = p ? between(s->mean + j, p, first, from, to) : 0;
    q[j] = (z[j] * hazard - mean) * d->scale[j];
  }
  lun_sym_times(fit->vcov, p, q, work);
  for (size_t j = 0; j < p; j++) variance += q[j] * work[j];
  out[0] = exp(eta) * hazard;
  out[1] = exp(eta) * sqrt(fmax(0, variance));
  if (isnan(eta)) out[0] = out[1] = NAN;
}

static size_t find_stratum(const lun_cox_data *d, int32_t code)
{
  size_t c = 0;
  while (c < d->strata && d->stratum[c] != code) c++;
  return c;
}

lun_status lun_cox_expected(const lun_cox *fit, const lun_cox_rows *rows, const double *start,
                            const double *stop, double *expected, double *se)
{
  const lun_cox_data *d = &fit->data;
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  sums s;
  lun_pool_init(&work, fit->pool.env);
  double *z = LUN_NEW(&work, double, 3 * d->p);
  if (!z || (st = add_up(&work, fit, &s)) != LUN_OK) goto done;
  for (size_t i = 0; i < rows->n; i++) {
    double out[2] = { NAN, NAN };
    int32_t code = stratum_of(rows, i);
    size_t c = find_stratum(d, code);
    int known = code >= 0 && !isnan(stop[i]) && !(start && isnan(start[i]));
    if (known && c == d->strata) out[0] = out[1] = 0;
    else if (known)
      expect(fit, rows, &s, i, c, start ? until(d, c, start[i]) : d->first[c],
             until(d, c, stop[i]), z, out);
    expected[i] = out[0];
    se[i] = out[1];
  }
done:
  lun_pool_fini(&work);
  return st;
}
