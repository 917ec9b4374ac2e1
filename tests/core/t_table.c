/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/factor.h"
#include "data/index.h"
#include "data/stats.h"
#include "data/table.h"
#include "starve.h"

enum { IDS = 5000 };

static lun_status make_ids(lun_env *env, lun_col **out, int step)
{
  static char text[IDS][8];
  static const char *v[IDS];
  for (int i = 0; i < IDS; i++) {
    snprintf(text[i], sizeof text[i], "p%d", i * step % IDS);
    v[i] = text[i];
  }
  return lun_col_text(env, out, v, IDS);
}

/* 7 and 5000 have no common factor: the second column is a permutation of the first. */
static void test_index_finds_every_id(void **state)
{
  (void)state;
  static uint32_t row[IDS];
  lun_env env;
  lun_col *ids = NULL, *shuffled = NULL;
  lun_index index = { 0 };
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(make_ids(&env, &ids, 1), LUN_OK);
  assert_int_equal(make_ids(&env, &shuffled, 7), LUN_OK);
  assert_int_equal(lun_index_init(&env, &index, ids, "id"), LUN_OK);
  assert_int_equal(lun_index_match(&env, &index, shuffled, row), LUN_OK);
  for (int i = 0; i < IDS; i++) assert_int_equal(row[i], i * 7 % IDS);
  assert_int_equal(lun_index_text(&index, "p5000"), LUN_NO_ROW);
  lun_index_fini(&index);
  lun_col_free(ids);
  lun_col_free(shuffled);
  assert_int_equal(env.blocks, 0);
}

static void test_index_of_numbers(void **state)
{
  (void)state;
  const int32_t v[] = { 5, 0, -3 }, twice[] = { 1, 2, 1 };
  lun_env env;
  lun_col *col = NULL, *bad = NULL;
  lun_index index = { 0 };
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(lun_col_coded(&env, &col, LUN_INTEGER, v, 3, NULL), LUN_OK);
  assert_int_equal(lun_index_init(&env, &index, col, "id"), LUN_OK);
  assert_int_equal(lun_index_number(&index, -3), 2);
  assert_int_equal(lun_index_number(&index, -0.0), 1);
  assert_int_equal(lun_index_number(&index, 4), LUN_NO_ROW);
  assert_int_equal(lun_index_number(&index, NAN), LUN_NO_ROW);
  lun_index_fini(&index);
  assert_int_equal(lun_col_coded(&env, &bad, LUN_INTEGER, twice, 3, NULL), LUN_OK);
  assert_int_equal(lun_index_init(&env, &index, bad, "id"), LUN_EDATA);
  assert_non_null(strstr(env.msg, "column \"id\": 1 is in row 1 and in row 3"));
  lun_col_free(col);
  lun_col_free(bad);
  assert_int_equal(env.blocks, 0);
}

static void test_table_keeps_its_columns(void **state)
{
  (void)state;
  const double v[] = { 1, 2 };
  static const char *const names[] = { "a", "b" };
  const size_t rows[] = { 1, 1, 0 };
  lun_env env;
  lun_col *cols[2] = { NULL };
  lun_table *t = NULL, *part = NULL, *again = NULL;
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(lun_col_number(&env, &cols[0], v, 2), LUN_OK);
  assert_int_equal(lun_col_view(&env, &cols[1], v, 2), LUN_OK);
  assert_int_equal(lun_table_new(&env, &t, names, cols, 2, 2), LUN_OK);
  assert_ptr_equal(t->cols[0], cols[0]);
  assert_ptr_not_equal(t->cols[1], cols[1]); /* a view is copied */
  assert_int_equal(lun_table_gather(&env, &part, t, rows, 3), LUN_OK);
  assert_int_equal(lun_table_with(&env, &again, t, "b", cols[0]), LUN_OK);
  assert_ptr_equal(again->cols[1], cols[0]);
  assert_null(lun_table_col(&env, t, "c"));
  lun_col_free(cols[0]);
  lun_col_free(cols[1]);
  lun_table_free(t);
  assert_true(part->cols[1]->v.number[0] == 2 && part->cols[1]->v.number[2] == 1);
  lun_table_free(part);
  lun_table_free(again);
  assert_int_equal(env.blocks, 0);
}

/* A text column to factor, crossed, cut, indexed, bound. */
static lun_status everything(lun_env *env)
{
  static const char *const v[] = { "a", "b", NULL, "a" }, *const names[] = { "g", "x" };
  const double x[] = { 1, 2, 3, 4 }, breaks[] = { 0, 2, 5 }, half = 0.5;
  const size_t rows[] = { 0, 3 };
  double median;
  lun_stats stats;
  lun_cut cut = { .breaks = breaks, .n = 3 };
  lun_col *text = NULL, *cols[2] = { NULL }, *pieces[2] = { NULL }, *cross = NULL;
  lun_table *t = NULL, *part = NULL, *bound = NULL, *both[2];
  lun_index index = { 0 };
  lun_status st = lun_col_text(env, &text, v, 4);
  if (st == LUN_OK) st = lun_factor_of(env, &cols[0], text);
  if (st == LUN_OK) st = lun_col_number(env, &cols[1], x, 4);
  if (st == LUN_OK) st = lun_factor_cut(env, &pieces[0], cols[1], &cut);
  if (st == LUN_OK) st = lun_factor_relevel(env, &pieces[1], cols[0], "b");
  if (st == LUN_OK) st = lun_factor_cross(env, &cross, pieces, 2);
  if (st == LUN_OK) assert_int_equal(cross->levels->n, 3);
  if (st == LUN_OK) st = lun_stats_of(env, &stats, cols[1]);
  if (st == LUN_OK) st = lun_stats_quantiles(env, &median, cols[1], &half, 1);
  if (st == LUN_OK) assert_true(median == 2.5 && stats.mean == 2.5);
  if (st == LUN_OK) st = lun_table_new(env, &t, names, cols, 2, 4);
  if (st == LUN_OK) st = lun_table_gather(env, &part, t, rows, 2);
  both[0] = t;
  both[1] = part;
  if (st == LUN_OK) st = lun_table_bind(env, &bound, both, 2);
  if (st == LUN_OK) assert_int_equal(bound->nrow, 6);
  if (st == LUN_OK) st = lun_index_init(env, &index, cols[1], "x");
  lun_index_fini(&index);
  lun_table_free(t);
  lun_table_free(part);
  lun_table_free(bound);
  lun_col_free(text);
  lun_col_free(cross);
  for (int i = 0; i < 2; i++) {
    lun_col_free(cols[i]);
    lun_col_free(pieces[i]);
  }
  return st;
}

static void test_out_of_memory(void **state)
{
  (void)state;
  assert_true(starve(everything) > 20);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_index_finds_every_id),
    cmocka_unit_test(test_index_of_numbers),
    cmocka_unit_test(test_table_keeps_its_columns),
    cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
