/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "data/design.h"
#include "starve.h"

enum { ROWS = 60 };

static lun_status make_table(lun_env *env, lun_table **out)
{
  static const char *const names[] = { "x", "z", "g", "s" }, *const levels[] = { "a", "b", "c" };
  static double x[ROWS], z[ROWS];
  static int32_t g[ROWS];
  static const char *s[ROWS];
  lun_col *cols[4] = { NULL };
  lun_levels *l = NULL;
  for (int i = 0; i < ROWS; i++) {
    x[i] = i % 13 == 4 ? NAN : (i * 37 % 60) / 4.0;
    z[i] = (i * 7 % 60) - 20;
    g[i] = i % 3;
    s[i] = i % 2 ? "one" : "two";
  }
  lun_status st = lun_levels_new(env, &l, levels, 3);
  if (st == LUN_OK) st = lun_col_number(env, &cols[0], x, ROWS);
  if (st == LUN_OK) st = lun_col_number(env, &cols[1], z, ROWS);
  if (st == LUN_OK) st = lun_col_coded(env, &cols[2], LUN_FACTOR, g, ROWS, l);
  if (st == LUN_OK) st = lun_col_text(env, &cols[3], s, ROWS);
  if (st == LUN_OK) st = lun_table_new(env, out, names, cols, 4, ROWS);
  for (int i = 0; i < 4; i++) lun_col_free(cols[i]);
  lun_levels_free(l);
  return st;
}

static const char TERMS[] = "y ~ g*z + ns(x, 4) + rcs(z, 3) + factor(s) + log(x + 1):g + strata(g, "
                            "s) + cluster(s) + offset(z)";

static lun_status everything(lun_env *env)
{
  size_t at;
  lun_table *t = NULL;
  lun_formula *f = NULL;
  lun_design d = { 0 }, like = { 0 };
  const lun_design_options options = { .intercept = 1 };
  lun_status st = make_table(env, &t);
  if (st == LUN_OK) st = lun_formula_parse(env, &f, TERMS, strlen(TERMS), &at);
  if (st == LUN_OK) st = lun_design_init(env, &d, f, t, &options, &at);
  if (st == LUN_OK) st = lun_design_like(env, &like, &d, t, &options, &at);
  if (st == LUN_OK) {
    /* 1 + g 2 + z 1 + ns 4 + rcs 2 + s 1 + g:z 2 + log:g 3 (no margin log: all levels of g) */
    assert_int_equal(d.p, 16);
    assert_int_equal(d.n + d.dropped, ROWS);
    assert_memory_equal(d.x, like.x, d.n * d.p * sizeof *d.x);
    assert_int_equal(d.strata.n_groups, 6);
  }
  lun_design_fini(&d);
  lun_design_fini(&like);
  lun_formula_free(f);
  lun_table_free(t);
  return st;
}

static void test_out_of_memory(void **state)
{
  (void)state;
  assert_true(starve(everything) > 40);
}

/* The natural spline is linear beyond the boundary, the sum of its parts is smooth at the knots. */
static void test_natural_spline_is_linear_outside(void **state)
{
  (void)state;
  static double x[101];
  double a[8], b[8], c[8];
  lun_env env;
  lun_pool pool;
  lun_spline s;
  lun_env_init(&env, NULL, NULL);
  lun_pool_init(&pool, &env);
  for (int i = 0; i <= 100; i++) x[i] = i;
  for (size_t df = 1; df <= 8; df++) {
    assert_int_equal(lun_spline_ns(&env, &pool, &s, x, 101, &(lun_knots){ .df = df }), LUN_OK);
    assert_int_equal(s.df, df);
    for (int side = 0; side < 2; side++) {
      double edge = side ? 100 : 0, away = side ? 10 : -10;
      lun_spline_at(&s, edge, a);
      lun_spline_at(&s, edge + away, b);
      lun_spline_at(&s, edge + 2 * away, c);
      for (size_t j = 0; j < df; j++) assert_true(fabs(c[j] - 2 * b[j] + a[j]) < 1e-12);
      lun_spline_at(&s, edge - away * 1e-4,
                    b); /* just inside: the second derivative is 0 at the edge */
      lun_spline_at(&s, edge - 2 * away * 1e-4, c);
      for (size_t j = 0; j < df; j++) assert_true(fabs(c[j] - 2 * b[j] + a[j]) < 1e-10);
    }
  }
  lun_pool_fini(&pool);
  assert_int_equal(env.blocks, 0);
}

static void test_spline_refuses(void **state)
{
  (void)state;
  const double flat[] = { 2, 2, 2 }, x[] = { 1, 2, 3, 4 }, outside[] = { 0, 2 },
               mixed[] = { 3, 2, 5 };
  lun_env env;
  lun_pool pool;
  lun_spline s;
  lun_env_init(&env, NULL, NULL);
  lun_pool_init(&pool, &env);
  assert_int_equal(lun_spline_ns(&env, &pool, &s, flat, 3, &(lun_knots){ .df = 2 }), LUN_EDATA);
  assert_int_equal(lun_spline_ns(&env, &pool, &s, x, 4, &(lun_knots){ .at = outside, .n = 2 }), LUN_EINVAL);
  assert_int_equal(lun_spline_rcs(&env, &pool, &s, x, 4, &(lun_knots){ .at = mixed, .n = 3 }), LUN_EINVAL);
  assert_int_equal(lun_spline_rcs(&env, &pool, &s, x, 4, &(lun_knots){ .df = 2 }), LUN_EINVAL);
  lun_pool_fini(&pool);
  assert_int_equal(env.blocks, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_out_of_memory),
    cmocka_unit_test(test_natural_spline_is_linear_outside),
    cmocka_unit_test(test_spline_refuses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
