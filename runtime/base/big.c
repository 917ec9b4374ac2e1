/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/big.h"

#include <string.h>

enum { POW5_STEP = 13, BILLION_DIGITS = 9 };
static const uint32_t FIVE_TO_13 = 1220703125u, BILLION = 1000000000u;

void lun_big_set(lun_big *b, uint64_t v)
{
  b->limb[0] = (uint32_t)v;
  b->limb[1] = (uint32_t)(v >> 32);
  b->n = b->limb[1] ? 2 : b->limb[0] ? 1 : 0;
}

void lun_big_times(lun_big *b, uint32_t factor, uint32_t plus)
{
  uint64_t carry = plus;
  for (size_t i = 0; i < b->n; i++) {
    carry += (uint64_t)b->limb[i] * factor;
    b->limb[i] = (uint32_t)carry;
    carry >>= 32;
  }
  if (carry && b->n < LUN_BIG_LIMBS) b->limb[b->n++] = (uint32_t)carry;
}

void lun_big_times_pow5(lun_big *b, unsigned k)
{
  uint32_t rest = 1;
  for (; k >= POW5_STEP; k -= POW5_STEP) lun_big_times(b, FIVE_TO_13, 0);
  while (k--) rest *= 5;
  lun_big_times(b, rest, 0);
}

void lun_big_shift(lun_big *b, unsigned bits)
{
  size_t limbs = bits / 32;
  if (b->n == 0) return;
  lun_big_times(b, 1u << bits % 32, 0);
  if (b->n + limbs > LUN_BIG_LIMBS) return;
  memmove(b->limb + limbs, b->limb, b->n * sizeof *b->limb);
  memset(b->limb, 0, limbs * sizeof *b->limb);
  b->n += limbs;
}

int lun_big_compare(const lun_big *a, const lun_big *b)
{
  if (a->n != b->n) return a->n < b->n ? -1 : 1;
  for (size_t i = a->n; i-- > 0;) {
    if (a->limb[i] != b->limb[i]) return a->limb[i] < b->limb[i] ? -1 : 1;
  }
  return 0;
}

static uint32_t divide_by_billion(lun_big *b)
{
  uint64_t rest = 0;
  for (size_t i = b->n; i-- > 0;) {
    rest = rest << 32 | b->limb[i];
    b->limb[i] = (uint32_t)(rest / BILLION);
    rest %= BILLION;
  }
  while (b->n && b->limb[b->n - 1] == 0) b->n--;
  return (uint32_t)rest;
}

size_t lun_big_decimal(lun_big *b, char digits[LUN_BIG_DIGITS])
{
  char *end = digits + LUN_BIG_DIGITS, *at = end;
  while (b->n) {
    uint32_t part = divide_by_billion(b);
    for (int i = 0; i < BILLION_DIGITS; i++, part /= 10) *--at = (char)('0' + part % 10);
  }
  while (at < end && *at == '0') at++;
  memmove(digits, at, (size_t)(end - at));
  return (size_t)(end - at);
}
