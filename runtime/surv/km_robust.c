/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/km_parts.h"

#include <math.h>
#include <string.h>

/* --- running sums over clusters -------------------------------------------------------------- */

/* Cluster c's influence is a[c] G + b[c]; saa, sab, sbb are sums over clusters. */
typedef struct sums {
  double *a, *b, saa, sab, sbb;
} sums;

static void add(sums *x, size_t cluster, double da, double db)
{
  double a = x->a[cluster], b = x->b[cluster];
  double na = a + da, nb = b + db;
  x->saa += na * na - a * a;
  x->sab += na * nb - a * b;
  x->sbb += nb * nb - b * b;
  x->a[cluster] = na;
  x->b[cluster] = nb;
}

static double total(const sums *x, double g)
{
  return sqrt(fmax(0, (g * x->saa + 2 * x->sab) * g + x->sbb));
}

/* --- one group ------------------------------------------------------------------------------- */

typedef struct walk {
  const lun_surv *s;
  const lun_km_options *o;
  const int32_t *code;
  double *g_log, *g_haz; /* by the curve's times + 1: G before the first and after each */
  sums log_s, haz;
} walk;

static size_t cluster_of(const walk *w, size_t row)
{
  return w->o->cluster ? (size_t)w->o->cluster[row] : row;
}

static int is_event(const walk *w, size_t row)
{
  int32_t status = w->s->status[row];
  return w->o->cause ? status == w->o->cause : status != 0;
}

static void integrate(walk *w, const lun_km_curve *c)
{
  w->g_log[0] = w->g_haz[0] = 0;
  for (size_t j = 0; j < c->m; j++) {
    double n = c->n_risk[j], d = c->n_event[j];
    w->g_log[j + 1] = w->g_log[j] + (d > 0 && c->surv[j] > 0 ? d / (n * (n - d)) : 0);
    w->g_haz[j + 1] = w->g_haz[j] + (d > 0 ? d / (n * n) : 0);
  }
}

static void enter(walk *w, size_t row, size_t steps)
{
  double weight = w->o->weight[row];
  add(&w->log_s, cluster_of(w, row), weight, -weight * w->g_log[steps]);
  add(&w->haz, cluster_of(w, row), weight, -weight * w->g_haz[steps]);
}

/* The row stops moving with G at the curve's time j. */
static void leave(walk *w, const lun_km_curve *c, size_t row, size_t j)
{
  double weight = w->o->weight[row], n = c->n_risk[j], d = c->n_event[j];
  double at_log = w->g_log[j + 1], at_haz = w->g_haz[j + 1];
  if (is_event(w, row)) {
    at_log -= c->surv[j] > 0 ? 1 / (n - d) : 0;
    at_haz -= 1 / n;
  }
  add(&w->log_s, cluster_of(w, row), -weight, weight * at_log);
  add(&w->haz, cluster_of(w, row), -weight, weight * at_haz);
}

static void reset(sums *x, size_t n)
{
  memset(x->a, 0, n * sizeof *x->a);
  memset(x->b, 0, n * sizeof *x->b);
  x->saa = x->sab = x->sbb = 0;
}

static int in_group(const walk *w, size_t row, size_t g)
{
  return w->code ? w->code[row] == (int32_t)g : 1;
}

/* Rows that enter before the curve's time j do so at once: G does not move between two of its
 * times. */
static size_t let_in(walk *w, size_t g, const lun_km_curve *c, size_t from, size_t j)
{
  const lun_surv *s = w->s;
  size_t i = from;
  for (; i < s->n; i++) {
    size_t row = s->by_entry ? s->by_entry[i] : i;
    size_t entry = s->entry ? s->entry[row] : 0;
    double start = entry ? s->distinct[entry - 1] : -1;
    if (start >= c->time[j]) break;
    if (in_group(w, row, g) && s->time[row] >= c->time[0])
      enter(w, row, lun_km_steps(c, start));
  }
  return i;
}

static void walk_group(walk *w, size_t g, lun_km_curve *c, int use_hazard)
{
  const lun_surv *s = w->s;
  size_t in = 0, out = 0;
  integrate(w, c);
  for (size_t j = 0; j < c->m; j++) {
    in = let_in(w, g, c, in, j);
    for (; out < s->n && s->time[s->order[out]] <= c->time[j]; out++) {
      size_t row = s->order[out];
      if (in_group(w, row, g) && s->time[row] == c->time[j]) leave(w, c, row, j);
    }
    double se_log = total(&w->log_s, w->g_log[j + 1]), se_haz = total(&w->haz, w->g_haz[j + 1]);
    c->se_cumhaz[j] = se_haz;
    c->se_log[j] = use_hazard ? se_haz : c->surv[j] > 0 ? se_log : INFINITY;
  }
}

lun_status lun_km_robust(lun_km *km, const lun_surv *s, const int32_t *code)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  const lun_km_options *o = &km->options;
  size_t clusters = o->cluster ? o->clusters : s->n, m = 0;
  walk w = { .s = s, .o = o, .code = code };
  double **arrays[] = { &w.log_s.a, &w.log_s.b, &w.haz.a, &w.haz.b };
  lun_pool_init(&work, km->env);
  for (size_t g = 0; g < km->k; g++) m = km->curve[g].m > m ? km->curve[g].m : m;
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
    if (!(*arrays[i] = LUN_NEW(&work, double, clusters))) goto done;
  }
  w.g_log = LUN_NEW(&work, double, m + 1);
  w.g_haz = LUN_NEW(&work, double, m + 1);
  if (!w.g_log || !w.g_haz) goto done;
  for (size_t g = 0; g < km->k; g++) {
    reset(&w.log_s, clusters);
    reset(&w.haz, clusters);
    walk_group(&w, g, &km->curve[g], o->fleming_harrington);
    if ((st = lun_env_check(km->env)) != LUN_OK) goto done;
  }
  st = LUN_OK;
done:
  lun_pool_fini(&work);
  return st;
}

/* --- the influence of single rows ------------------------------------------------------------ */

/* S and S G integrated up to each of the curve's times, for the area. */
typedef struct prefix {
  double *g, *s, *sg; /* m + 1, at the curve's times; index 0: at the start */
  double end_s, end_sg; /* up to t */
  size_t last;          /* steps up to t */
  double start;
} prefix;

static lun_status prepare(lun_pool *work, const lun_km_curve *c, double start, double t, prefix *p)
{
  size_t m = c->m;
  p->g = LUN_NEW(work, double, m + 1);
  p->s = LUN_NEW(work, double, m + 1);
  p->sg = LUN_NEW(work, double, m + 1);
  if (!p->g || !p->s || !p->sg) return LUN_ENOMEM;
  double s = 1, at = start;
  p->start = start;
  p->last = lun_km_steps(c, t);
  for (size_t j = 0; j < m; j++) {
    double n = c->n_risk[j], d = c->n_event[j], width = c->time[j] - at;
    p->s[j + 1] = p->s[j] + s * width;
    p->sg[j + 1] = p->sg[j] + s * p->g[j] * width;
    s = c->surv[j];
    p->g[j + 1] = p->g[j] + (d > 0 && s > 0 ? d / (n * (n - d)) : 0);
    at = c->time[j];
  }
  double now = p->last ? c->surv[p->last - 1] : 1, from = p->last ? c->time[p->last - 1] : start;
  p->end_s = p->s[p->last] + now * (t - from);
  p->end_sg = p->sg[p->last] + now * p->g[p->last] * (t - from);
  return LUN_OK;
}

/* Influence of a row that is inside from the curve's step `in` to its step `out` (counted from 1),
 * where it has an event or not. Steps beyond t do not matter. */
static double influence_of(const lun_km_curve *c, const prefix *p, size_t in, size_t out, int event,
                           int area)
{
  size_t j = out - 1;
  int over = out <= p->last; /* the row has left by t */
  double jump = over && event && c->surv[j] > 0 ? 1 / (c->n_risk[j] - c->n_event[j]) : 0;
  size_t held = over ? out : p->last;
  double level = p->g[held] - p->g[in] - jump;
  if (in >= p->last) return 0;
  if (!area) return (p->last ? c->surv[p->last - 1] : 1) * level;
  double s_in = p->s[in], s_out = over ? p->s[out] : p->end_s;
  double sg_in = p->sg[in], sg_out = over ? p->sg[out] : p->end_sg;
  return sg_out - sg_in - p->g[in] * (s_out - s_in) + (over ? level * (p->end_s - p->s[out]) : 0);
}

lun_status lun_km_influence(const lun_km *km, const lun_surv *s, const int32_t *code, double t,
                            int area, double *influence)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  const lun_km_options *o = &km->options;
  if (o->fleming_harrington || o->reverse)
    return lun_fail(km->env, LUN_EINVAL, "influence is defined for forward product-limit curves");
  if (!s->sorted) return lun_fail(km->env, LUN_EINVAL, "influence: sort the response first");
  lun_pool_init(&work, km->env);
  prefix *p = LUN_NEW(&work, prefix, km->k);
  if (!p) goto done;
  for (size_t g = 0; g < km->k; g++) {
    if ((st = prepare(&work, &km->curve[g], o->from, t, &p[g])) != LUN_OK) goto done;
  }
  for (size_t i = 0; i < s->n; i++) {
    int32_t g = code ? code[i] : 0;
    influence[i] = 0;
    if (g < 0) continue;
    const lun_km_curve *c = &km->curve[g];
    size_t out = lun_km_steps(c, s->time[i]), entry = s->entry ? s->entry[i] : 0;
    size_t in = entry ? lun_km_steps(c, s->distinct[entry - 1]) : 0;
    int event = o->cause ? s->status[i] == o->cause : s->status[i] != 0;
    if (out > 0) influence[i] = influence_of(c, &p[g], in, out, event, area);
  }
  st = LUN_OK;
done:
  lun_pool_fini(&work);
  return st;
}
