/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "near.h"
#include "starve.h"
#include "surv/finegray/finegray.h"

enum { N = 6 };
static const double TIME[N] = { 1, 2, 2, 3, 4, 5 }, START[N] = { 0, 0, 1, 2, 0, 1 };
static const int32_t STATUS[N] = { 2, 0, 1, 1, 0, 1 }, PAIR[N] = { 0, 1, 0, 1, 0, 1 };
static const double X[N] = { 1, 0, 0, 1, 1, 0 };
static const double *const COLUMNS[1] = { X };

static lun_status fit(lun_env *env, lun_finegray *out, const double *start, int every)
{
  lun_surv s;
  lun_surv_data data = { N, TIME, start, STATUS };
  lun_status st = lun_surv_init(env, &s, &data, NULL);
  lun_finegray_input in = { .s = &s, .cause = 1, .p = 1, .x = COLUMNS };
  if (start) in.method = LUN_FINEGRAY_SURVIVAL;
  if (every) in.strata = in.group = in.cluster = PAIR, in.stratas = in.groups = in.clusters = 2;
  if (st == LUN_OK)
    st = lun_finegray_fit(env, out, &in, &(lun_finegray_options){ .robust = start != NULL });
  lun_surv_fini(&s);
  return st;
}

/* By hand: G is 1 up to time 2 and 4/5 after (5 at risk, those with the event among them). At
 * time 2 all six are in the risk set, at 3 the first with 4/5 and three others, at 5 with 4/5 G at
 * 4: 4/5 1/2 and the last. */
static void by_hand(void **state)
{
  (void)state;
  lun_env env;
  lun_finegray f;
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(fit(&env, &f, NULL, 0), LUN_OK);
  assert_int_equal(f.m, 3);
  assert_int_equal(f.competing, 1);
  ASSERT_NEAR(-log(6) - log(3.8) - log(1.4), f.loglik_null, 1e-14);
  ASSERT_NEAR(0.8, f.prob[2], 1e-15);
  ASSERT_NEAR(0.4, f.prob[4], 1e-15);
  double r = exp(f.coef[0]); /* the score: events at 2 and 5 have x 0, that at 3 has x 1 */
  double score = 1 - 3 * r / (3 * r + 3) - 2.8 * r / (2.8 * r + 1) - 0.4 * r / (0.4 * r + 1);
  assert_true(fabs(score) < 1e-12);
  double h = 0;
  for (size_t i = 0; i < N; i++) h += f.influence[i] * f.influence[i];
  ASSERT_NEAR(h, f.vcov[0], 1e-14);
  lun_finegray_fini(&f);
  lun_env_fini(&env);
}

static lun_status starved(lun_env *env)
{
  lun_finegray f;
  lun_status st = fit(env, &f, START, 1);
  if (st == LUN_OK) lun_finegray_fini(&f);
  return st == LUN_OK ? fit(env, &f, NULL, 1) == LUN_OK ? lun_finegray_fini(&f), LUN_OK
                                                       : LUN_ENOMEM
                      : st;
}

static void out_of_memory(void **state)
{
  (void)state;
  assert_true(starve(starved) > 3);
}

static void refused(void **state)
{
  (void)state;
  lun_env env;
  lun_surv s;
  lun_finegray f;
  lun_env_init(&env, NULL, NULL);
  lun_surv_data data = { N, TIME, START, STATUS };
  assert_int_equal(lun_surv_init(&env, &s, &data, NULL), LUN_OK);
  lun_finegray_input in = { .s = &s, .cause = 1, .p = 1, .x = COLUMNS };
  assert_int_equal(lun_finegray_fit(&env, &f, &in, &(lun_finegray_options){ 0 }), LUN_EINVAL);
  assert_non_null(strstr(env.msg, "delayed entry"));
  in.method = LUN_FINEGRAY_SURVIVAL;
  in.cause = 3;
  assert_int_equal(lun_finegray_fit(&env, &f, &in, &(lun_finegray_options){ .robust = 1 }),
                   LUN_EDATA);
  assert_non_null(strstr(env.msg, "none of the 6 rows"));
  lun_surv_fini(&s);
  assert_int_equal(env.blocks, 0);
  lun_env_fini(&env);
}

int main(void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test(by_hand), cmocka_unit_test(out_of_memory),
                                      cmocka_unit_test(refused) };
  cmocka_set_message_output(CM_OUTPUT_TAP);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
