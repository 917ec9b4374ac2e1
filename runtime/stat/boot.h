/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * boot: the bootstrap (Efron 1979; Davison & Hinkley 1997). A resample is a count for each row; its
 * draws are keyed by (seed, stream, replicate), so replicate i is the same on any number of
 * threads.
 */
#ifndef LUN_BOOT_H
#define LUN_BOOT_H

#include "base/pool.h"

/* What is drawn: units (rows, or clusters of rows), as many from each stratum as it has. */
typedef struct lun_boot_plan {
  size_t n, units, strata;
  uint32_t *first, *rows; /* rows of unit u: rows[first[u] .. first[u + 1]) */
  uint32_t *stratum;      /* units of stratum h: stratum[h] .. stratum[h + 1] - 1 */
} lun_boot_plan;

/* strata (0..k-1) and cluster (0..c-1) by row, or NULL. Errors: EDATA naming the row without a
 * stratum or cluster, or whose cluster lies in two strata; ENOMEM. */
typedef struct lun_boot_design {
  const int32_t *strata, *cluster;
  size_t k, c;
} lun_boot_design;
lun_status lun_boot_plan_new(lun_pool *pool, lun_boot_plan *out, size_t n,
                             const lun_boot_design *design);

/* count[row]: how often the replicate holds the row. */
void lun_boot_draw(const lun_boot_plan *plan, uint64_t seed, const char *stream, size_t replicate,
                   uint32_t *count);

/* A statistic of k numbers of the rows with their counts, NaN where it is undefined. work: `work`
 * doubles. Must not allocate unless `serial`. */
typedef lun_status (*lun_boot_fn)(const void *ctx, const uint32_t *count, double *work,
                                  double *out);

typedef struct lun_boot_task {
  const lun_boot_plan *plan;
  uint64_t seed;
  const char *stream;
  size_t replicates;
  const uint32_t *given; /* replicates x n rows (0-based) instead of draws, or NULL */
  size_t k, work;
  lun_boot_fn statistic;
  const void *ctx;
  int serial, jackknife; /* one thread; also the statistic without each unit */
} lun_boot_task;

typedef struct lun_boot {
  lun_pool pool;
  size_t replicates, k, units; /* units: 0 without the jackknife */
  double *t0, *t, *jack;       /* k; k columns of replicates; k columns of units */
} lun_boot;

/* Errors: ENOMEM, EINTR, those of the statistic. */
lun_status lun_boot_run(lun_env *env, lun_boot *out, const lun_boot_task *task);
void lun_boot_fini(lun_boot *boot); /* accepts a zeroed one */

/* Limits from replicates t[0..n), NaN left out and counted: quantiles (R's type 7), basic
 * 2 t0 - quantile, and BCa (Efron 1987) with z0 from the share below t0 and the acceleration of the
 * jackknife values (jack NULL, or one undefined: no BCa). NaN where there is none. */
typedef struct lun_boot_limits {
  size_t undefined;
  double mean, se, percentile[2], basic[2], bca[2], probs[2], z0, acceleration;
} lun_boot_limits;
typedef struct lun_boot_values {
  const double *t, *jack;
  size_t n, units;
  double t0;
} lun_boot_values;
lun_status lun_boot_limits_of(lun_env *env, lun_boot_limits *out, const lun_boot_values *in,
                              double level);

#endif
