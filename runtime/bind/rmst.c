/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.rmst: regression of the restricted mean survival time; lua/lunation/surv/rmst.lua makes
 * results of it.
 */
#include <math.h>

#include "bind/bind.h"
#include "bind/surv.h"
#include "surv/rmst_reg.h"

int lun_open_rmst(lua_State *L);

static const char *const LINKS[] = { "difference", "ratio", "loss_ratio", NULL };

static void rmst_free(void *self)
{
  lun_rmst_reg_fini(self);
}

static const lun_class REGRESSION = {
  .name = "lunation.rmst.core",
  .doc = "A regression of the restricted mean: what the columns of its table live in.",
  .size = sizeof(lun_rmst_reg),
  .free = rmst_free,
  .uservalues = 1,
};

static void push_result(lua_State *L, int box, const lun_rmst_reg *r)
{
  const struct {
    const char *name;
    const double *x;
  } fields[] = { { "coef", r->coef }, { "se", r->se }, { "z", r->z }, { "p", r->pvalue } };
  lua_createtable(L, 0, 8);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    lun_push_view(L, box, fields[i].x, r->q);
    lua_setfield(L, -2, fields[i].name);
  }
  lun_push_matrix(L, r->vcov, r->q);
  lua_setfield(L, -2, "vcov");
  lua_pushinteger(L, (lua_Integer)r->n);
  lua_setfield(L, -2, "n");
  lua_pushinteger(L, (lua_Integer)r->known);
  lua_setfield(L, -2, "known");
  lua_pushboolean(L, r->converged);
  lua_setfield(L, -2, "converged");
  lua_pushstring(L, r->why);
  lua_setfield(L, -2, "why");
}

static int rmst_regression(lua_State *L)
{
  lun_opts o;
  lun_rmst_reg_input in = { .s = lun_arg_surv(L, 1) };
  lun_opts_open(L, 3, &o);
  in.x = lun_arg_columns(L, 2, in.s->n, &in.p);
  in.tau = lun_opt_number(&o, "tau", 0, 0, INFINITY);
  in.cause = (int32_t)lun_opt_integer(&o, "cause", 0, 0, INT32_MAX);
  in.group = lun_opt_clusters(&o, "by", in.s->n, &in.k);
  in.weight = lun_opt_rows(&o, "weights", in.s->n);
  lun_rmst_link link = (lun_rmst_link)lun_opt_choice(&o, "link", LINKS, LUN_RMST_DIFFERENCE);
  lun_opts_done(&o);
  if (!(in.tau > 0)) return lun_raise(L, "usage.option", "rmst: tau must be above 0");
  lun_rmst_reg *r = lun_box(L, &REGRESSION);
  int box = lua_gettop(L);
  lun_check(L, lun_rmst_reg_fit(lun_env_of(L), r, &in, link));
  push_result(L, box, r);
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "regression", rmst_regression,
    "rmst.regression(surv, columns, { tau =, by =, cause = 0, weights =, link = \"difference\" }) -> "
    "{ coef =, se =, z =, p =, vcov =, n =, known =, converged =, why = }\n"
    "Restricted mean up to tau on number columns without missing values, the intercept first "
    "(Tian, Zhao & Wei 2014; as survRM2): rows whose value is known weigh 1 / G, G the curve of "
    "the censoring in the row's group. link: difference (the mean itself), ratio (its logarithm), "
    "loss_ratio (that of tau less the mean). known: rows that enter. Errors: a group that is not "
    "followed to tau; delayed entry." },
  { NULL, NULL, NULL },
};

int lun_open_rmst(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
