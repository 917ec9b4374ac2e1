/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/boot.h"

#include <math.h>

#include "surv/cox/refit.h"

const char *const LUN_BOOT_KINDS[] = { "median", "survival", "rmst", NULL };

static const double LEVEL_TOLERANCE = 1.4901161193847656e-08; /* R's, sqrt(epsilon) */

/* --- curves ---------------------------------------------------------------------------------- */

/* One group during a walk. */
typedef struct group {
  double risk, dead, gone; /* at risk before the current time; events and exits at it */
  double surv, area, from; /* area up to `from`, the last time at which S fell */
  double reached, last;    /* first time with S at most 1/2; last time with a row */
  double flat;             /* S has been exactly 1/2 since then */
} group;

enum { GROUP = sizeof(group) / sizeof(double) };

static void fall(const lun_boot_curve *c, group *g, double t)
{
  if (t < c->at) {
    g->area += g->surv * (t - g->from);
    g->from = t;
  }
  if (t <= c->at || c->kind == LUN_BOOT_MEDIAN) g->surv *= 1 - g->dead / g->risk;
  if (g->flat > 0 && g->surv < 0.5 - LEVEL_TOLERANCE) {
    g->reached = (g->reached + t) / 2;
    g->flat = 0;
  } else if (isnan(g->reached) && g->surv < 0.5 + LEVEL_TOLERANCE) {
    g->reached = t;
    g->flat = g->surv >= 0.5 - LEVEL_TOLERANCE;
  }
}

static void leave(const lun_boot_curve *c, group *g, double t)
{
  if (!(g->gone > 0)) return;
  if (g->dead > 0) fall(c, g, t);
  g->last = t;
  g->risk -= g->gone;
  g->dead = g->gone = 0;
}

static double value_of(const lun_boot_curve *c, const group *g)
{
  if (!(g->last >= 0)) return NAN; /* nobody of this group was drawn */
  if (c->kind == LUN_BOOT_MEDIAN) return g->flat > 0 ? (g->reached + g->last) / 2 : g->reached;
  return c->kind == LUN_BOOT_RMST ? g->area + g->surv * (c->at - g->from) : g->surv;
}

static void enter(const lun_boot_curve *c, group *g, size_t row, const uint32_t *count)
{
  int32_t code = c->code ? c->code[row] : 0;
  if (code >= 0) g[code].risk += count[row];
}

static void leave_rows(const lun_boot_curve *c, group *g, size_t time, const uint32_t *count)
{
  const lun_surv *s = c->s;
  for (uint32_t i = s->begin[time]; i < s->begin[time + 1]; i++) {
    uint32_t row = s->order[i];
    int32_t code = c->code ? c->code[row] : 0, status = s->status[row];
    if (code < 0) continue;
    g[code].gone += count[row];
    if (c->cause ? status == c->cause : status > 0) g[code].dead += count[row];
  }
  for (size_t k = 0; k < c->k; k++) leave(c, &g[k], s->distinct[time]);
}

static lun_status curve_statistic(const void *ctx, const uint32_t *count, double *work, double *out)
{
  const lun_boot_curve *c = ctx;
  const lun_surv *s = c->s;
  group *g = (group *)work;
  size_t entered = 0;
  for (size_t k = 0; k < c->k; k++) g[k] = (group){ .surv = 1, .reached = NAN, .last = -1 };
  for (size_t i = 0; !s->entry && i < s->n; i++) enter(c, g, i, count);
  for (size_t t = 0; t < s->m; t++) {
    for (; s->entry && entered < s->n && s->entry[s->by_entry[entered]] <= t; entered++)
      enter(c, g, s->by_entry[entered], count);
    leave_rows(c, g, t, count);
  }
  for (size_t k = 0; k < c->k; k++) out[k] = value_of(c, &g[k]);
  return LUN_OK;
}

lun_status lun_boot_curves(lun_env *env, lun_boot *out, const lun_boot_curve *curve,
                           lun_boot_task *task)
{
  task->k = curve->k;
  task->work = GROUP * curve->k;
  task->statistic = curve_statistic;
  task->ctx = curve;
  task->serial = 0;
  return lun_boot_run(env, out, task);
}

/* --- Cox models: laid out once, or, with delayed entry and exact ties, each from the start - */

typedef struct model {
  lun_env *env;
  const lun_cox_input *in;
  lun_cox_ties ties;
} model;

static lun_status cox_statistic(const void *ctx, const uint32_t *count, double *work, double *out)
{
  const model *m = ctx;
  lun_cox_input in = *m->in;
  lun_cox_options options = { .ties = m->ties };
  lun_cox fit = { 0 };
  for (size_t i = 0; i < in.n; i++) work[i] = count[i];
  in.freq = work;
  lun_status st = lun_cox_fit(m->env, &fit, &in, &options);
  for (size_t j = 0; j < in.p; j++) {
    int fine = st == LUN_OK && fit.converged && fit.status[j] == LUN_COX_FINITE;
    out[j] = fine ? fit.coef[j] : NAN;
  }
  lun_cox_fini(&fit);
  return st == LUN_EDATA ? LUN_OK : st;
}

static lun_status refit_statistic(const void *ctx, const uint32_t *count, double *work,
                                  double *out)
{
  (void)work;
  return lun_cox_refit_at((lun_cox_refit *)ctx, count, out);
}

lun_status lun_boot_cox(lun_env *env, lun_boot *out, const lun_cox_input *in, lun_cox_ties ties,
                        lun_boot_task *task)
{
  model m = { env, in, ties };
  lun_cox_refit refit = { 0 };
  int again = !in->start && ties != LUN_COX_EXACT;
  lun_status st = again ? lun_cox_refit_init(env, &refit, in, ties) : LUN_OK;
  if (st != LUN_OK) return st;
  task->k = in->p;
  task->work = in->n;
  task->statistic = again ? refit_statistic : cox_statistic;
  task->ctx = again ? (const void *)&refit : &m;
  task->serial = 1; /* a fit allocates */
  st = lun_boot_run(env, out, task);
  lun_cox_refit_fini(&refit);
  return st;
}
