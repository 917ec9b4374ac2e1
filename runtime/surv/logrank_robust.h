/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The robust variance of weighted log-rank scores. Row i's share in the score of group g is
 *   w_i [ W(t_i) (1{g_i = g} - p_g(t_i)) event_i - sum over its times at risk of W (1{g_i = g} -
 * p_g) d/n ] with p_g = n_g / n (Lin & Wei 1989 at a coefficient of 0). With Efron's ties p_g and
 * d/n are means and sums over the tied events, the k-th of which finds k/m of all m gone.
 */
#ifndef LUN_LOGRANK_ROBUST_H
#define LUN_LOGRANK_ROBUST_H

#include "surv/logrank.h"

/* Adds the shares of one stratum's rows to r->score (see below); the walk is at its start, weight
 * holds count weights for each event time, the last first. */
lun_status lun_logrank_scores(lun_logrank *r, lun_riskset *w, const double *weight,
                              const lun_logrank_options *o);

/* Replaces r->variance by the squares of the clusters' shares about their mean, times C / (C - 1)
 * for the `used` of them, and r->expected by observed - score. */
void lun_logrank_sandwich(lun_logrank *r, size_t clusters, size_t used);

#endif
