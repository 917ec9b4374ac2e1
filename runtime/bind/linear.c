/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bind/bind.h"

#include <math.h>

#include "stat/linear.h"

int lun_open_linear(lua_State *L);

static void linear_free(void *self)
{
  lun_linear_fini(self);
}

static const lun_class LINEAR;

static lun_linear *self_of(lua_State *L)
{
  return lun_self(L, 1, &LINEAR);
}

#define VIEW(field, count)                         \
  static int get_##field(lua_State *L)             \
  {                                                \
    lun_linear *f = self_of(L);                    \
    lun_push_view(L, 1, f->field, count);          \
    return 1;                                      \
  }
#define NUMBER(field)                              \
  static int get_##field(lua_State *L)             \
  {                                                \
    lun_push_number(L, self_of(L)->field);         \
    return 1;                                      \
  }
#define COUNT(field)                               \
  static int get_##field(lua_State *L)             \
  {                                                \
    lua_pushinteger(L, (lua_Integer)self_of(L)->field); \
    return 1;                                      \
  }
VIEW(coef, f->m)
VIEW(se, f->m)
VIEW(vcov, f->m * f->m)
VIEW(residual, f->n)
NUMBER(rss)
NUMBER(sigma)
NUMBER(r_squared)
NUMBER(adjusted)
NUMBER(f)
NUMBER(p_f)
COUNT(n)
COUNT(rank)
COUNT(df)

static const lun_reg GETTERS[] = {
  { "coef", get_coef,
    "fit.coef\nIntercept first; missing when determined by the columns before it." },
  { "se", get_se, "fit.se" },
  { "vcov", get_vcov, "fit.vcov\nCovariances, row by row." },
  { "residual", get_residual, "fit.residual" },
  { "rss", get_rss, "fit.rss\nResidual sum of squares (weighted)." },
  { "sigma", get_sigma, "fit.sigma\nResidual standard deviation." },
  { "r_squared", get_r_squared,
    "fit.r_squared\nAgainst the mean; against 0 without an intercept." },
  { "adjusted", get_adjusted, "fit.adjusted\nAdjusted R squared." },
  { "f", get_f, "fit.f\nF statistic of all terms; nil when the fit is exact." },
  { "p_f", get_p_f, "fit.p_f" },
  { "n", get_n, "fit.n" },
  { "rank", get_rank, "fit.rank" },
  { "df", get_df, "fit.df\nResidual degrees of freedom." },
  { NULL, NULL, NULL },
};

static const lun_class LINEAR = { .name = "lunation.stat.linear",
                                  .doc = "A linear regression.",
                                  .size = sizeof(lun_linear),
                                  .free = linear_free,
                                  .getters = GETTERS,
                                  .uservalues = 1 };

static const double *rows_of(lua_State *L, int arg, size_t n, const char *what)
{
  size_t m;
  const double *x = lun_arg_doubles(L, arg, &m);
  if (m != n)
    lun_raise(L, "usage.length", "linear: %s has %d rows, the outcome %d", what, (int)m, (int)n);
  for (size_t i = 0; i < n; i++)
    if (!isfinite(x[i]))
      lun_raise(L, "data.missing", "linear: row %d of %s is missing", (int)i + 1, what);
  return x;
}

static int linear_fit(lua_State *L)
{
  size_t n;
  lun_opts o;
  lua_settop(L, 3);
  const double *y = lun_arg_doubles(L, 1, &n);
  rows_of(L, 1, n, "the outcome");
  luaL_checktype(L, 2, LUA_TTABLE);
  lun_linear_input in = { .n = n, .p = (size_t)lua_rawlen(L, 2), .y = y };
  lun_opts_open(L, 3, &o);
  in.intercept = lun_opt_boolean(&o, "intercept", 1);
  int at = lun_opt_value(&o, "weights");
  if (at) in.weight = rows_of(L, at, n, "weights");
  lun_opts_done(&o);
  luaL_checkstack(L, (int)(2 * in.p + 20), "columns");
  const double **x = lun_scratch(L, in.p, sizeof *x);
  for (size_t j = 0; j < in.p; j++) {
    lua_rawgeti(L, 2, (lua_Integer)j + 1);
    x[j] = rows_of(L, lua_gettop(L), n, "a column");
  }
  in.x = x;
  lun_linear *fit = lun_box(L, &LINEAR);
  lun_check(L, lun_linear_fit(lun_env_of(L), fit, &in));
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "fit", linear_fit,
    "linear.fit(y, columns [, { intercept = true, weights }]) -> fit\n"
    "Least squares by Householder reflections in extended precision. No value may be missing. "
    "weights: precision "
    "weights above 0." },
  { NULL, NULL, NULL },
};

int lun_open_linear(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &LINEAR);
  lua_setfield(L, -2, "class");
  return 1;
}
