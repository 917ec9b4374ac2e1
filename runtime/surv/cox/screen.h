/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/screen: one Cox model for each of many columns, each alone. The rows are sorted once, and
 * four columns are fitted at a time, one in each lane. A column with missing values, without a
 * finite coefficient or on which plain Newton steps do not settle goes to lun_cox_fit, as do all
 * columns of data with strata, weights, offset, clusters or delayed entry: the answers are those of
 * lun_cox_fit.
 */
#ifndef LUN_COX_SCREEN_H
#define LUN_COX_SCREEN_H

#include "surv/cox/cox.h"

/* In the units of the data; NaN where lun_cox_fit gives none, or finds no rows or no events. */
typedef struct lun_cox_screen {
  lun_pool pool;
  size_t p;
  double *coef, *se, *z, *pvalue, *log10_p; /* p */
} lun_cox_screen;

/* ties: Efron or Breslow on lanes, exact by lun_cox_fit. in->order is needed. Errors: EDATA
 * without any event; EINVAL, ENOMEM and EINTR of lun_cox_fit. */
lun_status lun_cox_screen_fit(lun_env *env, lun_cox_screen *out, const lun_cox_input *in,
                              const lun_cox_options *options);

/* Accepts a zeroed object. */
void lun_cox_screen_fini(lun_cox_screen *s);

#endif
