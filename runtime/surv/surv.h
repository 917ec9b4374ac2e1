/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * surv: the response of survival analysis: right-censored times, or (start, stop] with delayed
 * entry, with causes. Validated once, sorted once, tie tolerance applied once; Kaplan-Meier,
 * log-rank, Cox and concordance share it.
 *
 * A row is at risk at time t when start < t <= stop: an entry at an event time is not at risk, a
 * censoring at an event time is. Near ties: unique times (of stop and start together) that differ
 * from their neighbour by no more than tolerance times the mean absolute unique time become the
 * smallest of their chain (the relative part of R's timefix; Therneau, survival vignette
 * "tiedtimes"). R's absolute part, which merges everything when times are in units of 1e-9, is off
 * unless asked for.
 */
#ifndef LUN_SURV_H
#define LUN_SURV_H

#include "base/pool.h"

#define LUN_SURV_TOLERANCE 1.4901161193847656e-08 /* sqrt of the double's epsilon */

typedef struct lun_surv_data {
  size_t n;
  const double *time;    /* n: time of event or censoring (stop), from 0 */
  const double *start;   /* n: entry, or NULL: everyone from the beginning */
  const int32_t *status; /* n: 0 censored, k > 0 event of cause k */
} lun_surv_data;

typedef struct lun_surv_options {
  double tolerance; /* of near ties; 0: times are taken as they are */
  int absolute;     /* nonzero: differences up to `tolerance` itself tie too, as in R */
} lun_surv_options;

/* The arrays of `in` are borrowed: they must outlive the object. */
typedef struct lun_surv {
  lun_pool pool;
  lun_surv_options opt;
  size_t n;
  const double *time, *start; /* n, by row: as given; near ties are merged by lun_surv_sort */
  const int32_t *status;
  size_t events;  /* rows with status > 0 */
  int32_t causes; /* largest status */
  double last;    /* largest time; 0 when there are no rows */
  int whole;      /* all times (starts too) are whole numbers and few enough for a table */
  /* Valid after lun_surv_sort: */
  int sorted;
  size_t m;              /* distinct times */
  size_t merged;         /* unique times that a near tie removed */
  const double *distinct; /* m, increasing */
  const uint32_t
      *begin; /* m + 1: rows order[begin[k]] .. order[begin[k + 1] - 1] end at distinct[k] */
  const uint32_t *deaths; /* m: how many of them, the first ones, have an event */
  const uint32_t *order; /* n rows by time; at equal times events before censorings */
  const uint32_t *index; /* n, by row: its time is distinct[index[row]] */
  const uint32_t *entry; /* n, by row, or NULL: number of distinct times up to its start, so that
                            the row is at risk at distinct[k] when entry[row] <= k <= index[row] */
  const uint32_t *by_entry; /* n rows by increasing entry, or NULL */
  struct lun_cox_layout *cox; /* kept from one Cox model to the next, or NULL */
} lun_surv;

/* Checks the data. opt NULL: tolerance LUN_SURV_TOLERANCE, relative only. EDATA naming the row
 * (from 1) of a missing, infinite or negative time, start >= stop, negative status; ELIMIT beyond
 * 2^32 - 2 rows. Nothing is sorted yet. */
lun_status lun_surv_init(lun_env *env, lun_surv *s, const lun_surv_data *in,
                         const lun_surv_options *opt);

/* Fills the fields below `sorted`; does nothing the second time. EDATA when a row's start and stop
 * are one time within the tolerance; ENOMEM. */
lun_status lun_surv_sort(lun_env *env, lun_surv *s);

/* Accepts a zeroed object. */
void lun_surv_fini(lun_surv *s);

/* Rows of each stratum in the order of `sorted` (order or by_entry): rows[first[h] .. first[h + 1])
 * for h < k. code: 0..k-1 by row, -1 left out. first has k + 1 places, rows n. */
void lun_surv_split(const lun_surv *s, const uint32_t *sorted, const int32_t *code, size_t k,
                    size_t *first, uint32_t *rows);

/* EDATA naming the row of a weight that is not above 0 and finite; weight NULL is fine. */
lun_status lun_surv_check_weights(lun_env *env, const lun_surv *s, const double *weight);

#endif
