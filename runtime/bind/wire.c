/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bind/wire.h"

#include <string.h>

#include "bind/bind.h"

int lun_open_wire(lua_State *L);

enum { NIL = 'n', TRUE = 't', FALSE = 'f', INTEGER = 'i', NUMBER = 'd', TEXT = 's', TABLE = 'T' };

/* --- writing ---------------------------------------------------------------------------------- */

/* The bytes so far, in a userdata at a fixed stack index: Lua owns them whatever is raised. */
typedef struct out {
  lua_State *L;
  int slot;
  unsigned char *bytes;
  size_t n, room;
} out;

static void reserve(out *o, size_t more)
{
  if (o->n + more <= o->room) return;
  size_t room = 2 * (o->n + more);
  unsigned char *bytes = lua_newuserdatauv(o->L, room, 0);
  if (o->n > 0) memcpy(bytes, o->bytes, o->n);
  lua_replace(o->L, o->slot);
  o->bytes = bytes;
  o->room = room;
}

static void put(out *o, const void *bytes, size_t n)
{
  reserve(o, n);
  memcpy(o->bytes + o->n, bytes, n);
  o->n += n;
}

static void put_tag(out *o, char tag) { put(o, &tag, 1); }

static void put_count(out *o, size_t n)
{
  if (n > UINT32_MAX) luaL_error(o->L, "a value is too large to be sent");
  uint32_t v = (uint32_t)n;
  put(o, &v, sizeof v);
}

static void put_value(out *o, int depth);

static void put_number(out *o)
{
  if (lua_isinteger(o->L, -1)) {
    lua_Integer v = lua_tointeger(o->L, -1);
    put_tag(o, INTEGER);
    put(o, &v, sizeof v);
  } else {
    lua_Number v = lua_tonumber(o->L, -1);
    put_tag(o, NUMBER);
    put(o, &v, sizeof v);
  }
}

/* Length of the list part of the table at the top. */
static size_t list_length(lua_State *L)
{
  lua_pushliteral(L, "n");
  lua_Integer n = lua_rawget(L, -2) == LUA_TNUMBER && lua_isinteger(L, -1) ? lua_tointeger(L, -1)
                                                                         : -1;
  lua_pop(L, 1);
  return n >= 0 ? (size_t)n : lua_rawlen(L, -1);
}

static int in_list(lua_State *L, int i, size_t n)
{
  return lua_isinteger(L, i) && lua_tointeger(L, i) >= 1 && (size_t)lua_tointeger(L, i) <= n;
}

static void put_table(out *o, int depth)
{
  lua_State *L = o->L;
  size_t n = list_length(L), pairs = 0;
  if (depth == 0) luaL_error(L, "a table is nested too deeply, or holds itself");
  luaL_checkstack(L, 8, "a table is nested too deeply");
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) pairs += !in_list(L, -2, n);
  put_tag(o, TABLE);
  put_count(o, n);
  put_count(o, pairs);
  for (size_t i = 1; i <= n; i++) {
    lua_rawgeti(L, -1, (lua_Integer)i);
    put_value(o, depth - 1);
    lua_pop(L, 1);
  }
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    if (in_list(L, -2, n)) continue;
    lua_pushvalue(L, -2);
    put_value(o, depth - 1);
    lua_pop(L, 1);
    put_value(o, depth - 1);
  }
}

static void put_value(out *o, int depth)
{
  size_t n;
  const char *s;
  switch (lua_type(o->L, -1)) {
  case LUA_TNIL: put_tag(o, NIL); return;
  case LUA_TBOOLEAN: put_tag(o, lua_toboolean(o->L, -1) ? TRUE : FALSE); return;
  case LUA_TNUMBER: put_number(o); return;
  case LUA_TSTRING:
    s = lua_tolstring(o->L, -1, &n);
    put_tag(o, TEXT);
    put_count(o, n);
    put(o, s, n);
    return;
  case LUA_TTABLE: put_table(o, depth); return;
  default: luaL_error(o->L, "a %s cannot be sent", luaL_typename(o->L, -1));
  }
}

int lun_wire_pack(lua_State *L)
{
  luaL_checkany(L, 1);
  lua_settop(L, 1);
  lua_pushnil(L);
  lua_pushvalue(L, 1);
  out o = { L, 2, NULL, 0, 0 };
  reserve(&o, 128);
  put_value(&o, LUN_WIRE_DEPTH);
  lua_pushlstring(L, (const char *)o.bytes, o.n);
  return 1;
}

/* --- reading ---------------------------------------------------------------------------------- */

typedef struct in {
  lua_State *L;
  const char *at, *end;
} in;

static const char *take(in *i, size_t n)
{
  if ((size_t)(i->end - i->at) < n) luaL_error(i->L, "the bytes of a value end too early");
  const char *p = i->at;
  i->at += n;
  return p;
}

static size_t take_count(in *i)
{
  uint32_t n;
  memcpy(&n, take(i, sizeof n), sizeof n);
  return n;
}

static void get_value(in *i, int depth);

/* Every value takes at least one byte, so counts beyond the bytes that are left are refused before
 * memory is asked for. */
static void get_table(in *i, int depth)
{
  lua_State *L = i->L;
  size_t n = take_count(i), pairs = take_count(i), left = (size_t)(i->end - i->at);
  if (depth == 0) luaL_error(L, "a table is nested too deeply");
  if (n > left || 2 * pairs > left - n) luaL_error(L, "the bytes of a table end too early");
  luaL_checkstack(L, 8, "a table is nested too deeply");
  lua_createtable(L, (int)n, (int)pairs);
  for (size_t k = 1; k <= n; k++) {
    get_value(i, depth - 1);
    lua_rawseti(L, -2, (lua_Integer)k);
  }
  for (size_t k = 0; k < pairs; k++) {
    get_value(i, depth - 1);
    int type = lua_type(L, -1);
    lua_Number x = lua_tonumber(L, -1);
    if (type != LUA_TSTRING && !(type == LUA_TNUMBER && x == x) && type != LUA_TBOOLEAN)
      luaL_error(L, "a table has a key that cannot be sent");
    get_value(i, depth - 1);
    lua_rawset(L, -3);
  }
}

static void get_value(in *i, int depth)
{
  lua_Integer integer;
  lua_Number number;
  size_t n;
  switch (*take(i, 1)) {
  case NIL: lua_pushnil(i->L); return;
  case TRUE: lua_pushboolean(i->L, 1); return;
  case FALSE: lua_pushboolean(i->L, 0); return;
  case INTEGER:
    memcpy(&integer, take(i, sizeof integer), sizeof integer);
    lua_pushinteger(i->L, integer);
    return;
  case NUMBER:
    memcpy(&number, take(i, sizeof number), sizeof number);
    lua_pushnumber(i->L, number);
    return;
  case TEXT:
    n = take_count(i);
    lua_pushlstring(i->L, take(i, n), n);
    return;
  case TABLE: get_table(i, depth); return;
  default: luaL_error(i->L, "the bytes are no value");
  }
}

int lun_wire_unpack(lua_State *L)
{
  size_t n;
  const char *bytes = luaL_checklstring(L, 1, &n);
  in i = { L, bytes, bytes + n };
  get_value(&i, LUN_WIRE_DEPTH);
  if (i.at != i.end) return luaL_error(L, "bytes are left over after a value");
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "pack", lun_wire_pack,
    "wire.pack(value) -> text\nA value as bytes: nil, booleans, numbers, texts, and tables of "
    "these, "
    "nested at most 32 deep. Metatables are not looked at; a table's field n is the length of its "
    "list part, in which nil may stand. A function or userdata is an error." },
  { "unpack", lun_wire_unpack,
    "wire.unpack(text) -> value\nThe value that pack wrote. Bytes that are not one whole value are "
    "an error; no bytes can make it read beyond their end." },
  { NULL, NULL, NULL },
};

int lun_open_wire(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
