/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/order.h"

#include <math.h>
#include <string.h>

#include "base/pool.h"

enum {
  KEY_BITS = 64,
  SMALL = 64,      /* up to here insertion is faster */
  HALF = 3,        /* digits sorted at a time */
  NARROW_BITS = 9, /* of a digit: the counts stay in the first-level cache */
  WIDE_BITS = 11,  /* from WIDE_FROM rows on: fewer passes */
  WIDE_FROM = 8192,
  MENDS = 4 /* moves for each row before mending is given up */
};

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

static double double_of_key(uint64_t key)
{
  uint64_t bits = key >> 63 ? key & ~(1ULL << 63) : ~key;
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
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

/* Gives up (returns 0) after about `moves` moves, with all ties still in row order. */
static int insertion_sort(pair *p, size_t n, size_t moves)
{
  for (size_t i = 1; i < n; i++) {
    if (p[i].key >= p[i - 1].key) continue;
    pair v = p[i];
    size_t j = i;
    for (; j > 0 && p[j - 1].key > v.key; j--) p[j] = p[j - 1];
    p[j] = v;
    if (i - j > moves) return 0;
    moves -= i - j;
  }
  return 1;
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

typedef struct sorter {
  pair *a, *b; /* a holds the pairs */
  size_t n, *count;
  unsigned bits;
} sorter;

/* Sorts by HALF digits from bit `low` on, the least significant first. */
static void radix_passes(sorter *s, unsigned low)
{
  size_t mask = ((size_t)1 << s->bits) - 1, *count = s->count;
  memset(count, 0, (HALF << s->bits) * sizeof *count);
  for (size_t i = 0; i < s->n; i++) {
    uint64_t key = s->a[i].key >> low;
    for (size_t d = 0; d < HALF; d++) count[d << s->bits | (key >> d * s->bits & mask)]++;
  }
  for (unsigned d = 0; d < HALF; d++, count += mask + 1) {
    unsigned shift = low + d * s->bits;
    if (count[s->a[0].key >> shift & mask] == s->n) continue;
    scatter(s->b, s->a, s->n, count, shift, mask);
    pair *swap = s->a;
    s->a = s->b;
    s->b = swap;
  }
}

/* Sorts a[0..n) by key, stably; *sorted is a or another buffer of the pool. The upper half of the
 * key nearly always decides, and the few exceptions are mended; where they are not few, the lower
 * half is sorted first after all. */
static lun_status sort_pairs(lun_pool *work, pair *a, size_t n, pair **sorted)
{
  *sorted = a;
  if (is_sorted(a, n)) return LUN_OK;
  if (n <= SMALL) {
    insertion_sort(a, n, n * n);
    return LUN_OK;
  }
  sorter s = { .a = a, .n = n, .bits = n < WIDE_FROM ? NARROW_BITS : WIDE_BITS };
  s.b = LUN_RAW(work, pair, n);
  s.count = LUN_NEW(work, size_t, HALF << s.bits);
  if (!s.b || !s.count) return LUN_ENOMEM;
  unsigned upper = KEY_BITS - HALF * s.bits;
  radix_passes(&s, upper);
  if (!insertion_sort(s.a, n, MENDS * n)) {
    for (unsigned low = 0; low < upper; low += HALF * s.bits) radix_passes(&s, low);
    radix_passes(&s, upper);
  }
  *sorted = s.a;
  return LUN_OK;
}

static lun_status sort_rows(lun_pool *work, size_t *index, double *sorted, pair *p, size_t n)
{
  lun_status st = sort_pairs(work, p, n, &p);
  if (st != LUN_OK) return st;
  for (size_t i = 0; i < n; i++) index[i] = p[i].row;
  for (size_t i = 0; sorted && i < n; i++) sorted[i] = double_of_key(p[i].key);
  return LUN_OK;
}

lun_status lun_order_sorted(lun_env *env, size_t *index, double *sorted, const double *x, size_t n)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, env);
  pair *p = LUN_RAW(&work, pair, n);
  if (!p) goto done;
  for (size_t i = 0; i < n; i++) p[i] = (pair){ key_of_double(x[i]), i };
  st = sort_rows(&work, index, sorted, p, n);
done:
  lun_pool_fini(&work);
  return st;
}

lun_status lun_order_doubles(lun_env *env, size_t *index, const double *x, size_t n)
{
  return lun_order_sorted(env, index, NULL, x, n);
}

lun_status lun_order_ints(lun_env *env, size_t *index, const int32_t *x, size_t n)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, env);
  pair *p = LUN_RAW(&work, pair, n);
  if (!p) goto done;
  for (size_t i = 0; i < n; i++) p[i] = (pair){ key_of_int(x[i]), i };
  st = sort_rows(&work, index, NULL, p, n);
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
    for (j = i + 1; j < n && x[index[j]] == x[index[i]]; j++) {
    }
    double t = (double)(j - i), mean = isnan(x[index[i]]) ? NAN : (double)(i + 1 + j) / 2;
    for (size_t k = i; k < j; k++) rank[index[k]] = mean;
    tied += t * t * t - t;
  }
  if (ties) *ties = tied;
done:
  lun_pool_fini(&work);
  return st;
}
