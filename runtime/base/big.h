/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * big: just enough big-integer arithmetic for exact number conversions, on a fixed array. The
 * largest number that occurs has 2,700 bits (800 digits, or 5^1074 times 53 bits).
 */
#ifndef LUN_BIG_H
#define LUN_BIG_H

#include <stddef.h>
#include <stdint.h>

enum { LUN_BIG_LIMBS = 128, LUN_BIG_DIGITS = 1240 };

typedef struct lun_big {
  size_t n; /* limbs in use, the least significant first */
  uint32_t limb[LUN_BIG_LIMBS];
} lun_big;

void lun_big_set(lun_big *b, uint64_t v);
void lun_big_times(lun_big *b, uint32_t factor, uint32_t plus); /* b = b factor + plus */
void lun_big_times_pow5(lun_big *b, unsigned k);
void lun_big_shift(lun_big *b, unsigned bits); /* b = b 2^bits */
int lun_big_compare(const lun_big *a, const lun_big *b); /* -1, 0, 1 */

/* Decimal digits, the most significant first; b is used up. Returns their number (0 for zero). */
size_t lun_big_decimal(lun_big *b, char digits[LUN_BIG_DIGITS]);

#endif
