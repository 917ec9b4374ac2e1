/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * gray: k-sample test of cumulative incidence of one cause (Gray 1988, Annals of Statistics
 * 16:1141, section 2; with his finite-sample factors for ties, as cmprsk::cuminc). The weight is (1
 * - F)^rho of the pooled incidence F just before the time.
 */
#ifndef LUN_GRAY_H
#define LUN_GRAY_H

#include "surv/surv.h"

typedef struct lun_gray_options {
  int32_t cause; /* from 1 */
  double rho;
  const int32_t *strata; /* codes, -1 left out; NULL: one stratum */
  size_t strata_count;
} lun_gray_options;

typedef struct lun_gray {
  lun_env *env;
  lun_pool pool;
  size_t k, used, missing; /* rows with a group and a stratum; the others */
  double *score,
      *variance; /* k; k x k: weighted events less those expected under equal incidence */
  double chisq;             /* NaN when there is nothing to compare */
  size_t df;                /* rank of the variance */
  double p, log10_p;
} lun_gray;

/* code: group of each row, 0..k-1, -1 left out. Errors: EINVAL with delayed entry; ENOMEM, EINTR.
 */
lun_status lun_gray_init(lun_env *env, lun_gray *out, lun_surv *s, const int32_t *code, size_t k,
                         const lun_gray_options *options);
void lun_gray_fini(lun_gray *r);

#endif
