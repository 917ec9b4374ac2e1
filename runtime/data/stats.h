/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stats: what a column comes to, missing values left out. Sums go in blocks of fixed size that
 * are combined pairwise.
 */
#ifndef LUN_STATS_H
#define LUN_STATS_H

#include "data/col.h"

typedef struct lun_stats {
  size_t n, missing;
  double sum, mean, sd, min, max; /* NaN when there are too few values: sd needs two */
} lun_stats;

/* Of numbers, integers, dates (days) and factor codes (a logical column: the share that is true);
 * of texts only n and missing. sd has the divisor n - 1. EDATA when a sum is not finite. */
lun_status lun_stats_of(lun_env *env, lun_stats *out, const lun_col *col);

/* out[i] = quantile at p[i] in 0..1, by linear interpolation (type 7 of Hyndman & Fan, Am Stat
 * 1996, R's default); NaN without values. EINVAL for a p out of range or a text column. */
lun_status lun_stats_quantiles(lun_env *env, double *out, const lun_col *col, const double *p,
                               size_t k);

/* Of sorted x[0..n), n > 0. */
double lun_quantile_sorted(const double *x, size_t n, double p);

#endif
