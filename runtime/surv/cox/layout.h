/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/layout: what a Cox model reads of the response and the weights: the order of the rows, the
 * event times and who is at risk at them. All models of a response without strata, weights and
 * missing values have the same, which the first of them makes and the response keeps.
 */
#ifndef LUN_COX_LAYOUT_H
#define LUN_COX_LAYOUT_H

#include "surv/cox/data.h"

typedef struct lun_cox_layout {
  lun_pool pool;
  size_t users; /* the response and the models that read it; the last one frees it */
  int32_t cause;
  lun_cox_data data; /* without columns and offset */
} lun_cox_layout;

/* Fills all of d (zeroed before) but columns and offset, in pool. Errors: see lun_cox_data_new. */
lun_status lun_cox_layout_make(lun_pool *pool, lun_cox_data *d, const lun_cox_input *in);

/* The same with the layout of *in->shared, made when it is NULL or of another cause. `in` has no
 * strata, weights or missing values. */
lun_status lun_cox_layout_share(lun_env *env, lun_cox_data *d, const lun_cox_input *in);

/* Accepts NULL. */
void lun_cox_layout_leave(lun_cox_layout *layout);

#endif
