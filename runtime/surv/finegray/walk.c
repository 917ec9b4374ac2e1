/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/finegray/walk.h"

#include <math.h>
#include <string.h>

#include "stat/linalg.h"

lun_status lun_finegray_walk_new(lun_pool *pool, lun_finegray_walk *w, const lun_finegray_data *d,
                                 int efron)
{
  size_t m = d->m, p = d->p;
  *w = (lun_finegray_walk){ .d = d, .efron = efron };
  w->risk = LUN_NEW(pool, double, d->n);
  w->s0 = LUN_NEW(pool, double, m);
  w->s1 = LUN_NEW(pool, double, m * p);
  w->hazard = LUN_NEW(pool, double, m);
  w->sum = LUN_NEW(pool, double, (d->groups + 1) * (m + 1));
  w->acc = LUN_NEW(pool, double, d->groups * (p + 1));
  if (!w->risk || !w->s0 || !w->s1 || !w->hazard || !w->sum || !w->acc) return LUN_ENOMEM;
  if (!efron) return LUN_OK;
  w->t0 = LUN_NEW(pool, double, m);
  w->t1 = LUN_NEW(pool, double, m * p);
  w->tied = LUN_NEW(pool, double, m);
  return w->t0 && w->t1 && w->tied ? LUN_OK : LUN_ENOMEM;
}

/* --- sums over risk sets --------------------------------------------------------------------- */

static void add(double *s0, double *s1, double amount, const double *z, size_t p)
{
  *s0 += amount;
  for (size_t j = 0; j < p; j++) s1[j] += amount * z[j];
}

/* Rows at risk, from the stratum's last event back. acc: p. */
static void scan_back(lun_finegray_walk *w, size_t h, double *acc)
{
  const lun_finegray_data *d = w->d;
  size_t p = d->p, k = d->begin[h + 1];
  double s0 = 0;
  memset(acc, 0, p * sizeof *acc);
  for (size_t e = d->first[h + 1]; e-- > d->first[h];) {
    for (; k > d->begin[h] && d->last[k - 1] > e; k--)
      if (d->enter[k - 1] < d->last[k - 1])
        add(&s0, acc, w->risk[k - 1], d->z + (k - 1) * p, p);
    if (d->entered && e + 1 < d->first[h + 1])
      for (size_t i = d->entered[e + 1]; i < d->entered[e + 2]; i++)
        add(&s0, acc, -w->risk[d->entries[i]], d->z + d->entries[i] * p, p);
    w->s0[e] = s0;
    memcpy(w->s1 + e * p, acc, p * sizeof *acc);
  }
}

/* Rows with a competing event before, forward. acc: groups x (p + 1). */
static void scan_forward(lun_finegray_walk *w, size_t h, double *acc)
{
  const lun_finegray_data *d = w->d;
  size_t p = d->p, k = d->begin[h];
  memset(acc, 0, d->groups * (p + 1) * sizeof *acc);
  for (size_t e = d->first[h]; e < d->first[h + 1]; e++) {
    for (; k < d->begin[h + 1] && d->last[k] <= e; k++) {
      double *a = acc + lun_finegray_group(d, k) * (p + 1);
      if (d->kind[k] == LUN_FINEGRAY_COMPETING)
        add(a, a + 1, w->risk[k] / d->own[k], d->z + k * p, p);
    }
    for (size_t g = 0; g < d->groups; g++) {
      double c = d->c[g * d->m + e], *a = acc + g * (p + 1);
      w->s0[e] += c * a[0];
      for (size_t j = 0; j < p; j++) w->s1[e * p + j] += c * a[1 + j];
    }
  }
}

static void sum_tied(lun_finegray_walk *w)
{
  const lun_finegray_data *d = w->d;
  memset(w->t0, 0, d->m * sizeof *w->t0);
  memset(w->t1, 0, d->m * d->p * sizeof *w->t1);
  for (size_t k = 0; k < d->n; k++) {
    size_t e = d->last[k] - 1;
    if (d->kind[k] == LUN_FINEGRAY_EVENT)
      add(w->t0 + e, w->t1 + e * d->p, w->risk[k], d->z + k * d->p, d->p);
  }
}

static double loglik_of(const lun_finegray_walk *w, size_t e)
{
  size_t steps = lun_finegray_steps(w, e);
  double sum = 0;
  for (size_t i = 0; i < steps; i++)
    sum += log(w->s0[e] - (i ? (double)i / (double)steps * w->t0[e] : 0));
  return w->d->mass[e] / (double)steps * sum;
}

int lun_finegray_walk_to(lun_finegray_walk *w, const double *beta)
{
  const lun_finegray_data *d = w->d;
  size_t p = d->p;
  w->loglik = 0;
  for (size_t k = 0; k < d->n; k++) {
    double eta = d->in.offset ? d->in.offset[d->row[k]] : 0, mass = lun_finegray_weight(d, k);
    for (size_t j = 0; j < p; j++) eta += d->z[k * p + j] * beta[j];
    w->risk[k] = mass * exp(eta);
    if (d->kind[k] == LUN_FINEGRAY_EVENT) w->loglik += mass * eta;
  }
  for (size_t h = 0; h < d->strata; h++) {
    scan_back(w, h, w->acc);
    scan_forward(w, h, w->acc);
  }
  if (w->efron) sum_tied(w);
  for (size_t e = 0; e < d->m; e++) w->loglik -= loglik_of(w, e);
  return isfinite(w->loglik);
}

/* --- hazards --------------------------------------------------------------------------------- */

void lun_finegray_hazards(lun_finegray_walk *w)
{
  const lun_finegray_data *d = w->d;
  for (size_t e = 0; e < d->m; e++) {
    size_t steps = lun_finegray_steps(w, e);
    double share = d->mass[e] / (double)steps, all = 0, less = 0;
    for (size_t i = 0; i < steps; i++) {
      double f = (double)i / (double)steps, jump = share / (w->s0[e] - (i ? f * w->t0[e] : 0));
      all += jump;
      less += f * jump;
    }
    w->hazard[e] = all;
    if (w->efron) w->tied[e] = less;
  }
  for (size_t plane = 0; plane <= d->groups; plane++) {
    double *sum = w->sum + plane * (d->m + 1);
    const double *c = plane ? d->c + (plane - 1) * d->m : NULL;
    for (size_t e = 0; e < d->m; e++) sum[e + 1] = sum[e] + (c ? c[e] : 1) * w->hazard[e];
  }
}

double lun_finegray_exposure(const lun_finegray_data *d, const double *x, size_t width, size_t j,
                             size_t k, size_t h)
{
  size_t enter = d->enter[k], last = d->last[k], end = d->first[h + 1];
  double sum = enter < last ? x[last * width + j] - x[enter * width + j] : 0;
  if (d->kind[k] != LUN_FINEGRAY_COMPETING) return sum;
  x += (lun_finegray_group(d, k) + 1) * (d->m + 1) * width + j;
  return sum + (x[end * width] - x[last * width]) / d->own[k];
}

/* information -= the squares of the mean covariates at the steps of e. mean: p. */
static void take_means(const lun_finegray_walk *w, size_t e, double *mean, double *information)
{
  size_t p = w->d->p, steps = lun_finegray_steps(w, e);
  double share = w->d->mass[e] / (double)steps;
  for (size_t i = 0; i < steps; i++) {
    double f = (double)i / (double)steps, s0 = w->s0[e] - (i ? f * w->t0[e] : 0);
    for (size_t j = 0; j < p; j++)
      mean[j] = (w->s1[e * p + j] - (i ? f * w->t1[e * p + j] : 0)) / s0;
    for (size_t a = 0; a < p; a++)
      for (size_t b = 0; b <= a; b++) information[a * p + b] -= share * mean[a] * mean[b];
  }
}

void lun_finegray_derivatives(lun_finegray_walk *w, double *gradient, double *information,
                              double *scale)
{
  const lun_finegray_data *d = w->d;
  size_t p = d->p;
  lun_finegray_hazards(w);
  memset(gradient, 0, p * sizeof *gradient);
  memset(information, 0, p * p * sizeof *information);
  for (size_t h = 0; h < d->strata; h++)
    for (size_t k = d->begin[h]; k < d->begin[h + 1]; k++) {
      const double *z = d->z + k * p;
      int event = d->kind[k] == LUN_FINEGRAY_EVENT;
      double expected = lun_finegray_exposure(d, w->sum, 1, 0, k, h);
      if (event && w->efron) expected -= w->tied[d->last[k] - 1];
      expected *= w->risk[k];
      double residual = (event ? lun_finegray_weight(d, k) : 0) - expected;
      for (size_t a = 0; a < p; a++) {
        gradient[a] += residual * z[a];
        for (size_t b = 0; b <= a; b++) information[a * p + b] += expected * z[a] * z[b];
      }
    }
  for (size_t j = 0; scale && j < p; j++) scale[j] = information[j * p + j];
  for (size_t e = 0; e < d->m; e++) take_means(w, e, w->acc, information);
  lun_sym_mirror(information, p);
}
