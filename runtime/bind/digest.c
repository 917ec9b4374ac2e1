/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.digest: SHA-256.
 */
#include "bind/bind.h"

#include "base/digest.h"

int lun_open_digest(lua_State *L);

static int digest_text(lua_State *L)
{
  size_t n;
  char hex[LUN_DIGEST_TEXT];
  const char *text = luaL_checklstring(L, 1, &n);
  lun_digest_bytes(hex, text, n);
  lua_pushstring(L, hex);
  return 1;
}

static int digest_file(lua_State *L)
{
  char hex[LUN_DIGEST_TEXT];
  lun_check(L, lun_digest_file(lun_env_of(L), hex, luaL_checkstring(L, 1)));
  lua_pushstring(L, hex);
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "text", digest_text, "digest.text(text) -> text\nSHA-256 as 64 hex digits." },
  { "file", digest_file,
    "digest.file(path) -> text\nSHA-256 of a file's bytes as 64 hex digits. Errors: io.open, "
    "io.read." },
  { NULL, NULL, NULL },
};

int lun_open_digest(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
