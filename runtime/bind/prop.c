/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bind/bind.h"

#include <math.h>
#include <string.h>

#include "stat/prop.h"

int lun_open_prop(lua_State *L);

static double count(lua_State *L, int arg, double max, const char *what)
{
  double v = luaL_checknumber(L, arg);
  if (!(v >= 0 && v <= max) || v != floor(v))
    lun_raise(L, "usage.argument", "%s: expected a whole number from 0 to %f, found %f", what, max,
              v);
  return v;
}

static double level_of(lua_State *L, int arg)
{
  double level = luaL_optnumber(L, arg, 0.95);
  if (!(level > 0 && level < 1))
    lun_raise(L, "usage.argument", "confidence level: expected a number between 0 and 1, found %f",
              level);
  return level;
}

static const lun_prop_method *method_of(lua_State *L, const char *name)
{
  const lun_prop_method *m = LUN_PROP_METHODS;
  while (m->name && strcmp(m->name, name) != 0) m++;
  if (m->name) return m;
  lua_newtable(L);
  for (m = LUN_PROP_METHODS; m->name; m++) lua_pushboolean(L, 1), lua_setfield(L, -2, m->name);
  lun_suggest(L, -1, name);
  lun_raise(L, "usage.option", "no limits of a proportion are called \"%s\": did you mean \"%s\"?",
            name, lua_isstring(L, -1) ? lua_tostring(L, -1) : "clopper_pearson");
  return NULL;
}

static int prop_limits(lua_State *L)
{
  double n = count(L, 2, 9007199254740992.0, "n");
  if (n == 0) return lun_raise(L, "data.empty", "a proportion of 0 patients has no limits");
  double x = count(L, 1, n, "x");
  const lun_prop_method *m = method_of(L, luaL_optstring(L, 3, "clopper_pearson"));
  lun_limits l = m->limits(x, n, level_of(L, 4));
  lua_pushnumber(L, x / n);
  lun_push_number(L, l.lower);
  lun_push_number(L, l.upper);
  lua_pushstring(L, m->source);
  return 4;
}

static int prop_compare(lua_State *L)
{
  lun_prop_pair t;
  t.n1 = count(L, 2, 9007199254740992.0, "n1");
  t.n0 = count(L, 4, 9007199254740992.0, "n0");
  if (t.n1 == 0 || t.n0 == 0) return lun_raise(L, "data.empty", "one of the two groups is empty");
  t.x1 = count(L, 1, t.n1, "x1");
  t.x0 = count(L, 3, t.n0, "x0");
  const char *name = luaL_checkstring(L, 5);
  const lun_prop_contrast *c = LUN_PROP_CONTRASTS;
  while (c->name && strcmp(c->name, name) != 0) c++;
  if (!c->name) return lun_raise(L, "usage.option", "no contrast is called \"%s\"", name);
  lun_limits l = c->limits(t, level_of(L, 6));
  lun_push_number(L, c->estimate(t));
  lun_push_number(L, l.lower);
  lun_push_number(L, l.upper);
  lua_pushstring(L, c->source);
  return 4;
}

static int prop_methods(lua_State *L)
{
  lua_newtable(L);
  for (int i = 0; LUN_PROP_METHODS[i].name; i++) {
    lua_pushstring(L, LUN_PROP_METHODS[i].name);
    lua_rawseti(L, -2, i + 1);
  }
  lua_newtable(L);
  for (int i = 0; LUN_PROP_CONTRASTS[i].name; i++) {
    lua_pushstring(L, LUN_PROP_CONTRASTS[i].name);
    lua_rawseti(L, -2, i + 1);
  }
  return 2;
}

static const lun_reg FUNCTIONS[] = {
  { "limits", prop_limits,
    "prop.limits(x, n [, method [, level]]) -> estimate, lower, upper, source\n"
    "x events among n. method: clopper_pearson (default), wilson, wilson_cc, agresti_coull, "
    "jeffreys, "
    "mid_p, wald, arcsine, logit. Limits are not clipped to [0, 1]. Error data.empty when n is "
    "0." },
  { "compare", prop_compare,
    "prop.compare(x1, n1, x0, n0, contrast [, level]) -> estimate, lower, upper, source\n"
    "contrast: difference_wald, difference_newcombe, difference_newcombe_cc, "
    "difference_miettinen_nurminen, difference_agresti_caffo, ratio_wald, "
    "ratio_miettinen_nurminen, "
    "odds_wald, odds_miettinen_nurminen. nil where the estimate or a limit is not defined." },
  { "methods", prop_methods, "prop.methods() -> methods, contrasts\nTheir names, in order." },
  { NULL, NULL, NULL },
};

int lun_open_prop(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
