/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"

#include <math.h>
#include <string.h>

static uint64_t hash_of(const char *name)
{
  uint64_t h = 0xcbf29ce484222325u;
  for (; *name; name++) h = (h ^ (unsigned char)*name) * 0x100000001b3u;
  return h;
}

static uint64_t multiply(uint64_t a, uint64_t b, uint64_t *high)
{
  unsigned __int128 p = (unsigned __int128)a * b;
  *high = (uint64_t)(p >> 64);
  return (uint64_t)p;
}

void lun_rng_philox(uint64_t out[4], const uint64_t counter[4], const uint64_t key[2])
{
  uint64_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint64_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++) {
    uint64_t high0, high1;
    uint64_t low0 = multiply(0xD2E7470EE14C6C93u, c0, &high0);
    uint64_t low1 = multiply(0xCA5A826395121157u, c2, &high1);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9E3779B97F4A7C15u;
    k1 += 0xBB67AE8584CAA73Bu;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

static void refill(lun_rng *rng)
{
  lun_rng_philox(rng->block, rng->counter, rng->key);
  rng->counter[0]++;
  rng->used = 0;
}

void lun_rng_open(lun_rng *rng, uint64_t seed, const char *stream, uint64_t replicate)
{
  memset(rng, 0, sizeof *rng);
  rng->key[0] = seed;
  rng->key[1] = hash_of(stream);
  rng->counter[1] = replicate;
  rng->used = 4;
}

void lun_rng_seek(lun_rng *rng, uint64_t draw)
{
  rng->counter[0] = draw / 4;
  refill(rng);
  rng->used = (unsigned)(draw % 4);
}

uint64_t lun_rng_bits(lun_rng *rng)
{
  if (rng->used == 4) refill(rng);
  return rng->block[rng->used++];
}

double lun_rng_uniform(lun_rng *rng)
{
  return ((double)(lun_rng_bits(rng) >> 12) + 0.5) * 0x1p-52;
}

uint64_t lun_rng_below(lun_rng *rng, uint64_t n)
{
  uint64_t high, low = multiply(lun_rng_bits(rng), n, &high);
  if (low >= n) return high;
  uint64_t reject = (0 - n) % n;
  while (low < reject) low = multiply(lun_rng_bits(rng), n, &high);
  return high;
}

double lun_rng_normal(lun_rng *rng)
{
  for (;;) {
    double u = 2 * lun_rng_uniform(rng) - 1, v = 2 * lun_rng_uniform(rng) - 1, s = u * u + v * v;
    if (s > 0 && s < 1) return u * sqrt(-2 * log(s) / s);
  }
}

double lun_rng_exponential(lun_rng *rng)
{
  return -log(lun_rng_uniform(rng));
}

void lun_rng_shuffle(lun_rng *rng, size_t *index, size_t n)
{
  for (size_t i = n; i > 1; i--) {
    size_t j = (size_t)lun_rng_below(rng, i), v = index[i - 1];
    index[i - 1] = index[j];
    index[j] = v;
  }
}
