/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bind: how a core object becomes a Lua userdata. One file for each Lua type; this header is what
 * they share. The life of an object, always in this order:
 *   1 lun_box     pushes an empty, zeroed userdata with its metatable (may raise: nothing is owned)
 *   2 core call   fills it (never raises; a failure leaves it empty)
 *   3 lun_check   raises when the call failed (the empty box's __gc does nothing)
 * Temporary memory is a box too (lun_scratch), so that no C frame owns memory between Lua calls.
 */
#ifndef LUN_BIND_H
#define LUN_BIND_H

#include <lauxlib.h>
#include <lua.h>

#include "base/env.h"
#include "data/col.h"
#include "data/expr.h"
#include "data/table.h"

/* One function, method or getter, documented where it is registered: reference pages, REPL help
 * and editor stubs are made from these rows. doc: first line the signature, then what it does,
 * units, missing values, errors, source of the method. */
typedef struct lun_reg {
  const char *name;
  lua_CFunction fn;
  const char *doc;
} lun_reg;

/* A userdata type. free receives the payload and must accept a zeroed one. */
typedef struct lun_class {
  const char *name; /* "lunation.surv.km" */
  const char *doc;
  size_t size;              /* bytes of the payload */
  void (*free)(void *self); /* NULL: nothing to free */
  const lun_reg *methods;   /* called as obj:name(...); Lua modules may add more */
  const lun_reg *getters;   /* obj.name; each gets the object at index 1 and pushes one value */
  const luaL_Reg *meta;     /* further metamethods (__len, __tostring, __add ...), or NULL */
  lua_CFunction at;         /* obj[integer]: object at 1, integer at 2; or NULL */
  int uservalues;           /* at least 1: user value 1 keeps the owner of borrowed memory */
} lun_class;

/* Registers cls (once per state) and leaves its Lua-visible method table on the stack. */
void lun_class_open(lua_State *L, const lun_class *cls);

/* Pushes a table of the functions: what lun_open_NAME leaves behind when there is no class. */
void lun_push_functions(lua_State *L, const lun_reg *regs);

/* The rows from which the table at index t was made, or NULL. */
const lun_reg *lun_functions_of(lua_State *L, int t);

void *lun_box(lua_State *L, const lun_class *cls);               /* step 1 */
void lun_check(lua_State *L, lun_status st);                     /* step 3 */
void *lun_self(lua_State *L, int arg, const lun_class *cls);     /* typed argument, or error */
void *lun_test(lua_State *L, int arg, const lun_class *cls);     /* or NULL */
void *lun_scratch(lua_State *L, size_t n, size_t size);          /* pushes a box; zeroed memory */
lun_env *lun_env_of(lua_State *L);                               /* the state's env */
void lun_collect(lua_State *L); /* collects garbage when the core holds much: lun_box does */

/* Raises {code, message, hint} as an error table that prints well. The code's first word decides
 * the exit code: usage recipe data numeric io limit plugin interrupted internal. format as of
 * lua_pushfstring. lun_check uses the code of the core's message when it starts with one in
 * brackets ("[data.negative-time] row 4: ..."), else one made from the status. */
int lun_raise(lua_State *L, const char *code, const char *format, ...);

/* Step 3 with a place: the error table gets the fields that are known (not NULL, empty or 0). */
typedef struct lun_place {
  const char *file, *excerpt, *hint;
  size_t line, column;
} lun_place;
void lun_check_at(lua_State *L, lun_status st, const lun_place *place);
/* The same without raising: pushes the error table, to which a binding may add. */
void lun_push_failure(lua_State *L, lun_status st, const lun_place *place);

/* Pushes the closest of the keys of the table at index t to word, or nil. */
void lun_suggest(lua_State *L, int t, const char *word);

/* --- arguments ------------------------------------------------------------------------------ */

/* Number vector argument: a column (number, integer, date; factor gives codes) or a Lua list of
 * numbers (nil not allowed; use NaN). May push a box that holds the copy: the caller keeps the
 * stack slot until it is done. Missing is NaN. */
const double *lun_arg_doubles(lua_State *L, int arg, size_t *n);

/* Group argument: a factor column (its codes and levels), or an integer column or list of 1..k
 * (codes are made 0-based, levels NULL). Missing is -1. *k receives the number of levels. */
const int32_t *lun_arg_codes(lua_State *L, int arg, size_t *n, size_t *k, lun_levels **levels);

/* Row numbers (from 1) as 0-based rows below limit: a list or an integer column, of which the first
 * n are taken when the argument narg is a number. Pushes a box that holds them. */
const size_t *lun_arg_rows(lua_State *L, int arg, int narg, size_t limit, size_t *n);

/* A logical column of nrow values as the rows where it is true: rows[0..counts->kept). */
const size_t *lun_arg_mask(lua_State *L, int arg, size_t nrow, lun_mask_counts *counts);
void lun_push_counts(lua_State *L, const lun_mask_counts *counts); /* { kept, false, missing } */

lun_table *lun_arg_table(lua_State *L, int arg);
lun_table **lun_box_table(lua_State *L); /* as lun_box_col */

const struct lun_design *lun_arg_design(lua_State *L, int arg); /* data/design.h */

/* Options table at arg (nil or none: empty). Each lun_opt_* reads one field with a default;
 * lun_opt_done raises on a field that was never read, with "did you mean". */
typedef struct lun_opts {
  lua_State *L;
  int arg;
  const char *seen[32];
  int n;
} lun_opts;
void lun_opts_open(lua_State *L, int arg, lun_opts *o);
double lun_opt_number(lun_opts *o, const char *name, double otherwise, double min, double max);
lua_Integer lun_opt_integer(lun_opts *o, const char *name, lua_Integer otherwise, lua_Integer min,
                            lua_Integer max);
int lun_opt_boolean(lun_opts *o, const char *name, int otherwise);
const char *lun_opt_string(lun_opts *o, const char *name, const char *otherwise);
/* Index into names (NULL-terminated); an unknown word is an error that lists them. */
int lun_opt_choice(lun_opts *o, const char *name, const char *const *names, int otherwise);
/* Pushes the field (any type) and returns its stack index, or 0 when absent. */
int lun_opt_value(lun_opts *o, const char *name);
void lun_opts_done(lun_opts *o);

/* Pushes the column of an expression whose names a, b, c are the n operands from index first on:
 * columns, or constants (a text beside a date column is a date). Returns 1. */
int lun_push_applied(lua_State *L, const char *template, int first, int n);

/* --- results -------------------------------------------------------------------------------- */

/* Pushes a number column over x[0..n), keeping the object at index owner alive. */
void lun_push_view(lua_State *L, int owner, const double *x, size_t n);
void lun_push_number(lua_State *L, double v); /* nil for NaN */
/* Pushes the column class's box around col (takes over the caller's reference). */
void lun_push_col(lua_State *L, lun_col *col);
lun_col *lun_arg_col(lua_State *L, int arg);
lun_col *lun_test_col(lua_State *L, int arg); /* NULL when it is no column */
/* Pushes an empty column box; the core call writes the column into *result (step 1 and 2). */
lun_col **lun_box_col(lua_State *L);

/* Each bind/NAME.c but bind.c defines lun_open_NAME, which leaves on the stack the table that
 * becomes core.NAME. The list is made by the Makefile from the files. */
int luaopen_lunation_core(lua_State *L);

#endif
