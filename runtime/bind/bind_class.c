/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Classes and boxes: registration of functions with their documents, userdata and how they answer:
 * methods, getters, suggestions, texts, fields in order.
 */
#include <lualib.h>
#include <string.h>

#include "bind/bind.h"

static const char DOCS[] = "lunation.docs"; /* registry: table of functions -> its lun_reg rows */

static void set_closure(lua_State *L, const lun_class *cls, lua_CFunction fn, const char *name)
{
  lua_pushlightuserdata(L, (void *)cls);
  lua_pushcclosure(L, fn, 1);
  lua_setfield(L, -2, name);
}

static int class_gc(lua_State *L)
{
  const lun_class *cls = lua_touserdata(L, lua_upvalueindex(1));
  void *self = lua_touserdata(L, 1);
  if (cls->free) cls->free(self);
  memset(self, 0, cls->size);
  return 0;
}

static int class_closed(lua_State *L)
{
  const lun_class *cls = lua_touserdata(L, lua_upvalueindex(1));
  return lun_raise(L, "usage.closed", "the %s was closed: use it inside the block of its <close>",
                   cls->name);
}

static int closed_tostring(lua_State *L)
{
  const lun_class *cls = lua_touserdata(L, lua_upvalueindex(1));
  lua_pushfstring(L, "closed %s", cls->name);
  return 1;
}

/* The end of `local x <close>`: the object answers to nothing any more. Columns that borrow its
 * memory may live on, so that is freed when the last of them is collected. */
static int class_close(lua_State *L)
{
  static const char *const used[] = { "__index", "__newindex", "__len", "__pairs", "__call", NULL };
  const lun_class *cls = lua_touserdata(L, lua_upvalueindex(1));
  luaL_checkudata(L, 1, cls->name);
  lua_pushfstring(L, "closed %s", cls->name);
  if (luaL_newmetatable(L, lua_tostring(L, -1))) {
    set_closure(L, cls, class_gc, "__gc");
    set_closure(L, cls, closed_tostring, "__tostring");
    for (int i = 0; used[i]; i++) set_closure(L, cls, class_closed, used[i]);
    lua_pushliteral(L, "locked");
    lua_setfield(L, -2, "__metatable");
  }
  lua_setmetatable(L, 1);
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

/* What a class without a text of its own prints as: its name, never an address. */
static int class_tostring(lua_State *L)
{
  const lun_class *cls = lua_touserdata(L, lua_upvalueindex(1));
  lua_pushstring(L, cls->name);
  return 1;
}

/* Upvalues: the sorted names of the getters, the place of the next one. Those that are nil are
 * passed over. */
static int next_field(lua_State *L)
{
  for (;;) {
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(2)) + 1;
    lua_pushinteger(L, i);
    lua_replace(L, lua_upvalueindex(2));
    if (lua_rawgeti(L, lua_upvalueindex(1), i) == LUA_TNIL) return 1;
    lua_pushvalue(L, -1);
    if (lua_gettable(L, 1) != LUA_TNIL) return 2;
    lua_pop(L, 2);
  }
}

/* for name, value in pairs(object): its fields in the order of their names. Upvalue: getters. */
static int class_pairs(lua_State *L)
{
  lua_Integer n = 0;
  lua_settop(L, 1);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_getfield(L, -1, LUA_TABLIBNAME);
  lua_getfield(L, -1, "sort");
  lua_newtable(L);
  for (lua_pushnil(L); lua_next(L, lua_upvalueindex(1)); lua_pop(L, 1)) {
    lua_pushvalue(L, -2);
    lua_rawseti(L, -4, ++n);
  }
  lua_pushvalue(L, -1);
  lua_insert(L, -3);
  lua_call(L, 1, 0);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, next_field, 2);
  lua_pushvalue(L, 1);
  return 2;
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
  lua_pushvalue(L, -1);
  lua_pushcclosure(L, class_pairs, 1);
  lua_setfield(L, -6, "__pairs");
  lua_pushcclosure(L, class_index, 3);  /* mt, methods, index */
  lua_setfield(L, -3, "__index");
  lua_insert(L, -2); /* methods, mt */
  set_closure(L, cls, class_gc, "__gc");
  set_closure(L, cls, class_close, "__close");
  set_closure(L, cls, class_readonly, "__newindex");
  set_closure(L, cls, class_tostring, "__tostring");
  if (cls->meta) luaL_setfuncs(L, cls->meta, 0);
  lua_pushlightuserdata(L, (void *)cls);
  lua_setfield(L, -2, "__class");
  lua_pushliteral(L, "locked");
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 1);
}

void *lun_box(lua_State *L, const lun_class *cls)
{
  lun_collect(L);
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
  void *self = luaL_testudata(L, arg, cls->name);
  if (self) return self;
  if (luaL_getmetafield(L, arg, "__name") == LUA_TSTRING &&
      strncmp(lua_tostring(L, -1), "closed ", 7) == 0)
    lun_raise(L, "usage.closed", "argument %d: the %s was closed", arg, lua_tostring(L, -1) + 7);
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
