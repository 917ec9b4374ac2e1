/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * crosstab: tests and measures of cross-tables of counts. A table is row-major, r x c, of
 * non-negative counts (held as double). Empty rows and columns are left out of every test and its
 * degrees of freedom. A test that is not defined (one row left, say) has stat and p NaN.
 */
#ifndef LUN_CROSSTAB_H
#define LUN_CROSSTAB_H

#include "base/env.h"
#include "stat/prop.h"

typedef struct lun_chisq {
  double stat, df, p, log_p; /* log_p: natural logarithm, also where p underflows */
} lun_chisq;

/* A chi-square statistic with its upper tail. */
lun_chisq lun_chisq_make(double stat, double df);

/* Counts codes (0-based; -1 missing) a (ka levels) by b (kb levels) into table (ka x kb), which is
 * zeroed first. Returns the number of rows left out because a or b is missing. */
size_t lun_crosstab_count(double *table, const int32_t *a, size_t ka, const int32_t *b, size_t kb,
                          size_t n);

/* Pearson's chi-square; yates: continuity correction for 2 x 2 (limited to |O - E| as R does).
 * *smallest receives the smallest expected count (NULL: not wanted). */
lun_chisq lun_crosstab_chisq(const double *table, size_t r, size_t c, int yates, double *smallest);

/* Fisher's exact test of {a, b, c, d} = {{a, b}, {c, d}}. p sums the tables no likelier than the
 * observed one (relative tolerance 1e-7, as R); less and greater are one-sided for the odds ratio.
 * odds_ratio is the conditional maximum likelihood estimate, its limits invert the one-sided tests
 * (Cornfield 1956). tolerance 0 finds them to the last digits; LUN_ROOT_R_TOLERANCE stops where R's
 * fisher.test stops, about 5 digits in. NaN when a margin is empty, and p is then 1. */
typedef struct lun_fisher {
  double p, less, greater, odds_ratio, lower, upper;
} lun_fisher;
lun_fisher lun_crosstab_fisher(const double table[4], double level, double tolerance);

/* Fisher's exact p for r x c. The cost grows fast with the counts: ELIMIT after 1e8 partial tables
 * (a few seconds). Errors: ENOMEM, ELIMIT. */
lun_status lun_crosstab_fisher_rxc(lun_env *env, double *p, const double *table, size_t r,
                                   size_t c);

/* Cochran-Mantel-Haenszel for k tables of 2 x 2, table[4 * i ...] as above. Odds ratio of Mantel
 * and Haenszel (1959), limits of Robins, Breslow and Greenland (1986). correct: continuity
 * correction. Strata with fewer than two members are left out. */
typedef struct lun_cmh {
  lun_chisq test;
  double odds_ratio, lower, upper;
  size_t strata; /* used */
} lun_cmh;
lun_cmh lun_crosstab_cmh(const double *table, size_t k, int correct, double level);

/* Trend in the proportions x[i] / n[i] over score[i] (Cochran 1954, Armitage 1955), 1 df. */
lun_chisq lun_crosstab_trend(const double *x, const double *n, const double *score, size_t k);

/* McNemar: b and c are the discordant counts. correct: continuity correction (1 df chi-square).
 * lun_crosstab_mcnemar_exact: two-sided binomial p. */
lun_chisq lun_crosstab_mcnemar(double b, double c, int correct);
double lun_crosstab_mcnemar_exact(double b, double c);

/* Agreement of two ratings, k x k. power 0: unweighted, 1: linear, 2: quadratic weights. se by
 * Fleiss, Cohen and Everitt (1969); p tests kappa = 0 with se0. */
typedef struct lun_kappa {
  double kappa, se, lower, upper, se0, p;
} lun_kappa;
lun_kappa lun_crosstab_kappa(const double *table, size_t k, int power, double level);

#endif
