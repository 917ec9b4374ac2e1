/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "near.h"
#include "surv/surv.h"

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
  size_t left = env.blocks;
  lun_env_fini(&env);
  return left != 0;
}

static void whole_days(void **state)
{
  (void)state;
  const double time[] = { 5, 3, 5, 0, 3, 5 };
  const int32_t status[] = { 0, 1, 1, 0, 0, 2 };
  lun_surv s;
  lun_surv_data in = { 6, time, NULL, status };
  assert_int_equal(lun_surv_init(&env, &s, &in, NULL), LUN_OK);
  assert_int_equal(s.whole, 1);
  assert_int_equal(s.events, 3);
  assert_int_equal(s.causes, 2);
  assert_int_equal(lun_surv_sort(&env, &s), LUN_OK);
  const uint32_t order[] = { 3, 1, 4, 2, 5, 0 }, begin[] = { 0, 1, 3, 6 };
  assert_memory_equal(s.order, order, sizeof order);
  assert_memory_equal(s.begin, begin, sizeof begin);
  assert_int_equal(s.m, 3);
  ASSERT_NEAR(5, s.time[0], 0);
  lun_surv_fini(&s);
}

/* The rule of R's timefix on the times of the near-ties case: 14 rows' worth of unique times. */
static void near_ties(void **state)
{
  (void)state;
  const double time[] = { 0.30000000000000004, 0.3, 0.7, 0.70000000000000007, 1.1,
                          1.1000000000010002,  1.5, 2,   2.0000001,           2.5 };
  const int32_t status[] = { 1, 1, 1, 0, 1, 1, 0, 1, 1, 1 };
  lun_surv s;
  lun_surv_data in = { 10, time, NULL, status };
  assert_int_equal(lun_surv_init(&env, &s, &in, NULL), LUN_OK);
  assert_int_equal(lun_surv_sort(&env, &s), LUN_OK);
  assert_int_equal(s.m, 7);
  assert_int_equal(s.merged, 3);
  ASSERT_NEAR(0.3, s.distinct[0], 0);
  ASSERT_NEAR(0.3, s.time[0], 0);
  lun_surv_fini(&s);
  lun_surv_options none = { 0, 0 };
  assert_int_equal(lun_surv_init(&env, &s, &in, &none), LUN_OK);
  assert_int_equal(lun_surv_sort(&env, &s), LUN_OK);
  assert_int_equal(s.m, 10);
  lun_surv_fini(&s);
}

/* Times in units of 1e-9: the relative rule leaves them apart, R's absolute part merges them all.
 */
static void tiny_unit(void **state)
{
  (void)state;
  const double time[] = { 1e-9, 2e-9, 3e-9 };
  const int32_t status[] = { 1, 1, 1 };
  lun_surv s;
  lun_surv_data in = { 3, time, NULL, status };
  assert_int_equal(lun_surv_init(&env, &s, &in, NULL), LUN_OK);
  assert_int_equal(lun_surv_sort(&env, &s), LUN_OK);
  assert_int_equal(s.m, 3);
  lun_surv_fini(&s);
  lun_surv_options r = { LUN_SURV_TOLERANCE, 1 };
  assert_int_equal(lun_surv_init(&env, &s, &in, &r), LUN_OK);
  assert_int_equal(lun_surv_sort(&env, &s), LUN_OK);
  assert_int_equal(s.m, 1);
  lun_surv_fini(&s);
}

static void delayed_entry(void **state)
{
  (void)state;
  const double start[] = { 0, 0, 2, 3, 3, 5, 6, 1 }, time[] = { 4, 6, 5, 8, 7, 10, 9, 3 };
  const int32_t status[] = { 1, 0, 1, 1, 0, 1, 1, 0 };
  lun_surv s;
  lun_surv_data in = { 8, time, start, status };
  assert_int_equal(lun_surv_init(&env, &s, &in, NULL), LUN_OK);
  assert_int_equal(lun_surv_sort(&env, &s), LUN_OK);
  assert_int_equal(s.m, 8);
  size_t at_risk[8] = { 0 };
  for (size_t k = 0; k < s.m; k++) {
    for (size_t i = 0; i < 8; i++) at_risk[k] += s.entry[i] <= k && k <= s.index[i];
  }
  const size_t expected[] = { 4, 5, 4, 4, 4, 3, 2, 1 }; /* by hand: start < t <= stop */
  assert_memory_equal(at_risk, expected, sizeof expected);
  for (size_t i = 1; i < 8; i++) assert_true(s.entry[s.by_entry[i - 1]] <= s.entry[s.by_entry[i]]);
  lun_surv_fini(&s);
}

static void refuse(const lun_surv_data *in, const char *code)
{
  lun_surv s;
  lun_status st = lun_surv_init(&env, &s, in, NULL);
  if (st == LUN_OK) st = lun_surv_sort(&env, &s);
  assert_int_equal(st, LUN_EDATA);
  assert_non_null(strstr(env.msg, code));
  assert_non_null(strstr(env.msg, "row 2"));
  lun_surv_fini(&s);
}

static void bad_rows(void **state)
{
  (void)state;
  const int32_t ok[] = { 1, 0 }, bad[] = { 1, -1 }, missing[] = { 1, INT32_MIN };
  const double t[] = { 1, 2 }, negative[] = { 1, -2 }, nan[] = { 1, NAN }, inf[] = { 1, INFINITY };
  const double start[] = { 0, 2 }, close[] = { 0, 1.99999999999 };
  refuse(&(lun_surv_data){ 2, negative, NULL, ok }, "data.negative-time");
  refuse(&(lun_surv_data){ 2, nan, NULL, ok }, "data.missing-time");
  refuse(&(lun_surv_data){ 2, inf, NULL, ok }, "data.infinite-time");
  refuse(&(lun_surv_data){ 2, t, start, ok }, "data.empty-interval");
  refuse(&(lun_surv_data){ 2, t, close, ok }, "data.empty-interval");
  refuse(&(lun_surv_data){ 2, t, NULL, bad }, "data.status");
  refuse(&(lun_surv_data){ 2, t, NULL, missing }, "data.status");
}

static void bad_weights(void **state)
{
  (void)state;
  const double t[] = { 1, 2 }, zero[] = { 1, 0 }, nan[] = { 1, NAN }, inf[] = { 1, INFINITY },
               ok[] = { 1, 0.5 };
  const double *bad[] = { zero, nan, inf };
  const int32_t status[] = { 1, 0 };
  lun_surv s;
  assert_int_equal(lun_surv_init(&env, &s, &(lun_surv_data){ 2, t, NULL, status }, NULL), LUN_OK);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(lun_surv_check_weights(&env, &s, bad[i]), LUN_EDATA);
    assert_non_null(strstr(env.msg, "[data.weight] row 2"));
  }
  assert_int_equal(lun_surv_check_weights(&env, &s, ok), LUN_OK);
  assert_int_equal(lun_surv_check_weights(&env, &s, NULL), LUN_OK);
  lun_surv_fini(&s);
}

/* Delayed entry in whole days is sorted by counting: as the general sort has it. */
static void whole_entries(void **state)
{
  (void)state;
  enum { ROWS = 200 };
  double time[ROWS], start[ROWS], half_time[ROWS], half_start[ROWS];
  int32_t status[ROWS];
  lun_surv a, b;
  for (int i = 0; i < ROWS; i++) {
    start[i] = i * 7 % 23;
    time[i] = start[i] + 1 + i * 11 % 17;
    status[i] = i % 3;
    half_time[i] = (time[i] + 0.5) / 2, half_start[i] = (start[i] + 0.5) / 2;
  }
  lun_surv_data days = { ROWS, time, start, status };
  lun_surv_data halves = { ROWS, half_time, half_start, status };
  assert_int_equal(lun_surv_init(&env, &a, &days, NULL), LUN_OK);
  assert_int_equal(lun_surv_init(&env, &b, &halves, NULL), LUN_OK);
  assert_true(a.whole && !b.whole);
  assert_int_equal(lun_surv_sort(&env, &a), LUN_OK);
  assert_int_equal(lun_surv_sort(&env, &b), LUN_OK);
  assert_int_equal(a.m, b.m);
  assert_memory_equal(a.order, b.order, sizeof *a.order * ROWS);
  assert_memory_equal(a.index, b.index, sizeof *a.index * ROWS);
  assert_memory_equal(a.entry, b.entry, sizeof *a.entry * ROWS);
  assert_memory_equal(a.by_entry, b.by_entry, sizeof *a.by_entry * ROWS);
  assert_memory_equal(a.begin, b.begin, sizeof *a.begin * (a.m + 1));
  assert_memory_equal(a.deaths, b.deaths, sizeof *a.deaths * a.m);
  lun_surv_fini(&a), lun_surv_fini(&b);
}

static void no_rows(void **state)
{
  (void)state;
  lun_surv s;
  const double none[] = { 0 };
  const int32_t status[] = { 0 };
  assert_int_equal(lun_surv_init(&env, &s, &(lun_surv_data){ 0, none, NULL, status }, NULL),
                   LUN_OK);
  assert_int_equal(lun_surv_sort(&env, &s), LUN_OK);
  assert_int_equal(s.m, 0);
  assert_int_equal(s.begin[0], 0);
  lun_surv_fini(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(whole_days),    cmocka_unit_test(near_ties), cmocka_unit_test(tiny_unit),
    cmocka_unit_test(delayed_entry), cmocka_unit_test(bad_rows),  cmocka_unit_test(bad_weights),
    cmocka_unit_test(no_rows),       cmocka_unit_test(whole_entries),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
