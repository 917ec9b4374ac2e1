/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "stat/cubic.h"
#include "stat/dist.h"
#include "stat/logit_model.h"
#include "stat/root.h"

typedef struct profile {
  lun_env *env;
  lun_logit_model *d;
  lun_newton *fit;
  unsigned char *held;
  size_t j;        /* the coefficient that is held */
  double top, cut; /* log-likelihood at the estimate; quantile of chi-square */
  lun_status *st;
} profile;

/* 2 (top - likelihood with coefficient j held at b) - cut. */
static double excess(double b, const void *ctx)
{
  const profile *s = ctx;
  if (*s->st != LUN_OK) return 0;
  memset(s->fit->x, 0, s->d->m * sizeof *s->fit->x);
  s->fit->x[s->j] = b * s->d->scale[s->j % s->d->k];
  *s->st = lun_logit_maximise(s->env, s->d, s->fit, s->held);
  return 2 * (s->top - s->fit->loglik) - s->cut;
}

/* The limit that lies from `from` in the direction of step; infinite when the likelihood never
 * falls (or rises) to the cut. */
static double limit(const profile *s, double from, double step)
{
  int above = excess(from, s) > 0;
  double tolerance = 1e-10 * fabs(step);
  for (int k = 0; k < 30; k++, from += step, step *= 1.5) {
    if ((excess(from + step, s) > 0) != above)
      return lun_root(excess, s, from, from + step, tolerance);
  }
  return copysign(INFINITY, step);
}

/* --- R's confint() --------------------------------------------------------------------------- */

enum { SIDE = 9, POINTS = 2 * SIDE + 1 };

typedef struct grid {
  double b[POINTS], z[POINTS]; /* points of the profile, outwards from SIDE */
  size_t from, n;              /* those in use */
} grid;

/* Signed roots z of the profile, `step` apart on each side of b until |z| reaches zmax. */
static void walk(grid *g, const profile *s, double b, double step, double zmax)
{
  g->b[SIDE] = b;
  g->z[SIDE] = 0;
  int reached[2] = { 0, 0 };
  for (int up = 0; up <= 1; up++) {
    double z = 0, sign = up ? 1 : -1;
    for (int k = 1; k <= SIDE && z < zmax; k++, reached[up]++) {
      int at = up ? SIDE + k : SIDE - k;
      g->b[at] = b + sign * k * step;
      z = sqrt(fmax(0, excess(g->b[at], s) + s->cut));
      g->z[at] = sign * z;
    }
  }
  g->from = (size_t)(SIDE - reached[0]);
  g->n = (size_t)(reached[0] + reached[1] + 1);
}

/* Where the spline of z over b passes `z`, linearly between 3 n points of it; NaN when none do. */
static double crossing(const grid *g, double z)
{
  const double *x = g->b + g->from, *y = g->z + g->from;
  double sigma[POINTS], work[POINTS];
  size_t last = 3 * g->n - 1;
  double before = x[0], value = y[0], width = (x[g->n - 1] - x[0]) / (double)last;
  lun_cubic_fit(sigma, work, x, y, g->n);
  for (size_t i = 1; i <= last; i++) {
    double here = x[0] + (double)i * width, v = lun_cubic_at(sigma, x, y, g->n, here);
    if (value <= z && z <= v) return before + (here - before) * (z - value) / (v - value);
    before = here;
    value = v;
  }
  return NAN;
}

static void splined(lun_logit *out, const profile *s, double level)
{
  grid g;
  size_t j = s->j;
  double zmax = sqrt(lun_chisq_quantile(1 - (1 - level) / 4, 1)), z = sqrt(s->cut);
  walk(&g, s, out->coef[j], zmax / 5 * out->se[j], zmax);
  out->lower[j] = crossing(&g, -z);
  out->upper[j] = crossing(&g, z);
}

/* --- all coefficients ------------------------------------------------------------------------ */

/* The solved limits; of an infinite coefficient the one on the side of 0. */
static void solved(lun_logit *out, const profile *s)
{
  size_t j = s->j;
  double z = sqrt(s->cut), unit = 1 / s->d->scale[j % s->d->k];
  if (out->status[j] == LUN_NEWTON_FINITE) {
    if (isnan(out->lower[j])) out->lower[j] = limit(s, out->coef[j], -z * out->se[j]);
    if (isnan(out->upper[j])) out->upper[j] = limit(s, out->coef[j], z * out->se[j]);
  } else {
    double away = copysign(unit, out->coef[j]);
    double near = limit(s, 0, out->lr[j] > s->cut ? away : -away);
    out->lower[j] = out->coef[j] > 0 ? near : -INFINITY;
    out->upper[j] = out->coef[j] > 0 ? INFINITY : near;
  }
}

static void profile_one(lun_logit *out, profile *s, const lun_logit_options *options)
{
  size_t j = s->j;
  s->held[j] = 1;
  out->lr[j] = excess(0, s) + s->cut;
  if (options->spline && out->status[j] == LUN_NEWTON_FINITE) splined(out, s, options->level);
  solved(out, s);
  s->held[j] = 0;
}

/* An intercept is held in the units of the data, so its columns are not centred. Aliased
 * coefficients stay 0 throughout. */
lun_status lun_logit_profile(lun_env *env, lun_logit *out, lun_logit_model *d, lun_newton *fit,
                             unsigned char *held, const lun_logit_options *options)
{
  lun_status st = LUN_OK;
  profile s = { env, d, fit, held, 0, out->loglik, lun_chisq_quantile(options->level, 1), &st };
  d->augment = NULL;
  for (size_t j = 0; j < d->m; j++) held[j] = out->status[j] == LUN_NEWTON_ALIASED;
  for (int centred = 0; centred <= 1; centred++) {
    lun_logit_standardise(d, centred);
    for (s.j = 0; s.j < d->m && st == LUN_OK; s.j++) {
      if ((s.j % d->k == 0) == centred) continue;
      out->lower[s.j] = out->upper[s.j] = out->lr[s.j] = NAN;
      if (out->status[s.j] != LUN_NEWTON_ALIASED) profile_one(out, &s, options);
    }
  }
  return st;
}
