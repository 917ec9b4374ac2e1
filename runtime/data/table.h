/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * table: named columns of equal length; immutable and reference counted. Every change makes a new
 * table that shares the columns it did not touch.
 */
#ifndef LUN_TABLE_H
#define LUN_TABLE_H

#include "data/col.h"

typedef struct lun_table {
  lun_env *env;
  size_t refs, nrow, ncol;
  lun_col **cols;     /* ncol */
  const char **names; /* ncol, distinct */
} lun_table;

#define LUN_NO_COLUMN SIZE_MAX

/* EINVAL naming the column for an empty or repeated name or another length than nrow. A reference
 * to each column is taken; borrowed columns are copied (EDATA when they hold an infinity). */
lun_status lun_table_new(lun_env *env, lun_table **out, const char *const *names,
                         lun_col *const *cols, size_t ncol, size_t nrow);
lun_table *lun_table_ref(lun_table *table);
void lun_table_free(lun_table *table); /* drops one reference; accepts NULL */

/* Number of the column, or LUN_NO_COLUMN. */
size_t lun_table_find(const lun_table *table, const char *name, size_t n);
/* The column (borrowed), or NULL with a message that names the closest column. */
lun_col *lun_table_col(lun_env *env, const lun_table *table, const char *name);

/* Columns which[0..n) in that order. */
lun_status lun_table_select(lun_env *env, lun_table **out, const lun_table *table,
                            const size_t *which, size_t n);
/* Rows index[0..n) in that order, each < nrow. */
lun_status lun_table_gather(lun_env *env, lun_table **out, const lun_table *table,
                            const size_t *index, size_t n);
/* The table with the column added at the end, or replaced where it stands. */
lun_status lun_table_with(lun_env *env, lun_table **out, const lun_table *table, const char *name,
                          lun_col *col);
/* The rows of n >= 1 tables, one after the other. Columns are those of the first table; a table
 * that lacks one, has another, or has another type or other levels is EDATA. Integers beside
 * numbers become numbers. */
lun_status lun_table_bind(lun_env *env, lun_table **out, lun_table *const *tables, size_t n);

#endif
