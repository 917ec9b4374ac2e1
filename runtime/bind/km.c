/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.surv.km: Kaplan-Meier curves. lua/lunation/surv/km.lua adds tables and look-ups.
 */
#include <math.h>

#include "bind/surv.h"
#include "surv/km.h"

int lun_open_km(lua_State *L);

static const char *const REVERSE[] = { "no", "deaths-first", "plain", NULL };

static void km_free(void *self)
{
  lun_km_fini(self);
}

static const lun_class KM;

static const lun_km *self_km(lua_State *L)
{
  const lun_km *km = lun_self(L, 1, &KM);
  if (!km->env) lun_raise(L, "usage.closed", "the curves are closed");
  return km;
}

static size_t arg_group(lua_State *L, const lun_km *km)
{
  lua_Integer g = luaL_checkinteger(L, 2);
  if (g < 1 || (lua_Unsigned)g > km->k)
    lun_raise(L, "usage.group", "there is no group %d; there are %d", (int)g, (int)km->k);
  return (size_t)g - 1;
}

static int km_curve(lua_State *L)
{
  const lun_km *km = self_km(L);
  const lun_km_curve *c = &km->curve[arg_group(L, km)];
  const struct {
    const char *name;
    const double *x;
  } fields[] = {
    { "time", c->time },
    { "n_risk", c->n_risk },
    { "n_event", c->n_event },
    { "n_censor", c->n_censor },
    { "survival", c->surv },
    { "se_log", c->se_log },
    { "lower", c->lower },
    { "upper", c->upper },
    { "cumhaz", c->cumhaz },
    { "se_cumhaz", c->se_cumhaz },
    { "raw_risk", c->raw_risk },
    { "raw_event", c->raw_event },
    { "raw_censor", c->raw_censor },
  };
  lua_createtable(L, 0, 18);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    lun_push_view(L, 1, fields[i].x, c->m);
    lua_setfield(L, -2, fields[i].name);
  }
  lua_pushnumber(L, c->rows);
  lua_setfield(L, -2, "n");
  lua_pushnumber(L, c->events);
  lua_setfield(L, -2, "events");
  lua_pushnumber(L, c->weight);
  lua_setfield(L, -2, "weight");
  lua_pushboolean(L, c->entry != NULL);
  lua_setfield(L, -2, "delayed");
  return 1;
}

static int km_quantile(lua_State *L)
{
  const lun_km *km = self_km(L);
  size_t g = arg_group(L, km);
  double p = luaL_checknumber(L, 3);
  if (!(p > 0 && p < 1))
    return lun_raise(L, "usage.argument", "quantile: p must lie between 0 and 1");
  int rule = luaL_checkoption(L, 4, "r", LUN_KM_RULES);
  lun_km_quantile_result q = lun_km_quantile(km, g, p, (lun_km_rule)rule);
  lun_push_number(L, q.estimate);
  lun_push_number(L, q.lower);
  lun_push_number(L, q.upper);
  return 3;
}

static int km_at(lua_State *L)
{
  const lun_km *km = self_km(L);
  const lun_km_curve *c = &km->curve[arg_group(L, km)];
  double t = luaL_checknumber(L, 3);
  lun_km_point p = lun_km_at(c, t, lua_toboolean(L, 4));
  const struct {
    const char *name;
    double v;
  } fields[] = {
    { "time", t },
    { "survival", p.survival },
    { "se", p.se },
    { "lower", p.lower },
    { "upper", p.upper },
    { "cumhaz", p.cumhaz },
    { "se_cumhaz", p.se_cumhaz },
    { "n_risk", p.n_risk },
    { "events", p.events },
    { "censored", p.censored },
    { "entered", p.entered },
    { "raw_risk", p.raw_risk },
    { "raw_events", p.raw_events },
    { "raw_censored", p.raw_censored },
  };
  lua_createtable(L, 0, 16);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    lun_push_number(L, fields[i].v);
    lua_setfield(L, -2, fields[i].name);
  }
  lua_pushboolean(L, p.beyond);
  lua_setfield(L, -2, "beyond");
  return 1;
}

static int km_mean(lua_State *L)
{
  const lun_km *km = self_km(L);
  lun_km_area a =
      lun_km_mean(&km->curve[arg_group(L, km)], km->options.from, luaL_checknumber(L, 3));
  lua_pushnumber(L, a.area);
  lun_push_number(L, a.se);
  return 2;
}

static int km_labels(lua_State *L)
{
  lua_getiuservalue(L, 1, 2);
  return 1;
}

static int km_missing(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)self_km(L)->missing);
  return 1;
}

static int km_interval(lua_State *L)
{
  lua_pushstring(L, LUN_KM_INTERVALS[self_km(L)->options.interval]);
  return 1;
}

static int km_level(lua_State *L)
{
  lua_pushnumber(L, self_km(L)->options.level);
  return 1;
}

static int km_reverse(lua_State *L)
{
  lua_pushstring(L, REVERSE[self_km(L)->options.reverse]);
  return 1;
}

static const lun_reg METHODS[] = {
  { "_curve", km_curve, "km:_curve(g) -> table of columns\nCurve of group number g." },
  { "_at", km_at, "km:_at(g, t, before) -> table\nThe curve at t; counts up to t, or before t." },
  { "_quantile", km_quantile, "km:_quantile(g, p, rule) -> estimate, lower, upper" },
  { "_mean", km_mean,
    "km:_mean(g, tau) -> area, se\nArea under the curve up to tau; Greenwood's standard error." },
  { NULL, NULL, NULL },
};

static const lun_reg GETTERS[] = {
  { "labels", km_labels, "km.labels\nNames of the groups; {\"\"} when there is one curve." },
  { "missing", km_missing, "km.missing\nRows left out because their group is missing." },
  { "conf_type", km_interval, "km.conf_type\nTransformation of the limits." },
  { "conf_level", km_level, "km.conf_level\nConfidence level of the limits." },
  { "reversed", km_reverse, "km.reversed\nno, deaths-first or plain." },
  { NULL, NULL, NULL },
};

static const lun_class KM = {
  .name = "lunation.surv.km",
  .doc = "Kaplan-Meier curves by group (Kaplan & Meier 1958) with Greenwood's variance.",
  .size = sizeof(lun_km),
  .free = km_free,
  .methods = METHODS,
  .getters = GETTERS,
  .uservalues = 3, /* 2: labels, 3: what the Lua side keeps */
};

static int km_about(lua_State *L)
{
  self_km(L);
  lua_settop(L, 2);
  if (lua_isnil(L, 2)) {
    lua_getiuservalue(L, 1, 3);
    return 1;
  }
  lua_setiuservalue(L, 1, 3);
  return 0;
}

static void read_options(lun_opts *o, const lun_surv *s, lun_km_options *options)
{
  options->interval = (lun_km_interval)lun_opt_choice(o, "conf_type", LUN_KM_INTERVALS, LUN_KM_LOG);
  options->level = lun_opt_number(o, "conf_level", 0.95, 0.01, 0.9999);
  options->reverse = (lun_km_reverse)lun_opt_choice(o, "reverse", REVERSE, LUN_KM_FORWARD);
  options->cause = (int32_t)lun_opt_integer(o, "cause", 0, 0, INT32_MAX);
  options->fleming_harrington = lun_opt_boolean(o, "fleming_harrington", 0);
  options->break_ties = lun_opt_boolean(o, "break_ties", 0);
  options->from = lun_opt_number(o, "from", 0, 0, 1e300);
  options->weight = lun_opt_rows(o, "weights", s->n);
  options->cluster = lun_opt_clusters(o, "cluster", s->n, &options->clusters);
  options->robust = lun_opt_boolean(o, "robust", options->cluster != NULL);
}

/* Robust variance needs weights: equal ones when there are none. */
static void give_weights(lua_State *L, const lun_surv *s, lun_km_options *options)
{
  if (!options->robust || options->weight) return;
  double *one = lun_scratch(L, s->n, sizeof *one);
  for (size_t i = 0; i < s->n; i++) one[i] = 1;
  options->weight = one;
}

static int km_fit(lua_State *L)
{
  lun_opts o;
  size_t k;
  lun_km_options options = { 0 };
  lun_surv *s = lun_arg_surv(L, 1);
  lun_opts_open(L, 2, &o);
  const int32_t *code = lun_opt_codes(&o, "by", s->n, &k);
  read_options(&o, s, &options);
  give_weights(L, s, &options);
  lun_push_labels(L, &o, "by", k);
  int labels = lua_gettop(L);
  lun_opts_done(&o);
  lun_km *km = lun_box(L, &KM);
  lua_pushvalue(L, labels);
  lua_setiuservalue(L, -2, 2);
  lun_check(L, lun_km_init(lun_env_of(L), km, s, code, k, &options));
  return 1;
}

/* influence(km, surv, t, area, by): a new column. */
static int km_influence(lua_State *L)
{
  size_t n = 0, k;
  lun_levels *levels;
  void *values;
  const lun_km *km = self_km(L);
  lun_surv *s = lun_arg_surv(L, 2);
  double t = luaL_checknumber(L, 3);
  int area = lua_toboolean(L, 4);
  lun_env *env = lun_env_of(L);
  const int32_t *code = lua_isnoneornil(L, 5) ? NULL : lun_arg_codes(L, 5, &n, &k, &levels);
  if (code && (n != s->n || k != km->k))
    return lun_raise(L, "usage.length", "influence: by is not that of the curves");
  lun_col **box = lun_box_col(L);
  lun_check(L, lun_surv_sort(env, s));
  lun_check(L, lun_col_raw(env, box, LUN_NUMBER, s->n, NULL, &values));
  lun_check(L, lun_km_influence(km, s, code, t, area, values));
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "fit", km_fit,
    "km.fit(surv, { by =, conf_type = \"log\", conf_level = 0.95, reverse = \"no\", weights =, "
    "robust =, "
    "cluster =, cause = 0, fleming_harrington = false, break_ties = false, from = 0 }) -> km\n"
    "Curves of each group of the factor by. conf_type: log, log-log, plain, arcsine, logit, none. "
    "reverse: "
    "deaths-first or plain, for follow-up. weights: frequencies, or sampling weights when robust "
    "(variance "
    "by infinitesimal jackknife, over clusters). cause: the status that is the event, others being "
    "censorings. fleming_harrington: S = exp(-H). break_ties: H adds 1/n + 1/(n-1) + ... at ties. "
    "from: the "
    "curve is conditional on survival to this time." },
  { "influence", km_influence,
    "km.influence(km, surv, t, area, by) -> column\n"
    "Derivative of S(t), or of the area up to t, of each row's group by the row's weight "
    "(infinitesimal jackknife)." },
  { "about", km_about,
    "km.about(km, value) keeps a Lua value with the curves; km.about(km) gives it back." },
  { NULL, NULL, NULL },
};

int lun_open_km(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &KM);
  lua_setfield(L, -2, "class");
  return 1;
}
