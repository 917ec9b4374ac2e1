/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dist: distribution functions, upper tails and quantiles, with tails on the log scale far beyond
 * the range of a double. Pure functions: no env, no state, safe in threads.
 *
 * Conventions. *_cdf is P(X <= x), *_upper is P(X > x), never computed as 1 - cdf; *_log_upper is
 * its natural logarithm. *_quantile(p, ...) takes the lower probability p. Probabilities 0 and 1
 * give the ends of the support (possibly infinite). An argument outside its domain (df <= 0,
 * p outside [0, 1], NaN) gives NaN: callers check their input first.
 *
 * Methods: normal by Cody (1969) and Wichura (AS 241, 1988) through GSL; gamma and beta by series
 * and continued fractions (Lentz) times a prefactor in Loader's saddle-point form (Loader 2000),
 * which does not cancel for large arguments; quantiles by safeguarded Newton steps on the log
 * tail. Relative error below 1e-12 in the tested range.
 */
#ifndef LUN_DIST_H
#define LUN_DIST_H

/* Version of the library behind some of these. */
const char *lun_gsl_version(void);

double lun_norm_density(double x);
double lun_norm_cdf(double x);
double lun_norm_upper(double x);
double lun_norm_log_upper(double x);
double lun_norm_quantile(double p);
double lun_norm_two_sided(double z); /* P(|Z| > |z|) */

/* Gamma with shape a > 0 and rate 1. */
double lun_gamma_cdf(double x, double a);
double lun_gamma_upper(double x, double a);
double lun_gamma_log_cdf(double x, double a);
double lun_gamma_log_upper(double x, double a);
double lun_gamma_quantile(double p, double a);

double lun_chisq_cdf(double x, double df);
double lun_chisq_upper(double x, double df);
double lun_chisq_log_upper(double x, double df);
double lun_chisq_quantile(double p, double df);

double lun_t_cdf(double t, double df);
double lun_t_upper(double t, double df);
double lun_t_log_upper(double t, double df);
double lun_t_two_sided(double t, double df); /* P(|T| > |t|) */
double lun_t_quantile(double p, double df);

double lun_f_upper(double f, double df1, double df2);
double lun_f_log_upper(double f, double df1, double df2);
double lun_f_quantile(double p, double df1, double df2);

double lun_beta_cdf(double x, double a, double b);
double lun_beta_upper(double x, double a, double b);
double lun_beta_log_cdf(double x, double a, double b);
double lun_beta_log_upper(double x, double a, double b);
double lun_beta_quantile(double p, double a, double b);

/* k events in n trials; n need not be whole (Loader's density extends to real arguments). */
double lun_binom_log_density(double k, double n, double p);
double lun_binom_density(double k, double n, double p);
double lun_binom_cdf(double k, double n, double p);   /* P(X <= k) */
double lun_binom_upper(double k, double n, double p); /* P(X > k) */

/* x white balls among k drawn without replacement from m white and n black. */
double lun_hyper_log_density(double x, double m, double n, double k);
double lun_hyper_cdf(double x, double m, double n, double k);   /* P(X <= x) */
double lun_hyper_upper(double x, double m, double n, double k); /* P(X > x) */

double lun_lgamma(double x);             /* log |Gamma(x)|, safe in threads */
double lun_lchoose(double n, double k);  /* log of the binomial coefficient */

#endif
