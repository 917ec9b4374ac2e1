/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/refit: one model fitted again and again with other frequencies of its rows, for the
 * bootstrap. Rows are laid out once; a refit drops the rows that count 0 and the event times at
 * which nobody dies any more, and maximises, without tests or p-values.
 */
#ifndef LUN_COX_REFIT_H
#define LUN_COX_REFIT_H

#include "surv/cox/cox.h"

typedef struct lun_cox_refit {
  lun_pool pool;
  lun_cox_data base, data; /* of all rows; of a refit */
  size_t rows;     /* of the input */
  uint32_t *place; /* of each row of data in base */
  double *start;   /* p: where the search begins */
  lun_cox_terms terms;
  lun_newton newton;
} lun_cox_refit;

/* `in` without start and freq, ties Efron or Breslow. Errors: those of lun_cox_data_new. */
lun_status lun_cox_refit_init(lun_env *env, lun_cox_refit *r, const lun_cox_input *in,
                              lun_cox_ties ties);

/* coef[0 .. p): coefficients with count[row] copies of each row of the input; NaN where one is not
 * finite, the search did not converge, or no row with an event is left. Errors: ENOMEM, EINTR. */
lun_status lun_cox_refit_at(lun_cox_refit *r, const uint32_t *count, double *coef);

/* Accepts a zeroed object. */
void lun_cox_refit_fini(lun_cox_refit *r);

#endif
