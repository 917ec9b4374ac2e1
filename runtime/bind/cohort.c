/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.cohort: what the cohort layer needs of columns beyond the columns themselves: raw values for
 * patient views, calendar months, joins by key.
 */

#include "base/order.h"
#include "bind/bind.h"
#include "data/date.h"

int lun_open_cohort(lua_State *L);

/* --- raw values ------------------------------------------------------------------------------ */

static void push_raw(lua_State *L, const lun_col *col, size_t row)
{
  if (lun_col_missing(col, row)) lua_pushnil(L);
  else if (col->type == LUN_NUMBER) lua_pushnumber(L, col->v.number[row]);
  else if (col->type == LUN_TEXT || col->type == LUN_FACTOR)
    lua_pushstring(L, lun_col_str(col, row));
  else lua_pushinteger(L, col->v.code[row]);
}

static int cohort_raw(lua_State *L)
{
  const lun_col *col = lun_arg_col(L, 1);
  lua_createtable(L, (int)col->n, 0);
  for (size_t i = 0; i < col->n; i++) {
    push_raw(L, col, i);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static int cohort_slice(lua_State *L)
{
  lua_Integer from = luaL_checkinteger(L, 2), to = luaL_checkinteger(L, 3),
              add = luaL_optinteger(L, 4, 0);
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_createtable(L, to >= from ? (int)(to - from + 1) : 0, 1);
  for (lua_Integer i = from; i <= to; i++) {
    if (lua_rawgeti(L, 1, i) != LUA_TNIL && add) {
      lua_pushinteger(L, lua_tointeger(L, -1) + add);
      lua_replace(L, -2);
    }
    lua_rawseti(L, -2, i - from + 1);
  }
  lua_pushinteger(L, to - from + 1);
  lua_setfield(L, -2, "n");
  return 1;
}

/* --- calendar months ------------------------------------------------------------------------- */

/* The same day `months` calendar months later, held to the end of a shorter month. */
static int32_t add_months(int32_t day, int32_t months)
{
  int y, m, d;
  lun_date_civil(day, &y, &m, &d);
  int32_t at = y * 12 + (m - 1) + months;
  y = (int)(at / 12);
  m = (int)(at % 12) + 1;
  while (!lun_date_valid(y, m, d)) d--;
  return lun_date_days(y, m, d);
}

static int cohort_calendar_months(lua_State *L)
{
  int32_t from = (int32_t)luaL_checknumber(L, 1), to = (int32_t)luaL_checknumber(L, 2);
  if (!lun_date_in_range(from) || !lun_date_in_range(to))
    return lun_raise(L, "data.date", "a date lies outside the years 1 to 9999");
  int32_t whole = lun_date_months(from, to);
  int32_t at = add_months(from, whole), next = add_months(from, whole + 1);
  if (to == at) lua_pushinteger(L, whole);
  else lua_pushnumber(L, whole + (double)(to - at) / (double)(next - at));
  return 1;
}

/* --- joins ----------------------------------------------------------------------------------- */

/* Pushes a set { key = row } of a key column; missing keys are left out. */
static void push_key_set(lua_State *L, const lun_col *keys)
{
  lua_createtable(L, 0, (int)keys->n);
  for (size_t i = 0; i < keys->n; i++) {
    if (lun_col_missing(keys, i)) continue;
    push_raw(L, keys, i);
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_rawset(L, -3);
  }
}

static int in_set(lua_State *L, int set, const lun_col *keys, size_t row)
{
  if (lun_col_missing(keys, row)) return 0;
  push_raw(L, keys, row);
  int found = lua_rawget(L, set) != LUA_TNIL;
  lua_pop(L, 1);
  return found;
}

static int cohort_first_stray(lua_State *L)
{
  const lun_col *linked = lun_arg_col(L, 1), *keys = lun_arg_col(L, 2);
  push_key_set(L, keys);
  int set = lua_gettop(L);
  for (size_t i = 0; i < linked->n; i++) {
    if (!in_set(L, set, linked, i)) return lua_pushinteger(L, (lua_Integer)i + 1), 1;
  }
  return 0;
}

static int cohort_matching(lua_State *L)
{
  const lun_col *linked = lun_arg_col(L, 1), *keys = lun_arg_col(L, 2);
  lua_Integer n = 0;
  push_key_set(L, keys);
  int set = lua_gettop(L);
  lua_newtable(L);
  for (size_t i = 0; i < linked->n; i++) {
    if (!in_set(L, set, linked, i)) continue;
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

/* Row of the set that the value of a key column names, from 0; -1 when there is none. */
static int32_t row_in_set(lua_State *L, int set, const lun_col *keys, size_t row)
{
  if (lun_col_missing(keys, row)) return -1;
  push_raw(L, keys, row);
  int32_t found = lua_rawget(L, set) == LUA_TNIL ? -1 : (int32_t)lua_tointeger(L, -1) - 1;
  lua_pop(L, 1);
  return found;
}

/* The rows of linked that belong to each row of keys, as a linked list by key: head[k], next[row],
 * in order of the date (missing last), then of the table. */
static void link_rows(lua_State *L, const lun_col *linked, const lun_col *date, int set,
                      int32_t *head, int32_t *next)
{
  size_t n = linked->n, *index = lun_scratch(L, n, sizeof *index);
  int32_t *day = lun_scratch(L, n, sizeof *day);
  for (size_t i = 0; i < n; i++)
    day[i] = !date ? 0 : date->v.code[i] == LUN_INT_MISSING ? INT32_MAX : date->v.code[i];
  lun_check(L, lun_order_ints(lun_env_of(L), index, day, n));
  for (size_t i = n; i-- > 0;) {
    size_t row = index[i];
    int32_t k = row_in_set(L, set, linked, row);
    if (k < 0) continue;
    next[row] = head[k];
    head[k] = (int32_t)row;
  }
}

static int cohort_grouped(lua_State *L)
{
  lua_settop(L, 3);
  const lun_col *linked = lun_arg_col(L, 1), *keys = lun_arg_col(L, 2),
                *date = lua_isnil(L, 3) ? NULL : lun_arg_col(L, 3);
  if (date && (date->type != LUN_DATE || date->n != linked->n))
    return lun_raise(L, "usage.argument", "grouped: expected dates of the linked rows");
  int32_t *head = lun_scratch(L, keys->n, sizeof *head),
          *next = lun_scratch(L, linked->n, sizeof *next);
  for (size_t i = 0; i < keys->n; i++) head[i] = -1;
  push_key_set(L, keys);
  int set = lua_gettop(L);
  link_rows(L, linked, date, set, head, next);
  lua_Integer n = 0;
  lua_createtable(L, (int)linked->n, 0);
  lua_createtable(L, (int)keys->n + 1, 0);
  for (size_t i = 0; i < keys->n; i++) {
    int32_t k = row_in_set(L, set, keys, i);
    lua_pushinteger(L, n + 1);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
    for (int32_t row = k < 0 ? -1 : head[k]; row >= 0; row = next[row]) {
      lua_pushinteger(L, row + 1);
      lua_rawseti(L, -3, ++n);
    }
  }
  lua_pushinteger(L, n + 1);
  lua_rawseti(L, -2, (lua_Integer)keys->n + 1);
  return 2;
}

static const lun_reg FUNCTIONS[] = {
  { "raw", cohort_raw,
    "cohort.raw(column) -> list\nThe values as they are stored: dates are day numbers since "
    "1970-01-01, factors and texts strings, missing nil." },
  { "calendar_months", cohort_calendar_months,
    "cohort.calendar_months(from, to) -> number\nCalendar months between two day numbers: whole "
    "months, and of the month that is left over the part that has passed." },
  { "first_stray", cohort_first_stray,
    "cohort.first_stray(linked, keys) -> row or nil\nThe first row of linked whose value is "
    "missing "
    "or not among keys." },
  { "matching", cohort_matching,
    "cohort.matching(linked, keys) -> rows\nThe rows of linked whose value is among keys, in "
    "order." },
  { "slice", cohort_slice,
    "cohort.slice(list, from, to [, add]) -> list\nThe values from..to as a list with n; add, where "
    "given, is added to each of them (whole numbers)." },
  { "grouped", cohort_grouped,
    "cohort.grouped(linked, keys [, date]) -> rows, first\nThe rows of linked one key after the "
    "other: those of keys' row i are rows[first[i]] to rows[first[i + 1] - 1], in order of the "
    "date (missing last), then of the table. A key that stands twice has them twice." },
  { NULL, NULL, NULL },
};

int lun_open_cohort(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
