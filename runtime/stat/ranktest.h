/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ranktest: comparisons of location and correlations. All inputs are free of NaN (the bindings
 * drop and count missing values). A test that is not defined (no spread, too few values) has NaN
 * in its fields; nothing here divides by zero silently into an infinity.
 */
#ifndef LUN_RANKTEST_H
#define LUN_RANKTEST_H

#include "base/env.h"

/* x minus y. pooled: common variance, else Welch (1947) with Satterthwaite's degrees of freedom. */
typedef struct lun_ttest {
  double t, df, p, log_p, mean_x, mean_y, difference, lower, upper;
} lun_ttest;
lun_ttest lun_rank_ttest(const double *x, size_t nx, const double *y, size_t ny, int pooled,
                         double level);

typedef enum lun_exact { LUN_EXACT_AUTO, LUN_EXACT_YES, LUN_EXACT_NO } lun_exact;

/* AUTO is R's rule: exact when both samples (or all pairs) are below 50 and nothing is tied. */
typedef struct lun_rank_options {
  lun_exact exact;
  int correct;      /* continuity correction of the normal approximation */
  int limits;       /* also the Hodges-Lehmann estimate and its limits */
  double level;
  double tolerance; /* of the limits; 0: all digits; R stops at 1e-4 */
} lun_rank_options;

typedef struct lun_rank {
  double stat; /* W = U of x, or V */
  double p, estimate, lower, upper;
  int exact;   /* p is exact */
  size_t n;    /* pairs used: zero differences are dropped (signed rank) */
} lun_rank;

/* Mann-Whitney (Wilcoxon rank sum) test; estimate: Hodges-Lehmann shift of x against y. The exact
 * distribution is that without ties: with ties AUTO is normal and YES is EINVAL. Memory: the
 * nx * ny differences when limits are wanted from exact counts, else O(nx + ny). */
lun_status lun_rank_mann_whitney(lun_env *env, lun_rank *out, const double *x, size_t nx,
                                 const double *y, size_t ny, const lun_rank_options *options);

/* Wilcoxon signed rank test of differences d; zeros are dropped (Wilcoxon), ties averaged. */
lun_status lun_rank_signed(lun_env *env, lun_rank *out, const double *d, size_t n,
                           const lun_rank_options *options);

typedef struct lun_oneway {
  double stat, df, df2, p, log_p; /* df2: NaN for Kruskal-Wallis */
} lun_oneway;

/* k groups, group[i] in 0..k-1; groups without values do not count. */
lun_status lun_rank_kruskal(lun_env *env, lun_oneway *out, const double *x, const int32_t *group,
                            size_t n, size_t k);
/* One-way analysis of variance; welch: unequal variances (Welch 1951). */
lun_status lun_rank_anova(lun_env *env, lun_oneway *out, const double *x, const int32_t *group,
                          size_t n, size_t k, int welch);

typedef struct lun_correlation {
  double r, t, df, p, lower, upper; /* limits: Pearson, Fisher's z */
} lun_correlation;
lun_correlation lun_rank_pearson(const double *x, const double *y, size_t n, double level);
/* Spearman: Pearson on averaged ranks, p by the t approximation (R: exact = FALSE); no limits. */
lun_status lun_rank_spearman(lun_env *env, lun_correlation *out, const double *x, const double *y,
                             size_t n);

#endif
