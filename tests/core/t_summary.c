/* SPDX-License-Identifier: GPL-3.0-or-later
 * summary: NIST StRD univariate sets that are formulas, public constants or short, each with the
 * number of correct digits reached; quantile rules and balance by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/env.h"
#include "near.h"
#include "stat/summary.h"

/* Number of correct significant digits, at most 15. */
static double digits(double expected, double found)
{
  if (expected == found) return 15;
  return fmin(15, -log10(fabs(found - expected) / fabs(expected)));
}

static void nist(const char *name, const double *x, size_t n, const double certified[2],
                 double least)
{
  lun_env env;
  lun_summary s;
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(lun_summary_fit(&env, &s, x, n, LUN_QUANTILE_R), LUN_OK);
  double mean = digits(certified[0], s.mean), sd = digits(certified[1], s.sd);
  printf("# NIST %-9s correct digits: mean %.1f, standard deviation %.1f\n", name, mean, sd);
  assert_true(mean >= 14.9 && sd >= least);
  assert_int_equal(env.blocks, 0);
  lun_env_fini(&env);
}

static void alternating(const char *name, double base, double least)
{
  double x[1001];
  x[0] = base + 0.2;
  for (int i = 1; i <= 1000; i++) x[i] = base + (i % 2 ? 0.1 : 0.3);
  nist(name, x, 1001, (const double[]){ base + 0.2, 0.1 }, least);
}

/* The data of NumAcc3 and NumAcc4 are not exact in binary: 9.4 and 8.3 digits are all they hold. */
static void test_num_acc(void **state)
{
  static const double x[] = { 10000001, 10000003, 10000002 };
  (void)state;
  nist("NumAcc1", x, 3, (const double[]){ 10000002, 1 }, 15);
  alternating("NumAcc2", 1, 14);
  alternating("NumAcc3", 1000000, 9.4);
  alternating("NumAcc4", 10000000, 8.2);
}

/* Michelson's 100 velocities of light, as differences from 299.000 in the third decimal. */
static void test_michelson(void **state)
{
  static const short v[] = {
    850,  740, 900, 1070, 930, 850, 950, 980, 980, 880, 1000, 980, 930, 650, 760, 810, 1000,
    1000, 960, 960, 960,  940, 960, 940, 880, 800, 850, 880,  900, 840, 830, 790, 810, 880,
    880,  830, 800, 790,  760, 800, 880, 880, 880, 860, 720,  720, 620, 860, 970, 950, 880,
    910,  850, 870, 840,  840, 850, 840, 840, 840, 890, 810,  810, 820, 800, 770, 760, 740,
    750,  760, 910, 920,  890, 860, 880, 720, 840, 850, 850,  780, 890, 840, 780, 810, 760,
    810,  790, 810, 820,  850, 870, 870, 810, 740, 810, 940,  950, 800, 810, 870,
  };
  double x[100];
  (void)state;
  for (int i = 0; i < 100; i++) x[i] = (299000 + v[i]) / 1000.0;
  nist("Michelso", x, 100, (const double[]){ 299.8524, 0.0790105478190518 }, 12);
}

static void test_empty_and_missing(void **state)
{
  static const double x[] = { NAN, 5, NAN };
  lun_env env;
  lun_summary s;
  (void)state;
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(lun_summary_fit(&env, &s, x, 0, LUN_QUANTILE_R), LUN_OK);
  assert_true(s.n == 0 && isnan(s.mean) && isnan(s.median));
  assert_int_equal(lun_summary_fit(&env, &s, x, 3, LUN_QUANTILE_R), LUN_OK);
  assert_true(s.n == 1 && s.missing == 2 && s.mean == 5 && s.median == 5 && isnan(s.sd));
  lun_env_fini(&env);
}

/* quantile(1:9 without 5, p, type) of R 4.2.2. */
static void test_quantiles(void **state)
{
  static const double x[] = { 1, 2, 3, 4, 6, 7, 8, 9 };
  (void)state;
  ASSERT_NEAR(2.75, lun_quantile(x, 8, 0.25, LUN_QUANTILE_R), 1e-15);
  ASSERT_NEAR(2.5, lun_quantile(x, 8, 0.25, LUN_QUANTILE_SAS), 1e-15);
  ASSERT_NEAR(2.25, lun_quantile(x, 8, 0.25, LUN_QUANTILE_SPSS), 1e-15);
  ASSERT_NEAR(5, lun_quantile(x, 8, 0.5, LUN_QUANTILE_SAS), 1e-15);
  ASSERT_NEAR(4, lun_quantile(x, 8, 0.4, LUN_QUANTILE_SAS), 1e-15);
  ASSERT_NEAR(9, lun_quantile(x, 8, 1, LUN_QUANTILE_SAS), 1e-15);
  ASSERT_NEAR(1, lun_quantile(x, 8, 0, LUN_QUANTILE_SPSS), 1e-15);
  ASSERT_NEAR(9, lun_quantile(x, 8, 0.99, LUN_QUANTILE_SPSS), 1e-15);
  assert_true(isnan(lun_quantile(x, 0, 0.5, LUN_QUANTILE_R)));
}

/* Group 1: 2, 4, 6; group 0: 1, 3. Variances 4 and 2. */
static void test_balance_by_hand(void **state)
{
  static const double x[] = { 2, 1, 4, 3, 6 }, b[] = { 1, 0, 1, 1, 0 }, w[] = { 1, 1, 1, 3, 2 };
  static const int32_t group[] = { 1, 0, 1, 0, 1 };
  lun_env env;
  lun_balance s;
  (void)state;
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(lun_balance_fit(&env, &s, x, group, NULL, 5, LUN_SMD_POOLED), LUN_OK);
  ASSERT_NEAR(2 / sqrt(3), s.smd, 1e-15);
  ASSERT_NEAR(2, s.variance_ratio, 1e-15);
  ASSERT_NEAR(2.0 / 3, s.ks, 1e-15);
  assert_int_equal(lun_balance_fit(&env, &s, x, group, w, 5, LUN_SMD_TREATED), LUN_OK);
  ASSERT_NEAR((4.5 - 2.5) / 2, s.smd, 1e-15); /* means weighted, denominator not */
  assert_int_equal(lun_balance_fit(&env, &s, b, group, NULL, 5, LUN_SMD_POOLED), LUN_OK);
  assert_true(s.binary && isnan(s.variance_ratio));
  ASSERT_NEAR((2.0 / 3 - 0.5) / sqrt((2.0 / 9 + 0.25) / 2), s.smd, 1e-15);
  assert_int_equal(env.blocks, 0);
  lun_env_fini(&env);
}

/* With two levels the factor's distance is the binary one. */
static void test_smd_factor(void **state)
{
  static const double a[] = { 30, 70 }, b[] = { 45, 55 }, none[] = { 0, 0 };
  static const double a3[] = { 30, 0, 70 }, b3[] = { 45, 0, 55 };
  double work[18];
  (void)state;
  double expected = 0.15 / sqrt((0.3 * 0.7 + 0.45 * 0.55) / 2);
  ASSERT_NEAR(expected, lun_smd_factor(a, b, 2, work), 1e-14);
  ASSERT_NEAR(expected, lun_smd_factor(a3, b3, 3, work), 1e-14);
  assert_true(isnan(lun_smd_factor(none, a, 2, work)));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_num_acc),
    cmocka_unit_test(test_michelson),         cmocka_unit_test(test_empty_and_missing),
    cmocka_unit_test(test_quantiles),         cmocka_unit_test(test_balance_by_hand),
    cmocka_unit_test(test_smd_factor),
  };
  return cmocka_run_group_tests_name("summary", tests, NULL, NULL);
}
