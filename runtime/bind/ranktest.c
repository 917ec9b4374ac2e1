/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bind/bind.h"

#include <math.h>

#include "stat/ranktest.h"

int lun_open_ranktest(lua_State *L);

typedef struct samples {
  const double *x, *y;
  size_t nx, ny, missing;
} samples;

/* x without its missing values. */
static const double *known(lua_State *L, const double *x, size_t n, size_t *kept)
{
  double *out = lun_scratch(L, n, sizeof *out);
  *kept = 0;
  for (size_t i = 0; i < n; i++) {
    if (!isnan(x[i])) out[(*kept)++] = x[i];
  }
  return out;
}

/* Arguments 1 and 2: two samples, or values and a factor with two levels. */
static samples two_samples(lua_State *L)
{
  samples s = { 0 };
  size_t n, m, k;
  lun_levels *levels;
  const double *x = lun_arg_doubles(L, 1, &n);
  if (lua_istable(L, 2) || lun_arg_col(L, 2)->type != LUN_FACTOR) {
    const double *y = lun_arg_doubles(L, 2, &m);
    s.x = known(L, x, n, &s.nx);
    s.y = known(L, y, m, &s.ny);
    s.missing = n + m - s.nx - s.ny;
    return s;
  }
  const int32_t *code = lun_arg_codes(L, 2, &m, &k, &levels);
  if (k != 2 || m != n)
    lun_raise(L, "usage.argument",
              "expected a factor with 2 levels and %d rows, found %d levels and %d rows", (int)n,
              (int)k, (int)m);
  double *a = lun_scratch(L, n, sizeof *a), *b = lun_scratch(L, n, sizeof *b);
  for (size_t i = 0; i < n; i++) {
    if (isnan(x[i]) || code[i] < 0) s.missing++;
    else if (code[i] == 0) a[s.nx++] = x[i];
    else b[s.ny++] = x[i];
  }
  s.x = a, s.y = b;
  return s;
}

static void set(lua_State *L, const char *name, double v)
{
  lun_push_number(L, v);
  lua_setfield(L, -2, name);
}

static void set_count(lua_State *L, const char *name, size_t v)
{
  lua_pushinteger(L, (lua_Integer)v);
  lua_setfield(L, -2, name);
}

static int ranktest_ttest(lua_State *L)
{
  lun_opts o;
  lua_settop(L, 3);
  lun_opts_open(L, 3, &o);
  int pooled = lun_opt_boolean(&o, "pooled", 0);
  double level = lun_opt_number(&o, "conf_level", 0.95, 0.5, 0.9999);
  lun_opts_done(&o);
  samples s = two_samples(L);
  lun_ttest t = lun_rank_ttest(s.x, s.nx, s.y, s.ny, pooled, level);
  lua_newtable(L);
  set(L, "t", t.t), set(L, "df", t.df), set(L, "p", t.p), set(L, "log_p", t.log_p);
  set(L, "mean_x", t.mean_x), set(L, "mean_y", t.mean_y), set(L, "difference", t.difference);
  set(L, "lower", t.lower), set(L, "upper", t.upper);
  set_count(L, "nx", s.nx), set_count(L, "ny", s.ny), set_count(L, "missing", s.missing);
  return 1;
}

static lun_rank_options rank_options(lua_State *L, int arg)
{
  static const char *const EXACT[] = { "auto", "yes", "no", NULL };
  lun_opts o;
  lun_opts_open(L, arg, &o);
  lun_rank_options r = { .exact = (lun_exact)lun_opt_choice(&o, "exact", EXACT, LUN_EXACT_AUTO) };
  r.correct = lun_opt_boolean(&o, "correct", 1);
  r.limits = lun_opt_boolean(&o, "limits", 0);
  r.level = lun_opt_number(&o, "conf_level", 0.95, 0.5, 0.9999);
  r.tolerance = lun_opt_number(&o, "tolerance", 0, 0, 1);
  lun_opts_done(&o);
  return r;
}

static void push_rank(lua_State *L, const lun_rank *r, size_t missing)
{
  lua_newtable(L);
  set(L, "stat", r->stat), set(L, "p", r->p), set(L, "estimate", r->estimate);
  set(L, "lower", r->lower), set(L, "upper", r->upper);
  set_count(L, "n", r->n), set_count(L, "missing", missing);
  lua_pushboolean(L, r->exact);
  lua_setfield(L, -2, "exact");
}

static int ranktest_mann_whitney(lua_State *L)
{
  lua_settop(L, 3);
  lun_rank_options o = rank_options(L, 3);
  samples s = two_samples(L);
  lun_rank r;
  lun_check(L, lun_rank_mann_whitney(lun_env_of(L), &r, s.x, s.nx, s.y, s.ny, &o));
  push_rank(L, &r, s.missing);
  return 1;
}

static int ranktest_signed(lua_State *L)
{
  lua_settop(L, 2);
  lun_rank_options o = rank_options(L, 2);
  size_t n, kept;
  const double *all = lun_arg_doubles(L, 1, &n), *d = known(L, all, n, &kept);
  lun_rank r;
  lun_check(L, lun_rank_signed(lun_env_of(L), &r, d, kept, &o));
  push_rank(L, &r, n - kept);
  return 1;
}

/* Arguments 1 and 2: values and groups, rows with a missing one dropped. */
typedef struct grouped {
  const double *x;
  const int32_t *group;
  size_t n, k, missing;
} grouped;

static grouped arg_grouped(lua_State *L)
{
  grouped g = { 0 };
  size_t n, m;
  lun_levels *levels;
  const double *x = lun_arg_doubles(L, 1, &n);
  const int32_t *code = lun_arg_codes(L, 2, &m, &g.k, &levels);
  if (n != m)
    lun_raise(L, "usage.argument", "values and groups differ in length: %d, %d", (int)n, (int)m);
  double *kept = lun_scratch(L, n, sizeof *kept);
  int32_t *group = lun_scratch(L, n, sizeof *group);
  for (size_t i = 0; i < n; i++) {
    if (isnan(x[i]) || code[i] < 0) continue;
    kept[g.n] = x[i];
    group[g.n++] = code[i];
  }
  g.x = kept, g.group = group, g.missing = n - g.n;
  return g;
}

static int push_oneway(lua_State *L, const lun_oneway *w, size_t missing)
{
  lua_newtable(L);
  set(L, "stat", w->stat), set(L, "df", w->df), set(L, "df2", w->df2);
  set(L, "p", w->p), set(L, "log_p", w->log_p);
  set_count(L, "missing", missing);
  return 1;
}

static int ranktest_kruskal(lua_State *L)
{
  lun_oneway w;
  lua_settop(L, 2);
  grouped g = arg_grouped(L);
  lun_check(L, lun_rank_kruskal(lun_env_of(L), &w, g.x, g.group, g.n, g.k));
  return push_oneway(L, &w, g.missing);
}

static int ranktest_anova(lua_State *L)
{
  lun_oneway w;
  lua_settop(L, 3);
  int welch = lua_toboolean(L, 3);
  grouped g = arg_grouped(L);
  lun_check(L, lun_rank_anova(lun_env_of(L), &w, g.x, g.group, g.n, g.k, welch));
  return push_oneway(L, &w, g.missing);
}

static int ranktest_correlation(lua_State *L)
{
  static const char *const METHODS[] = { "pearson", "spearman", NULL };
  lua_settop(L, 4);
  int method = luaL_checkoption(L, 3, "pearson", METHODS);
  double level = luaL_optnumber(L, 4, 0.95);
  size_t n, m, kept = 0;
  const double *x = lun_arg_doubles(L, 1, &n), *y = lun_arg_doubles(L, 2, &m);
  if (n != m)
    return lun_raise(L, "usage.argument", "correlation: %d values against %d", (int)n, (int)m);
  double *a = lun_scratch(L, n, sizeof *a), *b = lun_scratch(L, n, sizeof *b);
  for (size_t i = 0; i < n; i++) {
    if (isnan(x[i]) || isnan(y[i])) continue;
    a[kept] = x[i], b[kept++] = y[i];
  }
  lun_correlation c;
  if (method == 0) c = lun_rank_pearson(a, b, kept, level);
  else lun_check(L, lun_rank_spearman(lun_env_of(L), &c, a, b, kept));
  lua_newtable(L);
  set(L, "r", c.r), set(L, "t", c.t), set(L, "df", c.df), set(L, "p", c.p);
  set(L, "lower", c.lower), set(L, "upper", c.upper);
  set_count(L, "n", kept), set_count(L, "missing", n - kept);
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "ttest", ranktest_ttest,
    "ranktest.ttest(x, y|factor [, { pooled, conf_level }]) -> { t, df, p, log_p, mean_x, mean_y, "
    "difference, "
    "lower, upper, nx, ny, missing }\nWelch's test, or Student's when pooled. Missing values are "
    "dropped and counted." },
  { "mann_whitney", ranktest_mann_whitney,
    "ranktest.mann_whitney(x, y|factor [, { exact = auto|yes|no, correct, limits, conf_level, "
    "tolerance }]) -> "
    "{ stat, p, exact, estimate, lower, upper, n, missing }\n"
    "stat is U of x. auto is exact when both samples are below 50 without ties." },
  { "signed", ranktest_signed,
    "ranktest.signed(differences [, options]) -> { stat, p, exact, estimate, lower, upper, n, "
    "missing }\n"
    "Wilcoxon signed rank test; zero differences are dropped." },
  { "kruskal", ranktest_kruskal, "ranktest.kruskal(x, factor) -> { stat, df, p, log_p, missing }" },
  { "anova", ranktest_anova,
    "ranktest.anova(x, factor [, welch]) -> { stat, df, df2, p, log_p, missing }" },
  { "correlation", ranktest_correlation,
    "ranktest.correlation(x, y [, \"pearson\"|\"spearman\" [, level]]) -> { r, t, df, p, lower, "
    "upper, n, missing }" },
  { NULL, NULL, NULL },
};

int lun_open_ranktest(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
