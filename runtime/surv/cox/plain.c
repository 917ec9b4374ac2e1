/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "surv/cox/data.h"
#include "surv/cox/lanes.h"

enum { BLOCK = LUN_COX_BLOCK };

void lun_plain_linear(double *eta, const double *offset, const double *x, const double *beta,
                      size_t p)
{
  for (size_t i = 0; i < BLOCK; i++) {
    eta[i] = offset ? offset[i] : 0;
    for (size_t j = 0; j < p; j++) eta[i] += beta[j] * x[j * BLOCK + i];
  }
}

int lun_plain_range(const double *x, double *low, double *high)
{
  for (size_t i = 0; i < BLOCK; i++) {
    if (isnan(x[i])) return 0;
    *low = fmin(*low, x[i]);
    *high = fmax(*high, x[i]);
  }
  return 1;
}

double lun_plain_dot(const double *x, const double *y)
{
  double sum = 0;
  for (size_t i = 0; i < BLOCK; i++) sum += x[i] * y[i];
  return sum;
}

void lun_plain_dots(double *sum, const double *w, const double *x, size_t p)
{
  for (size_t j = 0; j < p; j++) sum[j] += lun_plain_dot(w, x + j * BLOCK);
}

void lun_plain_risk(double *risk, const double *eta, double shift, const double *weight)
{
  for (size_t i = 0; i < BLOCK; i++) risk[i] = (weight ? weight[i] : 1) * exp(eta[i] - shift);
}

void lun_plain_gram(double *g, const double *x, double *work, const double *w, size_t p, size_t n)
{
  (void)n;
  for (size_t j = 0; j < p; j++) {
    for (size_t i = 0; i < BLOCK; i++) work[j * BLOCK + i] = w[i] * x[j * BLOCK + i];
    for (size_t k = 0; k <= j; k++) g[j * p + k] += lun_plain_dot(work + j * BLOCK, x + k * BLOCK);
  }
}

void lun_plain_rows(double *rows, const double *x, const double *f, size_t p, size_t stride)
{
  for (size_t i = 0; i < BLOCK; i++)
    for (size_t j = 0; j < stride; j++) rows[i * stride + j] = j < p ? f[i] * x[j * BLOCK + i] : 0;
}

void lun_plain_columns(double *to, const double *a, const double *b, const double *f, size_t n,
                       size_t stride)
{
  for (size_t j = 0; j < stride; j++)
    for (size_t i = 0; i < BLOCK; i++)
      to[j * BLOCK + i] = i < n ? a[i * stride + j] + (b ? f[i] * b[i * stride + j] : 0) : 0;
}

void lun_plain_suffix(double *to, double *sum, const double *rows, const uint32_t *at, size_t n,
                      size_t stride)
{
  for (size_t i = n; i-- > 0;)
    for (size_t j = 0; j < stride; j++) to[at[i] * stride + j] = sum[j] += rows[i * stride + j];
}

void lun_plain_enter(double *to, const double *rows, const uint32_t *last, const uint32_t *before,
                     size_t n, size_t stride)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < stride; j++) {
      to[last[i] * stride + j] += rows[i * stride + j];
      if (before[i] != LUN_COX_NONE) to[before[i] * stride + j] -= rows[i * stride + j];
    }
}

double lun_plain_sum(const double *x, size_t n, double origin)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] - origin;
  return sum;
}

double lun_plain_spread(const double *x, size_t n, double mean, int *indicator)
{
  double sum = 0;
  *indicator = 1;
  for (size_t i = 0; i < n; i++) {
    sum += fabs(x[i] - mean);
    if (x[i] != 0 && x[i] != 1 && x[i] != -1) *indicator = 0;
  }
  return sum;
}

void lun_plain_invert(double *y, const double *x, size_t n)
{
  for (size_t i = 0; i < n; i++) y[i] = 1 / x[i];
}

void lun_plain_scale(double *rows, const double *f, size_t n, size_t stride)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < stride; j++) rows[i * stride + j] *= f[i];
}
