/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Double to decimal. Shortest form: Giulietti, "The Schubfach way to render doubles", 2021. Fixed
 * and significant digits: exact 128-bit arithmetic, and big integers beyond its range.
 */
#include "base/num.h"

#include <math.h>
#include <string.h>

#include "base/big.h"
#include "base/pow10.h"

typedef unsigned __int128 wide;

enum { MANTISSA_BITS = 52, BIAS = 1075, PLAIN_DIGITS = 16, WIDE_DIGITS = 39, WIDE_POWER = 22 };

/* v = (-1)^negative m 2^e */
typedef struct binary {
  uint64_t m;
  int e, negative, special; /* special: infinite or nan */
} binary;

static binary split(double v)
{
  uint64_t bits;
  memcpy(&bits, &v, sizeof bits);
  int field = (int)(bits >> MANTISSA_BITS & 0x7ff);
  binary b = { bits & ((1ULL << MANTISSA_BITS) - 1), field - BIAS, (int)(bits >> 63),
               field == 0x7ff };
  if (field) b.m |= 1ULL << MANTISSA_BITS;
  else b.e = 1 - BIAS;
  return b;
}

static size_t special(char *buf, double v)
{
  const char *text = v != v ? "nan" : v < 0 ? "-inf" : "inf";
  size_t n = strlen(text);
  memcpy(buf, text, n + 1);
  return n;
}

/* Digits of v, two at a time, ending before end. Returns their start. */
static char *put_back(char *end, uint64_t v)
{
  for (; v >= 100; v /= 100) {
    unsigned two = (unsigned)(v % 100);
    *--end = (char)('0' + two % 10);
    *--end = (char)('0' + two / 10);
  }
  if (v >= 10) {
    *--end = (char)('0' + v % 10);
    v /= 10;
  }
  *--end = (char)('0' + v);
  return end;
}

static char *put_wide_back(char *end, wide v)
{
  static const uint64_t TEN_19 = 10000000000000000000u;
  while (v >> 64) {
    char *start = end - 19, *p = put_back(end, (uint64_t)(v % TEN_19));
    while (p > start) *--p = '0';
    end = start;
    v /= TEN_19;
  }
  return put_back(end, (uint64_t)v);
}

static char *put_exponent(char *p, int x)
{
  *p++ = 'e';
  *p++ = x < 0 ? '-' : '+';
  if (x < 0) x = -x;
  if (x >= 100) *p++ = (char)('0' + x / 100);
  *p++ = (char)('0' + x / 10 % 10);
  *p++ = (char)('0' + x % 10);
  return p;
}

/* digits[0..n), the first worth 10^x, laid out as %g does: an exponent when x is below -4 or at
 * least `plain`, no trailing zeros. */
static size_t lay_out(char *buf, int negative, const char *digits, size_t n, int x, int plain)
{
  char *p = buf;
  while (n > 1 && digits[n - 1] == '0') n--;
  if (negative) *p++ = '-';
  if (x < -4 || x >= plain) {
    *p++ = digits[0];
    if (n > 1) {
      *p++ = '.';
      memcpy(p, digits + 1, n - 1);
      p += n - 1;
    }
    p = put_exponent(p, x);
  } else if (x < 0) {
    memcpy(p, "0.0000", 6);
    p += 1 - x;
    memcpy(p, digits, n);
    p += n;
  } else {
    size_t whole = (size_t)x + 1, copied = n < whole ? n : whole;
    memcpy(p, digits, copied);
    memset(p + copied, '0', whole - copied);
    p += whole;
    if (n > whole) {
      *p++ = '.';
      memcpy(p, digits + whole, n - whole);
      p += n - whole;
    }
  }
  *p = '\0';
  return (size_t)(p - buf);
}

/* --- shortest -------------------------------------------------------------------------------- */

/* High word of g c, the last bit set when anything nonzero is left below. */
static uint64_t round_to_odd(wide g, uint64_t c)
{
  wide low = (wide)(uint64_t)g * c, high = (wide)(uint64_t)(g >> 64) * c + (low >> 64);
  return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

/* The shortest, then closest, decimal d 10^*k in the rounding interval of m 2^e. Names as in the
 * paper: u and w are the two candidates, primed ones are multiples of ten. */
static uint64_t schubfach(uint64_t m, int e, int *k)
{
  int lower_closer = m == 1ULL << MANTISSA_BITS && e > 1 - BIAS, odd = (int)(m & 1);
  *k = (e * 1262611 - (lower_closer ? 524031 : 0)) >> 22;
  const lun_pow10 *t = &LUN_POW10[-*k - LUN_POW10_MIN];
  wide g = ((wide)t->high << 64 | t->low) + (-*k < 0 || -*k > LUN_POW10_EXACT);
  int h = e + (-*k * 1741647 >> 19) + 1;
  uint64_t vb = round_to_odd(g, (4 * m) << h);
  uint64_t lower = round_to_odd(g, (4 * m - 2 + (uint64_t)lower_closer) << h) + (uint64_t)odd;
  uint64_t upper = round_to_odd(g, (4 * m + 2) << h) - (uint64_t)odd;
  uint64_t s = vb / 4;
  if (s >= 10) {
    uint64_t tens = s / 10;
    int u_inside = lower <= 40 * tens, w_inside = 40 * tens + 40 <= upper;
    if (u_inside != w_inside) {
      ++*k;
      return tens + (uint64_t)w_inside;
    }
  }
  int u_inside = lower <= 4 * s, w_inside = 4 * s + 4 <= upper;
  if (u_inside != w_inside) return s + (uint64_t)w_inside;
  uint64_t middle = 4 * s + 2;
  return s + (vb > middle || (vb == middle && s & 1));
}

size_t lun_num_shortest(char *buf, double v)
{
  char digits[24], *end = digits + sizeof digits;
  binary b = split(v);
  int k;
  if (b.special) return special(buf, v);
  if (v >= -9007199254740992.0 && v <= 9007199254740992.0) {
    long long whole = (long long)v;
    if ((double)whole == v) return lun_num_integer(buf, whole);
  }
  uint64_t d = schubfach(b.m, b.e, &k);
  char *start = put_back(end, d);
  size_t n = (size_t)(end - start);
  return lay_out(buf, b.negative, start, n, k + (int)n - 1, PLAIN_DIGITS);
}

size_t lun_num_integer(char *buf, long long v)
{
  char digits[24], *end = digits + sizeof digits;
  char *start = put_back(end, v < 0 ? 0 - (unsigned long long)v : (unsigned long long)v);
  if (v < 0) *--start = '-';
  size_t n = (size_t)(end - start);
  memcpy(buf, start, n);
  buf[n] = '\0';
  return n;
}

size_t lun_num_hundredths(char *buf, double v)
{
  double h = floor(v * 100 + 0.5);
  if (!(fabs(h) < 1e15)) return lun_num_shortest(buf, h / 100);
  char digits[24], *end = digits + sizeof digits, *start = end;
  uint64_t m = (uint64_t)fabs(h);
  if (m % 10) *--start = (char)('0' + m % 10);
  if (m % 100) *--start = (char)('0' + m / 10 % 10), *--start = '.';
  start = put_back(start, m / 100);
  if (h < 0) *--start = '-';
  size_t n = (size_t)(end - start);
  memcpy(buf, start, n);
  buf[n] = '\0';
  return n;
}

/* --- fixed and significant digits ------------------------------------------------------------- */

static wide power_of_ten(int k)
{
  wide p = 1;
  while (k--) p *= 10;
  return p;
}

static int bits_of(wide v)
{
  uint64_t high = (uint64_t)(v >> 64), low = (uint64_t)v;
  return high ? 128 - __builtin_clzll(high) : low ? 64 - __builtin_clzll(low) : 0;
}

/* v / 2^shift, half to even */
static wide halve(wide v, int shift)
{
  if (shift > 128) return 0;
  wide half = (wide)1 << (shift - 1), rest = shift == 128 ? v : v & ((half << 1) - 1);
  wide q = shift == 128 ? 0 : v >> shift;
  return q + (rest > half || (rest == half && q & 1));
}

static wide divide(wide v, wide by)
{
  wide q = v / by, rest = v - q * by;
  return q + (rest > by - rest || (rest == by - rest && q & 1));
}

/* m 2^e 10^d to the nearest integer, half to even. Returns 0 when 128 bits do not hold it. */
static int scale(uint64_t m, int e, int d, wide *q)
{
  if (d > WIDE_POWER || d < -WIDE_POWER) return 0;
  wide top = m, by = 1;
  if (d >= 0) top *= power_of_ten(d);
  else by = power_of_ten(-d);
  if (d >= 0 && e < 0) {
    *q = halve(top, -e);
    return 1;
  }
  wide *grows = e >= 0 ? &top : &by;
  int shift = e >= 0 ? e : -e;
  if (bits_of(*grows) + shift > 127) return 0;
  *grows <<= shift;
  *q = by == 1 ? top : divide(top, by);
  return 1;
}

/* All digits of m 2^e, exactly; *x is the power of ten of the first one. */
static size_t expand(uint64_t m, int e, char digits[LUN_BIG_DIGITS], int *x)
{
  lun_big big;
  lun_big_set(&big, m);
  if (e >= 0) lun_big_shift(&big, (unsigned)e);
  else lun_big_times_pow5(&big, (unsigned)-e);
  size_t n = lun_big_decimal(&big, digits);
  *x = (int)n - 1 + (e < 0 ? e : 0);
  return n;
}

/* Rounds digits[0..n) to the first `keep` (at least 1), half to even; a carry out of the first
 * digit raises *x. */
static void round_digits(char *digits, size_t n, size_t keep, int *x)
{
  if (n <= keep) return;
  int more = 0;
  for (size_t i = keep + 1; i < n; i++) more |= digits[i] != '0';
  int odd = digits[keep - 1] & 1;
  if (digits[keep] < '5' || (digits[keep] == '5' && !more && !odd)) return;
  size_t i = keep;
  while (i > 0 && digits[i - 1] == '9') digits[--i] = '0';
  if (i > 0) {
    digits[i - 1]++;
    return;
  }
  digits[0] = '1';
  ++*x;
}

size_t lun_num_digits(char *buf, double v, int digits)
{
  char text[LUN_BIG_DIGITS], *end = text + WIDE_DIGITS, *start;
  binary b = split(v);
  wide q;
  if (b.special) return special(buf, v);
  if (b.m == 0) return lay_out(buf, b.negative, "0", 1, 0, digits);
  int x = ((63 - __builtin_clzll(b.m) + b.e) * 1262611) >> 22; /* or one more */
  int ok = scale(b.m, b.e, digits - 1 - x, &q);
  if (ok && q >= power_of_ten(digits)) ok = scale(b.m, b.e, digits - 1 - ++x, &q);
  if (ok) {
    start = put_wide_back(end, q);
    return lay_out(buf, b.negative, start, (size_t)(end - start), x, digits);
  }
  size_t n = expand(b.m, b.e, text, &x), keep = (size_t)digits;
  round_digits(text, n, keep, &x);
  return lay_out(buf, b.negative, text, n < keep ? n : keep, x, digits);
}

/* Only whole numbers from 2^70 on come here. */
static size_t fixed_large(char *buf, const binary *b, int decimals)
{
  char digits[LUN_BIG_DIGITS], *p = buf;
  int x;
  size_t n = expand(b->m, b->e, digits, &x);
  if (b->negative) *p++ = '-';
  memcpy(p, digits, n);
  p += n;
  if (decimals > 0) {
    *p++ = '.';
    memset(p, '0', (size_t)decimals);
    p += decimals;
  }
  *p = '\0';
  return (size_t)(p - buf);
}

size_t lun_num_fixed(char *buf, double v, int decimals)
{
  char text[WIDE_DIGITS + 1], *end = text + sizeof text, *p = buf;
  binary b = split(v);
  wide q;
  if (b.special) return special(buf, v);
  if (!scale(b.m, b.e, decimals, &q)) return fixed_large(buf, &b, decimals);
  char *start = put_wide_back(end, q);
  size_t d = (size_t)decimals;
  while ((size_t)(end - start) <= d) *--start = '0';
  size_t whole = (size_t)(end - start) - d;
  if (b.negative && q != 0) *p++ = '-';
  memcpy(p, start, whole);
  p += whole;
  if (d > 0) {
    *p++ = '.';
    memcpy(p, start + whole, d);
    p += d;
  }
  *p = '\0';
  return (size_t)(p - buf);
}

/* Moves the text behind an ASCII minus to make room for the printed sign. */
static size_t print_minus(char *buf, size_t n)
{
  static const char minus[] = "\xE2\x88\x92";
  if (buf[0] != '-') return n;
  memmove(buf + 3, buf + 1, n);
  memcpy(buf, minus, 3);
  return n + 2;
}

size_t lun_num_print(char *buf, double v, int decimals)
{
  if (isnan(v)) return (size_t)(stpcpy(buf, "NE") - buf);
  if (isinf(v)) return (size_t)(stpcpy(buf, v < 0 ? "\xE2\x88\x92\xE2\x88\x9E" : "\xE2\x88\x9E") - buf);
  return print_minus(buf, lun_num_fixed(buf, v, decimals));
}

size_t lun_num_count(char *buf, double v)
{
  if (!(fabs(v) >= 10000) || isinf(v)) return lun_num_print(buf, v, 0);
  if (fabs(v) >= 1e15) return print_minus(buf, lun_num_shortest(buf, v)); /* no count */
  char plain[LUN_NUM_MAX], *p = buf;
  size_t n = lun_num_fixed(plain, v, 0);
  for (size_t i = 0; i < n; i++) {
    int first = i == 0 || (i == 1 && plain[0] == '-');
    if (!first && (n - i) % 3 == 0) *p++ = ',';
    *p++ = plain[i];
  }
  *p = '\0';
  return print_minus(buf, (size_t)(p - buf));
}
