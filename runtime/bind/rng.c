/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.rng: counter-based random numbers; lunation.rng is one generator.
 */
#include "bind/bind.h"

#include "base/rng.h"

int lun_open_rng(lua_State *L);

static const lun_class RNG;

static lun_rng *self(lua_State *L)
{
  return lun_self(L, 1, &RNG);
}

static int rng_uniform(lua_State *L)
{
  lua_pushnumber(L, lun_rng_uniform(self(L)));
  return 1;
}

static int rng_normal(lua_State *L)
{
  lua_pushnumber(L, lun_rng_normal(self(L)));
  return 1;
}

static int rng_exponential(lua_State *L)
{
  lua_pushnumber(L, lun_rng_exponential(self(L)));
  return 1;
}

static int rng_below(lua_State *L)
{
  lua_Integer n = luaL_checkinteger(L, 2);
  if (n < 1) lun_raise(L, "usage.argument", "argument 1: expected a whole number from 1");
  lua_pushinteger(L, (lua_Integer)lun_rng_below(self(L), (uint64_t)n));
  return 1;
}

static int rng_seek(lua_State *L)
{
  lun_rng_seek(self(L), (uint64_t)luaL_checkinteger(L, 2));
  lua_settop(L, 1);
  return 1;
}

static int rng_permutation(lua_State *L)
{
  lua_Integer n = luaL_checkinteger(L, 2);
  if (n < 0 || n > INT32_MAX) lun_raise(L, "usage.argument", "argument 1: expected a count");
  size_t *index = lun_scratch(L, (size_t)n, sizeof *index);
  for (size_t i = 0; i < (size_t)n; i++) index[i] = i + 1;
  lun_rng_shuffle(self(L), index, (size_t)n);
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < (size_t)n; i++) {
    lua_pushinteger(L, (lua_Integer)index[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static const lun_reg METHODS[] = {
  { "uniform", rng_uniform, "rng:uniform() -> number\nBetween 0 and 1, never either." },
  { "normal", rng_normal, "rng:normal() -> number\nStandard normal." },
  { "exponential", rng_exponential, "rng:exponential() -> number\nMean 1." },
  { "below", rng_below, "rng:below(n) -> integer\n0 to n - 1, each equally likely." },
  { "permutation", rng_permutation,
    "rng:permutation(n) -> list\nThe whole numbers 1 to n in random order." },
  { "seek", rng_seek, "rng:seek(draw) -> rng\nContinues with that draw, counted from 0." },
  { NULL, NULL, NULL },
};

static const lun_class RNG = {
  .name = "lunation.rng",
  .doc = "Random numbers named by seed, stream and replicate (Philox4x64-10).",
  .size = sizeof(lun_rng),
  .methods = METHODS,
};

static int rng_new(lua_State *L)
{
  uint64_t seed = (uint64_t)luaL_checkinteger(L, 1);
  const char *stream = luaL_checkstring(L, 2);
  uint64_t replicate = (uint64_t)luaL_optinteger(L, 3, 0);
  lun_rng_open(lun_box(L, &RNG), seed, stream, replicate);
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "new", rng_new,
    "rng.new(seed, stream[, replicate]) -> rng\n"
    "A generator: the same three give the same numbers, another stream or replicate gives "
    "others." },
  { NULL, NULL, NULL },
};

int lun_open_rng(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &RNG);
  lua_setfield(L, -2, "class");
  return 1;
}
