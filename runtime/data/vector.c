/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/vector.h"

#include <math.h>

#include "data/date.h"

typedef int binary_fn(double *restrict out, const double *restrict x, const double *restrict y,
                      size_t n);
typedef int unary_fn(double *restrict out, const double *restrict x, size_t n);
typedef void compare_fn(uint8_t *restrict out, const double *restrict x, const double *restrict y,
                        size_t n);

/* r - r is 0 for a finite r only. */
#define BINARY(name, value)                                                                        \
  static int name(double *restrict out, const double *restrict x, const double *restrict y,        \
                  size_t n)                                                                        \
  {                                                                                                \
    int64_t lost = 0;                                                                              \
    for (size_t i = 0; i < n; i++) {                                                               \
      double a = x[i], b = y[i], r = (value);                                                      \
      out[i] = r;                                                                                  \
      lost |= -(int64_t)((r - r != 0) & (a == a) & (b == b));                                      \
    }                                                                                              \
    return lost != 0;                                                                              \
  }

#define UNARY(name, value)                                                                         \
  static int name(double *restrict out, const double *restrict x, size_t n)                        \
  {                                                                                                \
    int64_t lost = 0;                                                                              \
    for (size_t i = 0; i < n; i++) {                                                               \
      double a = x[i], r = (value);                                                                \
      out[i] = r;                                                                                  \
      lost |= -(int64_t)((r - r != 0) & (a == a));                                                 \
    }                                                                                              \
    return lost != 0;                                                                              \
  }

#define COMPARE(name, operator)                                                                    \
  static void name(uint8_t *restrict out, const double *restrict x, const double *restrict y,      \
                   size_t n)                                                                       \
  {                                                                                                \
    for (size_t i = 0; i < n; i++) {                                                               \
      double a = x[i], b = y[i];                                                                   \
      int there = (a == a) & (b == b);                                                             \
      out[i] = (uint8_t)(there ? (a operator b) << 1 : LUN_UNKNOWN);                               \
    }                                                                                              \
  }

/* Lua's a % b: the sign of b. */
static inline double modulo(double a, double b)
{
  double r = fmod(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

static inline double power(double a, double b)
{
  return a != a || b != b ? NAN : pow(a, b);
}

/* The nearer of the two neighbours with that many decimals; the even one when both are as near
 * (the rule of R since 4.0.0: M. Maechler, "Rounding to decimal digits in binary", 2020). */
static inline double round_to(double a, double decimals)
{
  double scale = pow(10, decimals), whole = floor(a * scale);
  if (!(fabs(whole) < 0x1p52)) return decimals == decimals ? a : decimals;
  double low = whole / scale, high = (whole + 1) / scale, below = a - low, above = high - a;
  return below < above || (below == above && fmod(whole, 2) == 0) ? low : high;
}

static inline double year_of(double days)
{
  int year, month, day;
  if (!lun_date_in_range(days)) return NAN;
  lun_date_civil((int32_t)days, &year, &month, &day);
  return year;
}

BINARY(add, a + b)
BINARY(sub, a - b)
BINARY(mul, a *b)
BINARY(div_, a / b)
BINARY(floordiv, floor(a / b))
BINARY(mod, modulo(a, b))
BINARY(pow_, power(a, b))
BINARY(min, a != a ? a : (b != b || b < a) ? b : a)
BINARY(max, a != a ? a : (b != b || b > a) ? b : a)
BINARY(round_, round_to(a, b))
UNARY(neg, -a)
UNARY(abs_, fabs(a))
UNARY(sqrt_, sqrt(a))
UNARY(exp_, exp(a))
UNARY(log_, log(a))
UNARY(log2_, log2(a))
UNARY(log10_, log10(a))
UNARY(floor_, floor(a))
UNARY(ceil_, ceil(a))
UNARY(year, year_of(a))
COMPARE(eq, ==)
COMPARE(ne, !=)
COMPARE(lt, <)
COMPARE(le, <=)
COMPARE(gt, >)
COMPARE(ge, >=)

static binary_fn *const BINARY_OPS[] = {
  [LUN_ADD] = add, [LUN_SUB] = sub,  [LUN_MUL] = mul, [LUN_DIV] = div_, [LUN_FLOORDIV] = floordiv,
  [LUN_MOD] = mod, [LUN_POW] = pow_, [LUN_MIN] = min, [LUN_MAX] = max,  [LUN_ROUND] = round_,
};

static unary_fn *const UNARY_OPS[] = {
  [LUN_NEG] = neg,    [LUN_ABS] = abs_,   [LUN_SQRT] = sqrt_,   [LUN_EXP] = exp_,
  [LUN_LOG] = log_,   [LUN_LOG2] = log2_, [LUN_LOG10] = log10_, [LUN_FLOOR] = floor_,
  [LUN_CEIL] = ceil_, [LUN_YEAR] = year,
};

static compare_fn *const COMPARE_OPS[] = {
  [LUN_EQ] = eq, [LUN_NE] = ne, [LUN_LT] = lt, [LUN_LE] = le, [LUN_GT] = gt, [LUN_GE] = ge,
};

int lun_vec_binary(lun_op op, double *out, const double *x, const double *y, size_t n)
{
  return BINARY_OPS[op](out, x, y, n);
}

int lun_vec_unary(lun_op op, double *out, const double *x, size_t n)
{
  return UNARY_OPS[op](out, x, n);
}

void lun_vec_compare(lun_op op, uint8_t *out, const double *x, const double *y, size_t n)
{
  COMPARE_OPS[op](out, x, y, n);
}

void lun_vec_and(uint8_t *restrict out, const uint8_t *restrict x, const uint8_t *restrict y,
                 size_t n)
{
  for (size_t i = 0; i < n; i++) out[i] = x[i] < y[i] ? x[i] : y[i];
}

void lun_vec_or(uint8_t *restrict out, const uint8_t *restrict x, const uint8_t *restrict y,
                size_t n)
{
  for (size_t i = 0; i < n; i++) out[i] = x[i] > y[i] ? x[i] : y[i];
}

void lun_vec_not(uint8_t *restrict out, const uint8_t *restrict x, size_t n)
{
  for (size_t i = 0; i < n; i++) out[i] = (uint8_t)(LUN_TRUE - x[i]);
}

void lun_vec_select(double *restrict out, const uint8_t *restrict which, const double *restrict x,
                    const double *restrict y, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    double v = which[i] == LUN_TRUE ? x[i] : y[i];
    out[i] = which[i] == LUN_UNKNOWN ? NAN : v;
  }
}

void lun_vec_integers(double *restrict out, const int32_t *restrict x, size_t n)
{
  for (size_t i = 0; i < n; i++) out[i] = x[i] == INT32_MIN ? NAN : (double)x[i];
}

void lun_vec_codes(double *restrict out, const int32_t *restrict x, size_t n)
{
  for (size_t i = 0; i < n; i++) out[i] = x[i] < 0 ? NAN : (double)x[i];
}

void lun_vec_logical(uint8_t *restrict out, const int32_t *restrict x, size_t n)
{
  for (size_t i = 0; i < n; i++) out[i] = (uint8_t)(x[i] < 0 ? LUN_UNKNOWN : x[i] << 1);
}

void lun_vec_logical_codes(int32_t *restrict out, const uint8_t *restrict x, size_t n)
{
  for (size_t i = 0; i < n; i++) out[i] = x[i] == LUN_UNKNOWN ? -1 : x[i] >> 1;
}
