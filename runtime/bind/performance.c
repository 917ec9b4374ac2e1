/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.performance: time-dependent ROC curves and Brier scores as plain tables;
 * lua/lunation/surv/performance.lua makes results of them.
 */
#include "surv/performance.h"

#include <math.h>

#include "bind/columns.h"
#include "bind/surv.h"

int lun_open_performance(lua_State *L);

static void ipcw_free(void *self)
{
  lun_ipcw_fini(self);
}

static const lun_class IPCW = {
  .name = "lunation.ipcw.core",
  .doc = "Weights for censoring, while a score is computed.",
  .size = sizeof(lun_ipcw),
  .free = ipcw_free,
};

static void auc_free(void *self)
{
  lun_auc_fini(self);
}

static const lun_class AUC = {
  .name = "lunation.auc.core",
  .doc = "A time-dependent ROC curve: what the columns of its table live in.",
  .size = sizeof(lun_auc),
  .free = auc_free,
  .uservalues = 1,
};

static const char *const VARIANCES[] = { "jackknife", "timeroc", NULL };

/* Arguments 1 surv, 2 one number for each row, 3 options; pushes the box of the weights. */
static lun_ipcw *weights(lua_State *L, const double **x, int *by_row)
{
  lun_opts o;
  size_t n;
  lun_surv *s = lun_arg_surv(L, 1);
  *x = lun_arg_doubles(L, 2, &n);
  if (n != s->n)
    lun_raise(L, "usage.length", "performance: %d values, the response has %d rows", (int)n,
              (int)s->n);
  lun_opts_open(L, 3, &o);
  double t = lun_opt_number(&o, "time", 0, 0, INFINITY);
  int32_t cause = (int32_t)lun_opt_integer(&o, "cause", 0, 0, INT32_MAX);
  *by_row = lun_opt_choice(&o, "variance", VARIANCES, 0) == 1;
  lun_opts_done(&o);
  if (*by_row && s->causes > 1)
    lun_raise(L, "usage.option", "performance: the variance of timeroc is that of one cause");
  lun_ipcw *w = lun_box(L, &IPCW);
  lun_check(L, lun_ipcw_init(lun_env_of(L), w, s, t, cause));
  return w;
}

static void set_integer(lua_State *L, const char *name, size_t v)
{
  lua_pushinteger(L, (lua_Integer)v);
  lua_setfield(L, -2, name);
}

static void set_number(lua_State *L, const char *name, double v)
{
  lun_push_number(L, v);
  lua_setfield(L, -2, name);
}

static int performance_auc(lua_State *L)
{
  const double *marker;
  int by_row;
  const lun_ipcw *w = weights(L, &marker, &by_row);
  lun_auc *a = lun_box(L, &AUC);
  int box = lua_gettop(L);
  lun_check(L, lun_auc_init(lun_env_of(L), a, w, marker, by_row));
  lua_createtable(L, 0, 10);
  set_number(L, "auc", a->auc);
  set_number(L, "se", a->se);
  set_integer(L, "n", a->n);
  set_integer(L, "cases", a->cases);
  set_integer(L, "controls", a->controls);
  set_integer(L, "censored", a->censored);
  lun_push_view(L, box, a->influence, a->n);
  lua_setfield(L, -2, "influence");
  lun_push_view(L, box, a->fpr, a->points);
  lua_setfield(L, -2, "fpr");
  lun_push_view(L, box, a->tpr, a->points);
  lua_setfield(L, -2, "tpr");
  lun_push_view(L, box, a->threshold, a->points);
  lua_setfield(L, -2, "threshold");
  return 1;
}

static int performance_brier(lua_State *L)
{
  const double *risk;
  int by_row;
  const lun_ipcw *w = weights(L, &risk, &by_row);
  lun_brier b;
  lua_createtable(L, 0, 3);
  double *influence = lun_set_numbers(L, "influence", w->s->n);
  lun_check(L, lun_brier_score(lun_env_of(L), &b, w, risk, influence));
  set_number(L, "brier", b.score);
  set_number(L, "se", b.se);
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "auc", performance_auc,
    "performance.auc(surv, marker, { time =, cause = 0, variance = \"jackknife\" }) -> { auc =, "
    "se =, n =, cases =, controls =, censored =, influence =, fpr =, tpr =, threshold = }\n"
    "Area under the cumulative/dynamic ROC curve at a time, weighted for censoring (Uno et al. "
    "2007; Blanche et al. 2013); marker: numbers, larger for an earlier event. The curve goes from "
    "(0, 0) to (1, 1); its first threshold is missing. variance: the infinitesimal jackknife, or "
    "timeroc: as R's timeROC, which separates ties by the order of rows. auc and se are nil without "
    "cases or controls." },
  { "brier", performance_brier,
    "performance.brier(surv, risk, { time =, cause = 0 }) -> { brier =, se =, influence = }\n"
    "Brier score at a time, weighted for censoring (Graf et al. 1999); risk: predicted "
    "probabilities of the event by that time." },
  { NULL, NULL, NULL },
};

int lun_open_performance(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
