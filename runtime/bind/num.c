/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.num: numbers to text and back, in every locale alike.
 */
#include <math.h>

#include "bind/bind.h"

#include "base/num.h"

int lun_open_num(lua_State *L);

static int num_shortest(lua_State *L)
{
  char buf[LUN_NUM_MAX];
  size_t n = lua_isinteger(L, 1) ? lun_num_integer(buf, lua_tointeger(L, 1))
                                 : lun_num_shortest(buf, luaL_checknumber(L, 1));
  lua_pushlstring(L, buf, n);
  return 1;
}

static int num_hundredths(lua_State *L)
{
  char buf[LUN_NUM_MAX];
  lua_pushlstring(L, buf, lun_num_hundredths(buf, luaL_checknumber(L, 1)));
  return 1;
}

static int digits_argument(lua_State *L, int min)
{
  lua_Integer d = luaL_checkinteger(L, 2);
  if (d < min || d > 17)
    lun_raise(L, "usage.argument", "argument 2: expected %d to 17 digits", min);
  return (int)d;
}

static int num_fixed(lua_State *L)
{
  char buf[LUN_NUM_MAX];
  lua_pushlstring(L, buf, lun_num_fixed(buf, luaL_checknumber(L, 1), digits_argument(L, 0)));
  return 1;
}

/* A number for people; nil is missing, as NaN is. */
static double printed_argument(lua_State *L)
{
  return lua_isnoneornil(L, 1) ? NAN : luaL_checknumber(L, 1);
}

static int num_print(lua_State *L)
{
  char buf[LUN_NUM_MAX];
  int decimals = lua_isnoneornil(L, 2) ? 2 : digits_argument(L, 0);
  lua_pushlstring(L, buf, lun_num_print(buf, printed_argument(L), decimals));
  return 1;
}

static int num_count(lua_State *L)
{
  char buf[LUN_NUM_MAX];
  lua_pushlstring(L, buf, lun_num_count(buf, printed_argument(L)));
  return 1;
}

static int num_digits(lua_State *L)
{
  char buf[LUN_NUM_MAX];
  lua_pushlstring(L, buf, lun_num_digits(buf, luaL_checknumber(L, 1), digits_argument(L, 1)));
  return 1;
}

static int num_parse(lua_State *L)
{
  size_t n;
  double v;
  const char *text = luaL_checklstring(L, 1, &n), *point = luaL_optstring(L, 2, ".");
  if (lun_num_parse(text, n, point[0], &v)) lua_pushnumber(L, v);
  else lua_pushnil(L);
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "shortest", num_shortest,
    "num.shortest(v) -> text\n"
    "The shortest decimal that reads back as the same number; whole numbers without a point. "
    "Schubfach (Giulietti 2021)." },
  { "hundredths", num_hundredths,
    "num.hundredths(v) -> text\n"
    "At most two digits after the point, half up: the coordinates of figures." },
  { "fixed", num_fixed,
    "num.fixed(v, decimals) -> text\n"
    "decimals (0 to 17) digits after the point, half to even on the exact value; never \"-0\"." },
  { "print", num_print,
    "num.print(v[, decimals]) -> text\n"
    "For people: decimals (2) digits after the point, a minus sign, ∞; NE when v is nil or NaN." },
  { "count", num_count,
    "num.count(v) -> text\nA count for people: from 10,000 on with commas; NE when v is nil or NaN." },
  { "digits", num_digits,
    "num.digits(v, digits) -> text\n"
    "1 to 17 significant digits, without trailing zeros; an exponent below 1e-4 and where the "
    "digits "
    "end before the point." },
  { "parse", num_parse,
    "num.parse(text[, point]) -> number or nil\n"
    "Reads a decimal number, correctly rounded; nil for anything else: blanks, hex, inf, nan, 1_0, "
    "numbers that overflow. point: the decimal mark, \".\" unless given." },
  { NULL, NULL, NULL },
};

int lun_open_num(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
