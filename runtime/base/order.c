/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/order.h"

#include <math.h>
#include <string.h>

#include "base/pool.h"

enum { SMALL = 64, WIDE_FROM = 8192, NARROW_BITS = 8, WIDE_BITS = 11, KEY_BITS = 64 };

typedef struct pair {
  uint64_t key;
  size_t row;
} pair;

/* Unsigned keys in the order of the values: negative numbers have all bits flipped, others the
 * sign bit. Adding zero turns -0 into +0. */
static uint64_t key_of_double(double x)
{
  uint64_t bits;
  if (isnan(x)) return UINT64_MAX;
  x += 0.0;
  memcpy(&bits, &x, sizeof bits);
  return bits >> 63 ? ~bits : bits | 1ULL << 63;
}

/* INT32_MIN wraps to the largest key. */
static uint64_t key_of_int(int32_t x)
{
  return ((uint32_t)x ^ 0x80000000u) - 1u;
}

static int is_sorted(const pair *p, size_t n)
{
  for (size_t i = 1; i < n; i++) {
    if (p[i].key < p[i - 1].key) return 0;
  }
  return 1;
}

static void insertion_sort(pair *p, size_t n)
{
  for (size_t i = 1; i < n; i++) {
    pair v = p[i];
    size_t j = i;
    for (; j > 0 && p[j - 1].key > v.key; j--) p[j] = p[j - 1];
    p[j] = v;
  }
}

/* Moves from[0..n) to to[0..n) in the order of one digit, whose counts are given. */
static void scatter(pair *to, const pair *from, size_t n, size_t *count, unsigned shift,
                    size_t mask)
{
  size_t at = 0;
  for (size_t d = 0; d <= mask; d++) {
    size_t c = count[d];
    count[d] = at;
    at += c;
  }
  for (size_t i = 0; i < n; i++) to[count[from[i].key >> shift & mask]++] = from[i];
}

/* Returns the buffer, a or b, that holds the sorted pairs. count: digits x (mask + 1), zeroed. */
static pair *radix_sort(pair *a, pair *b, size_t n, size_t *count, unsigned bits)
{
  size_t mask = ((size_t)1 << bits) - 1;
  for (size_t i = 0; i < n; i++) {
    size_t *c = count;
    for (unsigned shift = 0; shift < KEY_BITS; shift += bits, c += mask + 1)
      c[a[i].key >> shift & mask]++;
  }
  for (unsigned shift = 0; shift < KEY_BITS; shift += bits, count += mask + 1) {
    if (count[a[0].key >> shift & mask] == n) continue;
    scatter(b, a, n, count, shift, mask);
    pair *swap = a;
    a = b;
    b = swap;
  }
  return a;
}

/* Sorts a[0..n) by key, stably; *sorted is a or another buffer of the pool. */
static lun_status sort_pairs(lun_pool *work, pair *a, size_t n, pair **sorted)
{
  *sorted = a;
  if (is_sorted(a, n)) return LUN_OK;
  if (n <= SMALL) {
    insertion_sort(a, n);
    return LUN_OK;
  }
  unsigned bits = n < WIDE_FROM ? NARROW_BITS : WIDE_BITS;
  size_t digits = (KEY_BITS + bits - 1) / bits;
  pair *b = LUN_NEW(work, pair, n);
  size_t *count = LUN_NEW(work, size_t, digits << bits);
  if (!b || !count) return LUN_ENOMEM;
  *sorted = radix_sort(a, b, n, count, bits);
  return LUN_OK;
}

static lun_status sort_rows(lun_pool *work, size_t *index, pair *p, size_t n)
{
  lun_status st = sort_pairs(work, p, n, &p);
  if (st != LUN_OK) return st;
  for (size_t i = 0; i < n; i++) index[i] = p[i].row;
  return LUN_OK;
}

lun_status lun_order_doubles(lun_env *env, size_t *index, const double *x, size_t n)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, env);
  pair *p = LUN_NEW(&work, pair, n);
  if (!p) goto done;
  for (size_t i = 0; i < n; i++) p[i] = (pair){ key_of_double(x[i]), i };
  st = sort_rows(&work, index, p, n);
done:
  lun_pool_fini(&work);
  return st;
}

lun_status lun_order_ints(lun_env *env, size_t *index, const int32_t *x, size_t n)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, env);
  pair *p = LUN_NEW(&work, pair, n);
  if (!p) goto done;
  for (size_t i = 0; i < n; i++) p[i] = (pair){ key_of_int(x[i]), i };
  st = sort_rows(&work, index, p, n);
done:
  lun_pool_fini(&work);
  return st;
}

lun_status lun_order_ranks(lun_env *env, double *rank, double *ties, const double *x, size_t n)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  double tied = 0;
  lun_pool_init(&work, env);
  size_t *index = LUN_NEW(&work, size_t, n);
  if (!index) goto done;
  if ((st = lun_order_doubles(env, index, x, n)) != LUN_OK) goto done;
  for (size_t i = 0, j; i < n; i = j) {
    for (j = i + 1; j < n && x[index[j]] == x[index[i]]; j++) {}
    double t = (double)(j - i), mean = isnan(x[index[i]]) ? NAN : (double)(i + 1 + j) / 2;
    for (size_t k = i; k < j; k++) rank[index[k]] = mean;
    tied += t * t * t - t;
  }
  if (ties) *ties = tied;
done:
  lun_pool_fini(&work);
  return st;
}
