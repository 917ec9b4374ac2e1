/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.surv.finegray: a fitted subdistribution-hazards model. lua/lunation/surv/finegray.lua
 * adds terms by name, tables and sentences.
 */
#include "bind/bind.h"
#include "bind/cox.h"
#include "bind/surv.h"
#include "surv/finegray/predict.h"

int lun_open_finegray(lua_State *L);

static const char *const METHODS[] = { "crr", "survival", NULL };
static const char *const STATUS[] = { "finite", "aliased", "infinite", "held" };

static void finegray_free(void *self)
{
  lun_finegray_fini(self);
}

static const lun_class FINEGRAY;

static lun_finegray *self_of(lua_State *L)
{
  lun_finegray *fit = lun_self(L, 1, &FINEGRAY);
  if (!fit->pool.env) lun_raise(L, "usage.closed", "the model was closed");
  return fit;
}

/* Arguments surv, columns, options from `arg` on. */
static lun_finegray_input input_of(lua_State *L, int arg, lun_finegray_options *options)
{
  lun_opts o;
  lun_surv *s = lun_arg_surv(L, arg);
  lun_finegray_input in = { .s = s };
  lun_opts_open(L, arg + 2, &o);
  in.x = lun_arg_columns(L, arg + 1, s->n, &in.p);
  in.cause = (int32_t)lun_opt_integer(&o, "cause", 1, 1, INT32_MAX);
  in.method = (lun_finegray_method)lun_opt_choice(&o, "method", METHODS, LUN_FINEGRAY_CRR);
  in.weight = lun_opt_rows(&o, "weights", s->n);
  in.offset = lun_opt_rows(&o, "offset", s->n);
  in.strata = lun_opt_clusters(&o, "strata", s->n, &in.stratas);
  in.group = lun_opt_clusters(&o, "censoring", s->n, &in.groups);
  in.cluster = lun_opt_clusters(&o, "cluster", s->n, &in.clusters);
  options->efron = lun_opt_boolean(&o, "efron", 0);
  options->robust = lun_opt_boolean(&o, "robust", 0);
  lun_opts_done(&o);
  return in;
}

static int finegray_fit(lua_State *L)
{
  lun_finegray_options options = { 0 };
  lun_finegray_input in = input_of(L, 1, &options);
  lun_finegray *fit = lun_box(L, &FINEGRAY);
  lun_check(L, lun_finegray_fit(lun_env_of(L), fit, &in, &options));
  return 1;
}

/* --- fields ---------------------------------------------------------------------------------- */

#define VECTOR(name, field, count)                    \
  static int get_##name(lua_State *L)                 \
  {                                                   \
    const lun_finegray *fit = self_of(L);             \
    lun_push_view(L, 1, fit->field, count);           \
    return 1;                                         \
  }
#define NUMBER(name)                                                                   \
  static int get_##name(lua_State *L) { return lua_pushnumber(L, self_of(L)->name), 1; }
#define COUNT(name, field)                                   \
  static int get_##name(lua_State *L)                        \
  {                                                          \
    lua_pushinteger(L, (lua_Integer)self_of(L)->field);      \
    return 1;                                                \
  }
#define TEST(name)                                                                     \
  static int get_##name(lua_State *L) { return lun_push_test(L, &self_of(L)->name); }

VECTOR(coef, coef, fit->p)
VECTOR(se, se, fit->p)
VECTOR(z, z, fit->p)
VECTOR(p, pvalue, fit->p)
VECTOR(log10_p, log10_p, fit->p)
VECTOR(means, mean, fit->p)
VECTOR(influence, influence, fit->n * fit->p)
NUMBER(loglik)
NUMBER(loglik_null)
COUNT(n, n)
COUNT(events, events)
COUNT(competing, competing)
COUNT(event_times, m)
COUNT(rank, rank)
COUNT(iterations, iterations)
TEST(lr)
TEST(wald)

static int get_vcov(lua_State *L)
{
  const lun_finegray *fit = self_of(L);
  return lun_push_matrix(L, fit->vcov, fit->p);
}

static int get_status(lua_State *L)
{
  const lun_finegray *fit = self_of(L);
  lua_createtable(L, (int)fit->p, 0);
  for (size_t j = 0; j < fit->p; j++) {
    lua_pushstring(L, STATUS[fit->status[j]]);
    lua_rawseti(L, -2, (lua_Integer)j + 1);
  }
  return 1;
}

static int get_converged(lua_State *L)
{
  lua_pushboolean(L, self_of(L)->converged);
  return 1;
}

static int get_why(lua_State *L)
{
  lua_pushstring(L, self_of(L)->why);
  return 1;
}

static const lun_reg GETTERS[] = {
  { "coef", get_coef,
    "fit.coef\nLog subdistribution hazard ratios, one for each column; missing where a column is "
    "redundant." },
  { "se", get_se, "fit.se\nStandard errors; missing where not given." },
  { "z", get_z, "fit.z\ncoef / se." },
  { "p", get_p, "fit.p\nTwo-sided Wald p-values." },
  { "log10_p", get_log10_p, "fit.log10_p\nTheir common logarithms." },
  { "vcov", get_vcov, "fit.vcov\nVariance matrix as a list of rows; 0 where not given." },
  { "status", get_status,
    "fit.status\nfinite, aliased (redundant column) or infinite (monotone likelihood), for each "
    "column." },
  { "influence", get_influence,
    "fit.influence\nRow by row, what the row adds to each coefficient to first order: its squares, "
    "summed over clusters, are the variance." },
  { "lr", get_lr,
    "fit.lr\nPseudo-likelihood ratio test against no effect: statistic, df, p, log10_p." },
  { "wald", get_wald, "fit.wald\nWald test; nil with an infinite coefficient." },
  { "loglik", get_loglik, "fit.loglik\nLog pseudo-likelihood at the estimate." },
  { "loglik_null", get_loglik_null, "fit.loglik_null\nThe same with all coefficients 0." },
  { "n", get_n, "fit.n\nRows." },
  { "events", get_events, "fit.events\nRows with an event of the cause." },
  { "competing", get_competing, "fit.competing\nRows with an event of another cause." },
  { "event_times", get_event_times,
    "fit.event_times\nDistinct event times, counted within strata." },
  { "rank", get_rank, "fit.rank\nColumns that are not redundant." },
  { "iterations", get_iterations, "fit.iterations\nNewton steps." },
  { "converged", get_converged,
    "fit.converged\nWhether the search ended at a maximum (or named the infinite coefficients)." },
  { "why", get_why, "fit.why\nA sentence when the fit is doubtful, else empty." },
  { "means", get_means, "fit.means\nColumn means: where the baseline hazard is taken." },
  { NULL, NULL, NULL },
};

/* --- methods --------------------------------------------------------------------------------- */

static size_t number_below(lua_State *L, size_t limit, const char *what)
{
  lua_Integer k = luaL_optinteger(L, 2, 1);
  if (k < 1 || (size_t)k > limit) lun_raise(L, "usage.argument", "there is no %s %d", what, (int)k);
  return (size_t)k - 1;
}

static int finegray_baseline(lua_State *L)
{
  const lun_finegray *fit = self_of(L);
  size_t h = number_below(L, fit->strata, "stratum"), from = fit->first[h];
  lun_push_view(L, 1, fit->time + from, fit->first[h + 1] - from);
  lun_push_view(L, 1, fit->cumhaz + from, fit->first[h + 1] - from);
  return 2;
}

static int finegray_censoring(lua_State *L)
{
  const lun_finegray *fit = self_of(L);
  size_t g = number_below(L, fit->groups, "group");
  lun_push_view(L, 1, fit->censored_time, fit->times);
  lun_push_view(L, 1, fit->prob + g * fit->times, fit->times);
  return 2;
}

static int finegray_predict(lua_State *L)
{
  const lun_finegray *fit = self_of(L);
  lun_finegray_options options = { 0 };
  lun_finegray_query q = { 0 };
  lun_opts o;
  size_t strata, p;
  lua_settop(L, 6);
  lun_finegray_input in = input_of(L, 2, &options);
  lun_opts_open(L, 6, &o);
  q.subjects = (size_t)lun_opt_integer(&o, "n", 1, 1, INT32_MAX);
  q.x = lun_arg_columns(L, 5, q.subjects, &p);
  q.offset = lun_opt_rows(&o, "offset", q.subjects);
  q.stratum = lun_opt_clusters(&o, "stratum", q.subjects, &strata);
  q.time = lun_arg_doubles(L, lun_opt_value(&o, "times"), &q.times);
  lun_opts_done(&o);
  if (in.s->n != fit->n || in.p != fit->p || p != fit->p || (q.stratum && strata > fit->strata))
    return lun_raise(L, "usage.argument", "predict: these are not the data of the model");
  size_t cells = q.subjects * q.times;
  double *cumhaz = lun_scratch(L, 2 * cells, sizeof *cumhaz);
  lun_check(L, lun_finegray_predict(fit, &in, &options, &q, cumhaz, cumhaz + cells));
  lun_push_copies(L, cumhaz, cells, 1, 0);
  lun_push_copies(L, cumhaz + cells, cells, 1, 0);
  return 2;
}

static const lun_reg METHODS_OF[] = {
  { "predict", finegray_predict,
    "fit:predict(surv, columns, options, subjects, { times =, n =, offset =, stratum = }) -> cumhaz, "
    "se\nCumulative subdistribution hazard of n subjects (columns like those of the fit) at the "
    "times, and its standard error, subject after subject. surv, columns, options: those of the "
    "fit. The standard error has the rows' influence on the baseline, the coefficients and, unless "
    "robust, the censoring distribution; missing with an infinite coefficient." },
  { "baseline", finegray_baseline,
    "fit:baseline([stratum]) -> time, cumhaz\nCumulative subdistribution hazard of a row with the "
    "mean covariates and offset 0, at the event times." },
  { "censoring", finegray_censoring,
    "fit:censoring([group]) -> time, probability\nThe estimated probability of not being censored "
    "(and, with delayed entry, of having entered) before each distinct time." },
  { NULL, NULL, NULL },
};

static const lun_class FINEGRAY = {
  .name = "lunation.surv.finegray",
  .doc = "A fitted model of proportional subdistribution hazards (Fine & Gray 1999).",
  .size = sizeof(lun_finegray),
  .free = finegray_free,
  .methods = METHODS_OF,
  .getters = GETTERS,
  .uservalues = 1,
};

static const lun_reg FUNCTIONS[] = {
  { "fit", finegray_fit,
    "finegray.fit(surv, columns, { cause = 1, method = \"crr\", weights =, offset =, strata =, "
    "censoring =, cluster =, efron = false, robust = false }) -> fit\n"
    "Fine & Gray's model (1999) of the cause's cumulative incidence. columns: number columns "
    "without missing values. method: where events and censorings are tied, crr keeps the events "
    "at risk of censoring (as cmprsk), survival does not (as survival::finegray; also with delayed "
    "entry). strata: each has its own baseline. censoring: each level has its own censoring "
    "distribution. weights: sampling weights; with crr they also weight the censorings. robust: "
    "the sandwich that takes the censoring distribution as known; else its estimation counts." },
  { NULL, NULL, NULL },
};

int lun_open_finegray(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &FINEGRAY);
  lua_setfield(L, -2, "class");
  return 1;
}
