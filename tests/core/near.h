/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * near: relative comparisons for cmocka tests. Include after cmocka.h.
 */
#ifndef LUN_NEAR_H
#define LUN_NEAR_H

#include <math.h>
#include <stdio.h>

/* |a - b| <= tol * max(|a|, |b|), or both equal (infinities), or both NaN. */
static inline int near_rel(double expected, double actual, double tol)
{
  if (expected == actual || (isnan(expected) && isnan(actual))) return 1;
  return fabs(expected - actual) <= tol * fmax(fabs(expected), fabs(actual));
}

#define ASSERT_NEAR(expected, actual, tol)                                                        \
  do {                                                                                            \
    double near_e = (expected), near_a = (actual);                                                \
    if (!near_rel(near_e, near_a, (tol))) {                                                       \
      fprintf(stderr, "# %s:%d: %s: expected %.17g, found %.17g\n", __FILE__, __LINE__, #actual,  \
              near_e, near_a);                                                                    \
      fail();                                                                                     \
    }                                                                                             \
  } while (0)

#endif
