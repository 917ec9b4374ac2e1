/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.surv.cox: a fitted proportional-hazards model. lua/lunation/surv/cox.lua adds terms by name,
 * tables and sentences.
 */
#include <math.h>
#include <string.h>

#include "bind/bind.h"
#include "bind/surv.h"
#include "surv/cox/curve.h"
#include "surv/cox/firth.h"
#include "surv/cox/residuals.h"
#include "surv/cox/screen.h"
#include "surv/km.h"

int lun_open_cox(lua_State *L);

static const char *const TIES[] = { "efron", "breslow", "exact", NULL };
static const char *const STATUS[] = { "finite", "aliased", "infinite", "held" };

static void cox_free(void *self)
{
  lun_cox_fini(self);
}

static const lun_class COX;

static lun_cox *self_cox(lua_State *L)
{
  lun_cox *fit = lun_self(L, 1, &COX);
  if (!fit->pool.env) lun_raise(L, "usage.closed", "the Cox model was closed");
  return fit;
}

/* --- arguments: every array stays on the stack until the fit is done ------------------------- */

static size_t same_length(lua_State *L, size_t n, size_t expected, const char *what)
{
  if (n != expected)
    lun_raise(L, "usage.length", "%s has %d values, the response has %d", what, (int)n,
              (int)expected);
  return n;
}

static const double *field_doubles(lua_State *L, lun_opts *o, const char *name, size_t expected)
{
  int at = lun_opt_value(o, name);
  size_t n;
  if (!at) return NULL;
  const double *x = lun_arg_doubles(L, at, &n);
  same_length(L, n, expected, name);
  return x;
}

/* The response in surv; an event is a row with that cause (0: any). */
static void read_response(lua_State *L, lun_surv *surv, int32_t cause, lun_cox_input *in)
{
  unsigned char *event = lun_scratch(L, surv->n, 1);
  for (size_t i = 0; i < surv->n; i++)
    event[i] = cause ? surv->status[i] == cause : surv->status[i] > 0;
  in->n = surv->n;
  in->start = surv->start;
  in->stop = surv->time;
  in->order = surv->order;
  in->by_start = surv->by_entry;
  in->event = event;
  in->shared = &surv->cox;
  in->cause = cause;
}

/* Option at: as many numbers as there are columns. */
static const double *coefficients(lua_State *L, lun_opts *o, size_t p)
{
  size_t n;
  int index = lun_opt_value(o, "at");
  const double *at = index ? lun_arg_doubles(L, index, &n) : NULL;
  if (at && n != p)
    lun_raise(L, "usage.length", "at: %d coefficients for %d columns", (int)n, (int)p);
  return at;
}

static int cox_fit(lua_State *L)
{
  lun_cox_input in = { 0 };
  lun_cox_options options = { 0 };
  lun_opts o;
  size_t levels;
  lun_opts_open(L, 3, &o);
  read_response(L, lun_arg_sorted(L, 1), (int32_t)lun_opt_integer(&o, "cause", 0, 0, 1000), &in);
  in.x = lun_arg_columns(L, 2, in.n, &in.p);
  in.strata = lun_opt_codes(&o, "strata", in.n, &levels);
  in.cluster = lun_opt_codes(&o, "cluster", in.n, &levels);
  in.offset = field_doubles(L, &o, "offset", in.n);
  in.weights = field_doubles(L, &o, "weights", in.n);
  in.freq = field_doubles(L, &o, "frequency", in.n);
  options.ties = (lun_cox_ties)lun_opt_choice(&o, "ties", TIES, LUN_COX_EFRON);
  options.robust = lun_opt_boolean(&o, "robust", in.cluster != NULL);
  options.max_iterations = (int)lun_opt_integer(&o, "max_iterations", 0, 0, 10000);
  options.tolerance = lun_opt_number(&o, "tolerance", 0, 0, 1);
  options.at = coefficients(L, &o, in.p);
  lun_opts_done(&o);
  lun_cox *fit = lun_box(L, &COX);
  lun_check(L, lun_cox_fit(lun_env_of(L), fit, &in, &options));
  return 1;
}

/* --- fields ----------------------------------------------------------------------------------- */

#define VECTOR(name)                                          \
  static int get_##name(lua_State *L)                         \
  {                                                           \
    const lun_cox *fit = self_cox(L);                         \
    lun_push_view(L, 1, fit->name, fit->p);                   \
    return 1;                                                 \
  }
VECTOR(coef)
VECTOR(se)
VECTOR(z)
VECTOR(pvalue)
VECTOR(log10_p)
VECTOR(naive_se)

static int get_vcov(lua_State *L)
{
  const lun_cox *fit = self_cox(L);
  return lun_push_matrix(L, fit->vcov, fit->p);
}

static int get_naive_vcov(lua_State *L)
{
  const lun_cox *fit = self_cox(L);
  return lun_push_matrix(L, fit->naive_vcov, fit->p);
}

static int get_status(lua_State *L)
{
  const lun_cox *fit = self_cox(L);
  lua_createtable(L, (int)fit->p, 0);
  for (size_t j = 0; j < fit->p; j++) {
    lua_pushstring(L, STATUS[fit->status[j]]);
    lua_rawseti(L, -2, (lua_Integer)j + 1);
  }
  return 1;
}

#define TEST(name) \
  static int get_##name(lua_State *L) { return lun_push_test(L, &self_cox(L)->name); }
TEST(lr)
TEST(wald)
TEST(score)
TEST(robust_score)

#define NUMBER(name, expression)                              \
  static int get_##name(lua_State *L)                         \
  {                                                           \
    const lun_cox *fit = self_cox(L);                         \
    return lua_pushnumber(L, expression), 1;                  \
  }
#define COUNT(name, expression)                               \
  static int get_##name(lua_State *L)                         \
  {                                                           \
    const lun_cox *fit = self_cox(L);                         \
    return lua_pushinteger(L, (lua_Integer)(expression)), 1;  \
  }
NUMBER(loglik, fit->loglik)
NUMBER(loglik_null, fit->loglik_null)
COUNT(n, fit->data.total)
COUNT(events, fit->data.events)
COUNT(rows_used, fit->data.rows)
COUNT(missing, fit->data.missing)
COUNT(zero_weight, fit->data.zero)
COUNT(event_times, fit->data.m)
COUNT(rank, fit->rank)
COUNT(iterations, fit->iterations)
COUNT(clusters, fit->clusters)

static int get_converged(lua_State *L)
{
  lua_pushboolean(L, self_cox(L)->converged);
  return 1;
}

static int get_robust(lua_State *L)
{
  lua_pushboolean(L, self_cox(L)->robust);
  return 1;
}

static int get_why(lua_State *L)
{
  lua_pushstring(L, self_cox(L)->why);
  return 1;
}

static int get_ties(lua_State *L)
{
  lua_pushstring(L, TIES[self_cox(L)->ties]);
  return 1;
}

static int get_means(lua_State *L)
{
  const lun_cox *fit = self_cox(L);
  lun_push_view(L, 1, fit->data.centre, fit->p);
  return 1;
}

static int get_used(lua_State *L)
{
  const lun_cox *fit = self_cox(L);
  lua_createtable(L, (int)fit->data.rows, 0);
  for (size_t u = 0; u < fit->data.rows; u++) {
    lua_pushinteger(L, (lua_Integer)fit->data.used[u] + 1);
    lua_rawseti(L, -2, (lua_Integer)u + 1);
  }
  return 1;
}

static const lun_reg GETTERS[] = {
  { "coef", get_coef,
    "fit.coef\nLog hazard ratios, one for each column; missing where a column is redundant." },
  { "se", get_se,
    "fit.se\nStandard errors (robust ones where asked for); missing where not given." },
  { "z", get_z, "fit.z\ncoef / se." },
  { "p", get_pvalue, "fit.p\nTwo-sided Wald p-values; missing for infinite coefficients." },
  { "log10_p", get_log10_p,
    "fit.log10_p\nTheir common logarithms, exact where p itself would be 0." },
  { "naive_se", get_naive_se, "fit.naive_se\nModel-based standard errors." },
  { "vcov", get_vcov, "fit.vcov\nVariance matrix as a list of rows; 0 where not given." },
  { "naive_vcov", get_naive_vcov, "fit.naive_vcov\nModel-based variance matrix." },
  { "status", get_status,
    "fit.status\nfinite, aliased (redundant column) or infinite (monotone likelihood), for each "
    "column." },
  { "lr", get_lr, "fit.lr\nLikelihood ratio test against no effect: statistic, df, p, log10_p." },
  { "wald", get_wald,
    "fit.wald\nWald test, with the robust variance where asked for; nil with an infinite "
    "coefficient." },
  { "score", get_score,
    "fit.score\nScore test at 0: the log-rank test when the model is one group variable." },
  { "robust_score", get_robust_score,
    "fit.robust_score\nScore test with the robust variance at 0; nil unless robust." },
  { "loglik", get_loglik, "fit.loglik\nLog partial likelihood at the estimate." },
  { "loglik_null", get_loglik_null, "fit.loglik_null\nThe same with all coefficients 0." },
  { "n", get_n, "fit.n\nRows used, counted with their frequency." },
  { "events", get_events, "fit.events\nEvents among them." },
  { "rows_used", get_rows_used, "fit.rows_used\nRows used." },
  { "missing", get_missing, "fit.missing\nRows left out because a value is missing." },
  { "zero_weight", get_zero_weight, "fit.zero_weight\nRows left out because their weight is 0." },
  { "event_times", get_event_times,
    "fit.event_times\nDistinct event times, counted within strata." },
  { "rank", get_rank, "fit.rank\nColumns that are not redundant." },
  { "iterations", get_iterations, "fit.iterations\nNewton steps." },
  { "clusters", get_clusters, "fit.clusters\nClusters of the robust variance; 0 without." },
  { "converged", get_converged,
    "fit.converged\nWhether the search ended at a maximum (or named the infinite coefficients)." },
  { "why", get_why, "fit.why\nA sentence when the fit is doubtful, else empty." },
  { "robust", get_robust, "fit.robust\nWhether the variance is the sandwich." },
  { "ties", get_ties, "fit.ties\nefron, breslow or exact." },
  { "means", get_means,
    "fit.means\nThe reference point of predictions: column means, 0 for indicators (as in R)." },
  { "used", get_used, "fit.used\nNumbers of the rows used, from 1." },
  { NULL, NULL, NULL },
};

/* --- methods ---------------------------------------------------------------------------------- */

static int choice(lua_State *L, int arg, const char *const *names, const char *otherwise)
{
  return luaL_checkoption(L, arg, otherwise, names);
}

/* Pushes columns x[0..columns) of n values each, as one column or a list, and drops the memory. */
static void push_columns(lua_State *L, const double *x, size_t n, size_t columns, int list)
{
  lun_col *col;
  if (list) lua_createtable(L, (int)columns, 0);
  for (size_t j = 0; j < columns; j++) {
    lun_check(L, lun_col_number(lun_env_of(L), &col, x + j * n, n));
    lun_push_col(L, col);
    if (list) lua_rawseti(L, -2, (lua_Integer)j + 1);
  }
}

static int cox_residuals(lua_State *L)
{
  static const char *const names[] = {
    "martingale", "deviance", "score", "dfbeta", "dfbetas", "schoenfeld", "scaled_schoenfeld", NULL
  };
  const lun_cox *fit = self_cox(L);
  lun_cox_residual type = (lun_cox_residual)choice(L, 2, names, "martingale");
  size_t n = lun_cox_residual_rows(fit, type), columns = type <= LUN_COX_DEVIANCE ? 1 : fit->p;
  double *x = lun_scratch(L, n * columns, sizeof *x);
  lun_check(L, lun_cox_residuals(fit, type, x));
  push_columns(L, x, n, columns, type > LUN_COX_DEVIANCE);
  return 1;
}

static int cox_wald_of(lua_State *L)
{
  size_t k;
  const lun_cox *fit = self_cox(L);
  const double *wanted = lun_arg_doubles(L, 2, &k);
  size_t *column = lun_scratch(L, k, sizeof *column);
  double *work = lun_scratch(L, k * (k + 2), sizeof *work);
  for (size_t i = 0; i < k; i++) {
    if (!(wanted[i] >= 1 && wanted[i] <= (double)fit->p))
      return lun_raise(L, "usage.argument", "wald_of: the model has columns 1 to %d", (int)fit->p);
    column[i] = (size_t)wanted[i] - 1;
  }
  lun_cox_test test = lun_cox_wald_of(fit, column, k, work);
  return lun_push_test(L, &test);
}

static int cox_event_rows(lua_State *L)
{
  const lun_cox *fit = self_cox(L);
  size_t n = lun_cox_residual_rows(fit, LUN_COX_SCHOENFELD);
  double *time = lun_scratch(L, n, sizeof *time);
  size_t *row = lun_scratch(L, n, sizeof *row);
  lun_cox_event_rows(fit, time, row);
  push_columns(L, time, n, 1, 0);
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushinteger(L, (lua_Integer)row[i] + 1);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 2;
}

static int cox_linear(lua_State *L)
{
  const lun_cox *fit = self_cox(L);
  double *x = lun_scratch(L, fit->data.rows, sizeof *x);
  lun_cox_linear(fit, x);
  push_columns(L, x, fit->data.rows, 1, 0);
  return 1;
}

static int cox_zph(lua_State *L)
{
  static const char *const names[] = { "km", "identity", "rank", "log", NULL };
  lun_cox *fit = self_cox(L);
  lun_cox_transform transform = (lun_cox_transform)choice(L, 2, names, "km");
  size_t *group = lun_scratch(L, fit->p, sizeof *group), groups = 0;
  for (size_t j = 0; j < fit->p; j++) {
    group[j] = j;
    if (lua_istable(L, 3)) {
      lua_rawgeti(L, 3, (lua_Integer)j + 1);
      lua_Integer g = luaL_checkinteger(L, -1);
      luaL_argcheck(L, g >= 1 && g <= (lua_Integer)fit->p, 3, "a term number for each column");
      group[j] = (size_t)g - 1;
      lua_pop(L, 1);
    }
    if (group[j] >= groups) groups = group[j] + 1;
  }
  size_t n = lun_cox_residual_rows(fit, LUN_COX_SCHOENFELD);
  lun_cox_test *tests = lun_scratch(L, groups + 1, sizeof *tests);
  double *g = lun_scratch(L, n, sizeof *g);
  lun_check(L, lun_cox_zph(fit, transform, group, groups, tests, g));
  lua_createtable(L, (int)groups, 2);
  for (size_t k = 0; k < groups; k++) {
    lun_push_test(L, tests + k);
    if (lua_isnil(L, -1)) lua_pop(L, 1), lua_pushboolean(L, 0);
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
  lun_push_test(L, tests + groups);
  lua_setfield(L, -2, "global");
  push_columns(L, g, n, 1, 0);
  lua_setfield(L, -2, "x");
  return 1;
}

static int cox_baseline(lua_State *L)
{
  const lun_cox *fit = self_cox(L);
  double *h = lun_scratch(L, fit->data.m, sizeof *h);
  lun_cox_baseline(fit, lua_toboolean(L, 2), h);
  lua_createtable(L, (int)fit->data.strata, 0);
  for (size_t s = 0; s < fit->data.strata; s++) {
    size_t first = fit->data.first[s], n = fit->data.first[s + 1] - first;
    for (size_t k = first + 1; k < first + n; k++) h[k] += h[k - 1];
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, fit->data.stratum[s] + 1);
    lua_setfield(L, -2, "stratum");
    push_columns(L, fit->data.time + first, n, 1, 0);
    lua_setfield(L, -2, "time");
    push_columns(L, h + first, n, 1, 0);
    lua_setfield(L, -2, "cumhaz");
    lua_rawseti(L, -2, (lua_Integer)s + 1);
  }
  return 1;
}

/* --- Firth's penalty -------------------------------------------------------------------------- */

static void firth_free(void *self)
{
  lun_cox_firth_fini(self);
}

static const lun_class FIRTH = {
  .name = "lunation.cox_firth", .doc = "A penalised Cox model, on its way into a table.",
  .size = sizeof(lun_cox_firth), .free = firth_free,
};

static int cox_firth(lua_State *L)
{
  const lun_cox *fit = self_cox(L);
  double level = luaL_optnumber(L, 2, 0.95);
  luaL_argcheck(L, level > 0 && level < 1, 2, "a level between 0 and 1");
  lun_cox_firth *firth = lun_box(L, &FIRTH);
  int box = lua_gettop(L);
  lun_check(L, lun_cox_firth_fit(firth, fit, level));
  const struct { const char *name; const double *x;
  } vectors[] = { { "coef", firth->coef },
                  { "se", firth->se },
                  { "lower", firth->lower },
                  { "upper", firth->upper },
                  { "p", firth->pvalue } };
  lua_createtable(L, 0, 9);
  for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
    lun_push_view(L, box, vectors[i].x, firth->p);
    lua_setfield(L, -2, vectors[i].name);
  }
  lua_pushnumber(L, firth->loglik);
  lua_setfield(L, -2, "loglik");
  lua_pushnumber(L, firth->loglik_null);
  lua_setfield(L, -2, "loglik_null");
  lua_pushboolean(L, firth->converged);
  lua_setfield(L, -2, "converged");
  lua_pushstring(L, firth->why);
  lua_setfield(L, -2, "why");
  return 1;
}

/* --- predicted curves ------------------------------------------------------------------------- */

static void curve_free(void *self)
{
  lun_cox_curve_fini(self);
}

static const lun_class CURVE;

#define CURVE_VECTOR(name)                                    \
  static int curve_##name(lua_State *L)                       \
  {                                                           \
    const lun_cox_curve *c = lun_self(L, 1, &CURVE);          \
    lun_push_view(L, 1, c->name, c->n);                       \
    return 1;                                                 \
  }
CURVE_VECTOR(time)
CURVE_VECTOR(n_risk)
CURVE_VECTOR(n_event)
CURVE_VECTOR(cumhaz)
CURVE_VECTOR(se)
CURVE_VECTOR(surv)

static const lun_reg CURVE_GETTERS[] = {
  { "time", curve_time, "curve.time\nEvent times." },
  { "n_risk", curve_n_risk, "curve.n_risk\nRows at risk in the stratum." },
  { "n_event", curve_n_event, "curve.n_event\nEvents in the stratum." },
  { "cumhaz", curve_cumhaz, "curve.cumhaz\nPredicted cumulative hazard." },
  { "se", curve_se, "curve.se\nIts standard error." },
  { "survival", curve_surv, "curve.survival\nexp(-cumhaz)." },
  { NULL, NULL, NULL },
};

static const lun_class CURVE = {
  .name = "lunation.cox_curve",
  .doc = "A predicted curve of a Cox model.",
  .size = sizeof(lun_cox_curve),
  .free = curve_free,
  .getters = CURVE_GETTERS,
};

static int cox_curve(lua_State *L)
{
  const lun_cox *fit = self_cox(L);
  lun_opts o;
  size_t n, m;
  lun_cox_path path = { 0 };
  lun_opts_open(L, 2, &o);
  int x = lun_opt_value(&o, "x"), from = lun_opt_value(&o, "from"), to = lun_opt_value(&o, "to");
  path.offset = lun_opt_number(&o, "offset", 0, -HUGE_VAL, HUGE_VAL);
  path.stratum = (int32_t)lun_opt_integer(&o, "stratum", 1, 1, INT32_MAX) - 1;
  lun_opts_done(&o);
  if (!x) return lun_raise(L, "usage.argument", "curve: x is required");
  path.x = lun_arg_doubles(L, x, &n);
  path.n = fit->p ? n / fit->p : 1;
  if (path.n < 1 || path.n * fit->p != n)
    return lun_raise(L, "usage.length", "curve: x has %d values, the model %d columns", (int)n,
                     (int)fit->p);
  if (from && to) {
    path.from = lun_arg_doubles(L, from, &n);
    path.to = lun_arg_doubles(L, to, &m);
  }
  if ((from && to) ? n != path.n || m != path.n : path.n != 1)
    return lun_raise(L, "usage.length", "curve: from and to need one value for each row of x");
  lun_cox_curve *c = lun_box(L, &CURVE);
  lun_check(L, lun_cox_curve_new(c, fit, &path));
  return 1;
}

static const lun_reg METHODS[] = {
  { "residuals", cox_residuals,
    "fit:residuals(type) -> column, or a list of columns (one for each coefficient)\n"
    "type: martingale (default), deviance, score, dfbeta, dfbetas: one value for each row used "
    "(fit.used);\n"
    "schoenfeld, scaled_schoenfeld: one for each event, as fit:event_rows() orders them. score "
    "without,\n"
    "dfbeta with the row's weight. Therneau & Grambsch (2000)." },
  { "wald_of", cox_wald_of,
    "fit:wald_of(columns) -> { statistic, df, p, log10_p }\nWald test that these coefficients (a "
    "list of column "
    "numbers) are all 0: of a factor with several levels, say." },
  { "event_rows", cox_event_rows,
    "fit:event_rows() -> times, rows\nTime and row number of each event, by stratum and time." },
  { "linear", cox_linear,
    "fit:linear() -> column\nLinear predictor of the rows used: sum of coef (x - fit.means), plus "
    "the offset." },
  { "zph_tests", cox_zph,
    "fit:zph_tests(transform, terms) -> list of tests, with .global and .x\n"
    "Score test of proportional hazards. transform: km (default), identity, rank, log. terms: for "
    "each\n"
    "column the number of its term; default each by itself. false: a term without a finite "
    "coefficient." },
  { "baseline", cox_baseline,
    "fit:baseline(centred) -> list of { stratum, time, cumhaz }\n"
    "Baseline cumulative hazard at x = 0 (or at fit.means)." },
  { "firth", cox_firth,
    "fit:firth(level) -> { coef, se, lower, upper, p (columns), loglik, loglik_null, converged, "
    "why }\n"
    "The same model with Firth's penalty: finite coefficients under monotone likelihood, limits "
    "(log scale)\n"
    "and p-values from the profile of the penalised likelihood. Firth (1993), Heinze & Schemper "
    "(2001)." },
  { "path", cox_curve,
    "fit:path { x =, from =, to =, offset = 0, stratum = 1 } -> curve\n"
    "Predicted survival of a subject with covariates x (a list), or along a path: x row after row, "
    "row i\n"
    "holding from from[i] (exclusive) to to[i]. Fields time, n_risk, n_event, cumhaz, se, "
    "survival." },
  { NULL, NULL, NULL },
};

static const lun_class COX = {
  .name = "lunation.surv.cox",
  .doc = "A fitted Cox model.",
  .size = sizeof(lun_cox),
  .free = cox_free,
  .methods = METHODS,
  .getters = GETTERS,
};

/* --- many columns, each alone ------------------------------------------------------------------
 */

static void screen_free(void *self)
{
  lun_cox_screen_fini(self);
}

static const lun_class SCREEN = {
  .name = "lunation.cox_screen", .doc = "Models of single columns, on their way into a table.",
  .size = sizeof(lun_cox_screen), .free = screen_free,
};

static int cox_screen(lua_State *L)
{
  lun_cox_input in = { 0 };
  lun_cox_options options = { 0 };
  lun_opts o;
  lun_opts_open(L, 3, &o);
  read_response(L, lun_arg_sorted(L, 1), (int32_t)lun_opt_integer(&o, "cause", 0, 0, 1000), &in);
  in.x = lun_arg_columns(L, 2, in.n, &in.p);
  options.ties = (lun_cox_ties)lun_opt_choice(&o, "ties", TIES, LUN_COX_EFRON);
  lun_opts_done(&o);
  lun_cox_screen *s = lun_box(L, &SCREEN);
  int box = lua_gettop(L);
  lun_check(L, lun_cox_screen_fit(lun_env_of(L), s, &in, &options));
  const struct { const char *name; const double *x;
  } vectors[] = { { "coef", s->coef },
                  { "se", s->se },
                  { "z", s->z },
                  { "p", s->pvalue },
                  { "log10_p", s->log10_p } };
  lua_createtable(L, 0, 5);
  for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
    lun_push_view(L, box, vectors[i].x, s->p);
    lua_setfield(L, -2, vectors[i].name);
  }
  return 1;
}

static int cox_limits(lua_State *L)
{
  lun_km_interval kind = (lun_km_interval)choice(L, 1, LUN_KM_INTERVALS, NULL);
  lun_limits limits =
      lun_km_limits(kind, luaL_checknumber(L, 2), luaL_checknumber(L, 3), luaL_checknumber(L, 4));
  lun_push_number(L, limits.lower);
  lun_push_number(L, limits.upper);
  return 2;
}

static const lun_reg FUNCTIONS[] = {
  { "limits", cox_limits,
    "cox.limits(conf_type, survival, se_cumhaz, z) -> lower, upper\n"
    "Limits of one survival probability; conf_type: log, log-log, plain, arcsine, logit." },
  { "screen", cox_screen,
    "cox.screen(surv, columns, { ties = \"efron\", cause = 0 }) -> { coef, se, z, p, log10_p }\n"
    "A Cox model of each column alone, as cox.fit would fit it, one place in the columns of the "
    "result for each:\n"
    "thousands of biomarkers on one response. Missing values of a column are left out of its own "
    "model." },
  { "fit", cox_fit,
    "cox.fit(surv, columns, opts) -> fit\n"
    "Cox regression. columns: a list of number columns or lists of numbers, one value for each row "
    "of surv.\n"
    "opts: cause (the cause that is the event; default any); ties = \"efron\" (default), "
    "\"breslow\", \"exact\"; strata, cluster (factor\n"
    "columns or lists of group numbers); offset; weights (sampling weights: Efron uses the mean "
    "weight of\n"
    "tied deaths); frequency (a row stands for that many equal rows); robust (default: with "
    "clusters);\n"
    "max_iterations; tolerance; at (coefficients: the model is evaluated there, nothing is "
    "fitted). Rows with a missing value are left out and counted (fit.missing).\n"
    "Errors: no rows, no events, start not before stop, negative weights.\n"
    "Cox (1972), Efron (1977), Breslow (1974), Lin & Wei (1989)." },
  { NULL, NULL, NULL },
};

int lun_open_cox(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &CURVE);
  lua_setfield(L, -2, "curve_class");
  lun_class_open(L, &COX);
  lua_setfield(L, -2, "class");
  return 1;
}
