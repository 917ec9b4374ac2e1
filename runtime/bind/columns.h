/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * columns: fields of a result table that are columns, made for the binding to fill.
 */
#ifndef LUN_BIND_COLUMNS_H
#define LUN_BIND_COLUMNS_H

#include "bind/bind.h"

/* Sets a column of n values as field `name` of the table on top of the stack and returns the values
 * for the caller to write. Takes over levels. */
static inline void *lun_set_column(lua_State *L, const char *name, lun_type type, size_t n,
                                   lun_levels *levels)
{
  void *values;
  lun_status st = lun_col_raw(lun_env_of(L), lun_box_col(L), type, n, levels, &values);
  lun_levels_free(levels);
  lun_check(L, st);
  lua_setfield(L, -2, name);
  return values;
}

/* The same: whole numbers or dates; numbers; a factor of the words (NULL-terminated). */
static inline int32_t *lun_set_ints(lua_State *L, const char *name, lun_type type, size_t n)
{
  return lun_set_column(L, name, type, n, NULL);
}

static inline double *lun_set_numbers(lua_State *L, const char *name, size_t n)
{
  return lun_set_column(L, name, LUN_NUMBER, n, NULL);
}

static inline int32_t *lun_set_words(lua_State *L, const char *name, size_t n,
                                     const char *const *words)
{
  lun_levels *levels = NULL;
  size_t k = 0;
  while (words[k]) k++;
  lun_check(L, lun_levels_new(lun_env_of(L), &levels, words, k));
  return lun_set_column(L, name, LUN_FACTOR, n, levels);
}

#endif
