/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * riskset: the one walk over risk sets. It goes from the last time to the first, so that a number
 * at risk is the sum of the rows still there and never a difference of large sums. Whole-day times
 * of large cohorts are walked over a table of counts, without a sort.
 */
#ifndef LUN_RISKSET_H
#define LUN_RISKSET_H

#include "surv/surv.h"

typedef struct lun_riskset_options {
  const int32_t *group;  /* by row, 0..k-1, -1 left out; NULL: one group */
  size_t k;              /* number of groups; 0 counts as 1 */
  const double *weight;  /* by row, > 0, or NULL */
  int32_t cause;         /* status that is the event, the others are censorings; 0: any but 0 */
  /* One stratum (of lun_surv_split); rows NULL: all rows. */
  size_t count;
  const uint32_t *rows,
      *entries; /* count rows by time, and by entry (NULL without delayed entry) */
} lun_riskset_options;

/* At the current time, for each group: rows (or their weight) at risk just before it, with an
 * event at it, censored at it. The sums over groups are n and d. */
typedef struct lun_riskset {
  size_t k;
  double time;
  size_t at; /* in a sorted walk: distinct[at] is the time */
  double n, d;
  double *n_risk, *n_event, *n_censor; /* k */
  /* private */
  const lun_surv *s;
  lun_riskset_options o;
  int whole;             /* the walk is over all rows of s->order */
  size_t left, entered;  /* rows before the current time; entries that are still inside */
  const uint32_t *table; /* table[(t k + g) 2 + censored], or NULL: walk the sorted rows */
} lun_riskset;

/* Makes a walk in `pool`; it starts after the last time. Sorts s when it must. `sorted` nonzero:
 * walk the sorted rows in any case (for `at`). Errors: ENOMEM, those of lun_surv_sort. */
lun_status lun_riskset_init(lun_pool *pool, lun_riskset *w, lun_surv *s,
                            const lun_riskset_options *o, int sorted);

/* To the next earlier time at which a row of the walk ends; 0 when there is none. */
int lun_riskset_next(lun_riskset *w);

/* Back to the start. */
void lun_riskset_rewind(lun_riskset *w);

/* Most times the walk can stop at. */
size_t lun_riskset_times(const lun_riskset *w);

#endif
