/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/nested: tests of a few coefficients of a fitted model, on the rows and the layout it has.
 */
#ifndef LUN_COX_NESTED_H
#define LUN_COX_NESTED_H

#include "surv/cox/cox.h"

/* Likelihood ratio test that the k coefficients with these column numbers are all 0: the model is
 * fitted again with them held there. Not given when none of them has a degree of freedom. Only
 * without sampling weights is its p-value one. Errors: ENOMEM, EINTR. */
lun_status lun_cox_lr_of(const lun_cox *fit, const size_t *column, size_t k, lun_cox_test *out);

/* Wald test that the k coefficients are a multiple of along (k): with W the inverse of their
 * variance, b'Wb - (along'Wb)^2 / along'Walong on one degree of freedom less than they have. With
 * along the coefficients of the identity in a spline's basis it is the test of nonlinearity.
 * work: k * (k + 3). */
lun_cox_test lun_cox_wald_beyond(const lun_cox *fit, const size_t *column, size_t k,
                                 const double *along, double *work);

#endif
