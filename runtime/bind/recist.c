/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.onco.recist: the responses of a cohort, visit by visit and patient by patient.
 * lua/lunation/onco/recist.lua adds tables, plots' data and the way to endpoints.
 */
#include <math.h>
#include <string.h>

#include "bind/bind.h"
#include "onco/summary.h"

int lun_open_recist(lua_State *L);

typedef struct responses {
  lun_recist r;
  lun_summary *summary[LUN_MEASURES];
} responses;

static void responses_free(void *self)
{
  lun_recist_fini(&((responses *)self)->r);
}

static const char *const MEASURES[] = { "recist", "mrecist", NULL };

static const lun_class RESPONSES;

static responses *self(lua_State *L)
{
  responses *p = lun_self(L, 1, &RESPONSES);
  if (!p->r.subject) lun_raise(L, "usage.closed", "the responses were closed");
  return p;
}

/* --- arguments ------------------------------------------------------------------------------- */

static lun_col *field(lua_State *L, int table, const char *name, int required)
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
static int32_t *subjects_of(lua_State *L, const lun_col *patient, const lun_col *key)
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
  const lun_col *col = field(L, table, name, 0);
  if (!col) return NULL;
  if (col->type != LUN_DATE || col->n != n)
    lun_raise(L, "usage.argument", "recist: %s must be a date column, one row for each patient",
              name);
  return col->v.code;
}

static lun_subjects read_subjects(lua_State *L, int table)
{
  const lun_col *key = field(L, table, "key", 1);
  return (lun_subjects){ .n = key->n,
                         .name = key,
                         .start = dates(L, table, "start", key->n),
                         .death = dates(L, table, "death", key->n),
                         .therapy = dates(L, table, "therapy", key->n) };
}

static lun_recist_options read_options(lua_State *L, int arg)
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

static void check_length(lua_State *L, const lun_col *col, size_t n, const char *name)
{
  if (col && col->n != n)
    lun_raise(L, "usage.argument", "recist: column %s has another length", name);
}

static lun_lesion_columns read_lesions(lua_State *L, int table, const lun_col *key)
{
  static const char *const factors[] = { "lesion", "organ" };
  const lun_col *patient = field(L, table, "patient", 1);
  lun_lesion_columns c = {
    .n = patient->n,
    .date = field(L, table, "date", 1),
    .visit = field(L, table, "visit", 0),
    .lesion = field(L, table, "lesion", 1),
    .role = field(L, table, "role", 1),
    .organ = field(L, table, "organ", 0),
    .node = field(L, table, "node", 0),
    .mm = field(L, table, "mm", 1),
    .viable = field(L, table, "viable_mm", 0),
    .state = field(L, table, "state", 0),
    .pattern = field(L, table, "pattern", 0),
    .baseline = field(L, table, "baseline", 0),
  };
  const lun_col *const all[] = { c.date,   c.visit, c.lesion,  c.role,     c.organ,  c.node, c.mm,
                                 c.viable, c.state, c.pattern, c.baseline, c.lesion, c.organ };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    check_length(L, all[i], c.n, "of the lesions");
  for (size_t i = 0; i < 2; i++) {
    const lun_col *col = i ? c.organ : c.lesion;
    if (col && col->type != LUN_FACTOR)
      lun_raise(L, "usage.argument", "recist: %s must be a factor", factors[i]);
  }
  if (c.date->type == LUN_NUMBER)
    lun_raise(L, "usage.argument", "recist: date must be a date or text column");
  c.subject = subjects_of(L, patient, key);
  return c;
}

static void summarise(lua_State *L, responses *p, const lun_subjects *who)
{
  for (int m = 0; m < LUN_MEASURES; m++)
    lun_check(L, lun_summary_of(lun_env_of(L), &p->r, who, m, &p->summary[m]));
}

static int recist_assess(lua_State *L)
{
  lua_settop(L, 3);
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TTABLE);
  lun_recist_options o = read_options(L, 3);
  lun_subjects who = read_subjects(L, 2);
  lun_lesion_columns lesions = read_lesions(L, 1, who.name);
  responses *p = lun_box(L, &RESPONSES);
  lua_pushvalue(L, 1); /* names in refusals live in its columns */
  lua_setiuservalue(L, -2, 1);
  lun_check(L, lun_recist_assess(lun_env_of(L), &p->r, &lesions, &who, &o));
  summarise(L, p, &who);
  return 1;
}

static int8_t response_word(lua_State *L, const char *text)
{
  for (int i = 0; LUN_RESPONSES[i]; i++)
    if (strcmp(LUN_RESPONSES[i], text) == 0) return (int8_t)i;
  return (int8_t)lun_raise(L, "data.bad-response",
                           "\"%s\" is not a response: CR, PR, SD, "
                           "NON-CR/NON-PD, PD, NE or NED",
                           text);
}

static int recist_given(lua_State *L)
{
  lua_settop(L, 3);
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TTABLE);
  lun_recist_options o = read_options(L, 3);
  lun_subjects who = read_subjects(L, 2);
  const lun_col *patient = field(L, 1, "patient", 1), *date = field(L, 1, "date", 1),
                *response = field(L, 1, "response", 1);
  check_length(L, date, patient->n, "date");
  check_length(L, response, patient->n, "response");
  if (date->type != LUN_DATE) lun_raise(L, "usage.argument", "recist: date must be a date column");
  int8_t *code = lun_scratch(L, patient->n, sizeof *code);
  for (size_t i = 0; i < patient->n; i++) {
    const char *text = lun_col_str(response, i);
    if (lun_col_missing(date, i)) lun_raise(L, "data.bad-date", "row %d has no date", (int)i + 1);
    code[i] = text ? response_word(L, text) : LUN_RESP_NE;
  }
  const int32_t *subject = subjects_of(L, patient, who.name);
  responses *p = lun_box(L, &RESPONSES);
  lun_check(L, lun_summary_given(lun_env_of(L), &p->r, &who, patient->n, subject, date->v.code,
                                 code, &o));
  summarise(L, p, &who);
  return 1;
}

/* --- columns --------------------------------------------------------------------------------- */

/* Pushes a column of n values for the caller to write, and sets it as field of the table below. */
static void *set_column(lua_State *L, const char *name, lun_type type, size_t n, lun_levels *levels)
{
  void *values;
  lun_status st = lun_col_raw(lun_env_of(L), lun_box_col(L), type, n, levels, &values);
  lun_levels_free(levels);
  lun_check(L, st);
  lua_setfield(L, -2, name);
  return values;
}

static lun_levels *names(lua_State *L, const char *const *words)
{
  lun_levels *levels = NULL;
  size_t n = 0;
  while (words[n]) n++;
  lun_check(L, lun_levels_new(lun_env_of(L), &levels, words, n));
  return levels;
}

#define COLUMN(L, name, type, n) ((int32_t *)set_column(L, name, type, n, NULL))
#define WORDS(L, name, n, words) ((int32_t *)set_column(L, name, LUN_FACTOR, n, names(L, words)))
#define NUMBERS(L, name, n) ((double *)set_column(L, name, LUN_NUMBER, n, NULL))

static double mm(int64_t size)
{
  return size < 0 ? NAN : (double)size / LUN_MM;
}

static const char *const NO_YES[] = { "no", "yes", NULL };

static void visit_numbers(lua_State *L, const lun_recist *r, lun_measure m)
{
  double *sum = NUMBERS(L, "sum", r->visits), *nadir = NUMBERS(L, "nadir", r->visits),
         *percent = NUMBERS(L, "percent", r->visits),
         *over = NUMBERS(L, "percent_nadir", r->visits);
  for (size_t i = 0; i < r->visits; i++) {
    const lun_view *v = &r->visit[i].by[m];
    int whole = r->visit[i].complete == 1;
    sum[i] = mm(v->sum);
    nadir[i] = mm(v->nadir);
    percent[i] =
        whole ? lun_recist_percent(v->sum, r->subject[r->visit[i].subject].baseline[m]) : NAN;
    over[i] = whole ? lun_recist_percent(v->sum, v->nadir) : NAN;
  }
}

static void visit_words(lua_State *L, const lun_recist *r, lun_measure m)
{
  size_t n = r->visits;
  int32_t *complete = WORDS(L, "complete", n, NO_YES), *fresh = WORDS(L, "new", n, NO_YES),
          *target = WORDS(L, "target", n, LUN_RESPONSES),
          *nontarget = WORDS(L, "nontarget", n, LUN_RESPONSES),
          *overall = WORDS(L, "overall", n, LUN_RESPONSES),
          *plain = WORDS(L, "plain", n, LUN_RESPONSES),
          *irecist = WORDS(L, "irecist", n, LUN_IRESPONSES),
          *im = WORDS(L, "imrecist", n, LUN_RESPONSES);
  for (size_t i = 0; i < n; i++) {
    const lun_visit *v = &r->visit[i];
    complete[i] = v->complete;
    fresh[i] = v->by[m].fresh;
    target[i] = v->by[m].target;
    nontarget[i] = v->by[m].nontarget;
    overall[i] = v->by[m].overall;
    plain[i] = v->by[m].plain;
    irecist[i] = v->irecist;
    im[i] = v->imrecist;
  }
}

static int responses_visits(lua_State *L)
{
  responses *p = self(L);
  lun_measure m = (lun_measure)luaL_checkoption(L, 2, "recist", MEASURES);
  size_t n = p->r.visits;
  lua_newtable(L);
  int32_t *patient = COLUMN(L, "patient", LUN_INTEGER, n), *date = COLUMN(L, "date", LUN_DATE, n),
          *last = COLUMN(L, "last_date", LUN_DATE, n), *pd = COLUMN(L, "pd_date", LUN_DATE, n),
          *day = COLUMN(L, "day", LUN_INTEGER, n);
  for (size_t i = 0; i < n; i++) {
    const lun_visit *v = &p->r.visit[i];
    patient[i] = (int32_t)v->subject + 1;
    date[i] = v->date;
    last[i] = v->last_date;
    pd[i] = v->by[m].pd_date;
    day[i] = v->date - p->r.subject[v->subject].start;
  }
  visit_numbers(L, &p->r, m);
  visit_words(L, &p->r, m);
  return 1;
}

static void patient_best(lua_State *L, const responses *p, lun_measure m)
{
  size_t n = p->r.subjects;
  int32_t *best = WORDS(L, "best", n, LUN_RESPONSES),
          *confirmed = WORDS(L, "confirmed", n, LUN_RESPONSES),
          *ibest = WORDS(L, "ibest", n, LUN_IRESPONSES),
          *imbest = WORDS(L, "imbest", n, LUN_RESPONSES), *first = COLUMN(L, "first", LUN_DATE, n),
          *sure = COLUMN(L, "first_confirmed", LUN_DATE, n);
  for (size_t i = 0; i < n; i++) {
    const lun_summary *s = &p->summary[m][i];
    int in = !p->r.subject[i].refused;
    best[i] = in ? s->best : LUN_CODE_MISSING;
    confirmed[i] = in ? s->confirmed : LUN_CODE_MISSING;
    ibest[i] = in ? s->ibest : LUN_CODE_MISSING;
    imbest[i] = in ? s->imbest : LUN_CODE_MISSING;
    first[i] = s->first;
    sure[i] = s->first_confirmed;
  }
}

static void patient_course(lua_State *L, const responses *p, lun_measure m)
{
  size_t n = p->r.subjects;
  int32_t *start = COLUMN(L, "start", LUN_DATE, n),
          *baseline = COLUMN(L, "baseline_date", LUN_DATE, n),
          *progression = COLUMN(L, "progression", LUN_DATE, n),
          *adequate = COLUMN(L, "last_adequate", LUN_DATE, n),
          *iprogression = COLUMN(L, "iprogression", LUN_DATE, n),
          *visits = COLUMN(L, "visits", LUN_INTEGER, n);
  double *sum = NUMBERS(L, "baseline_sum", n), *depth = NUMBERS(L, "depth", n);
  for (size_t i = 0; i < n; i++) {
    const lun_subject *s = &p->r.subject[i];
    start[i] = s->start;
    baseline[i] = s->baseline_date;
    progression[i] = p->summary[m][i].progression;
    adequate[i] = p->summary[m][i].last_adequate;
    iprogression[i] = s->iprogression_date;
    visits[i] = (int32_t)s->n;
    sum[i] = mm(s->baseline[m]);
    depth[i] = lun_recist_percent(p->summary[m][i].depth, s->baseline[m]);
  }
}

static const char *const EVENTS[] = { "censored", "progression", "death", NULL };

static void push_endpoint(lua_State *L, const responses *p, lun_measure m, int e)
{
  const char *words[LUN_REASONS + 1] = { NULL };
  size_t n = p->r.subjects;
  for (int i = 0; i < LUN_REASONS; i++) words[i] = LUN_REASON_TABLE[i].word;
  lua_newtable(L);
  int32_t *date = COLUMN(L, "date", LUN_DATE, n), *event = WORDS(L, "event", n, EVENTS),
          *reason = WORDS(L, "reason", n, words), *cnsr = COLUMN(L, "cnsr", LUN_INTEGER, n);
  for (size_t i = 0; i < n; i++) {
    const lun_outcome *o = &p->summary[m][i].end[e];
    int in = !p->r.subject[i].refused && p->r.subject[i].start != LUN_INT_MISSING;
    date[i] = in ? o->date : LUN_INT_MISSING;
    event[i] = in ? (int32_t)o->event : LUN_CODE_MISSING;
    reason[i] = in ? (int32_t)o->reason : LUN_CODE_MISSING;
    cnsr[i] = in ? LUN_REASON_TABLE[o->reason].cnsr : LUN_INT_MISSING;
  }
}

static int responses_patients(lua_State *L)
{
  responses *p = self(L);
  lun_measure m = (lun_measure)luaL_checkoption(L, 2, "recist", MEASURES);
  lua_newtable(L);
  patient_best(L, p, m);
  patient_course(L, p, m);
  for (int e = 0; e < LUN_ENDPOINTS; e++) {
    push_endpoint(L, p, m, e);
    lua_setfield(L, -2, LUN_ENDPOINT_TABLE[e].name);
  }
  return 1;
}

static int responses_reason(lua_State *L)
{
  responses *p = self(L);
  lua_Integer i = luaL_checkinteger(L, 2);
  lun_measure m = (lun_measure)luaL_checkoption(L, 3, "recist", MEASURES);
  luaL_argcheck(L, i >= 1 && (lua_Unsigned)i <= p->r.visits, 2, "no such visit");
  lun_str out;
  luaL_Buffer b;
  char *room = luaL_buffinitsize(L, &b, 1024); /* before out owns memory: this may raise */
  lun_str_init(&out, lun_env_of(L));
  lun_summary_reason(&out, &p->r, &p->r.visit[i - 1], m);
  lun_status st = out.status;
  size_t n = st != LUN_OK ? 0 : out.size < 1024 ? out.size : 1024;
  if (n) memcpy(room, out.data, n);
  lun_str_fini(&out);
  lun_check(L, st);
  luaL_pushresultsize(&b, n);
  return 1;
}

static int responses_ireason(lua_State *L)
{
  responses *p = self(L);
  lua_Integer i = luaL_checkinteger(L, 2);
  luaL_argcheck(L, i >= 1 && (lua_Unsigned)i <= p->r.visits, 2, "no such visit");
  lua_pushstring(L, LUN_IREASONS[p->r.visit[i - 1].irule]);
  return 1;
}

static int responses_refused(lua_State *L)
{
  responses *p = self(L);
  lua_Integer k = 0;
  lua_newtable(L);
  for (size_t i = 0; i < p->r.subjects; i++) {
    const lun_refusal *r = &p->r.refused[i];
    if (r->code == LUN_REFUSE_NOTHING) continue;
    lua_newtable(L);
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_setfield(L, -2, "patient");
    lua_pushstring(L, lun_refusal_name(r->code));
    lua_setfield(L, -2, "code");
    lua_pushinteger(L, (lua_Integer)r->row + 1);
    lua_setfield(L, -2, "row");
    lua_pushstring(L, r->lesion);
    lua_setfield(L, -2, "lesion");
    lun_refusal_fail(lun_env_of(L), r, "?");
    lua_pushstring(L, strstr(lun_env_of(L)->msg, ": ") + 2);
    lua_setfield(L, -2, "message");
    lua_rawseti(L, -2, ++k);
  }
  return 1;
}

static int responses_n(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)self(L)->r.subjects);
  return 1;
}

static int responses_n_visits(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)self(L)->r.visits);
  return 1;
}

static const lun_reg METHODS[] = {
  { "visits", responses_visits,
    "responses:visits([\"recist\"|\"mrecist\"]) -> table of columns\n"
    "One row for each visit after baseline, by patient and date: patient (its number), date, "
    "last_date "
    "(of the last scan), day (since the start), sum, nadir (mm; smallest complete sum before), "
    "percent "
    "and percent_nadir (complete sums only), complete, target, nontarget, new, overall (missing "
    "after the "
    "first PD), plain (the same, given anyway), pd_date, irecist, imrecist." },
  { "patients", responses_patients,
    "responses:patients([\"recist\"|\"mrecist\"]) -> table of columns\n"
    "One row for each patient: best, confirmed, ibest, imbest, first and first_confirmed (dates of "
    "response), start, baseline_date, baseline_sum (mm), depth (smallest change in percent), "
    "progression, "
    "iprogression, last_adequate, visits; and pfs_fda, pfs_ema, ttp_fda, ttp_ema, each a table of "
    "columns "
    "date, event, reason, cnsr." },
  { "reason", responses_reason,
    "responses:reason(visit[, criteria]) -> text\nWhy the visit has its response, with the "
    "numbers." },
  { "ireason", responses_ireason,
    "responses:ireason(visit) -> text\nWhy the visit has its iRECIST response." },
  { "refused", responses_refused,
    "responses:refused() -> list\nThe patients that could not be assessed: patient, code, row, "
    "lesion, "
    "message. Without the option exclude the first of them is an error." },
  { NULL, NULL, NULL },
};

static const lun_reg GETTERS[] = {
  { "n", responses_n, "responses.n\nNumber of patients." },
  { "n_visits", responses_n_visits, "responses.n_visits\nNumber of visits after baseline." },
  { NULL, NULL, NULL },
};

static const lun_class RESPONSES = {
  .name = "lunation.onco.recist",
  .doc = "Responses of a cohort by RECIST 1.1, mRECIST, iRECIST and imRECIST.",
  .size = sizeof(responses),
  .free = responses_free,
  .methods = METHODS,
  .getters = GETTERS,
  .uservalues = 1,
};

/* --- single rules ---------------------------------------------------------------------------- */

static int recist_best(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 3);
  lun_recist_options o = read_options(L, 3);
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
    response[i] = response_word(L, luaL_checkstring(L, -1));
  }
  lun_best b = lun_best_of(day, response, (int)n, &rule);
  lua_pushstring(L, LUN_RESPONSES[b.best]);
  lua_pushstring(L, LUN_RESPONSES[b.confirmed]);
  if (b.first_confirmed < 0) lua_pushnil(L);
  else lua_pushinteger(L, b.first_confirmed + 1);
  return 3;
}

static int recist_overall(lua_State *L)
{
  int target = response_word(L, luaL_checkstring(L, 1)),
      nontarget = response_word(L, luaL_checkstring(L, 2));
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

static int recist_rules(lua_State *L)
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
  { "assess", recist_assess,
    "recist.assess(lesions, patients[, options]) -> responses\n"
    "lesions: columns of equal length, a row for each lesion and visit: patient, date (date or ISO "
    "text), "
    "lesion (factor), role (target, nontarget, new, new-nontarget, visit), mm (number, or text "
    "that may "
    "also say TSM or NE); optional: visit (a number; rows of one date are one visit otherwise), "
    "organ "
    "(factor), node, viable_mm, state, pattern, baseline. patients: columns key, and optional "
    "dates start, "
    "death, therapy. The baseline is the visit that is flagged, else the last one up to the start; "
    "without start dates the first. options: see lunation.recist. Errors: data.* naming patient, "
    "row and "
    "lesion. RECIST 1.1: Eisenhauer 2009; mRECIST: Lencioni 2010; iRECIST: Seymour 2017." },
  { "given", recist_given,
    "recist.given(responses, patients[, options]) -> responses\n"
    "From responses that somebody assigned: columns patient, date, response; missing is NE." },
  { "best", recist_best,
    "recist.best(days, responses[, options]) -> best, confirmed, number of the first confirmed\n"
    "Best overall response of one sequence, days since the start in order (RECIST 1.1, Table 3)." },
  { "overall", recist_overall,
    "recist.overall(target, nontarget, new) -> response, why\nRECIST 1.1, Tables 1 and 2." },
  { "rules", recist_rules,
    "recist.rules() -> { target, nontarget, overall, reasons }\nThe decision tables, row by row." },
  { NULL, NULL, NULL },
};

int lun_open_recist(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &RESPONSES);
  lua_setfield(L, -2, "class");
  return 1;
}
