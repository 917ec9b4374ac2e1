/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The env of a Lua state, and the table lunation.core. Errors, classes and arguments: bind_*.c.
 */
#include "bind/bind.h"

#include <string.h>

#include "bind/list.h"

static const char ENV_KEY = 0;

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
void lun_collect(lua_State *L)
{
  owner *o = (owner *)lun_env_of(L);
  if (o->env.used < o->collect_at) return;
  lua_gc(L, LUA_GCCOLLECT);
  size_t next = 2 * o->env.used;
  o->collect_at = next > COLLECT_BYTES ? next : COLLECT_BYTES;
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
