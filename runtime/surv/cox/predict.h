/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/predict: what a fitted model says of other rows (Therneau & Grambsch 2000, section 10.2).
 */
#ifndef LUN_COX_PREDICT_H
#define LUN_COX_PREDICT_H

#include "surv/cox/cox.h"

/* n rows in the units of the data. NaN in a column that counts: the row's answers are NaN. */
typedef struct lun_cox_rows {
  size_t n;
  const double *const *x;  /* the p columns */
  const double *offset;    /* n, or NULL */
  const int32_t *stratum;  /* n codes in the input of the fit, -1 missing; NULL: 0 */
} lun_cox_rows;

/* Weighted means of the columns x of the rows used, for each of `levels` strata (NULL: one); NaN
 * for a stratum without rows. out: levels * p, stratum by stratum. */
lun_status lun_cox_means(const lun_cox *fit, const double *const *x, const int32_t *strata,
                         size_t levels, double *out);

/* lp: sum of coef (x - reference) over the wanted columns (NULL: all), without offset; se: by the
 * fit's variance. reference: p values for each stratum code, or NULL: 0. A redundant column counts
 * as 0; se is NaN where a column without finite coefficient differs from its reference. */
lun_status lun_cox_linear_of(const lun_cox *fit, const lun_cox_rows *rows, const double *reference,
                             const unsigned char *wanted, double *lp, double *se);

/* Expected number of events over (start, stop] (start NULL: from 0) and its standard error; 0 in a
 * stratum without events. The variance is that of lun_cox_curve. Errors: ENOMEM. */
lun_status lun_cox_expected(const lun_cox *fit, const lun_cox_rows *rows, const double *start,
                            const double *stop, double *expected, double *se);

#endif
