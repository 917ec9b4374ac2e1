/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/dist.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_version.h>
#include <math.h>

#define LOG_SQRT_2PI 0.918938533204672741780329736406

const char *lun_gsl_version(void)
{
  return gsl_version;
}

/* --- normal ---------------------------------------------------------------------------------- */

double lun_norm_density(double x)
{
  return exp(-0.5 * x * x - LOG_SQRT_2PI);
}

double lun_norm_cdf(double x)
{
  return gsl_cdf_ugaussian_P(x);
}

double lun_norm_upper(double x)
{
  return 0.5 * erfc(x * M_SQRT1_2);
}

double lun_norm_two_sided(double z)
{
  return erfc(fabs(z) * M_SQRT1_2);
}

/* Beyond 5 Laplace's continued fraction of the Mills ratio, evaluated from the far end. */
double lun_norm_log_upper(double x)
{
  if (x < -1) return log1p(-lun_norm_upper(-x));
  if (x < 5) return log(lun_norm_upper(x));
  if (isinf(x)) return -INFINITY;
  double tail = x;
  for (int k = 100; k > 0; k--) tail = x + k / tail;
  return -0.5 * x * x - LOG_SQRT_2PI - log(tail);
}

double lun_norm_quantile(double p)
{
  if (!(p >= 0 && p <= 1)) return NAN;
  return gsl_cdf_ugaussian_Pinv(p);
}

/* --- Loader's saddle-point pieces ------------------------------------------------------------ */

double lun_lgamma(double x)
{
  int sign;
  return lgamma_r(x, &sign);
}

double lun_lchoose(double n, double k)
{
  if (k < 0 || k > n) return -INFINITY;
  if (k == 0 || k == n) return 0;
  return lun_lgamma(n + 1) - lun_lgamma(k + 1) - lun_lgamma(n - k + 1);
}

/* log(n!) minus Stirling's formula. */
static double stirling_error(double n)
{
  if (n < 16) return lun_lgamma(n + 1) - (n + 0.5) * log(n) + n - LOG_SQRT_2PI;
  double n2 = n * n;
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / n2) / n2) / n2) / n2) /
         n;
}

/* x log(x / m) + m - x without cancellation near x = m. */
static double deviance(double x, double m)
{
  double d = x - m;
  if (fabs(d) >= 0.1 * (x + m)) return x * log(x / m) + m - x;
  double v = d / (x + m), sum = d * v, term = 2 * x * v;
  for (int j = 1; j < 1000; j++) {
    term *= v * v;
    double next = sum + term / (2 * j + 1);
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

/* log of m^x e^-m / Gamma(x + 1), x > 0, m > 0. */
static double log_poisson(double x, double m)
{
  return -0.5 * log(2 * M_PI * x) - stirling_error(x) - deviance(x, m);
}

/* log of C(n, k) p^k q^(n-k) for real 0 < k < n, with q = 1 - p given in full precision. */
static double log_binomial(double k, double n, double p, double q)
{
  return stirling_error(n) - stirling_error(k) - stirling_error(n - k) - deviance(k, n * p) -
         deviance(n - k, n * q) + 0.5 * log(n / (2 * M_PI * k * (n - k)));
}

/* A probability known by the logarithm of its smaller tail. */
typedef struct tails {
  double log_small;
  int lower; /* the small tail is the lower one */
} tails;

static double log_other(double log_small)
{
  return log_small > -M_LN2 ? log(-expm1(log_small)) : log1p(-exp(log_small));
}

static double log_of(tails t, int lower)
{
  return t.lower == lower ? t.log_small : log_other(t.log_small);
}

static double value_of(tails t, int lower)
{
  return t.lower == lower ? exp(t.log_small) : -expm1(t.log_small);
}

/* --- gamma ----------------------------------------------------------------------------------- */

/* P = prefactor * sum of x^k / ((a+1) ... (a+k)). */
static double gamma_series(double x, double a)
{
  double term = 1, sum = 1;
  for (int k = 1; k < 1000000 && term > sum * DBL_EPSILON * 0.25; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

/* Gamma(a, x) / (x^a e^-x) by the modified Lentz method. */
static double gamma_fraction(double x, double a)
{
  double b = x + 1 - a, c = 1 / DBL_MIN, d = 1 / b, h = d;
  for (int i = 1; i < 1000000; i++) {
    double an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (fabs(d) < DBL_MIN) d = DBL_MIN;
    c = b + an / c;
    if (fabs(c) < DBL_MIN) c = DBL_MIN;
    d = 1 / d;
    h *= d * c;
    if (fabs(d * c - 1) < DBL_EPSILON) break;
  }
  return h;
}

static tails gamma_tails(double x, double a)
{
  if (!(a > 0) || isnan(x)) return (tails){ NAN, 1 };
  if (x <= 0) return (tails){ -INFINITY, 1 };
  if (isinf(x)) return (tails){ -INFINITY, 0 };
  double log_pre = log_poisson(a, x);
  if (x < a + 1) return (tails){ log_pre + log(gamma_series(x, a)), 1 };
  return (tails){ log_pre + log(a * gamma_fraction(x, a)), 0 };
}

double lun_gamma_cdf(double x, double a) { return value_of(gamma_tails(x, a), 1); }
double lun_gamma_upper(double x, double a) { return value_of(gamma_tails(x, a), 0); }
double lun_gamma_log_cdf(double x, double a) { return log_of(gamma_tails(x, a), 1); }
double lun_gamma_log_upper(double x, double a) { return log_of(gamma_tails(x, a), 0); }

/* --- beta ------------------------------------------------------------------------------------ */

/* Continued fraction of the incomplete beta function; converges fast for x < (a+1)/(a+b+2). */
static double beta_fraction(double x, double a, double b)
{
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  if (fabs(d) < DBL_MIN) d = DBL_MIN;
  d = 1 / d;
  double h = d;
  for (int m = 1; m < 1000000; m++) {
    double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    if (fabs(d) < DBL_MIN) d = DBL_MIN;
    c = 1 + even / c;
    if (fabs(c) < DBL_MIN) c = DBL_MIN;
    d = 1 / d;
    h *= d * c;
    double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    if (fabs(d) < DBL_MIN) d = DBL_MIN;
    c = 1 + odd / c;
    if (fabs(c) < DBL_MIN) c = DBL_MIN;
    d = 1 / d;
    h *= d * c;
    if (fabs(d * c - 1) < DBL_EPSILON) break;
  }
  return h;
}

/* log I_x(a, b), with y = 1 - x in full precision, on the fast side of the fraction. */
static double beta_log_lower(double x, double y, double a, double b)
{
  return log_binomial(a, a + b, x, y) + log(b / (a + b) * beta_fraction(x, a, b));
}

static tails beta_tails(double x, double y, double a, double b)
{
  if (!(a > 0 && b > 0) || isnan(x)) return (tails){ NAN, 1 };
  if (x <= 0) return (tails){ -INFINITY, 1 };
  if (y <= 0) return (tails){ -INFINITY, 0 };
  if (x * (a + b + 2) < a + 1) return (tails){ beta_log_lower(x, y, a, b), 1 };
  return (tails){ beta_log_lower(y, x, b, a), 0 };
}

double lun_beta_cdf(double x, double a, double b)
{
  return value_of(beta_tails(x, 1 - x, a, b), 1);
}
double lun_beta_upper(double x, double a, double b)
{
  return value_of(beta_tails(x, 1 - x, a, b), 0);
}
double lun_beta_log_cdf(double x, double a, double b)
{
  return log_of(beta_tails(x, 1 - x, a, b), 1);
}
double lun_beta_log_upper(double x, double a, double b)
{
  return log_of(beta_tails(x, 1 - x, a, b), 0);
}

/* --- quantiles ------------------------------------------------------------------------------- */

/* A distribution on a scale u that covers the real line, for the quantile search. */
typedef struct scale {
  tails (*at)(double u, double a, double b);
  double (*log_slope)(double u, double a, double b); /* log of d cdf / du */
  double a, b;
} scale;

/* The u with lower tail p (or upper tail p): Newton on the log of that tail, kept in a bracket. */
static double solve(const scale *s, double p, int lower, double u)
{
  double target = log(p), lo = -INFINITY, hi = INFINITY, step = 1;
  for (int i = 0; i < 200; i++) {
    double f = log_of(s->at(u, s->a, s->b), lower), gap = lower ? f - target : target - f;
    if (gap == 0) break;
    if (gap < 0) lo = u;
    else hi = u;
    double next = u - gap * exp(f - s->log_slope(u, s->a, s->b));
    if (!(next > lo && next < hi)) {
      if (isinf(lo)) next = hi - step;
      else if (isinf(hi)) next = lo + step;
      else next = 0.5 * (lo + hi);
      step *= 2;
    }
    if (fabs(next - u) <= DBL_EPSILON * fmax(fabs(next), DBL_EPSILON)) return next;
    u = next;
  }
  return u;
}

static tails gamma_at(double u, double a, double b)
{
  (void)b;
  return gamma_tails(exp(u), a);
}

static double gamma_slope(double u, double a, double b)
{
  (void)b;
  return log_poisson(a, exp(u)) + log(a);
}

double lun_gamma_quantile(double p, double a)
{
  if (!(p >= 0 && p <= 1) || !(a > 0)) return NAN;
  if (p == 0) return 0;
  if (p == 1) return INFINITY;
  scale s = { gamma_at, gamma_slope, a, 0 };
  return exp(solve(&s, p <= 0.5 ? p : 1 - p, p <= 0.5, log(a)));
}

static double logistic(double u)
{
  return 1 / (1 + exp(-u));
}

static tails beta_at(double u, double a, double b)
{
  return beta_tails(logistic(u), logistic(-u), a, b);
}

static double beta_slope(double u, double a, double b)
{
  return log_binomial(a, a + b, logistic(u), logistic(-u)) + log(a / (a + b)) + log(b);
}

/* log odds of the beta quantile with lower (or upper) tail p, 0 < p < 1. */
static double beta_log_odds(double p, int lower, double a, double b)
{
  scale s = { beta_at, beta_slope, a, b };
  return solve(&s, p, lower, log(a / b));
}

double lun_beta_quantile(double p, double a, double b)
{
  if (!(p >= 0 && p <= 1) || !(a > 0 && b > 0)) return NAN;
  if (p == 0 || p == 1) return p;
  return logistic(beta_log_odds(p <= 0.5 ? p : 1 - p, p <= 0.5, a, b));
}

/* --- chi-square, t, F ------------------------------------------------------------------------ */

double lun_chisq_cdf(double x, double df) { return lun_gamma_cdf(0.5 * x, 0.5 * df); }
double lun_chisq_upper(double x, double df) { return lun_gamma_upper(0.5 * x, 0.5 * df); }
double lun_chisq_log_upper(double x, double df) { return lun_gamma_log_upper(0.5 * x, 0.5 * df); }
double lun_chisq_quantile(double p, double df) { return 2 * lun_gamma_quantile(p, 0.5 * df); }

/* Tails of T^2 > t^2: the upper tail of T is half of the lower tail of this beta. */
static tails t_tails(double t, double df)
{
  double ratio = t * t / df; /* y / x */
  if (isinf(ratio)) return (tails){ df > 0 ? -INFINITY : NAN, 1 };
  return beta_tails(1 / (1 + ratio), ratio / (1 + ratio), 0.5 * df, 0.5);
}

double lun_t_two_sided(double t, double df)
{
  return isinf(df) ? lun_norm_two_sided(t) : value_of(t_tails(t, df), 1);
}

double lun_t_upper(double t, double df)
{
  if (isinf(df)) return lun_norm_upper(t);
  double half = 0.5 * lun_t_two_sided(t, df);
  return t >= 0 ? half : 1 - half;
}

double lun_t_cdf(double t, double df) { return lun_t_upper(-t, df); }

double lun_t_log_upper(double t, double df)
{
  if (isinf(df)) return lun_norm_log_upper(t);
  double log_half = log_of(t_tails(t, df), 1) - M_LN2;
  return t >= 0 ? log_half : log1p(-exp(log_half));
}

double lun_t_quantile(double p, double df)
{
  if (!(p >= 0 && p <= 1) || !(df > 0)) return NAN;
  if (isinf(df)) return lun_norm_quantile(p);
  if (p == 0 || p == 1) return p == 0 ? -INFINITY : INFINITY;
  if (p == 0.5) return 0;
  double both = 2 * fmin(p, 1 - p);
  double u = both <= 0.5 ? beta_log_odds(both, 1, 0.5 * df, 0.5)
                         : beta_log_odds(1 - both, 0, 0.5 * df, 0.5);
  double t = sqrt(df) * exp(-0.5 * u);
  return p < 0.5 ? -t : t;
}

static tails f_tails(double f, double df1, double df2)
{
  if (f <= 0) return (tails){ -INFINITY, 0 };
  double ratio = df1 * f / df2;
  if (isinf(ratio)) return (tails){ -INFINITY, 1 };
  return beta_tails(1 / (1 + ratio), ratio / (1 + ratio), 0.5 * df2, 0.5 * df1);
}

/* The upper tail of F is the lower tail of the beta. */
double lun_f_upper(double f, double df1, double df2) { return value_of(f_tails(f, df1, df2), 1); }
double lun_f_log_upper(double f, double df1, double df2) { return log_of(f_tails(f, df1, df2), 1); }

double lun_f_quantile(double p, double df1, double df2)
{
  if (!(p >= 0 && p <= 1) || !(df1 > 0 && df2 > 0)) return NAN;
  if (p == 0 || p == 1) return p == 0 ? 0 : INFINITY;
  double small = p <= 0.5 ? p : 1 - p;
  return df2 / df1 * exp(beta_log_odds(small, p <= 0.5, 0.5 * df1, 0.5 * df2));
}

/* --- binomial and hypergeometric ------------------------------------------------------------- */

double lun_binom_log_density(double k, double n, double p)
{
  if (!(p >= 0 && p <= 1) || !(k >= 0 && k <= n)) return k < 0 || k > n ? -INFINITY : NAN;
  if (p == 0) return k == 0 ? 0 : -INFINITY;
  if (p == 1) return k == n ? 0 : -INFINITY;
  if (k == 0) return n * log1p(-p);
  if (k == n) return n * log(p);
  return log_binomial(k, n, p, 1 - p);
}

double lun_binom_density(double k, double n, double p)
{
  return exp(lun_binom_log_density(k, n, p));
}

double lun_binom_upper(double k, double n, double p)
{
  k = floor(k);
  if (k < 0) return 1;
  if (k >= n) return 0;
  return lun_beta_cdf(p, k + 1, n - k);
}

double lun_binom_cdf(double k, double n, double p)
{
  k = floor(k);
  if (k < 0) return 0;
  if (k >= n) return 1;
  return lun_beta_upper(p, k + 1, n - k);
}

double lun_hyper_log_density(double x, double m, double n, double k)
{
  if (x < 0 || x > m || x > k || k - x > n) return -INFINITY;
  if (k == 0 || k == m + n) return 0;
  double p = k / (m + n); /* C(m,x) C(n,k-x) / C(m+n,k) as three binomials with one p */
  return lun_binom_log_density(x, m, p) + lun_binom_log_density(k - x, n, p) -
         lun_binom_log_density(k, m + n, p);
}

/* Sum of the density from x downwards (step -1) or upwards, relative to the density at x. */
static double hyper_sum(double x, const double mnk[3], int step)
{
  double m = mnk[0], n = mnk[1], k = mnk[2], term = 1, sum = 1;
  while (term > sum * DBL_EPSILON * 0.01) {
    if (step < 0) term *= x * (n - k + x) / ((m - x + 1) * (k - x + 1));
    else term *= (m - x) * (k - x) / ((x + 1) * (n - k + x + 1));
    x += step;
    sum += term;
  }
  return sum;
}

/* P(X <= x) when the mode is above x, else by the other tail. */
double lun_hyper_cdf(double x, double m, double n, double k)
{
  x = floor(x);
  if (x < fmax(0, k - n)) return 0;
  if (x >= fmin(k, m)) return 1;
  double mnk[3] = { m, n, k };
  if ((x + 1) * (m + n) <= k * m)
    return exp(lun_hyper_log_density(x, m, n, k)) * hyper_sum(x, mnk, -1);
  return 1 - exp(lun_hyper_log_density(x + 1, m, n, k)) * hyper_sum(x + 1, mnk, 1);
}

double lun_hyper_upper(double x, double m, double n, double k)
{
  x = floor(x);
  if (x < fmax(0, k - n)) return 1;
  if (x >= fmin(k, m)) return 0;
  double mnk[3] = { m, n, k };
  if ((x + 1) * (m + n) <= k * m) return 1 - lun_hyper_cdf(x, m, n, k);
  return exp(lun_hyper_log_density(x + 1, m, n, k)) * hyper_sum(x + 1, mnk, 1);
}
