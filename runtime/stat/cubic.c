/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/cubic.h"

/* Divided difference of the points k .. k + order. */
static double divided(const double *x, const double *y, size_t k, size_t order)
{
  if (order == 0) return y[k];
  return (divided(x, y, k + 1, order - 1) - divided(x, y, k, order - 1)) / (x[k + order] - x[k]);
}

/* The tridiagonal system (4.2.9) by elimination; work holds the diagonal. Its off-diagonal is the
 * step h, and its first and last rows are the end conditions. */
void lun_cubic_fit(double *sigma, double *work, const double *x, const double *y, size_t n)
{
  if (n < 3) {
    for (size_t i = 0; i < n; i++) sigma[i] = 0;
    return;
  }
  double first = x[1] - x[0], last = x[n - 1] - x[n - 2];
  work[0] = -first;
  sigma[0] = n > 3 ? first * first * divided(x, y, 0, 3) : 0;
  for (size_t i = 1; i < n; i++) {
    double h = x[i] - x[i - 1], t = h / work[i - 1];
    int end = i + 1 == n;
    work[i] = end ? -last : 2 * (x[i + 1] - x[i - 1]);
    sigma[i] = !end ? divided(x, y, i, 1) - divided(x, y, i - 1, 1)
                    : n > 3 ? -last * last * divided(x, y, n - 4, 3) : 0;
    work[i] -= t * h;
    sigma[i] -= t * sigma[i - 1];
  }
  sigma[n - 1] /= work[n - 1];
  for (size_t i = n - 1; i-- > 0;)
    sigma[i] = (sigma[i] - (x[i + 1] - x[i]) * sigma[i + 1]) / work[i];
}

double lun_cubic_at(const double *sigma, const double *x, const double *y, size_t n, double v)
{
  if (n == 1) return y[0];
  size_t i = 0;
  while (i + 2 < n && v > x[i + 1]) i++;
  double h = x[i + 1] - x[i], w = (v - x[i]) / h, u = 1 - w;
  return w * y[i + 1] + u * y[i] +
         h * h * ((w * w * w - w) * sigma[i + 1] + (u * u * u - u) * sigma[i]);
}
