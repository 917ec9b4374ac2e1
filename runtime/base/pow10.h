/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pow10: the powers of ten that number conversions multiply with. For each k, the 128 leading bits
 * of 10^k, rounded down: 10^k = (high 2^64 + low + t) 2^(lun_pow10_exponent(k)) with 0 <= t < 1,
 * and t = 0 for 0 <= k <= 55. t_num recomputes every row with big integers.
 */
#ifndef LUN_POW10_H
#define LUN_POW10_H

#include <stdint.h>

enum { LUN_POW10_MIN = -342, LUN_POW10_MAX = 324, LUN_POW10_EXACT = 55 };

typedef struct lun_pow10 {
  uint64_t high, low;
} lun_pow10;

extern const lun_pow10 LUN_POW10[LUN_POW10_MAX - LUN_POW10_MIN + 1];

/* floor(k log2(10)) - 127, exact for |k| <= 1233. */
static inline int lun_pow10_exponent(int k)
{
  return (k * 1741647 >> 19) - 127;
}

#endif
