/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * surv/cox against the closed forms of Therneau & Grambsch (2000), appendix E, against identities
 * that hold for any data, and on data that break a careless fit.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "near.h"
#include "surv/cox/cox.h"
#include "surv/cox/lanes.h"
#include "surv/cox/means.h"
#include "surv/cox/layout.h"
#include "surv/cox/refit.h"
#include "surv/cox/screen.h"

static lun_env env;

static int setup(void **state)
{
  (void)state;
  lun_env_init(&env, NULL, NULL);
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  size_t blocks = env.blocks;
  lun_env_fini(&env);
  return blocks != 0;
}

/* --- by hand ---------------------------------------------------------------------------------- */

static const double T1[] = { 1, 1, 6, 6, 8, 9 }, X1[] = { 1, 1, 1, 0, 0, 0 };
static const unsigned char E1[] = { 1, 0, 1, 1, 0, 1 };
static const double *const COLUMNS1[] = { X1 };
static const lun_cox_input TEST1 = { .n = 6, .p = 1, .stop = T1, .event = E1, .x = COLUMNS1 };

static const double T3[] = { 1, 1, 2, 2, 2, 2, 3, 4, 5 }, X3[] = { 2, 0, 1, 1, 0, 1, 0, 1, 0 };
static const unsigned char E3[] = { 1, 0, 1, 1, 1, 0, 0, 1, 0 };
static const double W3[] = { 1, 2, 3, 4, 3, 2, 1, 2, 1 };
static const double *const COLUMNS3[] = { X3 };
static const lun_cox_input TEST3 = { .n = 9, .p = 1, .stop = T3, .event = E3, .x = COLUMNS3 };

static void fit(lun_cox *out, const lun_cox_input *in, lun_cox_ties ties)
{
  lun_cox_options options = { .ties = ties };
  if (lun_cox_fit(&env, out, in, &options) != LUN_OK) fail_msg("%s", env.msg);
}

static void test_breslow_by_hand(void **state)
{
  (void)state;
  lun_cox f;
  double r = (3 + sqrt(33)) / 2; /* r^2 - 3 r - 6 = 0 */
  fit(&f, &TEST1, LUN_COX_BRESLOW);
  ASSERT_NEAR(log(r), f.coef[0], 1e-13);
  ASSERT_NEAR(2 * log(r) - log(3 * r + 3) - 2 * log(r + 3), f.loglik, 1e-13);
  ASSERT_NEAR(-log(6) - 2 * log(4), f.loglik_null, 1e-13);
  ASSERT_NEAR(1 / (r / ((r + 1) * (r + 1)) + 6 * r / ((r + 3) * (r + 3))), f.vcov[0], 1e-12);
  ASSERT_NEAR(8.0 / 5, f.score.statistic, 1e-13);
  lun_cox_fini(&f);
}

static void test_efron_by_hand(void **state)
{
  (void)state;
  lun_cox f;
  double r = 2 * sqrt(23.0 / 3) * cos(acos(45.0 / 23 * sqrt(3.0 / 23)) / 3);
  fit(&f, &TEST1, LUN_COX_EFRON);
  ASSERT_NEAR(log(r), f.coef[0], 1e-13);
  ASSERT_NEAR(52.0 / 48 * (52.0 / 48) / (83.0 / 144), f.score.statistic, 1e-13);
  lun_cox_fini(&f);
}

static void test_exact_is_monotone(void **state)
{
  (void)state;
  lun_cox f;
  fit(&f, &TEST1, LUN_COX_EXACT);
  ASSERT_NEAR(-2 * log(3), f.loglik, 1e-8);
  assert_int_equal(f.status[0], LUN_COX_INFINITE);
  assert_true(isnan(f.se[0]) && isnan(f.pvalue[0]) && isnan(f.wald.statistic));
  assert_true(f.coef[0] > 10 && f.converged && f.why[0]);
  lun_cox_fini(&f);
}

/* Weighted Efron (mean weight of the tied deaths) and replicated rows are two different models. */
static void test_weights(void **state)
{
  (void)state;
  lun_cox sampling, frequency, replicated;
  lun_cox_input in = TEST3;
  double time[19], x[19];
  unsigned char event[19];
  const double *columns[] = { x };
  lun_cox_input rows = { .p = 1, .stop = time, .event = event, .x = columns };
  for (int i = 0; i < 9; i++)
    for (int k = 0; k < W3[i]; k++, rows.n++)
      time[rows.n] = T3[i], x[rows.n] = X3[i], event[rows.n] = E3[i];
  in.weights = W3;
  fit(&sampling, &in, LUN_COX_EFRON);
  in.weights = NULL, in.freq = W3;
  fit(&frequency, &in, LUN_COX_EFRON);
  fit(&replicated, &rows, LUN_COX_EFRON);
  ASSERT_NEAR(0.872604246398396, sampling.coef[0], 1e-12);
  ASSERT_NEAR(0.939787493555207, frequency.coef[0], 1e-12);
  ASSERT_NEAR(-30.29217960585316, sampling.loglik_null, 1e-13); /* R: coxph()$loglik */
  ASSERT_NEAR(-29.41678460013619, sampling.loglik, 1e-13);
  ASSERT_NEAR(replicated.coef[0], frequency.coef[0], 1e-13);
  ASSERT_NEAR(replicated.loglik, frequency.loglik, 1e-13);
  ASSERT_NEAR(replicated.se[0], frequency.se[0], 1e-13);
  assert_int_equal(frequency.data.total, 19);
  assert_int_equal(frequency.data.events, 13);
  lun_cox_fini(&sampling), lun_cox_fini(&frequency), lun_cox_fini(&replicated);
}

/* --- identities on random data ---------------------------------------------------------------- */

enum { N = 300, P = 5 };

typedef struct cohort {
  double time[2 * N], start[2 * N], x[P][2 * N], weight[2 * N];
  unsigned char event[2 * N];
  int32_t strata[2 * N], cluster[2 * N];
  const double *columns[P];
  lun_cox_input in;
} cohort;

/* Whole days, so that many rows tie; x[0] is a group, x[1] far from 0. */
static void simulate(cohort *c, uint64_t seed)
{
  lun_rng rng;
  memset(c, 0, sizeof *c);
  lun_rng_open(&rng, seed, "cox", 0);
  for (size_t i = 0; i < N; i++) {
    c->x[0][i] = lun_rng_uniform(&rng) < 0.4;
    c->x[1][i] = 60 + 10 * lun_rng_normal(&rng);
    for (int j = 2; j < P; j++) c->x[j][i] = lun_rng_normal(&rng);
    double t = lun_rng_exponential(&rng) * 40 * exp(-0.5 * c->x[0][i] - 0.3 * c->x[2][i]);
    double censor = 60 * lun_rng_uniform(&rng);
    c->time[i] = ceil(t < censor ? t : censor);
    c->event[i] = t < censor;
    c->strata[i] = (int32_t)lun_rng_below(&rng, 3);
    c->cluster[i] = (int32_t)(i / 3);
    c->weight[i] = 0.5 + lun_rng_uniform(&rng);
  }
  for (int j = 0; j < P; j++) c->columns[j] = c->x[j];
  c->in = (lun_cox_input){ .n = N, .p = P, .stop = c->time, .event = c->event, .x = c->columns };
}

static void same_fit(const lun_cox *a, const lun_cox *b, double tol)
{
  ASSERT_NEAR(a->loglik, b->loglik, tol);
  ASSERT_NEAR(a->score.statistic, b->score.statistic, tol);
  for (size_t j = 0; j < a->p; j++) {
    ASSERT_NEAR(a->coef[j], b->coef[j], tol);
    ASSERT_NEAR(a->se[j], b->se[j], tol);
  }
}

/* Each row cut in two at a time inside it: the same likelihood, and with the rows' cluster the same
 * robust variance. */
static void test_split_rows(void **state)
{
  (void)state;
  static cohort c, s;
  lun_cox whole, split;
  lun_cox_options options = { .robust = 1 };
  simulate(&c, 1);
  s = c;
  for (size_t i = 0; i < N; i++) {
    double cut = floor(c.time[i] / 2) > 0 ? floor(c.time[i] / 2) : c.time[i] / 2;
    s.time[i] = cut, s.event[i] = 0;
    s.start[N + i] = cut, s.time[N + i] = c.time[i], s.event[N + i] = c.event[i];
    s.strata[N + i] = c.strata[i], s.cluster[i] = s.cluster[N + i] = (int32_t)i,
                 s.weight[N + i] = c.weight[i];
    for (int j = 0; j < P; j++) s.x[j][N + i] = c.x[j][i];
  }
  for (int j = 0; j < P; j++) s.columns[j] = s.x[j];
  s.in = (lun_cox_input){ .n = 2 * N,
                          .p = P,
                          .start = s.start,
                          .stop = s.time,
                          .event = s.event,
                          .x = s.columns,
                          .strata = s.strata,
                          .weights = s.weight,
                          .cluster = s.cluster };
  c.in.strata = c.strata, c.in.weights = c.weight;
  for (int ties = LUN_COX_EFRON; ties <= LUN_COX_BRESLOW; ties++) {
    options.ties = (lun_cox_ties)ties;
    assert_int_equal(lun_cox_fit(&env, &whole, &c.in, &options), LUN_OK);
    assert_int_equal(lun_cox_fit(&env, &split, &s.in, &options), LUN_OK);
    same_fit(&whole, &split, 1e-10);
    lun_cox_fini(&whole), lun_cox_fini(&split);
  }
}

/* The order of the rows, a shift and a change of units leave everything but the units alone. */
static void test_permuted_shifted_scaled(void **state)
{
  (void)state;
  static cohort c, d;
  lun_cox a, b;
  simulate(&c, 2);
  simulate(&d, 2);
  for (size_t i = 0; i < N; i++) {
    size_t from = (i * 7 + 11) % N;
    d.time[i] = c.time[from] * 1e-9, d.event[i] = c.event[from], d.strata[i] = c.strata[from];
    d.x[0][i] = 5 - 2 * c.x[0][from];
    d.x[1][i] = round(c.x[1][from] * 64) / 64 + 1e12;
    d.x[2][i] = c.x[2][from] * 1e12;
    d.x[3][i] = c.x[3][from] * 1e-12;
    d.x[4][i] = c.x[4][from];
  }
  for (size_t i = 0; i < N; i++) c.x[1][i] = round(c.x[1][i] * 64) / 64;
  for (size_t i = 0; i < N; i++) d.x[1][i] = c.x[1][(i * 7 + 11) % N] + 1099511627776.0;
  c.in.strata = c.strata, d.in.strata = d.strata;
  fit(&a, &c.in, LUN_COX_EFRON);
  fit(&b, &d.in, LUN_COX_EFRON);
  ASSERT_NEAR(a.loglik, b.loglik, 1e-12);
  ASSERT_NEAR(a.coef[0], -2 * b.coef[0], 1e-9);
  ASSERT_NEAR(a.coef[1], b.coef[1], 1e-9);
  ASSERT_NEAR(a.coef[2], b.coef[2] * 1e12, 1e-9);
  ASSERT_NEAR(a.coef[3], b.coef[3] * 1e-12, 1e-9);
  ASSERT_NEAR(a.se[1], b.se[1], 1e-9);
  lun_cox_fini(&a), lun_cox_fini(&b);
}

/* An offset that is the same for all, however large, changes nothing; the fitted linear predictor
 * as an offset leaves nothing to estimate. */
static void test_offsets(void **state)
{
  (void)state;
  static cohort c;
  static double offset[N];
  lun_cox a, b;
  simulate(&c, 3);
  fit(&a, &c.in, LUN_COX_EFRON);
  for (size_t i = 0; i < N; i++) offset[i] = 1e12;
  c.in.offset = offset;
  fit(&b, &c.in, LUN_COX_EFRON);
  same_fit(&a, &b, 1e-13);
  lun_cox_fini(&b);
  for (size_t i = 0; i < N; i++) {
    offset[i] = 0;
    for (int j = 0; j < P; j++) offset[i] += a.coef[j] * c.x[j][i];
  }
  fit(&b, &c.in, LUN_COX_EFRON);
  ASSERT_NEAR(a.loglik, b.loglik_null, 1e-12);
  for (int j = 0; j < P; j++) assert_true(fabs(b.coef[j]) < 1e-12);
  lun_cox_fini(&a), lun_cox_fini(&b);
  /* The same for all of a stratum changes nothing, not even where exp() cannot take their range. */
  const double far[] = { -1250, 100, 0 };
  c.in.strata = c.strata, c.in.weights = c.weight, c.in.offset = NULL;
  fit(&a, &c.in, LUN_COX_EFRON);
  for (size_t i = 0; i < N; i++) offset[i] = far[c.strata[i]];
  c.in.offset = offset;
  fit(&b, &c.in, LUN_COX_EFRON);
  ASSERT_NEAR(a.loglik, b.loglik, 1e-11);
  for (int j = 0; j < P; j++) {
    ASSERT_NEAR(a.coef[j], b.coef[j], 1e-9);
    ASSERT_NEAR(a.se[j], b.se[j], 1e-9);
  }
  lun_cox_fini(&a), lun_cox_fini(&b);
}

/* A copy of the cohort as another stratum: twice the log-likelihood, half the variance. */
static void test_stratum_copied(void **state)
{
  (void)state;
  static cohort c, d;
  lun_cox a, b;
  simulate(&c, 4);
  d = c;
  for (size_t i = 0; i < N; i++) {
    d.time[N + i] = c.time[i], d.event[N + i] = c.event[i], d.strata[i] = 0, d.strata[N + i] = 7;
    for (int j = 0; j < P; j++) d.x[j][N + i] = c.x[j][i];
  }
  for (int j = 0; j < P; j++) d.columns[j] = d.x[j];
  d.in = (lun_cox_input){
    .n = 2 * N, .p = P, .stop = d.time, .event = d.event, .x = d.columns, .strata = d.strata
  };
  for (int ties = LUN_COX_EFRON; ties <= LUN_COX_EXACT; ties++) {
    fit(&a, &c.in, (lun_cox_ties)ties);
    fit(&b, &d.in, (lun_cox_ties)ties);
    ASSERT_NEAR(2 * a.loglik, b.loglik, 1e-12);
    for (int j = 0; j < P; j++) {
      ASSERT_NEAR(a.coef[j], b.coef[j], 1e-9);
      ASSERT_NEAR(a.se[j], b.se[j] * sqrt(2), 1e-9);
    }
    assert_int_equal(b.data.strata, 2);
    lun_cox_fini(&a), lun_cox_fini(&b);
  }
}

/* Without ties all three methods are the same. */
static void test_untied(void **state)
{
  (void)state;
  static cohort c;
  lun_cox efron, other;
  simulate(&c, 5);
  for (size_t i = 0; i < N; i++) c.time[i] += 1e-3 * (double)i / N;
  fit(&efron, &c.in, LUN_COX_EFRON);
  for (int ties = LUN_COX_BRESLOW; ties <= LUN_COX_EXACT; ties++) {
    fit(&other, &c.in, (lun_cox_ties)ties);
    same_fit(&efron, &other, 1e-9);
    lun_cox_fini(&other);
  }
  lun_cox_fini(&efron);
}

/* --- data that break a careless fit ----------------------------------------------------------- */

static void test_aliased(void **state)
{
  (void)state;
  static cohort c;
  lun_cox a, b;
  simulate(&c, 6);
  c.in.p = 2;
  fit(&a, &c.in, LUN_COX_EFRON);
  for (size_t i = 0; i < N; i++) {
    c.x[2][i] = 1e9;                            /* constant */
    c.x[3][i] = 2 * c.x[1][i] - 3 * c.x[0][i];  /* determined by two others */
  }
  c.in.p = 4;
  fit(&b, &c.in, LUN_COX_EFRON);
  assert_int_equal(b.status[2], LUN_COX_ALIASED);
  assert_int_equal(b.status[3], LUN_COX_ALIASED);
  assert_true(isnan(b.coef[2]) && isnan(b.se[3]));
  assert_int_equal(b.rank, 2);
  assert_int_equal(b.lr.df, 2);
  ASSERT_NEAR(a.coef[0], b.coef[0], 1e-11);
  ASSERT_NEAR(a.coef[1], b.coef[1], 1e-11);
  ASSERT_NEAR(a.se[1], b.se[1], 1e-11);
  lun_cox_fini(&a), lun_cox_fini(&b);
}

/* All deaths in one group: its coefficient is infinite, the other as in the limit. */
static void test_separated(void **state)
{
  (void)state;
  static cohort c;
  lun_cox f;
  simulate(&c, 7);
  for (size_t i = 0; i < N; i++)
    if (c.x[0][i] == 0) c.event[i] = 0;
  fit(&f, &c.in, LUN_COX_EFRON);
  assert_int_equal(f.status[0], LUN_COX_INFINITE);
  assert_int_equal(f.status[1], LUN_COX_FINITE);
  assert_true(f.coef[0] > 5 && isnan(f.se[0]) && f.se[1] > 0 && isfinite(f.lr.p));
  for (int j = 0; j < P; j++) assert_true(f.vcov[j] == 0);
  lun_cox_fini(&f);
}

static void test_bad_input(void **state)
{
  (void)state;
  static cohort c;
  lun_cox f;
  lun_cox_options options = { 0 };
  simulate(&c, 8);
  c.weight[4] = -1;
  c.in.weights = c.weight;
  assert_int_equal(lun_cox_fit(&env, &f, &c.in, &options), LUN_EINVAL);
  assert_non_null(strstr(env.msg, "row 5"));
  c.in.weights = NULL;
  c.in.freq = c.weight;
  assert_int_equal(lun_cox_fit(&env, &f, &c.in, &options), LUN_EINVAL);
  c.in.freq = NULL;
  c.in.start = c.start;
  c.start[9] = 1e6;
  assert_int_equal(lun_cox_fit(&env, &f, &c.in, &options), LUN_EDATA);
  assert_non_null(strstr(env.msg, "row 10"));
  c.in.start = NULL;
  for (size_t i = 0; i < N; i++) c.event[i] = i == 17;
  fit(&f, &c.in, LUN_COX_EFRON); /* one event, five columns: a result, not an error */
  assert_true(isfinite(f.loglik) && f.why[0]);
  lun_cox_fini(&f);
  for (size_t i = 0; i < N; i++) c.x[2][i] = NAN;
  assert_int_equal(lun_cox_fit(&env, &f, &c.in, &options), LUN_EDATA);
  assert_non_null(strstr(env.msg, "no rows"));
  memset(c.event, 0, sizeof c.event);
  c.in.p = 2;
  assert_int_equal(lun_cox_fit(&env, &f, &c.in, &options), LUN_EDATA);
  assert_non_null(strstr(env.msg, "no events"));
}

/* Rows with weight 0 and rows with a missing value are as if they were not there. */
static void test_rows_left_out(void **state)
{
  (void)state;
  static cohort c;
  lun_cox a, b;
  simulate(&c, 9);
  c.in.n = N - 20;
  c.in.weights = c.weight;
  fit(&a, &c.in, LUN_COX_EFRON);
  c.in.n = N;
  for (size_t i = N - 20; i < N - 10; i++) c.x[3][i] = NAN;
  for (size_t i = N - 10; i < N; i++) c.weight[i] = 0;
  fit(&b, &c.in, LUN_COX_EFRON);
  same_fit(&a, &b, 1e-13);
  assert_int_equal(b.data.missing, 10);
  assert_int_equal(b.data.zero, 10);
  lun_cox_fini(&a), lun_cox_fini(&b);
}

/* No columns: a null model with its log-likelihood. */
static void test_no_columns(void **state)
{
  (void)state;
  lun_cox f;
  lun_cox_input in = TEST1;
  in.p = 0;
  fit(&f, &in, LUN_COX_BRESLOW);
  ASSERT_NEAR(-log(6) - 2 * log(4), f.loglik, 1e-14);
  assert_true(isnan(f.lr.statistic));
  lun_cox_fini(&f);
}

/* --- the vector loops against their twins ----------------------------------------------------- */

/* Between rows and columns, and sums from the last row on: the same bits. */
static void check_turns(const double *x, const double *w, size_t p)
{
  enum { B = LUN_COX_BLOCK, MOST = 12, ROWS = 101 };
  static double r1[MOST * B], r2[MOST * B], c1[MOST * B], c2[MOST * B], s1[MOST * B], s2[MOST * B];
  size_t stride = (p + 3) / 4 * 4;
  double sum1[MOST] = { 1, 2, 3 }, sum2[MOST] = { 1, 2, 3 };
  uint32_t at[B];
  for (uint32_t i = 0; i < B; i++) at[i] = i / 3;
  lun_plain_rows(r1, x, w, p, stride);
  lun_lanes_rows(r2, x, w, p, stride);
  assert_memory_equal(r1, r2, stride * B * sizeof *r1);
  lun_plain_suffix(s1, sum1, r1, at, ROWS, stride);
  lun_lanes_suffix(s2, sum2, r1, at, ROWS, stride);
  assert_memory_equal(s1, s2, (ROWS / 3) * stride * sizeof *s1);
  assert_memory_equal(sum1, sum2, stride * sizeof *sum1);
  uint32_t before[B];
  for (uint32_t i = 0; i < B; i++) before[i] = i % 4 ? i / 5 : LUN_COX_NONE;
  lun_plain_enter(s1, r1, at, before, ROWS, stride);
  lun_lanes_enter(s2, r1, at, before, ROWS, stride);
  assert_memory_equal(s1, s2, (ROWS / 3) * stride * sizeof *s1);
  for (int two = 0; two < 2; two++) {
    lun_plain_columns(c1, r1, two ? s1 : NULL, w, ROWS / 3, stride);
    lun_lanes_columns(c2, r1, two ? s1 : NULL, w, ROWS / 3, stride);
    assert_memory_equal(c1, c2, stride * B * sizeof *c1);
  }
}

/* Over event times and whole columns. */
static void check_columns(const double *x, size_t n)
{
  enum { B = LUN_COX_BLOCK };
  double y1[B], y2[B], low1 = 0, low2 = 0, high1 = 0, high2 = 0;
  int other1, other2;
  lun_plain_invert(y1, x, B - 1), lun_lanes_invert(y2, x, B - 1);
  y1[B - 1] = y2[B - 1] = 3;
  lun_plain_scale(y1, x, B / 8, 8), lun_lanes_scale(y2, x, B / 8, 8);
  assert_memory_equal(y1, y2, sizeof y1);
  assert_true(lun_plain_range(x, &low1, &high1) && lun_lanes_range(x, &low2, &high2));
  assert_true(low1 == low2 && high1 == high2 && low1 < -2 && high1 > 2);
  y1[77] = NAN;
  assert_false(lun_plain_range(y1, &low1, &high1) || lun_lanes_range(y1, &low2, &high2));
  ASSERT_NEAR(lun_plain_sum(x, n, 0.3), lun_lanes_sum(x, n, 0.3), 1e-12);
  ASSERT_NEAR(lun_plain_spread(x, n, 0.3, &other1), lun_lanes_spread(x, n, 0.3, &other2), 1e-12);
  assert_true(!other1 && !other2);
  for (size_t i = 0; i < B; i++) y1[i] = (double)(i % 3) - 1;
  lun_plain_spread(y1, B - 1, 0, &other1), lun_lanes_spread(y1, B - 1, 0, &other2);
  assert_true(other1 && other2);
  y1[3] = 0.5;
  lun_lanes_spread(y1, B - 1, 0, &other2);
  assert_false(other2);
}

static void test_lanes(void **state)
{
  (void)state;
  enum { B = LUN_COX_BLOCK, MOST = 11 };
  static double x[MOST * B], w[B], work[MOST * B], y1[B], y2[B];
  lun_rng rng;
  lun_rng_open(&rng, 1, "lanes", 0);
  for (size_t i = 0; i < MOST * B; i++) x[i] = lun_rng_normal(&rng);
  for (size_t i = 0; i < B; i++) w[i] = lun_rng_uniform(&rng), y1[i] = y2[i] = lun_rng_normal(&rng);
  ASSERT_NEAR(lun_plain_dot(x, w), lun_lanes_dot(x, w), 1e-13);
  for (size_t p = 0; p <= MOST; p++) {
    lun_plain_linear(y1, p % 2 ? w : NULL, x, x + B, p);
    lun_lanes_linear(y2, p % 2 ? w : NULL, x, x + B, p);
    assert_memory_equal(y1, y2, sizeof y1);
  }
  check_columns(x, MOST * B - 3);
  for (size_t i = 0; i < B; i++)
    y1[i] = i < 4 ? (double)i - 2 : (x[i] * 700 > 700 ? 700 : x[i] * 200);
  double r1[B], r2[B];
  lun_plain_risk(r1, y1, 0.25, w);
  lun_lanes_risk(r2, y1, 0.25, w);
  for (size_t i = 0; i < B; i++) ASSERT_NEAR(r1[i], r2[i], 5e-16);
  for (size_t p = 0; p <= MOST; p++) {
    double d1[MOST + 1] = { 1, 2, 3 }, d2[MOST + 1] = { 1, 2, 3 };
    lun_plain_dots(d1, w, x, p), lun_lanes_dots(d2, w, x, p);
    for (size_t j = 0; j <= MOST; j++) assert_true(fabs(d1[j] - d2[j]) < 1e-12);
  }
  for (size_t p = MOST; p > 0; p--) {
    double g1[MOST * MOST] = { 0 }, g2[MOST * MOST] = { 0 };
    size_t rows = p % 2 ? B : 37;
    for (size_t i = rows; i < B; i++) w[i] = 0;
    lun_plain_gram(g1, x, work, w, p, rows);
    lun_lanes_gram(g2, x, work, w, p, rows);
    for (size_t j = 0; j < p; j++)
      for (size_t k = 0; k <= j; k++) assert_true(fabs(g1[j * p + k] - g2[j * p + k]) < 1e-12);
    check_turns(x, w, p);
  }
}

/* --- many columns ----------------------------------------------------------------------------- */

/* Each column as lun_cox_fit has it: normal, indicator, with a missing value, constant, separating.
 */
static void test_screen(void **state)
{
  enum { ROWS = 90, COLUMNS = 11 };
  static double x[COLUMNS][ROWS], stop[ROWS];
  const double *columns[COLUMNS];
  unsigned char event[ROWS];
  uint32_t order[ROWS];
  lun_rng rng;
  (void)state;
  lun_rng_open(&rng, 3, "screen", 0);
  for (uint32_t i = 0; i < ROWS; i++) {
    stop[i] = 1 + i / 3; /* sorted, tied */
    event[i] = i % 3 == 0 || (i % 3 == 1 && lun_rng_uniform(&rng) < 0.5);
    order[i] = i;
    for (int j = 0; j < COLUMNS; j++)
      x[j][i] = j % 2 ? lun_rng_uniform(&rng) < 0.4 : 1e4 + 30 * lun_rng_normal(&rng);
    x[7][i] = 5;
    x[8][i] = stop[i] < 12 && event[i];
  }
  x[4][20] = NAN;
  for (int j = 0; j < COLUMNS; j++) columns[j] = x[j];
  for (int ties = LUN_COX_EFRON; ties <= LUN_COX_BRESLOW; ties++) {
    lun_cox_input in = {
      .n = ROWS, .p = COLUMNS, .stop = stop, .event = event, .order = order, .x = columns
    };
    lun_cox_options options = { .ties = (lun_cox_ties)ties };
    lun_cox_screen screen;
    assert_int_equal(lun_cox_screen_fit(&env, &screen, &in, &options), LUN_OK);
    in.p = 1;
    for (int j = 0; j < COLUMNS; j++) {
      lun_cox fit;
      in.x = columns + j;
      assert_int_equal(lun_cox_fit(&env, &fit, &in, &options), LUN_OK);
      if (isnan(fit.se[0])) {
        assert_true(isnan(screen.se[j]));
      } else {
        ASSERT_NEAR(fit.coef[0], screen.coef[j], 1e-9);
        ASSERT_NEAR(fit.se[0], screen.se[j], 1e-9);
        ASSERT_NEAR(fit.pvalue[0], screen.pvalue[j], 1e-8);
        ASSERT_NEAR(log10(screen.pvalue[j]), screen.log10_p[j], 1e-9);
      }
      lun_cox_fini(&fit);
    }
    lun_cox_screen_fini(&screen);
  }
}

/* Deaths at one time after another with nobody censored in between, and what the lanes do not know:
 * weights, frequencies, offsets, entry, strata, clusters. */
static void test_screen_kinds(void **state)
{
  static cohort c;
  static double offset[N], freq[N];
  static uint32_t order[N];
  (void)state;
  simulate(&c, 8);
  for (size_t i = 0; i < N; i++) {
    offset[i] = c.x[2][i] / 2, freq[i] = 1 + (double)(i % 3);
    order[i] = (uint32_t)i;
    c.time[i] = 1 + (double)(i / 2), c.start[i] = c.time[i] * 0.75;
    c.event[i] = i % 7 != 0;
  }
  for (int kind = 0; kind < 7; kind++) {
    for (int robust = 0; robust < 2; robust++) {
      lun_cox_options options = { .ties = LUN_COX_EFRON, .robust = robust };
      lun_cox_screen screen;
      lun_cox_input in = c.in;
      in.order = order;
      if (kind == 1) in.weights = c.weight;
      if (kind == 2) in.offset = offset;
      if (kind == 3) in.start = c.start;
      if (kind == 4) in.strata = c.strata;
      if (kind == 5) in.cluster = c.cluster;
      if (kind == 6) in.freq = freq;
      assert_int_equal(lun_cox_screen_fit(&env, &screen, &in, &options), LUN_OK);
      in.p = 1;
      for (int j = 0; j < P; j++) {
        lun_cox f;
        in.x = c.columns + j;
        assert_int_equal(lun_cox_fit(&env, &f, &in, &options), LUN_OK);
        ASSERT_NEAR(f.coef[0], screen.coef[j], 1e-9);
        ASSERT_NEAR(f.se[0], screen.se[j], 1e-9);
        lun_cox_fini(&f);
      }
      lun_cox_screen_fini(&screen);
    }
  }
}

/* --- many fits of one response ---------------------------------------------------------------- */

enum { MANY = 40000, FEW = 160 };

typedef struct large {
  double stop[MANY], x1[MANY], x2[MANY];
  unsigned char event[MANY];
  const double *columns[2];
  lun_cox_input in;
} large;

static large *make_large(size_t n, double days)
{
  static large l;
  lun_rng rng;
  lun_rng_open(&rng, 4, "large", n);
  for (size_t i = 0; i < n; i++) {
    l.x1[i] = lun_rng_normal(&rng);
    l.x2[i] = lun_rng_uniform(&rng) < 0.3;
    l.stop[i] = ceil(lun_rng_exponential(&rng) * days / exp(l.x1[i] / 2));
    l.event[i] = lun_rng_uniform(&rng) < 0.6;
  }
  l.columns[0] = l.x1, l.columns[1] = l.x2;
  l.in = (lun_cox_input){ .n = n, .p = 2, .stop = l.stop, .event = l.event, .x = l.columns };
  return &l;
}

static void same_bits(const lun_cox *a, const lun_cox *b)
{
  assert_memory_equal(a->coef, b->coef, a->p * sizeof *a->coef);
  assert_memory_equal(a->vcov, b->vcov, a->p * a->p * sizeof *a->vcov);
  assert_memory_equal(&a->loglik, &b->loglik, sizeof a->loglik);
}

/* The same bits for any number of threads, with few and with many event times. */
static void test_threads(void **state)
{
  (void)state;
  lun_cox one, many;
  for (double days = 500; days < 1e10; days *= 1e6) {
    large *l = make_large(MANY, days);
    fit(&one, &l->in, LUN_COX_EFRON);
    for (env.threads = 2; env.threads < 8; env.threads += 5) {
      fit(&many, &l->in, LUN_COX_EFRON);
      same_bits(&one, &many);
      lun_cox_fini(&many);
    }
    env.threads = 1;
    lun_cox_fini(&one);
  }
}

/* The sums of the parts, carried from one to the next, are those of delayed entry, where everyone
 * enters at 0: event times and strata of many parts, of one, of a few rows. */
static void test_parts(void **state)
{
  (void)state;
  static double zero[MANY];
  static int32_t strata[MANY];
  for (double days = 0.5; days < 1e10; days *= 1e3) {
    for (int kinds = 0; kinds < 3; kinds++) {
      large *l = make_large(MANY, days);
      lun_cox_input in = l->in;
      lun_cox sum, entry;
      lun_cox_risk_means a, b;
      lun_pool pool;
      lun_pool_init(&pool, &env);
      for (size_t i = 0; i < MANY; i++)
        strata[i] = (int32_t)(kinds == 1 ? i * i % 3 : i / 7);
      if (kinds) in.strata = strata;
      fit(&sum, &in, LUN_COX_EFRON);
      in.start = zero;
      fit(&entry, &in, LUN_COX_EFRON);
      ASSERT_NEAR(entry.loglik, sum.loglik, 1e-12);
      for (size_t j = 0; j < 2; j++) {
        ASSERT_NEAR(entry.coef[j], sum.coef[j], 1e-9);
        ASSERT_NEAR(entry.se[j], sum.se[j], 1e-9);
      }
      assert_int_equal(lun_cox_risk_means_new(&pool, &a, &sum.terms, &sum.data), LUN_OK);
      assert_int_equal(lun_cox_risk_means_new(&pool, &b, &entry.terms, &entry.data), LUN_OK);
      for (size_t k = 0; k < sum.data.m; k++)
        for (size_t j = 0; j < 2; j++) {
          assert_true(fabs(lun_cox_mean(&a, k)[j] - lun_cox_mean(&b, k)[j]) < 1e-9);
          assert_true(fabs(lun_cox_tied(&a, k)[j] - lun_cox_tied(&b, k)[j]) < 1e-9);
        }
      lun_pool_fini(&pool);
      lun_cox_fini(&sum), lun_cox_fini(&entry);
    }
  }
}

/* Models that share the layout of their response, which may go before them. */
static void test_shared_layout(void **state)
{
  (void)state;
  large *l = make_large(1000, 300);
  lun_cox_layout *shared = NULL;
  lun_cox alone, first, again;
  fit(&alone, &l->in, LUN_COX_EFRON);
  l->in.shared = &shared;
  fit(&first, &l->in, LUN_COX_EFRON);
  fit(&again, &l->in, LUN_COX_EFRON);
  assert_ptr_equal(first.data.row, again.data.row);
  assert_int_equal(shared->users, 3);
  for (size_t j = 0; j < 2; j++) {
    ASSERT_NEAR(alone.coef[j], first.coef[j], 1e-12);
    ASSERT_NEAR(alone.se[j], first.se[j], 1e-12);
  }
  same_bits(&first, &again);
  lun_cox_fini(&first);
  l->in.cause = 2; /* another event: another layout */
  fit(&first, &l->in, LUN_COX_EFRON);
  assert_ptr_not_equal(first.data.row, again.data.row);
  l->x1[3] = NAN; /* not all rows: a layout of its own */
  lun_cox_fini(&first);
  fit(&first, &l->in, LUN_COX_EFRON);
  assert_null(first.data.layout);
  assert_int_equal(first.data.missing, 1);
  lun_cox_layout_leave(shared);
  assert_true(again.data.time[0] > 0);
  lun_cox_fini(&alone), lun_cox_fini(&first), lun_cox_fini(&again);
}

/* A refit is a fit with frequencies, with strata as well, one of which loses all its events; with
 * case weights and offsets. */
static void test_refit(void **state)
{
  (void)state;
  large *l = make_large(FEW, 60);
  static int32_t strata[FEW];
  static double freq[FEW], weight[FEW], offset[FEW];
  uint32_t count[FEW];
  double coef[2];
  lun_rng rng;
  lun_rng_open(&rng, 5, "refit", 0);
  for (size_t i = 0; i < FEW; i++) {
    strata[i] = i < 6 ? 0 : 1 + (int32_t)(i % 3);
    weight[i] = 0.5 + (double)(i % 7) / 4;
    offset[i] = (double)(i % 5) / 3;
  }
  for (int round = 0; round < 60; round++) {
    lun_cox_refit refit;
    lun_cox f;
    lun_cox_input in = l->in;
    lun_cox_ties ties = round % 4 < 2 ? LUN_COX_EFRON : LUN_COX_BRESLOW;
    if (round % 2) in.strata = strata;
    if (round % 3 == 1) in.weights = weight;
    if (round % 5 == 1) in.offset = offset;
    assert_int_equal(lun_cox_refit_init(&env, &refit, &in, ties), LUN_OK);
    for (size_t i = 0; i < FEW; i++) {
      count[i] = (uint32_t)lun_rng_below(&rng, 3) * (i >= 6 || round > 30);
      freq[i] = count[i];
    }
    assert_int_equal(lun_cox_refit_at(&refit, count, coef), LUN_OK);
    in.freq = freq;
    fit(&f, &in, ties);
    ASSERT_NEAR(f.coef[0], coef[0], 1e-9);
    ASSERT_NEAR(f.coef[1], coef[1], 1e-9);
    lun_cox_fini(&f);
    memset(count, 0, sizeof count);
    assert_int_equal(lun_cox_refit_at(&refit, count, coef), LUN_OK);
    assert_true(isnan(coef[0]));
    lun_cox_refit_fini(&refit);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_breslow_by_hand),
    cmocka_unit_test(test_efron_by_hand),
    cmocka_unit_test(test_exact_is_monotone),
    cmocka_unit_test(test_weights),
    cmocka_unit_test(test_split_rows),
    cmocka_unit_test(test_permuted_shifted_scaled),
    cmocka_unit_test(test_offsets),
    cmocka_unit_test(test_stratum_copied),
    cmocka_unit_test(test_untied),
    cmocka_unit_test(test_aliased),
    cmocka_unit_test(test_separated),
    cmocka_unit_test(test_bad_input),
    cmocka_unit_test(test_rows_left_out),
    cmocka_unit_test(test_no_columns),
    cmocka_unit_test(test_lanes),
    cmocka_unit_test(test_screen),
    cmocka_unit_test(test_screen_kinds),
    cmocka_unit_test(test_threads),
    cmocka_unit_test(test_parts),
    cmocka_unit_test(test_shared_layout),
    cmocka_unit_test(test_refit),
  };
  return cmocka_run_group_tests_name("cox", tests, setup, teardown);
}
