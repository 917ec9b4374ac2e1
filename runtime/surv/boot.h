/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bootstrap of survival statistics. The response is sorted once; a replicate is one walk over the
 * sorted rows with their counts.
 */
#ifndef LUN_SURV_BOOT_H
#define LUN_SURV_BOOT_H

#include "stat/boot.h"
#include "surv/cox/cox.h"
#include "surv/surv.h"

typedef enum lun_boot_kind {
  LUN_BOOT_MEDIAN,   /* Kaplan-Meier median, R's rule; NaN: not reached */
  LUN_BOOT_SURVIVAL, /* S(at), carried on after the last time */
  LUN_BOOT_RMST      /* area under S up to at */
} lun_boot_kind;

extern const char *const LUN_BOOT_KINDS[]; /* names in that order, NULL-terminated */

typedef struct lun_boot_curve {
  const lun_surv *s;    /* sorted */
  const int32_t *code;  /* group of each row, -1 left out; NULL: one */
  size_t k;
  int32_t cause;        /* 0: any */
  lun_boot_kind kind;
  double at;
} lun_boot_curve;

/* The statistic of each group: sets task->k, work, statistic, ctx and serial, then runs it. */
lun_status lun_boot_curves(lun_env *env, lun_boot *out, const lun_boot_curve *curve,
                           lun_boot_task *task);

/* Coefficients of a Cox model (log hazard ratios); NaN where one is not finite or the fit did not
 * converge, or the resample has no event. in->freq must be NULL. */
lun_status lun_boot_cox(lun_env *env, lun_boot *out, const lun_cox_input *in, lun_cox_ties ties,
                        lun_boot_task *task);

#endif
