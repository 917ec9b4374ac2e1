/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "data/expr.h"
#include "starve.h"

enum { ROWS = 2500 };

/* x: some missing; k: integers; g: a factor with a missing row; d: dates; s: texts. */
static lun_status make_table(lun_env *env, lun_table **out)
{
  static const char *const names[] = { "x", "k", "g", "d", "s" }, *const levels[] = { "low", "mid",
                                                                                      "high" };
  static double x[ROWS];
  static int32_t k[ROWS], g[ROWS], d[ROWS];
  static const char *s[ROWS];
  lun_col *cols[5] = { NULL };
  lun_levels *l = NULL;
  for (int i = 0; i < ROWS; i++) {
    x[i] = i % 11 == 3 ? NAN : i - 1000;
    k[i] = i % 7 == 5 ? LUN_INT_MISSING : i % 5;
    g[i] = i % 4 - 1;
    d[i] = 19000 + i;
    s[i] = i % 3 ? "ab" : "cd";
  }
  lun_status st = lun_levels_new(env, &l, levels, 3);
  if (st == LUN_OK) st = lun_col_number(env, &cols[0], x, ROWS);
  if (st == LUN_OK) st = lun_col_coded(env, &cols[1], LUN_INTEGER, k, ROWS, NULL);
  if (st == LUN_OK) st = lun_col_coded(env, &cols[2], LUN_FACTOR, g, ROWS, l);
  if (st == LUN_OK) st = lun_col_coded(env, &cols[3], LUN_DATE, d, ROWS, NULL);
  if (st == LUN_OK) st = lun_col_text(env, &cols[4], s, ROWS);
  if (st == LUN_OK) st = lun_table_new(env, out, names, cols, 5, ROWS);
  for (int i = 0; i < 5; i++) lun_col_free(cols[i]);
  lun_levels_free(l);
  return st;
}

static lun_status evaluate(lun_env *env, const lun_table *t, const char *text, lun_col **out)
{
  size_t at;
  lun_expr *e = NULL;
  lun_status st = lun_expr_parse(env, &e, text, strlen(text), &at);
  if (st == LUN_OK) st = lun_expr_eval(env, out, e, t, &at);
  lun_expr_free(e);
  return st;
}

/* Both texts give the same column, missing values included. */
static void assert_same(const char *a, const char *b)
{
  lun_env env;
  lun_table *t = NULL;
  lun_col *ca = NULL, *cb = NULL;
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(make_table(&env, &t), LUN_OK);
  if (evaluate(&env, t, a, &ca) != LUN_OK || evaluate(&env, t, b, &cb) != LUN_OK)
    fail_msg("%s", env.msg);
  assert_int_equal(ca->type, cb->type);
  for (size_t i = 0; i < ROWS; i++) {
    double va = lun_col_double(ca, i), vb = lun_col_double(cb, i);
    if (va != vb && !(isnan(va) && isnan(vb)))
      fail_msg("%s, %s: row %zu: %g, %g", a, b, i + 1, va, vb);
  }
  lun_col_free(ca);
  lun_col_free(cb);
  lun_table_free(t);
  assert_int_equal(env.blocks, 0);
}

/* What is always the same, over rows of which many are missing. */
static void test_laws(void **state)
{
  (void)state;
  assert_same("x + k", "k + x");
  assert_same("x - k", "-(k - x)");
  assert_same("x * 2", "x + x");
  assert_same("x // 7 * 7 + x % 7", "x");
  assert_same("x < k", "k > x");
  assert_same("not (x < k)", "x >= k");
  assert_same("x == k", "not (x ~= k)");
  assert_same("not (x < 0 and k > 2)", "x >= 0 or k <= 2");
  assert_same("x < 0 and (k > 2 or g == 'low')", "x < 0 and k > 2 or x < 0 and g == 'low'");
  assert_same("k in {1, 3}", "k == 1 or k == 3");
  assert_same("g not in {'low', 'high'}", "g ~= 'low' and g ~= 'high'");
  assert_same("g >= 'mid'", "g in {'mid', 'high'}");
  assert_same("g < 'high'", "'high' > g");
  assert_same("s == 'ab'", "s ~= 'cd'");
  assert_same("if(x < 0, -x, x)", "abs(x)");
  assert_same("if(x < k, x, k)", "min(x, k)");
  assert_same("if(not (x < k), k, x)", "if(x < k, x, k)");
  assert_same("max(x, k, 2)", "-min(-x, -k, -2)");
  assert_same("missing(x)", "not (not missing(x))");
  assert_same("missing(x + k)", "missing(x) or missing(k)");
  assert_same("d + 30 - d", "days(d, d + 30)");
  assert_same("d > date('2022-06-01')", "days(date('2022-06-01'), d) > 0");
  assert_same("round(years(d, d + x) * 12, 6)", "round(months(d, d + x), 6)");
  assert_same("log2(exp(k))", "log2(exp(k)) + 0");
  assert_same("x > 0 and log(x) > 1", "if(x > 0, log(x) > 1, false)");
  assert_same("x ^ 2 ^ 0", "x");
  assert_same("-x ^ 2", "0 - x * x");
}

static void test_rows_are_counted_once(void **state)
{
  (void)state;
  static size_t rows[ROWS];
  size_t at;
  lun_env env;
  lun_table *t = NULL;
  lun_expr *e = NULL;
  lun_mask_counts yes, no;
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(make_table(&env, &t), LUN_OK);
  assert_int_equal(lun_expr_parse(&env, &e, "x > k", 5, &at), LUN_OK);
  assert_int_equal(lun_expr_rows(&env, rows, &yes, e, t, &at), LUN_OK);
  lun_expr_free(e);
  assert_int_equal(lun_expr_parse(&env, &e, "x <= k", 6, &at), LUN_OK);
  assert_int_equal(lun_expr_rows(&env, rows, &no, e, t, &at), LUN_OK);
  lun_expr_free(e);
  assert_int_equal(yes.kept, no.no);
  assert_int_equal(yes.no, no.kept);
  assert_int_equal(yes.missing, no.missing);
  assert_int_equal(yes.kept + yes.no + yes.missing, ROWS);
  lun_table_free(t);
}

static lun_status everything(lun_env *env)
{
  static const char *const texts[] = { "if(x > 0 and log(x) > k, x ^ 2, nil)",
                                       "g in {'low', 'mid'} or s == 'ab'",
                                       "if(k > 2, 'many', 'few')",
                                       "d + 30",
                                       "if(k > 2, g, 'low')",
                                       "if(missing(x), s, 'x')" };
  lun_table *t = NULL;
  lun_status st = make_table(env, &t);
  for (size_t i = 0; i < sizeof texts / sizeof *texts && st == LUN_OK; i++) {
    lun_col *col = NULL;
    st = evaluate(env, t, texts[i], &col);
    lun_col_free(col);
  }
  lun_table_free(t);
  return st;
}

static void test_out_of_memory(void **state)
{
  (void)state;
  assert_true(starve(everything) > 30);
}

/* Any bytes are refused or parsed; nothing crashes. Cuts and swaps of a valid text. */
static void test_mangled(void **state)
{
  (void)state;
  static const char source[] = "if(x >= 1e3 and not g in {'a', \"b\"}, days(d, date('2024-01-31')) "
                               "^ -2, `k` // 3 % 1) ~= nil";
  char text[sizeof source];
  size_t n = sizeof source - 1, at;
  lun_env env;
  lun_env_init(&env, NULL, NULL);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) {
      lun_expr *e = NULL;
      memcpy(text, source, sizeof source);
      text[i] = source[j];
      if (lun_expr_parse(&env, &e, text, j % 2 ? n : n - i, &at) != LUN_OK)
        assert_true(at <= n && env.msg[0] == '[');
      lun_expr_free(e);
      assert_int_equal(env.blocks, 0);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_laws),
    cmocka_unit_test(test_rows_are_counted_once),
    cmocka_unit_test(test_out_of_memory),
    cmocka_unit_test(test_mangled),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
