/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.liver: liver scores of one patient; nil in, nil out.
 */
#include <math.h>

#include "bind/bind.h"
#include "onco/liver.h"

int lun_open_liver(lua_State *L);

static double number(lua_State *L, const char *name)
{
  lua_getfield(L, 1, name);
  double v = lua_isnil(L, -1) ? NAN : luaL_checknumber(L, -1);
  lua_pop(L, 1);
  return v;
}

static int whole(lua_State *L, const char *name)
{
  double v = number(L, name);
  return isnan(v) ? -1 : (int)v;
}

static int child_pugh(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  lun_child_pugh_input in = { number(L, "bilirubin"), number(L, "albumin"), number(L, "inr"),
                              whole(L, "ascites"), whole(L, "encephalopathy") };
  int score = lun_liver_child_pugh(&in);
  if (score < 0) return 0;
  lua_pushinteger(L, score);
  lua_pushstring(L, score <= 6 ? "A" : score <= 9 ? "B" : "C");
  return 2;
}

static int albi(lua_State *L)
{
  static const char *const modified[] = { "1", "2a", "2b", "3" };
  double v = lun_liver_albi(luaL_optnumber(L, 1, NAN), luaL_optnumber(L, 2, NAN));
  if (isnan(v)) return 0;
  lua_pushnumber(L, v);
  lua_pushinteger(L, lun_liver_albi_grade(v));
  lua_pushstring(L, modified[lun_liver_malbi_grade(v) - 1]);
  return 3;
}

static int bclc(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  lun_bclc_input in = { whole(L, "nodules"),      number(L, "largest_mm"), whole(L, "invasion"),
                        whole(L, "extrahepatic"), whole(L, "ecog"),        whole(L, "end_stage") };
  char stage = lun_liver_bclc(&in);
  if (stage == '?') return 0;
  lua_pushlstring(L, &stage, 1);
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "child_pugh", child_pugh,
    "liver.child_pugh{ bilirubin = mg/dL, albumin = g/dL, inr =, ascites = 0|1|2, encephalopathy = "
    "0..4 } "
    "-> score, class\nPugh 1973; nothing when anything is missing. Ascites: 0 none, 1 mild, 2 "
    "moderate or "
    "severe." },
  { "albi", albi,
    "liver.albi(bilirubin in umol/L, albumin in g/L) -> score, grade, modified grade\n"
    "Johnson 2015; modified grades (1, 2a, 2b, 3) Hiraoka 2019. Nothing when one is missing." },
  { "bclc", bclc,
    "liver.bclc{ nodules =, largest_mm =, invasion = 0|1, extrahepatic = 0|1, ecog =, end_stage = "
    "0|1 } "
    "-> stage\nBCLC 2022 (Reig 2022): 0, A, B, C or D; nothing when it cannot be decided." },
  { NULL, NULL, NULL },
};

int lun_open_liver(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
