/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cuminc_rows: the infinitesimal jackknife of cumulative incidence row by row, for what counts at
 * the times do not tell: delayed entry, case weights, clusters.
 */
#ifndef LUN_CUMINC_ROWS_H
#define LUN_CUMINC_ROWS_H

#include "surv/cuminc.h"

/* Fills var_jackknife of the curves of one cause; the rest of them is there. s is sorted. Linear in
 * rows. Errors: ENOMEM. */
lun_status lun_cuminc_row_jackknife(lun_env *env, const lun_cuminc *r, const lun_surv *s,
                                    const lun_cuminc_options *o, size_t cause);

#endif
