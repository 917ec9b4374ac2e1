/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/num.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* FIRST SLICE: correct in the C locale only, and slow; to be replaced by our own conversions. */

size_t lun_num_shortest(char *buf, double v)
{
  if (isnan(v)) return (size_t)snprintf(buf, LUN_NUM_MAX, "nan");
  for (int digits = 1; digits <= 17; digits++) {
    int n = snprintf(buf, LUN_NUM_MAX, "%.*g", digits, v);
    if (strtod(buf, NULL) == v) {
      if (fabs(v) < 9007199254740992.0 && v == floor(v)) n = snprintf(buf, LUN_NUM_MAX, "%.0f", v);
      return (size_t)n;
    }
  }
  return strlen(buf);
}

size_t lun_num_fixed(char *buf, double v, int decimals)
{
  int n = snprintf(buf, LUN_NUM_MAX, "%.*f", decimals, v);
  if (buf[0] == '-' && strspn(buf + 1, "0.") == (size_t)n - 1) {
    memmove(buf, buf + 1, (size_t)n);
    n--;
  }
  return (size_t)n;
}

size_t lun_num_digits(char *buf, double v, int digits)
{
  return (size_t)snprintf(buf, LUN_NUM_MAX, "%.*g", digits, v);
}

size_t lun_num_integer(char *buf, long long v)
{
  return (size_t)snprintf(buf, LUN_NUM_MAX, "%lld", v);
}

static int is_digit(char c)
{
  return c >= '0' && c <= '9';
}

int lun_num_parse(const char *text, size_t n, char point, double *out)
{
  char buf[512];
  size_t i = 0, digits = 0;
  if (n == 0 || n >= sizeof buf) return 0;
  memcpy(buf, text, n);
  buf[n] = '\0';
  if (buf[i] == '+' || buf[i] == '-') i++;
  for (; is_digit(buf[i]); i++) digits++;
  if (buf[i] == point) {
    buf[i++] = '.';
    for (; is_digit(buf[i]); i++) digits++;
  }
  if (digits == 0) return 0;
  if (buf[i] == 'e' || buf[i] == 'E') {
    i++;
    if (buf[i] == '+' || buf[i] == '-') i++;
    if (!is_digit(buf[i])) return 0;
    while (is_digit(buf[i])) i++;
  }
  if (i != n) return 0;
  *out = strtod(buf, NULL);
  return isfinite(*out);
}
