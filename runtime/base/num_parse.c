/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Decimal to double, correctly rounded. Short numbers are exact in two doubles (Clinger 1990).
 * Others are multiplied with 128 bits of the power of ten: the product's error is bounded, and
 * where the bound does not decide the rounding (about one in 2^60), big integers do. The idea of
 * the middle way: Lemire, "Number parsing at a gigabyte per second", 2021.
 */
#include "base/num.h"

#include <string.h>

#include "base/big.h"
#include "base/pow10.h"

typedef unsigned __int128 wide;

enum { WORD_DIGITS = 19, MAX_DIGITS = 800, EXPONENT_CAP = 1000000, EXACT_POWER = 22 };

static const double POWERS[EXACT_POWER + 1] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

/* What the text says: (digits of mantissa, without the point) 10^exponent. */
typedef struct decimal {
  const char *mantissa, *mantissa_end;
  int negative, cut;  /* cut: word lacks digits, and is a little too small */
  uint64_t word;      /* the first 19 significant digits */
  long exponent;      /* of the whole mantissa's last digit */
  long word_exponent; /* of word's last digit */
} decimal;

static inline int is_digit(char c)
{
  return (unsigned char)(c - '0') < 10;
}

/* [+-] digits after the e, capped. Returns the end, or NULL. */
static const char *read_exponent(const char *p, const char *end, long *exponent)
{
  long e = 0;
  int negative = p < end && *p == '-';
  if (p < end && (*p == '+' || *p == '-')) p++;
  if (p == end) return NULL;
  for (; p < end && is_digit(*p); p++) {
    if (e < EXPONENT_CAP) e = e * 10 + (*p - '0');
  }
  *exponent += negative ? -e : e;
  return p;
}

/* The first 19 digits that count, when there are more. */
static void cut_word(decimal *d)
{
  int taken = 0;
  long left = 0;
  d->word = 0;
  for (const char *p = d->mantissa; p < d->mantissa_end; p++) {
    if (!is_digit(*p) || (taken == 0 && *p == '0')) continue;
    if (taken < WORD_DIGITS) {
      d->word = d->word * 10 + (uint64_t)(*p - '0');
      taken++;
    } else {
      left++;
    }
  }
  d->cut = left > 0;
  d->word_exponent = d->exponent + left;
}

static int read_decimal(const char *text, size_t n, char point, decimal *d)
{
  const char *p = text, *end = text + n;
  uint64_t word = 0;
  memset(d, 0, sizeof *d);
  if (p < end && (*p == '-' || *p == '+')) d->negative = *p++ == '-';
  d->mantissa = p;
  for (; p < end && is_digit(*p); p++) word = word * 10 + (uint64_t)(*p - '0');
  long digits = p - d->mantissa;
  if (p < end && *p == point) {
    const char *fraction = ++p;
    for (; p < end && is_digit(*p); p++) word = word * 10 + (uint64_t)(*p - '0');
    d->exponent = -(long)(p - fraction);
    digits += p - fraction;
  }
  d->mantissa_end = p;
  if (digits == 0) return 0;
  if (p < end && (*p == 'e' || *p == 'E')) {
    const char *stop = read_exponent(p + 1, end, &d->exponent);
    if (!stop || !is_digit(stop[-1])) return 0;
    p = stop;
  }
  if (p != end) return 0;
  d->word = word;
  d->word_exponent = d->exponent;
  if (digits > WORD_DIGITS) cut_word(d);
  return 1;
}

/* Is the decimal above the point halfway between m and m + 1 units of 2^unit? Ties go to even. */
static int rounds_up(const decimal *d, uint64_t m, int unit)
{
  lun_big value, half;
  int taken = 0, nonzero = 0;
  long dropped = 0;
  lun_big_set(&value, 0);
  for (const char *p = d->mantissa; p < d->mantissa_end; p++) {
    if (!is_digit(*p) || (taken == 0 && *p == '0')) continue;
    if (taken < MAX_DIGITS) {
      lun_big_times(&value, 10, (uint32_t)(*p - '0'));
      taken++;
    } else {
      nonzero |= *p != '0';
      dropped++;
    }
  }
  long exponent = d->exponent + dropped, shift = exponent - (unit - 1);
  lun_big_set(&half, 2 * m + 1);
  if (exponent >= 0) lun_big_times_pow5(&value, (unsigned)exponent);
  else lun_big_times_pow5(&half, (unsigned)-exponent);
  if (shift >= 0) lun_big_shift(&value, (unsigned)shift);
  else lun_big_shift(&half, (unsigned)-shift);
  int order = lun_big_compare(&value, &half);
  return order > 0 || (order == 0 && (nonzero || m & 1));
}

/* Rounds a value in [p, p + slack) to a multiple of 2^s. Returns 0 when that does not say where
 * the value lies relative to the tie; *m is then the part below. */
static int round_product(wide p, int s, wide slack, uint64_t *m)
{
  if (s > 128) {
    *m = 0;
    return p + slack > p;
  }
  wide half = (wide)1 << (s - 1), rest = s == 128 ? p : p & ((half << 1) - 1);
  *m = s == 128 ? 0 : (uint64_t)(p >> s);
  if (slack == 0) {
    *m += rest > half || (rest == half && *m & 1);
    return 1;
  }
  *m += rest > half;
  return rest > half || rest + slack <= half;
}

/* word 10^exponent with word != 0. Returns 0 on overflow. */
static int multiply(const decimal *d, double *out)
{
  const lun_pow10 *t = &LUN_POW10[d->word_exponent - LUN_POW10_MIN];
  int exponent = (int)d->word_exponent, lead = __builtin_clzll(d->word);
  uint64_t w = d->word << lead, m;
  wide low = (wide)w * t->low, p = (wide)w * t->high + (low >> 64);
  int exact = !d->cut && exponent >= 0 && exponent <= LUN_POW10_EXACT && (uint64_t)low == 0;
  int e = 64 + lun_pow10_exponent(exponent) - lead; /* the value is p 2^e and a little more */
  int s = (int)(p >> 127) + 126 - 52;
  if (s + e < -1074) s = -1074 - e;
  wide slack = exact ? 0 : d->cut ? (wide)1 << 69 : 2;
  if (!round_product(p, s, slack, &m)) m += (uint64_t)rounds_up(d, m, s + e);
  uint64_t bits = ((uint64_t)(s + e + 1075) << 52) + m - (1ULL << 52);
  if (bits >= 0x7ffULL << 52) return 0;
  memcpy(out, &bits, sizeof bits);
  return 1;
}

int lun_num_parse(const char *text, size_t n, char point, double *out)
{
  decimal d;
  double v = 0;
  if (!read_decimal(text, n, point, &d)) return 0;
  long e = d.word_exponent;
  if (d.word < 1ULL << 53 && !d.cut && e >= -EXACT_POWER && e <= EXACT_POWER) {
    v = (double)d.word;
    if (e < 0) v /= POWERS[-e];
    else v *= POWERS[e];
  } else if (d.word != 0 && e > LUN_POW10_MAX) {
    return 0;
  } else if (d.word != 0 && e >= LUN_POW10_MIN) {
    if (!multiply(&d, &v)) return 0;
  }
  *out = d.negative ? -v : v;
  return 1;
}
