/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cuminc.h"

#include <math.h>
#include <string.h>

#include "surv/cuminc_rows.h"

/* --- counts ---------------------------------------------------------------------------------- */

static lun_status reserve(lun_pool *pool, lun_cuminc_curve *c)
{
  double **arrays[] = { &c->time, &c->n_risk, &c->n_event, &c->n_any,
                        &c->raw_risk, &c->incidence, &c->var_aalen, &c->var_jackknife };
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
    if (!(*arrays[i] = LUN_NEW(pool, double, c->m))) return LUN_ENOMEM;
  }
  return LUN_OK;
}

static lun_cuminc_curve *curve_of(const lun_cuminc *r, size_t g, size_t cause)
{
  return &r->curve[g * r->causes + cause - 1];
}

static lun_status count_times(lun_cuminc *r, lun_riskset *w, size_t cause)
{
  while (lun_riskset_next(w)) {
    for (size_t g = 0; g < r->k; g++)
      curve_of(r, g, cause)->m += w->n_event[g] + w->n_censor[g] > 0;
  }
  lun_riskset_rewind(w);
  for (size_t g = 0; g < r->k; g++) {
    if (reserve(&r->pool, curve_of(r, g, cause)) != LUN_OK) return LUN_ENOMEM;
  }
  return LUN_OK;
}

/* Writes the events of a walk, of one cause or of any; raw: the rows at risk alone. */
static void fill(lun_cuminc *r, lun_riskset *w, size_t cause, size_t *at, int raw)
{
  for (size_t g = 0; g < r->k; g++) at[g] = curve_of(r, g, cause)->m;
  while (lun_riskset_next(w)) {
    for (size_t g = 0; g < r->k; g++) {
      lun_cuminc_curve *c = curve_of(r, g, cause);
      if (w->n_event[g] + w->n_censor[g] == 0) continue;
      size_t j = --at[g];
      if (raw) {
        c->raw_risk[j] = w->n_risk[g];
        continue;
      }
      c->time[j] = w->time;
      c->n_risk[j] = w->n_risk[g];
      if (!w->o.cause) {
        c->n_any[j] = w->n_event[g];
        continue;
      }
      c->n_event[j] = w->n_event[g];
    }
  }
}

static void count_rows(lun_cuminc *r, const lun_surv *s, const int32_t *group, size_t cause)
{
  for (size_t i = 0; i < s->n; i++) {
    if (group && group[i] < 0) continue;
    lun_cuminc_curve *c = curve_of(r, group ? (size_t)group[i] : 0, cause);
    c->rows++;
    c->events += s->status[i] == (int32_t)cause;
  }
}

/* --- estimates ------------------------------------------------------------------------------- */

/* Aalen's variance with finite-sample factors, as cmprsk's cinc accumulates it: at d tied events of
 * one kind among n the step S^2 (1 - (d - 1) / (n - 1)) d / n^2 enters with u^2, u v and v^2, where
 * v = 1 / S(t) and u = F v, plus 1 for the cause itself. */
typedef struct aalen {
  double uu, uv, vv;
} aalen;

static void add(aalen *x, double n, double d, double s, double u, double v)
{
  if (d <= 0) return;
  double step = s * s * (d > 1 ? 1 - (d - 1) / (n - 1) : 1) * d / (n * n);
  x->uu += u * u * step;
  x->uv += u * v * step;
  x->vv += v * v * step;
}

static void estimate_aalen(lun_cuminc_curve *c)
{
  double s = 1, f = 0;
  aalen x = { 0, 0, 0 };
  for (size_t j = 0; j < c->m; j++) {
    double n = c->n_risk[j], d = c->n_any[j], d1 = c->n_event[j];
    double next = s * ((n - d) / n), v = next > 0 ? 1 / next : 0;
    f += s * d1 / n;
    add(&x, n, d - d1, s, f * v, v);
    add(&x, n, d1, s, 1 + f * v, v);
    s = next;
    c->incidence[j] = f;
    c->var_aalen[j] = fmax(0, x.uu + f * (f * x.vv - 2 * x.uv));
  }
}

/* A row still there has influence A(t); one that left at e has A(e) + event S / n + (F(t) - F(e)) L
 * with L its influence on log S. Their squares are summed as b^2 + 2 b L F(t) + L^2 F(t)^2. */
typedef struct gone {
  double bb, bl, ll;
} gone;

static void leave(gone *x, double rows, double b, double l)
{
  x->bb += rows * b * b;
  x->bl += rows * b * l;
  x->ll += rows * l * l;
}

static void estimate_jackknife(lun_cuminc_curve *c)
{
  double s = 1, g = 0, a = 0;
  gone x = { 0, 0, 0 };
  for (size_t j = 0; j < c->m; j++) {
    double n = c->n_risk[j], d = c->n_any[j], d1 = c->n_event[j], f = c->incidence[j];
    double next = j + 1 < c->m ? c->n_risk[j + 1] : 0, jump = n > d ? 1 / (n - d) : 0;
    a += s * d1 / n * g - s * d1 / (n * n);
    if (d > 0 && n > d) g += d / (n * (n - d));
    double l = n > d ? g - jump : 0;
    leave(&x, d1, a + s / n - f * l, l);
    leave(&x, d - d1, a - f * l, l);
    leave(&x, n - next - d, a - f * g, g);
    s *= (n - d) / n;
    c->var_jackknife[j] = fmax(0, x.bb + f * (2 * x.bl + f * x.ll) + next * a * a);
  }
}

static void forget_aalen(lun_cuminc_curve *c)
{
  for (size_t j = 0; j < c->m; j++) c->var_aalen[j] = NAN;
}

/* Walks over the events of the cause, of any, and with weights over the rows without them. */
static lun_status fill_curves(lun_cuminc *r, lun_surv *s, const lun_cuminc_options *o, size_t cause)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_riskset w;
  lun_riskset_options walk = { .group = o->group, .k = r->k, .weight = o->weight,
                               .cause = (int32_t)cause };
  lun_pool_init(&work, r->env);
  size_t *at = LUN_NEW(&work, size_t, r->k);
  if (!at || (st = lun_riskset_init(&work, &w, s, &walk, 0)) != LUN_OK) goto done;
  if ((st = count_times(r, &w, cause)) != LUN_OK) goto done;
  fill(r, &w, cause, at, 0);
  walk.cause = 0;
  if ((st = lun_riskset_init(&work, &w, s, &walk, 0)) != LUN_OK) goto done;
  fill(r, &w, cause, at, 0);
  if (!o->weight) {
    for (size_t g = 0; g < r->k; g++) {
      lun_cuminc_curve *c = curve_of(r, g, cause);
      c->raw_risk = c->n_risk;
    }
    goto done;
  }
  walk.weight = NULL;
  if ((st = lun_riskset_init(&work, &w, s, &walk, 0)) != LUN_OK) goto done;
  fill(r, &w, cause, at, 1);
done:
  lun_pool_fini(&work);
  return st;
}

static lun_status fit_cause(lun_cuminc *r, lun_surv *s, const lun_cuminc_options *o, size_t cause)
{
  int by_rows = s->start || o->weight || o->cluster;
  lun_status st = fill_curves(r, s, o, cause);
  if (st != LUN_OK) return st;
  count_rows(r, s, o->group, cause);
  for (size_t g = 0; g < r->k; g++) {
    estimate_aalen(curve_of(r, g, cause));
    if (o->weight || o->cluster) forget_aalen(curve_of(r, g, cause));
    if (!by_rows) estimate_jackknife(curve_of(r, g, cause));
  }
  if (!by_rows || (st = lun_surv_sort(r->env, s)) != LUN_OK) return st;
  return lun_cuminc_row_jackknife(r->env, r, s, o, cause);
}

lun_status lun_cuminc_init(lun_env *env, lun_cuminc *out, lun_surv *s, const lun_cuminc_options *o)
{
  lun_status st = lun_surv_check_weights(env, s, o->weight);
  memset(out, 0, sizeof *out);
  if (st != LUN_OK) return st;
  out->env = env;
  out->k = o->group ? o->k : 1;
  out->causes = s->causes > 0 ? (size_t)s->causes : 1;
  lun_pool_init(&out->pool, env);
  for (size_t i = 0; o->group && i < s->n; i++) out->missing += o->group[i] < 0;
  out->curve = LUN_NEW(&out->pool, lun_cuminc_curve, out->k * out->causes);
  if (!out->curve) st = LUN_ENOMEM;
  for (size_t cause = 1; cause <= out->causes && st == LUN_OK; cause++)
    st = fit_cause(out, s, o, cause);
  if (st != LUN_OK) lun_cuminc_fini(out);
  return st;
}

void lun_cuminc_fini(lun_cuminc *c)
{
  if (c->env) lun_pool_fini(&c->pool);
  memset(c, 0, sizeof *c);
}
