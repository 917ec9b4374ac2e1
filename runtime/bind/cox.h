/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the Cox binding share: cox.c has the fit and its class, cox_tests.c tests and
 * residuals, cox_predict.c predictions, cox_fits.c the fits of other kinds.
 */
#ifndef LUN_BIND_COX_H
#define LUN_BIND_COX_H

#include "bind/bind.h"
#include "surv/cox/cox.h"

extern const char *const LUN_COX_TIES[];

lun_cox *lun_self_cox(lua_State *L); /* argument 1 */

/* The argument surv and the option cause of a fit. */
void lun_cox_arg_response(lua_State *L, lun_opts *o, lun_cox_input *in);

/* The same and columns (a list, or a design). What they point to stays on the stack. */
void lun_cox_arg_input(lua_State *L, lun_opts *o, lun_cox_input *in);

/* Columns x[0..columns) of n values each, as one column or a list; the values are copied. */
void lun_push_copies(lua_State *L, const double *x, size_t n, size_t columns, int list);

int lun_cox_residuals_method(lua_State *L);
int lun_cox_wald_of_method(lua_State *L);
int lun_cox_wald_beyond_method(lua_State *L);
int lun_cox_lr_of_method(lua_State *L);
int lun_cox_event_rows_method(lua_State *L);
int lun_cox_zph_method(lua_State *L);
int lun_cox_linear_method(lua_State *L);
int lun_cox_linear_of_method(lua_State *L);
int lun_cox_means_method(lua_State *L);
int lun_cox_expected_method(lua_State *L);
int lun_cox_baseline_method(lua_State *L);
int lun_cox_path_method(lua_State *L);
int lun_cox_firth_method(lua_State *L);

int lun_cox_screen_function(lua_State *L);
int lun_cox_expand_function(lua_State *L);
int lun_cox_limits_function(lua_State *L);

void lun_cox_curve_class(lua_State *L); /* pushes its method table */

#endif
