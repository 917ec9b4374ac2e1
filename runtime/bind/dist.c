/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bind/bind.h"

#include <math.h>

#include "stat/dist.h"

int lun_open_dist(lua_State *L);

/* An answer that is not a number means an argument outside the domain: never handed on. */
static int answer(lua_State *L, double v, int n)
{
  if (isnan(v)) {
    for (int i = 1; i <= n; i++) luaL_tolstring(L, i, NULL), lua_replace(L, i);
    return lun_raise(L, "usage.argument", "outside the domain of this distribution: %s, %s, %s",
                     lua_tostring(L, 1), n > 1 ? lua_tostring(L, 2) : "-",
                     n > 2 ? lua_tostring(L, 3) : "-");
  }
  lua_pushnumber(L, v);
  return 1;
}

#define ARG(i) luaL_checknumber(L, i)
#define DIST1(f) static int dist_##f(lua_State *L) { return answer(L, lun_##f(ARG(1)), 1); }
#define DIST2(f) static int dist_##f(lua_State *L) { return answer(L, lun_##f(ARG(1), ARG(2)), 2); }
#define DIST3(f)                                                                                   \
  static int dist_##f(lua_State *L)                                                                \
  {                                                                                                \
    return answer(L, lun_##f(ARG(1), ARG(2), ARG(3)), 3);                                          \
  }

DIST1(norm_cdf)
DIST1(norm_upper)
DIST1(norm_log_upper)
DIST1(norm_quantile)
DIST2(gamma_cdf)
DIST2(gamma_upper)
DIST2(chisq_cdf)
DIST2(chisq_upper)
DIST2(chisq_log_upper)
DIST2(chisq_quantile)
DIST2(t_cdf)
DIST2(t_upper)
DIST2(t_log_upper)
DIST2(t_two_sided)
DIST2(t_quantile)
DIST3(f_upper)
DIST3(f_log_upper)
DIST3(f_quantile)
DIST3(beta_cdf)
DIST3(beta_upper)
DIST3(beta_quantile)
DIST3(binom_density)
DIST3(binom_cdf)
DIST3(binom_upper)

static int dist_hyper_cdf(lua_State *L)
{
  return answer(L, lun_hyper_cdf(ARG(1), ARG(2), ARG(3), ARG(4)), 3);
}
static int dist_hyper_upper(lua_State *L)
{
  return answer(L, lun_hyper_upper(ARG(1), ARG(2), ARG(3), ARG(4)), 3);
}

static const lun_reg FUNCTIONS[] = {
  { "norm_cdf", dist_norm_cdf, "dist.norm_cdf(x)\nP(Z <= x)." },
  { "norm_upper", dist_norm_upper, "dist.norm_upper(x)\nP(Z > x)." },
  { "norm_log_upper", dist_norm_log_upper,
    "dist.norm_log_upper(x)\nlog P(Z > x), far into the tail." },
  { "norm_quantile", dist_norm_quantile, "dist.norm_quantile(p)\nx with P(Z <= x) = p." },
  { "gamma_cdf", dist_gamma_cdf, "dist.gamma_cdf(x, shape)\nRate 1." },
  { "gamma_upper", dist_gamma_upper, "dist.gamma_upper(x, shape)\nRate 1." },
  { "chisq_cdf", dist_chisq_cdf, "dist.chisq_cdf(x, df)" },
  { "chisq_upper", dist_chisq_upper, "dist.chisq_upper(x, df)" },
  { "chisq_log_upper", dist_chisq_log_upper, "dist.chisq_log_upper(x, df)" },
  { "chisq_quantile", dist_chisq_quantile, "dist.chisq_quantile(p, df)" },
  { "t_cdf", dist_t_cdf, "dist.t_cdf(t, df)" },
  { "t_upper", dist_t_upper, "dist.t_upper(t, df)" },
  { "t_log_upper", dist_t_log_upper, "dist.t_log_upper(t, df)" },
  { "t_two_sided", dist_t_two_sided, "dist.t_two_sided(t, df)\nP(|T| > |t|)." },
  { "t_quantile", dist_t_quantile, "dist.t_quantile(p, df)" },
  { "f_upper", dist_f_upper, "dist.f_upper(f, df1, df2)" },
  { "f_log_upper", dist_f_log_upper, "dist.f_log_upper(f, df1, df2)" },
  { "f_quantile", dist_f_quantile, "dist.f_quantile(p, df1, df2)" },
  { "beta_cdf", dist_beta_cdf, "dist.beta_cdf(x, a, b)" },
  { "beta_upper", dist_beta_upper, "dist.beta_upper(x, a, b)" },
  { "beta_quantile", dist_beta_quantile, "dist.beta_quantile(p, a, b)" },
  { "binom_density", dist_binom_density, "dist.binom_density(k, n, p)" },
  { "binom_cdf", dist_binom_cdf, "dist.binom_cdf(k, n, p)\nP(X <= k)." },
  { "binom_upper", dist_binom_upper, "dist.binom_upper(k, n, p)\nP(X > k)." },
  { "hyper_cdf", dist_hyper_cdf,
    "dist.hyper_cdf(x, m, n, k)\nx white among k drawn from m white, n black." },
  { "hyper_upper", dist_hyper_upper, "dist.hyper_upper(x, m, n, k)\nP(X > x)." },
  { NULL, NULL, NULL },
};

int lun_open_dist(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
