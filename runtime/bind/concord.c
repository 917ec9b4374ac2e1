/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.surv.concord: concordance of a marker with a survival time.
 */
#include "bind/surv.h"
#include "surv/concord.h"

int lun_open_concord(lua_State *L);

static void concord_free(void *self)
{
  lun_concord_fini(self);
}

static const lun_class CONCORD;

#define NUMBER(name)                                          \
  static int get_##name(lua_State *L)                         \
  {                                                           \
    const lun_concord *c = lun_self(L, 1, &CONCORD);          \
    return lua_pushnumber(L, c->name), 1;                     \
  }
NUMBER(estimate)
NUMBER(variance)
NUMBER(se)
NUMBER(concordant)
NUMBER(discordant)
NUMBER(tied_marker)
NUMBER(tied_time)
NUMBER(tied_both)

static int get_n(lua_State *L)
{
  const lun_concord *c = lun_self(L, 1, &CONCORD);
  lua_pushinteger(L, (lua_Integer)c->rows);
  return 1;
}

static int get_influence(lua_State *L)
{
  const lun_concord *c = lun_self(L, 1, &CONCORD);
  lun_push_view(L, 1, c->influence, c->clusters);
  return 1;
}

static const lun_reg GETTERS[] = {
  { "estimate", get_estimate,
    "c.estimate\n(concordant + tied_marker / 2) / (concordant + discordant + tied_marker)." },
  { "variance", get_variance, "c.variance\nInfinitesimal jackknife variance of the estimate." },
  { "se", get_se, "c.se\nIts root." },
  { "concordant", get_concordant,
    "c.concordant\nWeighted pairs in which the larger marker died first." },
  { "discordant", get_discordant,
    "c.discordant\nWeighted pairs in which the smaller marker died first." },
  { "tied_marker", get_tied_marker,
    "c.tied_marker\nWeighted comparable pairs with equal markers." },
  { "tied_time", get_tied_time, "c.tied_time\nWeighted pairs of deaths at one time." },
  { "tied_both", get_tied_both, "c.tied_both\nThe same with equal markers." },
  { "n", get_n, "c.n\nRows that took part." },
  { "influence", get_influence,
    "c.influence\nChange of the estimate by each row (or cluster), first order." },
  { NULL, NULL, NULL },
};

static const lun_class CONCORD = {
  .name = "lunation.surv.concord",
  .doc = "Concordance of a marker with a survival time.",
  .size = sizeof(lun_concord),
  .free = concord_free,
  .getters = GETTERS,
};

static const double *marker_of(lua_State *L, int arg, size_t expected)
{
  size_t n;
  const double *x = lun_arg_doubles(L, arg, &n);
  if (n != expected)
    lun_raise(L, "usage.length", "concordance: %d values, the response has %d rows", (int)n,
              (int)expected);
  return x;
}

static int concord_new(lua_State *L)
{
  const lun_surv *surv = lun_arg_sorted(L, 1);
  lun_concord_input in = { .n = surv->n, .start = surv->start, .stop = surv->time };
  lun_concord_options options = { 0 };
  lun_opts o;
  size_t k;
  unsigned char *event = lun_scratch(L, surv->n, 1);
  for (size_t i = 0; i < surv->n; i++) event[i] = surv->status[i] > 0;
  in.event = event;
  in.marker = marker_of(L, 2, in.n);
  lun_opts_open(L, 3, &o);
  in.strata = lun_opt_codes(&o, "strata", in.n, &k);
  in.cluster = lun_opt_codes(&o, "cluster", in.n, &in.clusters);
  int weights = lun_opt_value(&o, "weights");
  if (weights) in.weights = marker_of(L, weights, in.n);
  options.weight =
      (lun_concord_weight)lun_opt_choice(&o, "timewt", LUN_CONCORD_WEIGHTS, LUN_CONCORD_N);
  options.until = lun_opt_number(&o, "until", 0, 0, 1e300);
  lun_opts_done(&o);
  lun_concord *c = lun_box(L, &CONCORD);
  lun_check(L, lun_concord_init(lun_env_of(L), c, &in, &options));
  return 1;
}

static int gonen_heller(lua_State *L)
{
  size_t n;
  const double *x = lun_arg_doubles(L, 1, &n);
  lun_push_number(L, lun_concord_gonen_heller(x, n));
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "new", concord_new,
    "concord.new(surv, marker, opts) -> concordance\n"
    "marker: a number column, larger for an earlier event; rows with a missing marker take no "
    "part. opts:\n"
    "timewt = \"n\" (Harrell, default), \"S\", \"S/G\", \"n/G2\" (Uno), \"I\"; until (pairs whose "
    "earlier death is\n"
    "later do not count); strata, cluster (factors); weights. Errors: no comparable pair.\n"
    "Harrell (1982), Uno et al. (2011), Therneau & Watson (2017)." },
  { "gonen_heller", gonen_heller,
    "concord.gonen_heller(linear) -> number\n"
    "Concordance probability of Gonen & Heller (2005) from the linear predictors of a Cox model." },
  { NULL, NULL, NULL },
};

int lun_open_concord(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &CONCORD);
  lua_setfield(L, -2, "class");
  return 1;
}
