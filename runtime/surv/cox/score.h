/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/score: score residuals, block by block, and the sandwich made of them. Linear in the rows
 * however many deaths tie.
 */
#ifndef LUN_COX_SCORE_H
#define LUN_COX_SCORE_H

#include "surv/cox/means.h"

typedef struct lun_cox_scores {
  const lun_cox_data *data;
  const lun_cox_terms *terms; /* after a walk */
  lun_cox_risk_means at; /* of the risk sets */
  double *means; /* m x p: sum of v E_l/S0_l over event times of the stratum so far, E_l the mean of
                    the risk set */
  double *block; /* p x LUN_COX_BLOCK */
} lun_cox_scores;

lun_status lun_cox_scores_new(lun_pool *pool, lun_cox_scores *s, const lun_cox_data *d,
                              const lun_cox_terms *t);

/* Fills s->block with the weighted score residuals of block b, of the scaled columns, column by
 * column; 0 behind the last row. */
void lun_cox_scores_block(lun_cox_scores *s, size_t b);

/* middle (p x p) <- sum over clusters of (sum u)(sum u)', u the weighted score residuals; without
 * clusters (NULL) over rows, a row with frequency f counting as f rows.
 * cluster: by position in data->used, numbers below clusters. */
lun_status lun_cox_scores_middle(lun_cox_scores *s, const int32_t *cluster, size_t clusters,
                                 double *middle);

#endif
