/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.cox: a fitted proportional-hazards model. lua/lunation/cox.lua adds terms by name,
 * tables and sentences.
 */
#include <math.h>
#include <string.h>

#include "bind/bind.h"
#include "surv/cox/cox.h"

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
    lun_raise(L, "usage.length", "%s has %d values, the response has %d", what, (int)n, (int)expected);
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

static const int32_t *field_codes(lua_State *L, lun_opts *o, const char *name, size_t expected)
{
  int at = lun_opt_value(o, name);
  size_t n, k;
  lun_levels *levels;
  if (!at) return NULL;
  const int32_t *code = lun_arg_codes(L, at, &n, &k, &levels);
  same_length(L, n, expected, name);
  return code;
}

/* {time =, status =, start =}: status 1 is the event. */
static void read_response(lua_State *L, int arg, lun_cox_input *in)
{
  lun_opts o;
  luaL_checktype(L, arg, LUA_TTABLE);
  lun_opts_open(L, arg, &o);
  int time = lun_opt_value(&o, "time");
  if (!time) lun_raise(L, "usage.argument", "the response needs time and status");
  in->stop = lun_arg_doubles(L, time, &in->n);
  const double *status = field_doubles(L, &o, "status", in->n);
  if (!status) lun_raise(L, "usage.argument", "the response needs time and status");
  in->start = field_doubles(L, &o, "start", in->n);
  lun_opts_done(&o);
  double *stop = lun_scratch(L, in->n, sizeof *stop); /* a missing status is a missing response */
  unsigned char *event = lun_scratch(L, in->n, 1);
  for (size_t i = 0; i < in->n; i++) {
    stop[i] = isnan(status[i]) ? NAN : in->stop[i];
    event[i] = status[i] == 1;
  }
  in->stop = stop;
  in->event = event;
}

/* A list of number columns. */
static void read_columns(lua_State *L, int arg, lun_cox_input *in)
{
  luaL_checktype(L, arg, LUA_TTABLE);
  in->p = (size_t)lua_rawlen(L, arg);
  const double **x = lun_scratch(L, in->p, sizeof *x);
  luaL_checkstack(L, (int)(2 * in->p) + 64, "too many columns");
  for (size_t j = 0; j < in->p; j++) {
    size_t n;
    lua_rawgeti(L, arg, (lua_Integer)j + 1);
    x[j] = lun_arg_doubles(L, -1, &n);
    same_length(L, n, in->n, "a column");
  }
  in->x = x;
}

static int cox_fit(lua_State *L)
{
  lun_cox_input in = { 0 };
  lun_cox_options options = { 0 };
  lun_opts o;
  read_response(L, 1, &in);
  read_columns(L, 2, &in);
  lun_opts_open(L, 3, &o);
  in.strata = field_codes(L, &o, "strata", in.n);
  in.cluster = field_codes(L, &o, "cluster", in.n);
  in.offset = field_doubles(L, &o, "offset", in.n);
  in.weights = field_doubles(L, &o, "weights", in.n);
  in.freq = field_doubles(L, &o, "frequency", in.n);
  options.ties = (lun_cox_ties)lun_opt_choice(&o, "ties", TIES, LUN_COX_EFRON);
  options.robust = lun_opt_boolean(&o, "robust", in.cluster != NULL);
  options.max_iterations = (int)lun_opt_integer(&o, "max_iterations", 0, 0, 10000);
  options.tolerance = lun_opt_number(&o, "tolerance", 0, 0, 1);
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

static int push_matrix(lua_State *L, const double *a, size_t p)
{
  lua_createtable(L, (int)p, 0);
  for (size_t i = 0; i < p; i++) {
    lua_createtable(L, (int)p, 0);
    for (size_t j = 0; j < p; j++) {
      lua_pushnumber(L, a[i * p + j]);
      lua_rawseti(L, -2, (lua_Integer)j + 1);
    }
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static int get_vcov(lua_State *L)
{
  const lun_cox *fit = self_cox(L);
  return push_matrix(L, fit->vcov, fit->p);
}

static int get_naive_vcov(lua_State *L)
{
  const lun_cox *fit = self_cox(L);
  return push_matrix(L, fit->naive_vcov, fit->p);
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

static int push_test(lua_State *L, const lun_cox_test *t)
{
  if (isnan(t->statistic)) return lua_pushnil(L), 1;
  lua_createtable(L, 0, 4);
  lua_pushnumber(L, t->statistic);
  lua_setfield(L, -2, "statistic");
  lua_pushinteger(L, (lua_Integer)t->df);
  lua_setfield(L, -2, "df");
  lua_pushnumber(L, t->p);
  lua_setfield(L, -2, "p");
  lua_pushnumber(L, t->log10_p);
  lua_setfield(L, -2, "log10_p");
  return 1;
}

#define TEST(name) \
  static int get_##name(lua_State *L) { return push_test(L, &self_cox(L)->name); }
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
  { "coef", get_coef, "fit.coef\nLog hazard ratios, one for each column; missing where a column is redundant." },
  { "se", get_se, "fit.se\nStandard errors (robust ones where asked for); missing where not given." },
  { "z", get_z, "fit.z\ncoef / se." },
  { "p", get_pvalue, "fit.p\nTwo-sided Wald p-values; missing for infinite coefficients." },
  { "log10_p", get_log10_p, "fit.log10_p\nTheir common logarithms, exact where p itself would be 0." },
  { "naive_se", get_naive_se, "fit.naive_se\nModel-based standard errors." },
  { "vcov", get_vcov, "fit.vcov\nVariance matrix as a list of rows; 0 where not given." },
  { "naive_vcov", get_naive_vcov, "fit.naive_vcov\nModel-based variance matrix." },
  { "status", get_status, "fit.status\nfinite, aliased (redundant column) or infinite (monotone likelihood), for each column." },
  { "lr", get_lr, "fit.lr\nLikelihood ratio test against no effect: statistic, df, p, log10_p." },
  { "wald", get_wald, "fit.wald\nWald test, with the robust variance where asked for; nil with an infinite coefficient." },
  { "score", get_score, "fit.score\nScore test at 0: the log-rank test when the model is one group variable." },
  { "robust_score", get_robust_score, "fit.robust_score\nScore test with the robust variance at 0; nil unless robust." },
  { "loglik", get_loglik, "fit.loglik\nLog partial likelihood at the estimate." },
  { "loglik_null", get_loglik_null, "fit.loglik_null\nThe same with all coefficients 0." },
  { "n", get_n, "fit.n\nRows used, counted with their frequency." },
  { "events", get_events, "fit.events\nEvents among them." },
  { "rows_used", get_rows_used, "fit.rows_used\nRows used." },
  { "missing", get_missing, "fit.missing\nRows left out because a value is missing." },
  { "zero_weight", get_zero_weight, "fit.zero_weight\nRows left out because their weight is 0." },
  { "event_times", get_event_times, "fit.event_times\nDistinct event times, counted within strata." },
  { "rank", get_rank, "fit.rank\nColumns that are not redundant." },
  { "iterations", get_iterations, "fit.iterations\nNewton steps." },
  { "clusters", get_clusters, "fit.clusters\nClusters of the robust variance; 0 without." },
  { "converged", get_converged, "fit.converged\nWhether the search ended at a maximum (or named the infinite coefficients)." },
  { "why", get_why, "fit.why\nA sentence when the fit is doubtful, else empty." },
  { "robust", get_robust, "fit.robust\nWhether the variance is the sandwich." },
  { "ties", get_ties, "fit.ties\nefron, breslow or exact." },
  { "means", get_means, "fit.means\nThe reference point of predictions: column means, 0 for indicators (as in R)." },
  { "used", get_used, "fit.used\nNumbers of the rows used, from 1." },
  { NULL, NULL, NULL },
};

static const lun_reg METHODS[] = {
  { NULL, NULL, NULL },
};

static const lun_class COX = {
  .name = "lunation.cox",
  .doc = "A fitted Cox model.",
  .size = sizeof(lun_cox),
  .free = cox_free,
  .methods = METHODS,
  .getters = GETTERS,
};

static const lun_reg FUNCTIONS[] = {
  { "fit", cox_fit,
    "cox.fit(response, columns, opts) -> fit\n"
    "Cox regression. response: {time =, status = (1 event), start = (optional, exclusive)}; columns: a list of\n"
    "number columns or lists. opts: ties = \"efron\" (default), \"breslow\", \"exact\"; strata, cluster (factor\n"
    "columns or lists of group numbers); offset; weights (sampling weights: Efron uses the mean weight of\n"
    "tied deaths); frequency (a row stands for that many equal rows); robust (default: with clusters);\n"
    "max_iterations; tolerance. Rows with a missing value are left out and counted (fit.missing).\n"
    "Errors: no rows, no events, start not before stop, negative weights.\n"
    "Cox (1972), Efron (1977), Breslow (1974), Lin & Wei (1989)." },
  { NULL, NULL, NULL },
};

int lun_open_cox(lua_State *L)
{
  lua_newtable(L);
  for (const lun_reg *r = FUNCTIONS; r->name; r++) {
    lua_pushcfunction(L, r->fn);
    lua_setfield(L, -2, r->name);
  }
  lun_class_open(L, &COX);
  lua_setfield(L, -2, "class");
  return 1;
}
