/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of onco/ that work on plain arrays: best response (RECIST 1.1, Table 3; Eisenhauer
 * 2009), timelines (FDA 2007, Table A), liver scores. Lesions are tested through Lua, t_recist.lua.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>

#include "data/col.h"
#include "onco/best.h"
#include "onco/liver.h"
#include "onco/recist.h"
#include "onco/timeline.h"

enum { CR = LUN_RESP_CR, PR = LUN_RESP_PR, SD = LUN_RESP_SD, PD = LUN_RESP_PD, NE = LUN_RESP_NE };

static const lun_best_rule RULE = { .min_sd_days = 42, .confirm_days = 28, .max_ne = 1 };

static void test_table_3(void **state)
{
  static const struct {
    int8_t first, second;
    lun_response early, late;
  } rows[] = {
    { CR, CR, LUN_RESP_CR, LUN_RESP_CR }, { CR, PR, LUN_RESP_PD, LUN_RESP_SD },
    { CR, SD, LUN_RESP_PD, LUN_RESP_SD }, { CR, PD, LUN_RESP_PD, LUN_RESP_SD },
    { CR, NE, LUN_RESP_NE, LUN_RESP_SD }, { PR, CR, LUN_RESP_PR, LUN_RESP_PR },
    { PR, PR, LUN_RESP_PR, LUN_RESP_PR }, { PR, PD, LUN_RESP_PD, LUN_RESP_SD },
    { PR, NE, LUN_RESP_NE, LUN_RESP_SD }, { NE, NE, LUN_RESP_NE, LUN_RESP_NE },
    { SD, PD, LUN_RESP_PD, LUN_RESP_SD },
  };
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    int8_t seq[] = { rows[i].first, rows[i].second };
    int32_t early[] = { 28, 84 }, late[] = { 56, 112 };
    assert_int_equal(lun_best_of(early, seq, 2, &RULE).confirmed, rows[i].early);
    assert_int_equal(lun_best_of(late, seq, 2, &RULE).confirmed, rows[i].late);
  }
}

static void test_confirmation(void **state)
{
  int32_t day[] = { 56, 84, 112, 140 };
  int8_t one_ne[] = { PR, NE, PR, PD }, two_ne[] = { PR, NE, NE, PR }, hover[] = { PR, SD, PR, PD };
  lun_best_rule accepts = RULE;
  accepts.accept_sd = 1;
  (void)state;
  assert_int_equal(lun_best_of(day, one_ne, 4, &RULE).confirmed, PR);
  assert_int_equal(lun_best_of(day, one_ne, 4, &RULE).first_confirmed, 0);
  assert_int_equal(lun_best_of(day, two_ne, 4, &RULE).confirmed, SD);
  assert_int_equal(lun_best_of(day, hover, 4, &RULE).confirmed, SD);
  assert_int_equal(lun_best_of(day, hover, 4, &accepts).confirmed, PR);
  assert_int_equal(lun_best_of(day, NULL, 0, &RULE).best, NE);
}

static void test_exact_comparisons(void **state)
{
  (void)state;
  assert_true(lun_recist_shrunk(9800000, 14000000, 30));
  assert_false(lun_recist_shrunk(9800001, 14000000, 30));
  assert_true(lun_recist_progressed(32400000, 27000000, 20, 5));
  assert_false(lun_recist_progressed(32399999, 27000000, 20, 5));
  assert_false(lun_recist_progressed(4 * LUN_MM, 0, 20, 5));
  assert_true(lun_recist_progressed(5 * LUN_MM, 0, 20, 5));
  assert_true(isnan(lun_recist_percent(5 * LUN_MM, 0)));
}

enum { CENSORED, PROGRESSION, DEATH }; /* event rules of the built-in tables */
static int32_t date[LUN_SOURCES];

static lun_course course(int n, const int32_t *day, const int8_t *response)
{
  for (int i = 0; i < LUN_SOURCES; i++) date[i] = LUN_INT_MISSING;
  return (lun_course){ .has_baseline = 1,
                       .n = n,
                       .day = day,
                       .response = response,
                       .start = 0,
                       .date = date,
                       .gap_days = 126,
                       .after_day_counts = 1 };
}

static void expect(const lun_course *c, int endpoint, int32_t day, int event, lun_reason reason)
{
  lun_outcome o = lun_timeline_at(c, &LUN_ENDPOINT_TABLE[endpoint]);
  assert_int_equal(o.date, day);
  assert_int_equal(o.event, event);
  assert_int_equal(o.reason, reason);
}

static void test_gap(void **state)
{
  int32_t day[] = { 56 };
  int8_t sd[] = { SD };
  lun_course c = course(1, day, sd);
  (void)state;
  date[LUN_SOURCE_DEATH] = 56 + 126;
  expect(&c, LUN_PFS_FDA, 182, DEATH, LUN_REASON_DEATH);
  date[LUN_SOURCE_DEATH] = 56 + 127;
  expect(&c, LUN_PFS_FDA, 56, CENSORED, LUN_REASON_MISSED);
  expect(&c, LUN_PFS_EMA, 183, DEATH, LUN_REASON_DEATH);
  expect(&c, LUN_TTP_FDA, 56, CENSORED, LUN_REASON_LAST_ASSESSMENT);
}

static void test_therapy(void **state)
{
  int32_t day[] = { 56, 112 };
  int8_t seq[] = { SD, PD };
  lun_course c = course(2, day, seq);
  (void)state;
  date[LUN_SOURCE_PROGRESSION] = 112;
  date[LUN_SOURCE_THERAPY] = 80;
  expect(&c, LUN_PFS_FDA, 56, CENSORED, LUN_REASON_NEW_THERAPY);
  expect(&c, LUN_PFS_EMA, 112, PROGRESSION, LUN_REASON_PROGRESSION);
  date[LUN_SOURCE_THERAPY] = 112;
  expect(&c, LUN_PFS_FDA, 112, PROGRESSION, LUN_REASON_PROGRESSION);
  c.after_day_counts = 0;
  expect(&c, LUN_PFS_FDA, 56, CENSORED, LUN_REASON_NEW_THERAPY);
}

static void test_without(void **state)
{
  lun_course c = course(0, NULL, NULL);
  (void)state;
  expect(&c, LUN_PFS_FDA, 0, CENSORED, LUN_REASON_NO_POST_BASELINE);
  c.has_baseline = 0;
  date[LUN_SOURCE_DEATH] = 60;
  expect(&c, LUN_PFS_FDA, 0, CENSORED, LUN_REASON_NO_BASELINE);
  expect(&c, LUN_PFS_EMA, 60, DEATH, LUN_REASON_DEATH);
  c.start = LUN_INT_MISSING;
  expect(&c, LUN_PFS_EMA, LUN_INT_MISSING, CENSORED, LUN_REASON_NO_BASELINE);
}

/* A table of one's own: censored at the therapy itself, and death counted before progression of the
 * same day. */
static void test_own_rules(void **state)
{
  static const lun_event_rule events[] = { { LUN_SOURCE_DEATH, LUN_REASON_DEATH },
                                           { LUN_SOURCE_PROGRESSION, LUN_REASON_PROGRESSION } };
  static const lun_censor_rule censor[] = {
    { LUN_WHEN_AFTER | LUN_WHEN_NO_EVENT, LUN_SOURCE_THERAPY, LUN_SOURCE_THERAPY,
      LUN_REASON_NEW_THERAPY, LUN_REASON_NEW_THERAPY },
  };
  const lun_endpoint_rule rule = { "own", events, censor, 2, 1 };
  lun_course c = course(0, NULL, NULL);
  (void)state;
  assert_int_equal(lun_timeline_at(&c, &rule).date, LUN_INT_MISSING);
  assert_int_equal(lun_timeline_at(&c, &rule).rule, 0);
  date[LUN_SOURCE_THERAPY] = 30;
  assert_int_equal(lun_timeline_at(&c, &rule).date, 30);
  assert_int_equal(lun_timeline_at(&c, &rule).rule, 1);
  date[LUN_SOURCE_DEATH] = date[LUN_SOURCE_PROGRESSION] = 40;
  assert_int_equal(lun_timeline_at(&c, &rule).event, 1); /* both conditions must hold */
  date[LUN_SOURCE_DEATH] = 41;
  assert_int_equal(lun_timeline_at(&c, &rule).event, 2);
}

static void test_liver(void **state)
{
  lun_child_pugh_input in = { 2.0, 3.6, 1.2, 0, 0 };
  lun_bclc_input stage = { .nodules = 3, .largest_mm = 30 };
  (void)state;
  assert_int_equal(lun_liver_child_pugh(&in), 6);
  in.inr = NAN;
  assert_int_equal(lun_liver_child_pugh(&in), -1);
  assert_float_equal(lun_liver_albi(17.1, 40), -2.5862, 5e-5); /* the vector of open.json */
  assert_int_equal(lun_liver_albi_grade(-2.60), 1);
  assert_int_equal(lun_liver_malbi_grade(-2.27), 2);
  assert_int_equal(lun_liver_bclc(&stage), 'A');
  stage.ecog = -1;
  assert_int_equal(lun_liver_bclc(&stage), '?');
  stage.end_stage = 1;
  assert_int_equal(lun_liver_bclc(&stage), 'D');
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_table_3),
    cmocka_unit_test(test_confirmation),
    cmocka_unit_test(test_exact_comparisons),
    cmocka_unit_test(test_gap),
    cmocka_unit_test(test_therapy),
    cmocka_unit_test(test_without),
    cmocka_unit_test(test_own_rules),
    cmocka_unit_test(test_liver),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
