/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * spline: bases of natural cubic splines.
 */
#ifndef LUN_SPLINE_H
#define LUN_SPLINE_H

#include "base/pool.h"

typedef struct lun_spline {
  int restricted; /* 0: natural B-spline basis; 1: truncated powers */
  size_t n_knots; /* ns: inner knots and, last, the two boundary knots; rcs: all knots */
  double *knots;  /* increasing, but for the boundary knots of ns */
  size_t df;      /* columns of the basis */
  double *constraint, tau[2]; /* ns: Householder vectors of the boundary constraints */
} lun_spline;

/* Where the knots lie. Numbers that a spline does not have are 0 or NULL. */
typedef struct lun_knots {
  size_t df;              /* ns: degrees of freedom, rcs: number of knots; 0 when knots are given */
  const double *at;       /* n knots: the inner ones of ns, all of rcs */
  size_t n;
  const double *boundary; /* ns: two boundary knots; NULL: the range of the values */
} lun_knots;

/* Natural splines as R's splines::ns without intercept: df - 1 inner knots at quantiles (type 7) of
 * the values within the boundary, boundary knots at the range of x or as given (df >= 1); or inner
 * knots given. x has no NaN. The B-spline basis is projected on the space without second derivative
 * at the boundary by Householder's QR as in LINPACK, so that the columns are R's. EINVAL when knots
 * do not lie inside the boundary. */
lun_status lun_spline_ns(lun_env *env, lun_pool *pool, lun_spline *out, const double *x, size_t n,
                         const lun_knots *knots);

/* Restricted cubic splines as Hmisc's rcspline.eval with inclx: x, then k - 2 truncated power terms
 * divided by (t_k - t_1)^2 (norm = 2; F. Harrell, Regression Modeling Strategies, 2015, eq. 2.24).
 * k >= 3 knots given, or at Harrell's quantiles (type 7) of x: from 0.10 for 3, 0.05 for 4 to 6,
 * 0.025 for 7, evenly to their mirror image. */
lun_status lun_spline_rcs(lun_env *env, lun_pool *pool, lun_spline *out, const double *x, size_t n,
                          const lun_knots *knots);

/* The basis at v into out[0..df). Linear beyond the boundary. */
void lun_spline_at(const lun_spline *s, double v, double *out);

#endif
