/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The survival response as an argument of other bindings.
 */
#ifndef LUN_BIND_SURV_H
#define LUN_BIND_SURV_H

#include "bind/bind.h"
#include "surv/cox/cox.h"
#include "surv/surv.h"

/* A lunation.surv at arg, or an error. Not const: the first user that needs it sorts it. */
lun_surv *lun_arg_surv(lua_State *L, int arg);

/* The same, sorted: time and start are merged, order is there. */
lun_surv *lun_arg_sorted(lua_State *L, int arg);

/* Codes of the option `name` (a factor column or a list of group numbers), one for each of the n
 * rows of the response; NULL and *k = 1 when absent. May leave a box on the stack. */
const int32_t *lun_opt_codes(lun_opts *o, const char *name, size_t n, size_t *k);

/* The same for clusters, where every row must have one: a missing code is an error that names the row. */
const int32_t *lun_opt_clusters(lun_opts *o, const char *name, size_t n, size_t *k);

/* Pushes the level names of the option's factor, or numbers, as a list; {""} when it is absent. */
void lun_push_labels(lua_State *L, lun_opts *o, const char *name, size_t k);

/* Numbers of the option `name`, one for each of n rows; NULL when absent. May leave a box. */
const double *lun_opt_rows(lun_opts *o, const char *name, size_t n);

/* A list of number columns of n values each at arg, or a design of n rows; *p receives how many. They and their list stay
 * on the stack. */
const double *const *lun_arg_columns(lua_State *L, int arg, size_t n, size_t *p);

/* Pushes a p x p matrix as a list of rows; a test as { statistic, df, p, log10_p }, nil when it is
 * not given. Both return 1. */
int lun_push_matrix(lua_State *L, const double *a, size_t p);
int lun_push_test(lua_State *L, const lun_cox_test *t);

#endif
