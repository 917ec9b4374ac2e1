/* SPDX-License-Identifier: GPL-3.0-or-later
 * dist: case dist-tails of the reference suite (R 4.2.2), and identities. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "near.h"
#include "stat/dist.h"

#define ROWS(a) (sizeof(a) / sizeof *(a))
#define TOL 1e-11

/* A probability below 1e-300 keeps few digits in R's answer. */
static void expect(double expected, double actual)
{
  if (fabs(expected) < 1e-306) assert_true(actual >= 0 && actual < 1e-306);
  else ASSERT_NEAR(expected, actual, TOL);
}

static const double PNORM_UPPER[] = {
  0.158655253931457, 2.86651571879194e-07, 7.61985302416053e-24, 2.75362411860623e-89,
  5.72557122252458e-300, 0.0,
};
static const double PNORM_UPPER_LOG[] = {
  -1.84102164500926, -15.0649983939887, -53.2312851505125, -689.030585576891,
  -5005.52420869421, -50000010.1292789,
};
static const double PCHISQ_UPPER[] = {
  0.920344325445942, 0.995012479192682, 0.999999469972996, 1.0, 0.317310507862914,
  0.606530659712633, 0.962565773247296, 1.0, 0.00156540225800255, 0.00673794699908547,
  0.0752352461465122, 0.999773746323823, 1.52397060483211e-23, 1.92874984796392e-22,
  5.28514836094324e-20, 1.85680233651024e-09, 2.99022697512462e-154, 9.92959039626498e-153,
  4.9119861035732e-149, 4.91078417630291e-128, 0.0, 0.0, 2.96e-322, 3.9605925288243e-297,
};
static const double PCHISQ_UPPER_LOG[] = {
  -1.14787446444932, -0.221579828439849, -1.46105009244391e-17, -52.5381379699525,
  -47.9133521119901, -20.1044100026159, -753.883067105382, -746.56851515782, -682.491378976667,
  -50005.9822640849, -49994.4693186203, -49873.7140451674,
};
static const double PT_UPPER[] = {
  0.325723982424076, 0.0366940173853702, 8.03866734416769e-14, 1.12436982676011e-97,
};
static const double PT_FRAC_DF[] = {
  0.0546323525411124, 0.0205442319108849, 0.0178645576996352,
};
static const double PF_UPPER[] = {
  0.432337203021697, 0.00489978551563918, 3.03694432310014e-11,
};
static const double QNORM[] = {
  -37.0470962993612, -6.36134090240406, -1.95996398454005, 0.0, 1.95996398454005,
  7.03448691004784,
};
static const double QCHISQ[] = {
  3.84145882069412, 11.3448667301444, 6.34581119552152, 2.00000000999999e-08,
};
static const double QT[] = {
  2.72507272259237, 2.74999565356723, 1.28239872146092,
};
static const double QBETA[] = {
  0.00101219969931084, 0.493876821806255, 0.5,
};
static const double PBINOM[] = {
  0.107086804503731, 0.578351630968976, 0.689906489166382,
};
static const double PHYPER_UPPER[] = {
  0.275255424396983, 0.111382117407661,
};

static void test_normal(void **state)
{
  static const double x[] = { 1, 5, 10, 20, 37, 38.5 }, far[] = { 1, 5, 10, 37, 100, 10000 };
  static const double p[] = { 1e-300, 1e-10, 0.025, 0.5, 0.975, 1 - 1e-12 };
  (void)state;
  for (size_t i = 0; i < 6; i++) {
    expect(PNORM_UPPER[i], lun_norm_upper(x[i]));
    ASSERT_NEAR(PNORM_UPPER_LOG[i], lun_norm_log_upper(far[i]), TOL);
    ASSERT_NEAR(QNORM[i], lun_norm_quantile(p[i]), TOL);
  }
  ASSERT_NEAR(0.5, lun_norm_cdf(0), 0);
  assert_true(isnan(lun_norm_quantile(1.5)) && isnan(lun_norm_quantile(NAN)));
}

static void test_chisq(void **state)
{
  static const double x[] = { 0.01, 1, 10, 100, 700, 1500 }, df[] = { 1, 2, 5, 30 };
  static const double far[] = { 1, 100, 1500, 1e5 }, far_df[] = { 1, 3, 30 };
  (void)state;
  for (size_t i = 0; i < 6; i++) {
    for (size_t j = 0; j < 4; j++) expect(PCHISQ_UPPER[4 * i + j], lun_chisq_upper(x[i], df[j]));
  }
  for (size_t i = 0; i < 4; i++) {
    for (size_t j = 0; j < 3; j++)
      ASSERT_NEAR(PCHISQ_UPPER_LOG[3 * i + j], lun_chisq_log_upper(far[i], far_df[j]), TOL);
  }
  ASSERT_NEAR(QCHISQ[0], lun_chisq_quantile(0.95, 1), TOL);
  ASSERT_NEAR(QCHISQ[1], lun_chisq_quantile(0.99, 3), TOL);
  ASSERT_NEAR(QCHISQ[2], lun_chisq_quantile(0.5, 7), TOL);
  ASSERT_NEAR(QCHISQ[3], lun_chisq_quantile(1e-8, 2), TOL);
}

/* R itself approximates t by the normal beyond 4e5 degrees of freedom. */
static void test_t_and_f(void **state)
{
  static const double t[] = { 0.5, 2, 10, 40 }, df[] = { 3, 10, 50, 200 };
  static const double frac[] = { 3.7, 47.3, 910947.995 };
  static const double f[3][3] = { { 1, 3, 10 }, { 4, 5, 40 }, { 30, 2, 117 } };
  (void)state;
  for (size_t i = 0; i < 4; i++) ASSERT_NEAR(PT_UPPER[i], lun_t_upper(t[i], df[i]), TOL);
  for (size_t i = 0; i < 3; i++) ASSERT_NEAR(PT_FRAC_DF[i], lun_t_upper(2.1, frac[i]), 1e-10);
  for (size_t i = 0; i < 3; i++)
    ASSERT_NEAR(PF_UPPER[i], lun_f_upper(f[i][0], f[i][1], f[i][2]), TOL);
  ASSERT_NEAR(QT[0], lun_t_quantile(0.975, 4.2), TOL);
  ASSERT_NEAR(QT[1], lun_t_quantile(0.995, 30), TOL);
  ASSERT_NEAR(QT[2], lun_t_quantile(0.9, 1000), TOL);
  ASSERT_NEAR(1, lun_t_two_sided(0, 5), 0);
}

static void test_beta_and_counts(void **state)
{
  (void)state;
  ASSERT_NEAR(QBETA[0], lun_beta_quantile(0.025, 1, 25), TOL);
  ASSERT_NEAR(QBETA[1], lun_beta_quantile(0.975, 8, 18), TOL);
  ASSERT_NEAR(QBETA[2], lun_beta_quantile(0.5, 0.5, 0.5), TOL);
  ASSERT_NEAR(PBINOM[0], lun_binom_cdf(3, 20, 0.3), TOL);
  ASSERT_NEAR(PBINOM[1], lun_binom_cdf(50, 411, 0.12), TOL);
  ASSERT_NEAR(PBINOM[2], lun_binom_cdf(400, 411, 0.97), TOL);
  ASSERT_NEAR(PHYPER_UPPER[0], lun_hyper_upper(4, 12, 20, 10), TOL);
  ASSERT_NEAR(PHYPER_UPPER[1], lun_hyper_upper(30, 80, 100, 60), TOL);
  ASSERT_NEAR(0, lun_binom_upper(5, 5, 0.2), 0);
  ASSERT_NEAR(1, lun_binom_cdf(0, 9, 0), 0);
}

/* Closed forms: chi-square with 2 df is exponential, t with 1 df is Cauchy. */
static void test_closed_forms(void **state)
{
  (void)state;
  for (double x = 0.001; x < 1e5; x *= 3) {
    ASSERT_NEAR(-x / 2, lun_chisq_log_upper(x, 2), TOL);
    ASSERT_NEAR(atan(1 / x) / M_PI, lun_t_upper(x, 1), TOL);
    ASSERT_NEAR(-log1p(2 * x) / 2, lun_f_log_upper(x, 2, 1), TOL);
  }
}

/* quantile(cdf) comes back over a wide range of parameters. */
static void test_round_trip(void **state)
{
  static const double shape[] = { 0.05, 0.5, 1, 3.3, 40, 5000, 3e5 };
  static const double p[] = { 1e-200, 1e-9, 0.025, 0.3, 0.5, 0.7, 0.999 };
  (void)state;
  for (size_t i = 0; i < ROWS(shape); i++) {
    for (size_t k = 0; k < ROWS(p); k++) {
      double x = lun_gamma_quantile(p[k], shape[i]);
      if (x > 1e-300) ASSERT_NEAR(p[k], lun_gamma_cdf(x, shape[i]), 1e-9);
      for (size_t j = 0; j < ROWS(shape); j++) {
        double b = lun_beta_quantile(p[k], shape[i], shape[j]);
        if (b > 1e-300 && b < 1 - 1e-9)
          ASSERT_NEAR(p[k], lun_beta_cdf(b, shape[i], shape[j]), 1e-6);
      }
    }
  }
}

/* Outside the domain the answer is NaN; at the ends it is a number. */
static void test_domain(void **state)
{
  (void)state;
  assert_true(isnan(lun_chisq_upper(1, 0)) && isnan(lun_chisq_upper(NAN, 1)));
  assert_true(isnan(lun_t_upper(1, -1)) && isnan(lun_t_upper(NAN, 3)));
  assert_true(isnan(lun_f_upper(1, 0, 3)) && isnan(lun_beta_quantile(0.5, 0, 1)));
  ASSERT_NEAR(1, lun_chisq_upper(0, 3), 0);
  ASSERT_NEAR(0, lun_chisq_upper(INFINITY, 3), 0);
  ASSERT_NEAR(0, lun_t_upper(INFINITY, 3), 0);
  ASSERT_NEAR(1, lun_t_upper(-INFINITY, 3), 0);
  ASSERT_NEAR(0, lun_f_upper(INFINITY, 2, 3), 0);
  assert_true(isinf(lun_t_quantile(1, 3)) && isinf(lun_chisq_quantile(1, 3)));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_normal),       cmocka_unit_test(test_chisq),
    cmocka_unit_test(test_t_and_f),      cmocka_unit_test(test_beta_and_counts),
    cmocka_unit_test(test_closed_forms), cmocka_unit_test(test_round_trip),
    cmocka_unit_test(test_domain),
  };
  return cmocka_run_group_tests_name("dist", tests, NULL, NULL);
}
