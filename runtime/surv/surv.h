/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * surv: the response of a survival analysis: right-censored or (start, stop] times with causes.
 * Validated once, near ties merged once, sorted once; every estimator shares it.
 */
#ifndef LUN_SURV_H
#define LUN_SURV_H

#include "base/pool.h"

/* Plain arrays of n rows. No missing values: callers leave incomplete rows out and count them. */
typedef struct lun_surv_input {
  size_t n;
  const double *time;    /* end of observation, >= 0 */
  const int32_t *status; /* 0 censored, 1..k the cause of the event */
  const double *start;   /* begin of observation, < time; NULL: all from the origin */
  int exact_ties;        /* 1: only equal doubles are ties */
} lun_surv_input;

typedef struct lun_surv {
  lun_env *env;
  lun_pool pool;
  size_t n, events;
  int32_t causes;  /* largest status */
  size_t merged;   /* distinct times that were merged into an earlier one */
  double *time;    /* n, by row, near ties merged */
  double *start;   /* n, by row; NULL without delayed entry */
  int32_t *status; /* n, by row */
  size_t *order;   /* rows by time; at equal times events before censorings, then by row */
  size_t *entry;   /* rows by start; NULL without delayed entry */
} lun_surv;

/* Near ties: distinct times (start times too) closer than sqrt(DBL_EPSILON) times their mean are
 * one time, the smallest of the chain (R: survival::aeqSurv, without its absolute rule, which would
 * merge all times of a study in small units). Errors: EDATA naming the row. */
lun_status lun_surv_init(lun_env *env, lun_surv *out, const lun_surv_input *in);
void lun_surv_fini(lun_surv *s); /* accepts a zeroed one */

/* Rows of each group in order of time: rows[first[g] .. first[g + 1]) for g < k. code: 0..k-1, or
 * -1 for a row that is left out; NULL: one group. first has k + 1 places, rows n. */
void lun_surv_group(const lun_surv *s, const size_t *sorted, const int32_t *code, size_t k,
                    size_t *first, size_t *rows);

#endif
