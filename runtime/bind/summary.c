/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bind/bind.h"

#include <math.h>
#include <stdlib.h>

#include "stat/summary.h"

int lun_open_summary(lua_State *L);

static const char *const TYPES[] = { "r", "sas", "spss", NULL };

static lun_quantile_type type_of(lua_State *L, int arg)
{
  static const lun_quantile_type OF[] = { LUN_QUANTILE_R, LUN_QUANTILE_SAS, LUN_QUANTILE_SPSS };
  return OF[luaL_checkoption(L, arg, "r", TYPES)];
}

static void set(lua_State *L, const char *name, double v)
{
  lun_push_number(L, v);
  lua_setfield(L, -2, name);
}

static void push_summary(lua_State *L, const lun_summary *s)
{
  lua_createtable(L, 0, 9);
  lua_pushinteger(L, (lua_Integer)s->n);
  lua_setfield(L, -2, "n");
  lua_pushinteger(L, (lua_Integer)s->missing);
  lua_setfield(L, -2, "missing");
  set(L, "mean", s->mean), set(L, "sd", s->sd), set(L, "min", s->min), set(L, "max", s->max);
  set(L, "median", s->median), set(L, "q1", s->q1), set(L, "q3", s->q3);
}

static int summary_describe(lua_State *L)
{
  size_t n;
  lun_summary s;
  lua_settop(L, 2);
  lun_quantile_type type = type_of(L, 2);
  const double *x = lun_arg_doubles(L, 1, &n);
  lun_check(L, lun_summary_fit(lun_env_of(L), &s, x, n, type));
  push_summary(L, &s);
  return 1;
}

static int summary_by(lua_State *L)
{
  size_t n, m, k;
  lun_levels *levels;
  lun_summary s;
  lua_settop(L, 3);
  lun_quantile_type type = type_of(L, 3);
  const double *x = lun_arg_doubles(L, 1, &n);
  const int32_t *group = lun_arg_codes(L, 2, &m, &k, &levels);
  if (n != m)
    return lun_raise(L, "usage.argument", "values and groups differ in length: %d, %d", (int)n,
                     (int)m);
  double *part = lun_scratch(L, n, sizeof *part);
  lua_createtable(L, (int)k, 0);
  for (size_t g = 0; g < k; g++) {
    size_t c = 0;
    for (size_t i = 0; i < n; i++) {
      if (group[i] == (int32_t)g) part[c++] = x[i];
    }
    lun_check(L, lun_summary_fit(lun_env_of(L), &s, part, c, type));
    push_summary(L, &s);
    lua_rawseti(L, -2, (lua_Integer)g + 1);
  }
  return 1;
}

static int by_size(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static int summary_quantile(lua_State *L)
{
  size_t n, k = 0;
  lua_settop(L, 3);
  lun_quantile_type type = type_of(L, 3);
  double p = luaL_checknumber(L, 2);
  if (!(p >= 0 && p <= 1))
    return lun_raise(L, "usage.argument", "quantile: p = %f is outside 0 to 1", p);
  const double *x = lun_arg_doubles(L, 1, &n);
  double *v = lun_scratch(L, n, sizeof *v);
  for (size_t i = 0; i < n; i++) {
    if (!isnan(x[i])) v[k++] = x[i];
  }
  qsort(v, k, sizeof *v, by_size);
  lun_push_number(L, lun_quantile(v, k, p, type));
  return 1;
}

static int summary_balance(lua_State *L)
{
  static const char *const SCALES[] = { "pooled", "treated", "control", NULL };
  size_t n, m, k;
  lun_levels *levels;
  lun_balance b;
  lua_settop(L, 4);
  int scale = luaL_checkoption(L, 4, "pooled", SCALES);
  const double *x = lun_arg_doubles(L, 1, &n), *w = NULL;
  const int32_t *group = lun_arg_codes(L, 2, &m, &k, &levels);
  if (n == m && !lua_isnil(L, 3)) w = lun_arg_doubles(L, 3, &m);
  if (n != m) return lun_raise(L, "usage.argument", "values, groups and weights differ in length");
  if (k != 2) return lun_raise(L, "usage.argument", "balance: expected 2 groups, found %d", (int)k);
  lun_check(L, lun_balance_fit(lun_env_of(L), &b, x, group, w, n, (lun_smd_scale)scale));
  lua_createtable(L, 0, 7);
  set(L, "mean1", b.mean1), set(L, "mean0", b.mean0), set(L, "difference", b.difference),
      set(L, "smd", b.smd);
  set(L, "variance_ratio", b.variance_ratio), set(L, "ks", b.ks);
  lua_pushboolean(L, b.binary);
  lua_setfield(L, -2, "binary");
  return 1;
}

static int summary_smd_factor(lua_State *L)
{
  size_t k, m;
  const double *a = lun_arg_doubles(L, 1, &k), *b = lun_arg_doubles(L, 2, &m);
  if (k != m || k > 1000)
    return lun_raise(L, "usage.argument", "smd_factor: two lists of counts of equal length");
  double *work = lun_scratch(L, 2 * k * k + 2 * k, sizeof *work);
  lun_push_number(L, lun_smd_factor(a, b, k, work));
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "describe", summary_describe,
    "summary.describe(x [, \"r\"|\"sas\"|\"spss\"]) -> { n, missing, mean, sd, min, max, median, "
    "q1, q3 }\n"
    "The quantile rule: R's type 7, SAS's definition 5, SPSS's (type 6). sd has n - 1." },
  { "by", summary_by, "summary.by(x, factor [, rule]) -> list\nsummary.describe for each level." },
  { "quantile", summary_quantile,
    "summary.quantile(x, p [, rule]) -> number\nnil when nothing is known." },
  { "balance", summary_balance,
    "summary.balance(x, group [, weights [, \"pooled\"|\"treated\"|\"control\"]]) -> { mean1, "
    "mean0, difference, "
    "smd, variance_ratio, ks, binary }\n"
    "Second level against first. The denominator is always that of the unweighted sample; a binary "
    "(0/1) variable "
    "has variance p(1-p)." },
  { "smd_factor", summary_smd_factor,
    "summary.smd_factor(counts1, counts0) -> number\nYang and Dalton (2012): one number for a "
    "factor." },
  { NULL, NULL, NULL },
};

int lun_open_summary(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
