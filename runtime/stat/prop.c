/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/prop.h"

#include <math.h>
#include <stddef.h>

#include "stat/dist.h"
#include "stat/root.h"

static double z_of(double level)
{
  return -lun_norm_quantile((1 - level) / 2);
}

/* --- one proportion -------------------------------------------------------------------------- */

static lun_limits clopper_pearson(double x, double n, double level)
{
  double a = (1 - level) / 2;
  lun_limits l = { x == 0 ? 0 : lun_beta_quantile(a, x, n - x + 1),
                   x == n ? 1 : 1 - lun_beta_quantile(a, n - x, x + 1) };
  return l;
}

static lun_limits wilson(double x, double n, double level)
{
  double z = z_of(level), p = x / n, mid = p + z * z / (2 * n);
  double half = z * sqrt((p * (1 - p) + z * z / (4 * n)) / n), scale = 1 + z * z / n;
  lun_limits l = { x == 0 ? 0 : (mid - half) / scale, x == n ? 1 : (mid + half) / scale };
  return l;
}

static lun_limits wilson_cc(double x, double n, double level)
{
  double z = z_of(level), p = x / n, scale = 2 * (n + z * z), mid = 2 * x + z * z;
  double low = z * sqrt(z * z - 2 - 1 / n + 4 * p * (n * (1 - p) + 1)) + 1;
  double high = z * sqrt(z * z + 2 - 1 / n + 4 * p * (n * (1 - p) - 1)) + 1;
  lun_limits l = { x == 0 ? 0 : fmax(0, (mid - low) / scale),
                   x == n ? 1 : fmin(1, (mid + high) / scale) };
  return l;
}

static lun_limits wald(double x, double n, double level)
{
  double p = x / n, half = z_of(level) * sqrt(p * (1 - p) / n);
  return (lun_limits){ p - half, p + half };
}

static lun_limits agresti_coull(double x, double n, double level)
{
  double z2 = z_of(level) * z_of(level);
  return wald(x + z2 / 2, n + z2, level);
}

static lun_limits jeffreys(double x, double n, double level)
{
  double a = (1 - level) / 2;
  lun_limits l = { x == 0 ? 0 : lun_beta_quantile(a, x + 0.5, n - x + 0.5),
                   x == n ? 1 : 1 - lun_beta_quantile(a, n - x + 0.5, x + 0.5) };
  return l;
}

typedef struct mid_ctx {
  double x, n, tail;
} mid_ctx;

/* P(X >= x) less half of P(X = x), minus the tail wanted. */
static double mid_excess(double p, const void *ctx)
{
  const mid_ctx *c = ctx;
  return lun_binom_upper(c->x, c->n, p) + 0.5 * lun_binom_density(c->x, c->n, p) - c->tail;
}

static lun_limits mid_p(double x, double n, double level)
{
  double a = (1 - level) / 2;
  mid_ctx low = { x, n, a }, high = { x, n, 1 - a };
  lun_limits l = { x == 0 ? 0 : lun_root(mid_excess, &low, 0, 1, 0),
                   x == n ? 1 : lun_root(mid_excess, &high, 0, 1, 0) };
  return l;
}

static double square(double x)
{
  return x * x;
}

static lun_limits arcsine(double x, double n, double level)
{
  double centre = asin(sqrt((x + 0.375) / (n + 0.75))), half = z_of(level) / (2 * sqrt(n));
  lun_limits l = { square(sin(fmax(0, centre - half))), square(sin(fmin(M_PI_2, centre + half))) };
  return l;
}

static lun_limits logit(double x, double n, double level)
{
  if (x == 0 || x == n) x += 0.5, n += 1;
  double centre = log(x / (n - x)), half = z_of(level) * sqrt(n / (x * (n - x)));
  return (lun_limits){ 1 / (1 + exp(half - centre)), 1 / (1 + exp(-half - centre)) };
}

const lun_prop_method LUN_PROP_METHODS[] = {
  { "clopper_pearson", "Clopper & Pearson 1934 (exact)", clopper_pearson },
  { "exact", "Clopper & Pearson 1934 (exact)", clopper_pearson },
  { "wilson", "Wilson 1927 (score)", wilson },
  { "wilson_cc", "Newcombe 1998 (score, continuity corrected)", wilson_cc },
  { "agresti_coull", "Agresti & Coull 1998", agresti_coull },
  { "jeffreys", "Brown, Cai & DasGupta 2001 (Jeffreys)", jeffreys },
  { "mid_p", "Lancaster 1961 (mid-p)", mid_p },
  { "wald", "Wald", wald },
  { "arcsine", "Anscombe 1948 (arcsine)", arcsine },
  { "logit", "Wald on the log odds", logit },
  { NULL, NULL, NULL },
};

/* --- two proportions ------------------------------------------------------------------------- */

static double difference(lun_prop_pair t)
{
  return t.x1 / t.n1 - t.x0 / t.n0;
}

static double ratio(lun_prop_pair t)
{
  return t.x1 * t.n0 / (t.x0 * t.n1);
}

static double odds_ratio(lun_prop_pair t)
{
  return t.x1 * (t.n0 - t.x0) / (t.x0 * (t.n1 - t.x1));
}

static lun_limits around(double centre, double half)
{
  return (lun_limits){ centre - half, centre + half };
}

static lun_limits difference_wald(lun_prop_pair t, double level)
{
  double p1 = t.x1 / t.n1, p0 = t.x0 / t.n0;
  return around(p1 - p0, z_of(level) * sqrt(p1 * (1 - p1) / t.n1 + p0 * (1 - p0) / t.n0));
}

/* The limits of the two proportions, squared and added. */
static lun_limits hybrid(lun_prop_pair t, lun_limits l1, lun_limits l0)
{
  double p1 = t.x1 / t.n1, p0 = t.x0 / t.n0;
  return (lun_limits){ p1 - p0 - hypot(p1 - l1.lower, l0.upper - p0),
                       p1 - p0 + hypot(l1.upper - p1, p0 - l0.lower) };
}

static lun_limits difference_newcombe(lun_prop_pair t, double level)
{
  return hybrid(t, wilson(t.x1, t.n1, level), wilson(t.x0, t.n0, level));
}

static lun_limits difference_newcombe_cc(lun_prop_pair t, double level)
{
  return hybrid(t, wilson_cc(t.x1, t.n1, level), wilson_cc(t.x0, t.n0, level));
}

static lun_limits difference_agresti_caffo(lun_prop_pair t, double level)
{
  lun_prop_pair plus = { t.x1 + 1, t.n1 + 2, t.x0 + 1, t.n0 + 2 };
  return difference_wald(plus, level);
}

/* A score test statistic as a function of the contrast, less its critical value. */
typedef struct score_ctx {
  lun_prop_pair t;
  double critical; /* signed */
} score_ctx;

/* Maximum likelihood of p0 when p1 = p0 + d (Miettinen & Nurminen 1985, appendix I). */
static double constrained_difference(lun_prop_pair t, double d)
{
  double n = t.n1 + t.n0, l3 = n, l2 = (t.n1 + 2 * t.n0) * d - n - (t.x1 + t.x0);
  double l1 = (t.n0 * d - n - 2 * t.x0) * d + t.x1 + t.x0, l0 = t.x0 * d * (1 - d);
  double q = pow(l2 / (3 * l3), 3) - l1 * l2 / (6 * l3 * l3) + l0 / (2 * l3);
  double p = copysign(sqrt(fmax(0, square(l2 / (3 * l3)) - l1 / (3 * l3))), q);
  double cosine = p == 0 ? 0 : fmax(-1, fmin(1, q / (p * p * p)));
  return 2 * p * cos((M_PI + acos(cosine)) / 3) - l2 / (3 * l3);
}

static double clip(double p)
{
  return fmax(0, fmin(1, p));
}

static double excess(double deviation, double variance, double critical)
{
  if (variance <= 0) return deviation == 0 ? -critical : copysign(INFINITY, deviation);
  return deviation / sqrt(variance) - critical;
}

static double difference_score(double d, const void *ctx)
{
  const score_ctx *c = ctx;
  lun_prop_pair t = c->t;
  double p0 = clip(constrained_difference(t, d)), p1 = clip(p0 + d), n = t.n1 + t.n0;
  double variance = (p1 * (1 - p1) / t.n1 + p0 * (1 - p0) / t.n0) * n / (n - 1);
  return excess(difference(t) - d, variance, c->critical);
}

static lun_limits difference_miettinen_nurminen(lun_prop_pair t, double level)
{
  double z = z_of(level), d = difference(t);
  score_ctx low = { t, z }, high = { t, -z };
  return (lun_limits){ d == -1 ? -1 : lun_root(difference_score, &low, -1, d, 0),
                       d == 1 ? 1 : lun_root(difference_score, &high, d, 1, 0) };
}

static lun_limits ratio_wald(lun_prop_pair t, double level)
{
  double r = log(ratio(t));
  lun_limits l = around(r, z_of(level) * sqrt(1 / t.x1 - 1 / t.n1 + 1 / t.x0 - 1 / t.n0));
  return (lun_limits){ exp(l.lower), exp(l.upper) };
}

static lun_limits odds_wald(lun_prop_pair t, double level)
{
  double se = sqrt(1 / t.x1 + 1 / (t.n1 - t.x1) + 1 / t.x0 + 1 / (t.n0 - t.x0));
  lun_limits l = around(log(odds_ratio(t)), z_of(level) * se);
  return (lun_limits){ exp(l.lower), exp(l.upper) };
}

/* Argument: log of the ratio. */
static double ratio_score(double log_r, const void *ctx)
{
  const score_ctx *c = ctx;
  lun_prop_pair t = c->t;
  double r = exp(log_r), n = t.n1 + t.n0, a = n * r, b = t.n1 * r + t.x1 + t.n0 + t.x0 * r;
  double p0 = 2 * (t.x1 + t.x0) / (b + sqrt(fmax(0, b * b - 4 * a * (t.x1 + t.x0))));
  double p1 = p0 * r,
         variance = (p1 * (1 - p1) / t.n1 + r * r * p0 * (1 - p0) / t.n0) * n / (n - 1);
  return excess(t.x1 / t.n1 - r * t.x0 / t.n0, variance, c->critical);
}

/* Argument: log of the odds ratio. (Miettinen & Nurminen 1985, section 4.) */
static double odds_score(double log_psi, const void *ctx)
{
  const score_ctx *c = ctx;
  lun_prop_pair t = c->t;
  double psi = exp(log_psi), x = t.x1 + t.x0, n = t.n1 + t.n0;
  double a = t.n0 * (psi - 1), b = t.n1 * psi + t.n0 - x * (psi - 1);
  double p0 = 2 * x / (b + sqrt(fmax(0, b * b + 4 * a * x)));
  double p1 = p0 * psi / (1 + p0 * (psi - 1)), q1 = p1 * (1 - p1), q0 = p0 * (1 - p0);
  if (q1 <= 0 || q0 <= 0) return excess(t.x1 / t.n1 - p1, 0, c->critical);
  double deviation = (t.x1 / t.n1 - p1) / q1 - (t.x0 / t.n0 - p0) / q0;
  return excess(deviation, (1 / (t.n1 * q1) + 1 / (t.n0 * q0)) * n / (n - 1), c->critical);
}

static lun_limits score_limits(lun_prop_pair t, double level, lun_root_fn score, double centre)
{
  enum { FAR = 30 }; /* e^30: no table distinguishes more */
  double z = z_of(level), from = isfinite(centre) ? centre : -FAR,
         to = isfinite(centre) ? centre : FAR;
  score_ctx low = { t, z }, high = { t, -z };
  lun_limits l = { centre == -INFINITY ? 0 : exp(lun_root(score, &low, -FAR, to, 0)),
                   centre == INFINITY ? INFINITY : exp(lun_root(score, &high, from, FAR, 0)) };
  return l;
}

static lun_limits ratio_miettinen_nurminen(lun_prop_pair t, double level)
{
  if (t.x1 == 0 && t.x0 == 0) return (lun_limits){ 0, INFINITY };
  return score_limits(t, level, ratio_score, log(ratio(t)));
}

static lun_limits odds_miettinen_nurminen(lun_prop_pair t, double level)
{
  double x = t.x1 + t.x0;
  if (x == 0 || x == t.n1 + t.n0) return (lun_limits){ 0, INFINITY };
  return score_limits(t, level, odds_score, log(odds_ratio(t)));
}

const lun_prop_contrast LUN_PROP_CONTRASTS[] = {
  { "difference_wald", "Wald", difference, difference_wald },
  { "difference_newcombe", "Newcombe 1998 (hybrid score)", difference, difference_newcombe },
  { "difference_newcombe_cc", "Newcombe 1998 (hybrid score, continuity corrected)", difference,
    difference_newcombe_cc },
  { "difference_miettinen_nurminen", "Miettinen & Nurminen 1985", difference,
    difference_miettinen_nurminen },
  { "difference_agresti_caffo", "Agresti & Caffo 2000", difference, difference_agresti_caffo },
  { "ratio_wald", "Katz et al. 1978 (log scale)", ratio, ratio_wald },
  { "ratio_miettinen_nurminen", "Miettinen & Nurminen 1985", ratio, ratio_miettinen_nurminen },
  { "odds_wald", "Woolf 1955", odds_ratio, odds_wald },
  { "odds_miettinen_nurminen", "Miettinen & Nurminen 1985", odds_ratio, odds_miettinen_nurminen },
  { NULL, NULL, NULL, NULL },
};
