/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.build: what this program was built with.
 */
#include "bind/bind.h"

#include "io/yaml.h"
#include "stat/dist.h"

int lun_open_build(lua_State *L);

#if defined __x86_64__
#define MACHINE "x86_64"
#elif defined __aarch64__
#define MACHINE "aarch64"
#else
#define MACHINE "other"
#endif

static int build_versions(lua_State *L)
{
  lua_createtable(L, 0, 5);
  lua_pushliteral(L, LUA_RELEASE);
  lua_setfield(L, -2, "lua");
  lua_pushstring(L, lun_gsl_version());
  lua_setfield(L, -2, "gsl");
  lua_pushstring(L, lun_yaml_version());
  lua_setfield(L, -2, "libyaml");
  lua_pushliteral(L, __VERSION__);
  lua_setfield(L, -2, "compiler");
  lua_pushliteral(L, MACHINE);
  lua_setfield(L, -2, "machine");
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "versions", build_versions,
    "build.versions() -> table\nVersions of lua, gsl and libyaml, the compiler and the machine type that this "
    "program was built with, as texts." },
  { NULL, NULL, NULL },
};

int lun_open_build(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
