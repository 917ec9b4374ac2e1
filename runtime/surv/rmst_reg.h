/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rmst_reg: regression of the restricted mean survival time on covariates (Tian, Zhao & Wei 2014,
 * Biostatistics 15:222; as survRM2). min(T, tau) of the rows whose value is known is regressed
 * with the weights 1 / G, G the Kaplan-Meier curve of the censoring in the row's group. Case weights
 * multiply them and the rows of G; the sandwich then is that of the weighted rows, taken as known.
 */
#ifndef LUN_RMST_REG_H
#define LUN_RMST_REG_H

#include "surv/surv.h"

typedef enum lun_rmst_link {
  LUN_RMST_DIFFERENCE, /* mean = x b */
  LUN_RMST_RATIO,      /* mean = exp(x b) */
  LUN_RMST_LOSS_RATIO  /* tau - mean = exp(x b) */
} lun_rmst_link;

typedef struct lun_rmst_reg_input {
  lun_surv *s;
  const int32_t *group; /* 0..k-1 by row: each has its own censoring; NULL: one */
  size_t k;
  int32_t cause; /* status that is the event; 0: any */
  double tau;    /* above 0 */
  const double *weight; /* case weights by row, above 0; NULL: 1 */
  size_t p;
  const double *const *x; /* p columns besides the intercept, complete */
} lun_rmst_reg_input;

/* Intercept first: q = p + 1 coefficients in the data's units; NaN for a redundant column. */
typedef struct lun_rmst_reg {
  lun_pool pool;
  size_t n, q, rank, known; /* known: rows whose min(T, tau) is observed */
  double *coef, *se, *z, *pvalue; /* q */
  double *vcov;                   /* q x q: includes the estimation of G */
  unsigned char *status;          /* q: LUN_NEWTON_* */
  int converged;
  const char *why;
} lun_rmst_reg;

/* Errors: EINVAL with delayed entry; EDATA when a value is missing, or a group with rows is not
 * followed to tau (its largest time is a censoring before tau); ENOMEM, EINTR. */
lun_status lun_rmst_reg_fit(lun_env *env, lun_rmst_reg *out, const lun_rmst_reg_input *in,
                            lun_rmst_link link);
void lun_rmst_reg_fini(lun_rmst_reg *fit); /* accepts a zeroed one */

#endif
