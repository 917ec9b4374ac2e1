/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/lanes: the loops over a block of LUN_COX_BLOCK rows on which a Cox model spends its time.
 * lanes.c has them four rows at a time, compiled for AVX2 and for any x86 and chosen when the
 * program starts; plain.c has the same a page long. No fused multiply-add: each processor gives the
 * same bits.
 */
#ifndef LUN_COX_LANES_H
#define LUN_COX_LANES_H

#include <stddef.h>
#include <stdint.h>

#include "surv/cox/data.h"

/* eta = offset + x beta, x column by column; offset NULL: 0 */
void lun_lanes_linear(double *eta, const double *offset, const double *x, const double *beta,
                      size_t p);

/* Widens low .. high by the values of x; 0 when one of them is not a number. */
int lun_lanes_range(const double *x, double *low, double *high);

/* sum of x y */
double lun_lanes_dot(const double *x, const double *y);

/* sum[j] += sum of w x_j, for each of p columns of a block */
void lun_lanes_dots(double *sum, const double *w, const double *x, size_t p);

/* risk = weight exp(eta - shift), weight NULL: 1; |eta - shift| < 708, relative error below 4e-16.
 */
void lun_lanes_risk(double *risk, const double *eta, double shift, const double *weight);

/* Lower triangle of g (p x p) += sum over the first n rows of w x x', x column by column; w is 0 in
 * the others. work: as large as x. */
void lun_lanes_gram(double *g, const double *x, double *work, const double *w, size_t p, size_t n);

/* From columns to rows of `stride` places (a multiple of 4, from p on 0): rows[i] = f[i] x[i]. */
void lun_lanes_rows(double *rows, const double *x, const double *f, size_t p, size_t stride);

/* Back: column j of to = column j of the rows a plus f[i] times that of b (b NULL: a alone), for n
 * rows; the rest of the block is 0. to has stride columns. */
void lun_lanes_columns(double *to, const double *a, const double *b, const double *f, size_t n,
                       size_t stride);

/* From the last row to the first: sum += row, then to[at[i]] = sum. */
void lun_lanes_suffix(double *to, double *sum, const double *rows, const uint32_t *at, size_t n,
                      size_t stride);

/* Delayed entry: to[last[i]] += row, to[before[i]] -= row (LUN_COX_NONE: nothing), for n rows. */
void lun_lanes_enter(double *to, const double *rows, const uint32_t *last, const uint32_t *before,
                     size_t n, size_t stride);

/* Over n event times: y = 1 / x; rows[i] *= f[i]. */
void lun_lanes_invert(double *y, const double *x, size_t n);
void lun_lanes_scale(double *rows, const double *f, size_t n, size_t stride);

/* Over a whole column: sum of x - origin; sum of |x - mean|, and whether all are -1, 0 or 1. */
double lun_lanes_sum(const double *x, size_t n, double origin);
double lun_lanes_spread(const double *x, size_t n, double mean, int *indicator);

/* Asks for a block of p columns that will be read soon. */
static inline void lun_lanes_fetch(const double *x, size_t p)
{
  for (size_t i = 0; i < p * LUN_COX_BLOCK; i += 8) __builtin_prefetch(x + i, 0, 3);
}

/* to += from, n places (a multiple of 4) */
typedef double lun_lane __attribute__((vector_size(16), aligned(8), may_alias));
static inline void lun_lanes_add(double *to, const double *from, size_t n)
{
  for (size_t j = 0; j < n; j += 2) *(lun_lane *)(to + j) += *(const lun_lane *)(from + j);
}

void lun_plain_linear(double *eta, const double *offset, const double *x, const double *beta,
                      size_t p);
int lun_plain_range(const double *x, double *low, double *high);
double lun_plain_dot(const double *x, const double *y);
void lun_plain_dots(double *sum, const double *w, const double *x, size_t p);
void lun_plain_risk(double *risk, const double *eta, double shift, const double *weight);
void lun_plain_gram(double *g, const double *x, double *work, const double *w, size_t p, size_t n);

void lun_plain_rows(double *rows, const double *x, const double *f, size_t p, size_t stride);
void lun_plain_columns(double *to, const double *a, const double *b, const double *f, size_t n,
                       size_t stride);
void lun_plain_suffix(double *to, double *sum, const double *rows, const uint32_t *at, size_t n,
                      size_t stride);
void lun_plain_enter(double *to, const double *rows, const uint32_t *last, const uint32_t *before,
                     size_t n, size_t stride);
void lun_plain_invert(double *y, const double *x, size_t n);
void lun_plain_scale(double *rows, const double *f, size_t n, size_t stride);
double lun_plain_sum(const double *x, size_t n, double origin);
double lun_plain_spread(const double *x, size_t n, double mean, int *indicator);

#endif
