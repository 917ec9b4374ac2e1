/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ipcw: whether the event has happened by a time t, of right-censored rows, with inverse
 * probability of censoring weights (Graf et al. 1999; Uno et al. 2007; Blanche et al. 2013). G is
 * the Kaplan-Meier curve of the censoring in which, at equal times, events leave first (prodlim).
 *
 *     event of the cause at T <= t: weight 1 / G(T-), outcome 1; other causes: the same, outcome 0
 *     T > t:                        weight 1 / G(t),  outcome 0
 *     censored at T <= t:           weight 0
 */
#ifndef LUN_IPCW_H
#define LUN_IPCW_H

#include "surv/surv.h"

typedef struct lun_ipcw {
  lun_pool pool;
  const lun_surv *s;
  size_t steps;           /* distinct times up to t */
  double *weight;         /* n */
  unsigned char *outcome; /* n */
  uint32_t *reach;        /* n: a weight depends on the censorings at the first so many times */
  double *risk, *censored; /* steps: at risk of being censored (events have left), and censored */
} lun_ipcw;

/* cause: the status that is the event; 0: any. Errors: EINVAL with delayed entry; EDATA when t is
 * not above 0 or nobody is observed up to t; ENOMEM. */
lun_status lun_ipcw_init(lun_env *env, lun_ipcw *out, lun_surv *s, double t, int32_t cause);
void lun_ipcw_fini(lun_ipcw *w);

/* influence[k] += sum over i of x[i] d log weight[i] / d (case weight of row k), where x[i] is
 * what row i adds to a sum, its weight included. Errors: ENOMEM. */
lun_status lun_ipcw_influence(const lun_ipcw *w, const double *x, double *influence);

/* The same from the martingale of the censorings as timeROC has it: rows are taken one by one in
 * the order of time and row number, and a jump lies at the first row of its time. Errors: ENOMEM. */
lun_status lun_ipcw_influence_by_row(const lun_ipcw *w, const double *x, double *influence);

#endif
