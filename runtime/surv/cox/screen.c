/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/screen.h"

#include <math.h>
#include <string.h>

#include "base/cpu.h"
#include "stat/dist.h"
#include "surv/cox/lanes.h"

enum { LANES = 4, BLOCK = LUN_COX_BLOCK, MAX_STEPS = 12, MAX_EXPONENT = 600 };
static const double SETTLED = 1e-18, LEAST_INFORMATION = 1e-6;

typedef double vec __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef int64_t ints __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE void take_absolute(vec *to, const vec *x)
{
  *to = (vec)((ints)*x & INT64_MAX);
}

/* Rows by decreasing time, in runs: some that are censored, then the deaths of one time. */
typedef struct run {
  uint32_t censored, deaths;
} run;

typedef struct work {
  size_t n, padded, runs;
  uint32_t *row; /* n */
  run *run;
  double *x, *eta, *risk; /* LANES to a row; padded to whole blocks */
  double most[LANES];     /* largest |x| */
  int efron;
} work;

/* --- the rows, once --------------------------------------------------------------------------- */

static lun_status lay_out(lun_pool *pool, work *w, const lun_cox_input *in)
{
  size_t n = in->n, blocks = (n * LANES + BLOCK - 1) / BLOCK, events = 0;
  w->n = n;
  w->padded = blocks * BLOCK;
  w->row = LUN_NEW(pool, uint32_t, n);
  w->run = LUN_NEW(pool, run, n + 1);
  w->x = LUN_NEW(pool, double, 3 * w->padded);
  if (!w->row || !w->run || !w->x) return LUN_ENOMEM;
  w->eta = w->x + w->padded;
  w->risk = w->eta + w->padded;
  for (size_t to = n, from, at = 0; to > 0; to = from) {
    double time = in->stop[in->order[to - 1]];
    run *r = w->run + w->runs;
    if (r->deaths) r = w->run + ++w->runs;
    for (from = to; from > 0 && in->stop[in->order[from - 1]] == time;) from--;
    for (int dead = 0; dead < 2; dead++) { /* another cause's deaths may lie behind this one's */
      for (size_t i = to; i-- > from;) {
        uint32_t row = in->order[i];
        if ((in->event[row] != 0) == dead) w->row[at++] = row, dead ? r->deaths++ : r->censored++;
      }
    }
    events += r->deaths;
  }
  w->runs++;
  if (!events) return lun_fail(pool->env, LUN_EDATA, "[data.no-events] no events among %z rows", n);
  return LUN_OK;
}

/* --- four columns ----------------------------------------------------------------------------- */

/* Copies four columns into the lanes, centred and scaled; given: 0 where one has a missing value or
 * is constant. Lanes without a column repeat the first. */
LUN_DISPATCHED
static void take_columns(work *w, const double *const *column, int *given, double *scale)
{
  vec sum = { 0 }, spread = { 0 }, most = { 0 }, size, *x = (vec *)w->x;
  vec origin = { column[0][w->row[0]], column[1][w->row[0]], column[2][w->row[0]],
                 column[3][w->row[0]] };
  for (size_t i = 0; i < w->n; i++) {
    size_t row = w->row[i];
    vec v = { column[0][row], column[1][row], column[2][row], column[3][row] };
    x[i] = v - origin;
    sum += x[i];
  }
  vec mean = sum / (double)w->n;
  for (size_t i = 0; i < w->n; i++) {
    x[i] -= mean;
    take_absolute(&size, x + i);
    spread += size;
  }
  for (int k = 0; k < LANES; k++) {
    given[k] = spread[k] > 0 && spread[k] < INFINITY;
    scale[k] = given[k] ? spread[k] / (double)w->n : 1;
  }
  vec by = *(const vec *)scale;
  for (size_t i = 0; i < w->n; i++) {
    x[i] = x[i] / by;
    take_absolute(&size, x + i);
    most = (vec)(((ints)size & (size > most)) | ((ints)most & ~(size > most)));
  }
  *(vec *)w->most = most;
}

/* exp(beta x); 1 at the start. */
INLINE void find_risks(work *w, const double *beta)
{
  const vec *x = (const vec *)w->x, b = *(const vec *)beta;
  int start = beta[0] == 0 && beta[1] == 0 && beta[2] == 0 && beta[3] == 0;
  for (size_t i = 0; start && i < w->n; i++) ((vec *)w->risk)[i] = b + 1;
  for (size_t i = 0; !start && i < w->n; i++) ((vec *)w->eta)[i] = b * x[i];
  for (size_t i = 0; !start && i < w->padded; i += BLOCK)
    lun_lanes_risk(w->risk + i, w->eta + i, 0, NULL);
}

/* Score and information at the beta of each lane. */
LUN_DISPATCHED
static void evaluate(work *w, const double *beta, double *score, double *information)
{
  const vec *x = (const vec *)w->x, *risk = (const vec *)w->risk;
  vec s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, u = { 0 }, v = { 0 };
  find_risks(w, beta);
  for (const run *r = w->run; r < w->run + w->runs; r++) {
    vec t0 = { 0 }, t1 = { 0 }, t2 = { 0 };
    for (uint32_t i = 0; i < r->censored; i++, x++, risk++) {
      vec first = *risk * *x;
      s0 += *risk, s1 += first, s2 += first * *x;
    }
    for (uint32_t i = 0; i < r->deaths; i++, x++, risk++) {
      vec first = *risk * *x;
      t0 += *risk, t1 += first, t2 += first * *x, u += *x;
    }
    s0 += t0, s1 += t1, s2 += t2;
    if (r->deaths == 1 || !w->efron) {
      vec inverse = 1 / s0, mean = s1 * inverse;
      u -= (double)r->deaths * mean;
      v += (double)r->deaths * (s2 * inverse - mean * mean);
      continue;
    }
    for (uint32_t l = 0; l < r->deaths; l++) {
      double f = (double)l / r->deaths;
      vec inverse = 1 / (s0 - f * t0), mean = (s1 - f * t1) * inverse;
      u -= mean;
      v += (s2 - f * t2) * inverse - mean * mean;
    }
  }
  *(vec *)score = u;
  *(vec *)information = v;
}

/* Newton steps of all lanes; done[lane] nonzero where they settled. The likelihood is concave, so
 * that where the score is 0 it is the maximum. */
static void climb(work *w, double *beta, double *information, int *done)
{
  double score[LANES];
  for (int step = 0; step < MAX_STEPS; step++) {
    int left = 0;
    evaluate(w, beta, score, information);
    for (int k = 0; k < LANES; k++) {
      double change = score[k] / information[k];
      int sound =
          information[k] > LEAST_INFORMATION && fabs(beta[k] + change) * w->most[k] < MAX_EXPONENT;
      done[k] = sound && change * score[k] <= SETTLED;
      if (sound) beta[k] += change;
      left += sound && !done[k];
    }
    if (!left) return;
  }
}

static void fill(lun_cox_screen *out, size_t j, double coef, double se)
{
  out->coef[j] = coef;
  out->se[j] = se;
  out->z[j] = coef / se;
  out->pvalue[j] = 2 * lun_norm_upper(fabs(out->z[j]));
  out->log10_p[j] = lun_chisq_log_upper(out->z[j] * out->z[j], 1) / M_LN10;
}

/* --- one column as any model ------------------------------------------------------------------ */

static lun_status fit_one(lun_env *env, lun_cox_screen *out, size_t j, const lun_cox_input *in,
                          const lun_cox_options *options)
{
  lun_cox fit;
  lun_cox_input one = *in;
  one.p = 1;
  one.x = in->x + j;
  lun_status st = lun_cox_fit(env, &fit, &one, options);
  if (st == LUN_EDATA) { /* nothing is left of it */
    out->coef[j] = out->se[j] = out->z[j] = out->pvalue[j] = out->log10_p[j] = NAN;
    return LUN_OK;
  }
  if (st != LUN_OK) return st;
  out->coef[j] = fit.coef[0];
  out->se[j] = fit.se[0];
  out->z[j] = fit.z[0];
  out->pvalue[j] = fit.pvalue[0];
  out->log10_p[j] = fit.log10_p[0];
  lun_cox_fini(&fit);
  return LUN_OK;
}

static lun_status fit_four(lun_env *env, lun_cox_screen *out, work *w, size_t first,
                           const lun_cox_input *in, const lun_cox_options *options)
{
  double beta[LANES] = { 0 }, information[LANES], scale[LANES];
  int given[LANES] = { 0 }, done[LANES];
  size_t lanes = in->p - first < LANES ? in->p - first : LANES;
  const double *column[LANES];
  for (size_t k = 0; k < LANES; k++) column[k] = in->x[first + (k < lanes ? k : 0)];
  take_columns(w, column, given, scale);
  climb(w, beta, information, done);
  for (size_t k = 0; k < lanes; k++) {
    lun_status st = LUN_OK;
    if (given[k] && done[k])
      fill(out, first + k, beta[k] / scale[k], 1 / (sqrt(information[k]) * scale[k]));
    else st = fit_one(env, out, first + k, in, options);
    if (st != LUN_OK) return st;
  }
  return lun_env_check(env);
}

static int suits_lanes(const lun_cox_input *in, const lun_cox_options *options)
{
  return !in->start && !in->strata && !in->cluster && !in->offset && !in->weights && !in->freq &&
         in->order && !options->robust && options->ties != LUN_COX_EXACT && in->n > 0;
}

lun_status lun_cox_screen_fit(lun_env *env, lun_cox_screen *out, const lun_cox_input *in,
                              const lun_cox_options *options)
{
  lun_pool pool;
  lun_status st = LUN_ENOMEM;
  work w = { .most = { 0 }, .efron = options->ties == LUN_COX_EFRON };
  memset(out, 0, sizeof *out);
  lun_pool_init(&out->pool, env);
  lun_pool_init(&pool, env);
  out->p = in->p;
  double *room = LUN_NEW(&out->pool, double, 5 * in->p);
  if (!room) goto done;
  out->coef = room, out->se = room + in->p, out->z = room + 2 * in->p;
  out->pvalue = room + 3 * in->p, out->log10_p = room + 4 * in->p;
  st = LUN_OK;
  if (!suits_lanes(in, options)) {
    for (size_t j = 0; j < in->p && st == LUN_OK; j++) st = fit_one(env, out, j, in, options);
    goto done;
  }
  st = lay_out(&pool, &w, in);
  for (size_t j = 0; j < in->p && st == LUN_OK; j += LANES)
    st = fit_four(env, out, &w, j, in, options);
done:
  lun_pool_fini(&pool);
  if (st != LUN_OK) lun_cox_screen_fini(out);
  return st;
}

void lun_cox_screen_fini(lun_cox_screen *s)
{
  if (s->pool.env) lun_pool_fini(&s->pool);
  memset(s, 0, sizeof *s);
}
