/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/residuals.h"

#include <math.h>
#include <string.h>

#include "stat/linalg.h"
#include "surv/cox/score.h"

enum { BLOCK = LUN_COX_BLOCK };

static size_t count_deaths(const lun_cox_data *d)
{
  size_t deaths = 0;
  for (size_t i = 0; i < d->n; i++) deaths += d->dead[i];
  return deaths;
}

size_t lun_cox_residual_rows(const lun_cox *fit, lun_cox_residual type)
{
  return type >= LUN_COX_SCHOENFELD ? count_deaths(&fit->data) : fit->data.rows;
}

/* --- one number for each row ------------------------------------------------------------------ */

static void martingale(const lun_cox *fit, double *out)
{
  const lun_cox_data *d = &fit->data;
  const lun_cox_terms *t = &fit->terms;
  memset(out, 0, d->rows * sizeof *out);
  for (size_t i = 0; i < d->n; i++) {
    double h = lun_cox_over(d, t->cum, i) - (d->dead[i] ? t->b[d->last[i]] : 0);
    out[d->row[i]] = d->dead[i] - t->risk[i] / (d->weight ? d->weight[i] : 1) * h;
  }
}

static void deviance(const lun_cox *fit, double *out)
{
  const lun_cox_data *d = &fit->data;
  martingale(fit, out);
  for (size_t i = 0; i < d->n; i++) {
    double *m = out + d->row[i], event = d->dead[i], log_part = event ? log(event - *m) : 0;
    double size = sqrt(fmax(0, -2 * (*m + log_part)));
    *m = *m < 0 ? -size : size;
  }
}

void lun_cox_linear(const lun_cox *fit, double *out)
{
  const lun_cox_data *d = &fit->data;
  double shift = 0;
  for (size_t j = 0; j < d->p; j++)
    shift += fit->beta[j] / d->scale[j] * (d->mean[j] - d->centre[j]);
  for (size_t i = 0; i < d->rows; i++) {
    double eta = d->offset ? d->offset[i] + d->offset_mean : 0;
    for (size_t j = 0; j < d->p; j++) eta += fit->beta[j] * lun_cox_x(d, i, j);
    out[d->row[i]] = eta + shift;
  }
}

/* --- p numbers for each row ------------------------------------------------------------------- */

static void score(const lun_cox *fit, lun_cox_scores *s, double *out)
{
  const lun_cox_data *d = &fit->data;
  memset(out, 0, d->rows * d->p * sizeof *out);
  for (size_t b = 0; b < d->blocks; b++) {
    lun_cox_scores_block(s, b);
    for (size_t i = b * BLOCK; i < d->n && i < (b + 1) * BLOCK; i++) {
      double weight = d->weight ? d->weight[i] : 1;
      for (size_t j = 0; j < d->p; j++)
        out[j * d->rows + d->row[i]] = s->block[j * BLOCK + i % BLOCK] * d->scale[j] / weight;
    }
  }
}

static void dfbeta(const lun_cox *fit, lun_cox_scores *s, int standardised, double *out, double *u)
{
  const lun_cox_data *d = &fit->data;
  size_t p = d->p;
  memset(out, 0, d->rows * p * sizeof *out);
  for (size_t b = 0; b < d->blocks; b++) {
    lun_cox_scores_block(s, b);
    for (size_t i = b * BLOCK; i < d->n && i < (b + 1) * BLOCK; i++) {
      for (size_t j = 0; j < p; j++) u[j] = s->block[j * BLOCK + i % BLOCK];
      lun_sym_times(fit->variance, p, u, u + p);
      for (size_t j = 0; j < p; j++) {
        double by = standardised ? fit->naive_se[j] : 1;
        out[j * d->rows + d->row[i]] =
            fit->status[j] == LUN_COX_FINITE ? u[p + j] / d->scale[j] / by : 0;
      }
    }
  }
}

/* --- one row for each event ------------------------------------------------------------------- */

static void schoenfeld(const lun_cox *fit, const lun_cox_risk_means *means, double *out)
{
  const lun_cox_data *d = &fit->data;
  const lun_cox_terms *t = &fit->terms;
  size_t rows = count_deaths(d), at = 0;
  for (size_t i = 0; i < d->n; i++) {
    if (!d->dead[i]) continue;
    size_t k = d->last[i];
    double f = t->s0[k] * t->a[k] / d->mass[k], g = t->s0[k] * t->b[k] / d->mass[k];
    for (size_t j = 0; j < d->p; j++) {
      double mean = f * lun_cox_mean(means, k)[j] - g * lun_cox_tied(means, k)[j];
      out[j * rows + at] = (lun_cox_x(d, i, j) - mean) * d->scale[j];
    }
    at++;
  }
}

static void scale_schoenfeld(const lun_cox *fit, double *out, double *u)
{
  size_t p = fit->p, rows = count_deaths(&fit->data);
  for (size_t i = 0; i < rows; i++) {
    for (size_t j = 0; j < p; j++) u[j] = out[j * rows + i];
    lun_sym_times(fit->naive_vcov, p, u, u + p);
    for (size_t j = 0; j < p; j++)
      out[j * rows + i] =
          fit->status[j] == LUN_COX_FINITE ? (double)rows * u[p + j] + fit->coef[j] : 0;
  }
}

void lun_cox_event_rows(const lun_cox *fit, double *time, size_t *row)
{
  const lun_cox_data *d = &fit->data;
  for (size_t i = 0, at = 0; i < d->n; i++) {
    if (!d->dead[i]) continue;
    time[at] = d->time[d->last[i]];
    row[at++] = d->used[d->row[i]];
  }
}

lun_status lun_cox_residuals(const lun_cox *fit, lun_cox_residual type, double *out)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_cox_scores scores;
  lun_cox_risk_means means;
  lun_pool_init(&work, fit->pool.env);
  double *u = LUN_NEW(&work, double, 2 * fit->p);
  if (!u) goto done;
  if (type >= LUN_COX_SCORE && type <= LUN_COX_DFBETAS &&
      lun_cox_scores_new(&work, &scores, &fit->data, &fit->terms) != LUN_OK)
    goto done;
  if (type >= LUN_COX_SCHOENFELD &&
      lun_cox_risk_means_new(&work, &means, &fit->terms, &fit->data) != LUN_OK)
    goto done;
  st = LUN_OK;
  switch (type) {
  case LUN_COX_MARTINGALE: martingale(fit, out); break;
  case LUN_COX_DEVIANCE: deviance(fit, out); break;
  case LUN_COX_SCORE: score(fit, &scores, out); break;
  case LUN_COX_DFBETA: dfbeta(fit, &scores, 0, out, u); break;
  case LUN_COX_DFBETAS: dfbeta(fit, &scores, 1, out, u); break;
  case LUN_COX_SCHOENFELD: schoenfeld(fit, &means, out); break;
  case LUN_COX_SCALED:
    schoenfeld(fit, &means, out);
    scale_schoenfeld(fit, out, u);
    break;
  }
done:
  lun_pool_fini(&work);
  return st;
}
