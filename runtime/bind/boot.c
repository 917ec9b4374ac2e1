/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.boot: bootstrap replicates of survival statistics, resamples for any other statistic, and
 * limits from replicates.
 */
#include <math.h>

#include "bind/bind.h"
#include "bind/surv.h"
#include "surv/boot.h"

int lun_open_boot(lua_State *L);

static const char *const TIES[] = { "efron", "breslow", "exact", NULL };

static void boot_free(void *self)
{
  lun_boot_fini(self);
}

static void pool_free(void *self)
{
  lun_pool_fini(self);
}

static const lun_class BOOT;
static const lun_class PLAN = { .name = "lunation.boot_plan", .doc = "What a bootstrap draws.",
                                .size = sizeof(lun_pool), .free = pool_free, .uservalues = 1 };

/* --- arguments ------------------------------------------------------------------------------- */

static void read_plan(lua_State *L, lun_opts *o, size_t n, lun_boot_plan *plan)
{
  lun_boot_design design = { 0 };
  design.strata = lun_opt_codes(o, "strata", n, &design.k);
  design.cluster = lun_opt_clusters(o, "cluster", n, &design.c);
  lun_pool *pool = lun_box(L, &PLAN);
  lun_pool_init(pool, lun_env_of(L));
  lun_check(L, lun_boot_plan_new(pool, plan, n, &design));
}

/* The option `given`: a list of resamples, each a list of n rows from 1. */
static const uint32_t *read_given(lua_State *L, lun_opts *o, size_t n, size_t *replicates)
{
  int at = lun_opt_value(o, "given");
  if (!at) return NULL;
  luaL_checktype(L, at, LUA_TTABLE);
  *replicates = (size_t)lua_rawlen(L, at);
  uint32_t *rows = lun_scratch(L, *replicates * n, sizeof *rows);
  for (size_t r = 0; r < *replicates; r++) {
    lua_rawgeti(L, at, (lua_Integer)r + 1);
    if (!lua_istable(L, -1) || lua_rawlen(L, -1) != n)
      lun_raise(L, "usage.argument", "resample %d: expected a list of %d rows", (int)r + 1, (int)n);
    for (size_t i = 0; i < n; i++) {
      lua_rawgeti(L, -1, (lua_Integer)i + 1);
      lua_Integer row = lua_tointeger(L, -1);
      if (row < 1 || (size_t)row > n)
        lun_raise(L, "usage.argument", "resample %d: there is no row %d", (int)r + 1, (int)row);
      rows[r * n + i] = (uint32_t)(row - 1);
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
  }
  return rows;
}

static void read_task(lua_State *L, lun_opts *o, size_t n, lun_boot_plan *plan, lun_boot_task *task)
{
  read_plan(L, o, n, plan);
  task->plan = plan;
  task->seed = (uint64_t)lun_opt_integer(o, "seed", 1, 0, INT64_MAX);
  task->stream = lun_opt_string(o, "stream", "bootstrap");
  task->replicates = (size_t)lun_opt_integer(o, "replicates", 1000, 1, 10000000);
  task->jackknife = lun_opt_boolean(o, "jackknife", 0);
  task->given = read_given(L, o, n, &task->replicates);
}

/* --- runs ------------------------------------------------------------------------------------ */

static int boot_curves(lua_State *L)
{
  lun_opts o;
  lun_boot_plan plan;
  lun_boot_task task = { 0 };
  lua_settop(L, 2);
  const lun_surv *s = lun_arg_sorted(L, 1);
  lun_boot_curve curve = { .s = s };
  lun_opts_open(L, 2, &o);
  curve.kind = (lun_boot_kind)lun_opt_choice(&o, "statistic", LUN_BOOT_KINDS, LUN_BOOT_MEDIAN);
  curve.at = lun_opt_number(&o, "at", 0, 0, 1e300);
  curve.cause = (int32_t)lun_opt_integer(&o, "cause", 0, 0, INT32_MAX);
  curve.code = lun_opt_codes(&o, "by", s->n, &curve.k);
  read_task(L, &o, s->n, &plan, &task);
  lun_opts_done(&o);
  lun_boot *boot = lun_box(L, &BOOT);
  lun_check(L, lun_boot_curves(lun_env_of(L), boot, &curve, &task));
  return 1;
}

static int boot_cox(lua_State *L)
{
  lun_opts o;
  lun_boot_plan plan;
  lun_boot_task task = { 0 };
  size_t levels, n;
  lua_settop(L, 3);
  const lun_surv *s = lun_arg_sorted(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  lun_cox_input in = { .n = s->n, .p = (size_t)lua_rawlen(L, 2), .start = s->start, .stop = s->time,
                       .order = s->order };
  lun_opts_open(L, 3, &o);
  int32_t cause = (int32_t)lun_opt_integer(&o, "cause", 0, 0, INT32_MAX);
  lun_cox_ties ties = (lun_cox_ties)lun_opt_choice(&o, "ties", TIES, LUN_COX_EFRON);
  in.strata = lun_opt_codes(&o, "model_strata", s->n, &levels);
  in.offset = lun_opt_rows(&o, "offset", s->n);
  in.weights = lun_opt_rows(&o, "weights", s->n);
  read_task(L, &o, s->n, &plan, &task);
  lun_opts_done(&o);
  unsigned char *event = lun_scratch(L, s->n, 1);
  for (size_t i = 0; i < s->n; i++) event[i] = cause ? s->status[i] == cause : s->status[i] > 0;
  in.event = event;
  luaL_checkstack(L, (int)(2 * in.p) + 64, "too many columns");
  const double **x = lun_scratch(L, in.p, sizeof *x);
  for (size_t j = 0; j < in.p; j++) {
    lua_rawgeti(L, 2, (lua_Integer)j + 1);
    x[j] = lun_arg_doubles(L, -1, &n);
    if (n != in.n)
      return lun_raise(L, "usage.length", "column %d has %d rows, the response %d", (int)j + 1,
                       (int)n, (int)in.n);
  }
  in.x = x;
  lun_boot *boot = lun_box(L, &BOOT);
  lun_check(L, lun_boot_cox(lun_env_of(L), boot, &in, ties, &task));
  return 1;
}

static int boot_rows(lua_State *L)
{
  lun_opts o;
  lun_boot_plan plan;
  size_t n = (size_t)luaL_checkinteger(L, 1);
  lua_settop(L, 2);
  lun_opts_open(L, 2, &o);
  uint64_t seed = (uint64_t)lun_opt_integer(&o, "seed", 1, 0, INT64_MAX);
  const char *stream = lun_opt_string(&o, "stream", "bootstrap");
  size_t replicate = (size_t)lun_opt_integer(&o, "replicate", 1, 1, INT64_MAX);
  read_plan(L, &o, n, &plan);
  lun_opts_done(&o);
  uint32_t *count = lun_scratch(L, n, sizeof *count);
  lun_boot_draw(&plan, seed, stream, replicate, count);
  lua_createtable(L, (int)n, 0);
  lua_Integer k = 0;
  for (size_t i = 0; i < n; i++) {
    for (uint32_t c = 0; c < count[i]; c++) {
      lua_pushinteger(L, (lua_Integer)i + 1);
      lua_rawseti(L, -2, ++k);
    }
  }
  return 1;
}

/* --- limits ---------------------------------------------------------------------------------- */

static void set_number(lua_State *L, const char *name, double v)
{
  lun_push_number(L, v);
  lua_setfield(L, -2, name);
}

static void set_pair(lua_State *L, const char *name, const double pair[2])
{
  lua_createtable(L, 0, 2);
  set_number(L, "lower", pair[0]);
  set_number(L, "upper", pair[1]);
  lua_setfield(L, -2, name);
}

static int boot_limits(lua_State *L)
{
  lun_boot_values in = { 0 };
  lun_boot_limits out;
  lua_settop(L, 4);
  in.t = lun_arg_doubles(L, 1, &in.n);
  in.t0 = luaL_optnumber(L, 2, NAN);
  double level = luaL_optnumber(L, 3, 0.95);
  if (!(level > 0 && level < 1))
    return lun_raise(L, "usage.argument", "limits: the level lies between 0 and 1");
  if (!lua_isnil(L, 4)) in.jack = lun_arg_doubles(L, 4, &in.units);
  lun_check(L, lun_boot_limits_of(lun_env_of(L), &out, &in, level));
  lua_createtable(L, 0, 10);
  lua_pushinteger(L, (lua_Integer)out.undefined);
  lua_setfield(L, -2, "undefined");
  set_number(L, "mean", out.mean);
  set_number(L, "se", out.se);
  set_number(L, "z0", out.z0);
  set_number(L, "acceleration", out.acceleration);
  set_pair(L, "percentile", out.percentile);
  set_pair(L, "basic", out.basic);
  set_pair(L, "bca", out.bca);
  set_pair(L, "probs", out.probs);
  return 1;
}

/* --- the object ------------------------------------------------------------------------------ */

static lun_boot *self_of(lua_State *L)
{
  return lun_self(L, 1, &BOOT);
}

static size_t statistic_of(lua_State *L, const lun_boot *b)
{
  lua_Integer j = luaL_optinteger(L, 2, 1);
  if (j < 1 || (size_t)j > b->k)
    lun_raise(L, "usage.argument", "there are %d statistics", (int)b->k);
  return (size_t)j - 1;
}

static int boot_t(lua_State *L)
{
  lun_boot *b = self_of(L);
  lun_push_view(L, 1, b->t + statistic_of(L, b) * b->replicates, b->replicates);
  return 1;
}

static int boot_jack(lua_State *L)
{
  lun_boot *b = self_of(L);
  lun_push_view(L, 1, b->jack + statistic_of(L, b) * b->units, b->units);
  return 1;
}

static int boot_t0(lua_State *L)
{
  lun_boot *b = self_of(L);
  lun_push_view(L, 1, b->t0, b->k);
  return 1;
}

static int boot_replicates(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)self_of(L)->replicates);
  return 1;
}

static const lun_reg METHODS[] = {
  { "t", boot_t,
    "boot:t(j) -> column\nThe replicates of statistic j; missing where it is undefined." },
  { "jack", boot_jack,
    "boot:jack(j) -> column\nStatistic j without each unit; empty unless asked for." },
  { NULL, NULL, NULL },
};

static const lun_reg GETTERS[] = {
  { "t0", boot_t0, "boot.t0\nThe statistics of the sample itself." },
  { "replicates", boot_replicates, "boot.replicates" },
  { NULL, NULL, NULL },
};

static const lun_class BOOT = {
  .name = "lunation.surv.boot", .doc = "Bootstrap replicates.", .size = sizeof(lun_boot),
  .free = boot_free, .methods = METHODS, .getters = GETTERS, .uservalues = 1,
};

static const lun_reg FUNCTIONS[] = {
  { "curves", boot_curves,
    "boot.curves(surv, { statistic = \"median\", at =, by =, cause = 0, strata =, cluster =, seed "
    "= 1, "
    "stream = \"bootstrap\", replicates = 1000, jackknife = false, given = }) -> boot\n"
    "statistic: median, survival (at a time), rmst (up to a time) of the Kaplan-Meier curve of "
    "each group of "
    "by. strata: as many units are drawn from each stratum as it has; cluster: whole clusters are "
    "drawn. "
    "given: lists of rows instead of draws. Replicate i depends on seed, stream and i alone." },
  { "cox", boot_cox,
    "boot.cox(surv, columns, { ties =, model_strata =, offset =, weights =, cause =, and those of "
    "curves }) -> boot\n"
    "Coefficients of a Cox model fitted to each resample; missing where one is not finite." },
  { "rows", boot_rows,
    "boot.rows(n, { seed = 1, stream = \"bootstrap\", replicate = 1, strata =, cluster = }) -> "
    "list\n"
    "The rows of one resample, in increasing order, repeated as often as they were drawn." },
  { "limits", boot_limits,
    "boot.limits(t, t0 [, level [, jack]]) -> { mean, se, percentile, basic, bca, z0, "
    "acceleration, probs, undefined }\n"
    "Missing replicates are left out and counted. bca needs jackknife values (Efron 1987)." },
  { NULL, NULL, NULL },
};

int lun_open_boot(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &PLAN);
  lua_setfield(L, -2, "plan_class");
  lun_class_open(L, &BOOT);
  lua_setfield(L, -2, "class");
  return 1;
}
