/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * finegray/score: what each row adds to the score of a subdistribution model: its residual eta
 * and, where asked for, the part psi that it has in the estimated censoring distribution (Fine &
 * Gray 1999, section 3.2; of the columns centred and scaled).
 */
#ifndef LUN_FINEGRAY_SCORE_H
#define LUN_FINEGRAY_SCORE_H

#include "surv/finegray/walk.h"

/* score: n x p by row of the layout. w: after lun_finegray_hazards. */
lun_status lun_finegray_scores(lun_env *env, const lun_finegray_walk *w, int censoring,
                               double *score);

#endif
