/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * finegray/censor: the probability C of not being censored before a time, by group, which carries
 * a row with a competing event on. With delayed entry C is times H, the probability of having
 * entered, estimated by the product limit of the entries in reversed time.
 */
#ifndef LUN_FINEGRAY_CENSOR_H
#define LUN_FINEGRAY_CENSOR_H

#include "surv/surv.h"

/* Arrays of groups x m, over the distinct times of the response: array[group * m + time]. */
typedef struct lun_finegray_censor {
  size_t groups, m;
  double *gone; /* weight of the censorings at the time */
  double *risk; /* weight at risk of being censored at it */
  double *prob; /* C just before the time; 0 after the group's last time */
} lun_finegray_censor;

/* s is sorted. group: 0..groups-1 by row, or NULL. weight: by row, or NULL: rows are counted.
 * deaths_first: those with an event at a time are not at risk of being censored at it. ENOMEM. */
lun_status lun_finegray_censor_new(lun_pool *pool, lun_finegray_censor *out, const lun_surv *s,
                                   const int32_t *group, size_t groups, const double *weight,
                                   int deaths_first);

#endif
