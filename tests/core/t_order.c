/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/order.h"
#include "base/pool.h"

static uint64_t state = 42;

static uint64_t next(void)
{
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return state >> 11;
}

static int double_before(double a, double b) /* a strictly before b */
{
  if (isnan(a)) return 0;
  return isnan(b) || a < b;
}

static void check_doubles(lun_env *env, const double *x, size_t n)
{
  size_t *index = malloc((n + 1) * sizeof *index);
  char *seen = calloc(n + 1, 1);
  assert_int_equal(lun_order_doubles(env, index, x, n), LUN_OK);
  for (size_t i = 0; i < n; i++) {
    assert_true(index[i] < n && !seen[index[i]]++);
    if (i == 0) continue;
    double a = x[index[i - 1]], b = x[index[i]];
    assert_false(double_before(b, a));
    if (!double_before(a, b)) assert_true(index[i - 1] < index[i]);
  }
  free(index);
  free(seen);
}

static double draw(int kind)
{
  switch (kind) {
  case 0: return (double)next() / 9007199254740992.0 - 0.5;
  case 1: return (double)(next() % 50);
  case 2: return next() % 5 == 0 ? (double)NAN : (double)(next() % 9) - 4;
  case 3: return next() % 2 ? 0.0 : -0.0;
  default: return ldexp((double)(next() % 1000) - 500, (int)(next() % 2000) - 1000);
  }
}

static void doubles(void **unused)
{
  (void)unused;
  static const size_t sizes[] = { 0, 1, 2, 63, 64, 65, 300, 8191, 8192, 30000 };
  lun_env env;
  lun_env_init(&env, NULL, NULL);
  for (int kind = 0; kind < 5; kind++) {
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
      double *x = malloc((sizes[s] + 1) * sizeof *x);
      for (size_t i = 0; i < sizes[s]; i++) x[i] = draw(kind);
      check_doubles(&env, x, sizes[s]);
      free(x);
    }
  }
  double infinite[] = { INFINITY, 1, NAN, -INFINITY, -0.0, 0.0 };
  check_doubles(&env, infinite, 6);
  assert_int_equal(env.blocks, 0);
}

static void ints(void **unused)
{
  (void)unused;
  lun_env env;
  lun_env_init(&env, NULL, NULL);
  int32_t x[] = { 3, INT32_MIN, -7, 3, INT32_MAX, INT32_MIN + 1, 0 };
  size_t index[7], expected[] = { 5, 2, 6, 0, 3, 4, 1 };
  assert_int_equal(lun_order_ints(&env, index, x, 7), LUN_OK);
  assert_memory_equal(index, expected, sizeof index);
}

/* Worked by hand: 1 1 4 5 9 -> 1.5 1.5 3 4 5. */
static void ranks(void **unused)
{
  (void)unused;
  lun_env env;
  lun_env_init(&env, NULL, NULL);
  double x[] = { 4, 1, NAN, 5, 1, 9 }, expected[] = { 3, 1.5, 0, 4, 1.5, 5 }, rank[6], ties;
  assert_int_equal(lun_order_ranks(&env, rank, &ties, x, 6), LUN_OK);
  for (int i = 0; i < 6; i++) {
    if (i == 2) assert_true(isnan(rank[i]));
    else assert_true(rank[i] == expected[i]);
  }
  assert_true(ties == 6); /* 2^3 - 2 */
}

static void *refuse(void *ud, void *ptr, size_t osize, size_t nsize)
{
  int *left = ud;
  (void)osize;
  if (nsize == 0) return free(ptr), NULL;
  return (*left)-- > 0 ? realloc(ptr, nsize) : NULL;
}

static void out_of_memory(void **unused)
{
  (void)unused;
  double x[300], rank[300];
  for (int i = 0; i < 300; i++) x[i] = 300 - i;
  for (int allowed = 0;; allowed++) {
    int left = allowed;
    lun_env env;
    lun_env_init(&env, refuse, &left);
    lun_status st = lun_order_ranks(&env, rank, NULL, x, 300);
    assert_int_equal(env.blocks, 0);
    if (st == LUN_OK) {
      assert_true(allowed >= 2);
      break;
    }
    assert_int_equal(st, LUN_ENOMEM);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(doubles),
    cmocka_unit_test(ints),
    cmocka_unit_test(ranks),
    cmocka_unit_test(out_of_memory),
  };
  return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
