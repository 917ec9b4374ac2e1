/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mvnorm: tail of the largest of several correlated normal variables. Pure, safe in threads.
 */
#ifndef LUN_MVNORM_H
#define LUN_MVNORM_H

#include <stddef.h>

enum { LUN_MVNORM_MAX = 8, LUN_MVNORM_RANK = 4 };

/* P(max |Z_i| > q) for n <= LUN_MVNORM_MAX standard normal variables with the n x n correlation
 * matrix corr, which may be singular: the integral runs over its rank (Genz & Kwong 2000), and sums
 * tails only, so that it keeps its digits when it is small. Relative error below 1e-7. NaN when the
 * rank is above LUN_MVNORM_RANK, corr is not positive semidefinite, or q is not above 0. */
double lun_mvnorm_max_tail(const double *corr, size_t n, double q);

#endif
