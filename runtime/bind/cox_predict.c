/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Methods of a Cox model: linear predictors, expected events, the baseline, predicted curves.
 */
#include <math.h>

#include "bind/cox.h"
#include "bind/surv.h"
#include "surv/cox/curve.h"
#include "surv/cox/predict.h"
#include "surv/cox/residuals.h"
#include "surv/km.h"

/* --- rows ------------------------------------------------------------------------------------- */

int lun_cox_linear_method(lua_State *L)
{
  const lun_cox *fit = lun_self_cox(L);
  double *x = lun_scratch(L, fit->data.rows, sizeof *x);
  lun_cox_linear(fit, x);
  lun_push_copies(L, x, fit->data.rows, 1, 0);
  return 1;
}

/* Columns at argument 2 and the options stratum and offset of other rows. */
static void read_rows(lua_State *L, const lun_cox *fit, lun_opts *o, lun_cox_rows *rows)
{
  size_t p, n, k;
  lun_levels *levels;
  rows->n = (size_t)lun_opt_integer(o, "n", 0, 0, INT32_MAX);
  rows->x = lun_arg_columns(L, 2, rows->n, &p);
  if (p != fit->p)
    lun_raise(L, "usage.length", "%d columns for a model of %d", (int)p, (int)fit->p);
  int stratum = lun_opt_value(o, "stratum"), offset = lun_opt_value(o, "offset");
  if (stratum) {
    rows->stratum = lun_arg_codes(L, stratum, &n, &k, &levels);
    if (n != rows->n) lun_raise(L, "usage.length", "stratum needs one value for each row");
  }
  if (offset) {
    rows->offset = lun_arg_doubles(L, offset, &n);
    if (n != rows->n) lun_raise(L, "usage.length", "offset needs one value for each row");
  }
}

/* The option reference: p numbers for each stratum code below which rows lie. */
static const double *read_reference(lua_State *L, lun_opts *o, const lun_cox_rows *rows, size_t p)
{
  size_t n;
  int32_t most = 0;
  int at = lun_opt_value(o, "reference");
  if (!at) return NULL;
  const double *reference = lun_arg_doubles(L, at, &n);
  for (size_t i = 0; rows->stratum && i < rows->n; i++)
    if (rows->stratum[i] > most) most = rows->stratum[i];
  if (n < ((size_t)most + 1) * p)
    lun_raise(L, "usage.length", "reference needs %d numbers, found %d", (most + 1) * (int)p,
              (int)n);
  return reference;
}

/* The option columns, a list of column numbers, as a mark for each column; NULL: all. */
static const unsigned char *read_wanted(lua_State *L, lun_opts *o, size_t p)
{
  size_t k;
  int at = lun_opt_value(o, "columns");
  if (!at) return NULL;
  const double *places = lun_arg_doubles(L, at, &k);
  unsigned char *wanted = lun_scratch(L, p, 1);
  for (size_t i = 0; i < k; i++)
    if (places[i] >= 1 && places[i] <= (double)p) wanted[(size_t)places[i] - 1] = 1;
  return wanted;
}

int lun_cox_linear_of_method(lua_State *L)
{
  lun_opts o;
  lun_cox_rows rows = { 0 };
  const lun_cox *fit = lun_self_cox(L);
  lua_settop(L, 3);
  lun_opts_open(L, 3, &o);
  read_rows(L, fit, &o, &rows);
  const double *reference = read_reference(L, &o, &rows, fit->p);
  const unsigned char *wanted = read_wanted(L, &o, fit->p);
  lun_opts_done(&o);
  double *lp = lun_scratch(L, 2 * rows.n, sizeof *lp);
  lun_check(L, lun_cox_linear_of(fit, &rows, reference, wanted, lp, lp + rows.n));
  lun_push_copies(L, lp, rows.n, 1, 0);
  lun_push_copies(L, lp + rows.n, rows.n, 1, 0);
  return 2;
}

int lun_cox_means_method(lua_State *L)
{
  size_t p, n, k = 1;
  lun_levels *levels;
  const lun_cox *fit = lun_self_cox(L);
  const int32_t *codes = NULL;
  lua_settop(L, 3);
  if (!lua_isnil(L, 3)) {
    codes = lun_arg_codes(L, 3, &n, &k, &levels);
    for (size_t u = 0; u < fit->data.rows; u++)
      if (fit->data.used[u] >= n || codes[fit->data.used[u]] < 0)
        return lun_raise(L, "usage.length", "means: a row that was used has no stratum");
  } else {
    n = 0;
    for (size_t u = 0; u < fit->data.rows; u++)
      if (fit->data.used[u] >= n) n = fit->data.used[u] + 1;
  }
  const double *const *x = lun_arg_columns(L, 2, n, &p);
  luaL_argcheck(L, p == fit->p, 2, "the columns of the model");
  double *out = lun_scratch(L, k * p, sizeof *out);
  lun_check(L, lun_cox_means(fit, x, codes, k, out));
  lun_push_copies(L, out, k * p, 1, 0);
  return 1;
}

int lun_cox_expected_method(lua_State *L)
{
  lun_opts o;
  size_t n;
  lun_cox_rows rows = { 0 };
  const lun_cox *fit = lun_self_cox(L);
  lua_settop(L, 3);
  lun_opts_open(L, 3, &o);
  read_rows(L, fit, &o, &rows);
  int from = lun_opt_value(&o, "start"), to = lun_opt_value(&o, "stop");
  lun_opts_done(&o);
  if (!to) return lun_raise(L, "usage.argument", "expected: stop is required");
  const double *start = from ? lun_arg_doubles(L, from, &n) : NULL;
  if (start && n != rows.n) return lun_raise(L, "usage.length", "start: one time for each row");
  const double *stop = lun_arg_doubles(L, to, &n);
  if (n != rows.n) return lun_raise(L, "usage.length", "stop: one time for each row");
  double *expected = lun_scratch(L, 2 * n, sizeof *expected);
  lun_check(L, lun_cox_expected(fit, &rows, start, stop, expected, expected + n));
  lun_push_copies(L, expected, n, 1, 0);
  lun_push_copies(L, expected + n, n, 1, 0);
  return 2;
}

int lun_cox_baseline_method(lua_State *L)
{
  const lun_cox *fit = lun_self_cox(L);
  double *h = lun_scratch(L, fit->data.m, sizeof *h);
  lun_cox_baseline(fit, lua_toboolean(L, 2), h);
  lua_createtable(L, (int)fit->data.strata, 0);
  for (size_t s = 0; s < fit->data.strata; s++) {
    size_t first = fit->data.first[s], n = fit->data.first[s + 1] - first;
    for (size_t k = first + 1; k < first + n; k++) h[k] += h[k - 1];
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, fit->data.stratum[s] + 1);
    lua_setfield(L, -2, "stratum");
    lun_push_copies(L, fit->data.time + first, n, 1, 0);
    lua_setfield(L, -2, "time");
    lun_push_copies(L, h + first, n, 1, 0);
    lua_setfield(L, -2, "cumhaz");
    lua_rawseti(L, -2, (lua_Integer)s + 1);
  }
  return 1;
}

/* --- predicted curves ------------------------------------------------------------------------- */

static void curve_free(void *self)
{
  lun_cox_curve_fini(self);
}

static const lun_class CURVE;

#define CURVE_VECTOR(name, count)                             \
  static int curve_##name(lua_State *L)                       \
  {                                                           \
    const lun_cox_curve *c = lun_self(L, 1, &CURVE);          \
    lun_push_view(L, 1, c->name, count);                      \
    return 1;                                                 \
  }
CURVE_VECTOR(time, c->n)
CURVE_VECTOR(n_risk, c->n)
CURVE_VECTOR(n_event, c->n)
CURVE_VECTOR(cumhaz, c->n)
CURVE_VECTOR(se, c->n)
CURVE_VECTOR(surv, c->n)
CURVE_VECTOR(known, c->n)
CURVE_VECTOR(slope, c->n * c->p)

static const lun_reg CURVE_GETTERS[] = {
  { "time", curve_time, "curve.time\nEvent times." },
  { "n_risk", curve_n_risk, "curve.n_risk\nRows at risk in the stratum." },
  { "n_event", curve_n_event, "curve.n_event\nEvents in the stratum." },
  { "cumhaz", curve_cumhaz, "curve.cumhaz\nPredicted cumulative hazard." },
  { "se", curve_se, "curve.se\nIts standard error." },
  { "survival", curve_surv, "curve.survival\nexp(-cumhaz)." },
  { "known", curve_known,
    "curve.known\nVariance of cumhaz were the coefficients known: a sum of independent steps." },
  { "slope", curve_slope,
    "curve.slope\nDerivative of cumhaz by each coefficient, time after time." },
  { NULL, NULL, NULL },
};

static const lun_class CURVE = {
  .name = "lunation.cox_curve",
  .doc = "A predicted curve of a Cox model.",
  .size = sizeof(lun_cox_curve),
  .free = curve_free,
  .getters = CURVE_GETTERS,
};

int lun_cox_path_method(lua_State *L)
{
  const lun_cox *fit = lun_self_cox(L);
  lun_opts o;
  size_t n, m;
  lun_cox_path path = { 0 };
  lun_opts_open(L, 2, &o);
  int x = lun_opt_value(&o, "x"), from = lun_opt_value(&o, "from"), to = lun_opt_value(&o, "to");
  path.offset = lun_opt_number(&o, "offset", 0, -HUGE_VAL, HUGE_VAL);
  path.stratum = (int32_t)lun_opt_integer(&o, "stratum", 1, 1, INT32_MAX) - 1;
  lun_opts_done(&o);
  if (!x) return lun_raise(L, "usage.argument", "curve: x is required");
  path.x = lun_arg_doubles(L, x, &n);
  path.n = fit->p ? n / fit->p : 1;
  if (path.n < 1 || path.n * fit->p != n)
    return lun_raise(L, "usage.length", "curve: x has %d values, the model %d columns", (int)n,
                     (int)fit->p);
  if (from && to) {
    path.from = lun_arg_doubles(L, from, &n);
    path.to = lun_arg_doubles(L, to, &m);
  }
  if ((from && to) ? n != path.n || m != path.n : path.n != 1)
    return lun_raise(L, "usage.length", "curve: from and to need one value for each row of x");
  lun_cox_curve *c = lun_box(L, &CURVE);
  lun_check(L, lun_cox_curve_new(c, fit, &path));
  return 1;
}

void lun_cox_curve_class(lua_State *L)
{
  lun_class_open(L, &CURVE);
}

int lun_cox_limits_function(lua_State *L)
{
  lun_km_interval kind = (lun_km_interval)luaL_checkoption(L, 1, NULL, LUN_KM_INTERVALS);
  lun_limits limits =
      lun_km_limits(kind, luaL_checknumber(L, 2), luaL_checknumber(L, 3), luaL_checknumber(L, 4));
  lun_push_number(L, limits.lower);
  lun_push_number(L, limits.upper);
  return 2;
}
