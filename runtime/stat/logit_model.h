/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * logit_model: what a logistic fit works on; shared by its fit and its profile, nobody else's.
 */
#ifndef LUN_LOGIT_MODEL_H
#define LUN_LOGIT_MODEL_H

#include "stat/logit.h"

typedef struct lun_logit_model {
  const lun_logit_input *in;
  size_t n, k, q, m; /* rows, columns with the intercept, equations, k * q */
  int firth;
  double *z;         /* n x k, row by row: ones, then centred and scaled columns */
  double *centre, *scale;
  double *prob;      /* n x (q + 1) */
  double *info, *inverse; /* m x m */
  double *augment;   /* n: 1 + h of Firth's augmented data, or NULL */
} lun_logit_model;

/* Ones, then each column centred (if asked for) and divided by its standard deviation. */
void lun_logit_standardise(lun_logit_model *d, int centred);

lun_status lun_logit_maximise(lun_env *env, lun_logit_model *d, lun_newton *fit,
                              const unsigned char *held);

/* Fills out->lower, upper and lr at `level`; leaves the columns standardised. held: room for m. */
lun_status lun_logit_profile(lun_env *env, lun_logit *out, lun_logit_model *d, lun_newton *fit,
                             unsigned char *held, const lun_logit_options *options);

#endif
