/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/par.h"

enum { N = 100003, ROWS = 64, BLOCKS = (N + ROWS - 1) / ROWS, K = 2 };

typedef struct sums {
  double sum[BLOCKS * K];
  unsigned char seen[N];
} sums;

static void add(void *ctx, size_t block, size_t from, size_t to)
{
  sums *s = ctx;
  for (size_t i = from; i < to; i++) {
    s->sum[block * K] += 1.0 / (double)(i + 1);
    s->sum[block * K + 1] += 1;
    s->seen[i]++;
  }
}

static sums state;

static void total(unsigned threads, double out[K])
{
  lun_env env;
  lun_env_init(&env, NULL, NULL);
  env.threads = threads;
  memset(&state, 0, sizeof state);
  assert_int_equal(lun_par_run(&env, N, ROWS, add, &state), LUN_OK);
  for (size_t i = 0; i < N; i++) assert_int_equal(state.seen[i], 1);
  lun_par_sums(state.sum, BLOCKS, K);
  memcpy(out, state.sum, K * sizeof *out);
}

static void same_bits(void **unused)
{
  (void)unused;
  double one[K], many[K];
  total(1, one);
  assert_true(one[1] == N);
  assert_true(fabs(one[0] - (log(N) + 0.57721566490153286 + 0.5 / N)) < 1e-9);
  for (unsigned threads = 0; threads <= 70; threads += 7) {
    total(threads, many);
    assert_memory_equal(one, many, sizeof one);
  }
}

static void nothing_to_do(void **unused)
{
  (void)unused;
  lun_env env;
  lun_env_init(&env, NULL, NULL);
  env.threads = 4;
  assert_int_equal(lun_par_run(&env, 0, ROWS, add, NULL), LUN_OK);
  lun_par_sums(NULL, 0, K);
}

static void stopped(void **unused)
{
  (void)unused;
  volatile sig_atomic_t stop = 1;
  lun_env env;
  lun_env_init(&env, NULL, NULL);
  env.threads = 2;
  env.stop = &stop;
  memset(&state, 0, sizeof state);
  assert_int_equal(lun_par_run(&env, N, ROWS, add, &state), LUN_EINTR);
  assert_int_equal(state.seen[N - 1], 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(same_bits),
    cmocka_unit_test(nothing_to_do),
    cmocka_unit_test(stopped),
  };
  return cmocka_run_group_tests_name("par", tests, NULL, NULL);
}
