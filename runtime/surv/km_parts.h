/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of km share.
 */
#ifndef LUN_KM_PARTS_H
#define LUN_KM_PARTS_H

#include "surv/km.h"

/* Fills entries, entry and entered of every curve; s has starts and is sorted. */
lun_status lun_km_entries(lun_km *km, const lun_surv *s, const int32_t *code);

/* Infinitesimal-jackknife variances of weighted curves: replaces se_log and se_cumhaz of every
 * curve. A cluster's influence on log S (or H) at t is the sum over its rows of w (G(min(t, t_i)) -
 * G(start_i) - step_i), with G = sum d / (n (n - d)) and step = 1 / (n - d) at the row's own event
 * (for H: d / n^2 and 1 / n, with the sign turned). It is a G(t) + b per cluster, so that the sum
 * of its squares over clusters is kept up to date as rows come and go: linear in rows. */
lun_status lun_km_robust(lun_km *km, const lun_surv *s, const int32_t *code);

#endif
