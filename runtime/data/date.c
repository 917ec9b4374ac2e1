/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/date.h"

#include "base/num.h"

enum { ERA_DAYS = 146097, EPOCH = 719468 }; /* 400 years; 0000-03-01 to 1970-01-01 */
enum { EXCEL_1900_EPOCH = 25569, EXCEL_1904_EPOCH = 24107, EXCEL_FALSE_LEAP_DAY = 60 };

const char *const LUN_DATE_FORMATS[] = { "YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY",
                                         "YYYY/MM/DD", "YYYYMMDD",   "DD.MM.YYYY",
                                         "excel-1900", "excel-1904", NULL };

/* Order and widths of the fields of each calendar format; '\0' means no separator. */
typedef struct layout {
  char order[4];
  char separator;
  int fixed; /* days and months have exactly two digits */
} layout;

static const layout LAYOUTS[] = {
  [LUN_DATE_ISO] = { "ymd", '-', 1 },      [LUN_DATE_DMY] = { "dmy", '/', 0 },
  [LUN_DATE_MDY] = { "mdy", '/', 0 },      [LUN_DATE_YMD] = { "ymd", '/', 0 },
  [LUN_DATE_COMPACT] = { "ymd", '\0', 1 }, [LUN_DATE_DOTS] = { "dmy", '.', 0 },
};

static int is_leap(int year)
{
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
  static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

int lun_date_valid(int year, int month, int day)
{
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
         day <= days_in_month(year, month);
}

int32_t lun_date_days(int year, int month, int day)
{
  int y = month <= 2 ? year - 1 : year; /* years begin in March, so that leap days come last */
  int era = (y >= 0 ? y : y - 399) / 400;
  int year_of_era = y - era * 400;
  int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * ERA_DAYS + day_of_era - EPOCH;
}

void lun_date_civil(int32_t days, int *year, int *month, int *day)
{
  int64_t z = (int64_t)days + EPOCH;
  int era = (int)((z >= 0 ? z : z - (ERA_DAYS - 1)) / ERA_DAYS);
  int doe = (int)(z - (int64_t)era * ERA_DAYS);
  int yoe = (doe - doe / 1460 + doe / 36524 - doe / (ERA_DAYS - 1)) / 365;
  int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  int shifted = (5 * doy + 2) / 153;
  *day = doy - (153 * shifted + 2) / 5 + 1;
  *month = shifted < 10 ? shifted + 3 : shifted - 9;
  *year = yoe + era * 400 + (*month <= 2);
}

int lun_date_in_range(double days)
{
  return days >= lun_date_days(1, 1, 1) && days <= lun_date_days(9999, 12, 31);
}

/* Reads from least to most digits at *at; -1 when there are fewer. */
static int digits(const char **at, const char *end, int least, int most)
{
  int v = 0, n = 0;
  while (n < most && *at < end && **at >= '0' && **at <= '9') {
    v = v * 10 + (*(*at)++ - '0');
    n++;
  }
  return n < least ? -1 : v;
}

static int parse_calendar(const char *text, size_t n, const layout *form, int32_t *out)
{
  const char *at = text, *end = text + n;
  int year = 0, month = 0, day = 0;
  for (int i = 0; i < 3; i++) {
    if (i > 0 && form->separator && (at == end || *at++ != form->separator)) return 0;
    switch (form->order[i]) {
    case 'y': year = digits(&at, end, 4, 4); break;
    case 'm': month = digits(&at, end, form->fixed ? 2 : 1, 2); break;
    default: day = digits(&at, end, form->fixed ? 2 : 1, 2);
    }
  }
  if (at != end || !lun_date_valid(year, month, day)) return 0;
  *out = lun_date_days(year, month, day);
  return 1;
}

static int parse_serial(const char *text, size_t n, lun_date_format format, int32_t *out)
{
  double v;
  if (!lun_num_parse(text, n, '.', &v) || v < 0 || v > 2958465 || v != (double)(int32_t)v) return 0;
  if (format == LUN_DATE_EXCEL_1904) {
    v -= EXCEL_1904_EPOCH;
  } else {
    if (v < 1 || v == EXCEL_FALSE_LEAP_DAY) return 0;
    v -= v < EXCEL_FALSE_LEAP_DAY ? EXCEL_1900_EPOCH - 1 : EXCEL_1900_EPOCH;
  }
  *out = (int32_t)v;
  return lun_date_in_range(v);
}

int lun_date_parse(const char *text, size_t n, lun_date_format format, int32_t *out)
{
  if (format >= LUN_DATE_EXCEL_1900) return parse_serial(text, n, format, out);
  return parse_calendar(text, n, &LAYOUTS[format], out);
}

static char *put(char *at, int v, int width)
{
  for (int i = width; i-- > 0; v /= 10) at[i] = (char)('0' + v % 10);
  return at + width;
}

size_t lun_date_iso(char *buf, int32_t days)
{
  int year, month, day;
  lun_date_civil(days, &year, &month, &day);
  char *at = put(buf, year, 4);
  *at++ = '-';
  at = put(at, month, 2);
  *at++ = '-';
  at = put(at, day, 2);
  *at = '\0';
  return (size_t)(at - buf);
}

int32_t lun_date_months(int32_t from, int32_t to)
{
  int fy, fm, fd, ty, tm, td;
  if (to < from) return -lun_date_months(to, from);
  lun_date_civil(from, &fy, &fm, &fd);
  lun_date_civil(to, &ty, &tm, &td);
  int completed = td >= fd || td == days_in_month(ty, tm);
  return (ty - fy) * 12 + (tm - fm) - !completed;
}
