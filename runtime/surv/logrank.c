/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/logrank.h"

#include <math.h>
#include <string.h>

#include "stat/dist.h"

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

const lun_logrank_weight LUN_LOGRANK_WEIGHTS[] = {
  { "logrank", "1", weight_logrank },
  { "gehan", "number at risk", weight_gehan },
  { "tarone-ware", "square root of the number at risk", weight_tarone_ware },
  { "peto", "Peto's estimate of survival", weight_peto },
  { "modified-peto", "Peto's estimate times n / (n + 1)", weight_modified_peto },
  { "fleming-harrington", "S(t-)^rho (1 - S(t-))^gamma", weight_fleming_harrington },
  { NULL, NULL, NULL },
};

const char *const LUN_LOGRANK_NAMES[] = { "logrank",       "gehan",         "tarone-ware",
                                          "peto",          "modified-peto", "fleming-harrington",
                                          NULL };

/* --- accumulation ---------------------------------------------------------------------------- */

typedef struct walk {
  const lun_surv *s;
  const int32_t *code;
  const size_t *rows, *entries; /* of one stratum, by time and by start */
  size_t n;
  const lun_logrank_options *o;
  double *at_risk, *events; /* k */
} walk;

static void add_time(lun_logrank *r, const walk *w, const lun_logrank_point *p)
{
  double weight = LUN_LOGRANK_WEIGHTS[w->o->weight].at(p, w->o->rho, w->o->gamma);
  double n = p->n, d = p->d, share = d / n;
  double v = n > 1 ? weight * weight * d * (n - d) / (n - 1) / n : 0;
  for (size_t g = 0; g < r->k; g++) {
    r->observed[g] += weight * w->events[g];
    r->expected[g] += weight * share * w->at_risk[g];
    if (v == 0 || w->at_risk[g] == 0) continue;
    double a = v * w->at_risk[g];
    r->variance[g * r->k + g] += a;
    for (size_t h = 0; h < r->k; h++) r->variance[g * r->k + h] -= a * w->at_risk[h] / n;
  }
}

static void advance(lun_logrank_point *p)
{
  p->km_before = p->km;
  p->peto_before = p->peto;
  p->km *= (p->n - p->d) / p->n;
  p->peto *= 1 - p->d / (p->n + 1);
}

/* Forwards over the distinct times of one stratum: rows enter before the time and leave after it. */
static void walk_stratum(lun_logrank *r, walk *w)
{
  lun_logrank_point p = { 0, 0, 1, 1, 1, 1 };
  size_t e = 0;
  memset(w->at_risk, 0, r->k * sizeof *w->at_risk);
  if (!w->entries) {
    for (size_t i = 0; i < w->n; i++) w->at_risk[w->code[w->rows[i]]]++;
  }
  for (size_t i = 0, j; i < w->n; i = j) {
    double t = w->s->time[w->rows[i]];
    for (; w->entries && e < w->n && w->s->start[w->entries[e]] < t; e++)
      w->at_risk[w->code[w->entries[e]]]++;
    memset(w->events, 0, r->k * sizeof *w->events);
    p.n = p.d = 0;
    for (j = i; j < w->n && w->s->time[w->rows[j]] == t && w->s->status[w->rows[j]] > 0; j++) {
      w->events[w->code[w->rows[j]]]++;
      p.d++;
    }
    if (p.d > 0) {
      for (size_t g = 0; g < r->k; g++) p.n += w->at_risk[g];
      advance(&p);
      add_time(r, w, &p);
    }
    for (; j < w->n && w->s->time[w->rows[j]] == t; j++) {}
    for (size_t l = i; l < j; l++) w->at_risk[w->code[w->rows[l]]]--;
  }
}

/* The stratum of a row, or -1 when its group or stratum is missing. */
static void strata_of(const lun_surv *s, const int32_t *code, const lun_logrank_options *o, int32_t *out)
{
  for (size_t i = 0; i < s->n; i++) out[i] = code[i] < 0 ? -1 : o->strata ? o->strata[i] : 0;
}

static lun_status accumulate(lun_logrank *r, const lun_surv *s, const int32_t *code,
                             const lun_logrank_options *o)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  size_t strata = o->strata ? o->strata_count : 1, *entries = NULL;
  lun_pool_init(&work, r->env);
  int32_t *stratum = LUN_NEW(&work, int32_t, s->n);
  size_t *rows = LUN_NEW(&work, size_t, s->n), *first = LUN_NEW(&work, size_t, strata + 1);
  double *at_risk = LUN_NEW(&work, double, r->k), *events = LUN_NEW(&work, double, r->k);
  if (!stratum || !rows || !first || !at_risk || !events) goto done;
  strata_of(s, code, o, stratum);
  if (s->start) {
    if (!(entries = LUN_NEW(&work, size_t, s->n))) goto done;
    lun_surv_group(s, s->entry, stratum, strata, first, entries);
  }
  lun_surv_group(s, s->order, stratum, strata, first, rows);
  for (size_t h = 0; h < strata; h++) {
    walk w = { s, code, rows + first[h], entries ? entries + first[h] : NULL, first[h + 1] - first[h], o,
               at_risk, events };
    walk_stratum(r, &w);
    if ((st = lun_env_check(r->env)) != LUN_OK) goto done;
  }
  for (size_t i = 0; i < first[strata]; i++) r->rows[code[rows[i]]]++;
  r->used = first[strata];
  r->missing = s->n - r->used;
  st = LUN_OK;
done:
  lun_pool_fini(&work);
  return st;
}

/* --- the statistic --------------------------------------------------------------------------- */

/* Quadratic form u' V^- u by elimination with the largest pivot; the rank is the degrees of freedom. */
static double quadratic(double *v, double *u, size_t k, size_t *rank)
{
  double sum = 0, largest = 0;
  for (size_t g = 0; g < k; g++) largest = fmax(largest, v[g * k + g]);
  *rank = 0;
  for (size_t step = 0; step < k; step++) {
    size_t pivot = step;
    for (size_t g = step; g < k; g++)
      if (v[g * k + g] > v[pivot * k + pivot]) pivot = g;
    double d = v[pivot * k + pivot];
    if (!(d > 1e-10 * largest)) break;
    for (size_t h = 0; h < k; h++) {
      double t = v[step * k + h];
      v[step * k + h] = v[pivot * k + h];
      v[pivot * k + h] = t;
    }
    for (size_t h = 0; h < k; h++) {
      double t = v[h * k + step];
      v[h * k + step] = v[h * k + pivot];
      v[h * k + pivot] = t;
    }
    double t = u[step];
    u[step] = u[pivot];
    u[pivot] = t;
    sum += u[step] * u[step] / d;
    (*rank)++;
    for (size_t g = step + 1; g < k; g++) {
      double f = v[g * k + step] / d;
      u[g] -= f * u[step];
      for (size_t h = step + 1; h < k; h++) v[g * k + h] -= f * v[step * k + h];
    }
  }
  return sum;
}

static lun_status test(lun_logrank *r)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, r->env);
  double *v = LUN_NEW(&work, double, r->k * r->k), *u = LUN_NEW(&work, double, r->k);
  if (!v || !u) goto done;
  memcpy(v, r->variance, r->k * r->k * sizeof *v);
  for (size_t g = 0; g < r->k; g++) u[g] = r->observed[g] - r->expected[g];
  r->chisq = quadratic(v, u, r->k, &r->df);
  r->p = r->df ? lun_chisq_upper(r->chisq, (double)r->df) : NAN;
  r->log10_p = r->df ? lun_chisq_log_upper(r->chisq, (double)r->df) / M_LN10 : NAN;
  if (r->df == 0) r->chisq = NAN;
  st = LUN_OK;
done:
  lun_pool_fini(&work);
  return st;
}

lun_status lun_logrank_init(lun_env *env, lun_logrank *out, const lun_surv *s, const int32_t *code,
                            size_t k, const lun_logrank_options *options)
{
  lun_status st = LUN_ENOMEM;
  memset(out, 0, sizeof *out);
  out->env = env;
  out->k = k;
  lun_pool_init(&out->pool, env);
  out->rows = LUN_NEW(&out->pool, double, k);
  out->observed = LUN_NEW(&out->pool, double, k);
  out->expected = LUN_NEW(&out->pool, double, k);
  out->variance = LUN_NEW(&out->pool, double, k * k);
  if (!out->rows || !out->observed || !out->expected || !out->variance) goto done;
  if ((st = accumulate(out, s, code, options)) != LUN_OK) goto done;
  st = test(out);
done:
  if (st != LUN_OK) lun_logrank_fini(out);
  return st;
}

void lun_logrank_fini(lun_logrank *r)
{
  if (r->env) lun_pool_fini(&r->pool);
  memset(r, 0, sizeof *r);
}

double lun_logrank_trend(const lun_logrank *r, const double *scores)
{
  double u = 0, v = 0;
  for (size_t g = 0; g < r->k; g++) {
    u += scores[g] * (r->observed[g] - r->expected[g]);
    for (size_t h = 0; h < r->k; h++) v += scores[g] * scores[h] * r->variance[g * r->k + h];
  }
  return v > 0 ? u / sqrt(v) : NAN;
}
