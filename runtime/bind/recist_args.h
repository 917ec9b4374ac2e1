/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * recist_args: the arguments that the bindings of onco/ share.
 */
#ifndef LUN_BIND_RECIST_ARGS_H
#define LUN_BIND_RECIST_ARGS_H

#include "bind/bind.h"
#include "onco/recist.h"

/* The column in a field of the table at the index (which keeps it alive); NULL when it is absent. */
lun_col *lun_field_col(lua_State *L, int table, const char *name, int required);
void lun_check_length(lua_State *L, const lun_col *col, size_t n, const char *name);

/* Number from 0 of the patient of each row; every row must belong to one. Pushes what holds it. */
int32_t *lun_arg_subject_rows(lua_State *L, const lun_col *patient, const lun_col *key);

lun_subjects lun_arg_subjects(lua_State *L, int table);
lun_recist_options lun_arg_recist_options(lua_State *L, int arg);
lun_lesion_columns lun_arg_lesions(lua_State *L, int table, const lun_col *key);

/* "CR" ... as lun_response. */
int8_t lun_arg_response(lua_State *L, const char *text);

#endif
