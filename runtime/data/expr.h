/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * expr: the one language of conditions and derivations, over the rows of a table.
 *
 *   or | and | < <= > >= == ~= (or !=) in, not in | + - | * / // % | not - | ^     (Lua's order)
 *   12.5  'text'  "text"  true  false  nil (missing)  date("2024-01-31")  { 1, 2 }  name  `odd
 * name` abs ceil exp floor log log2 log10 sqrt round(x[, decimals]) min(...) max(...) year(date)
 *   days(a, b) months(a, b) years(a, b): from a to b, a month being 30.4375 and a year 365.25 days
 *   missing(x)   if(condition, a, b)
 *
 * A missing operand gives a missing result; and, or, not are three-valued (Kleene): false and
 * missing is false. A factor is compared with its level names; < and > follow the level order.
 * date - date is days, date + number a date. A result that is no finite number although its
 * operands are there (log(0), 1 / 0) is an error, unless and, or, if decide without it.
 *
 * Logical columns are factors with the levels "false", "true" (lun_col_logical).
 */
#ifndef LUN_EXPR_H
#define LUN_EXPR_H

#include "data/table.h"

typedef struct lun_expr lun_expr;

/* Parses text[0..n). On EINVAL or ELIMIT the message says what was found and expected, and
 * *offset is the byte where. Limits: 64 KB, nested 100 deep. */
lun_status lun_expr_parse(lun_env *env, lun_expr **out, const char *text, size_t n, size_t *offset);
void lun_expr_free(lun_expr *expr); /* accepts NULL */

/* The columns it reads, each once, in the order of first use. */
const char *const *lun_expr_names(const lun_expr *expr, size_t *n);

/* Whether it fits the table's columns: EINVAL with *offset otherwise; *type receives the type of
 * the result (a logical one is a LUN_FACTOR). */
lun_status lun_expr_check(lun_env *env, const lun_expr *expr, const lun_table *table,
                          lun_type *type, size_t *offset);

/* One value for each row. A plain column is returned as it is; numbers, dates, logical values and
 * factors make columns of their type, other texts a factor with levels in bytewise order. EDATA
 * naming the row when a number is lost. */
lun_status lun_expr_eval(lun_env *env, lun_col **out, const lun_expr *expr, const lun_table *table,
                         size_t *offset);

typedef struct lun_mask_counts {
  size_t kept, no, missing; /* rows where it is true, false, undecided */
} lun_mask_counts;

/* Rows where a condition is true, into rows[0..counts->kept) (room for nrow). */
lun_status lun_expr_rows(lun_env *env, size_t *rows, lun_mask_counts *counts, const lun_expr *expr,
                         const lun_table *table, size_t *offset);

/* Whether a column is a factor with the levels "false", "true". */
int lun_col_logical(const lun_col *col);

#endif
