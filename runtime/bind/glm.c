/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bind/bind.h"

#include <math.h>

#include "stat/logit.h"

int lun_open_glm(lua_State *L);

static void logit_free(void *self)
{
  lun_logit_fini(self);
}

static const lun_class LOGIT; /* the rows below need it */

static lun_logit *self_of(lua_State *L) { return lun_self(L, 1, &LOGIT); }

#define VIEW(field, count)                                                                        \
  static int logit_##field(lua_State *L)                                                          \
  {                                                                                               \
    lun_logit *f = self_of(L);                                                                    \
    lun_push_view(L, 1, f->field, count);                                                         \
    return 1;                                                                                     \
  }
#define NUMBER(field)                                                                             \
  static int logit_##field(lua_State *L)                                                          \
  {                                                                                               \
    lun_push_number(L, self_of(L)->field);                                                        \
    return 1;                                                                                     \
  }
#define COUNT(field)                                                                              \
  static int logit_##field(lua_State *L)                                                          \
  {                                                                                               \
    lua_pushinteger(L, (lua_Integer)self_of(L)->field);                                           \
    return 1;                                                                                     \
  }

VIEW(coef, f->m)
VIEW(se, f->m)
VIEW(vcov, f->m * f->m)
VIEW(fitted, f->n * (f->equations + 1))
#define PROFILE(field)                                                                            \
  static int logit_##field(lua_State *L)                                                          \
  {                                                                                               \
    lun_logit *f = self_of(L);                                                                    \
    if (f->field) lun_push_view(L, 1, f->field, f->m);                                            \
    else lua_pushnil(L);                                                                          \
    return 1;                                                                                     \
  }

PROFILE(lower)
PROFILE(upper)
PROFILE(lr)
NUMBER(loglik)
NUMBER(loglik_null)
COUNT(n)
COUNT(p)
COUNT(equations)
COUNT(rank)
COUNT(rank_null)
COUNT(iterations)

static int logit_converged(lua_State *L)
{
  lua_pushboolean(L, self_of(L)->converged);
  return 1;
}

static int logit_why(lua_State *L)
{
  lua_pushstring(L, self_of(L)->why);
  return 1;
}

static int logit_status(lua_State *L)
{
  static const char *const NAMES[] = { "finite", "aliased", "infinite", "held" };
  lun_logit *f = self_of(L);
  lua_createtable(L, (int)f->m, 0);
  for (size_t j = 0; j < f->m; j++) {
    lua_pushstring(L, NAMES[f->status[j]]);
    lua_rawseti(L, -2, (lua_Integer)j + 1);
  }
  return 1;
}

static const lun_reg GETTERS[] = {
  { "coef", logit_coef, "fit.coef\nEquation by equation, intercept first; missing when aliased." },
  { "se", logit_se, "fit.se\nStandard errors from the information; missing unless finite." },
  { "vcov", logit_vcov, "fit.vcov\nCovariances, row by row." },
  { "fitted", logit_fitted, "fit.fitted\nProbabilities of the classes, row by row." },
  { "lower", logit_lower,
    "fit.lower\nProfile-likelihood limits (infinite where the likelihood does not fall); nil "
    "unless profiled." },
  { "upper", logit_upper, "fit.upper" },
  { "lr", logit_lr,
    "fit.lr\nLikelihood-ratio statistic of each coefficient against 0; nil unless profiled." },
  { "status", logit_status, "fit.status\nfinite, aliased or infinite, for each coefficient." },
  { "loglik", logit_loglik, "fit.loglik\nLog-likelihood (penalised with Firth)." },
  { "loglik_null", logit_loglik_null, "fit.loglik_null\nWith the intercepts alone." },
  { "n", logit_n, "fit.n\nRows." },
  { "p", logit_p, "fit.p\nColumns besides the intercept." },
  { "equations", logit_equations, "fit.equations\nClasses less one." },
  { "rank", logit_rank, "fit.rank\nCoefficients that are estimated." },
  { "rank_null", logit_rank_null, "fit.rank_null" },
  { "iterations", logit_iterations, "fit.iterations" },
  { "converged", logit_converged, "fit.converged" },
  { "why", logit_why, "fit.why\nA sentence when the fit is doubtful, else empty." },
  { NULL, NULL, NULL },
};

static const lun_class LOGIT = { .name = "lunation.logit",
                                 .doc = "A logistic or multinomial regression.",
                                 .size = sizeof(lun_logit),
                                 .free = logit_free,
                                 .getters = GETTERS,
                                 .uservalues = 1 };

static int glm_logit(lua_State *L)
{
  size_t n, k, m;
  lun_levels *levels;
  lun_opts o;
  lua_settop(L, 3);
  const int32_t *y = lun_arg_codes(L, 1, &n, &k, &levels);
  luaL_checktype(L, 2, LUA_TTABLE);
  lun_logit_input in = { .n = n, .p = (size_t)lua_rawlen(L, 2), .classes = k, .y = y };
  lun_opts_open(L, 3, &o);
  int at;
  lun_logit_options options = { lun_opt_boolean(&o, "firth", 0),
                                lun_opt_number(&o, "profile", 0, 0, 1),
                                lun_opt_boolean(&o, "spline", 0) };
  if ((at = lun_opt_value(&o, "weights"))) {
    in.weight = lun_arg_doubles(L, at, &m);
    if (m != n)
      return lun_raise(L, "usage.argument", "logit: %d outcomes, %d weights", (int)n, (int)m);
  }
  if ((at = lun_opt_value(&o, "offset"))) {
    in.offset = lun_arg_doubles(L, at, &m);
    if (m != n)
      return lun_raise(L, "usage.argument", "logit: %d outcomes, offset of %d", (int)n, (int)m);
  }
  lun_opts_done(&o);
  luaL_checkstack(L, (int)(2 * in.p + 20), "columns");
  const double **x = lun_scratch(L, in.p, sizeof *x);
  for (size_t j = 0; j < in.p; j++) {
    lua_rawgeti(L, 2, (lua_Integer)j + 1);
    x[j] = lun_arg_doubles(L, -1, &m);
    if (m != n)
      return lun_raise(L, "usage.argument", "logit: %d outcomes, column %d has %d rows", (int)n,
                       (int)j + 1, (int)m);
    for (size_t i = 0; i < n; i++)
      if (isnan(x[j][i]))
        return lun_raise(L, "data.missing", "logit: row %d, column %d is missing", (int)i + 1,
                         (int)j + 1);
  }
  for (size_t i = 0; i < n; i++)
    if (y[i] < 0)
      return lun_raise(L, "data.missing", "logit: row %d: the outcome is missing", (int)i + 1);
  in.x = x;
  lun_logit *fit = lun_box(L, &LOGIT);
  lun_check(L, lun_logit_fit(lun_env_of(L), fit, &in, &options));
  return 1;
}

static int glm_auc(lua_State *L)
{
  size_t n, m, k;
  lun_levels *levels;
  double auc;
  lua_settop(L, 2);
  const double *score = lun_arg_doubles(L, 1, &n);
  const int32_t *y = lun_arg_codes(L, 2, &m, &k, &levels);
  if (n != m) return lun_raise(L, "usage.argument", "auc: %d scores, %d outcomes", (int)n, (int)m);
  lun_check(L, lun_logit_auc(lun_env_of(L), &auc, score, y, n));
  lun_push_number(L, auc);
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "logit", glm_logit,
    "glm.logit(y, columns [, { firth, weights, offset, profile, spline }]) -> fit\n"
    "y: a factor (or numbers from 1); its first level is the reference; two levels are logistic "
    "regression, more "
    "multinomial. No value may be missing. An intercept is added. firth: Firth's penalty (1993). "
    "profile: level of profile-likelihood limits. spline: those limits as R's confint(), from a "
    "spline through a grid of the profile; else solved." },
  { "auc", glm_auc,
    "glm.auc(score, y) -> number\nSecond level against first; nil when one is absent." },
  { NULL, NULL, NULL },
};

int lun_open_glm(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &LOGIT);
  lua_setfield(L, -2, "class");
  return 1;
}
