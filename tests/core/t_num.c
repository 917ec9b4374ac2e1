/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The C library is the oracle here, in the C locale; LUNATION_FUZZ=N asks for N random numbers.
 */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/big.h"
#include "base/num.h"
#include "base/pow10.h"

static uint64_t state = 88172645463325252ULL;
static long cases = 100000;

static uint64_t next(void)
{
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state * 0x2545F4914F6CDD1DULL;
}

/* Random bit patterns, short decimals, integers, neighbours of powers of two and ten, halves. */
static double draw(void)
{
  double v;
  uint64_t bits = next();
  switch (bits % 8) {
  case 0: return (double)(int64_t)(next() % 2000001 - 1000000) / 1000;
  case 1: return (double)(next() % 100000) / 8;
  case 2: return (double)(next() >> next() % 64) * 0.5;
  case 3: return nextafter(ldexp(1, (int)(next() % 2098) - 1074), next() % 3 ? 1e308 : 0);
  case 4: return nextafter(pow(10, (int)(next() % 617) - 308), next() % 3 ? 1e308 : 0);
  case 5: return ldexp((double)(next() >> 11), (int)(next() % 120) - 100);
  default: memcpy(&v, &bits, sizeof v); return isfinite(v) ? v : 0.1;
  }
}

static void check_shortest(double v)
{
  char ours[LUN_NUM_MAX], theirs[64];
  size_t n = lun_num_shortest(ours, v);
  assert_int_equal(n, strlen(ours));
  if (strtod(ours, NULL) != v) fail_msg("%.17g printed as %s", v, ours);
  if (v == floor(v) && fabs(v) <= 9007199254740992.0) {
    snprintf(theirs, sizeof theirs, "%.0f", v == 0 ? 0 : v);
    assert_string_equal(ours, theirs);
    return;
  }
  int digits = 1;
  do snprintf(theirs, sizeof theirs, "%.*e", digits - 1, v);
  while (strtod(theirs, NULL) != v && ++digits);
  int count = 0;
  for (char *p = ours; *p && *p != 'e'; p++)
    count += *p >= '0' && *p <= '9' && (count || *p != '0');
  for (char *p = ours + strcspn(ours, "e"); p > ours && strchr("0.", p[-1]) && !strchr(ours, '.');
       p--)
    count -= p[-1] == '0';
  if (count != digits) fail_msg("%.17g printed as %s, but %s is shortest", v, ours, theirs);
}

static void shortest(void **unused)
{
  (void)unused;
  static const struct {
    double v;
    const char *text;
  } known[] = {
    { 0.1, "0.1" },
    { -2.5, "-2.5" },
    { 100, "100" },
    { 0, "0" },
    { -0.0, "0" },
    { 1e-7, "1e-07" },
    { 0.0001, "0.0001" },
    { 1e22, "1e+22" },
    { 9007199254740992, "9007199254740992" },
    { 5e-324, "5e-324" },
    { 1.7976931348623157e308, "1.7976931348623157e+308" },
    { 2.2250738585072014e-308, "2.2250738585072014e-308" },
    { 0.30000000000000004, "0.30000000000000004" },
    { INFINITY, "inf" },
    { -INFINITY, "-inf" },
    { NAN, "nan" },
    { 9007199254740994, "9007199254740994" },
    { 1e15 + 0.5, "1000000000000000.5" },
    { 2e-44, "2e-44" },
    { 123456789012345680000.0, "1.2345678901234568e+20" },
  };
  char buf[LUN_NUM_MAX];
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    lun_num_shortest(buf, known[i].v);
    assert_string_equal(buf, known[i].text);
  }
  for (long i = 0; i < cases; i++) check_shortest(draw());
}

/* The closest of the shortest: glibc's rounding to the same number of digits is the closest. */
static void shortest_is_closest(void **unused)
{
  (void)unused;
  for (long i = 0; i < cases; i++) {
    char ours[LUN_NUM_MAX], theirs[64];
    double v = draw();
    lun_num_shortest(ours, v);
    int digits = 1;
    do snprintf(theirs, sizeof theirs, "%.*g", digits, v);
    while (strtod(theirs, NULL) != v && ++digits);
    if (!strchr(theirs, 'e') && !strchr(ours, 'e') && v != 0 && fabs(v) < 1e15) {
      assert_string_equal(ours, theirs);
    }
  }
}

static void fixed(void **unused)
{
  (void)unused;
  char ours[LUN_NUM_MAX], theirs[LUN_NUM_MAX];
  lun_num_fixed(ours, -0.0004, 3);
  assert_string_equal(ours, "0.000");
  lun_num_fixed(ours, 0.125, 2);
  assert_string_equal(ours, "0.12");
  lun_num_fixed(ours, 2.5, 0);
  assert_string_equal(ours, "2");
  lun_num_fixed(ours, 1.005, 2);
  assert_string_equal(ours, "1.00");
  for (long i = 0; i < cases; i++) {
    double v = draw();
    int decimals = (int)(next() % 18);
    snprintf(theirs, sizeof theirs, "%.*f", decimals, v);
    const char *expected = theirs;
    if (theirs[0] == '-' && strspn(theirs + 1, "0.") == strlen(theirs + 1)) expected++;
    size_t n = lun_num_fixed(ours, v, decimals);
    assert_int_equal(n, strlen(ours));
    assert_string_equal(ours, expected);
  }
}

static void digits(void **unused)
{
  (void)unused;
  char ours[LUN_NUM_MAX], theirs[LUN_NUM_MAX];
  for (long i = 0; i < cases; i++) {
    double v = draw();
    int d = (int)(next() % 17) + 1;
    snprintf(theirs, sizeof theirs, "%.*g", d, v);
    size_t n = lun_num_digits(ours, v, d);
    assert_int_equal(n, strlen(ours));
    assert_string_equal(ours, theirs);
  }
}

static void put_row(lun_big *b, const lun_pow10 *row, int next_row)
{
  lun_big_set(b, row->high);
  lun_big_shift(b, 32);
  lun_big_times(b, 1, (uint32_t)(row->low >> 32));
  lun_big_shift(b, 32);
  lun_big_times(b, 1, (uint32_t)row->low);
  if (next_row) lun_big_times(b, 1, 1);
}

/* row 2^e <= 10^k < (row + 1) 2^e, both sides multiplied until they are whole. */
static void powers_of_ten(void **unused)
{
  (void)unused;
  for (int k = LUN_POW10_MIN; k <= LUN_POW10_MAX; k++) {
    lun_big side[2], power;
    int shift = k - lun_pow10_exponent(k);
    lun_big_set(&power, 1);
    if (k > 0) lun_big_times_pow5(&power, (unsigned)k);
    if (shift > 0) lun_big_shift(&power, (unsigned)shift);
    for (int i = 0; i < 2; i++) {
      put_row(&side[i], &LUN_POW10[k - LUN_POW10_MIN], i);
      if (k < 0) lun_big_times_pow5(&side[i], (unsigned)-k);
      if (shift < 0) lun_big_shift(&side[i], (unsigned)-shift);
    }
    int order = lun_big_compare(&side[0], &power);
    assert_true(order <= 0 && lun_big_compare(&power, &side[1]) < 0);
    assert_int_equal(order == 0, k >= 0 && k <= LUN_POW10_EXACT);
    assert_true(LUN_POW10[k - LUN_POW10_MIN].high >> 63);
  }
}

static void integers(void **unused)
{
  (void)unused;
  char ours[LUN_NUM_MAX], theirs[64];
  long long edge[] = { 0, 9, 10, 99, 100, -1, INT64_MAX, INT64_MIN };
  for (long i = 0; i < 1000; i++) {
    long long v = i < 8 ? edge[i] : (long long)(next() >> next() % 64);
    snprintf(theirs, sizeof theirs, "%lld", v);
    assert_int_equal(lun_num_integer(ours, v), strlen(theirs));
    assert_string_equal(ours, theirs);
  }
}

static void check_parse(const char *text)
{
  double ours = -1, theirs = strtod(text, NULL);
  int ok = lun_num_parse(text, strlen(text), '.', &ours);
  if (!isfinite(theirs)) {
    if (ok) fail_msg("%s accepted as %.17g", text, ours);
    return;
  }
  if (!ok || memcmp(&ours, &theirs, sizeof ours) != 0)
    fail_msg("%s read as %.17g, expected %.17g", text, ours, theirs);
}

/* The exact decimal of the point between two doubles, with the last digit moved by -1, 0, 1. */
static void check_tie(double v)
{
  static char text[1600];
  static const char *tails[] = { "", "0000000000000000001", "00000000000000000000000000000000" };
  long double half = ((long double)v + (long double)nextafter(v, INFINITY)) / 2;
  if (!isfinite(v) || fabs(v) < 1e-300 || fabs(v) > 1e300) return;
  int n = snprintf(text, sizeof text, "%.*Le", 1100, half);
  char *e = strchr(text, 'e'), tail[32];
  snprintf(tail, sizeof tail, "%s", e);
  (void)n;
  for (size_t i = 0; i < 3; i++) {
    snprintf(e, sizeof text - (size_t)(e - text), "%s%s", tails[i], tail);
    check_parse(text);
  }
  char *last = e;
  while (last > text && last[-1] == '0') last--;
  if (last[-1] < '1' || last[-1] > '9') return;
  last[-1]--;
  snprintf(last, 64, "9999999999%s", tail);
  check_parse(text);
}

static void parse(void **unused)
{
  (void)unused;
  static const char *known[] = {
    "0",
    "-0",
    "1.",
    ".5",
    "+1.5",
    "1e5",
    "1E+05",
    "1e-5",
    "9007199254740993",
    "1e23",
    "8.5e22",
    "2.2250738585072011e-308",
    "2.2250738585072012e-308",
    "4.9e-324",
    "2.4703282292062327e-324",
    "2.4703282292062328e-324",
    "2.47e-324",
    "1.7976931348623157e308",
    "1.7976931348623158e308",
    "1.7976931348623159e308",
    "1e309",
    "1e400",
    "1e-400",
    "0e999999999999",
    "1e-99999999999999999999",
    "123456789012345678901234567890",
    "0.000000000000000000000000000000000000001",
    "1e-324",
    "3e-324",
    "00000000000000000000000001",
    "0.00000000000000000000000000000000000000000000000000000000001e59",
    "1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775"
    "87",
    "7.2057594037927933e+16",
    "5e-324",
    "6.631236846766476e-316",
    "3.2378839133029012895883524125015321748630e-319",
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) check_parse(known[i]);
  char text[1600];
  for (long i = 0; i < cases; i++) {
    double v = draw();
    snprintf(text, sizeof text, "%.*e", (int)(next() % 24), v);
    check_parse(text);
    snprintf(text, sizeof text, "%.*g", (int)(next() % 40) + 1, v);
    check_parse(text);
    snprintf(text, sizeof text, "%llue%d", (unsigned long long)(next() >> next() % 64),
             (int)(next() % 700) - 350);
    check_parse(text);
    if (i % 50 == 0) check_tie(v);
  }
}

static void refused(void **unused)
{
  (void)unused;
  static const char *bad[] = {
    "",    "+",   "-",        ".",     "e5",           "1e",    "1e+",    "1e-",  "0x1p3", "0x10",
    "inf", "nan", "Infinity", " 1",    "1 ",           "1_0",   "1d2",    "0b11", "1,5",   "1.2.3",
    "--1", "+-1", "5d",       "1e5.0", "\xef\xbc\x91", "1e400", "-1e400", "NA",   "1e2e3", "1\n",
  };
  double v = 7;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    if (lun_num_parse(bad[i], strlen(bad[i]), '.', &v)) fail_msg("%s accepted", bad[i]);
    assert_true(v == 7);
  }
  assert_false(lun_num_parse("1\0", 2, '.', &v));
  assert_true(lun_num_parse("1,5", 3, ',', &v) && v == 1.5);
  assert_false(lun_num_parse("1.5", 3, ',', &v));
  assert_true(lun_num_parse("12.5x", 4, '.', &v) && v == 12.5);
}

/* 900 digits, a point anywhere, and an exponent that brings the value back. */
static void long_mantissas(void **unused)
{
  (void)unused;
  for (int i = 0; i < 2000; i++) {
    char text[1600];
    int n = (int)(next() % 900) + 20, point = (int)(next() % (uint64_t)n);
    for (int k = 0; k < n; k++) text[k] = (char)('0' + (k < 20 || next() % 2 ? next() % 10 : 0));
    text[point] = '.';
    snprintf(text + n, 32, "e%d", (int)(next() % 640) - 320 - point);
    check_parse(text);
  }
}

/* Numbers must not change with the locale; the C library's do. */
static void german_locale(void **unused)
{
  (void)unused;
  char buf[LUN_NUM_MAX];
  double v = 0;
  if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "de_DE.utf8"))
    print_message("# no German locale is installed: checked in the C locale\n");
  lun_num_shortest(buf, 1.5);
  assert_string_equal(buf, "1.5");
  lun_num_fixed(buf, 1.5, 2);
  assert_string_equal(buf, "1.50");
  lun_num_digits(buf, 1.5, 3);
  assert_string_equal(buf, "1.5");
  assert_true(lun_num_parse("1.5", 3, '.', &v) && v == 1.5);
  setlocale(LC_ALL, "C");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(shortest),      cmocka_unit_test(shortest_is_closest),
    cmocka_unit_test(fixed),         cmocka_unit_test(digits),
    cmocka_unit_test(integers),      cmocka_unit_test(parse),
    cmocka_unit_test(refused),       cmocka_unit_test(long_mantissas),
    cmocka_unit_test(german_locale), cmocka_unit_test(powers_of_ten),
  };
  if (getenv("LUNATION_FUZZ")) cases = atol(getenv("LUNATION_FUZZ"));
  return cmocka_run_group_tests_name("num", tests, NULL, NULL);
}
