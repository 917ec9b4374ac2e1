/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "surv/cox/data.h"
#include "surv/cox/lanes.h"

enum { BLOCK = LUN_COX_BLOCK };

void lun_plain_axpy(double *y, const double *x, double f)
{
  for (size_t i = 0; i < BLOCK; i++) y[i] += f * x[i];
}

double lun_plain_dot(const double *x, const double *y)
{
  double sum = 0;
  for (size_t i = 0; i < BLOCK; i++) sum += x[i] * y[i];
  return sum;
}

void lun_plain_risk(double *risk, const double *eta, double shift, const double *weight)
{
  for (size_t i = 0; i < BLOCK; i++) risk[i] = (weight ? weight[i] : 1) * exp(eta[i] - shift);
}

void lun_plain_gram(double *g, const double *x, double *work, const double *w, size_t p)
{
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
