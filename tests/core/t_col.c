/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "data/col.h"

static lun_env env;

static int setup(void **state)
{
  (void)state;
  lun_env_init(&env, NULL, NULL);
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  assert_int_equal(env.blocks, 0);
  lun_env_fini(&env);
  return 0;
}

static void test_number(void **state)
{
  (void)state;
  lun_col *col = NULL, *part = NULL;
  const double v[] = { 1, NAN, -3.5 };
  const size_t index[] = { 2, 2, 1 };
  assert_int_equal(lun_col_number(&env, &col, v, 3), LUN_OK);
  assert_true(lun_col_missing(col, 1) && !lun_col_missing(col, 2));
  assert_int_equal(lun_col_gather(&env, &part, col, index, 3), LUN_OK);
  lun_col_free(col);
  assert_true(lun_col_double(part, 0) == -3.5 && lun_col_double(part, 1) == -3.5);
  assert_true(isnan(lun_col_double(part, 2)));
  lun_col_free(part);
}

static void test_infinite_is_refused(void **state)
{
  (void)state;
  lun_col *col = NULL;
  const double v[] = { 1, INFINITY };
  assert_int_equal(lun_col_number(&env, &col, v, 2), LUN_EDATA);
  assert_null(col);
  assert_non_null(strstr(env.msg, "row 2"));
}

static void test_factor(void **state)
{
  (void)state;
  lun_levels *levels = NULL;
  lun_col *col = NULL, *sorted = NULL;
  const char *const names[] = { "no", "yes" };
  const char *const v[] = { "yes", NULL, "no" }, *const bad[] = { "no", "nein" };
  assert_int_equal(lun_levels_new(&env, &levels, names, 2), LUN_OK);
  assert_int_equal(lun_levels_find(levels, "yesterday", 3), 1);
  assert_int_equal(lun_levels_find(levels, "ye", 2), -1);
  assert_int_equal(lun_col_factor(&env, &col, v, 3, levels), LUN_OK);
  assert_string_equal(lun_col_str(col, 0), "yes");
  assert_null(lun_col_str(col, 1));
  assert_true(isnan(lun_col_double(col, 1)) && lun_col_double(col, 0) == 1);
  assert_int_equal(lun_col_factor(&env, &sorted, bad, 2, levels), LUN_EDATA);
  assert_non_null(strstr(env.msg, "row 2: \"nein\" is not one of the levels: no, yes"));
  assert_int_equal(lun_col_factor(&env, &sorted, bad, 2, NULL), LUN_OK);
  assert_string_equal(sorted->levels->names[0], "nein");
  lun_levels_free(levels);
  lun_col_free(col);
  lun_col_free(sorted);
}

static void test_codes_are_checked(void **state)
{
  (void)state;
  lun_levels *levels = NULL;
  lun_col *col = NULL;
  const char *const names[] = { "a", "b" };
  const int32_t codes[] = { 0, 2 };
  assert_int_equal(lun_levels_new(&env, &levels, names, 2), LUN_OK);
  assert_int_equal(lun_col_coded(&env, &col, LUN_FACTOR, codes, 2, levels), LUN_EDATA);
  assert_int_equal(lun_col_coded(&env, &col, LUN_FACTOR, codes, 2, NULL), LUN_EINVAL);
  assert_int_equal(lun_col_coded(&env, &col, LUN_INTEGER, codes, 2, levels), LUN_EINVAL);
  assert_null(col);
  lun_levels_free(levels);
}

static void test_many_levels_fit_the_message(void **state)
{
  (void)state;
  const char *names[60], *const bad[] = { "z" };
  char text[60][12];
  lun_levels *levels = NULL;
  lun_col *col = NULL;
  for (int i = 0; i < 60; i++) {
    names[i] = text[i];
    memcpy(text[i], "level-00", 9);
    text[i][6] = (char)('0' + i / 10);
    text[i][7] = (char)('0' + i % 10);
  }
  assert_int_equal(lun_levels_new(&env, &levels, names, 60), LUN_OK);
  assert_int_equal(lun_col_factor(&env, &col, bad, 1, levels), LUN_EDATA);
  assert_string_equal(env.msg + strlen(env.msg) - 5, ", ...");
  lun_levels_free(levels);
}

static void test_text(void **state)
{
  (void)state;
  lun_col *col = NULL, *part = NULL, *again = NULL;
  const char *const v[] = { "HCC", NULL, "", "β" };
  const size_t index[] = { 3, 1 }, one[] = { 0 };
  assert_int_equal(lun_col_text(&env, &col, v, 4), LUN_OK);
  assert_string_equal(lun_col_str(col, 2), "");
  assert_int_equal(lun_col_gather(&env, &part, col, index, 2), LUN_OK);
  assert_int_equal(lun_col_gather(&env, &again, part, one, 1), LUN_OK);
  lun_col_free(col);
  lun_col_free(part);
  assert_string_equal(lun_col_str(again, 0), "β");
  lun_col_free(again);
}

static void test_view_is_copied_for_keeping(void **state)
{
  (void)state;
  double v[] = { 1, 2 };
  lun_col *view = NULL, *kept = NULL, *same = NULL;
  assert_int_equal(lun_col_view(&env, &view, v, 2), LUN_OK);
  assert_int_equal(lun_col_own(&env, &kept, view), LUN_OK);
  v[0] = 7;
  assert_true(view->v.number[0] == 7 && kept->v.number[0] == 1);
  assert_int_equal(lun_col_own(&env, &same, kept), LUN_OK);
  assert_ptr_equal(same, kept);
  lun_col_free(same);
  v[1] = INFINITY;
  assert_int_equal(lun_col_own(&env, &same, view), LUN_EDATA);
  lun_col_free(view);
  lun_col_free(kept);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(test_number),
    TEST(test_infinite_is_refused),
    TEST(test_factor),
    TEST(test_codes_are_checked),
    TEST(test_many_levels_fit_the_message),
    TEST(test_text),
    TEST(test_view_is_copied_for_keeping),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
