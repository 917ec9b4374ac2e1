/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/boot.h"

#include <math.h>
#include <string.h>

#include "base/order.h"
#include "base/par.h"
#include "base/rng.h"
#include "stat/dist.h"
#include "stat/summary.h"

/* --- what is drawn --------------------------------------------------------------------------- */

/* The stratum of each cluster and its number of rows. */
static lun_status visit(lun_env *env, size_t n, const lun_boot_design *d, int32_t *where,
                        uint32_t *size)
{
  for (size_t i = 0; i < n; i++) {
    int32_t c = d->cluster ? d->cluster[i] : (int32_t)i, h = d->strata ? d->strata[i] : 0;
    if (c < 0 || h < 0)
      return lun_fail(env, LUN_EDATA, "[data.missing] bootstrap: row %z has no %s", i + 1,
                      h < 0 ? "stratum" : "cluster");
    if (size[c]++ && where[c] != h)
      return lun_fail(env, LUN_EDATA,
                      "[data.cluster] bootstrap: the cluster of row %z lies in two strata", i + 1);
    where[c] = h;
  }
  return LUN_OK;
}

/* Numbers the clusters that have rows: by stratum, then by code. */
static void number_units(lun_boot_plan *p, size_t clusters, const int32_t *where, uint32_t *size,
                         uint32_t *unit)
{
  for (size_t c = 0; c < clusters; c++)
    if (size[c]) p->stratum[where[c] + 1]++;
  for (size_t h = 0; h < p->strata; h++) p->stratum[h + 1] += p->stratum[h];
  p->units = p->stratum[p->strata];
  for (size_t c = 0; c < clusters; c++) {
    if (!size[c]) continue;
    unit[c] = p->stratum[where[c]]++;
    p->first[unit[c] + 1] = size[c];
  }
  memmove(p->stratum + 1, p->stratum, p->strata * sizeof *p->stratum);
  p->stratum[0] = 0;
  for (size_t u = 0; u < p->units; u++) p->first[u + 1] += p->first[u];
}

lun_status lun_boot_plan_new(lun_pool *pool, lun_boot_plan *out, size_t n,
                             const lun_boot_design *design)
{
  size_t clusters = design->cluster ? design->c : n;
  lun_pool work;
  *out = (lun_boot_plan){ .n = n, .strata = design->strata ? design->k : 1 };
  if (n >= INT32_MAX) return lun_fail(pool->env, LUN_ELIMIT, "bootstrap: more than 2^31 rows");
  lun_pool_init(&work, pool->env);
  int32_t *where = LUN_NEW(&work, int32_t, clusters);
  uint32_t *size = LUN_NEW(&work, uint32_t, clusters), *unit = LUN_NEW(&work, uint32_t, clusters);
  out->first = LUN_NEW(pool, uint32_t, clusters + 1);
  out->rows = LUN_NEW(pool, uint32_t, n);
  out->stratum = LUN_NEW(pool, uint32_t, out->strata + 1);
  lun_status st =
      where && size && unit && out->first && out->rows && out->stratum ? LUN_OK : LUN_ENOMEM;
  if (st == LUN_OK) st = visit(pool->env, n, design, where, size);
  if (st == LUN_OK) {
    number_units(out, clusters, where, size, unit);
    memset(size, 0, clusters * sizeof *size);
    for (size_t i = 0; i < n; i++) {
      int32_t c = design->cluster ? design->cluster[i] : (int32_t)i;
      out->rows[out->first[unit[c]] + size[c]++] = (uint32_t)i;
    }
  }
  lun_pool_fini(&work);
  return st;
}

void lun_boot_draw(const lun_boot_plan *p, uint64_t seed, const char *stream, size_t replicate,
                   uint32_t *count)
{
  lun_rng rng;
  lun_rng_open(&rng, seed, stream, replicate);
  memset(count, 0, p->n * sizeof *count);
  for (size_t h = 0; h < p->strata; h++) {
    uint32_t from = p->stratum[h], units = p->stratum[h + 1] - from;
    for (uint32_t draw = 0; draw < units; draw++) {
      size_t u = from + lun_rng_below(&rng, units);
      for (uint32_t r = p->first[u]; r < p->first[u + 1]; r++) count[p->rows[r]]++;
    }
  }
}

/* --- replicates ------------------------------------------------------------------------------ */

enum { BATCH = 64 }; /* items of a thread between two looks at the stop flag */

typedef struct slot {
  uint32_t *count;
  double *work, *value;
  lun_status st;
} slot;

typedef struct run {
  const lun_boot_task *task;
  lun_boot *out;
  slot *slots;
  size_t from; /* item of the batch's first */
} run;

static void rows_of_item(const run *r, size_t item, uint32_t *count)
{
  const lun_boot_task *t = r->task;
  const lun_boot_plan *p = t->plan;
  if (item > 0 && item <= t->replicates && !t->given) {
    lun_boot_draw(p, t->seed, t->stream, item, count);
    return;
  }
  int given = item > 0 && item <= t->replicates;
  for (size_t i = 0; i < p->n; i++) count[i] = !given;
  for (size_t i = 0; given && i < p->n; i++) count[t->given[(item - 1) * p->n + i]]++;
  if (item <= t->replicates) return;
  size_t u = item - 1 - t->replicates;
  for (uint32_t k = p->first[u]; k < p->first[u + 1]; k++) count[p->rows[k]] = 0;
}

/* Item 0 is the sample itself, then the replicates, then the jackknife. */
static void store(const run *r, size_t item, const double *value)
{
  lun_boot *b = r->out;
  for (size_t j = 0; j < b->k; j++) {
    if (item == 0) b->t0[j] = value[j];
    else if (item <= b->replicates) b->t[j * b->replicates + item - 1] = value[j];
    else b->jack[j * b->units + item - 1 - b->replicates] = value[j];
  }
}

static void work_on(void *ctx, size_t block, size_t from, size_t to)
{
  const run *r = ctx;
  slot *s = &r->slots[block];
  for (size_t i = from; i < to && s->st == LUN_OK; i++) {
    rows_of_item(r, r->from + i, s->count);
    s->st = r->task->statistic(r->task->ctx, s->count, s->work, s->value);
    store(r, r->from + i, s->value);
  }
}

static lun_status all_items(lun_env *env, run *r, size_t items, size_t slots)
{
  for (r->from = 0; r->from < items; r->from += slots * BATCH) {
    size_t left = items - r->from, n = left < slots * BATCH ? left : slots * BATCH;
    lun_status st = lun_par_run(env, n, BATCH, work_on, r);
    for (size_t k = 0; k < slots && st == LUN_OK; k++) st = r->slots[k].st;
    if (st != LUN_OK) return st;
  }
  return LUN_OK;
}

static int make_slots(lun_pool *work, slot *s, size_t slots, const lun_boot_task *task)
{
  for (size_t k = 0; k < slots; k++) {
    s[k].count = LUN_NEW(work, uint32_t, task->plan->n);
    s[k].work = LUN_NEW(work, double, task->work);
    s[k].value = LUN_NEW(work, double, task->k);
    if (!s[k].count || !s[k].work || !s[k].value) return 0;
  }
  return 1;
}

lun_status lun_boot_run(lun_env *env, lun_boot *out, const lun_boot_task *task)
{
  size_t slots = task->serial || env->threads < 1 ? 1 : env->threads < 64 ? env->threads : 64;
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, env);
  lun_pool_init(&out->pool, env);
  out->replicates = task->replicates, out->k = task->k;
  out->units = task->jackknife ? task->plan->units : 0;
  out->t0 = LUN_NEW(&out->pool, double, out->k);
  out->t = LUN_NEW(&out->pool, double, out->k * out->replicates);
  out->jack = LUN_NEW(&out->pool, double, out->k * out->units);
  run r = { task, out, LUN_NEW(&work, slot, slots), 0 };
  if (!out->t0 || !out->t || !out->jack || !r.slots || !make_slots(&work, r.slots, slots, task))
    goto done;
  st = all_items(env, &r, 1 + out->replicates + out->units, slots);
done:
  lun_pool_fini(&work);
  if (st != LUN_OK) lun_boot_fini(out);
  return st;
}

void lun_boot_fini(lun_boot *boot)
{
  lun_pool_fini(&boot->pool);
  memset(boot, 0, sizeof *boot);
}

/* --- limits ---------------------------------------------------------------------------------- */

/* sum L^3 / (6 (sum L^2)^(3/2)), L: mean of the jackknife values less each; NaN when undefined. */
static double acceleration_of(const double *jack, size_t n)
{
  double mean = 0, squares = 0, cubes = 0;
  for (size_t i = 0; i < n; i++) mean += jack[i] / (double)n;
  for (size_t i = 0; i < n; i++) {
    double l = mean - jack[i];
    squares += l * l;
    cubes += l * l * l;
  }
  return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : NAN;
}

static void bca(lun_boot_limits *out, const double *sorted, size_t n, double z)
{
  for (int side = 0; side < 2; side++) {
    double at = out->z0 + (side ? z : -z), p = at / (1 - out->acceleration * at);
    out->probs[side] = isfinite(p) ? lun_norm_cdf(out->z0 + p) : NAN;
    if (!isnan(out->probs[side]))
      out->bca[side] = lun_quantile(sorted, n, out->probs[side], LUN_QUANTILE_R);
  }
}

/* The defined values in increasing order, their mean and standard deviation. */
static size_t sort_values(lun_boot_limits *out, const lun_boot_values *in, const size_t *index,
                          double *sorted)
{
  size_t n = 0;
  double squares = 0;
  for (size_t i = 0; i < in->n && !isnan(in->t[index[i]]); i++) sorted[n++] = in->t[index[i]];
  out->undefined = in->n - n;
  for (size_t i = 0; i < n; i++) out->mean += sorted[i] / (double)n;
  for (size_t i = 0; i < n; i++) squares += (sorted[i] - out->mean) * (sorted[i] - out->mean);
  out->se = n > 1 ? sqrt(squares / (double)(n - 1)) : NAN;
  return n;
}

lun_status lun_boot_limits_of(lun_env *env, lun_boot_limits *out, const lun_boot_values *in,
                              double level)
{
  double z = lun_norm_quantile(0.5 + level / 2), tail = (1 - level) / 2;
  lun_pool work;
  lun_pool_init(&work, env);
  *out = (lun_boot_limits){
    .bca = { NAN, NAN }, .probs = { NAN, NAN }, .z0 = NAN, .acceleration = NAN
  };
  size_t *index = LUN_NEW(&work, size_t, in->n), n = 0, below = 0;
  double *sorted = LUN_NEW(&work, double, in->n);
  lun_status st = index && sorted ? lun_order_doubles(env, index, in->t, in->n) : LUN_ENOMEM;
  if (st != LUN_OK) goto done;
  n = sort_values(out, in, index, sorted);
  if (n == 0) out->mean = NAN;
  for (int side = 0; side < 2; side++)
    out->percentile[side] = lun_quantile(sorted, n, side ? 1 - tail : tail, LUN_QUANTILE_R);
  for (int side = 0; side < 2; side++) out->basic[side] = 2 * in->t0 - out->percentile[1 - side];
  while (below < n && sorted[below] < in->t0) below++;
  if (below > 0 && below < n) out->z0 = lun_norm_quantile((double)below / (double)n);
  if (in->jack) out->acceleration = acceleration_of(in->jack, in->units);
  if (isfinite(out->z0) && isfinite(out->acceleration)) bca(out, sorted, n, z);
done:
  lun_pool_fini(&work);
  return st;
}
