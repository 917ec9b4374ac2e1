/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/residuals: residuals of a fitted model, in the units of the data (Therneau & Grambsch 2000,
 * ch. 4 and 7). Rows come in the order of the input, rows left out by the fit excepted
 * (fit->data.used); Schoenfeld residuals come one for each event, by stratum and time.
 */
#ifndef LUN_COX_RESIDUALS_H
#define LUN_COX_RESIDUALS_H

#include "surv/cox/cox.h"

typedef enum lun_cox_residual {
  LUN_COX_MARTINGALE, /* event - expected number of events */
  LUN_COX_DEVIANCE,   /* the same made symmetric */
  LUN_COX_SCORE,      /* contribution to the score, without the row's weight */
  LUN_COX_DFBETA,     /* change of the coefficients if the row is left out, first order, weighted */
  LUN_COX_DFBETAS,    /* the same over the model-based standard errors */
  LUN_COX_SCHOENFELD, /* x minus its mean over the risk set, at each event */
  LUN_COX_SCALED /* V events Schoenfeld + coef: smooths to beta(t) (Grambsch & Therneau 1994) */
} lun_cox_residual;

/* out: columns one after another, each of lun_cox_residual_rows() values; 1 column for martingale
 * and deviance, else p. Columns of coefficients that are not finite are 0 where V is used. */
lun_status lun_cox_residuals(const lun_cox *fit, lun_cox_residual type, double *out);
size_t lun_cox_residual_rows(const lun_cox *fit, lun_cox_residual type);

/* Event time and input row (0-based) of each Schoenfeld residual. */
void lun_cox_event_rows(const lun_cox *fit, double *time, size_t *row);

/* Linear predictor of the rows used: sum of coef (x - centre), plus the offset. */
void lun_cox_linear(const lun_cox *fit, double *out);

typedef enum lun_cox_transform {
  LUN_COX_KM,
  LUN_COX_IDENTITY,
  LUN_COX_RANK,
  LUN_COX_LOG
} lun_cox_transform;

/* Score test of proportional hazards (cox.zph of R's survival from version 3): for each group of
 * columns a test that their coefficients do not change with g(time), and one for all together.
 * group[j] (0 .. groups-1): the term of column j; tests: groups + 1, the last for all.
 * g: transformed event times of the events, as lun_cox_event_rows orders them; may be NULL.
 * km: 1 - Kaplan-Meier just before the event, all strata together. Errors: EINVAL (log of 0). */
lun_status lun_cox_zph(lun_cox *fit, lun_cox_transform transform, const size_t *group,
                       size_t groups, lun_cox_test *tests, double *g);

#endif
