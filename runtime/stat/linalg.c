/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/linalg.h"

#include <math.h>
#include <string.h>

static double dot(const double *x, const double *y, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}

/* Takes the part of column j out of the lower triangle to its right. */
static void eliminate(double *a, size_t n, size_t j)
{
  double pivot = a[j * n + j];
  for (size_t i = j + 1; i < n; i++) {
    double l = a[i * n + j] / pivot;
    for (size_t k = j + 1; k <= i; k++) a[i * n + k] -= l * a[k * n + j];
  }
  for (size_t i = j + 1; i < n; i++) a[i * n + j] /= pivot;
}

static void drop(double *a, size_t n, size_t j)
{
  for (size_t k = 0; k < j; k++) a[j * n + k] = 0;
  for (size_t i = j; i < n; i++) a[i * n + j] = 0;
}

size_t lun_ldl_factor(double *a, size_t n, const double *scale, double tolerance)
{
  size_t rank = 0;
  for (size_t j = 0; j < n; j++) {
    double size = scale ? scale[j] : a[j * n + j];
    for (size_t k = 0; !scale && k < j; k++) size += a[j * n + k] * (a[j * n + k] * a[k * n + k]);
    if (a[j * n + j] > tolerance * size && a[j * n + j] > 0) {
      eliminate(a, n, j);
      rank++;
    } else {
      drop(a, n, j);
    }
  }
  return rank;
}

void lun_ldl_solve(const double *ldl, size_t n, double *x)
{
  for (size_t i = 0; i < n; i++) x[i] -= dot(ldl + i * n, x, i);
  for (size_t i = n; i-- > 0;) {
    double d = ldl[i * n + i];
    x[i] = d > 0 ? x[i] / d : 0;
    if (d > 0)
      for (size_t k = i + 1; k < n; k++) x[i] -= ldl[k * n + i] * x[k];
  }
}

void lun_ldl_inverse(const double *ldl, size_t n, double *inverse)
{
  for (size_t j = 0; j < n; j++) {
    double *row = inverse + j * n;
    memset(row, 0, n * sizeof *row);
    if (ldl[j * n + j] <= 0) continue;
    row[j] = 1;
    lun_ldl_solve(ldl, n, row);
  }
  lun_sym_mirror(inverse, n);
}

double lun_ldl_quadratic(const double *ldl, size_t n, const double *x, double *work)
{
  memcpy(work, x, n * sizeof *x);
  lun_ldl_solve(ldl, n, work);
  return dot(x, work, n);
}

double lun_ldl_logdet(const double *ldl, size_t n)
{
  double sum = 0;
  for (size_t j = 0; j < n; j++)
    if (ldl[j * n + j] > 0) sum += log(ldl[j * n + j]);
  return sum;
}

double lun_sym_form(const double *a, size_t n, const double *x, const double *y)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * dot(a + i * n, y, n);
  return sum;
}

void lun_sym_times(const double *a, size_t n, const double *x, double *y)
{
  for (size_t i = 0; i < n; i++) y[i] = dot(a + i * n, x, n);
}

void lun_sym_mirror(double *a, size_t n)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
}
