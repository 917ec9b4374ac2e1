/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Methods of a Cox model: tests of its coefficients, residuals, proportional hazards.
 */
#include "bind/cox.h"
#include "bind/surv.h"
#include "surv/cox/nested.h"
#include "surv/cox/residuals.h"

int lun_cox_residuals_method(lua_State *L)
{
  static const char *const names[] = {
    "martingale", "deviance", "score", "dfbeta", "dfbetas", "schoenfeld", "scaled_schoenfeld", NULL
  };
  const lun_cox *fit = lun_self_cox(L);
  lun_cox_residual type = (lun_cox_residual)luaL_checkoption(L, 2, "martingale", names);
  size_t n = lun_cox_residual_rows(fit, type), columns = type <= LUN_COX_DEVIANCE ? 1 : fit->p;
  double *x = lun_scratch(L, n * columns, sizeof *x);
  lun_check(L, lun_cox_residuals(fit, type, x));
  lun_push_copies(L, x, n, columns, type > LUN_COX_DEVIANCE);
  return 1;
}

/* Column numbers (a list, from 1) at arg, 0-based. */
static const size_t *arg_places(lua_State *L, int arg, const lun_cox *fit, size_t *k)
{
  const double *wanted = lun_arg_doubles(L, arg, k);
  size_t *column = lun_scratch(L, *k, sizeof *column);
  for (size_t i = 0; i < *k; i++) {
    if (!(wanted[i] >= 1 && wanted[i] <= (double)fit->p))
      lun_raise(L, "usage.argument", "the model has columns 1 to %d", (int)fit->p);
    column[i] = (size_t)wanted[i] - 1;
  }
  return column;
}

int lun_cox_wald_of_method(lua_State *L)
{
  size_t k;
  const lun_cox *fit = lun_self_cox(L);
  const size_t *column = arg_places(L, 2, fit, &k);
  double *work = lun_scratch(L, k * (k + 2), sizeof *work);
  lun_cox_test test = lun_cox_wald_of(fit, column, k, work);
  return lun_push_test(L, &test);
}

int lun_cox_wald_beyond_method(lua_State *L)
{
  size_t k, n;
  const lun_cox *fit = lun_self_cox(L);
  const size_t *column = arg_places(L, 2, fit, &k);
  const double *along = lun_arg_doubles(L, 3, &n);
  luaL_argcheck(L, n == k, 3, "one number for each of the columns");
  double *work = lun_scratch(L, k * (k + 3), sizeof *work);
  lun_cox_test test = lun_cox_wald_beyond(fit, column, k, along, work);
  return lun_push_test(L, &test);
}

int lun_cox_lr_of_method(lua_State *L)
{
  size_t k;
  lun_cox_test test;
  const lun_cox *fit = lun_self_cox(L);
  const size_t *column = arg_places(L, 2, fit, &k);
  lun_check(L, lun_cox_lr_of(fit, column, k, &test));
  return lun_push_test(L, &test);
}

int lun_cox_event_rows_method(lua_State *L)
{
  const lun_cox *fit = lun_self_cox(L);
  size_t n = lun_cox_residual_rows(fit, LUN_COX_SCHOENFELD);
  double *time = lun_scratch(L, n, sizeof *time);
  size_t *row = lun_scratch(L, n, sizeof *row);
  lun_cox_event_rows(fit, time, row);
  lun_push_copies(L, time, n, 1, 0);
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushinteger(L, (lua_Integer)row[i] + 1);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 2;
}

int lun_cox_zph_method(lua_State *L)
{
  static const char *const names[] = { "km", "identity", "rank", "log", NULL };
  lun_cox *fit = lun_self_cox(L);
  lun_cox_transform transform = (lun_cox_transform)luaL_checkoption(L, 2, "km", names);
  size_t *group = lun_scratch(L, fit->p, sizeof *group), groups = 0;
  for (size_t j = 0; j < fit->p; j++) {
    group[j] = j;
    if (lua_istable(L, 3)) {
      lua_rawgeti(L, 3, (lua_Integer)j + 1);
      lua_Integer g = luaL_checkinteger(L, -1);
      luaL_argcheck(L, g >= 1 && g <= (lua_Integer)fit->p, 3, "a term number for each column");
      group[j] = (size_t)g - 1;
      lua_pop(L, 1);
    }
    if (group[j] >= groups) groups = group[j] + 1;
  }
  size_t n = lun_cox_residual_rows(fit, LUN_COX_SCHOENFELD);
  lun_cox_test *tests = lun_scratch(L, groups + 1, sizeof *tests);
  double *g = lun_scratch(L, n, sizeof *g);
  lun_check(L, lun_cox_zph(fit, transform, group, groups, tests, g));
  lua_createtable(L, (int)groups, 2);
  for (size_t k = 0; k < groups; k++) {
    lun_push_test(L, tests + k);
    if (lua_isnil(L, -1)) lua_pop(L, 1), lua_pushboolean(L, 0);
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
  lun_push_test(L, tests + groups);
  lua_setfield(L, -2, "global");
  lun_push_copies(L, g, n, 1, 0);
  lua_setfield(L, -2, "x");
  return 1;
}
