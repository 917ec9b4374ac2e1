/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * docs: what the registration tables say, for the reference pages and the help of the REPL.
 */
#include "bind/bind.h"

int lun_open_docs(lua_State *L);

/* Pushes the list { { name =, doc = }, ... } of regs. */
static void push_rows(lua_State *L, const lun_reg *regs)
{
  lua_Integer i = 0;
  lua_newtable(L);
  for (; regs && regs->name; regs++) {
    lua_createtable(L, 0, 2);
    lua_pushstring(L, regs->name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, regs->doc);
    lua_setfield(L, -2, "doc");
    lua_rawseti(L, -2, ++i);
  }
}

static int docs_functions(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  push_rows(L, lun_functions_of(L, 1));
  return 1;
}

static int docs_class(lua_State *L)
{
  const char *name = luaL_checkstring(L, 1);
  if (luaL_getmetatable(L, name) != LUA_TTABLE) return 0;
  lua_getfield(L, -1, "__class");
  const lun_class *cls = lua_touserdata(L, -1);
  if (!cls) return 0;
  lua_createtable(L, 0, 4);
  lua_pushstring(L, cls->name);
  lua_setfield(L, -2, "name");
  lua_pushstring(L, cls->doc);
  lua_setfield(L, -2, "doc");
  push_rows(L, cls->methods);
  lua_setfield(L, -2, "methods");
  push_rows(L, cls->getters);
  lua_setfield(L, -2, "getters");
  return 1;
}

/* The registry holds the metatables of classes by their names. */
static int docs_classes(lua_State *L)
{
  lua_Integer i = 0;
  lua_newtable(L);
  for (lua_pushnil(L); lua_next(L, LUA_REGISTRYINDEX); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING || !lua_istable(L, -1)) continue;
    if (lua_getfield(L, -1, "__class") == LUA_TLIGHTUSERDATA) {
      lua_pushvalue(L, -3);
      lua_rawseti(L, 1, ++i);
    }
    lua_pop(L, 1);
  }
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "functions", docs_functions,
    "docs.functions(core.NAME) -> { { name =, doc = }, ... }\n"
    "The functions of a part of the core, in the order of their registration." },
  { "class", docs_class,
    "docs.class(\"lunation.surv.km\") -> { name =, doc =, methods = {...}, getters = {...} }\n"
    "A registered class, or nil. Methods and getters are lists as of docs.functions." },
  { "classes", docs_classes,
    "docs.classes() -> list of names\n"
    "The classes registered so far, in no order: a part registers its classes when it is first "
    "used." },
  { NULL, NULL, NULL },
};

int lun_open_docs(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
