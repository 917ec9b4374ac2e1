/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * factor: making factors and changing their levels.
 */
#ifndef LUN_FACTOR_H
#define LUN_FACTOR_H

#include "data/col.h"

/* Any column as a factor: a factor itself; texts with levels in bytewise order; numbers and
 * integers with their distinct values in increasing order, dates as ISO texts. */
lun_status lun_factor_of(lun_env *env, lun_col **out, const lun_col *col);

/* The same values with these levels, in this order: every level that occurs must be among them
 * (EDATA naming the first row whose level is not). */
lun_status lun_factor_levels(lun_env *env, lun_col **out, const lun_col *col, lun_levels *levels);

/* ref becomes the first level (EINVAL when it is none), the others keep their order. */
lun_status lun_factor_relevel(lun_env *env, lun_col **out, const lun_col *col, const char *ref);

/* Without the levels that do not occur. */
lun_status lun_factor_drop(lun_env *env, lun_col **out, const lun_col *col);

/* count[0..levels) of each level; returns the number of missing values. */
size_t lun_factor_counts(const lun_col *col, size_t *count);

/* The cells of k factors of equal length as one factor with the levels "a, b", those that occur
 * only, in the order of the first factor, then of the second, ... */
lun_status lun_factor_cross(lun_env *env, lun_col **out, lun_col *const *cols, size_t k);

/* Numbers into n - 1 intervals [b1, b2) [b2, b3) ... between increasing breaks; right: (b1, b2] ...
 * The outermost breaks belong to their intervals. Values outside are EDATA naming the row.
 * labels: n - 1 names, or NULL for the intervals' own. Missing stays missing. */
typedef struct lun_cut {
  const double *breaks;
  const char *const *labels;
  size_t n;
  int right;
} lun_cut;
lun_status lun_factor_cut(lun_env *env, lun_col **out, const lun_col *col, const lun_cut *cut);

#endif
