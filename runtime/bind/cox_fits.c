/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cox models of other kinds: with Firth's penalty, of many columns each alone, and the risk sets
 * written out for covariates that depend on time.
 */
#include <string.h>

#include "bind/cox.h"
#include "bind/surv.h"
#include "surv/cox/expand.h"
#include "surv/cox/firth.h"
#include "surv/cox/screen.h"

/* --- Firth's penalty -------------------------------------------------------------------------- */

static void firth_free(void *self)
{
  lun_cox_firth_fini(self);
}

static const lun_class FIRTH = {
  .name = "lunation.cox_firth", .doc = "A penalised Cox model, on its way into a table.",
  .size = sizeof(lun_cox_firth), .free = firth_free,
};

int lun_cox_firth_method(lua_State *L)
{
  const lun_cox *fit = lun_self_cox(L);
  double level = luaL_optnumber(L, 2, 0.95);
  luaL_argcheck(L, level > 0 && level < 1, 2, "a level between 0 and 1");
  lun_cox_firth *firth = lun_box(L, &FIRTH);
  int box = lua_gettop(L);
  lun_check(L, lun_cox_firth_fit(firth, fit, level));
  const struct { const char *name; const double *x;
  } vectors[] = { { "coef", firth->coef },
                  { "se", firth->se },
                  { "lower", firth->lower },
                  { "upper", firth->upper },
                  { "p", firth->pvalue } };
  lua_createtable(L, 0, 9);
  for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
    lun_push_view(L, box, vectors[i].x, firth->p);
    lua_setfield(L, -2, vectors[i].name);
  }
  lua_pushnumber(L, firth->loglik);
  lua_setfield(L, -2, "loglik");
  lua_pushnumber(L, firth->loglik_null);
  lua_setfield(L, -2, "loglik_null");
  lua_pushboolean(L, firth->converged);
  lua_setfield(L, -2, "converged");
  lua_pushstring(L, firth->why);
  lua_setfield(L, -2, "why");
  return 1;
}

/* --- many columns, each alone ----------------------------------------------------------------- */

static void screen_free(void *self)
{
  lun_cox_screen_fini(self);
}

static const lun_class SCREEN = {
  .name = "lunation.cox_screen", .doc = "Models of single columns, on their way into a table.",
  .size = sizeof(lun_cox_screen), .free = screen_free,
};

int lun_cox_screen_function(lua_State *L)
{
  lun_cox_input in = { 0 };
  lun_cox_options options = { 0 };
  lun_opts o;
  lun_opts_open(L, 3, &o);
  lun_cox_arg_input(L, &o, &in);
  options.ties = (lun_cox_ties)lun_opt_choice(&o, "ties", LUN_COX_TIES, LUN_COX_EFRON);
  lun_opts_done(&o);
  lun_cox_screen *s = lun_box(L, &SCREEN);
  int box = lua_gettop(L);
  lun_check(L, lun_cox_screen_fit(lun_env_of(L), s, &in, &options));
  const struct { const char *name; const double *x;
  } vectors[] = { { "coef", s->coef },
                  { "se", s->se },
                  { "z", s->z },
                  { "p", s->pvalue },
                  { "log10_p", s->log10_p } };
  lua_createtable(L, 0, 5);
  for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
    lun_push_view(L, box, vectors[i].x, s->p);
    lua_setfield(L, -2, vectors[i].name);
  }
  return 1;
}

/* --- risk sets ------------------------------------------------------------------------------ */

static void expanded_free(void *self)
{
  lun_cox_expanded_fini(self);
}

static const lun_class EXPANDED = {
  .name = "lunation.cox_expanded", .doc = "Risk sets on their way into a table.",
  .size = sizeof(lun_cox_expanded), .free = expanded_free,
};

/* Field name of the table below the top: an integer column that counts from `first`. */
static void set_codes(lua_State *L, const char *name, const int32_t *v, size_t n, int32_t first)
{
  void *values;
  lun_col **box = lun_box_col(L);
  lun_check(L, lun_col_raw(lun_env_of(L), box, LUN_INTEGER, n, NULL, &values));
  for (size_t i = 0; i < n; i++) ((int32_t *)values)[i] = v[i] + first;
  lua_setfield(L, -2, name);
}

/* skip[i]: whether row i is not among the option used. */
static const unsigned char *read_skip(lua_State *L, lun_opts *o, size_t n)
{
  size_t k;
  unsigned char *skip = lun_scratch(L, n, 1);
  int at = lun_opt_value(o, "used");
  if (!at) return skip;
  lua_pushnil(L);
  const size_t *used = lun_arg_rows(L, at, lua_gettop(L), n, &k);
  memset(skip, 1, n);
  for (size_t i = 0; i < k; i++) skip[used[i]] = 0;
  return skip;
}

int lun_cox_expand_function(lua_State *L)
{
  lun_cox_input in = { 0 };
  lun_opts o;
  size_t levels;
  lua_settop(L, 2);
  lun_opts_open(L, 2, &o);
  lun_cox_arg_response(L, &o, &in);
  in.strata = lun_opt_codes(&o, "strata", in.n, &levels);
  const unsigned char *skip = read_skip(L, &o, in.n);
  lun_opts_done(&o);
  lun_cox_expanded *e = lun_box(L, &EXPANDED);
  lun_check(L, lun_cox_expand(lun_env_of(L), e, &in, skip));
  lua_createtable(L, 0, 4);
  set_codes(L, "row", e->row, e->n, 1);
  set_codes(L, "set", e->set, e->n, 1);
  set_codes(L, "event", e->event, e->n, 0);
  lun_push_copies(L, e->time, e->n, 1, 0);
  lua_setfield(L, -2, "time");
  return 1;
}
