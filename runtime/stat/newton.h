/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * newton: the maximum of a log-likelihood by Newton-Raphson with step halving. It ends with a
 * status for each parameter and a sentence: dependent parameters are found and held at 0, and
 * parameters that run away to infinity while the likelihood stands still are named, not chased.
 */
#ifndef LUN_NEWTON_H
#define LUN_NEWTON_H

#include "base/env.h"

typedef struct lun_newton_problem {
  size_t p;
  void *ctx;
  /* The log-likelihood at x; 0 when it is not finite there. */
  int (*value)(void *ctx, const double *x, double *loglik);
  /* At the x of the last value(): gradient (p), information (p x p), and for each parameter the
   * size against which a pivot of the information counts as 0 (p). */
  void (*derivatives)(void *ctx, double *gradient, double *information, double *scale);
} lun_newton_problem;

typedef struct lun_newton_options {
  int max_iterations;      /* 0: 50 */
  double tolerance;        /* relative change of the log-likelihood; 0: 1e-9 */
  const unsigned char *held; /* p: parameters that keep their start value; NULL: none */
  int point_only;          /* only x is wanted, to 1e-10 standard errors: gradient and information
                              stay those of the step before */
} lun_newton_options;

enum { LUN_NEWTON_FINITE, LUN_NEWTON_ALIASED, LUN_NEWTON_INFINITE, LUN_NEWTON_HELD };

typedef struct lun_newton {
  double *x;             /* p: start values in, estimate out */
  double *gradient;      /* p, at the estimate */
  double *information;   /* p x p, at the estimate */
  unsigned char *status; /* p */
  double loglik_start, loglik;
  double decrement_start; /* gradient' information^-1 gradient at the start: the score test */
  size_t rank;           /* parameters that are neither aliased nor held */
  int iterations, converged;
  const char *why; /* a constant sentence when not converged or when a parameter is infinite; "" */
} lun_newton;

/* x, gradient, information and status are the caller's memory. Errors: ENOMEM, EINTR, EDATA when
 * the likelihood is not finite at the start. Anything else is a result with a status. The
 * iteration stops when the likelihood's relative change is below the tolerance and the predicted
 * gain below 1e-20, or no longer falls: the estimate is then exact to rounding. */
lun_status lun_newton_maximise(lun_env *env, lun_newton *out, const lun_newton_problem *problem,
                               const lun_newton_options *options);

#endif
