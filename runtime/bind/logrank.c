/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.logrank: weighted k-sample tests; each result is a plain table, lua/lunation/surv/logrank.lua
 * prints it.
 */
#include <math.h>

#include "bind/surv.h"
#include "stat/mvnorm.h"
#include "surv/logrank.h"

int lun_open_logrank(lua_State *L);

static void logrank_free(void *self)
{
  lun_logrank_fini(self);
}

static const lun_class LOGRANK = {
  .name = "lunation.logrank.core",
  .doc = "Result of a weighted log-rank test.",
  .size = sizeof(lun_logrank),
  .free = logrank_free,
  .uservalues = 1,
};

static void set_list(lua_State *L, const char *name, const double *x, size_t n)
{
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushnumber(L, x[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, name);
}

static void set_number(lua_State *L, const char *name, double v)
{
  lun_push_number(L, v);
  lua_setfield(L, -2, name);
}

static void push_result(lua_State *L, const lun_logrank *r)
{
  lua_createtable(L, 0, 12);
  set_list(L, "n", r->rows, r->k);
  size_t size = r->tests * r->k;
  set_list(L, "observed", r->observed, size);
  set_list(L, "expected", r->expected, size);
  set_list(L, "variance", r->variance, size * size);
  set_number(L, "chisq", r->chisq);
  lua_pushinteger(L, (lua_Integer)r->df);
  lua_setfield(L, -2, "df");
  set_number(L, "p", r->p);
  set_number(L, "log10_p", r->log10_p);
  lua_pushinteger(L, (lua_Integer)r->used);
  lua_setfield(L, -2, "used");
  lua_pushinteger(L, (lua_Integer)r->missing);
  lua_setfield(L, -2, "missing");
}

/* tests = { { test =, rho =, gamma = }, ... }, or the options test, rho, gamma themselves. */
static void read_tests(lua_State *L, lun_opts *o, lun_logrank_options *options)
{
  int list = lun_opt_value(o, "tests");
  options->count = list ? (size_t)lua_rawlen(L, list) : 1;
  lun_logrank_weight *tests = lun_scratch(L, options->count, sizeof *tests);
  options->tests = tests;
  for (size_t a = 0; a < options->count; a++) {
    lun_opts one = *o;
    if (list) {
      lua_rawgeti(L, list, (lua_Integer)a + 1);
      lun_opts_open(L, -1, &one);
    }
    tests[a].kind = lun_opt_choice(&one, "test", LUN_LOGRANK_NAMES, 0);
    tests[a].rho = lun_opt_number(&one, "rho", 0, 0, 10);
    tests[a].gamma = lun_opt_number(&one, "gamma", 0, 0, 10);
    if (list) lun_opts_done(&one);
    else *o = one;
  }
}

/* z of each test along the scores, and their covariances row by row. */
static void push_along(lua_State *L, const lun_logrank *r, const double *scores)
{
  lua_createtable(L, (int)r->tests, 0);
  for (size_t a = 0; a < r->tests; a++) {
    lua_pushnumber(L, lun_logrank_trend(r, a, scores));
    lua_rawseti(L, -2, (lua_Integer)a + 1);
  }
  lua_setfield(L, -2, "trend_z");
  lua_createtable(L, (int)(r->tests * r->tests), 0);
  for (size_t i = 0; i < r->tests * r->tests; i++) {
    lua_pushnumber(L, lun_logrank_along(r, i / r->tests, i % r->tests, scores));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, "trend_variance");
}

static int logrank_test(lua_State *L)
{
  lun_opts o;
  size_t k, ns = 0;
  lun_logrank_options options = { 0 };
  lun_surv *s = lun_arg_surv(L, 1);
  lun_opts_open(L, 2, &o);
  const int32_t *code = lun_opt_codes(&o, "by", s->n, &k);
  if (!code) return lun_raise(L, "usage.argument", "logrank: by is required");
  options.strata = lun_opt_codes(&o, "strata", s->n, &options.strata_count);
  options.weight = lun_opt_rows(&o, "weights", s->n);
  options.cluster = lun_opt_clusters(&o, "cluster", s->n, &options.clusters);
  options.efron = lun_opt_boolean(&o, "efron", 0);
  options.cause = (int32_t)lun_opt_integer(&o, "cause", 0, 0, INT32_MAX);
  read_tests(L, &o, &options);
  int scores = lun_opt_value(&o, "scores");
  const double *score = scores ? lun_arg_doubles(L, scores, &ns) : NULL;
  if (score && ns != k)
    return lun_raise(L, "usage.length", "scores: %d of them for %d groups", (int)ns, (int)k);
  lun_push_labels(L, &o, "by", k);
  int labels = lua_gettop(L);
  lun_opts_done(&o);
  lun_logrank *r = lun_box(L, &LOGRANK);
  lun_check(L, lun_logrank_init(lun_env_of(L), r, s, code, k, &options));
  push_result(L, r);
  lua_pushvalue(L, labels);
  lua_setfield(L, -2, "labels");
  lua_pushstring(L, LUN_LOGRANK_NAMES[options.tests[0].kind]);
  lua_setfield(L, -2, "test");
  if (score) push_along(L, r, score);
  return 1;
}

static int logrank_max_tail(lua_State *L)
{
  size_t n2, n = 0;
  const double *corr = lun_arg_doubles(L, 1, &n2);
  while (n * n < n2) n++;
  if (n * n != n2 || n == 0 || n > LUN_MVNORM_MAX)
    return lun_raise(L, "usage.length", "max_tail: expected an n x n list with n from 1 to %d",
                     (int)LUN_MVNORM_MAX);
  lun_push_number(L, lun_mvnorm_max_tail(corr, n, luaL_checknumber(L, 2)));
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "max_tail", logrank_max_tail,
    "logrank.max_tail(correlation, q) -> p\nP(max |Z| > q) of normal variables with this "
    "correlation (row by row), "
    "which may be singular; nil when its rank is above 4 or it is no correlation." },
  { "test", logrank_test,
    "logrank.test(surv, { by =, strata =, test = \"logrank\", rho = 0, gamma = 0, scores =, tests "
    "=, "
    "weights =, cluster =, efron = false, cause = 0 }) -> table\n"
    "test: logrank, gehan, tarone-ware, peto, modified-peto, fleming-harrington. tests: a list of "
    "{ test =, "
    "rho =, gamma = } instead. weights: sampling weights, with robust variance over clusters; "
    "efron: with "
    "Efron's means at ties, as survey::svylogrank. "
    "Fields: "
    "labels, n, observed, expected (by test, then group), variance (row by row), chisq, df, p, "
    "log10_p of "
    "the first test, used, missing; with scores trend_z and trend_variance of the tests along "
    "them." },
  { NULL, NULL, NULL },
};

int lun_open_logrank(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
