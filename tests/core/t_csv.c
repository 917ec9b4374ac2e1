/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/csv.h"
#include "io/utf8.h"

static const char *file_of(const char *text)
{
  static char path[64];
  strcpy(path, "/tmp/lunation-csv-XXXXXX");
  int fd = mkstemp(path);
  assert_int_equal(write(fd, text, strlen(text)), strlen(text));
  close(fd);
  return path;
}

static lun_status read_text(lun_env *env, lun_csv *csv, const char *text,
                            const lun_csv_options *opt)
{
  const char *path = file_of(text);
  lun_status st = lun_csv_read(env, csv, path, opt);
  unlink(path);
  return st;
}

static void types(void **unused)
{
  (void)unused;
  static const char text[] =
      "a,b,c,d,e\n1.5,x,2021-03-04,7,\n-.25,\"y, z\",,NA,\n1e3,x, 1999-12-31 ,-8,\n";
  lun_env env;
  lun_csv csv;
  lun_csv_column d = {
    .name = "n", .from = "d", .typed = 1, .type = LUN_INTEGER, .min = NAN, .max = NAN
  };
  lun_csv_options opt = { .columns = &d, .ncol = 1 };
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(read_text(&env, &csv, text, &opt), LUN_OK);
  assert_int_equal(csv.nrow, 3);
  assert_int_equal(csv.ncol, 5);
  assert_true(csv.cols[0]->v.number[0] == 1.5 && csv.cols[0]->v.number[1] == -0.25 &&
              csv.cols[0]->v.number[2] == 1000);
  assert_int_equal(csv.cols[1]->type, LUN_FACTOR);
  assert_string_equal(lun_col_str(csv.cols[1], 1), "y, z");
  assert_int_equal(csv.cols[2]->type, LUN_DATE);
  assert_int_equal(csv.cols[2]->v.code[0], lun_date_days(2021, 3, 4));
  assert_int_equal(csv.cols[2]->v.code[1], LUN_INT_MISSING);
  assert_int_equal(csv.cols[3]->type, LUN_INTEGER);
  assert_string_equal(csv.names[3], "n");
  assert_int_equal(csv.cols[3]->v.code[2], -8);
  assert_int_equal(csv.cols[3]->v.code[1], LUN_INT_MISSING);
  assert_true(isnan(csv.cols[4]->v.number[0]));
  lun_csv_fini(&csv);
  assert_int_equal(env.blocks, 0);
}

/* A guess is made of the first rows; when it does not hold the column is read once more. */
static void guesses(void **unused)
{
  (void)unused;
  char text[4000] = "late_text,late_date,late_word\n";
  for (int i = 0; i < 30; i++) strcat(text, "1,,\n");
  strcat(text, "x,2020-01-01,word\n2,2020-01-02,other\n");
  lun_env env;
  lun_csv csv;
  lun_csv_options opt = { 0 };
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(read_text(&env, &csv, text, &opt), LUN_OK);
  assert_int_equal(csv.cols[0]->type, LUN_FACTOR);
  assert_string_equal(lun_col_str(csv.cols[0], 0), "1");
  assert_int_equal(csv.cols[1]->type, LUN_DATE);
  assert_int_equal(csv.cols[2]->type, LUN_FACTOR);
  assert_int_equal(csv.nnotes, 1);
  assert_non_null(strstr(csv.notes[0], "line 32 holds \"x\""));
  lun_csv_fini(&csv);
}

static void complaints(void **unused)
{
  (void)unused;
  static const char text[] = "id,x,g\np1,1,a\np2,\"2\n\",b\np3,oops,c\np4,400,a\np1,5,a\n";
  static const char *const levels[] = { "a", "b" };
  lun_csv_column d[] = {
    { .name = "x", .typed = 1, .type = LUN_NUMBER, .min = 0, .max = 100 },
    { .name = "g", .levels = { levels, 2 }, .min = NAN, .max = NAN },
  };
  lun_csv_options opt = { .columns = d, .ncol = 2, .key = "id", .unique = 1 };
  lun_env env;
  lun_csv csv;
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(read_text(&env, &csv, text, &opt), LUN_EDATA);
  const lun_complaints *c = &csv.complaints;
  assert_int_equal(c->n, 5);
  static const struct {
    size_t line, field;
    const char *code;
  } expected[] = { { 3, 2, "data.number" },
                   { 5, 2, "data.number" },
                   { 5, 3, "data.level" },
                   { 6, 2, "data.range" },
                   { 7, 1, "data.duplicate-id" } };
  for (size_t i = 0; i < 5; i++) {
    assert_int_equal(c->item[i].line, expected[i].line);
    assert_int_equal(c->item[i].field, expected[i].field);
    assert_string_equal(c->item[i].code, expected[i].code);
    assert_null(strstr(c->item[i].message, "p1"));
  }
  assert_non_null(strstr(c->item[0].message, "\\x0a")); /* control bytes are escaped */
  lun_csv_fini(&csv);
  assert_int_equal(env.blocks, 0);
}

static void missing_and_values(void **unused)
{
  (void)unused;
  static const char text[] = "x;sex\n1,5;1\nND;0\n-9;1\n;9\n";
  static const char *const file_codes[] = { "ND" }, *const codes[] = { "-9" },
                           *const nine[] = { "9" };
  static const char *const from[] = { "1", "0" }, *const to[] = { "male", "female" };
  lun_csv_column d[] = {
    { .name = "x",
      .typed = 1,
      .type = LUN_NUMBER,
      .decimal = ',',
      .missing = { codes, 1 },
      .min = NAN,
      .max = NAN },
    { .name = "sex",
      .missing = { nine, 1 },
      .values = { from, 2 },
      .means = { to, 2 },
      .min = NAN,
      .max = NAN },
  };
  lun_csv_options opt = { .separator = ';', .missing = { file_codes, 1 }, .columns = d, .ncol = 2 };
  lun_env env;
  lun_csv csv;
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(read_text(&env, &csv, text, &opt), LUN_OK);
  assert_true(csv.cols[0]->v.number[0] == 1.5);
  for (int i = 1; i < 4; i++) assert_true(isnan(csv.cols[0]->v.number[i]));
  assert_string_equal(lun_col_str(csv.cols[1], 0), "male");
  assert_string_equal(lun_col_str(csv.cols[1], 1), "female");
  assert_null(lun_col_str(csv.cols[1], 3));
  lun_csv_fini(&csv);
}

/* 60 bad cells: 50 are kept, and reading ends. */
static void many(void **unused)
{
  (void)unused;
  char text[2000] = "x\n";
  for (int i = 0; i < 60; i++) strcat(text, "bad\n");
  lun_csv_column d = { .name = "x", .typed = 1, .type = LUN_NUMBER, .min = NAN, .max = NAN };
  lun_csv_options opt = { .columns = &d, .ncol = 1 };
  lun_env env;
  lun_csv csv;
  lun_env_init(&env, NULL, NULL);
  assert_int_equal(read_text(&env, &csv, text, &opt), LUN_EDATA);
  assert_int_equal(csv.complaints.n, 50);
  lun_csv_fini(&csv);
}

static void cells(void **unused)
{
  (void)unused;
  static const struct {
    const char *text, *cell;
  } known[] = {
    { "plain", "plain" },
    { "a,b", "\"a,b\"" },
    { "say \"hi\"", "\"say \"\"hi\"\"\"" },
    { "=1+1", "'=1+1" },
    { "@SUM(1+1)", "'@SUM(1+1)" },
    { "-0.198", "-0.198" },
    { "+5", "+5" },
    { "-x", "'-x" },
    { "\tx", "\"'\tx\"" },
    { "=A1,B", "\"'=A1,B\"" },
    { "", "" },
    { "a\nb", "\"a\nb\"" },
  };
  lun_env env;
  lun_env_init(&env, NULL, NULL);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    lun_str s;
    lun_str_init(&s, &env);
    lun_csv_cell(&s, known[i].text, strlen(known[i].text));
    assert_string_equal(s.data ? s.data : "", known[i].cell);
    lun_str_fini(&s);
  }
}

static void shown(void **unused)
{
  (void)unused;
  char buf[16];
  lun_utf8_show(buf, sizeof buf, "a\x1b[2J", 5);
  assert_string_equal(buf, "a\\x1b[2J");
  lun_utf8_show(buf, sizeof buf, "\xFF", 1);
  assert_string_equal(buf, "\\xff");
  lun_utf8_show(buf, sizeof buf, "123456789012345", 15);
  assert_string_equal(buf, "123456789012345");
  lun_utf8_show(buf, sizeof buf, "1234567890123456", 16);
  assert_string_equal(buf, "123456789012...");
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
  static const char text[] = "id,x,g,d\np1,1,a,2020-01-01\np2,2,\"b\"\"\",2020-01-02\nP1,x,a,\n";
  lun_csv_options opt = { .key = "id", .unique = 1 };
  for (int allowed = 0;; allowed++) {
    int left = allowed;
    lun_env env;
    lun_csv csv;
    lun_env_init(&env, refuse, &left);
    lun_status st = read_text(&env, &csv, text, &opt);
    lun_csv_fini(&csv);
    assert_int_equal(env.blocks, 0);
    if (st == LUN_OK) {
      assert_true(allowed > 10);
      return;
    }
    assert_int_equal(st, LUN_ENOMEM);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(types),      cmocka_unit_test(guesses),
    cmocka_unit_test(complaints), cmocka_unit_test(missing_and_values),
    cmocka_unit_test(many),       cmocka_unit_test(cells),
    cmocka_unit_test(shown),      cmocka_unit_test(out_of_memory),
  };
  return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
