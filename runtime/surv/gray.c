/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/gray.h"

#include <math.h>
#include <string.h>

#include "stat/dist.h"
#include "stat/linalg.h"

/* One stratum on the walk from its first time to its last. Per group: rows at risk, those that
 * leave at the time by the cause, by another, in all; Kaplan-Meier of any event and incidence of
 * the cause, just before the time and at it. Matrices: a is the weighted share of a group's event
 * in the scores, c its sum against the pooled incidence; total collects the squared influence that
 * grows with the final c, cross the product of that part with the one fixed at the time. */
typedef struct walk {
  size_t k;
  double *risk, *cause, *other, *gone, *km, *km_next, *incidence, *incidence_next, *total;
  double *a, *c, *cross;
  double pooled, pooled_next; /* incidence under equality, before and at the time */
} walk;

static lun_status walk_init(lun_pool *pool, walk *x, size_t k)
{
  double **groups[] = { &x->risk, &x->cause,   &x->other,     &x->gone,          &x->km,
                        &x->km_next, &x->incidence, &x->incidence_next, &x->total };
  double **matrices[] = { &x->a, &x->c, &x->cross };
  memset(x, 0, sizeof *x);
  x->k = k;
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
    if (!(*groups[i] = LUN_NEW(pool, double, k))) return LUN_ENOMEM;
  for (size_t i = 0; i < sizeof matrices / sizeof *matrices; i++)
    if (!(*matrices[i] = LUN_NEW(pool, double, k * k))) return LUN_ENOMEM;
  for (size_t g = 0; g < k; g++) x->km[g] = x->km_next[g] = 1;
  return LUN_OK;
}

static void curves(walk *x)
{
  for (size_t g = 0; g < x->k; g++) {
    if (x->risk[g] <= 0) continue;
    x->km_next[g] = x->km[g] * ((x->risk[g] - x->cause[g] - x->other[g]) / x->risk[g]);
    x->incidence_next[g] = x->incidence[g] + x->km[g] * x->cause[g] / x->risk[g];
  }
}

/* Adds the scores of the time; returns the events of the cause. Updates a, c, and pooled_next. */
static double scores(walk *x, lun_gray *r, double rho)
{
  double d = 0, size = 0, exposed = 0, weight = pow(1 - x->pooled, rho);
  for (size_t g = 0; g < x->k; g++) {
    d += x->cause[g];
    if (x->risk[g] <= 0) continue;
    size += x->risk[g] / x->km[g];
    exposed += x->risk[g] * (1 - x->incidence[g]) / x->km[g];
  }
  x->pooled_next = x->pooled + d / size;
  double rate = d > 0 ? d / (size * (1 - x->pooled)) : 0;
  for (size_t g = 0; g < x->k; g++) {
    double mine = x->risk[g] > 0 ? x->risk[g] / x->km[g] : 0;
    if (mine > 0)
      r->score[g] += weight * (x->cause[g] - d * mine * (1 - x->incidence[g]) / exposed);
    for (size_t h = 0; h < x->k; h++) {
      double theirs = x->risk[h] > 0 ? x->risk[h] / x->km[h] : 0;
      double share = weight * mine * ((g == h) - theirs / size);
      x->a[g * x->k + h] = share;
      x->c[g * x->k + h] += share * rate;
    }
  }
  return d;
}

/* The influence of events with variance `step` in group h on the scores is fixed[g] + grows *
 * (final c): their squares, products and the part that must wait for the final c. */
static void spread(walk *x, lun_gray *r, size_t h, double from_a, double grows, double step)
{
  size_t k = x->k;
  for (size_t g = 0; g < k; g++) {
    double fixed = from_a * x->a[g * k + h] - grows * x->c[g * k + h];
    for (size_t i = 0; i < k; i++)
      r->variance[g * k + i] += fixed * (from_a * x->a[i * k + h] - grows * x->c[i * k + h]) * step;
    x->cross[g * k + h] += fixed * grows * step;
  }
  x->total[h] += grows * grows * step;
}

static double tie_factor(double d, double n)
{
  return d > 1 ? 1 - (d - 1) / (n - 1) : 1;
}

static void variance(walk *x, lun_gray *r, double d)
{
  double size = 0;
  for (size_t g = 0; g < x->k; g++) size += x->risk[g] > 0 ? x->risk[g] / x->km[g] : 0;
  for (size_t h = 0; h < x->k; h++) {
    if (x->risk[h] <= 0) continue;
    double n = x->risk[h], s = x->km[h], other = x->other[h];
    double left = x->km_next[h] > 0 ? (1 - x->pooled_next) / x->km_next[h] : 0;
    if (d > 0) spread(x, r, h, 1, 1 - left, tie_factor(d, size * s) * s * d / (size * n));
    if (other > 0 && left > 0)
      spread(x, r, h, 0, -left, tie_factor(other, n) * s * s * other / (n * n));
  }
}

static void advance(walk *x)
{
  for (size_t g = 0; g < x->k; g++) {
    x->risk[g] -= x->gone[g];
    x->km[g] = x->km_next[g];
    x->incidence[g] = x->incidence_next[g];
    x->cause[g] = x->other[g] = x->gone[g] = 0;
  }
  x->pooled = x->pooled_next;
}

static void finish(const walk *x, lun_gray *r)
{
  size_t k = x->k;
  for (size_t i = 0; i < k; i++) {
    for (size_t j = 0; j < k; j++) {
      for (size_t h = 0; h < k; h++) {
        double ci = x->c[i * k + h], cj = x->c[j * k + h];
        r->variance[i * k + j] +=
            ci * cj * x->total[h] + ci * x->cross[j * k + h] + cj * x->cross[i * k + h];
      }
    }
  }
}

/* rows: `count` of them, by time. */
static lun_status walk_stratum(lun_gray *r, const lun_surv *s, const int32_t *code,
                               const uint32_t *rows, size_t count, const lun_gray_options *o)
{
  lun_pool work;
  walk x;
  lun_pool_init(&work, r->env);
  lun_status st = walk_init(&work, &x, r->k);
  if (st != LUN_OK) goto done;
  for (size_t i = 0; i < count; i++) x.risk[code[rows[i]]]++;
  for (size_t i = 0; i < count;) {
    uint32_t at = s->index[rows[i]];
    double events = 0;
    for (; i < count && s->index[rows[i]] == at; i++) {
      int32_t status = s->status[rows[i]], g = code[rows[i]];
      x.gone[g]++;
      if (status == o->cause) x.cause[g]++;
      else if (status > 0) x.other[g]++;
      events += status > 0;
    }
    if (events > 0) {
      curves(&x);
      variance(&x, r, scores(&x, r, o->rho));
    }
    advance(&x);
  }
  finish(&x, r);
done:
  lun_pool_fini(&work);
  return st;
}

static lun_status walk_strata(lun_gray *r, lun_surv *s, const int32_t *code,
                              const lun_gray_options *o)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  size_t strata = o->strata ? o->strata_count : 1;
  lun_pool_init(&work, r->env);
  int32_t *stratum = LUN_NEW(&work, int32_t, s->n);
  uint32_t *rows = LUN_NEW(&work, uint32_t, s->n);
  size_t *first = LUN_NEW(&work, size_t, strata + 1);
  if (!stratum || !rows || !first || (st = lun_surv_sort(r->env, s)) != LUN_OK) goto done;
  for (size_t i = 0; i < s->n; i++) {
    stratum[i] = code[i] < 0 ? -1 : o->strata ? o->strata[i] : 0;
    r->used += stratum[i] >= 0;
  }
  r->missing = s->n - r->used;
  lun_surv_split(s, s->order, stratum, strata, first, rows);
  for (size_t h = 0; h < strata && st == LUN_OK; h++) {
    st = walk_stratum(r, s, code, rows + first[h], first[h + 1] - first[h], o);
    if (st == LUN_OK) st = lun_env_check(r->env);
  }
done:
  lun_pool_fini(&work);
  return st;
}

static lun_status test(lun_gray *r)
{
  size_t k = r->k;
  double *v = LUN_NEW(&r->pool, double, k * k), *work = LUN_NEW(&r->pool, double, k);
  if (!v || !work) return LUN_ENOMEM;
  memcpy(v, r->variance, k * k * sizeof *v);
  r->df = lun_ldl_factor(v, k, NULL, 1e-10);
  r->chisq = r->df ? lun_ldl_quadratic(v, k, r->score, work) : NAN;
  r->p = r->df ? lun_chisq_upper(r->chisq, (double)r->df) : NAN;
  r->log10_p = r->df ? lun_chisq_log_upper(r->chisq, (double)r->df) / M_LN10 : NAN;
  return LUN_OK;
}

lun_status lun_gray_init(lun_env *env, lun_gray *out, lun_surv *s, const int32_t *code, size_t k,
                         const lun_gray_options *options)
{
  lun_status st = LUN_ENOMEM;
  memset(out, 0, sizeof *out);
  if (s->start)
    return lun_fail(env, LUN_EINVAL,
                    "[usage.delayed-entry] Gray's test compares right-censored groups: no variance "
                    "of it with delayed entry is established. A Fine-Gray model of the groups "
                    "(endpoint:finegray) tests the same with the weights for entry (Geskus 2011)");
  out->env = env;
  out->k = k;
  lun_pool_init(&out->pool, env);
  out->score = LUN_NEW(&out->pool, double, k);
  out->variance = LUN_NEW(&out->pool, double, k * k);
  if (out->score && out->variance) st = walk_strata(out, s, code, options);
  if (st == LUN_OK) st = test(out);
  if (st != LUN_OK) lun_gray_fini(out);
  return st;
}

void lun_gray_fini(lun_gray *r)
{
  if (r->env) lun_pool_fini(&r->pool);
  memset(r, 0, sizeof *r);
}
