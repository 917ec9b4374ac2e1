/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.core.timeline: endpoints by tables of event and censoring rules, built in or a user's.
 * lua/lunation/surv/rules.lua gives names and reasons to what this returns.
 */
#include <string.h>

#include "bind/columns.h"
#include "bind/recist_args.h"
#include "onco/timeline.h"

int lun_open_timeline(lua_State *L);

enum { MOST = 64 }; /* rules of a table, and dates that they name */

/* --- the tables that are built in ------------------------------------------------------------ */

static void set_text(lua_State *L, const char *name, const char *text)
{
  lua_pushstring(L, text);
  lua_setfield(L, -2, name);
}

static void set_reason(lua_State *L, const char *name, lun_reason reason)
{
  set_text(L, name, LUN_REASON_TABLE[reason].word);
}

static void push_events(lua_State *L, const lun_endpoint_rule *rule)
{
  lua_newtable(L);
  for (int i = 0; i < rule->events; i++) {
    lua_newtable(L);
    set_text(L, "source", LUN_SOURCE_WORDS[rule->event[i].source]);
    set_reason(L, "reason", rule->event[i].reason);
    lua_rawseti(L, -2, i + 1);
  }
}

static void push_when(lua_State *L, unsigned when)
{
  lua_Integer n = 0;
  lua_newtable(L);
  for (int c = 0; LUN_WHEN_WORDS[c]; c++) {
    if (!(when >> c & 1)) continue;
    lua_pushstring(L, LUN_WHEN_WORDS[c]);
    lua_rawseti(L, -2, ++n);
  }
}

static void push_censoring(lua_State *L, const lun_endpoint_rule *rule)
{
  lua_newtable(L);
  for (int i = 0; i < rule->censors; i++) {
    const lun_censor_rule *r = &rule->censor[i];
    lua_newtable(L);
    push_when(L, r->when);
    lua_setfield(L, -2, "when");
    if (r->when & LUN_WHEN_AFTER) set_text(L, "source", LUN_SOURCE_WORDS[r->after]);
    set_text(L, "at", r->at == LUN_AT_START ? "start" : "last-assessment");
    set_reason(L, "reason", r->reason);
    lua_pushinteger(L, LUN_REASON_TABLE[r->reason].cnsr);
    lua_setfield(L, -2, "cnsr");
    if (r->none != r->reason) {
      set_reason(L, "none", r->none);
      lua_pushinteger(L, LUN_REASON_TABLE[r->none].cnsr);
      lua_setfield(L, -2, "none_cnsr");
    }
    lua_rawseti(L, -2, i + 1);
  }
}

static int timeline_tables(lua_State *L)
{
  lua_newtable(L);
  for (int e = 0; e < LUN_ENDPOINTS; e++) {
    lua_newtable(L);
    push_events(L, &LUN_ENDPOINT_TABLE[e]);
    lua_setfield(L, -2, "events");
    push_censoring(L, &LUN_ENDPOINT_TABLE[e]);
    lua_setfield(L, -2, "censoring");
    lua_setfield(L, -2, LUN_ENDPOINT_TABLE[e].name);
  }
  return 1;
}

/* --- a table from Lua ------------------------------------------------------------------------ */

/* What run is given. */
typedef struct input {
  lun_event_rule event[MOST];
  lun_censor_rule censor[MOST];
  const char *source[MOST];
  const int32_t *date[MOST];
  int sources;
  size_t n; /* patients */
  const int32_t *start, *baseline;
  const int32_t *patient, *day; /* assessments, by patient and day; NULL: none */
  int8_t *code;
  size_t assessments;
} input;

static const int32_t *dates_of(lua_State *L, int table, const char *name, size_t n)
{
  const lun_col *col = lun_field_col(L, table, name, 1);
  if (col->type != LUN_DATE) lun_raise(L, "usage.argument", "timeline: %s must be dates", name);
  lun_check_length(L, col, n, name);
  return col->v.code;
}

/* sources = { death = dates, ... } */
static void read_sources(lua_State *L, input *in, int table)
{
  lua_getfield(L, table, "sources");
  luaL_checktype(L, -1, LUA_TTABLE);
  int sources = lua_gettop(L);
  lua_pushnil(L);
  while (lua_next(L, sources)) {
    if (in->sources == MOST) lun_raise(L, "usage.argument", "timeline: too many sources");
    luaL_checktype(L, -2, LUA_TSTRING);
    in->source[in->sources] = lua_tostring(L, -2); /* the table keeps it */
    in->date[in->sources] = dates_of(L, sources, in->source[in->sources], in->n);
    in->sources++;
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* Number of the source that field `name` of the rule on top names. */
static int source_of(lua_State *L, const input *in, const char *name)
{
  lua_getfield(L, -1, name);
  const char *word = lua_tostring(L, -1);
  for (int i = 0; word && i < in->sources; i++)
    if (strcmp(in->source[i], word) == 0) return lua_pop(L, 1), i;
  return lun_raise(L, "usage.argument", "timeline: %s: there is no source \"%s\"", name,
                   word ? word : "");
}

static unsigned conditions_of(lua_State *L)
{
  unsigned when = 0;
  lua_getfield(L, -1, "when");
  luaL_checktype(L, -1, LUA_TTABLE);
  for (lua_Integer i = 1; lua_rawgeti(L, -1, i) != LUA_TNIL; i++, lua_pop(L, 1))
    when |= 1u << luaL_checkoption(L, -1, NULL, LUN_WHEN_WORDS);
  lua_pop(L, 2);
  return when;
}

static int place_of(lua_State *L, const input *in)
{
  lua_getfield(L, -1, "at");
  const char *word = lua_tostring(L, -1);
  int at = word && strcmp(word, "start") == 0             ? LUN_AT_START
           : word && strcmp(word, "last-assessment") == 0 ? LUN_AT_LAST
                                                          : 0;
  lua_pop(L, 1);
  return at ? at : source_of(L, in, "at");
}

/* Reads list `name` of the table, row by row; returns how many. */
static int read_rows(lua_State *L, input *in, int table, const char *name,
                     void (*row)(lua_State *, input *, int))
{
  int n = 0;
  lua_getfield(L, table, name);
  luaL_checktype(L, -1, LUA_TTABLE);
  for (; lua_rawgeti(L, -1, n + 1) != LUA_TNIL; n++, lua_pop(L, 1)) {
    if (n == MOST) lun_raise(L, "usage.argument", "timeline: too many rules");
    row(L, in, n);
  }
  lua_pop(L, 2);
  return n;
}

static void read_event(lua_State *L, input *in, int i)
{
  in->event[i].source = source_of(L, in, "source");
}

static void read_censor(lua_State *L, input *in, int i)
{
  lun_censor_rule *r = &in->censor[i];
  r->when = conditions_of(L);
  r->at = place_of(L, in);
  if (r->when & LUN_WHEN_AFTER) r->after = source_of(L, in, "source");
}

/* What an assessment is worth, by its word: adequate (SD), not (NE), the end of them (PD). */
static int8_t worth(const char *word)
{
  if (strcmp(word, "NE") == 0 || strcmp(word, "NA") == 0) return LUN_RESP_NE;
  return strcmp(word, "PD") == 0 || strcmp(word, "iCPD") == 0 ? LUN_RESP_PD : LUN_RESP_SD;
}

/* assessments = { patient =, date =, response = }: whole numbers from 1, in order; dates; a factor.
 * Leaves on the stack what holds the codes. */
static void read_assessments(lua_State *L, input *in, int table)
{
  if (lua_getfield(L, table, "assessments") == LUA_TNIL) return;
  int t = lua_gettop(L);
  const lun_col *patient = lun_field_col(L, t, "patient", 1),
                *response = lun_field_col(L, t, "response", 1);
  in->day = dates_of(L, t, "date", patient->n);
  lun_check_length(L, response, patient->n, "response");
  if (patient->type != LUN_INTEGER || response->type != LUN_FACTOR)
    lun_raise(L, "usage.argument", "timeline: patient must be integers, response a factor");
  in->assessments = patient->n;
  in->patient = patient->v.code;
  in->code = lun_scratch(L, patient->n, sizeof *in->code);
  for (size_t i = 0; i < patient->n; i++) {
    int32_t level = response->v.code[i];
    in->code[i] = level < 0 ? LUN_RESP_NONE : worth(response->levels->names[level]);
  }
}

static void read_input(lua_State *L, input *in, int table)
{
  const lun_col *start = lun_field_col(L, table, "start", 1),
                *baseline = lun_field_col(L, table, "baseline", 0);
  if (start->type != LUN_DATE) lun_raise(L, "usage.argument", "timeline: start must be dates");
  if (baseline && baseline->type != LUN_FACTOR)
    lun_raise(L, "usage.argument", "timeline: baseline must be a factor of no and yes");
  lun_check_length(L, baseline, start->n, "baseline");
  in->n = start->n;
  in->start = start->v.code;
  in->baseline = baseline ? baseline->v.code : NULL;
  read_sources(L, in, table);
  read_assessments(L, in, table);
}

static int timeline_run(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  input *in = lun_scratch(L, 1, sizeof *in);
  read_input(L, in, 1);
  lun_endpoint_rule rule = { "", in->event, in->censor, 0, 0 };
  rule.events = read_rows(L, in, 1, "events", read_event);
  rule.censors = read_rows(L, in, 1, "censoring", read_censor);
  lun_opts o;
  lua_getfield(L, 1, "options");
  lun_opts_open(L, lua_gettop(L), &o);
  lun_course c = { .gap_days = (int)lun_opt_integer(&o, "gap_days", 126, 0, 100000),
                   .after_day_counts = lun_opt_boolean(&o, "after_day_counts", 1) };
  lun_opts_done(&o);
  lua_newtable(L);
  int32_t *date = lun_set_ints(L, "date", LUN_DATE, in->n),
          *event = lun_set_ints(L, "event", LUN_INTEGER, in->n),
          *row = lun_set_ints(L, "rule", LUN_INTEGER, in->n),
          *none = lun_set_ints(L, "none", LUN_INTEGER, in->n), by_source[MOST];
  size_t a = 0;
  for (size_t i = 0; i < in->n; i++) {
    size_t first = a;
    while (a < in->assessments && in->patient[a] == (int32_t)i + 1) a++;
    for (int s = 0; s < in->sources; s++) by_source[s] = in->date[s][i];
    c.has_baseline = !in->baseline || in->baseline[i] == 1;
    c.n = (int)(a - first);
    c.day = in->day ? in->day + first : NULL;
    c.response = in->code ? in->code + first : NULL;
    c.start = in->start[i];
    c.date = by_source;
    lun_outcome e = lun_timeline_at(&c, &rule);
    date[i] = e.date, event[i] = e.event, row[i] = e.rule, none[i] = e.none;
  }
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "run", timeline_run,
    "timeline.run{ start =, sources =, events =, censoring =, ... } -> { date, event, rule, none }\n"
    "The end of every patient by a table of rules. start: dates; sources: { name = dates }; "
    "events: { { source = }, ... }, the earliest counts, of two on one day the first in the table; "
    "censoring: { { when = { ... }, at =, source = }, ... }, the first rule whose conditions all "
    "hold ends the observation: no-event, no-baseline, after (the date of source has passed and "
    "no event up to it), missed (more than gap_days between the last adequate assessment and the "
    "event); at: start, last-assessment, or a source. baseline: a factor no, yes; assessments: "
    "{ patient = (from 1, in order), date =, response = (a factor; NE is not adequate, PD ends) }; "
    "options: gap_days (126), after_day_counts (true). date is missing without a start and where "
    "no rule gives an end; event: number of the event rule, 0 censored; rule: number of the "
    "censoring rule; none: 1 where the start stands for want of an adequate assessment." },
  { "tables", timeline_tables,
    "timeline.tables() -> { pfs_fda, pfs_ema, ttp_fda, ttp_ema }\n"
    "The tables that are built in, each { events, censoring }, as copies that may be changed: FDA "
    "(Clinical Trial Endpoints, 2007, Table A), EMA (EMA/CHMP/27994/2008/Rev.1)." },
  { NULL, NULL, NULL },
};

int lun_open_timeline(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
