/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The same replicates, bit for bit, on any number of threads; nothing is left allocated.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "surv/boot.h"

enum { N = 500, REPLICATES = 777 };

static void run(unsigned threads, double *t)
{
  static double time[N];
  static int32_t status[N], group[N];
  lun_env env;
  lun_pool pool;
  lun_surv s = { 0 };
  lun_boot boot = { 0 };
  lun_boot_plan plan;
  for (int i = 0; i < N; i++)
    time[i] = 1 + (i * 37) % 211, status[i] = i % 3 != 0, group[i] = i % 2;
  lun_env_init(&env, NULL, NULL);
  env.threads = threads;
  lun_pool_init(&pool, &env);
  assert_int_equal(
      lun_surv_init(&env, &s, &(lun_surv_data){ .n = N, .time = time, .status = status }, NULL),
      LUN_OK);
  assert_int_equal(lun_surv_sort(&env, &s), LUN_OK);
  assert_int_equal(
      lun_boot_plan_new(&pool, &plan, N, &(lun_boot_design){ .strata = group, .k = 2 }), LUN_OK);
  lun_boot_curve curve = { .s = &s, .code = group, .k = 2, .kind = LUN_BOOT_RMST, .at = 100 };
  lun_boot_task task = {
    .plan = &plan, .seed = 5, .stream = "test", .replicates = REPLICATES, .jackknife = 1
  };
  assert_int_equal(lun_boot_curves(&env, &boot, &curve, &task), LUN_OK);
  memcpy(t, boot.t, 2 * REPLICATES * sizeof *t);
  assert_int_equal(boot.units, N);
  lun_boot_fini(&boot);
  lun_surv_fini(&s);
  lun_pool_fini(&pool);
  assert_int_equal(env.blocks, 0);
  lun_env_fini(&env);
}

static void same_on_any_number_of_threads(void **state)
{
  static double one[2 * REPLICATES], some[2 * REPLICATES];
  (void)state;
  run(1, one);
  for (unsigned threads = 2; threads <= 5; threads++) {
    run(threads, some);
    assert_memory_equal(one, some, sizeof one);
  }
  assert_true(one[0] != one[1]);
}

int main(void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test(same_on_any_number_of_threads) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
