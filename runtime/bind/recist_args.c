/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Arguments of the bindings of onco/: lesions, patients' dates, options of the criteria.
 */
#include "bind/recist_args.h"

#include <string.h>

lun_col *lun_field_col(lua_State *L, int table, const char *name, int required)
{
  lua_getfield(L, table, name);
  lun_col *col = lua_isnil(L, -1) ? NULL : lun_test_col(L, -1);
  if (!col && (required || !lua_isnil(L, -1)))
    lun_raise(L, "usage.argument", "recist: %s must be a column", name);
  lua_pop(L, 1); /* the table keeps it alive */
  return col;
}

static void push_key(lua_State *L, const lun_col *col, size_t row)
{
  if (col->type == LUN_TEXT || col->type == LUN_FACTOR) lua_pushstring(L, lun_col_str(col, row));
  else lua_pushnumber(L, lun_col_double(col, row)); /* a whole number is the same key */
}

/* Pushes { key = number of the patient from 0 }. */
static void push_patients(lua_State *L, const lun_col *key)
{
  lua_createtable(L, 0, (int)key->n);
  for (size_t i = 0; i < key->n; i++) {
    if (lun_col_missing(key, i))
      lun_raise(L, "data.key", "row %d of the patients has no key", (int)i + 1);
    push_key(L, key, i);
    lua_pushinteger(L, (lua_Integer)i);
    lua_rawset(L, -3);
  }
}

static int32_t look_up(lua_State *L, int map, const lun_col *col, size_t row)
{
  push_key(L, col, row);
  int32_t found = lua_rawget(L, map) == LUA_TNIL ? -1 : (int32_t)lua_tointeger(L, -1);
  lua_pop(L, 1);
  return found;
}

/* Number of the patient of each row; every row must belong to one. */
int32_t *lun_arg_subject_rows(lua_State *L, const lun_col *patient, const lun_col *key)
{
  int32_t *out = lun_scratch(L, patient->n, sizeof *out), *of_level = NULL;
  push_patients(L, key);
  int map = lua_gettop(L);
  if (patient->type == LUN_FACTOR) {
    of_level = lun_scratch(L, patient->levels->n, sizeof *of_level);
    for (size_t i = 0; i < patient->levels->n; i++) {
      lua_pushstring(L, patient->levels->names[i]);
      of_level[i] = lua_rawget(L, map) == LUA_TNIL ? -1 : (int32_t)lua_tointeger(L, -1);
      lua_pop(L, 1);
    }
  }
  for (size_t i = 0; i < patient->n; i++) {
    if (lun_col_missing(patient, i)) out[i] = -1;
    else out[i] = of_level ? of_level[patient->v.code[i]] : look_up(L, map, patient, i);
    if (out[i] < 0)
      lun_raise(L, "data.link", "row %d belongs to no patient of the patients' table", (int)i + 1);
  }
  return out;
}

static const int32_t *dates(lua_State *L, int table, const char *name, size_t n)
{
  const lun_col *col = lun_field_col(L, table, name, 0);
  if (!col) return NULL;
  if (col->type != LUN_DATE || col->n != n)
    lun_raise(L, "usage.argument", "recist: %s must be a date column, one row for each patient",
              name);
  return col->v.code;
}

lun_subjects lun_arg_subjects(lua_State *L, int table)
{
  const lun_col *key = lun_field_col(L, table, "key", 1);
  return (lun_subjects){ .n = key->n,
                         .name = key,
                         .start = dates(L, table, "start", key->n),
                         .death = dates(L, table, "death", key->n),
                         .therapy = dates(L, table, "therapy", key->n) };
}

lun_recist_options lun_arg_recist_options(lua_State *L, int arg)
{
  const lun_recist_options d = LUN_RECIST_DEFAULTS;
  lun_recist_options o = d;
  lun_opts t;
  lun_opts_open(L, arg, &t);
  o.max_targets = (int)lun_opt_integer(&t, "max_targets", d.max_targets, 0, 1000);
  o.max_per_organ = (int)lun_opt_integer(&t, "max_per_organ", d.max_per_organ, 0, 1000);
  o.min_target_mm = lun_opt_number(&t, "min_target_mm", d.min_target_mm, 0, 500);
  o.min_node_mm = lun_opt_number(&t, "min_node_mm", d.min_node_mm, 0, 500);
  o.tsm_mm = lun_opt_number(&t, "tsm_mm", d.tsm_mm, 0, 100);
  o.size_limit_mm = lun_opt_number(&t, "size_limit_mm", d.size_limit_mm, 1, 1e5);
  o.normal_node_mm = lun_opt_number(&t, "normal_node_mm", d.normal_node_mm, 0, 500);
  o.pr_percent = (int)lun_opt_integer(&t, "pr_percent", d.pr_percent, 1, 100);
  o.pd_percent = (int)lun_opt_integer(&t, "pd_percent", d.pd_percent, 0, 1000);
  o.pd_min_mm[LUN_TOTAL] = lun_opt_number(&t, "pd_min_mm", d.pd_min_mm[LUN_TOTAL], 0, 500);
  o.pd_min_mm[LUN_VIABLE] = lun_opt_number(&t, "pd_min_viable_mm", d.pd_min_mm[LUN_VIABLE], 0, 500);
  o.pr_persist = lun_opt_boolean(&t, "pr_persist", d.pr_persist);
  o.irecist_confirm_days =
      (int)lun_opt_integer(&t, "irecist_confirm_days", d.irecist_confirm_days, 0, 1000);
  o.exclude = lun_opt_boolean(&t, "exclude", d.exclude);
  o.min_sd_days = (int)lun_opt_integer(&t, "min_sd_days", d.min_sd_days, 0, 10000);
  o.confirm_days = (int)lun_opt_integer(&t, "confirm_days", d.confirm_days, 0, 10000);
  o.max_ne = (int)lun_opt_integer(&t, "max_ne", d.max_ne, 0, 1000);
  o.accept_sd = (int)lun_opt_integer(&t, "accept_sd", d.accept_sd, 0, 1000);
  o.interval_days = (int)lun_opt_integer(&t, "interval_days", d.interval_days, 1, 10000);
  o.window_days = (int)lun_opt_integer(&t, "window_days", d.window_days, 0, 10000);
  o.therapy_day_counts = lun_opt_boolean(&t, "therapy_day_counts", d.therapy_day_counts);
  lun_opts_done(&t);
  return o;
}

void lun_check_length(lua_State *L, const lun_col *col, size_t n, const char *name)
{
  if (col && col->n != n)
    lun_raise(L, "usage.argument", "recist: column %s has another length", name);
}

lun_lesion_columns lun_arg_lesions(lua_State *L, int table, const lun_col *key)
{
  static const char *const factors[] = { "lesion", "organ" };
  const lun_col *patient = lun_field_col(L, table, "patient", 1);
  lun_lesion_columns c = {
    .n = patient->n,
    .date = lun_field_col(L, table, "date", 1),
    .visit = lun_field_col(L, table, "visit", 0),
    .lesion = lun_field_col(L, table, "lesion", 1),
    .role = lun_field_col(L, table, "role", 1),
    .organ = lun_field_col(L, table, "organ", 0),
    .node = lun_field_col(L, table, "node", 0),
    .mm = lun_field_col(L, table, "mm", 1),
    .viable = lun_field_col(L, table, "viable_mm", 0),
    .state = lun_field_col(L, table, "state", 0),
    .pattern = lun_field_col(L, table, "pattern", 0),
    .baseline = lun_field_col(L, table, "baseline", 0),
  };
  const lun_col *const all[] = { c.date,   c.visit, c.lesion,  c.role,     c.organ,  c.node, c.mm,
                                 c.viable, c.state, c.pattern, c.baseline, c.lesion, c.organ };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    lun_check_length(L, all[i], c.n, "of the lesions");
  for (size_t i = 0; i < 2; i++) {
    const lun_col *col = i ? c.organ : c.lesion;
    if (col && col->type != LUN_FACTOR)
      lun_raise(L, "usage.argument", "recist: %s must be a factor", factors[i]);
  }
  if (c.date->type == LUN_NUMBER)
    lun_raise(L, "usage.argument", "recist: date must be a date or text column");
  c.subject = lun_arg_subject_rows(L, patient, key);
  return c;
}

int8_t lun_arg_response(lua_State *L, const char *text)
{
  for (int i = 0; LUN_RESPONSES[i]; i++)
    if (strcmp(LUN_RESPONSES[i], text) == 0) return (int8_t)i;
  return (int8_t)lun_raise(L, "data.bad-response",
                           "\"%s\" is not a response: CR, PR, SD, "
                           "NON-CR/NON-PD, PD, NE or NED",
                           text);
}
