/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Arguments: vectors, groups, and tables of options.
 */
#include <math.h>
#include <string.h>

#include "bind/bind.h"

static const double *list_doubles(lua_State *L, int arg, size_t *n)
{
  *n = (size_t)lua_rawlen(L, arg);
  double *x = lun_scratch(L, *n, sizeof *x);
  for (size_t i = 0; i < *n; i++) {
    int ok;
    lua_rawgeti(L, arg, (lua_Integer)i + 1);
    x[i] = lua_tonumberx(L, -1, &ok);
    if (!ok) {
      lun_raise(L, "usage.argument", "argument %d: element %d is a %s, not a number", arg,
                (int)i + 1, luaL_typename(L, -1));
    }
    lua_pop(L, 1);
  }
  return x;
}

const double *lun_arg_doubles(lua_State *L, int arg, size_t *n)
{
  arg = lua_absindex(L, arg);
  if (lua_istable(L, arg)) return list_doubles(L, arg, n);
  const lun_col *col = lun_arg_col(L, arg);
  *n = col->n;
  if (col->type == LUN_NUMBER) return col->v.number;
  if (col->type == LUN_TEXT)
    lun_raise(L, "usage.argument", "argument %d: a text column holds no numbers", arg);
  double *x = lun_scratch(L, *n, sizeof *x);
  for (size_t i = 0; i < *n; i++) x[i] = lun_col_double(col, i);
  return x;
}

static const int32_t *list_codes(lua_State *L, int arg, size_t *n, size_t *k)
{
  *n = (size_t)lua_rawlen(L, arg);
  *k = 0;
  int32_t *code = lun_scratch(L, *n, sizeof *code);
  for (size_t i = 0; i < *n; i++) {
    lua_rawgeti(L, arg, (lua_Integer)i + 1);
    lua_Integer v = lua_tointeger(L, -1);
    if (v < 0 || v > INT32_MAX - 1)
      lun_raise(L, "usage.argument", "argument %d: element %d is not a group number from 1", arg,
                (int)i + 1);
    code[i] = (int32_t)v - 1;
    if ((size_t)v > *k) *k = (size_t)v;
    lua_pop(L, 1);
  }
  return code;
}

/* An integer column of group numbers from 1. */
static const int32_t *numbered_codes(lua_State *L, int arg, const lun_col *col, size_t *k)
{
  int32_t *code = lun_scratch(L, col->n, sizeof *code);
  *k = 0;
  for (size_t i = 0; i < col->n; i++) {
    int32_t v = col->v.code[i];
    code[i] = v == LUN_INT_MISSING ? LUN_CODE_MISSING : v - 1;
    if (v != LUN_INT_MISSING && v < 1)
      lun_raise(L, "usage.argument", "argument %d: row %d is not a group number from 1", arg,
                (int)i + 1);
    if (code[i] >= 0 && (size_t)v > *k) *k = (size_t)v;
  }
  return code;
}

const int32_t *lun_arg_codes(lua_State *L, int arg, size_t *n, size_t *k, lun_levels **levels)
{
  arg = lua_absindex(L, arg);
  *levels = NULL;
  if (lua_istable(L, arg)) return list_codes(L, arg, n, k);
  const lun_col *col = lun_arg_col(L, arg);
  *n = col->n;
  if (col->type == LUN_INTEGER) return numbered_codes(L, arg, col, k);
  if (col->type != LUN_FACTOR)
    lun_raise(L, "usage.argument", "argument %d: expected a factor column, found a %s column", arg,
              lun_type_name(col->type));
  *k = col->levels->n;
  *levels = col->levels;
  return col->v.code;
}

void lun_opts_open(lua_State *L, int arg, lun_opts *o)
{
  memset(o, 0, sizeof *o);
  o->L = L;
  if (lua_isnoneornil(L, arg)) return;
  luaL_checktype(L, arg, LUA_TTABLE);
  o->arg = lua_absindex(L, arg);
}

/* Pushes the field's value; nil when absent. */
static int get(lun_opts *o, const char *name)
{
  if (o->n < (int)(sizeof o->seen / sizeof *o->seen)) o->seen[o->n++] = name;
  if (!o->arg) {
    lua_pushnil(o->L);
    return LUA_TNIL;
  }
  return lua_getfield(o->L, o->arg, name);
}

double lun_opt_number(lun_opts *o, const char *name, double otherwise, double min, double max)
{
  int ok;
  if (get(o, name) == LUA_TNIL) return lua_pop(o->L, 1), otherwise;
  double v = lua_tonumberx(o->L, -1, &ok);
  if (!ok || !(v >= min && v <= max))
    lun_raise(o->L, "usage.option", "option %s: expected a number from %f to %f, found %s", name,
              min, max, luaL_tolstring(o->L, -1, NULL));
  lua_pop(o->L, 1);
  return v;
}

lua_Integer lun_opt_integer(lun_opts *o, const char *name, lua_Integer otherwise, lua_Integer min,
                            lua_Integer max)
{
  int ok;
  if (get(o, name) == LUA_TNIL) return lua_pop(o->L, 1), otherwise;
  lua_Integer v = lua_tointegerx(o->L, -1, &ok);
  if (!ok || v < min || v > max)
    lun_raise(o->L, "usage.option", "option %s: expected a whole number from %I to %I, found %s",
              name, min, max, luaL_tolstring(o->L, -1, NULL));
  lua_pop(o->L, 1);
  return v;
}

int lun_opt_boolean(lun_opts *o, const char *name, int otherwise)
{
  int t = get(o, name), v = otherwise;
  if (t == LUA_TBOOLEAN) v = lua_toboolean(o->L, -1);
  else if (t != LUA_TNIL)
    lun_raise(o->L, "usage.option", "option %s: expected true or false, found a %s", name,
              luaL_typename(o->L, -1));
  lua_pop(o->L, 1);
  return v;
}

const char *lun_opt_string(lun_opts *o, const char *name, const char *otherwise)
{
  int t = get(o, name);
  if (t == LUA_TNIL) return lua_pop(o->L, 1), otherwise;
  if (t != LUA_TSTRING)
    lun_raise(o->L, "usage.option", "option %s: expected a text, found a %s", name,
              luaL_typename(o->L, -1));
  const char *v = lua_tostring(o->L, -1);
  lua_pop(o->L, 1); /* the options table still holds it */
  return v;
}

int lun_opt_choice(lun_opts *o, const char *name, const char *const *names, int otherwise)
{
  const char *v = lun_opt_string(o, name, NULL);
  if (!v) return otherwise;
  for (int i = 0; names[i]; i++) {
    if (strcmp(names[i], v) == 0) return i;
  }
  luaL_Buffer b;
  luaL_buffinit(o->L, &b);
  for (int i = 0; names[i]; i++) {
    if (i) luaL_addstring(&b, ", ");
    luaL_addstring(&b, names[i]);
  }
  luaL_pushresult(&b);
  return lun_raise(o->L, "usage.option", "option %s: \"%s\" is not one of: %s", name, v,
                   lua_tostring(o->L, -1));
}

int lun_opt_value(lun_opts *o, const char *name)
{
  if (get(o, name) != LUA_TNIL) return lua_gettop(o->L);
  lua_pop(o->L, 1);
  return 0;
}

static int was_read(const lun_opts *o, const char *key)
{
  for (int i = 0; i < o->n; i++) {
    if (strcmp(o->seen[i], key) == 0) return 1;
  }
  return 0;
}

void lun_opts_done(lun_opts *o)
{
  lua_State *L = o->L;
  if (!o->arg) return;
  for (lua_pushnil(L); lua_next(L, o->arg); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING || was_read(o, lua_tostring(L, -2))) continue;
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    const char *key = lua_tostring(L, -2);
    lua_newtable(L);
    for (int i = 0; i < o->n; i++) {
      lua_pushboolean(L, 1);
      lua_setfield(L, -2, o->seen[i]);
    }
    lun_suggest(L, -1, key);
    if (lua_isstring(L, -1))
      lun_raise(L, "usage.option", "unknown option \"%s\": did you mean \"%s\"?", key,
                lua_tostring(L, -1));
    lun_raise(L, "usage.option", "unknown option \"%s\"", key);
  }
}

void lun_push_number(lua_State *L, double v)
{
  if (isnan(v)) lua_pushnil(L);
  else lua_pushnumber(L, v);
}
