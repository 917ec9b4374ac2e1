/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * summary: descriptions of one variable, and how far two groups differ in it. NaN is missing and
 * is left out and counted.
 */
#ifndef LUN_SUMMARY_H
#define LUN_SUMMARY_H

#include "base/env.h"

/* Quantile definitions: R's type 7 (default of R and NumPy), type 2 (SAS, PCTLDEF=5: averages at
 * jumps), type 6 (SPSS, Minitab). Hyndman & Fan 1996. */
typedef enum lun_quantile_type {
  LUN_QUANTILE_R = 7,
  LUN_QUANTILE_SAS = 2,
  LUN_QUANTILE_SPSS = 6
} lun_quantile_type;

/* sorted[0..n) without NaN, 0 <= p <= 1; NaN when n is 0. */
double lun_quantile(const double *sorted, size_t n, double p, lun_quantile_type type);

typedef struct lun_summary {
  size_t n, missing;
  double mean, sd, min, max, median, q1, q3; /* NaN where n is too small; sd with n - 1 */
} lun_summary;

/* Mean by compensated summation (Neumaier 1974), variance by the corrected two-pass formula (Chan,
 * Golub & LeVeque 1983). Errors: ENOMEM. */
lun_status lun_summary_fit(lun_env *env, lun_summary *out, const double *x, size_t n,
                           lun_quantile_type type);

/* --- moments with weights (w NULL: all 1); rows with x or w NaN are left out ----------------- */

typedef struct lun_moments {
  double n, sum_w, sum_w2, mean, variance; /* variance: sum w (x-m)^2 / (sum w - sum w^2 / sum w) */
} lun_moments;

/* Of the rows with group[i] == which (group NULL: all rows). */
lun_moments lun_moments_of(const double *x, const double *w, const int32_t *group, int32_t which,
                           size_t n);

/* (sum w)^2 / sum w^2 of one group (Kish 1965). */
double lun_effective_size(const double *w, const int32_t *group, int32_t which, size_t n);

/* --- balance between group 1 and group 0 ----------------------------------------------------- */

/* Denominators of the standardised mean difference, always from the unweighted sample: pooled
 * sqrt((v1 + v0) / 2), or the standard deviation of one group (ATT: treated, ATC: control). A
 * binary variable has variance p (1 - p), without n - 1. (Austin 2009; cobalt, Greifer.) */
typedef enum lun_smd_scale { LUN_SMD_POOLED, LUN_SMD_TREATED, LUN_SMD_CONTROL } lun_smd_scale;

typedef struct lun_balance {
  double mean1, mean0, difference,
      smd; /* smd: NaN when the denominator is 0 and the means differ */
  double variance_ratio;                /* group 1 over group 0; NaN for a binary variable */
  double ks; /* largest distance of the weighted distribution functions */
  int binary;                           /* only the values 0 and 1 occur */
} lun_balance;

/* group: 1 and 0 (others are left out). w NULL: unweighted. Errors: ENOMEM. */
lun_status lun_balance_fit(lun_env *env, lun_balance *out, const double *x, const int32_t *group,
                           const double *w, size_t n, lun_smd_scale scale);

/* Standardised difference of a factor with k levels between two groups, one number: the
 * Mahalanobis distance of the proportions (Yang & Dalton 2012). count1, count0: k. Levels without
 * patients are left out; NaN when undefined. work: k k + 2 k. */
double lun_smd_factor(const double *count1, const double *count0, size_t k, double *work);

#endif
