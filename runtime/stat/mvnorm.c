/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/mvnorm.h"

#include <gsl/gsl_integration.h>
#include <math.h>

#include "stat/dist.h"

#define ALIASED 1e-9 /* a pivot no larger: the variable is a sum of earlier ones */
enum { PANELS = 8, HALVINGS = 12 };

/* Z_i = sum over j of load[i][j] Y_j with independent Y; last[i] is the last j that Z_i needs. */
typedef struct factor {
  size_t n, rank;
  double load[LUN_MVNORM_MAX][LUN_MVNORM_RANK];
  size_t last[LUN_MVNORM_MAX];
  double q;
} factor;

/* Cholesky of a semidefinite matrix, without pivoting. 0 when it has none within the limits. */
static int factorise(factor *f, const double *corr, size_t n)
{
  size_t pivot[LUN_MVNORM_RANK];
  f->n = n;
  f->rank = 0;
  for (size_t i = 0; i < n; i++) {
    double left = corr[i * n + i];
    f->last[i] = 0;
    for (size_t j = 0; j < f->rank; j++) {
      double x = corr[i * n + pivot[j]];
      for (size_t m = 0; m < j; m++) x -= f->load[i][m] * f->load[pivot[j]][m];
      f->load[i][j] = x / f->load[pivot[j]][j];
      left -= f->load[i][j] * f->load[i][j];
      if (fabs(f->load[i][j]) > ALIASED) f->last[i] = j;
    }
    if (left < -ALIASED) return 0;
    if (left <= ALIASED) continue;
    if (f->rank == LUN_MVNORM_RANK) return 0;
    pivot[f->rank] = i;
    f->last[i] = f->rank;
    f->load[i][f->rank++] = sqrt(left);
  }
  return f->rank > 0;
}

/* Where all |Z_i| that end with Y_j stay within q, given the Y before it. */
static void bounds(const factor *f, size_t j, const double *y, double *low, double *high)
{
  *low = -INFINITY;
  *high = INFINITY;
  for (size_t i = 0; i < f->n; i++) {
    if (f->last[i] != j) continue;
    double centre = 0, width = f->q / fabs(f->load[i][j]);
    for (size_t m = 0; m < j; m++) centre -= f->load[i][m] * y[m];
    centre /= f->load[i][j];
    *low = fmax(*low, centre - width);
    *high = fmin(*high, centre + width);
  }
}

typedef struct inner {
  const factor *f;
  size_t j;
  double *y;
} inner;

static double tail(const factor *f, size_t j, double *y);

static double integrand(double x, void *p)
{
  inner *in = p;
  in->y[in->j] = x;
  return lun_norm_density(x) * tail(in->f, in->j + 1, in->y);
}

static double adapt(const gsl_function *g, double a, double b, double tolerance, int halvings)
{
  double value, error, rest1, rest2;
  gsl_integration_qk15(g, a, b, &value, &error, &rest1, &rest2);
  if (error <= tolerance || halvings == 0) return value;
  double middle = (a + b) / 2;
  return adapt(g, a, middle, tolerance / 2, halvings - 1) +
         adapt(g, middle, b, tolerance / 2, halvings - 1);
}

/* P(some Z beyond q that is not settled before Y_j | Y before j). */
static double tail(const factor *f, size_t j, double *y)
{
  double low, high;
  bounds(f, j, y, &low, &high);
  if (low >= high) return 1;
  double sum = lun_norm_upper(high) + lun_norm_upper(-low);
  if (j + 1 == f->rank) return sum;
  inner in = { f, j, y };
  gsl_function g = { integrand, &in };
  double step = (high - low) / PANELS, rough = 0, fine = 0;
  for (int i = 0; i < PANELS; i++) rough += step * integrand(low + (i + 0.5) * step, &in);
  double tolerance = (j == 0 ? 1e-8 : 1e-10) * (sum + rough) / PANELS;
  for (int i = 0; i < PANELS; i++)
    fine += adapt(&g, low + i * step, low + (i + 1) * step, tolerance, HALVINGS);
  return sum + fine;
}

double lun_mvnorm_max_tail(const double *corr, size_t n, double q)
{
  factor f = { .q = q };
  double y[LUN_MVNORM_RANK];
  if (n == 0 || n > LUN_MVNORM_MAX || !(q > 0) || !factorise(&f, corr, n)) return NAN;
  return fmin(1, tail(&f, 0, y));
}
