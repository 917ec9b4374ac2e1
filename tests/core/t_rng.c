/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rng.h"

/* Known answers published with Random123 (Salmon et al.), philox4x64 with 10 rounds. */
static void known_answers(void **unused)
{
  (void)unused;
  static const struct {
    uint64_t counter[4], key[2], out[4];
  } known[] = {
    { { 0, 0, 0, 0 },
      { 0, 0 },
      { 0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b } },
    { { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX },
      { UINT64_MAX, UINT64_MAX },
      { 0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0 } },
    { { 0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89 },
      { 0x452821e638d01377, 0xbe5466cf34e90c6c },
      { 0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6 } },
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    uint64_t out[4];
    lun_rng_philox(out, known[i].counter, known[i].key);
    assert_memory_equal(out, known[i].out, sizeof out);
  }
}

static void independent_of_order(void **unused)
{
  (void)unused;
  lun_rng a, b;
  uint64_t draws[100];
  lun_rng_open(&a, 7, "bootstrap os", 17);
  for (int i = 0; i < 100; i++) draws[i] = lun_rng_bits(&a);
  lun_rng_open(&b, 7, "bootstrap os", 17);
  for (int i = 99; i >= 0; i--) {
    lun_rng_seek(&b, (uint64_t)i);
    assert_int_equal(lun_rng_bits(&b), draws[i]);
  }
  lun_rng_open(&b, 7, "bootstrap os", 18);
  assert_int_not_equal(lun_rng_bits(&b), draws[0]);
  lun_rng_open(&b, 7, "bootstrap pfs", 17);
  assert_int_not_equal(lun_rng_bits(&b), draws[0]);
  lun_rng_open(&b, 8, "bootstrap os", 17);
  assert_int_not_equal(lun_rng_bits(&b), draws[0]);
}

enum { N = 200000 };

/* Means and variances within five standard errors. */
static void moments(double (*draw)(lun_rng *), double mean, double var, double kurtosis)
{
  lun_rng rng;
  double sum = 0, square = 0;
  lun_rng_open(&rng, 1, "moments", 0);
  for (int i = 0; i < N; i++) {
    double x = draw(&rng) - mean;
    sum += x;
    square += x * x;
  }
  assert_true(fabs(sum / N) < 5 * sqrt(var / N));
  assert_true(fabs(square / N - var) < 5 * var * sqrt((kurtosis - 1) / N));
}

static void distributions(void **unused)
{
  (void)unused;
  moments(lun_rng_uniform, 0.5, 1.0 / 12, 1.8);
  moments(lun_rng_normal, 0, 1, 3);
  moments(lun_rng_exponential, 1, 1, 9);
}

/* Kolmogorov-Smirnov distance of N sorted into 1000 cells; 1.95 / sqrt(N) is p = 0.001. */
static void normal_shape(void **unused)
{
  (void)unused;
  enum { CELLS = 1000 };
  static int count[CELLS];
  lun_rng rng;
  double worst = 0, at = 0;
  lun_rng_open(&rng, 3, "shape", 0);
  for (int i = 0; i < N; i++) count[(int)(CELLS * 0.5 * erfc(-lun_rng_normal(&rng) / sqrt(2)))]++;
  for (int c = 0; c < CELLS; c++) {
    at += count[c];
    worst = fmax(worst, fabs(at / N - (c + 1.0) / CELLS));
  }
  assert_true(worst < 1.95 / sqrt(N));
}

static void below(void **unused)
{
  (void)unused;
  lun_rng rng;
  int count[7] = { 0 };
  double chi2 = 0;
  lun_rng_open(&rng, 5, "below", 0);
  for (int i = 0; i < N; i++) count[lun_rng_below(&rng, 7)]++;
  for (int k = 0; k < 7; k++) chi2 += pow(count[k] - N / 7.0, 2) / (N / 7.0);
  assert_true(chi2 < 22.46); /* 6 degrees of freedom, p = 0.001 */
  for (int i = 0; i < 1000; i++) {
    assert_int_equal(lun_rng_below(&rng, 1), 0);
    assert_true(lun_rng_below(&rng, (1ULL << 63) + 1) <= 1ULL << 63);
  }
}

/* Each of the 24 orders of 4 is equally likely. */
static void shuffle(void **unused)
{
  (void)unused;
  int count[256] = { 0 }, seen = 0;
  double chi2 = 0;
  lun_rng rng;
  lun_rng_open(&rng, 9, "shuffle", 0);
  for (int i = 0; i < 24000; i++) {
    size_t x[4] = { 0, 1, 2, 3 };
    lun_rng_shuffle(&rng, x, 4);
    count[x[0] << 6 | x[1] << 4 | x[2] << 2 | x[3]]++;
  }
  for (int c = 0; c < 256; c++) {
    if (!count[c]) continue;
    seen++;
    chi2 += pow(count[c] - 1000.0, 2) / 1000;
  }
  assert_int_equal(seen, 24);
  assert_true(chi2 < 49.73); /* 23 degrees of freedom, p = 0.001 */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(known_answers), cmocka_unit_test(independent_of_order),
    cmocka_unit_test(distributions), cmocka_unit_test(normal_shape),
    cmocka_unit_test(below),         cmocka_unit_test(shuffle),
  };
  return cmocka_run_group_tests_name("rng", tests, NULL, NULL);
}
