/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/expand: every risk set written out, for covariates that are a function of time (Therneau &
 * Grambsch 2000, section 3.7; tt() of R's survival). One row for each row at risk at each event
 * time; with the risk sets as strata the partial likelihood is that of the rows themselves.
 */
#ifndef LUN_COX_EXPAND_H
#define LUN_COX_EXPAND_H

#include "surv/cox/data.h"

typedef struct lun_cox_expanded {
  lun_pool pool;
  size_t n, sets;
  int32_t *row;  /* n: row of the input, from 0 */
  int32_t *set;  /* n: number of its risk set, from 0 */
  double *time;  /* n: the event time */
  int32_t *event; /* n: 1 when the row has its event then */
} lun_cox_expanded;

enum { LUN_COX_EXPANDED = 200000000 }; /* rows at most */

/* Reads start, stop, event, order and strata of the rows used: skip[i] leaves row i out. Event
 * times of each stratum one after another, increasing; within each the rows by number. Errors:
 * ENOMEM; ELIMIT beyond LUN_COX_EXPANDED rows. */
lun_status lun_cox_expand(lun_env *env, lun_cox_expanded *out, const lun_cox_input *in,
                          const unsigned char *skip);
void lun_cox_expanded_fini(lun_cox_expanded *e);

#endif
