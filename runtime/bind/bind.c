/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bind/bind.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/word.h"
#include "bind/list.h"

static const char ENV_KEY = 0;
static const char DOCS[] = "lunation.docs"; /* registry: table of functions -> its lun_reg rows */

/* --- the state's env ------------------------------------------------------------------------- */

enum { COLLECT_BYTES = 64 << 20 };

/* The env, and the core memory at which garbage is collected next. */
typedef struct owner {
  lun_env env;
  size_t collect_at;
} owner;

static int env_gc(lua_State *L)
{
  lun_env_fini(lua_touserdata(L, 1));
  return 0;
}

lun_env *lun_env_of(lua_State *L)
{
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ENV_KEY);
  lun_env *env = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return env;
}

/* The env is the first userdata with a finaliser, so Lua closes it last: what a skipped finaliser
 * left behind is freed there. */
static void open_env(lua_State *L)
{
  void *ud;
  owner *o = lua_newuserdatauv(L, sizeof *o, 0);
  lun_env *env = &o->env;
  o->collect_at = COLLECT_BYTES;
  lua_Alloc alloc = lua_getallocf(L, &ud);
  lun_env_init(env, alloc, ud);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, env_gc);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &ENV_KEY);
}

/* Lua does not see the memory behind a box: a loop over large columns would never collect. Like
 * Lua's own pause, the next collection comes when twice as much is held as after the last one. */
static void collect_garbage(lua_State *L)
{
  owner *o = (owner *)lun_env_of(L);
  if (o->env.used < o->collect_at) return;
  lua_gc(L, LUA_GCCOLLECT);
  size_t next = 2 * o->env.used;
  o->collect_at = next > COLLECT_BYTES ? next : COLLECT_BYTES;
}

/* --- errors ---------------------------------------------------------------------------------- */

/* file:line:column: message (hint) */
static int error_tostring(lua_State *L)
{
  static const char *const places[] = { "file", "line", "column" };
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (int i = 0; i < 3; i++) {
    if (lua_getfield(L, 1, places[i]) == LUA_TNIL) {
      lua_pop(L, 1);
      break;
    }
    luaL_addvalue(&b);
    luaL_addstring(&b, i < 2 ? ":" : ": ");
  }
  lua_getfield(L, 1, "message");
  luaL_addvalue(&b);
  if (lua_getfield(L, 1, "hint") == LUA_TSTRING) {
    lua_pushfstring(L, " (%s)", lua_tostring(L, -1));
    lua_remove(L, -2);
    luaL_addvalue(&b);
  } else {
    lua_pop(L, 1);
  }
  luaL_pushresult(&b);
  return 1;
}

static void push_error(lua_State *L, const char *code)
{
  lua_createtable(L, 0, 3); /* message, table */
  lua_insert(L, -2);
  lua_setfield(L, -2, "message");
  lua_pushstring(L, code);
  lua_setfield(L, -2, "code");
  if (luaL_newmetatable(L, "lunation.error")) {
    lua_pushcfunction(L, error_tostring);
    lua_setfield(L, -2, "__tostring");
  }
  lua_setmetatable(L, -2);
}

int lun_raise(lua_State *L, const char *code, const char *format, ...)
{
  va_list ap;
  va_start(ap, format);
  lua_pushvfstring(L, format, ap);
  va_end(ap);
  push_error(L, code);
  return lua_error(L);
}

static const char *code_of(lun_status st)
{
  switch (st) {
  case LUN_ENOMEM: return "limit.memory";
  case LUN_EINVAL: return "usage.argument";
  case LUN_EDATA: return "data.invalid";
  case LUN_EGSL: return "numeric.gsl";
  case LUN_EINTR: return "interrupted";
  case LUN_ELIMIT: return "limit.reached";
  case LUN_EIO: return "io.failed";
  default: return "internal.status";
  }
}

/* Pushes the error table of a failed core call. */
static void push_failure(lua_State *L, lun_status st)
{
  const char *msg = lun_env_of(L)->msg, *end = NULL;
  if (msg[0] == '[' && (end = strstr(msg, "] "))) {
    lua_pushlstring(L, msg + 1, (size_t)(end - msg - 1));
    lua_pushstring(L, end + 2);
    push_error(L, lua_tostring(L, -2));
  } else {
    lua_pushstring(L, msg);
    push_error(L, code_of(st));
  }
}

void lun_check(lua_State *L, lun_status st)
{
  if (st == LUN_OK) return;
  push_failure(L, st);
  lua_error(L);
}

static void set_text(lua_State *L, const char *field, const char *text)
{
  if (!text || !*text) return;
  lua_pushstring(L, text);
  lua_setfield(L, -2, field);
}

static void set_place(lua_State *L, const char *field, size_t value)
{
  if (value == 0) return;
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, -2, field);
}

void lun_push_failure(lua_State *L, lun_status st, const lun_place *place)
{
  push_failure(L, st);
  set_text(L, "file", place->file);
  set_place(L, "line", place->line);
  set_place(L, "column", place->column);
  set_text(L, "excerpt", place->excerpt);
  set_text(L, "hint", place->hint);
}

void lun_check_at(lua_State *L, lun_status st, const lun_place *place)
{
  if (st == LUN_OK) return;
  lun_push_failure(L, st, place);
  lua_error(L);
}

void lun_suggest(lua_State *L, int t, const char *word)
{
  int best = 2 * ((int)strlen(word) / 3 + 1);
  t = lua_absindex(L, t);
  lua_pushnil(L); /* the suggestion */
  for (lua_pushnil(L); lua_next(L, t); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    const char *key = lua_tostring(L, -2), *held = lua_tostring(L, -3);
    int d = lun_word_rank(word, key);
    if (d < best || (d == best && held && strcmp(key, held) < 0)) {
      best = d;
      lua_pushvalue(L, -2);
      lua_replace(L, -4);
    }
  }
}

/* --- classes --------------------------------------------------------------------------------- */

static int class_gc(lua_State *L)
{
  const lun_class *cls = lua_touserdata(L, lua_upvalueindex(1));
  void *self = luaL_checkudata(L, 1, cls->name);
  if (cls->free) cls->free(self);
  memset(self, 0, cls->size);
  return 0;
}

/* Upvalues: class, methods, getters. */
static int class_index(lua_State *L)
{
  const lun_class *cls = lua_touserdata(L, lua_upvalueindex(1));
  if (cls->at && lua_isinteger(L, 2)) return cls->at(L);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNIL) return 1;
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(3)) != LUA_TNIL) {
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    return 1;
  }
  const char *key = luaL_tolstring(L, 2, NULL);
  lun_suggest(L, lua_upvalueindex(2), key);
  if (lua_isnil(L, -1)) lun_suggest(L, lua_upvalueindex(3), key);
  const char *near = lua_tostring(L, -1);
  if (near) return lun_raise(L, "usage.field", "%s has no field \"%s\": did you mean \"%s\"?",
                             cls->name, key, near);
  return lun_raise(L, "usage.field", "%s has no field \"%s\"", cls->name, key);
}

static int class_readonly(lua_State *L)
{
  const lun_class *cls = lua_touserdata(L, lua_upvalueindex(1));
  return lun_raise(L, "usage.readonly", "%s is read only", cls->name);
}

void lun_push_functions(lua_State *L, const lun_reg *regs)
{
  lua_newtable(L);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, DOCS);
  lua_pushvalue(L, -2);
  lua_pushlightuserdata(L, (void *)regs);
  lua_rawset(L, -3);
  lua_pop(L, 1);
  for (; regs && regs->name; regs++) {
    lua_pushcfunction(L, regs->fn);
    lua_setfield(L, -2, regs->name);
  }
}

const lun_reg *lun_functions_of(lua_State *L, int t)
{
  t = lua_absindex(L, t);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, DOCS);
  lua_pushvalue(L, t);
  lua_rawget(L, -2);
  const lun_reg *regs = lua_touserdata(L, -1);
  lua_pop(L, 2);
  return regs;
}

static void set_closure(lua_State *L, const lun_class *cls, lua_CFunction fn, const char *name)
{
  lua_pushlightuserdata(L, (void *)cls);
  lua_pushcclosure(L, fn, 1);
  lua_setfield(L, -2, name);
}

void lun_class_open(lua_State *L, const lun_class *cls)
{
  if (!luaL_newmetatable(L, cls->name)) {
    lua_getfield(L, -1, "__methods");
    lua_remove(L, -2);
    return;
  }
  lun_push_functions(L, cls->methods); /* mt, methods */
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "__methods");
  lua_pushlightuserdata(L, (void *)cls);
  lua_pushvalue(L, -2);
  lun_push_functions(L, cls->getters);
  lua_pushvalue(L, -1);
  lua_setfield(L, -6, "__getters");
  lua_pushcclosure(L, class_index, 3);  /* mt, methods, index */
  lua_setfield(L, -3, "__index");
  lua_insert(L, -2); /* methods, mt */
  set_closure(L, cls, class_gc, "__gc");
  set_closure(L, cls, class_gc, "__close");
  set_closure(L, cls, class_readonly, "__newindex");
  if (cls->meta) luaL_setfuncs(L, cls->meta, 0);
  lua_pushlightuserdata(L, (void *)cls);
  lua_setfield(L, -2, "__class");
  lua_pushliteral(L, "locked");
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 1);
}

void *lun_box(lua_State *L, const lun_class *cls)
{
  collect_garbage(L);
  void *p = lua_newuserdatauv(L, cls->size, cls->uservalues ? cls->uservalues : 1);
  memset(p, 0, cls->size);
  if (luaL_getmetatable(L, cls->name) == LUA_TNIL) {
    lua_pop(L, 1);
    lun_class_open(L, cls);
    lua_pop(L, 1);
    luaL_getmetatable(L, cls->name);
  }
  lua_setmetatable(L, -2);
  return p;
}

void *lun_self(lua_State *L, int arg, const lun_class *cls)
{
  return luaL_checkudata(L, arg, cls->name);
}

void *lun_test(lua_State *L, int arg, const lun_class *cls)
{
  return luaL_testudata(L, arg, cls->name);
}

void *lun_scratch(lua_State *L, size_t n, size_t size)
{
  size_t bytes;
  if (__builtin_mul_overflow(n, size, &bytes) || bytes > PTRDIFF_MAX / 2)
    lun_raise(L, "limit.memory", "out of memory");
  void *p = lua_newuserdatauv(L, bytes ? bytes : 1, 0);
  memset(p, 0, bytes ? bytes : 1);
  return p;
}

/* --- arguments ------------------------------------------------------------------------------- */

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

/* --- the core table -------------------------------------------------------------------------- */

/* core.NAME opens bind/NAME.c on first use: a run pays only for what it uses. */
static int core_index(lua_State *L)
{
  const char *name = luaL_checkstring(L, 2);
  for (const luaL_Reg *r = LUN_BINDINGS; r->name; r++) {
    if (strcmp(r->name, name) != 0) continue;
    lua_pushcfunction(L, r->func);
    lua_call(L, 0, 1);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_rawset(L, 1);
    return 1;
  }
  return lun_raise(L, "internal.binding", "lunation.core has no part \"%s\"", name);
}

static int core_names(lua_State *L)
{
  int i = 0;
  lua_newtable(L);
  for (const luaL_Reg *r = LUN_BINDINGS; r->name; r++) {
    lua_pushstring(L, r->name);
    lua_rawseti(L, -2, ++i);
  }
  return 1;
}

/* core.threads(n): worker threads that a call may use; no result depends on it. */
static int core_threads(lua_State *L)
{
  lua_Integer n = luaL_checkinteger(L, 1);
  if (n < 1 || n > 64) return lun_raise(L, "usage.argument", "threads: from 1 to 64");
  lun_env_of(L)->threads = (unsigned)n;
  return 0;
}

static int core_blocks(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)lun_env_of(L)->blocks);
  return 1;
}

/* core.extend(name, { methods =, getters =, meta = }): what a Lua module adds to a class. */
static int core_extend(lua_State *L)
{
  static const char *const PARTS[][2] = { { "methods", "__methods" }, { "getters", "__getters" } };
  const char *name = luaL_checkstring(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  if (luaL_getmetatable(L, name) != LUA_TTABLE)
    return lun_raise(L, "internal.class", "there is no class %s", name);
  for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
    if (lua_getfield(L, 2, PARTS[i][0]) == LUA_TTABLE) {
      lua_getfield(L, 3, PARTS[i][1]);
      for (lua_pushnil(L); lua_next(L, -3);) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
      }
    }
    lua_settop(L, 3);
  }
  if (lua_getfield(L, 2, "meta") == LUA_TTABLE) {
    for (lua_pushnil(L); lua_next(L, -2);) {
      lua_pushvalue(L, -2);
      lua_insert(L, -2);
      lua_rawset(L, 3);
    }
  }
  return 0;
}

int luaopen_lunation_core(lua_State *L)
{
  if (!lun_env_of(L)) open_env(L);
  lua_newtable(L);
  lua_pushcfunction(L, core_extend);
  lua_setfield(L, -2, "extend");
  lua_pushcfunction(L, core_names);
  lua_setfield(L, -2, "names");
  lua_pushcfunction(L, core_blocks);
  lua_setfield(L, -2, "blocks");
  lua_pushcfunction(L, core_threads);
  lua_setfield(L, -2, "threads");
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, core_index);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  return 1;
}
