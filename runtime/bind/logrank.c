/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.logrank: weighted k-sample tests; each result is a plain table, lua/lunation/logrank.lua prints it.
 */
#include <math.h>

#include "bind/surv.h"
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
  set_list(L, "observed", r->observed, r->k);
  set_list(L, "expected", r->expected, r->k);
  set_list(L, "variance", r->variance, r->k * r->k);
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

static int logrank_test(lua_State *L)
{
  lun_opts o;
  size_t k, ns;
  lun_logrank_options options = { 0 };
  const lun_surv *s = lun_arg_surv(L, 1);
  lun_opts_open(L, 2, &o);
  const int32_t *code = lun_opt_codes(&o, "by", s->n, &k);
  options.strata = lun_opt_codes(&o, "strata", s->n, &options.strata_count);
  options.weight = lun_opt_choice(&o, "test", LUN_LOGRANK_NAMES, 0);
  options.rho = lun_opt_number(&o, "rho", 0, 0, 10);
  options.gamma = lun_opt_number(&o, "gamma", 0, 0, 10);
  int scores = lun_opt_value(&o, "scores");
  if (!code) return lun_raise(L, "usage.argument", "logrank: by is required");
  const double *score = scores ? lun_arg_doubles(L, scores, &ns) : NULL;
  if (score && ns != k) return lun_raise(L, "usage.length", "scores: %d of them for %d groups", (int)ns, (int)k);
  lun_push_labels(L, &o, "by", k);
  int labels = lua_gettop(L);
  lun_opts_done(&o);
  lun_logrank *r = lun_box(L, &LOGRANK);
  lun_check(L, lun_logrank_init(lun_env_of(L), r, s, code, k, &options));
  push_result(L, r);
  lua_pushvalue(L, labels);
  lua_setfield(L, -2, "labels");
  lua_pushstring(L, LUN_LOGRANK_NAMES[options.weight]);
  lua_setfield(L, -2, "test");
  if (score) set_number(L, "trend_z", lun_logrank_trend(r, score));
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "test", logrank_test,
    "logrank.test(surv, { by =, strata =, test = \"logrank\", rho = 0, gamma = 0, scores = }) -> table\n"
    "test: logrank, gehan, tarone-ware, peto, modified-peto, fleming-harrington. Fields: labels, n, "
    "observed, expected, variance (k x k, row by row), chisq, df, p, log10_p, used, missing, trend_z." },
  { NULL, NULL, NULL },
};

int lun_open_logrank(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
