/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * concord: concordance of a marker with a survival time (Harrell 1982; Uno et al. 2011; weights of
 * Therneau & Watson 2017), with the infinitesimal jackknife variance, in O(n log n).
 */
#ifndef LUN_CONCORD_H
#define LUN_CONCORD_H

#include "base/pool.h"

/* Weight of the pairs whose earlier member dies at t; n at risk, S and G just before t. */
typedef enum lun_concord_weight {
  LUN_CONCORD_N,        /* 1: Harrell's C */
  LUN_CONCORD_S,        /* n S / (at risk) */
  LUN_CONCORD_S_OVER_G, /* n S / (G at risk): Schemper */
  LUN_CONCORD_N_OVER_G2, /* 1 / G^2: Uno's C */
  LUN_CONCORD_I         /* 1 / (at risk) */
} lun_concord_weight;

extern const char *const LUN_CONCORD_WEIGHTS[];

/* Plain arrays of n rows, NULL where absent; rows with marker NaN or stratum -1 take no part. */
typedef struct lun_concord_input {
  size_t n;
  const double *start, *stop;
  const unsigned char *event;
  const double *marker;   /* larger: earlier event expected (a risk score) */
  const int32_t *strata;  /* pairs are formed within strata */
  const double *weights;
  const int32_t *cluster; /* numbers below clusters; the variance sums over clusters */
  size_t clusters;
} lun_concord_input;

typedef struct lun_concord_options {
  lun_concord_weight weight;
  double until; /* pairs whose earlier death is later do not count; 0: no limit */
} lun_concord_options;

typedef struct lun_concord {
  lun_pool pool;
  size_t rows;       /* that took part */
  double concordant, discordant, tied_marker, tied_time, tied_both;
  double estimate; /* (concordant + tied_marker / 2) / (the three); NaN without a comparable pair */
  double variance, se;
  size_t clusters;   /* length of influence */
  double *influence; /* change of the estimate by each row (or cluster): sums of squares are
                        variances */
} lun_concord;

/* Errors: EDATA when no pair can be compared. */
lun_status lun_concord_init(lun_env *env, lun_concord *out, const lun_concord_input *in,
                            const lun_concord_options *options);
void lun_concord_fini(lun_concord *c);

/* Gonen & Heller (2005): probability of concordance implied by a Cox model, from its linear
 * predictor alone, whatever the censoring. Rows with NaN take no part. O(n^2). */
double lun_concord_gonen_heller(const double *linear, size_t n);

#endif
