/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bind/bind.h"

#include <math.h>

#include "stat/crosstab.h"
#include "stat/root.h"

int lun_open_crosstab(lua_State *L);

static double cell(lua_State *L, int i, int j)
{
  double v = lua_tonumber(L, -1);
  if (!lua_isnumber(L, -1) || !(v >= 0) || v != floor(v))
    lun_raise(L, "usage.argument", "table row %d, column %d: expected a count, found %s", i, j,
              luaL_tolstring(L, -1, NULL));
  return v;
}

/* A list of rows of equal length; pushes the box that holds the copy. */
static double *arg_table(lua_State *L, int arg, size_t *r, size_t *c)
{
  luaL_checktype(L, arg, LUA_TTABLE);
  *r = (size_t)lua_rawlen(L, arg);
  if (lua_rawgeti(L, arg, 1) != LUA_TTABLE)
    lun_raise(L, "usage.argument", "expected a list of rows of counts");
  *c = (size_t)lua_rawlen(L, -1);
  lua_pop(L, 1);
  if (*r > 10000 || *c > 10000) lun_raise(L, "limit.table", "a table beyond 10000 rows or columns");
  double *t = lun_scratch(L, *r * *c, sizeof *t);
  for (size_t i = 0; i < *r; i++) {
    lua_rawgeti(L, arg, (lua_Integer)i + 1);
    if (!lua_istable(L, -1) || (size_t)lua_rawlen(L, -1) != *c)
      lun_raise(L, "usage.argument", "table row %d: expected %d counts", (int)i + 1, (int)*c);
    for (size_t j = 0; j < *c; j++, lua_pop(L, 1)) {
      lua_rawgeti(L, -1, (lua_Integer)j + 1);
      t[i * *c + j] = cell(L, (int)i + 1, (int)j + 1);
    }
    lua_pop(L, 1);
  }
  return t;
}

static const double *arg_two_by_two(lua_State *L, int arg)
{
  size_t r, c;
  const double *t = arg_table(L, arg, &r, &c);
  if (r != 2 || c != 2)
    lun_raise(L, "usage.argument", "expected a 2 x 2 table, found %d x %d", (int)r, (int)c);
  return t;
}

static void set(lua_State *L, const char *name, double v)
{
  lun_push_number(L, v);
  lua_setfield(L, -2, name);
}

static void push_test(lua_State *L, lun_chisq t)
{
  lua_createtable(L, 0, 5);
  set(L, "stat", t.stat);
  set(L, "df", t.df);
  set(L, "p", t.p);
  set(L, "log_p", t.log_p);
}

static void push_row(lua_State *L, const double *x, size_t n)
{
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushinteger(L, (lua_Integer)x[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

static int crosstab_count(lua_State *L)
{
  size_t n, nb, ka, kb = 1;
  lun_levels *levels;
  int alone = lua_isnoneornil(L, 2);
  const int32_t *a = lun_arg_codes(L, 1, &n, &ka, &levels), *b;
  if (alone) b = lun_scratch(L, nb = n, sizeof *b);
  else b = lun_arg_codes(L, 2, &nb, &kb, &levels);
  if (n != nb)
    return lun_raise(L, "usage.argument", "columns of %d and %d rows cannot be tabulated", (int)n,
                     (int)nb);
  double *table = lun_scratch(L, ka * kb, sizeof *table);
  size_t missing = lun_crosstab_count(table, a, ka, b, kb, n);
  if (alone) {
    push_row(L, table, ka);
  } else {
    lua_createtable(L, (int)ka, 0);
    for (size_t i = 0; i < ka; i++) {
      push_row(L, table + i * kb, kb);
      lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
  }
  lua_pushinteger(L, (lua_Integer)missing);
  return 2;
}

static int crosstab_chisq(lua_State *L)
{
  lua_settop(L, 2);
  size_t r, c;
  double smallest;
  const double *t = arg_table(L, 1, &r, &c);
  push_test(L, lun_crosstab_chisq(t, r, c, lua_toboolean(L, 2), &smallest));
  set(L, "smallest_expected", smallest);
  return 1;
}

static int crosstab_fisher(lua_State *L)
{
  lua_settop(L, 3);
  const double *t = arg_two_by_two(L, 1);
  lun_fisher f = lun_crosstab_fisher(t, luaL_optnumber(L, 2, 0.95),
                                     lua_toboolean(L, 3) ? LUN_ROOT_R_TOLERANCE : 0);
  lua_createtable(L, 0, 6);
  set(L, "p", f.p);
  set(L, "less", f.less);
  set(L, "greater", f.greater);
  set(L, "odds_ratio", f.odds_ratio);
  set(L, "lower", f.lower);
  set(L, "upper", f.upper);
  return 1;
}

static int crosstab_fisher_rxc(lua_State *L)
{
  size_t r, c;
  double p;
  const double *t = arg_table(L, 1, &r, &c);
  lun_check(L, lun_crosstab_fisher_rxc(lun_env_of(L), &p, t, r, c));
  lua_pushnumber(L, p);
  return 1;
}

static int crosstab_cmh(lua_State *L)
{
  lua_settop(L, 3);
  luaL_checktype(L, 1, LUA_TTABLE);
  size_t k = (size_t)lua_rawlen(L, 1);
  double *all = lun_scratch(L, 4 * k, sizeof *all);
  for (size_t i = 0; i < k; i++) {
    lua_rawgeti(L, 1, (lua_Integer)i + 1);
    const double *t = arg_two_by_two(L, lua_gettop(L));
    for (int j = 0; j < 4; j++) all[4 * i + (size_t)j] = t[j];
    lua_pop(L, 2);
  }
  lun_cmh m = lun_crosstab_cmh(all, k, lua_toboolean(L, 2), luaL_optnumber(L, 3, 0.95));
  push_test(L, m.test);
  set(L, "odds_ratio", m.odds_ratio);
  set(L, "lower", m.lower);
  set(L, "upper", m.upper);
  lua_pushinteger(L, (lua_Integer)m.strata);
  lua_setfield(L, -2, "strata");
  return 1;
}

static int crosstab_trend(lua_State *L)
{
  size_t k, kn, ks;
  const double *x = lun_arg_doubles(L, 1, &k), *n = lun_arg_doubles(L, 2, &kn);
  const double *score = lun_arg_doubles(L, 3, &ks);
  if (k != kn || k != ks) return lun_raise(L, "usage.argument", "trend: lists of unequal length");
  push_test(L, lun_crosstab_trend(x, n, score, k));
  return 1;
}

static int crosstab_mcnemar(lua_State *L)
{
  double b = luaL_checknumber(L, 1), c = luaL_checknumber(L, 2);
  if (!(b >= 0 && c >= 0)) return lun_raise(L, "usage.argument", "mcnemar: expected two counts");
  push_test(L, lun_crosstab_mcnemar(b, c, lua_toboolean(L, 3)));
  set(L, "exact", lun_crosstab_mcnemar_exact(b, c));
  return 1;
}

static int crosstab_kappa(lua_State *L)
{
  lua_settop(L, 3);
  size_t r, c;
  static const char *const POWERS[] = { "none", "linear", "quadratic", NULL };
  const double *t = arg_table(L, 1, &r, &c);
  if (r != c)
    return lun_raise(L, "usage.argument", "kappa: expected a square table, found %d x %d", (int)r,
                     (int)c);
  lun_kappa k =
      lun_crosstab_kappa(t, r, luaL_checkoption(L, 2, "none", POWERS), luaL_optnumber(L, 3, 0.95));
  lua_createtable(L, 0, 6);
  set(L, "kappa", k.kappa);
  set(L, "se", k.se);
  set(L, "lower", k.lower);
  set(L, "upper", k.upper);
  set(L, "se0", k.se0);
  set(L, "p", k.p);
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "count", crosstab_count,
    "crosstab.count(a [, b]) -> counts, missing\n"
    "a, b: factor columns or lists of group numbers. One list for a alone, a list of rows (levels "
    "of "
    "a) for a by b. Rows with a missing value are left out and counted." },
  { "chisq", crosstab_chisq,
    "crosstab.chisq(table [, yates]) -> { stat, df, p, log_p, smallest_expected }\n"
    "Pearson's chi-square; empty rows and columns are left out. nil fields where it is not "
    "defined." },
  { "fisher", crosstab_fisher,
    "crosstab.fisher(table [, level [, as_r]]) -> { p, less, greater, odds_ratio, lower, upper }\n"
    "Fisher's exact test of a 2 x 2 table, conditional maximum likelihood odds ratio. as_r: the "
    "odds "
    "ratio and its limits to R's tolerance (5 digits) instead of all digits." },
  { "fisher_rxc", crosstab_fisher_rxc,
    "crosstab.fisher_rxc(table) -> p\n"
    "Fisher's exact test of a larger table by enumeration; error limit.fisher when that is too "
    "much." },
  { "cmh", crosstab_cmh,
    "crosstab.cmh(tables [, correct [, level]]) -> { stat, df, p, log_p, odds_ratio, lower, upper, "
    "strata }\n"
    "Cochran-Mantel-Haenszel over 2 x 2 tables; limits of Robins, Breslow and Greenland (1986)." },
  { "trend", crosstab_trend,
    "crosstab.trend(x, n, scores) -> { stat, df, p, log_p }\nCochran-Armitage trend of x / n." },
  { "mcnemar", crosstab_mcnemar,
    "crosstab.mcnemar(b, c [, correct]) -> { stat, df, p, log_p, exact }\nb, c: discordant "
    "counts." },
  { "kappa", crosstab_kappa,
    "crosstab.kappa(table [, weights [, level]]) -> { kappa, se, lower, upper, se0, p }\n"
    "weights: none, linear, quadratic. Standard errors of Fleiss, Cohen and Everitt (1969)." },
  { NULL, NULL, NULL },
};

int lun_open_crosstab(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
