/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * finegray/predict: the cumulative subdistribution hazard of given subjects, with its standard
 * error: the rows' influence on the baseline and on the coefficients, summed over clusters. That on
 * the baseline is a score residual whose covariate is 1 / S0 up to the time, so that the estimation
 * of the censoring distribution enters it as it enters the score (Fine & Gray 1999, sections 3-4).
 */
#ifndef LUN_FINEGRAY_PREDICT_H
#define LUN_FINEGRAY_PREDICT_H

#include "surv/finegray/finegray.h"

typedef struct lun_finegray_query {
  size_t subjects;
  const double *const *x; /* p columns of subjects values */
  const double *offset;   /* subjects, or NULL */
  const int32_t *stratum; /* subjects, numbers as in the input; NULL without strata */
  size_t times;
  const double *time;
} lun_finegray_query;

/* cumhaz, se: subjects x times. se is NaN when a coefficient is infinite. fit: of the same input
 * and options. Errors: ENOMEM, those of lun_finegray_data_new. */
lun_status lun_finegray_predict(const lun_finegray *fit, const lun_finegray_input *in,
                                const lun_finegray_options *options,
                                const lun_finegray_query *query, double *cumhaz, double *se);

#endif
