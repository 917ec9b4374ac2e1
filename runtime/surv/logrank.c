/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/logrank.h"

#include <math.h>
#include <string.h>

#include "stat/dist.h"
#include "stat/linalg.h"
#include "surv/cox/data.h"
#include "surv/cox/lanes.h"
#include "surv/logrank_robust.h"

enum { BLOCK = LUN_COX_BLOCK };

/* --- weights --------------------------------------------------------------------------------- */

static double weight_logrank(const lun_logrank_point *p, double rho, double gamma)
{
  (void)p, (void)rho, (void)gamma;
  return 1;
}

static double weight_gehan(const lun_logrank_point *p, double rho, double gamma)
{
  (void)rho, (void)gamma;
  return p->n;
}

static double weight_tarone_ware(const lun_logrank_point *p, double rho, double gamma)
{
  (void)rho, (void)gamma;
  return sqrt(p->n);
}

static double weight_peto(const lun_logrank_point *p, double rho, double gamma)
{
  (void)rho, (void)gamma;
  return p->peto;
}

static double weight_modified_peto(const lun_logrank_point *p, double rho, double gamma)
{
  (void)rho, (void)gamma;
  return p->peto * p->n / (p->n + 1);
}

static double weight_fleming_harrington(const lun_logrank_point *p, double rho, double gamma)
{
  return pow(p->km_before, rho) * pow(1 - p->km_before, gamma);
}

const lun_logrank_kind LUN_LOGRANK_KINDS[] = {
  { "logrank", "1", weight_logrank, 0 },
  { "gehan", "number at risk", weight_gehan, 0 },
  { "tarone-ware", "square root of the number at risk", weight_tarone_ware, 0 },
  { "peto", "Peto's estimate of survival", weight_peto, 1 },
  { "modified-peto", "Peto's estimate times n / (n + 1)", weight_modified_peto, 1 },
  { "fleming-harrington", "S(t-)^rho (1 - S(t-))^gamma", weight_fleming_harrington, 1 },
  { NULL, NULL, NULL, 0 },
};

const char *const LUN_LOGRANK_NAMES[] = { "logrank",       "gehan",         "tarone-ware",
                                          "peto",          "modified-peto", "fleming-harrington",
                                          NULL };

/* --- the past --------------------------------------------------------------------------------- */

/* Weights of every test at every event time of one stratum, the last time first, as the walk goes.
 */
typedef struct past {
  lun_logrank_point *point;
  double *weight; /* point number * tests + test */
  size_t m;
} past;

static void collect(lun_riskset *w, past *q)
{
  q->m = 0;
  while (lun_riskset_next(w)) {
    if (w->d > 0) q->point[q->m++] = (lun_logrank_point){ .n = w->n, .d = w->d };
  }
  lun_riskset_rewind(w);
}

static void weigh(const lun_logrank_options *o, past *q)
{
  double km = 1, peto = 1;
  for (size_t j = q->m; j-- > 0;) {
    lun_logrank_point *p = &q->point[j];
    p->km_before = km;
    km *= (p->n - p->d) / p->n;
    peto *= 1 - p->d / (p->n + 1);
    p->peto = peto;
    for (size_t a = 0; a < o->count; a++) {
      const lun_logrank_weight *t = &o->tests[a];
      q->weight[j * o->count + a] = LUN_LOGRANK_KINDS[t->kind].at(p, t->rho, t->gamma);
    }
  }
}

/* --- accumulation ---------------------------------------------------------------------------- */

/* Event times are taken a block at a time. The hypergeometric covariance of groups g and h is minus
 * the sum over event times of d (n - d) / (n - 1) n_g n_h / n^2; each row of it sums to 0. */
struct lun_logrank_block {
  size_t filled;
  double *risk, *work, *products;         /* k columns; the same; k x k */
  double *weight;                         /* tests columns */
  double share[BLOCK], spread[BLOCK], factor[BLOCK]; /* d/n; d (n - d) / (n - 1) / n^2; work */
};

/* The covariance of tests a and b, less of which is known before. */
static void add_variance(lun_logrank *r, size_t a, size_t b)
{
  struct lun_logrank_block *q = r->block;
  size_t k = r->k, size = r->tests * k;
  const double *of_a = q->weight + a * BLOCK, *of_b = q->weight + b * BLOCK;
  double *v = r->variance + a * k * size + b * k;
  for (size_t i = 0; i < BLOCK; i++) q->factor[i] = of_a[i] * of_b[i] * q->spread[i];
  memset(q->products, 0, k * k * sizeof *q->products);
  lun_lanes_gram(q->products, q->risk, q->work, q->factor, k, q->filled);
  for (size_t g = 0; g < k; g++) {
    for (size_t h = 0; h < g; h++) {
      double x = q->products[g * k + h];
      v[g * size + h] -= x, v[h * size + g] -= x;
      v[g * size + g] += x, v[h * size + h] += x;
    }
  }
}

static void add_block(lun_logrank *r)
{
  struct lun_logrank_block *q = r->block;
  for (size_t i = q->filled; i < BLOCK; i++) q->share[i] = q->spread[i] = 0;
  for (size_t a = 0; q->filled && a < r->tests; a++) {
    for (size_t i = 0; i < BLOCK; i++) q->factor[i] = q->weight[a * BLOCK + i] * q->share[i];
    lun_lanes_dots(r->expected + a * r->k, q->factor, q->risk, r->k);
    for (size_t b = 0; b <= a; b++) add_variance(r, a, b);
  }
  q->filled = 0;
}

static void add_time(lun_logrank *r, const lun_riskset *w, const double *weight)
{
  struct lun_logrank_block *q = r->block;
  size_t i = q->filled++;
  for (size_t g = 0; g < r->k; g++) q->risk[g * BLOCK + i] = w->n_risk[g];
  for (size_t a = 0; a < r->tests; a++) {
    q->weight[a * BLOCK + i] = weight[a];
    for (size_t g = 0; g < r->k; g++) r->observed[a * r->k + g] += weight[a] * w->n_event[g];
  }
  q->share[i] = w->d / w->n;
  q->spread[i] = w->n > 1 ? q->share[i] * (w->n - w->d) / (w->n - 1) / w->n : 0;
  if (q->filled == BLOCK) add_block(r);
}

static lun_status reserve_block(lun_logrank *r)
{
  struct lun_logrank_block *q = r->block = LUN_NEW(&r->pool, struct lun_logrank_block, 1);
  size_t k = r->k;
  if (!q) return LUN_ENOMEM;
  q->risk = LUN_NEW(&r->pool, double, k * BLOCK);
  q->work = LUN_NEW(&r->pool, double, k * BLOCK);
  q->products = LUN_NEW(&r->pool, double, k * k);
  q->weight = LUN_NEW(&r->pool, double, r->tests * BLOCK);
  return q->risk && q->work && q->products && q->weight ? LUN_OK : LUN_ENOMEM;
}

/* Whether a test weighs an event time by what came before it. */
static int needs_past(const lun_logrank_options *o)
{
  for (size_t a = 0; a < o->count; a++)
    if (LUN_LOGRANK_KINDS[o->tests[a].kind].past) return 1;
  return o->weight != NULL;
}

/* One walk: the weights are known at once. */
static void add_times(lun_logrank *r, lun_riskset *w, const lun_logrank_options *o, double *weight)
{
  while (lun_riskset_next(w)) {
    if (w->d == 0) continue;
    lun_logrank_point p = { .n = w->n, .d = w->d };
    for (size_t a = 0; a < o->count; a++)
      weight[a] = LUN_LOGRANK_KINDS[o->tests[a].kind].at(&p, 0, 0);
    add_time(r, w, weight);
  }
}

static lun_status walk_stratum(lun_logrank *r, lun_surv *s, const lun_riskset_options *ro,
                               const lun_logrank_options *o)
{
  lun_pool work;
  lun_riskset w;
  past q;
  lun_pool_init(&work, r->env);
  lun_status st = lun_riskset_init(&work, &w, s, ro, o->weight != NULL);
  if (st != LUN_OK) goto done;
  size_t times = lun_riskset_times(&w);
  st = LUN_ENOMEM;
  if (!needs_past(o)) times = 1;
  q.point = LUN_RAW(&work, lun_logrank_point, times);
  q.weight = LUN_RAW(&work, double, times * o->count);
  if (!q.point || !q.weight) goto done;
  if (!needs_past(o)) {
    add_times(r, &w, o, q.weight);
    st = LUN_OK;
    goto done;
  }
  collect(&w, &q);
  weigh(o, &q);
  for (size_t j = 0; lun_riskset_next(&w);) {
    if (w.d > 0) add_time(r, &w, q.weight + o->count * j++);
  }
  lun_riskset_rewind(&w);
  st = o->weight ? lun_logrank_scores(r, &w, q.weight, o) : LUN_OK;
done:
  lun_pool_fini(&work);
  return st;
}

/* Rows of each group that are used; their strata are written to `stratum` when there are several.
 */
static void count_rows(lun_logrank *r, const lun_surv *s, const int32_t *code,
                       const lun_logrank_options *o, int32_t *stratum)
{
  for (size_t i = 0; i < s->n; i++) {
    int32_t h = code[i] < 0 ? -1 : o->strata ? o->strata[i] : 0;
    if (stratum) stratum[i] = h;
    if (h < 0) continue;
    r->rows[code[i]]++;
    r->used++;
  }
  r->missing = s->n - r->used;
}

static lun_status accumulate_strata(lun_logrank *r, lun_surv *s, lun_riskset_options *ro,
                                    const lun_logrank_options *o)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  size_t n = s->n;
  lun_pool_init(&work, r->env);
  int32_t *stratum = LUN_NEW(&work, int32_t, n);
  uint32_t *rows = LUN_NEW(&work, uint32_t, n), *entries = LUN_NEW(&work, uint32_t, n);
  size_t *first = LUN_NEW(&work, size_t, o->strata_count + 1);
  if (!stratum || !rows || !entries || !first) goto done;
  if ((st = lun_surv_sort(r->env, s)) != LUN_OK) goto done;
  count_rows(r, s, ro->group, o, stratum);
  if (s->by_entry) lun_surv_split(s, s->by_entry, stratum, o->strata_count, first, entries);
  lun_surv_split(s, s->order, stratum, o->strata_count, first, rows);
  for (size_t h = 0; h < o->strata_count && st == LUN_OK; h++) {
    ro->rows = rows + first[h];
    ro->entries = s->by_entry ? entries + first[h] : NULL;
    ro->count = first[h + 1] - first[h];
    if (ro->count) st = walk_stratum(r, s, ro, o);
    if (st == LUN_OK) st = lun_env_check(r->env);
  }
done:
  lun_pool_fini(&work);
  return st;
}

static void mirror(lun_logrank *r)
{
  size_t size = r->tests * r->k;
  for (size_t i = 0; i < size; i++) {
    for (size_t j = (i / r->k + 1) * r->k; j < size; j++)
      r->variance[i * size + j] = r->variance[j * size + i];
  }
}

/* --- the statistic --------------------------------------------------------------------------- */

static lun_status test(lun_logrank *r)
{
  lun_pool work;
  size_t k = r->k, size = r->tests * k;
  lun_pool_init(&work, r->env);
  double *v = LUN_NEW(&work, double, k * k), *u = LUN_NEW(&work, double, 2 * k);
  if (v && u) {
    for (size_t g = 0; g < k; g++) {
      u[g] = r->observed[g] - r->expected[g];
      memcpy(v + g * k, r->variance + g * size, k * sizeof *v);
    }
    r->df = lun_ldl_factor(v, k, NULL, 1e-10);
    r->chisq = r->df ? lun_ldl_quadratic(v, k, u, u + k) : NAN;
    r->p = r->df ? lun_chisq_upper(r->chisq, (double)r->df) : NAN;
    r->log10_p = r->df ? lun_chisq_log_upper(r->chisq, (double)r->df) / M_LN10 : NAN;
  }
  lun_pool_fini(&work);
  return v && u ? LUN_OK : LUN_ENOMEM;
}

/* The clusters in use are those with a row that has a group and a stratum. */
static lun_status sandwich(lun_logrank *r, const lun_surv *s, const int32_t *code,
                           const lun_logrank_options *o)
{
  lun_pool work;
  size_t clusters = o->cluster ? o->clusters : s->n, used = 0;
  lun_pool_init(&work, r->env);
  unsigned char *seen = LUN_NEW(&work, unsigned char, clusters);
  for (size_t i = 0; seen && i < s->n; i++) {
    size_t c = o->cluster ? (size_t)o->cluster[i] : i;
    if (code[i] < 0 || (o->strata && o->strata[i] < 0)) continue;
    used += !seen[c];
    seen[c] = 1;
  }
  if (seen) lun_logrank_sandwich(r, clusters, used);
  lun_pool_fini(&work);
  return seen ? LUN_OK : LUN_ENOMEM;
}

static lun_status fit(lun_logrank *r, lun_surv *s, const int32_t *code,
                      const lun_logrank_options *o)
{
  lun_riskset_options ro = { .group = code, .k = r->k, .weight = o->weight, .cause = o->cause };
  lun_status st = lun_surv_check_weights(r->env, s, o->weight);
  if (st != LUN_OK) return st;
  if (o->weight) {
    size_t clusters = o->cluster ? o->clusters : s->n;
    r->score = LUN_NEW(&r->pool, double, clusters * r->tests * r->k);
    if (!r->score) return LUN_ENOMEM;
  }
  if (o->strata) {
    st = accumulate_strata(r, s, &ro, o);
  } else {
    count_rows(r, s, code, o, NULL);
    st = walk_stratum(r, s, &ro, o);
  }
  if (st != LUN_OK) return st;
  add_block(r);
  if (o->weight && (st = sandwich(r, s, code, o)) != LUN_OK) return st;
  mirror(r);
  return test(r);
}

lun_status lun_logrank_init(lun_env *env, lun_logrank *out, lun_surv *s, const int32_t *code,
                            size_t k, const lun_logrank_options *options)
{
  static const lun_logrank_weight PLAIN = { 0, 0, 0 };
  lun_logrank_options o = *options;
  lun_status st = LUN_ENOMEM;
  if (!o.tests) {
    o.tests = &PLAIN;
    o.count = 1;
  }
  memset(out, 0, sizeof *out);
  out->env = env;
  out->k = k;
  out->tests = o.count;
  lun_pool_init(&out->pool, env);
  size_t size = k * o.count;
  out->rows = LUN_NEW(&out->pool, double, k);
  out->observed = LUN_NEW(&out->pool, double, size);
  out->expected = LUN_NEW(&out->pool, double, size);
  out->variance = LUN_NEW(&out->pool, double, size * size);
  if (out->rows && out->observed && out->expected && out->variance) st = reserve_block(out);
  if (st == LUN_OK) st = fit(out, s, code, &o);
  if (st != LUN_OK) lun_logrank_fini(out);
  return st;
}

void lun_logrank_fini(lun_logrank *r)
{
  if (r->env) lun_pool_fini(&r->pool);
  memset(r, 0, sizeof *r);
}

double lun_logrank_along(const lun_logrank *r, size_t a, size_t b, const double *scores)
{
  double v = 0;
  size_t k = r->k, size = r->tests * k;
  for (size_t g = 0; g < k; g++) {
    for (size_t h = 0; h < k; h++)
      v += scores[g] * scores[h] * r->variance[(a * k + g) * size + b * k + h];
  }
  return v;
}

double lun_logrank_trend(const lun_logrank *r, size_t a, const double *scores)
{
  double u = 0, v = lun_logrank_along(r, a, a, scores);
  for (size_t g = 0; g < r->k; g++)
    u += scores[g] * (r->observed[a * r->k + g] - r->expected[a * r->k + g]);
  return v > 0 ? u / sqrt(v) : NAN;
}
