/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/crosstab.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "stat/dist.h"
#include "stat/root.h"

static const lun_chisq UNDEFINED = { NAN, NAN, NAN, NAN };

lun_chisq lun_chisq_make(double stat, double df)
{
  if (!(df > 0) || isnan(stat)) return UNDEFINED;
  return (lun_chisq){ stat, df, lun_chisq_upper(stat, df), lun_chisq_log_upper(stat, df) };
}

size_t lun_crosstab_count(double *table, const int32_t *a, size_t ka, const int32_t *b, size_t kb,
                          size_t n)
{
  size_t missing = 0;
  memset(table, 0, ka * kb * sizeof *table);
  for (size_t i = 0; i < n; i++) {
    if (a[i] < 0 || b[i] < 0) missing++;
    else table[(size_t)a[i] * kb + (size_t)b[i]]++;
  }
  return missing;
}

static double row_sum(const double *table, size_t c, size_t i)
{
  double sum = 0;
  for (size_t j = 0; j < c; j++) sum += table[i * c + j];
  return sum;
}

static double column_sum(const double *table, size_t r, size_t c, size_t j)
{
  double sum = 0;
  for (size_t i = 0; i < r; i++) sum += table[i * c + j];
  return sum;
}

/* --- chi-square ------------------------------------------------------------------------------ */

/* Yates' correction is limited by the smallest deviation; in a 2 x 2 table all are equal. */
static double correction(const double *table, double total)
{
  double expected = (table[0] + table[1]) * (table[0] + table[2]) / total;
  return fmin(0.5, fabs(table[0] - expected));
}

lun_chisq lun_crosstab_chisq(const double *table, size_t r, size_t c, int yates, double *smallest)
{
  double total = 0, stat = 0, least = INFINITY;
  size_t rows = 0, columns = 0;
  for (size_t i = 0; i < r; i++) {
    double sum = row_sum(table, c, i);
    rows += sum > 0;
    total += sum;
  }
  double shift = yates && r == 2 && c == 2 && total > 0 ? correction(table, total) : 0;
  for (size_t j = 0; j < c; j++) {
    double in_column = column_sum(table, r, c, j);
    columns += in_column > 0;
    for (size_t i = 0; i < r && in_column > 0; i++) {
      double expected = row_sum(table, c, i) * in_column / total;
      if (expected == 0) continue;
      double d = fabs(table[i * c + j] - expected) - shift;
      stat += d * d / expected;
      least = fmin(least, expected);
    }
  }
  if (smallest) *smallest = isinf(least) ? NAN : least;
  if (rows < 2 || columns < 2) return UNDEFINED;
  return lun_chisq_make(stat, (double)((rows - 1) * (columns - 1)));
}

/* --- Fisher 2 x 2 ---------------------------------------------------------------------------- */

/* Margins of a 2 x 2 table: x of the m in column 1 are in row 1, which holds k of m + n. */
typedef struct margins {
  double x, m, n, k, lo, hi;
} margins;

static margins margins_of(const double t[4])
{
  margins g = { t[0], t[0] + t[2], t[1] + t[3], t[0] + t[1], 0, 0 };
  g.lo = fmax(0, g.k - g.n);
  g.hi = fmin(g.k, g.m);
  return g;
}

typedef struct noncentral {
  double mean, at_most, at_least; /* E(X), P(X <= x), P(X >= x) */
} noncentral;

static void add(noncentral *s, double *total, double v, double term, double x)
{
  *total += term;
  s->mean += term * v;
  if (v <= x) s->at_most += term;
  if (v >= x) s->at_least += term;
}

/* The mode solves (psi - 1) v^2 - b v + ab = 0; the form of its root depends on the sign of b. */
static double noncentral_mode(const margins *g, double psi)
{
  double b = psi * (g->m + g->k + 2) + g->n - g->k, ab = (g->m + 1) * (g->k + 1) * psi;
  double root = sqrt(fmax(0, b * b - 4 * (psi - 1) * ab));
  double mode = floor(b > 0 ? 2 * ab / (b + root) : (b - root) / (2 * (psi - 1)));
  return fmin(fmax(mode, g->lo), g->hi);
}

/* Fisher's noncentral hypergeometric distribution with odds ratio psi, summed from its mode. */
static noncentral noncentral_at(const margins *g, double psi)
{
  double mode = noncentral_mode(g, psi);
  noncentral s = { 0, 0, 0 };
  double total = 0, term = 1, v = mode, rest = g->n - g->k;
  add(&s, &total, v, term, g->x);
  for (; v < g->hi && term > total * DBL_EPSILON * 1e-3; ) {
    term *= psi * (g->m - v) * (g->k - v) / ((v + 1) * (rest + v + 1));
    add(&s, &total, ++v, term, g->x);
  }
  for (v = mode, term = 1; v > g->lo && term > total * DBL_EPSILON * 1e-3; ) {
    term *= v * (rest + v) / (psi * (g->m - v + 1) * (g->k - v + 1));
    add(&s, &total, --v, term, g->x);
  }
  return (noncentral){ s.mean / total, s.at_most / total, s.at_least / total };
}

typedef enum fisher_goal { MEAN, AT_LEAST, AT_MOST } fisher_goal;

typedef struct fisher_ctx {
  const margins *g;
  fisher_goal goal;
  double target;
  int inverse; /* the argument is 1 / psi */
} fisher_ctx;

static double fisher_excess(double t, const void *ctx)
{
  const fisher_ctx *c = ctx;
  noncentral s = noncentral_at(c->g, c->inverse ? 1 / t : t);
  double value = c->goal == MEAN ? s.mean : c->goal == AT_LEAST ? s.at_least : s.at_most;
  return value - c->target;
}

/* The odds ratio at which the goal meets its target, on the scale of psi or 1 / psi in (0, 1]. */
static double fisher_solve(const margins *g, fisher_goal goal, double target, double tolerance)
{
  fisher_ctx ctx = { g, goal, target, 0 };
  double excess = fisher_excess(1, &ctx);
  if (excess == 0) return 1;
  ctx.inverse = (excess < 0) != (goal == AT_MOST);
  if (!ctx.inverse) return lun_root(fisher_excess, &ctx, DBL_MIN, 1, tolerance);
  return 1 / lun_root(fisher_excess, &ctx, DBL_EPSILON, 1, tolerance);
}

/* First value on the far side of the mode that is no likelier than x, by bisection. */
static double mirror(const margins *g, double log_density)
{
  double mode = floor((g->m + 1) * (g->k + 1) / (g->m + g->n + 2)),
         limit = log_density + log1p(1e-7);
  int up = g->x <= mode;
  double near = up ? fmax(mode, g->x) : fmin(mode, g->x), far = up ? g->hi + 1 : g->lo - 1;
  if (lun_hyper_log_density(near, g->m, g->n, g->k) <= limit) return near;
  while (fabs(far - near) > 1) {
    double mid = floor(0.5 * (near + far));
    if (lun_hyper_log_density(mid, g->m, g->n, g->k) <= limit) far = mid;
    else near = mid;
  }
  return far;
}

static double two_sided(const margins *g)
{
  double other = mirror(g, lun_hyper_log_density(g->x, g->m, g->n, g->k));
  double low = fmin(g->x, other), high = fmax(g->x, other);
  if (high - low <= 1) return 1;
  return fmin(1,
              lun_hyper_cdf(low, g->m, g->n, g->k) + lun_hyper_upper(high - 1, g->m, g->n, g->k));
}

lun_fisher lun_crosstab_fisher(const double table[4], double level, double tolerance)
{
  margins g = margins_of(table);
  lun_fisher f = { 1, 1, 1, NAN, NAN, NAN };
  if (g.lo == g.hi) return f;
  double tail = (1 - level) / 2;
  int least = g.x == g.lo, most = g.x == g.hi;
  f.p = two_sided(&g);
  f.less = lun_hyper_cdf(g.x, g.m, g.n, g.k);
  f.greater = lun_hyper_upper(g.x - 1, g.m, g.n, g.k);
  f.odds_ratio = least ? 0 : most ? INFINITY : fisher_solve(&g, MEAN, g.x, tolerance);
  f.lower = least ? 0 : fisher_solve(&g, AT_LEAST, tail, tolerance);
  f.upper = most ? INFINITY : fisher_solve(&g, AT_MOST, tail, tolerance);
  return f;
}

/* --- stratified 2 x 2, trend ----------------------------------------------------------------- */

lun_cmh lun_crosstab_cmh(const double *table, size_t k, int correct, double level)
{
  double deviation = 0, variance = 0, r = 0, s = 0, pr = 0, ps_qr = 0, qs = 0;
  lun_cmh out = { UNDEFINED, NAN, NAN, NAN, 0 };
  for (size_t i = 0; i < k; i++) {
    const double *t = table + 4 * i;
    double n = t[0] + t[1] + t[2] + t[3], m1 = t[0] + t[1], n1 = t[0] + t[2];
    if (n < 2) continue;
    out.strata++;
    deviation += t[0] - m1 * n1 / n;
    variance += m1 * (n - m1) * n1 * (n - n1) / (n * n * (n - 1));
    double p = (t[0] + t[3]) / n, q = (t[1] + t[2]) / n, ri = t[0] * t[3] / n, si = t[1] * t[2] / n;
    r += ri, s += si, pr += p * ri, ps_qr += p * si + q * ri, qs += q * si;
  }
  if (!(variance > 0)) return out;
  double shift = correct && fabs(deviation) >= 0.5 ? 0.5 : 0, d = fabs(deviation) - shift;
  out.test = lun_chisq_make(d * d / variance, 1);
  if (r == 0 && s == 0) return out;
  out.odds_ratio = r / s;
  if (r == 0 || s == 0) return out;
  double se = sqrt(pr / (2 * r * r) + ps_qr / (2 * r * s) + qs / (2 * s * s));
  double half = -lun_norm_quantile((1 - level) / 2) * se;
  out.lower = exp(log(r / s) - half);
  out.upper = exp(log(r / s) + half);
  return out;
}

lun_chisq lun_crosstab_trend(const double *x, const double *n, const double *score, size_t k)
{
  double events = 0, total = 0, centre = 0, t = 0, spread = 0;
  for (size_t i = 0; i < k; i++) events += x[i], total += n[i], centre += n[i] * score[i];
  double p = events / total;
  for (size_t i = 0; i < k; i++) {
    double d = score[i] - centre / total;
    t += (x[i] - n[i] * p) * d;
    spread += n[i] * d * d;
  }
  double variance = p * (1 - p) * spread;
  return variance > 0 ? lun_chisq_make(t * t / variance, 1) : UNDEFINED;
}

/* --- paired ---------------------------------------------------------------------------------- */

lun_chisq lun_crosstab_mcnemar(double b, double c, int correct)
{
  if (b + c == 0) return UNDEFINED;
  double d = fmax(0, fabs(b - c) - (correct && b != c));
  return lun_chisq_make(d * d / (b + c), 1);
}

double lun_crosstab_mcnemar_exact(double b, double c)
{
  return b + c == 0 ? 1 : fmin(1, 2 * lun_binom_cdf(fmin(b, c), b + c, 0.5));
}

static double agreement(size_t i, size_t j, size_t k, int power)
{
  if (power == 0) return i == j;
  double d = fabs((double)i - (double)j) / (double)(k - 1);
  return 1 - (power == 1 ? d : d * d);
}

/* Mean agreement weight of row (or column) i against the other rating's margins. */
static double margin_weight(const double *table, size_t k, int power, size_t i, int row)
{
  double sum = 0, total = 0;
  for (size_t j = 0; j < k; j++) {
    double m = row ? column_sum(table, k, k, j) : row_sum(table, k, j);
    sum += m * agreement(i, j, k, power);
    total += m;
  }
  return sum / total;
}

lun_kappa lun_crosstab_kappa(const double *table, size_t k, int power, double level)
{
  double n = 0, po = 0, pe = 0, v = 0, v0 = 0;
  for (size_t i = 0; i < k; i++) n += row_sum(table, k, i);
  if (k < 2 || n == 0) return (lun_kappa){ NAN, NAN, NAN, NAN, NAN, NAN };
  for (size_t i = 0; i < k; i++) {
    for (size_t j = 0; j < k; j++) {
      double w = agreement(i, j, k, power);
      po += w * table[i * k + j] / n;
      pe += w * row_sum(table, k, i) * column_sum(table, k, k, j) / (n * n);
    }
  }
  double kappa = (po - pe) / (1 - pe);
  for (size_t i = 0; i < k; i++) {
    for (size_t j = 0; j < k; j++) {
      double w = agreement(i, j, k, power);
      double m = margin_weight(table, k, power, i, 1) + margin_weight(table, k, power, j, 0);
      double chance = row_sum(table, k, i) * column_sum(table, k, k, j) / (n * n);
      double d = w - m * (1 - kappa);
      v += table[i * k + j] / n * d * d;
      v0 += chance * (w - m) * (w - m);
    }
  }
  double shift = kappa - pe * (1 - kappa);
  lun_kappa out = { .kappa = kappa };
  out.se = sqrt((v - shift * shift) / n) / (1 - pe);
  out.se0 = sqrt((v0 - pe * pe) / n) / (1 - pe);
  double half = -lun_norm_quantile((1 - level) / 2) * out.se;
  out.lower = kappa - half;
  out.upper = kappa + half;
  out.p = lun_norm_two_sided(kappa / out.se0);
  return out;
}
