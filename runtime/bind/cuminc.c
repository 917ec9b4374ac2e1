/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.cuminc: cumulative incidence curves and Gray's test as plain tables;
 * lua/lunation/surv/cuminc.lua makes results of them.
 */
#include "bind/surv.h"
#include "surv/cuminc.h"
#include "surv/gray.h"

int lun_open_cuminc(lua_State *L);

static void cuminc_free(void *self)
{
  lun_cuminc_fini(self);
}

static const lun_class CUMINC = {
  .name = "lunation.cuminc.core",
  .doc = "Cumulative incidence curves: what the columns of their tables live in.",
  .size = sizeof(lun_cuminc),
  .free = cuminc_free,
  .uservalues = 1,
};

static void push_curve(lua_State *L, int owner, const lun_cuminc_curve *c)
{
  const struct {
    const char *name;
    const double *x;
  } fields[] = {
    { "time", c->time },           { "n_risk", c->n_risk },
    { "n_event", c->n_event },     { "incidence", c->incidence },
    { "var_aalen", c->var_aalen }, { "var_jackknife", c->var_jackknife },
    { "raw_risk", c->raw_risk },
  };
  lua_createtable(L, 0, 8);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    lun_push_view(L, owner, fields[i].x, c->m);
    lua_setfield(L, -2, fields[i].name);
  }
  lua_pushnumber(L, c->rows);
  lua_setfield(L, -2, "n");
  lua_pushnumber(L, c->events);
  lua_setfield(L, -2, "events");
}

static int cuminc_fit(lua_State *L)
{
  lun_opts o;
  lun_cuminc_options options = { 0 };
  lun_surv *s = lun_arg_surv(L, 1);
  lun_opts_open(L, 2, &o);
  options.group = lun_opt_codes(&o, "by", s->n, &options.k);
  options.weight = lun_opt_rows(&o, "weights", s->n);
  options.cluster = lun_opt_clusters(&o, "cluster", s->n, &options.clusters);
  lun_push_labels(L, &o, "by", options.k);
  int labels = lua_gettop(L);
  lun_opts_done(&o);
  lun_cuminc *r = lun_box(L, &CUMINC);
  int box = lua_gettop(L);
  lun_check(L, lun_cuminc_init(lun_env_of(L), r, s, &options));
  lua_createtable(L, 0, 4);
  lua_pushvalue(L, labels);
  lua_setfield(L, -2, "labels");
  lua_pushinteger(L, (lua_Integer)r->missing);
  lua_setfield(L, -2, "missing");
  lua_pushinteger(L, (lua_Integer)r->causes);
  lua_setfield(L, -2, "causes");
  lua_createtable(L, (int)(r->k * r->causes), 0);
  for (size_t i = 0; i < r->k * r->causes; i++) {
    push_curve(L, box, &r->curve[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, "curves");
  return 1;
}

static void gray_free(void *self)
{
  lun_gray_fini(self);
}

static const lun_class GRAY = {
  .name = "lunation.gray.core",
  .doc = "Gray's test, while its numbers are copied.",
  .size = sizeof(lun_gray),
  .free = gray_free,
  .uservalues = 1,
};

static void set_number(lua_State *L, const char *name, double v)
{
  lun_push_number(L, v);
  lua_setfield(L, -2, name);
}

static int cuminc_gray(lua_State *L)
{
  lun_opts o;
  size_t k;
  lun_gray_options options = { 0 };
  lun_surv *s = lun_arg_surv(L, 1);
  lun_opts_open(L, 2, &o);
  const int32_t *code = lun_opt_codes(&o, "by", s->n, &k);
  if (!code) return lun_raise(L, "usage.argument", "gray: by is required");
  options.strata = lun_opt_codes(&o, "strata", s->n, &options.strata_count);
  options.cause = (int32_t)lun_opt_integer(&o, "cause", 1, 1, INT32_MAX);
  options.rho = lun_opt_number(&o, "rho", 0, 0, 10);
  lun_opts_done(&o);
  lun_gray *r = lun_box(L, &GRAY);
  lun_check(L, lun_gray_init(lun_env_of(L), r, s, code, k, &options));
  lua_createtable(L, 0, 8);
  set_number(L, "chisq", r->chisq);
  set_number(L, "p", r->p);
  set_number(L, "log10_p", r->log10_p);
  lua_pushinteger(L, (lua_Integer)r->df);
  lua_setfield(L, -2, "df");
  lua_pushinteger(L, (lua_Integer)r->used);
  lua_setfield(L, -2, "used");
  lua_pushinteger(L, (lua_Integer)r->missing);
  lua_setfield(L, -2, "missing");
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "gray", cuminc_gray,
    "cuminc.gray(surv, { by =, strata =, cause = 1, rho = 0 }) -> { chisq =, df =, p =, log10_p =, "
    "used =, missing = }\n"
    "Gray's k-sample test (1988) of the incidence of one cause, as cmprsk; chisq and p are absent "
    "when there is "
    "nothing to compare (df 0)." },
  { "fit", cuminc_fit,
    "cuminc.fit(surv, { by =, weights =, cluster = }) -> { labels =, causes =, missing =, curves = "
    "}\nAalen-Johansen estimates; curves[(group - 1) * causes + cause] has the columns time, "
    "n_risk and n_event (weighted), raw_risk (rows), incidence, var_aalen (cmprsk; missing with "
    "weights or clusters), var_jackknife (survival), and n, events." },
  { NULL, NULL, NULL },
};

int lun_open_cuminc(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
