/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rng: counter-based random numbers. A generator is named by (seed, stream, replicate); its draw k
 * is a pure function of the three and k, so replicate 17 is the same whoever computes it and in
 * whatever order, and a new stream moves no other. Philox4x64-10 (Salmon et al., SC 2011): passes
 * BigCrush, period 2^256 for each key.
 */
#ifndef LUN_RNG_H
#define LUN_RNG_H

#include <stddef.h>
#include <stdint.h>

typedef struct lun_rng {
  uint64_t key[2];     /* seed, hash of the stream's name */
  uint64_t counter[4]; /* block of four draws, replicate, 0, 0 */
  uint64_t block[4];   /* the draws of the block before counter[0] */
  unsigned used;       /* of block */
} lun_rng;

/* stream: "bootstrap os", say; it is hashed (FNV-1a, 64 bits). */
void lun_rng_open(lun_rng *rng, uint64_t seed, const char *stream, uint64_t replicate);

/* The next result is draw number `draw`, from 0. */
void lun_rng_seek(lun_rng *rng, uint64_t draw);

uint64_t lun_rng_bits(lun_rng *rng); /* one draw */

/* One draw: (k + 1/2) / 2^52 with k in 0 .. 2^52 - 1; never 0 or 1. */
double lun_rng_uniform(lun_rng *rng);

/* 0 .. n-1 without bias (Lemire 2019); n > 0. One draw, rarely more. */
uint64_t lun_rng_below(lun_rng *rng, uint64_t n);

/* Standard normal, polar method (Marsaglia and Bray 1964) without the second value: an even
 * number of draws, 2.55 on average. */
double lun_rng_normal(lun_rng *rng);

/* Mean 1, -log(uniform). One draw. */
double lun_rng_exponential(lun_rng *rng);

/* Fisher-Yates from the end. */
void lun_rng_shuffle(lun_rng *rng, size_t *index, size_t n);

/* The bijection itself: ten rounds over counter with key. */
void lun_rng_philox(uint64_t out[4], const uint64_t counter[4], const uint64_t key[2]);

#endif
