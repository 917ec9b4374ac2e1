/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.surv.cox: a fitted proportional-hazards model. lua/lunation/surv/cox.lua adds terms by
 * name, tables and sentences.
 */
#include "bind/cox.h"

#include <math.h>

#include "bind/surv.h"

int lun_open_cox(lua_State *L);

const char *const LUN_COX_TIES[] = { "efron", "breslow", "exact", NULL };
static const char *const STATUS[] = { "finite", "aliased", "infinite", "held" };

static void cox_free(void *self)
{
  lun_cox_fini(self);
}

static const lun_class COX;

lun_cox *lun_self_cox(lua_State *L)
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

void lun_cox_arg_response(lua_State *L, lun_opts *o, lun_cox_input *in)
{
  read_response(L, lun_arg_sorted(L, 1), (int32_t)lun_opt_integer(o, "cause", 0, 0, 1000), in);
}

void lun_cox_arg_input(lua_State *L, lun_opts *o, lun_cox_input *in)
{
  lun_cox_arg_response(L, o, in);
  in->x = lun_arg_columns(L, 2, in->n, &in->p);
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
  lun_cox_arg_input(L, &o, &in);
  in.strata = lun_opt_codes(&o, "strata", in.n, &levels);
  in.cluster = lun_opt_codes(&o, "cluster", in.n, &levels);
  in.offset = field_doubles(L, &o, "offset", in.n);
  in.weights = field_doubles(L, &o, "weights", in.n);
  in.freq = field_doubles(L, &o, "frequency", in.n);
  options.ties = (lun_cox_ties)lun_opt_choice(&o, "ties", LUN_COX_TIES, LUN_COX_EFRON);
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
    const lun_cox *fit = lun_self_cox(L);                         \
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
  const lun_cox *fit = lun_self_cox(L);
  return lun_push_matrix(L, fit->vcov, fit->p);
}

static int get_naive_vcov(lua_State *L)
{
  const lun_cox *fit = lun_self_cox(L);
  return lun_push_matrix(L, fit->naive_vcov, fit->p);
}

static int get_status(lua_State *L)
{
  const lun_cox *fit = lun_self_cox(L);
  lua_createtable(L, (int)fit->p, 0);
  for (size_t j = 0; j < fit->p; j++) {
    lua_pushstring(L, STATUS[fit->status[j]]);
    lua_rawseti(L, -2, (lua_Integer)j + 1);
  }
  return 1;
}

#define TEST(name) \
  static int get_##name(lua_State *L) { return lun_push_test(L, &lun_self_cox(L)->name); }
TEST(lr)
TEST(wald)
TEST(score)
TEST(robust_score)

#define NUMBER(name, expression)                              \
  static int get_##name(lua_State *L)                         \
  {                                                           \
    const lun_cox *fit = lun_self_cox(L);                         \
    return lua_pushnumber(L, expression), 1;                  \
  }
#define COUNT(name, expression)                               \
  static int get_##name(lua_State *L)                         \
  {                                                           \
    const lun_cox *fit = lun_self_cox(L);                         \
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
  lua_pushboolean(L, lun_self_cox(L)->converged);
  return 1;
}

static int get_robust(lua_State *L)
{
  lua_pushboolean(L, lun_self_cox(L)->robust);
  return 1;
}

static int get_why(lua_State *L)
{
  lua_pushstring(L, lun_self_cox(L)->why);
  return 1;
}

static int get_ties(lua_State *L)
{
  lua_pushstring(L, LUN_COX_TIES[lun_self_cox(L)->ties]);
  return 1;
}

static int get_means(lua_State *L)
{
  const lun_cox *fit = lun_self_cox(L);
  lun_push_view(L, 1, fit->data.centre, fit->p);
  return 1;
}

static int get_used(lua_State *L)
{
  const lun_cox *fit = lun_self_cox(L);
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

void lun_push_copies(lua_State *L, const double *x, size_t n, size_t columns, int list)
{
  lun_col *col;
  if (list) lua_createtable(L, (int)columns, 0);
  for (size_t j = 0; j < columns; j++) {
    lun_check(L, lun_col_number(lun_env_of(L), &col, x + j * n, n));
    lun_push_col(L, col);
    if (list) lua_rawseti(L, -2, (lua_Integer)j + 1);
  }
}

static const lun_reg METHODS[] = {
  { "residuals", lun_cox_residuals_method,
    "fit:residuals(type) -> column, or a list of columns (one for each coefficient)\n"
    "type: martingale (default), deviance, score, dfbeta, dfbetas: one value for each row used "
    "(fit.used);\n"
    "schoenfeld, scaled_schoenfeld: one for each event, as fit:event_rows() orders them. score "
    "without,\n"
    "dfbeta with the row's weight. Therneau & Grambsch (2000)." },
  { "wald_of", lun_cox_wald_of_method,
    "fit:wald_of(columns) -> { statistic, df, p, log10_p }\nWald test that these coefficients (a "
    "list of column "
    "numbers) are all 0: of a factor with several levels, say." },
  { "wald_beyond", lun_cox_wald_beyond_method,
    "fit:wald_beyond(columns, along) -> { statistic, df, p, log10_p }\nWald test that these "
    "coefficients are a multiple of along: with along the coefficients of x itself in the basis of "
    "a spline of x, the test of nonlinearity." },
  { "lr_of", lun_cox_lr_of_method,
    "fit:lr_of(columns) -> { statistic, df, p, log10_p }\nLikelihood ratio test that these "
    "coefficients are all 0, on the rows of the fit." },
  { "linear_of", lun_cox_linear_of_method,
    "fit:linear_of(columns, { n, reference, stratum, columns }) -> lp, se\n"
    "Of n other rows (a design, or a list of columns): sum of coef (x - reference) and its "
    "standard error.\nreference: p numbers, or p for each group of stratum one after another; default 0. "
    "columns: the numbers of the columns that count." },
  { "means_by", lun_cox_means_method,
    "fit:means_by(columns, strata) -> column\nWeighted means of the columns over the rows used, "
    "those of the first level of strata first." },
  { "expected", lun_cox_expected_method,
    "fit:expected(columns, { n, start, stop, stratum, offset }) -> expected, se\n"
    "Expected number of events of n other rows over (start, stop], the cumulative hazard." },
  { "event_rows", lun_cox_event_rows_method,
    "fit:event_rows() -> times, rows\nTime and row number of each event, by stratum and time." },
  { "linear", lun_cox_linear_method,
    "fit:linear() -> column\nLinear predictor of the rows used: sum of coef (x - fit.means), plus "
    "the offset." },
  { "zph_tests", lun_cox_zph_method,
    "fit:zph_tests(transform, terms) -> list of tests, with .global and .x\n"
    "Score test of proportional hazards. transform: km (default), identity, rank, log. terms: for "
    "each\n"
    "column the number of its term; default each by itself. false: a term without a finite "
    "coefficient." },
  { "baseline", lun_cox_baseline_method,
    "fit:baseline(centred) -> list of { stratum, time, cumhaz }\n"
    "Baseline cumulative hazard at x = 0 (or at fit.means)." },
  { "firth", lun_cox_firth_method,
    "fit:firth(level) -> { coef, se, lower, upper, p (columns), loglik, loglik_null, converged, "
    "why }\n"
    "The same model with Firth's penalty: finite coefficients under monotone likelihood, limits "
    "(log scale)\n"
    "and p-values from the profile of the penalised likelihood. Firth (1993), Heinze & Schemper "
    "(2001)." },
  { "path", lun_cox_path_method,
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

static const lun_reg FUNCTIONS[] = {
  { "expand", lun_cox_expand_function,
    "cox.expand(surv, { used, strata, cause }) -> { row, set, time, event } (columns)\n"
    "The risk set of each event time written out, for covariates that are a function of time: row "
    "numbers, number of the set, the time, and whether the row has its event then. With set as "
    "strata the likelihood is that of the rows. used: the rows that count; default all." },
  { "limits", lun_cox_limits_function,
    "cox.limits(conf_type, survival, se_cumhaz, z) -> lower, upper\n"
    "Limits of one survival probability; conf_type: log, log-log, plain, arcsine, logit." },
  { "screen", lun_cox_screen_function,
    "cox.screen(surv, columns, { ties = \"efron\", cause = 0 }) -> { coef, se, z, p, log10_p }\n"
    "A Cox model of each column alone, as cox.fit would fit it, one place in the columns of the "
    "result for each:\n"
    "thousands of biomarkers on one response. Missing values of a column are left out of its own "
    "model." },
  { "fit", cox_fit,
    "cox.fit(surv, columns, opts) -> fit\n"
    "Cox regression. columns: a list of number columns or lists of numbers, one value for each row "
    "of surv,\n"
    "or a design over these rows.\n"
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
  lun_cox_curve_class(L);
  lua_setfield(L, -2, "curve_class");
  lun_class_open(L, &COX);
  lua_setfield(L, -2, "class");
  return 1;
}
