/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.surv: the response, shared by all estimators of an endpoint.
 */
#include "bind/surv.h"

#include "data/design.h"

#include <math.h>

int lun_open_surv(lua_State *L);

static void surv_free(void *self)
{
  lun_surv_fini(self);
}

static int surv_len(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)lun_arg_surv(L, 1)->n);
  return 1;
}

static int surv_events(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)lun_arg_surv(L, 1)->events);
  return 1;
}

static int surv_causes(lua_State *L)
{
  lua_pushinteger(L, lun_arg_surv(L, 1)->causes);
  return 1;
}

static int surv_last(lua_State *L)
{
  lua_pushnumber(L, lun_arg_surv(L, 1)->last);
  return 1;
}

static int surv_delayed(lua_State *L)
{
  lua_pushboolean(L, lun_arg_surv(L, 1)->start != NULL);
  return 1;
}

static int surv_merged(lua_State *L)
{
  const lun_surv *s = lun_arg_surv(L, 1);
  if (!s->whole) s = lun_arg_sorted(L, 1); /* whole numbers are never nearly tied */
  lua_pushinteger(L, (lua_Integer)s->merged);
  return 1;
}

static int surv_times(lua_State *L)
{
  const lun_surv *s = lun_arg_sorted(L, 1);
  lun_push_view(L, 1, s->distinct, s->m);
  return 1;
}

static const lun_reg GETTERS[] = {
  { "n", surv_len, "surv.n\nNumber of rows." },
  { "events", surv_events, "surv.events\nRows with an event of any cause." },
  { "causes", surv_causes, "surv.causes\nLargest status: 1 when there is one kind of event." },
  { "last", surv_last, "surv.last\nLargest time." },
  { "delayed", surv_delayed, "surv.delayed\nWhether rows have a start: (start, stop]." },
  { "merged", surv_merged,
    "surv.merged\nUnique times that were merged with a neighbour because they lie closer than the "
    "tolerance (R's timefix, its relative part)." },
  { "times", surv_times,
    "surv.times\nThe distinct times in increasing order, after merging near ties." },
  { NULL, NULL, NULL },
};

static const luaL_Reg META[] = { { "__len", surv_len }, { NULL, NULL } };

static const lun_class SURV = {
  .name = "lunation.surv",
  .doc = "A survival response: times, entries, status and weights, checked and sorted once.",
  .size = sizeof(lun_surv),
  .free = surv_free,
  .getters = GETTERS,
  .meta = META,
  .uservalues = 4,
};

lun_surv *lun_arg_surv(lua_State *L, int arg)
{
  lun_surv *s = lun_self(L, arg, &SURV);
  if (!s->time) lun_raise(L, "usage.closed", "argument %d: the response was closed", arg);
  return s;
}

lun_surv *lun_arg_sorted(lua_State *L, int arg)
{
  lun_surv *s = lun_arg_surv(L, arg);
  lun_check(L, lun_surv_sort(lun_env_of(L), s));
  return s;
}

const int32_t *lun_opt_codes(lun_opts *o, const char *name, size_t n, size_t *k)
{
  size_t length;
  lun_levels *levels;
  int at = lun_opt_value(o, name);
  *k = 1;
  if (!at) return NULL;
  const int32_t *code = lun_arg_codes(o->L, at, &length, k, &levels);
  if (length != n)
    lun_raise(o->L, "usage.length", "option %s has %d rows, the response has %d", name, (int)length,
              (int)n);
  return code;
}

const int32_t *lun_opt_clusters(lun_opts *o, const char *name, size_t n, size_t *k)
{
  const int32_t *code = lun_opt_codes(o, name, n, k);
  for (size_t i = 0; code && i < n; i++) {
    if (code[i] < 0)
      lun_raise(o->L, "data.missing-cluster", "row %d has no %s: leave it out first", (int)i + 1, name);
  }
  return code;
}

void lun_push_labels(lua_State *L, lun_opts *o, const char *name, size_t k)
{
  int at = lun_opt_value(o, name);
  const lun_col *col = at && !lua_istable(L, at) ? lun_arg_col(L, at) : NULL;
  lua_createtable(L, (int)k, 0);
  for (size_t g = 0; g < k; g++) {
    if (col) lua_pushstring(L, col->levels->names[g]);
    else if (at) lua_pushfstring(L, "%d", (int)g + 1);
    else lua_pushliteral(L, "");
    lua_rawseti(L, -2, (lua_Integer)g + 1);
  }
}

const double *lun_opt_rows(lun_opts *o, const char *name, size_t n)
{
  size_t length;
  int at = lun_opt_value(o, name);
  if (!at) return NULL;
  const double *x = lun_arg_doubles(o->L, at, &length);
  if (length != n)
    lun_raise(o->L, "usage.length", "option %s has %d rows, the response has %d", name, (int)length,
              (int)n);
  return x;
}

/* The columns of a design over the same rows. */
static const double *const *design_columns(lua_State *L, const lun_design *d, size_t n, size_t *p)
{
  if (d->n != n)
    lun_raise(L, "usage.length", "the design has %d rows, the response has %d", (int)d->n, (int)n);
  const double **x = lun_scratch(L, d->p, sizeof *x);
  for (size_t j = 0; j < d->p; j++) x[j] = d->x + j * n;
  *p = d->p;
  return x;
}

const double *const *lun_arg_columns(lua_State *L, int arg, size_t n, size_t *p)
{
  if (lua_isuserdata(L, arg)) return design_columns(L, lun_arg_design(L, arg), n, p);
  luaL_checktype(L, arg, LUA_TTABLE);
  *p = (size_t)lua_rawlen(L, arg);
  const double **x = lun_scratch(L, *p, sizeof *x);
  luaL_checkstack(L, (int)(2 * *p) + 64, "too many columns");
  for (size_t j = 0; j < *p; j++) {
    size_t length;
    lua_rawgeti(L, arg, (lua_Integer)j + 1);
    x[j] = lun_arg_doubles(L, -1, &length);
    if (length != n)
      lun_raise(L, "usage.length", "column %d has %d values, the response has %d", (int)j + 1,
                (int)length, (int)n);
  }
  return x;
}

int lun_push_matrix(lua_State *L, const double *a, size_t p)
{
  lua_createtable(L, (int)p, 0);
  for (size_t i = 0; i < p; i++) {
    lua_createtable(L, (int)p, 0);
    for (size_t j = 0; j < p; j++) {
      lua_pushnumber(L, a[i * p + j]);
      lua_rawseti(L, -2, (lua_Integer)j + 1);
    }
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

int lun_push_test(lua_State *L, const lun_cox_test *t)
{
  if (isnan(t->statistic)) return lua_pushnil(L), 1;
  lua_createtable(L, 0, 4);
  lua_pushnumber(L, t->statistic);
  lua_setfield(L, -2, "statistic");
  lua_pushinteger(L, (lua_Integer)t->df);
  lua_setfield(L, -2, "df");
  lua_pushnumber(L, t->p);
  lua_setfield(L, -2, "p");
  lua_pushnumber(L, t->log10_p);
  lua_setfield(L, -2, "log10_p");
  return 1;
}

/* Status as int32: a column's own values, or a copy in a box. */
static const int32_t *status_of(lua_State *L, int arg, size_t *n)
{
  lun_col *col = lun_test_col(L, arg);
  if (col && col->type == LUN_INTEGER) return *n = col->n, col->v.code;
  const double *x = lun_arg_doubles(L, arg, n);
  int32_t *v = lun_scratch(L, *n, sizeof *v);
  for (size_t i = 0; i < *n; i++) {
    if (isnan(x[i])) v[i] = INT32_MIN;
    else if (x[i] == (double)(int32_t)x[i]) v[i] = (int32_t)x[i];
    else lun_raise(L, "data.status", "row %d: status %f is not a whole number", (int)i + 1, x[i]);
  }
  return v;
}

/* Keeps everything from stack index `from` on alive as long as the object at `owner`. */
static void keep(lua_State *L, int owner, int slot, int from)
{
  int top = lua_gettop(L);
  lua_createtable(L, top - from + 1, 0);
  for (int i = from; i <= top; i++) {
    lua_pushvalue(L, i);
    lua_rawseti(L, -2, i - from + 1);
  }
  lua_setiuservalue(L, owner, slot);
}

static int surv_new(lua_State *L)
{
  lun_opts o;
  lun_surv_data in = { 0 };
  size_t n;
  lun_opts_open(L, 1, &o);
  lun_surv *s = lun_box(L, &SURV);
  int box = lua_gettop(L), time = lun_opt_value(&o, "time"), status = lun_opt_value(&o, "status");
  if (!time || !status) return lun_raise(L, "usage.argument", "surv.new needs time and status");
  in.time = lun_arg_doubles(L, time, &in.n);
  in.status = status_of(L, status, &n);
  if (n != in.n)
    return lun_raise(L, "usage.length", "%d times but %d status values", (int)in.n, (int)n);
  in.start = lun_opt_rows(&o, "start", in.n);
  lun_surv_options opt = { lun_opt_number(&o, "tolerance", LUN_SURV_TOLERANCE, 0, 1), 0 };
  static const char *const TIMEFIX[] = { "relative", "r", "none", NULL };
  int timefix = lun_opt_choice(&o, "timefix", TIMEFIX, 0);
  opt.absolute = timefix == 1;
  if (timefix == 2) opt.tolerance = 0;
  lun_opts_done(&o);
  keep(L, box, 2, box + 1);
  lun_check(L, lun_surv_init(lun_env_of(L), s, &in, &opt));
  lua_pushvalue(L, box);
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "new", surv_new,
    "surv.new{ time =, status =, start =, timefix =, tolerance = } -> surv\n"
    "Columns or lists of equal length. time: of event or censoring, from 0. status: 0 censored, k "
    "event "
    "of cause k. start: delayed entry, a row is at risk at t when start < t <= time. "
    "timefix: \"relative\" (default) merges unique times closer than tolerance (sqrt of the "
    "double's "
    "epsilon) times the mean time; \"r\" also those closer than tolerance itself, as R; \"none\". "
    "Missing values are errors that name the row: leave such rows out first, and count them." },
  { NULL, NULL, NULL },
};

int lun_open_surv(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &SURV);
  lua_setfield(L, -2, "class");
  return 1;
}
