/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "data/date.h"

static int parse(const char *text, lun_date_format format, int32_t *out)
{
  return lun_date_parse(text, strlen(text), format, out);
}

static void check(const char *text, lun_date_format format, const char *iso)
{
  int32_t days;
  char buf[LUN_DATE_MAX];
  assert_true(parse(text, format, &days));
  assert_int_equal(lun_date_iso(buf, days), 10);
  assert_string_equal(buf, iso);
}

static void refuse(const char *text, lun_date_format format)
{
  int32_t days;
  assert_false(parse(text, format, &days));
}

/* Every day of years 1 to 9999, counted by the calendar's rule instead of by formula. */
static void test_every_day(void **state)
{
  (void)state;
  static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  int32_t day = -719162; /* 0001-01-01, as R's as.integer(as.Date("0001-01-01")) */
  for (int y = 1; y <= 9999; y++) {
    int leap = y % 400 == 0 || (y % 4 == 0 && y % 100 != 0);
    for (int m = 1; m <= 12; m++) {
      for (int d = 1; d <= length[m - 1] + (leap && m == 2); d++, day++) {
        int yy, mm, dd;
        lun_date_civil(day, &yy, &mm, &dd);
        if (lun_date_days(y, m, d) != day || yy != y || mm != m || dd != d)
          fail_msg("%04d-%02d-%02d is not day %d", y, m, d, day);
      }
    }
  }
  assert_int_equal(day, 2932897); /* 10000-01-01 */
}

static void test_formats(void **state)
{
  (void)state;
  check("2024-02-29", LUN_DATE_ISO, "2024-02-29");
  check("0001-01-01", LUN_DATE_ISO, "0001-01-01");
  check("05/03/2021", LUN_DATE_DMY, "2021-03-05");
  check("5/3/2021", LUN_DATE_DMY, "2021-03-05");
  check("05/03/2021", LUN_DATE_MDY, "2021-05-03");
  check("2021/3/05", LUN_DATE_YMD, "2021-03-05");
  check("20210305", LUN_DATE_COMPACT, "2021-03-05");
  check("31.12.1999", LUN_DATE_DOTS, "1999-12-31");
}

static void test_refused(void **state)
{
  (void)state;
  refuse("2021-02-29", LUN_DATE_ISO);
  refuse("1900-02-29", LUN_DATE_ISO);
  refuse("2021-13-01", LUN_DATE_ISO);
  refuse("2021-00-01", LUN_DATE_ISO);
  refuse("2021-04-31", LUN_DATE_ISO);
  refuse("0000-01-01", LUN_DATE_ISO);
  refuse("2021-1-05", LUN_DATE_ISO);
  refuse("2021-01-05 ", LUN_DATE_ISO);
  refuse("2021-01", LUN_DATE_ISO);
  refuse("", LUN_DATE_ISO);
  refuse("13/13/2021", LUN_DATE_DMY);
  refuse("05/03/21", LUN_DATE_DMY);
  refuse("2021030", LUN_DATE_COMPACT);
  refuse("202103055", LUN_DATE_COMPACT);
}

/* Serials as Excel shows them: 44197 is 2021-01-01 in the 1900 system, 42735 in the 1904 system. */
static void test_excel(void **state)
{
  (void)state;
  check("44197", LUN_DATE_EXCEL_1900, "2021-01-01");
  check("1", LUN_DATE_EXCEL_1900, "1900-01-01");
  check("59", LUN_DATE_EXCEL_1900, "1900-02-28");
  check("61", LUN_DATE_EXCEL_1900, "1900-03-01");
  check("2958465", LUN_DATE_EXCEL_1900, "9999-12-31");
  refuse("60", LUN_DATE_EXCEL_1900);
  refuse("0", LUN_DATE_EXCEL_1900);
  refuse("44197.5", LUN_DATE_EXCEL_1900);
  refuse("2958466", LUN_DATE_EXCEL_1900);
  check("42735", LUN_DATE_EXCEL_1904, "2021-01-01");
  check("0", LUN_DATE_EXCEL_1904, "1904-01-01");
}

static int32_t months(const char *from, const char *to)
{
  int32_t a, b;
  assert_true(parse(from, LUN_DATE_ISO, &a) && parse(to, LUN_DATE_ISO, &b));
  return lun_date_months(a, b);
}

static void test_months(void **state)
{
  (void)state;
  assert_int_equal(months("2024-01-15", "2024-02-15"), 1);
  assert_int_equal(months("2024-01-15", "2024-02-14"), 0);
  assert_int_equal(months("2023-01-31", "2023-02-28"), 1);
  assert_int_equal(months("2020-02-29", "2021-02-28"), 12);
  assert_int_equal(months("2024-02-15", "2024-01-15"), -1);
  assert_int_equal(months("2019-12-31", "2024-12-31"), 60);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_day), cmocka_unit_test(test_formats),
    cmocka_unit_test(test_refused),   cmocka_unit_test(test_excel),
    cmocka_unit_test(test_months),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
