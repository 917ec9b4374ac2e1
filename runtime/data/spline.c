/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/spline.h"

#include <math.h>
#include <string.h>

#include "base/order.h"
#include "data/stats.h"

enum { ORDER = 4, MAX_KNOTS = 32, MAX_BASIS = MAX_KNOTS + ORDER };

static lun_status sorted_copy(lun_env *env, lun_pool *work, const double *x, size_t n, double **out)
{
  size_t *order = LUN_NEW(work, size_t, n);
  double *sorted = LUN_NEW(work, double, n);
  if (!order || !sorted) return LUN_ENOMEM;
  lun_status st = lun_order_doubles(env, order, x, n);
  for (size_t i = 0; i < n && st == LUN_OK; i++) sorted[i] = x[order[i]];
  *out = sorted;
  return st;
}

/* --- B-splines -------------------------------------------------------------------------------- */

/* The full knot sequence of ns: boundary knots four times, inner knots once. */
static size_t full_knots(const lun_spline *s, double *t)
{
  size_t inner = s->n_knots - 2, n = 0;
  for (int i = 0; i < ORDER; i++) t[n++] = s->knots[inner];
  for (size_t i = 0; i < inner; i++) t[n++] = s->knots[i];
  for (int i = 0; i < ORDER; i++) t[n++] = s->knots[inner + 1];
  return n;
}

/* All B-splines of the given order on knots t[0..n), differentiated d times, at v within the
 * boundary, into b[0 .. n - order); by the recurrences of de Boor, A Practical Guide to Splines. */
static void bsplines(const double *t, size_t n, double v, int order, int d, double *b)
{
  size_t at = ORDER - 1;
  while (at + 1 < n - ORDER && v >= t[at + 1]) at++; /* t[at] <= v < t[at + 1], the last closed */
  memset(b, 0, n * sizeof *b);
  b[at] = 1;
  for (int k = 2; k <= order; k++) {
    int derive = k > order - d;
    for (size_t i = at + 1 < (size_t)k ? 0 : at + 1 - (size_t)k; i <= at && i + (size_t)k < n;
         i++) {
      double left = t[i + (size_t)k - 1] - t[i], right = t[i + (size_t)k] - t[i + 1];
      double a = left > 0 ? b[i] / left : 0, c = right > 0 ? b[i + 1] / right : 0;
      b[i] = derive ? (k - 1) * (a - c) : (v - t[i]) * a + (t[i + (size_t)k] - v) * c;
    }
  }
}

/* --- natural splines -------------------------------------------------------------------------- */

/* Applies the two reflections to the basis without its first column: Q' b. */
static void project(const lun_spline *s, const double *b, size_t m, double *out)
{
  double y[MAX_BASIS];
  memcpy(y, b + 1, m * sizeof *y);
  for (size_t j = 0; j < 2; j++) {
    const double *h = s->constraint + j * m;
    double dot = s->tau[j] * y[j], f;
    for (size_t i = j + 1; i < m; i++) dot += h[i] * y[i];
    f = -dot / s->tau[j];
    y[j] += f * s->tau[j];
    for (size_t i = j + 1; i < m; i++) y[i] += f * h[i];
  }
  memcpy(out, y + 2, (m - 2) * sizeof *out);
}

/* Householder vectors of the m x 2 matrix of second derivatives at the boundary: LINPACK's dqrdc2.
 */
static void reflect(lun_spline *s, size_t m)
{
  for (size_t j = 0; j < 2; j++) {
    double *h = s->constraint + j * m, norm = 0;
    for (size_t i = j; i < m; i++) norm += h[i] * h[i];
    norm = copysign(sqrt(norm), h[j]);
    for (size_t i = j; i < m; i++) h[i] /= norm;
    s->tau[j] = h[j] += 1;
    if (j == 1) break;
    double *g = h + m, dot = 0;
    for (size_t i = 0; i < m; i++) dot += h[i] * g[i];
    for (size_t i = 0; i < m; i++) g[i] -= dot / h[0] * h[i];
  }
}

static lun_status constrain(lun_pool *pool, lun_spline *s)
{
  double t[MAX_BASIS + ORDER], b[MAX_BASIS + ORDER];
  size_t n = full_knots(s, t), m = n - ORDER - 1;
  s->constraint = LUN_NEW(pool, double, 2 * m);
  if (!s->constraint) return LUN_ENOMEM;
  for (size_t j = 0; j < 2; j++) {
    bsplines(t, n, s->knots[s->n_knots - 2 + j], ORDER, 2, b);
    memcpy(s->constraint + j * m, b + 1, m * sizeof *b);
  }
  reflect(s, m);
  s->df = m - 2;
  return LUN_OK;
}

/* Value at the boundary and slope times the distance beyond it. */
static void natural_at(const lun_spline *s, double v, double *out)
{
  double t[MAX_BASIS + ORDER], b[MAX_BASIS + ORDER], slope[MAX_BASIS + ORDER];
  size_t n = full_knots(s, t), m = n - ORDER - 1;
  double low = t[0], high = t[n - 1], edge = v < low ? low : v > high ? high : v;
  bsplines(t, n, edge, ORDER, 0, b);
  if (edge != v) {
    bsplines(t, n, edge, ORDER, 1, slope);
    for (size_t i = 0; i <= m; i++) b[i] += slope[i] * (v - edge);
  }
  project(s, b, m, out);
}

static lun_status new_knots(lun_env *env, lun_pool *pool, lun_spline *out, size_t n)
{
  if (n > MAX_KNOTS)
    return lun_fail(env, LUN_ELIMIT, "[limit.knots] a spline has at most %d knots", MAX_KNOTS);
  out->n_knots = n;
  out->knots = LUN_NEW(pool, double, n);
  return out->knots ? LUN_OK : LUN_ENOMEM;
}

static lun_status check_increasing(lun_env *env, const double *knots, size_t n)
{
  for (size_t i = 1; i < n; i++) {
    if (!(knots[i] > knots[i - 1]))
      return lun_fail(env, LUN_EINVAL,
                      "[data.knots] the knots of a spline are not increasing: %g, then %g (too "
                      "many equal values for so many knots?)",
                      knots[i - 1], knots[i]);
  }
  return LUN_OK;
}

/* The boundary of ns, and its inner knots among the sorted values. */
static lun_status ns_knots(lun_env *env, lun_pool *pool, lun_spline *out, const double *sorted,
                           size_t n, const lun_knots *k)
{
  size_t inner = k->at ? k->n : k->df - 1;
  lun_status st = new_knots(env, pool, out, inner + 2);
  if (st != LUN_OK) return st;
  double low = k->boundary ? k->boundary[0] : sorted[0];
  double high = k->boundary ? k->boundary[1] : sorted[n - 1];
  if (!(high > low))
    return lun_fail(env, LUN_EDATA, "[data.knots] ns: the boundary knots are %g and %g", low, high);
  while (n > 0 && sorted[n - 1] > high) n--;
  for (; n > 0 && *sorted < low; sorted++) n--;
  if (!k->at && inner && n == 0)
    return lun_fail(env, LUN_EDATA, "[data.knots] ns: no value between %g and %g", low, high);
  for (size_t i = 0; i < inner; i++)
    out->knots[i] =
        k->at ? k->at[i] : lun_quantile_sorted(sorted, n, (double)(i + 1) / (double)(inner + 1));
  out->knots[inner] = low;
  out->knots[inner + 1] = high;
  if (inner && !(out->knots[0] > low && out->knots[inner - 1] < high))
    return lun_fail(env, LUN_EINVAL,
                    "[data.knots] ns: a knot does not lie between %g and %g, the range of the "
                    "values",
                    low, high);
  return check_increasing(env, out->knots, inner);
}

lun_status lun_spline_ns(lun_env *env, lun_pool *pool, lun_spline *out, const double *x, size_t n,
                         const lun_knots *knots)
{
  double *sorted;
  lun_pool work;
  if (n < 2) return lun_fail(env, LUN_EDATA, "[data.knots] ns: fewer than two values");
  if (!knots->at && knots->df < 1)
    return lun_fail(env, LUN_EINVAL, "ns: the degrees of freedom begin at 1");
  memset(out, 0, sizeof *out);
  lun_pool_init(&work, env);
  lun_status st = sorted_copy(env, &work, x, n, &sorted);
  if (st == LUN_OK) st = ns_knots(env, pool, out, sorted, n, knots);
  if (st == LUN_OK) st = constrain(pool, out);
  lun_pool_fini(&work);
  return st;
}

/* --- restricted cubic splines ----------------------------------------------------------------- */

static double cube_above(double v, double knot, double scale)
{
  double u = v > knot ? (v - knot) / scale : 0;
  return u * u * u;
}

static void restricted_at(const lun_spline *s, double v, double *out)
{
  const double *t = s->knots;
  double last = t[s->n_knots - 1], before = t[s->n_knots - 2];
  double scale = pow(last - t[0], 2.0 / 3.0);
  out[0] = v;
  for (size_t j = 0; j + 2 < s->n_knots; j++)
    out[j + 1] = cube_above(v, t[j], scale) + ((before - t[j]) * cube_above(v, last, scale) -
                                               (last - t[j]) * cube_above(v, before, scale)) /
                                                  (last - before);
}

static void rcs_quantiles(lun_spline *out, const double *sorted, size_t n)
{
  size_t k = out->n_knots;
  double outer = k == 3 ? 0.10 : k < 7 ? 0.05 : 0.025, step = (1 - 2 * outer) / (double)(k - 1);
  for (size_t i = 0; i < k; i++)
    out->knots[i] = lun_quantile_sorted(sorted, n, outer + step * (double)i);
}

lun_status lun_spline_rcs(lun_env *env, lun_pool *pool, lun_spline *out, const double *x, size_t n,
                          const lun_knots *k)
{
  double *sorted = NULL;
  lun_pool work;
  size_t count = k->at ? k->n : k->df;
  memset(out, 0, sizeof *out);
  out->restricted = 1;
  if (count < 3)
    return lun_fail(env, LUN_EINVAL, "rcs: at least three knots are needed, found %z", count);
  if (!k->at && n == 0)
    return lun_fail(env, LUN_EDATA, "[data.knots] rcs: no value to place knots at");
  lun_status st = new_knots(env, pool, out, count);
  if (st != LUN_OK) return st;
  lun_pool_init(&work, env);
  if (k->at) memcpy(out->knots, k->at, count * sizeof *k->at);
  else if ((st = sorted_copy(env, &work, x, n, &sorted)) == LUN_OK) rcs_quantiles(out, sorted, n);
  lun_pool_fini(&work);
  out->df = count - 1;
  return st == LUN_OK ? check_increasing(env, out->knots, count) : st;
}

void lun_spline_at(const lun_spline *s, double v, double *out)
{
  if (s->restricted) restricted_at(s, v, out);
  else natural_at(s, v, out);
}
