/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * date: calendar dates as days since 1970-01-01 in the proleptic Gregorian calendar, years 1 to
 * 9999. No time zone, no time of day, no libc calendar: the arithmetic is H. Hinnant, "chrono-
 * compatible low-level date algorithms" (2013), days_from_civil and civil_from_days.
 */
#ifndef LUN_DATE_H
#define LUN_DATE_H

#include <stddef.h>
#include <stdint.h>

/* One month and one year in days wherever a duration is converted: 365.25 days are a year. */
#define LUN_DAYS_PER_MONTH 30.4375
#define LUN_DAYS_PER_YEAR 365.25

enum { LUN_DATE_MAX = 16 }; /* room for an ISO date, terminator included */

typedef enum lun_date_format {
  LUN_DATE_ISO,        /* YYYY-MM-DD: exactly these ten characters */
  LUN_DATE_DMY,        /* DD/MM/YYYY: one or two digits for day and month */
  LUN_DATE_MDY,        /* MM/DD/YYYY: the same */
  LUN_DATE_YMD,        /* YYYY/MM/DD: the same */
  LUN_DATE_COMPACT,    /* YYYYMMDD: exactly eight digits */
  LUN_DATE_DOTS,       /* DD.MM.YYYY: one or two digits for day and month */
  LUN_DATE_EXCEL_1900, /* day number, 1 = 1900-01-01; 60 (the leap day that never was) is refused */
  LUN_DATE_EXCEL_1904  /* day number, 0 = 1904-01-01 */
} lun_date_format;

/* NULL-terminated names as recipes declare them, in the order of lun_date_format. */
extern const char *const LUN_DATE_FORMATS[];

int lun_date_valid(int year, int month, int day);
int32_t lun_date_days(int year, int month, int day); /* of a valid date */
void lun_date_civil(int32_t days, int *year, int *month, int *day);

/* Whether days lie in years 1 to 9999. */
int lun_date_in_range(double days);

/* 1 and *out on success; 0 when text[0..n) is not a date that exists in this format. */
int lun_date_parse(const char *text, size_t n, lun_date_format format, int32_t *out);

/* Writes YYYY-MM-DD and a terminator; returns the length. buf has LUN_DATE_MAX bytes. */
size_t lun_date_iso(char *buf, int32_t days);

/* Completed calendar months from one date to another, negative when to is earlier: 15 Jan to
 * 15 Feb is 1, to 14 Feb is 0. The last day of a month completes the month: 31 Jan to 28 Feb is 1.
 */
int32_t lun_date_months(int32_t from, int32_t to);

#endif
