/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/exact.h"

#include <math.h>
#include <string.h>

#include "stat/linalg.h"

enum { BLOCK = LUN_COX_BLOCK };

/* One event time: its risk set and the odds scale that makes d deaths the likely number. */
typedef struct event {
  size_t n, d;
  double log_scale, log_norm; /* e_d(r) = probability x exp(log_norm - d log_scale) */
} event;

lun_status lun_cox_exact_new(lun_pool *pool, lun_cox_exact *e, const lun_cox_data *d)
{
  double most = 0;
  for (size_t k = 0; k < d->m; k++)
    if (d->deaths[k] > most) most = d->deaths[k];
  e->width = 1 + d->p + d->p * (d->p + 1) / 2;
  e->eta = LUN_NEW(pool, double, d->n);
  e->at_risk = LUN_NEW(pool, size_t, d->n);
  e->table = LUN_NEW(pool, double, ((size_t)most + 1) * e->width);
  return e->eta && e->at_risk && e->table ? LUN_OK : LUN_ENOMEM;
}

/* Rows at risk at event time k, deaths first; rows of a stratum lie between from and to. */
static event risk_set(lun_cox_exact *e, const lun_cox_data *d, size_t k, size_t from, size_t to)
{
  event ev = { .d = (size_t)d->deaths[k] };
  double sum = 0, high = -INFINITY;
  for (size_t i = from; i < to; i++) {
    if (d->last[i] < k || (d->before && d->before[i] != LUN_COX_NONE && d->before[i] >= k))
      continue;
    e->at_risk[ev.n++] = i;
    if (e->eta[i] > high) high = e->eta[i];
  }
  for (size_t i = 0; i < ev.n; i++) sum += exp(e->eta[e->at_risk[i]] - high);
  ev.log_scale = log((double)ev.d / ((double)(ev.n - ev.d) + 0.5) * (double)ev.n / sum) - high;
  for (size_t i = 0; i < ev.n; i++) {
    double odds = e->eta[e->at_risk[i]] + ev.log_scale;
    ev.log_norm += odds > 0 ? odds + log1p(exp(-odds)) : log1p(exp(odds));
  }
  return ev;
}

/* Adds one row to the table: derivs 0: the probabilities only. */
static void add_row(const lun_cox_exact *e, const lun_cox_data *d, size_t deaths, size_t i,
                    double log_scale, int derivs)
{
  size_t p = d->p, width = e->width;
  double odds = exp(-(e->eta[i] + log_scale)), prob = 1 / (1 + odds), rest = odds * prob;
  if (!isfinite(odds)) prob = 0, rest = 1;
  for (size_t c = deaths + 1; c-- > 0;) {
    double *to = e->table + c * width;
    const double *from = c ? to - width : NULL;
    size_t at = 1 + p;
    for (size_t j = 0; derivs && j < p; j++) {
      double xj = lun_cox_x(d, i, j);
      for (size_t k = 0; k <= j; k++, at++) {
        double xk = lun_cox_x(d, i, k);
        to[at] *= rest;
        if (c)
          to[at] += prob * (from[at] + xj * from[1 + k] + xk * from[1 + j] + xj * xk * from[0]);
      }
    }
    for (size_t j = 0; derivs && j < p; j++)
      to[1 + j] = rest * to[1 + j] + (c ? prob * (from[1 + j] + lun_cox_x(d, i, j) * from[0]) : 0);
    to[0] = rest * to[0] + (c ? prob * from[0] : 0);
  }
}

/* Leaves e_d (as a probability), its first and second derivatives in row d of the table. */
static const double *fill_table(lun_cox_exact *e, const lun_cox_data *d, const event *ev,
                                int derivs)
{
  memset(e->table, 0, (ev->d + 1) * e->width * sizeof *e->table);
  e->table[0] = 1;
  for (size_t i = 0; i < ev->n; i++) add_row(e, d, ev->d, e->at_risk[i], ev->log_scale, derivs);
  return e->table + ev->d * e->width;
}

/* Rows of stratum s, which lie together: the first row and the one behind the last. */
static void stratum_rows(const lun_cox_data *d, size_t s, size_t *from, size_t *to)
{
  *from = *to;
  while (*to < d->n && d->last[*to] < d->first[s + 1]) ++*to;
}

static double linear_predictor(const lun_cox_data *d, size_t i, const double *beta)
{
  double eta = d->offset ? d->offset[i] : 0;
  for (size_t j = 0; j < d->p; j++) eta += beta[j] * lun_cox_x(d, i, j);
  return eta;
}

int lun_cox_exact_value(lun_cox_exact *e, const lun_cox_data *d, const double *beta, double *loglik)
{
  double sum = 0;
  for (size_t i = 0; i < d->n; i++) {
    e->eta[i] = linear_predictor(d, i, beta);
    if (d->dead[i]) sum += e->eta[i];
  }
  for (size_t s = 0, from = 0, to = 0; s < d->strata; s++) {
    stratum_rows(d, s, &from, &to);
    for (size_t k = d->first[s]; k < d->first[s + 1]; k++) {
      event ev = risk_set(e, d, k, from, to);
      sum -= log(fill_table(e, d, &ev, 0)[0]) + ev.log_norm - (double)ev.d * ev.log_scale;
    }
  }
  *loglik = sum;
  return isfinite(sum);
}

/* The expected sum of the deaths' x and its variance, from row d of the table. */
static void add_event(const double *row, size_t p, double *gradient, double *information,
                      double *scale)
{
  size_t at = 1 + p;
  for (size_t j = 0; j < p; j++) {
    double mean = row[1 + j] / row[0];
    gradient[j] -= mean;
    for (size_t k = 0; k <= j; k++, at++) {
      information[j * p + k] += row[at] / row[0] - mean * row[1 + k] / row[0];
      if (k == j && scale) scale[j] += row[at] / row[0];
    }
  }
}

void lun_cox_exact_derivatives(lun_cox_exact *e, const lun_cox_data *d, double *gradient,
                               double *information, double *scale)
{
  size_t p = d->p;
  memset(gradient, 0, p * sizeof *gradient);
  memset(information, 0, p * p * sizeof *information);
  if (scale) memset(scale, 0, p * sizeof *scale);
  for (size_t i = 0; i < d->n; i++)
    for (size_t j = 0; d->dead[i] && j < p; j++) gradient[j] += lun_cox_x(d, i, j);
  for (size_t s = 0, from = 0, to = 0; s < d->strata; s++) {
    stratum_rows(d, s, &from, &to);
    for (size_t k = d->first[s]; k < d->first[s + 1]; k++) {
      event ev = risk_set(e, d, k, from, to);
      add_event(fill_table(e, d, &ev, 1), p, gradient, information, scale);
    }
  }
  lun_sym_mirror(information, p);
}
