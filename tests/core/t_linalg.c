/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stat/linalg against hand-made systems with whole-number answers, and stat/newton on functions
 * whose maxima are known in closed form.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "near.h"
#include "stat/linalg.h"
#include "stat/newton.h"

/* A = L L' with L = [2 0 0; 1 3 0; 4 5 6]: determinant (2*3*6)^2. */
static const double A[9] = { 4, 2, 8, 2, 10, 19, 8, 19, 77 };

static void test_solve(void **state)
{
  (void)state;
  double a[9], x[3] = { 4 + 4 + 24, 2 + 20 + 57, 8 + 38 + 231 }, work[3]; /* A (1, 2, 3)' */
  memcpy(a, A, sizeof a);
  assert_int_equal(lun_ldl_factor(a, 3, NULL, LUN_LDL_TOLERANCE), 3);
  ASSERT_NEAR(1 * 32 + 2 * 79 + 3 * 277, lun_ldl_quadratic(a, 3, x, work), 1e-14);
  lun_ldl_solve(a, 3, x);
  for (int i = 0; i < 3; i++) ASSERT_NEAR(i + 1, x[i], 1e-14);
  ASSERT_NEAR(2 * log(36), lun_ldl_logdet(a, 3), 1e-14);
}

static void test_inverse(void **state)
{
  (void)state;
  double a[9], inverse[9];
  memcpy(a, A, sizeof a);
  lun_ldl_factor(a, 3, NULL, LUN_LDL_TOLERANCE);
  lun_ldl_inverse(a, 3, inverse);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++) {
      double sum = 0;
      for (int k = 0; k < 3; k++) sum += A[3 * i + k] * inverse[3 * k + j];
      assert_true(fabs(sum - (i == j)) < 1e-13);
    }
}

/* Column 1 is twice column 0, column 3 is zero: both aliased, the rest is solved as without. */
static void test_aliased(void **state)
{
  (void)state;
  double a[16] = { 1, 2, 1, 0, 2, 4, 2, 0, 1, 2, 5, 0, 0, 0, 0, 0 }, x[4] = { 3, 6, 11, 0 },
         inverse[16];
  assert_int_equal(lun_ldl_factor(a, 4, NULL, LUN_LDL_TOLERANCE), 2);
  assert_true(a[5] == 0 && a[15] == 0);
  lun_ldl_inverse(a, 4, inverse);
  lun_ldl_solve(a, 4, x);
  ASSERT_NEAR(1, x[0], 1e-15);
  assert_true(x[1] == 0 && x[3] == 0);
  ASSERT_NEAR(2, x[2], 1e-15);
  ASSERT_NEAR(1.25, inverse[0], 1e-15);
  ASSERT_NEAR(-0.25, inverse[8], 1e-15);
  for (int i = 0; i < 4; i++) assert_true(inverse[4 + i] == 0 && inverse[4 * i + 3] == 0);
}

/* Scale does not decide the rank: 1e-150 beside 1e150. */
static void test_scale(void **state)
{
  (void)state;
  double a[4] = { 1e-300, 0.5, 0.5, 1e300 };
  assert_int_equal(lun_ldl_factor(a, 2, NULL, LUN_LDL_TOLERANCE), 2);
  double b[4] = { 1, 1, 1, 1 + 1e-13 };
  assert_int_equal(lun_ldl_factor(b, 2, NULL, LUN_LDL_TOLERANCE), 1);
}

/* Binomial log-likelihood of the log odds, k of n; x[1] takes no part in it. */
typedef struct binomial {
  double k, n, x;
} binomial;

static int binomial_value(void *ctx, const double *x, double *loglik)
{
  binomial *b = ctx;
  b->x = x[0];
  *loglik = b->k * x[0] - b->n * (x[0] > 0 ? x[0] + log1p(exp(-x[0])) : log1p(exp(x[0])));
  return isfinite(*loglik);
}

static void binomial_derivatives(void *ctx, double *gradient, double *information, double *scale)
{
  const binomial *b = ctx;
  double p = 1 / (1 + exp(-b->x));
  memset(information, 0, 4 * sizeof *information);
  gradient[0] = b->k - b->n * p;
  gradient[1] = 0;
  scale[0] = information[0] = b->n * p * (1 - p);
  scale[1] = 0;
}

static lun_newton maximise(binomial b, double *x, unsigned char *status)
{
  static double room[6];
  lun_env env;
  lun_newton out = { .x = x, .gradient = room, .information = room + 2, .status = status };
  lun_newton_problem problem = { 2, &b, binomial_value, binomial_derivatives };
  lun_newton_options how = { 0 };
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(lun_newton_maximise(&env, &out, &problem, &how), LUN_OK);
  assert_int_equal(env.blocks, 0);
  lun_env_fini(&env);
  return out;
}

static void test_newton(void **state)
{
  (void)state;
  double x[2] = { 0, 0 };
  unsigned char status[2];
  lun_newton out = maximise((binomial){ .k = 3, .n = 10 }, x, status);
  assert_true(out.converged && out.rank == 1);
  ASSERT_NEAR(log(3.0 / 7), x[0], 1e-15);
  ASSERT_NEAR(4 / 2.5, out.decrement_start, 1e-15); /* score test: (3 - 5)^2 / (10/4) */
  assert_int_equal(status[0], LUN_NEWTON_FINITE);
  assert_int_equal(status[1], LUN_NEWTON_ALIASED);
}

/* From far out the Newton step overshoots; halving brings it home. */
static void test_halving(void **state)
{
  (void)state;
  double x[2] = { -6, 0 };
  unsigned char status[2];
  lun_newton out = maximise((binomial){ .k = 9, .n = 10 }, x, status);
  if (!out.converged) fail_msg("%s after %d at %g", out.why, out.iterations, x[0]);
  ASSERT_NEAR(log(9), x[0], 1e-14);
}

static void test_infinite(void **state)
{
  (void)state;
  double x[2] = { 0, 0 };
  unsigned char status[2];
  lun_newton out = maximise((binomial){ .k = 10, .n = 10 }, x, status);
  assert_true(out.converged);
  assert_int_equal(status[0], LUN_NEWTON_INFINITE);
  assert_true(x[0] > 10 && out.why[0]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_solve),   cmocka_unit_test(test_inverse), cmocka_unit_test(test_aliased),
    cmocka_unit_test(test_scale),   cmocka_unit_test(test_newton),  cmocka_unit_test(test_halving),
    cmocka_unit_test(test_infinite),
  };
  return cmocka_run_group_tests_name("linalg", tests, NULL, NULL);
}
