/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.factor: making factors and changing their levels; lua/lunation/data/column.lua makes methods of
 * them.
 */
#include "data/factor.h"

#include "bind/bind.h"

int lun_open_factor(lua_State *L);

static const lun_col *arg_factor(lua_State *L, int arg)
{
  const lun_col *col = lun_arg_col(L, arg);
  if (col->type != LUN_FACTOR)
    lun_raise(L, "usage.type", "expected a factor, found a %s column: use col:factor()",
              lun_type_name(col->type));
  return col;
}

/* Texts of the list at arg, which keeps them alive. */
static const char **list_texts(lua_State *L, int arg, size_t *n)
{
  luaL_checktype(L, arg, LUA_TTABLE);
  *n = lua_rawlen(L, arg);
  const char **v = lun_scratch(L, *n, sizeof *v);
  for (size_t i = 0; i < *n; i++, lua_pop(L, 1)) {
    if (lua_rawgeti(L, arg, (lua_Integer)i + 1) != LUA_TSTRING)
      lun_raise(L, "usage.argument", "element %d is a %s, not a text", (int)i + 1,
                luaL_typename(L, -1));
    v[i] = lua_tostring(L, -1);
  }
  return v;
}

static int factor_of(lua_State *L)
{
  const lun_col *col = lun_arg_col(L, 1);
  lun_check(L, lun_factor_of(lun_env_of(L), lun_box_col(L), col));
  return 1;
}

static int factor_levels(lua_State *L)
{
  size_t n;
  lun_levels *levels = NULL;
  const lun_col *col = arg_factor(L, 1);
  const char **names = list_texts(L, 2, &n);
  lun_col **box = lun_box_col(L);
  lun_status st = lun_levels_new(lun_env_of(L), &levels, names, n);
  if (st == LUN_OK) st = lun_factor_levels(lun_env_of(L), box, col, levels);
  lun_levels_free(levels);
  lun_check(L, st);
  return 1;
}

static int factor_relevel(lua_State *L)
{
  const lun_col *col = arg_factor(L, 1);
  const char *ref = luaL_checkstring(L, 2);
  lun_check(L, lun_factor_relevel(lun_env_of(L), lun_box_col(L), col, ref));
  return 1;
}

static int factor_drop(lua_State *L)
{
  const lun_col *col = arg_factor(L, 1);
  lun_check(L, lun_factor_drop(lun_env_of(L), lun_box_col(L), col));
  return 1;
}

static int factor_counts(lua_State *L)
{
  const lun_col *col = arg_factor(L, 1);
  size_t *count = lun_scratch(L, col->levels->n, sizeof *count);
  size_t missing = lun_factor_counts(col, count);
  lua_createtable(L, (int)col->levels->n, 1);
  for (size_t k = 0; k < col->levels->n; k++) {
    lua_createtable(L, 0, 2);
    lua_pushstring(L, col->levels->names[k]);
    lua_setfield(L, -2, "level");
    lua_pushinteger(L, (lua_Integer)count[k]);
    lua_setfield(L, -2, "n");
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
  lua_pushinteger(L, (lua_Integer)missing);
  lua_setfield(L, -2, "missing");
  return 1;
}

static int factor_cross(lua_State *L)
{
  enum { MOST = 16 };
  lun_col *cols[MOST];
  int n = lua_gettop(L);
  luaL_argcheck(L, n >= 1 && n <= MOST, n, "from 1 to 16 factors expected");
  for (int i = 0; i < n; i++) {
    cols[i] = (lun_col *)arg_factor(L, i + 1);
    if (cols[i]->n != cols[0]->n)
      lun_raise(L, "usage.argument", "factor %d has another length than the first", i + 1);
  }
  lun_check(L, lun_factor_cross(lun_env_of(L), lun_box_col(L), cols, (size_t)n));
  return 1;
}

static int factor_cut(lua_State *L)
{
  lun_opts opts;
  size_t n;
  lun_cut cut = { 0 };
  const lun_col *col = lun_arg_col(L, 1);
  lua_settop(L, 4);
  luaL_checktype(L, 2, LUA_TTABLE);
  cut.breaks = lun_arg_doubles(L, 2, &cut.n);
  if (!lua_isnil(L, 3)) {
    cut.labels = list_texts(L, 3, &n);
    luaL_argcheck(L, n + 1 == cut.n, 3, "one label for each interval expected");
  }
  lun_opts_open(L, 4, &opts);
  cut.right = lun_opt_boolean(&opts, "right", 0);
  lun_opts_done(&opts);
  lun_check(L, lun_factor_cut(lun_env_of(L), lun_box_col(L), col, &cut));
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "factor", factor_of,
    "col:factor() -> column\nAny column as a factor: texts in bytewise order, numbers and dates in "
    "increasing order." },
  { "with_levels", factor_levels,
    "col:with_levels(names) -> column\nThe same values with these levels in this order." },
  { "relevel", factor_relevel,
    "col:relevel(level) -> column\nMakes a level the first one: the reference." },
  { "droplevels", factor_drop,
    "col:droplevels() -> column\nWithout the levels that do not occur." },
  { "counts", factor_counts,
    "col:counts() -> list\n{ level, n } for each level in order, and the field missing." },
  { "cross", factor_cross,
    "col:cross(other, ...) -> column\nThe cells of factors that occur, as levels \"a, b\"." },
  { "cut", factor_cut,
    "col:cut(breaks[, labels[, { right }]]) -> column\nNumbers as intervals [b1, b2) [b2, b3) ..., "
    "the last one "
    "closed; right = true: (b1, b2], the first one closed. A value outside is an error." },
  { NULL, NULL, NULL },
};

int lun_open_factor(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
