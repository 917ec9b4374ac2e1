/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Classes and boxes: registration of functions with their documents, userdata and their metatables.
 */
#include <string.h>

#include "bind/bind.h"

static const char DOCS[] = "lunation.docs"; /* registry: table of functions -> its lun_reg rows */

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
