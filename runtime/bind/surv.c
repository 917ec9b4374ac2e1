/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.surv: the response of a survival analysis.
 */
#include "bind/surv.h"

#include <math.h>

int lun_open_surv(lua_State *L);

static void surv_free(void *self)
{
  lun_surv_fini(self);
}

static int surv_n(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)lun_arg_surv(L, 1)->n);
  return 1;
}

static int surv_events(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)lun_arg_surv(L, 1)->events);
  return 1;
}

static int surv_merged(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)lun_arg_surv(L, 1)->merged);
  return 1;
}

static int surv_time(lua_State *L)
{
  const lun_surv *s = lun_arg_surv(L, 1);
  lun_push_view(L, 1, s->time, s->n);
  return 1;
}

static const lun_reg GETTERS[] = {
  { "n", surv_n, "surv.n\nNumber of rows." },
  { "events", surv_events, "surv.events\nNumber of rows with an event of any cause." },
  { "merged", surv_merged, "surv.merged\nDistinct times that were merged with an earlier one as near ties." },
  { "time", surv_time, "surv.time\nThe times by row, near ties merged." },
  { NULL, NULL, NULL },
};

static const lun_class SURV = {
  .name = "lunation.surv",
  .doc = "Response of a survival analysis: validated once, sorted once, shared by all estimators.",
  .size = sizeof(lun_surv),
  .free = surv_free,
  .getters = GETTERS,
  .uservalues = 1,
};

const lun_surv *lun_arg_surv(lua_State *L, int arg)
{
  const lun_surv *s = lun_self(L, arg, &SURV);
  if (!s->env) lun_raise(L, "usage.closed", "the response is closed");
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
    lun_raise(o->L, "usage.length", "option %s has %d rows, the response has %d", name, (int)length, (int)n);
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

/* Event codes are whole numbers; a missing one becomes negative and is refused by the core. */
static const int32_t *arg_status(lua_State *L, int arg, size_t *n)
{
  const double *x = lun_arg_doubles(L, arg, n);
  int32_t *status = lun_scratch(L, *n, sizeof *status);
  for (size_t i = 0; i < *n; i++) {
    if (x[i] >= 0 && x[i] <= 1000 && x[i] == floor(x[i])) status[i] = (int32_t)x[i];
    else status[i] = -1;
  }
  return status;
}

static int surv_new(lua_State *L)
{
  lun_opts o;
  lun_surv_input in = { 0 };
  size_t n;
  lun_opts_open(L, 1, &o);
  int time = lun_opt_value(&o, "time"), status = lun_opt_value(&o, "status"), start = lun_opt_value(&o, "start");
  in.exact_ties = lun_opt_boolean(&o, "exact_ties", 0);
  lun_opts_done(&o);
  if (!time || !status) return lun_raise(L, "usage.argument", "surv.new: time and status are required");
  in.time = lun_arg_doubles(L, time, &in.n);
  in.status = arg_status(L, status, &n);
  if (n != in.n) return lun_raise(L, "usage.length", "surv.new: %d times but %d event codes", (int)in.n, (int)n);
  if (start) {
    in.start = lun_arg_doubles(L, start, &n);
    if (n != in.n) return lun_raise(L, "usage.length", "surv.new: %d times but %d starts", (int)in.n, (int)n);
  }
  lun_surv *s = lun_box(L, &SURV);
  lun_check(L, lun_surv_init(lun_env_of(L), s, &in));
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "new", surv_new,
    "surv.new { time =, status =, start =, exact_ties = false } -> surv\n"
    "time: end of observation, from 0; status: 0 censored, 1 event, 2.. further causes; start: delayed "
    "entry, before time. No missing values. Times closer than 1.5e-8 of their mean are one time." },
  { NULL, NULL, NULL },
};

int lun_open_surv(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &SURV);
  lua_setfield(L, -2, "class");
  return 1;
}
