/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.onco.recist: the responses of a cohort, visit by visit and patient by patient.
 * lua/lunation/onco/recist.lua adds tables, plots' data and the way to endpoints.
 */
#include <math.h>
#include <string.h>

#include "bind/columns.h"
#include "bind/recist_args.h"
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
  lun_recist_options o = lun_arg_recist_options(L, 3);
  lun_subjects who = lun_arg_subjects(L, 2);
  lun_lesion_columns lesions = lun_arg_lesions(L, 1, who.name);
  responses *p = lun_box(L, &RESPONSES);
  lua_pushvalue(L, 1); /* names in refusals live in its columns */
  lua_setiuservalue(L, -2, 1);
  lun_check(L, lun_recist_assess(lun_env_of(L), &p->r, &lesions, &who, &o));
  summarise(L, p, &who);
  return 1;
}

static int recist_given(lua_State *L)
{
  lua_settop(L, 3);
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TTABLE);
  lun_recist_options o = lun_arg_recist_options(L, 3);
  lun_subjects who = lun_arg_subjects(L, 2);
  const lun_col *patient = lun_field_col(L, 1, "patient", 1), *date = lun_field_col(L, 1, "date", 1),
                *response = lun_field_col(L, 1, "response", 1);
  lun_check_length(L, date, patient->n, "date");
  lun_check_length(L, response, patient->n, "response");
  if (date->type != LUN_DATE) lun_raise(L, "usage.argument", "recist: date must be a date column");
  int8_t *code = lun_scratch(L, patient->n, sizeof *code);
  for (size_t i = 0; i < patient->n; i++) {
    const char *text = lun_col_str(response, i);
    if (lun_col_missing(date, i)) lun_raise(L, "data.bad-date", "row %d has no date", (int)i + 1);
    code[i] = text ? lun_arg_response(L, text) : LUN_RESP_NE;
  }
  const int32_t *subject = lun_arg_subject_rows(L, patient, who.name);
  responses *p = lun_box(L, &RESPONSES);
  lun_check(L, lun_summary_given(lun_env_of(L), &p->r, &who, patient->n, subject, date->v.code,
                                 code, &o));
  summarise(L, p, &who);
  return 1;
}

/* --- columns --------------------------------------------------------------------------------- */

static double mm(int64_t size)
{
  return size < 0 ? NAN : (double)size / LUN_MM;
}

static const char *const NO_YES[] = { "no", "yes", NULL };

static void visit_numbers(lua_State *L, const lun_recist *r, lun_measure m)
{
  double *sum = lun_set_numbers(L, "sum", r->visits), *nadir = lun_set_numbers(L, "nadir", r->visits),
         *percent = lun_set_numbers(L, "percent", r->visits),
         *over = lun_set_numbers(L, "percent_nadir", r->visits);
  for (size_t i = 0; i < r->visits; i++) {
    const lun_view *v = &r->visit[i].by[m];
    int whole = v->complete == 1;
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
  int32_t *complete = lun_set_words(L, "complete", n, NO_YES), *fresh = lun_set_words(L, "new", n, NO_YES),
          *target = lun_set_words(L, "target", n, LUN_RESPONSES),
          *nontarget = lun_set_words(L, "nontarget", n, LUN_RESPONSES),
          *overall = lun_set_words(L, "overall", n, LUN_RESPONSES),
          *plain = lun_set_words(L, "plain", n, LUN_RESPONSES),
          *irecist = lun_set_words(L, "irecist", n, LUN_IRESPONSES),
          *im = lun_set_words(L, "imrecist", n, LUN_RESPONSES);
  for (size_t i = 0; i < n; i++) {
    const lun_visit *v = &r->visit[i];
    complete[i] = v->by[m].complete;
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
  int32_t *patient = lun_set_ints(L, "patient", LUN_INTEGER, n), *date = lun_set_ints(L, "date", LUN_DATE, n),
          *last = lun_set_ints(L, "last_date", LUN_DATE, n), *pd = lun_set_ints(L, "pd_date", LUN_DATE, n),
          *day = lun_set_ints(L, "day", LUN_INTEGER, n);
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
  int32_t *best = lun_set_words(L, "best", n, LUN_RESPONSES),
          *confirmed = lun_set_words(L, "confirmed", n, LUN_RESPONSES),
          *ibest = lun_set_words(L, "ibest", n, LUN_IRESPONSES),
          *imbest = lun_set_words(L, "imbest", n, LUN_RESPONSES), *first = lun_set_ints(L, "first", LUN_DATE, n),
          *sure = lun_set_ints(L, "first_confirmed", LUN_DATE, n);
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
  int32_t *start = lun_set_ints(L, "start", LUN_DATE, n),
          *baseline = lun_set_ints(L, "baseline_date", LUN_DATE, n),
          *progression = lun_set_ints(L, "progression", LUN_DATE, n),
          *adequate = lun_set_ints(L, "last_adequate", LUN_DATE, n),
          *iprogression = lun_set_ints(L, "iprogression", LUN_DATE, n),
          *visits = lun_set_ints(L, "visits", LUN_INTEGER, n),
          *has = lun_set_words(L, "has_baseline", n, NO_YES);
  double *sum = lun_set_numbers(L, "baseline_sum", n), *depth = lun_set_numbers(L, "depth", n);
  for (size_t i = 0; i < n; i++) {
    const lun_subject *s = &p->r.subject[i];
    start[i] = s->start;
    baseline[i] = s->baseline_date;
    has[i] = s->has_baseline;
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
  int32_t *date = lun_set_ints(L, "date", LUN_DATE, n), *event = lun_set_words(L, "event", n, EVENTS),
          *reason = lun_set_words(L, "reason", n, words), *cnsr = lun_set_ints(L, "cnsr", LUN_INTEGER, n);
  for (size_t i = 0; i < n; i++) {
    const lun_outcome *o = &p->summary[m][i].end[e];
    int in = !p->r.subject[i].refused && p->r.subject[i].start != LUN_INT_MISSING;
    date[i] = in ? o->date : LUN_INT_MISSING;
    event[i] = in ? o->event : LUN_CODE_MISSING;
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
    "response), start, has_baseline, baseline_date, baseline_sum (mm), depth (smallest change in percent), "
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
  { NULL, NULL, NULL },
};

int lun_open_recist(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &RESPONSES);
  lua_setfield(L, -2, "class");
  return 1;
}
