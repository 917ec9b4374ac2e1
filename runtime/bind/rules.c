/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.core.rules: the decision tables of the response criteria, and single answers from them.
 */
#include "bind/recist_args.h"
#include "onco/summary.h"

int lun_open_rules(lua_State *L);

static int rules_best(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 3);
  lun_recist_options o = lun_arg_recist_options(L, 3);
  lun_best_rule rule = { o.min_sd_days, o.confirm_days, o.max_ne, o.accept_sd };
  size_t n = lua_rawlen(L, 1);
  luaL_argcheck(L, n == lua_rawlen(L, 2) && n <= INT32_MAX, 2,
                "days and responses differ in length");
  int32_t *day = lun_scratch(L, n, sizeof *day);
  int8_t *response = lun_scratch(L, n, sizeof *response);
  for (size_t i = 0; i < n; i++, lua_pop(L, 2)) {
    lua_rawgeti(L, 1, (lua_Integer)i + 1);
    day[i] = (int32_t)luaL_checkinteger(L, -1);
    if (i && day[i] < day[i - 1]) return luaL_argerror(L, 1, "days must be in order");
    lua_rawgeti(L, 2, (lua_Integer)i + 1);
    response[i] = lun_arg_response(L, luaL_checkstring(L, -1));
  }
  lun_best b = lun_best_of(day, response, (int)n, &rule);
  lua_pushstring(L, LUN_RESPONSES[b.best]);
  lua_pushstring(L, LUN_RESPONSES[b.confirmed]);
  if (b.first_confirmed < 0) lua_pushnil(L);
  else lua_pushinteger(L, b.first_confirmed + 1);
  return 3;
}

static int rules_overall(lua_State *L)
{
  int target = lun_arg_response(L, luaL_checkstring(L, 1)),
      nontarget = lun_arg_response(L, luaL_checkstring(L, 2));
  const lun_overall_rule *r =
      &LUN_OVERALL_TABLE[lun_rule_overall(target, nontarget, lua_toboolean(L, 3))];
  lua_pushstring(L, LUN_RESPONSES[r->then]);
  lua_pushstring(L, r->why);
  return 2;
}

static void push_rules(lua_State *L, const lun_rule *rules, int n)
{
  static const char *const conditions[] = { "no baseline", "no such lesions",
                                            "all gone",    "back after CR",
                                            "progressed",  "one not assessed",
                                            "shrunk",      "option pr_persist, after PR" };
  lua_newtable(L);
  for (int i = 0; i < n; i++) {
    lua_newtable(L);
    lua_pushliteral(L, "otherwise");
    for (int c = 0; c < 8; c++)
      if (rules[i].when == 1u << c) lua_pushstring(L, conditions[c]), lua_replace(L, -2);
    lua_setfield(L, -2, "when");
    lua_pushstring(L, LUN_RESPONSES[rules[i].then]);
    lua_setfield(L, -2, "response");
    lua_pushstring(L, rules[i].why);
    lua_setfield(L, -2, "why");
    lua_rawseti(L, -2, i + 1);
  }
}

static void set_responses(lua_State *L, const char *name, unsigned set)
{
  int any = set == 0xffu, n = 0;
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  if (any) luaL_addstring(&b, "any");
  for (int i = 0; !any && LUN_RESPONSES[i]; i++) {
    if (!(set >> i & 1)) continue;
    if (n++) luaL_addstring(&b, " or ");
    luaL_addstring(&b, LUN_RESPONSES[i]);
  }
  luaL_pushresult(&b);
  lua_setfield(L, -2, name);
}

static int rules_tables(lua_State *L)
{
  lua_newtable(L);
  push_rules(L, LUN_TARGET_TABLE, LUN_TARGET_RULES);
  lua_setfield(L, -2, "target");
  push_rules(L, LUN_NONTARGET_TABLE, LUN_NONTARGET_RULES);
  lua_setfield(L, -2, "nontarget");
  lua_newtable(L);
  for (int i = 0; i < LUN_OVERALL_RULES; i++) {
    const lun_overall_rule *r = &LUN_OVERALL_TABLE[i];
    lua_newtable(L);
    set_responses(L, "target", r->target);
    set_responses(L, "nontarget", r->nontarget);
    lua_pushstring(L, r->fresh ? "yes" : i == 0 ? "any" : "-");
    lua_setfield(L, -2, "new");
    lua_pushstring(L, LUN_RESPONSES[r->then]);
    lua_setfield(L, -2, "response");
    lua_pushstring(L, r->why);
    lua_setfield(L, -2, "why");
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "overall");
  lua_newtable(L);
  for (int i = 0; i < LUN_REASONS; i++) {
    lua_newtable(L);
    lua_pushstring(L, LUN_REASON_TABLE[i].word);
    lua_setfield(L, -2, "reason");
    lua_pushstring(L, LUN_REASON_TABLE[i].says);
    lua_setfield(L, -2, "says");
    lua_pushinteger(L, LUN_REASON_TABLE[i].cnsr);
    lua_setfield(L, -2, "cnsr");
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "reasons");
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "best", rules_best,
    "rules.best(days, responses[, options]) -> best, confirmed, number of the first confirmed\n"
    "Best overall response of one sequence, days since the start in order (RECIST 1.1, Table 3)." },
  { "overall", rules_overall,
    "rules.overall(target, nontarget, new) -> response, why\nRECIST 1.1, Tables 1 and 2." },
  { "tables", rules_tables,
    "rules.tables() -> { target, nontarget, overall, reasons }\nThe decision tables, row by row. "
    "Those of endpoints: timeline.tables." },
  { NULL, NULL, NULL },
};

int lun_open_rules(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
