/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/lanes.h"

#include <stdint.h>
#include <string.h>

#include "base/cpu.h"

enum { BLOCK = LUN_COX_BLOCK, LANES = 4, STEPS = BLOCK / LANES };

typedef double vec __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef int64_t ints __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef uint64_t words __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

#define INLINE static inline __attribute__((always_inline))

/* Sixteen rows at a time: their sums stay in registers. */
LUN_DISPATCHED
void lun_lanes_linear(double *eta, const double *offset, const double *x,
                      const double *beta, size_t p)
{
  const vec zero = { 0 };
  for (int i = 0; i < STEPS; i += 4) {
    const vec *from = (const vec *)x + i, *start = (const vec *)offset + i;
    vec s0 = zero, s1 = zero, s2 = zero, s3 = zero, *to = (vec *)eta + i;
    if (offset) s0 = start[0], s1 = start[1], s2 = start[2], s3 = start[3];
    for (size_t j = 0; j < p; j++, from += STEPS) {
      s0 += beta[j] * from[0], s1 += beta[j] * from[1];
      s2 += beta[j] * from[2], s3 += beta[j] * from[3];
    }
    to[0] = s0, to[1] = s1, to[2] = s2, to[3] = s3;
  }
}

/* a <- b where mask is set */
INLINE void select(vec *a, const vec *b, ints mask)
{
  *a = (vec)(((ints)*b & mask) | ((ints)*a & ~mask));
}

LUN_DISPATCHED
int lun_lanes_range(const double *x, double *low, double *high)
{
  const vec *v = (const vec *)x, zero = { 0 };
  vec least = zero + *low, most = zero + *high;
  ints lost = { 0 };
  for (int i = 0; i < STEPS; i++) {
    select(&least, v + i, (ints)(v[i] < least));
    select(&most, v + i, (ints)(v[i] > most));
    lost |= (ints)(v[i] != v[i]);
  }
  for (int l = 0; l < LANES; l++) {
    if (lost[l]) return 0;
    if (least[l] < *low) *low = least[l];
    if (most[l] > *high) *high = most[l];
  }
  return 1;
}

LUN_DISPATCHED
double lun_lanes_dot(const double *x, const double *y)
{
  const vec *a = (const vec *)x, *b = (const vec *)y;
  vec s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };
  for (int i = 0; i < STEPS; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  vec s = (s0 + s1) + (s2 + s3);
  return (s[0] + s[1]) + (s[2] + s[3]);
}

/* exp(x) = 2^k exp(r), r in [-log(2)/2, log(2)/2] by the polynomial of degree 11 that meets exp at
 * the Chebyshev nodes (its error is 2e-17); log(2) in two parts (Cody & Waite 1980). */
LUN_DISPATCHED
void lun_lanes_risk(double *risk, const double *eta, double shift, const double *weight)
{
  static const double C[] = {
    0x1.af639fa6e1b0bp-26, 0x1.28b46faf8c24cp-22, 0x1.71ddf52ded199p-19, 0x1.a01991399f987p-16,
    0x1.a01a01b15de9dp-13, 0x1.6c16c18826db1p-10, 0x1.111111110f1e5p-7,  0x1.555555554f000p-5,
    0x1.555555555555ap-3,  0x1.0000000000011p-1,  1,                     1
  };
  enum { TERMS = sizeof C / sizeof *C };
  const double MAGIC = 6755399441055744.0, HIGH = 0x1.62e42fee00000p-1, LOW = 0x1.a39ef35793c76p-33;
  for (int i = 0; i < STEPS; i++) {
    vec x = ((const vec *)eta)[i] - shift, k = x * 1.4426950408889634 + MAGIC, power;
    words bits;
    memcpy(&bits, &k, sizeof bits);
    k -= MAGIC;
    vec r = (x - k * HIGH) - k * LOW, sum = r * C[0] + C[1];
    for (int c = 2; c < TERMS; c++) sum = sum * r + C[c];
    bits = (bits << 52) + ((uint64_t)1023 << 52);
    memcpy(&power, &bits, sizeof power);
    ((vec *)risk)[i] = weight ? ((const vec *)weight)[i] * (sum * power) : sum * power;
  }
}

INLINE double total(const vec *s)
{
  return ((*s)[0] + (*s)[1]) + ((*s)[2] + (*s)[3]);
}

/* Rows j .. j+3 and columns k, k+1 of the triangle. */
INLINE void tile_4x2(double *g, const double *wx, const double *x, size_t p, size_t j, size_t k,
                   int steps)
{
  const vec *a = (const vec *)(wx + j * BLOCK), *b = (const vec *)(x + k * BLOCK);
  vec s00 = { 0 }, s01 = { 0 }, s10 = { 0 }, s11 = { 0 }, s20 = { 0 }, s21 = { 0 }, s30 = { 0 },
      s31 = { 0 };
  for (int i = 0; i < steps; i++) {
    vec b0 = b[i], b1 = b[i + STEPS];
    vec a0 = a[i], a1 = a[i + STEPS], a2 = a[i + 2 * STEPS], a3 = a[i + 3 * STEPS];
    s00 += a0 * b0, s01 += a0 * b1;
    s10 += a1 * b0, s11 += a1 * b1;
    s20 += a2 * b0, s21 += a2 * b1;
    s30 += a3 * b0, s31 += a3 * b1;
  }
  g += j * p + k;
  g[0] += total(&s00), g[1] += total(&s01);
  g[p] += total(&s10), g[p + 1] += total(&s11);
  g[2 * p] += total(&s20), g[2 * p + 1] += total(&s21);
  g[3 * p] += total(&s30), g[3 * p + 1] += total(&s31);
}

/* Row j and columns k .. k+3. */
INLINE void tile_1x4(double *g, const double *wx, const double *x, size_t p, size_t j, size_t k,
                   int steps)
{
  const vec *a = (const vec *)(wx + j * BLOCK), *b = (const vec *)(x + k * BLOCK);
  vec s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };
  for (int i = 0; i < steps; i++) {
    vec a0 = a[i];
    s0 += a0 * b[i];
    s1 += a0 * b[i + STEPS];
    s2 += a0 * b[i + 2 * STEPS];
    s3 += a0 * b[i + 3 * STEPS];
  }
  g += j * p + k;
  g[0] += total(&s0), g[1] += total(&s1), g[2] += total(&s2), g[3] += total(&s3);
}

INLINE double pair(const double *wx, const double *x, int steps)
{
  const vec *a = (const vec *)wx, *b = (const vec *)x;
  vec s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };
  for (int i = 0; i < steps; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  s0 = (s0 + s1) + (s2 + s3);
  return total(&s0);
}

LUN_DISPATCHED
void lun_lanes_dots(double *sum, const double *w, const double *x, size_t p)
{
  size_t j = 0;
  for (; j + 4 <= p; j += 4) tile_1x4(sum, w, x, 0, 0, j, STEPS);
  for (; j < p; j++) sum[j] += pair(w, x + j * BLOCK, STEPS);
}

/* Whole tiles of four rows (which fill a little of the upper triangle), then row by row. */
LUN_DISPATCHED
void lun_lanes_gram(double *g, const double *x, double *work, const double *w, size_t p,
                    size_t n)
{
  const int steps = (int)((n + 4 * LANES - 1) / (4 * LANES) * 4);
  const vec *weight = (const vec *)w;
  size_t j = 0;
  for (size_t c = 0; c < p; c++) {
    const vec *from = (const vec *)(x + c * BLOCK);
    vec *to = (vec *)(work + c * BLOCK);
    for (int i = 0; i < steps; i++) to[i] = weight[i] * from[i];
  }
  for (; j + 4 <= p; j += 4) {
    for (size_t k = 0; k < j + 4; k += 2) tile_4x2(g, work, x, p, j, k, steps);
  }
  for (; j < p; j++) {
    size_t k = 0;
    for (; k + 4 <= j + 1; k += 4) tile_1x4(g, work, x, p, j, k, steps);
    for (; k <= j; k++) g[j * p + k] += pair(work + j * BLOCK, x + k * BLOCK, steps);
  }
}

/* --- between rows and columns ----------------------------------------------------------------- */

INLINE void transpose(vec *a, vec *b, vec *c, vec *d)
{
  vec low_ab = __builtin_shuffle(*a, *b, (ints){ 0, 4, 2, 6 }),
      high_ab = __builtin_shuffle(*a, *b, (ints){ 1, 5, 3, 7 });
  vec low_cd = __builtin_shuffle(*c, *d, (ints){ 0, 4, 2, 6 }),
      high_cd = __builtin_shuffle(*c, *d, (ints){ 1, 5, 3, 7 });
  *a = __builtin_shuffle(low_ab, low_cd, (ints){ 0, 1, 4, 5 });
  *b = __builtin_shuffle(high_ab, high_cd, (ints){ 0, 1, 4, 5 });
  *c = __builtin_shuffle(low_ab, low_cd, (ints){ 2, 3, 6, 7 });
  *d = __builtin_shuffle(high_ab, high_cd, (ints){ 2, 3, 6, 7 });
}

INLINE vec *at_row(double *rows, size_t i, size_t stride)
{
  return (vec *)(rows + i * stride);
}

LUN_DISPATCHED
void lun_lanes_rows(double *rows, const double *x, const double *f, size_t p,
                    size_t stride)
{
  const vec zero = { 0 };
  for (size_t j = 0; j < stride; j += LANES) {
    const vec *column = (const vec *)(x + j * BLOCK);
    for (size_t i = 0; i < STEPS; i++) {
      vec factor = ((const vec *)f)[i], a = factor * column[i], b = zero, c = zero, d = zero;
      double *to = rows + i * LANES * stride + j;
      if (j + 1 < p) b = factor * column[i + STEPS];
      if (j + 2 < p) c = factor * column[i + 2 * STEPS];
      if (j + 3 < p) d = factor * column[i + 3 * STEPS];
      transpose(&a, &b, &c, &d);
      *at_row(to, 0, stride) = a;
      *at_row(to, 1, stride) = b;
      *at_row(to, 2, stride) = c;
      *at_row(to, 3, stride) = d;
    }
  }
}

INLINE void combine(vec *to, const double *a, const double *b, const double *f, size_t at)
{
  *to = *(const vec *)(a + at);
  if (b) *to += *f * *(const vec *)(b + at);
}

LUN_DISPATCHED
void lun_lanes_columns(double *to, const double *a, const double *b, const double *f,
                       size_t n, size_t stride)
{
  for (size_t j = 0; j < stride; j += LANES) {
    vec *column = (vec *)(to + j * BLOCK);
    for (size_t i = 0; i < BLOCK; i += LANES, column++) {
      size_t at = i * stride + j;
      vec r0 = { 0 }, r1 = { 0 }, r2 = { 0 }, r3 = { 0 };
      if (i < n) combine(&r0, a, b, f + i, at);
      if (i + 1 < n) combine(&r1, a, b, f + i + 1, at + stride);
      if (i + 2 < n) combine(&r2, a, b, f + i + 2, at + 2 * stride);
      if (i + 3 < n) combine(&r3, a, b, f + i + 3, at + 3 * stride);
      transpose(&r0, &r1, &r2, &r3);
      column[0] = r0, column[STEPS] = r1, column[2 * STEPS] = r2, column[3 * STEPS] = r3;
    }
  }
}

LUN_DISPATCHED
void lun_lanes_suffix(double *to, double *sum, const double *rows, const uint32_t *at,
                      size_t n, size_t stride)
{
  size_t j = 0;
  for (; j + 2 * LANES <= stride; j += 2 * LANES) {
    vec a = *(vec *)(sum + j), b = *(vec *)(sum + j + LANES);
    for (size_t i = n; i-- > 0;) {
      const vec *row = (const vec *)(rows + i * stride + j);
      vec *out = (vec *)(to + at[i] * stride + j);
      out[0] = a += row[0];
      out[1] = b += row[1];
    }
    *(vec *)(sum + j) = a, *(vec *)(sum + j + LANES) = b;
  }
  for (; j < stride; j += LANES) {
    vec a = *(vec *)(sum + j);
    for (size_t i = n; i-- > 0;)
      *(vec *)(to + at[i] * stride + j) = a += *(const vec *)(rows + i * stride + j);
    *(vec *)(sum + j) = a;
  }
}

LUN_DISPATCHED
void lun_lanes_enter(double *to, const double *rows, const uint32_t *last, const uint32_t *before,
                     size_t n, size_t stride)
{
  for (size_t i = 0; i < n; i++) {
    const vec *row = (const vec *)(rows + i * stride);
    vec *at = (vec *)(to + last[i] * stride);
    for (size_t j = 0; j < stride / LANES; j++) at[j] += row[j];
    if (before[i] == LUN_COX_NONE) continue;
    at = (vec *)(to + before[i] * stride);
    for (size_t j = 0; j < stride / LANES; j++) at[j] -= row[j];
  }
}

/* --- event times --------------------------------------------------------------------------- */

LUN_DISPATCHED
void lun_lanes_invert(double *y, const double *x, size_t n)
{
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) *(vec *)(y + i) = 1 / *(const vec *)(x + i);
  for (; i < n; i++) y[i] = 1 / x[i];
}

LUN_DISPATCHED
void lun_lanes_scale(double *rows, const double *f, size_t n, size_t stride)
{
  for (size_t i = 0; i < n; i++, rows += stride) {
    for (size_t j = 0; j < stride; j += LANES) *(vec *)(rows + j) *= f[i];
  }
}

/* --- whole columns ------------------------------------------------------------------------- */

LUN_DISPATCHED
double lun_lanes_sum(const double *x, size_t n, double origin)
{
  vec s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };
  size_t i = 0;
  for (; i + 4 * LANES <= n; i += 4 * LANES) {
    const vec *v = (const vec *)(x + i);
    s0 += v[0] - origin, s1 += v[1] - origin, s2 += v[2] - origin, s3 += v[3] - origin;
  }
  s0 = (s0 + s1) + (s2 + s3);
  double sum = total(&s0);
  for (; i < n; i++) sum += x[i] - origin;
  return sum;
}

/* sum += |x - mean| */
INLINE void add_distance(vec *sum, const vec *x, double mean)
{
  ints bits;
  vec v = *x - mean;
  memcpy(&bits, &v, sizeof bits);
  bits &= INT64_MAX;
  memcpy(&v, &bits, sizeof v);
  *sum += v;
}

LUN_DISPATCHED
double lun_lanes_spread(const double *x, size_t n, double mean, int *indicator)
{
  vec s0 = { 0 }, s1 = { 0 };
  ints other = { 0 };
  size_t i = 0;
  *indicator = 1;
  for (; i + 2 * LANES <= n; i += 2 * LANES) {
    vec a = *(const vec *)(x + i), b = *(const vec *)(x + i + LANES);
    add_distance(&s0, &a, mean), add_distance(&s1, &b, mean);
    other |= (ints)(a * a * a != a) | (ints)(b * b * b != b);
  }
  s0 += s1;
  double sum = total(&s0);
  for (; i < n; i++) {
    sum += __builtin_fabs(x[i] - mean);
    if (x[i] * x[i] * x[i] != x[i]) *indicator = 0;
  }
  if (other[0] | other[1] | other[2] | other[3]) *indicator = 0;
  return sum;
}
