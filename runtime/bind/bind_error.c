/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors: a table of code, message, place and hint, and the word that may have been meant.
 */
#include <stdarg.h>
#include <string.h>

#include "base/word.h"
#include "bind/bind.h"

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
