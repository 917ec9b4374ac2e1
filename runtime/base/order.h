/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * order: stable argsort and ranks. Ties keep their row order, missing values come last, and the
 * result depends on nothing but the values. Least-significant-digit radix sort on (key, row)
 * pairs, linear in n; passes in which all keys share their digit are skipped, so whole days cost
 * two or three passes instead of six.
 */
#ifndef LUN_ORDER_H
#define LUN_ORDER_H

#include "base/env.h"

/* index[0..n) becomes the rows of x in increasing order: x[index[0]] <= x[index[1]] <= ...
 * NaN last; -0 and +0 are tied. Errors: ENOMEM. */
lun_status lun_order_doubles(lun_env *env, size_t *index, const double *x, size_t n);

/* The same, and sorted[0..n) becomes the values in that order (-0 as +0). */
lun_status lun_order_sorted(lun_env *env, size_t *index, double *sorted, const double *x, size_t n);

/* The same for integers, dates and factor codes; INT32_MIN (missing) last. */
lun_status lun_order_ints(lun_env *env, size_t *index, const int32_t *x, size_t n);

/* rank[0..n): 1-based ranks among the values that are not NaN, ties averaged; NaN for NaN.
 * *ties receives the sum of t^3 - t over groups of t tied values (NULL: not wanted). */
lun_status lun_order_ranks(lun_env *env, double *rank, double *ties, const double *x, size_t n);

#endif
