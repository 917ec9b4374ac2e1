/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * performance: how well a marker or a predicted probability tells, at one time, who has had the
 * event, under censoring: area under the time-dependent ROC curve and Brier score.
 */
#ifndef LUN_PERFORMANCE_H
#define LUN_PERFORMANCE_H

#include "surv/ipcw.h"

typedef struct lun_auc {
  lun_pool pool;
  size_t n, cases, controls, censored; /* rows of each kind; censored before the time */
  double auc, se;                      /* NaN without cases or controls */
  double *influence;                   /* n: first-order change of auc by each row */
  /* The curve, from (0, 0), where threshold is NaN, to (1, 1): marker >= threshold is positive. */
  size_t points;
  double *threshold, *fpr, *tpr;
} lun_auc;

/* Cumulative cases (event of the cause by t) against dynamic controls (no such event by t), each
 * pair with the product of its weights, ties of the marker one half (Uno et al. 2007; Blanche et
 * al. 2013). marker: n values, larger for an earlier event. se: the rows' influence with that of
 * the estimated G, sqrt(sum of squares / (n (n - 1))) of n times it. by_row: as timeROC, see
 * ipcw.h; without competing causes only. Errors: EDATA (NaN marker), ENOMEM. */
lun_status lun_auc_init(lun_env *env, lun_auc *out, const lun_ipcw *w, const double *marker,
                        int by_row);
void lun_auc_fini(lun_auc *a);

/* Brier score at t: mean of weight (outcome - risk)^2 (Graf et al. 1999). risk: n predicted
 * probabilities of the event by t. influence: n, written. Errors: EDATA (risk outside 0 to 1),
 * ENOMEM. */
typedef struct lun_brier {
  double score, se;
} lun_brier;
lun_status lun_brier_score(lun_env *env, lun_brier *out, const lun_ipcw *w, const double *risk,
                           double *influence);

/* sqrt(n / (n - 1) sum of squares): the standard error from n influences. NaN below 2. */
double lun_influence_se(const double *influence, size_t n);

#endif
