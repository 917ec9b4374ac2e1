/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * prop: confidence limits of a proportion, and of the difference, ratio and odds ratio of two.
 * Pure functions of counts: x events among n (0 <= x <= n, n > 0; not checked here, the bindings
 * do). Limits are two-sided at confidence level `level` and are not clipped to the range of the
 * parameter (Wald and Agresti-Coull may leave it).
 */
#ifndef LUN_PROP_H
#define LUN_PROP_H

typedef struct lun_limits {
  double lower, upper;
} lun_limits;

typedef struct lun_prop_method {
  const char *name, *source;
  lun_limits (*limits)(double x, double n, double level);
} lun_prop_method;

/* All methods for one proportion, ended by a NULL name:
 *   clopper_pearson  exact, tails of alpha/2 each (Clopper & Pearson 1934); "exact" is the same
 *   wilson wilson_cc score, without and with continuity correction (Wilson 1927; Newcombe 1998)
 *   agresti_coull    Wald around (x + z^2/2) / (n + z^2) (Agresti & Coull 1998)
 *   jeffreys         beta(x + 1/2, n - x + 1/2), ends 0 and 1 at x = 0 and x = n (Brown 2001)
 *   mid_p            exact with half of the observed probability (Lancaster 1961)
 *   wald             estimate +- z SE
 *   arcsine          variance-stabilised with x + 3/8, n + 3/4 (Anscombe 1948)
 *   logit            Wald on the log odds; 1/2 added to both counts when x is 0 or n */
extern const lun_prop_method LUN_PROP_METHODS[];

/* Two groups, x1 of n1 against x0 of n0. */
typedef struct lun_prop_pair {
  double x1, n1, x0, n0;
} lun_prop_pair;

typedef struct lun_prop_contrast {
  const char *name, *source;
  double (*estimate)(lun_prop_pair t);
  lun_limits (*limits)(lun_prop_pair t, double level);
} lun_prop_contrast;

/* All contrasts, ended by a NULL name. Estimate: p1 - p0, p1 / p0 or the odds ratio.
 *   difference_wald, difference_newcombe (hybrid score, Newcombe 1998 method 10),
 *   difference_newcombe_cc (method 11), difference_miettinen_nurminen (1985, score with variance
 *   factor N/(N-1)), difference_agresti_caffo (2000),
 *   ratio_wald (Katz 1978, log scale), ratio_miettinen_nurminen (1985),
 *   odds_wald (Woolf 1955), odds_miettinen_nurminen (1985).
 * A ratio with a zero denominator is infinite; 0/0 is NaN. */
extern const lun_prop_contrast LUN_PROP_CONTRASTS[];

#endif
