/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.stats: what a column comes to; lua/lunation/data/column.lua makes methods of them.
 */
#include "bind/bind.h"
#include "data/date.h"
#include "data/stats.h"

int lun_open_stats(lua_State *L);

static lun_stats stats(lua_State *L)
{
  lun_stats s;
  lun_check(L, lun_stats_of(lun_env_of(L), &s, lun_arg_col(L, 1)));
  return s;
}

/* The same of a column of numbers; a condition counts as 0 and 1. */
static lun_stats numeric(lua_State *L, const char *what)
{
  const lun_col *col = lun_arg_col(L, 1);
  if (col->type != LUN_NUMBER && col->type != LUN_INTEGER && !lun_col_logical(col))
    lun_raise(L, "usage.type", "%s: a %s column has none", what, lun_type_name(col->type));
  return stats(L);
}

static int stats_count(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)stats(L).n);
  return 1;
}

static int stats_missing(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)stats(L).missing);
  return 1;
}

static int stats_sum(lua_State *L)
{
  lun_push_number(L, numeric(L, "sum").sum);
  return 1;
}

static int stats_mean(lua_State *L)
{
  lun_push_number(L, numeric(L, "mean").mean);
  return 1;
}

static int stats_sd(lua_State *L)
{
  lun_push_number(L, numeric(L, "sd").sd);
  return 1;
}

/* An extreme of numbers, or of dates as a date. */
static void push_extreme(lua_State *L, double v)
{
  char iso[LUN_DATE_MAX];
  const lun_col *col = lun_arg_col(L, 1);
  if (col->type == LUN_FACTOR || col->type == LUN_TEXT)
    lun_raise(L, "usage.type", "a %s column has no extremes", lun_type_name(col->type));
  if (col->type == LUN_DATE && v == v) lua_pushlstring(L, iso, lun_date_iso(iso, (int32_t)v));
  else lun_push_number(L, v);
}

static int stats_min(lua_State *L)
{
  push_extreme(L, stats(L).min);
  return 1;
}

static int stats_max(lua_State *L)
{
  push_extreme(L, stats(L).max);
  return 1;
}

static int push_quantiles(lua_State *L, const double *p, size_t k)
{
  const lun_col *col = lun_arg_col(L, 1);
  if (col->type != LUN_NUMBER && col->type != LUN_INTEGER)
    lun_raise(L, "usage.type", "a %s column has no quantiles", lun_type_name(col->type));
  double *q = lun_scratch(L, k, sizeof *q);
  lun_check(L, lun_stats_quantiles(lun_env_of(L), q, col, p, k));
  for (size_t i = 0; i < k; i++) lun_push_number(L, q[i]);
  return (int)k;
}

static int stats_median(lua_State *L)
{
  double half = 0.5;
  return push_quantiles(L, &half, 1);
}

static int stats_quantile(lua_State *L)
{
  enum { MOST = 100 };
  double p[MOST];
  int k = lua_gettop(L) - 1;
  luaL_argcheck(L, k >= 1 && k <= MOST, 2, "from 1 to 100 probabilities expected");
  luaL_checkstack(L, k + 4, NULL);
  for (int i = 0; i < k; i++) p[i] = luaL_checknumber(L, i + 2);
  return push_quantiles(L, p, (size_t)k);
}

static const lun_reg FUNCTIONS[] = {
  { "count", stats_count, "col:count() -> integer\nValues that are not missing." },
  { "missing", stats_missing, "col:missing() -> integer\nMissing values." },
  { "sum", stats_sum,
    "col:sum() -> number\nOf the values that are there; of a condition how often it is true." },
  { "mean", stats_mean,
    "col:mean() -> number or nil\nOf a condition the share that is true; nil without values." },
  { "sd", stats_sd,
    "col:sd() -> number or nil\nStandard deviation (divisor n - 1); nil below two values." },
  { "min", stats_min, "col:min() -> number, ISO date or nil" },
  { "max", stats_max, "col:max() -> number, ISO date or nil" },
  { "median", stats_median, "col:median() -> number or nil" },
  { "quantile", stats_quantile,
    "col:quantile(p, ...) -> number, ...\nBy linear interpolation: type 7 of Hyndman & Fan, Am "
    "Stat 1996 "
    "(R's default); one result for each p in 0..1, nil without values." },
  { NULL, NULL, NULL },
};

int lun_open_stats(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
