/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * index: from an identifier to its row, and from rows of one table to rows of another.
 */
#ifndef LUN_INDEX_H
#define LUN_INDEX_H

#include "data/col.h"

typedef struct lun_index {
  lun_col *key;   /* a reference is held */
  uint32_t *slot; /* row + 1, 0: free; open addressing */
  size_t mask;    /* slots - 1 */
} lun_index;

#define LUN_NO_ROW UINT32_MAX

/* Index of a column without missing or repeated values (EDATA naming the row or both rows). name
 * is the column's, for messages. Text and factor keys are looked up by text, others by number. */
lun_status lun_index_init(lun_env *env, lun_index *out, const lun_col *key, const char *name);
void lun_index_fini(lun_index *index); /* accepts a zeroed one */

/* The row, or LUN_NO_ROW. */
uint32_t lun_index_text(const lun_index *index, const char *text);
uint32_t lun_index_number(const lun_index *index, double number);

/* row[i] for each value of other: LUN_NO_ROW when it is missing or not in the index. EINVAL when
 * one column holds texts and the other numbers. */
lun_status lun_index_match(lun_env *env, const lun_index *index, const lun_col *other,
                           uint32_t *row);

#endif
