/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cuminc_entry: the infinitesimal jackknife of cumulative incidence when rows enter late.
 */
#ifndef LUN_CUMINC_ENTRY_H
#define LUN_CUMINC_ENTRY_H

#include "surv/cuminc.h"

/* Fills var_jackknife of the curves of one cause; the rest of them is there. s is sorted and has
 * entries. Errors: ENOMEM. */
lun_status lun_cuminc_entry_jackknife(lun_env *env, const lun_cuminc *r, const lun_surv *s,
                                      const int32_t *code, size_t cause);

#endif
