/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * finegray/walk: sums over the risk sets at given coefficients, by one scan back over the rows that
 * are at risk and one forward over those with a competing event: O(n p + m p groups). A row's
 * exposure to the baseline hazard is a difference of prefix sums, so that score, information and
 * residuals need no second scan (Kawaguchi et al. 2021, fastcmprsk).
 */
#ifndef LUN_FINEGRAY_WALK_H
#define LUN_FINEGRAY_WALK_H

#include "surv/finegray/data.h"

typedef struct lun_finegray_walk {
  const lun_finegray_data *d;
  int efron;
  double *risk;         /* n: weight exp(x b) */
  double *s0, *s1;      /* m, m x p: sums over the risk set */
  double *t0, *t1;      /* the same over the tied events; NULL unless efron */
  double *hazard;       /* m: jump of the baseline hazard */
  double *tied;         /* m: what the events themselves get of it, less; NULL unless efron */
  double *sum;          /* planes x (m + 1): prefix sums of hazard, 0: plain, 1 + g: times c */
  double *acc;          /* groups x (p + 1): room for a scan */
  double loglik;
} lun_finegray_walk;

lun_status lun_finegray_walk_new(lun_pool *pool, lun_finegray_walk *w, const lun_finegray_data *d,
                                 int efron);

/* Risks, sums and log pseudo-likelihood at beta (of the scaled columns); 0 when not finite. */
int lun_finegray_walk_to(lun_finegray_walk *w, const double *beta);

/* Hazards and their prefix sums, after walk_to. */
void lun_finegray_hazards(lun_finegray_walk *w);

/* After hazards: gradient (p), information (p x p), scale (p, or NULL) of its pivots. */
void lun_finegray_derivatives(lun_finegray_walk *w, double *gradient, double *information,
                              double *scale);

/* Steps of the tied events at e: each is taken at s0 - f t0 with its share of the mass. */
static inline size_t lun_finegray_steps(const lun_finegray_walk *w, size_t e)
{
  return w->efron ? (size_t)w->d->deaths[e] : 1;
}

/* Exposure of row k of stratum h, whose sums lie `width` apart in planes of prefix sums: what it
 * has at risk plus what its competing event leaves it. x: planes x (m + 1) x width, at column j. */
double lun_finegray_exposure(const lun_finegray_data *d, const double *x, size_t width, size_t j,
                             size_t k, size_t h);

#endif
