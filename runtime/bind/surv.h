/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The response class, for the bindings of the estimators.
 */
#ifndef LUN_BIND_SURV_H
#define LUN_BIND_SURV_H

#include "bind/bind.h"
#include "surv/surv.h"

const lun_surv *lun_arg_surv(lua_State *L, int arg);

/* Option `name` as group codes of the response's length; NULL when absent. Pushes what must stay. */
const int32_t *lun_opt_codes(lun_opts *o, const char *name, size_t n, size_t *k);

/* Pushes the level names of the option's factor, or numbers, as a list; {""} when it is absent. */
void lun_push_labels(lua_State *L, lun_opts *o, const char *name, size_t k);

#endif
