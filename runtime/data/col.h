/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * col: one immutable, typed, reference-counted column.
 *
 * Missing values: number NaN, integer and date INT32_MIN, factor -1, text offset LUN_TEXT_MISSING.
 * A computed NaN or infinity is refused at construction: it never becomes a missing value.
 */
#ifndef LUN_COL_H
#define LUN_COL_H

#include "base/env.h"

typedef enum lun_type {
  LUN_NUMBER,  /* double */
  LUN_INTEGER, /* int32 */
  LUN_DATE,    /* int32, days since 1970-01-01 */
  LUN_FACTOR,  /* int32 code into levels, 0-based */
  LUN_TEXT     /* bytes (UTF-8) */
} lun_type;

enum { LUN_INT_MISSING = INT32_MIN, LUN_CODE_MISSING = -1 };
#define LUN_TEXT_MISSING UINT32_MAX

/* Ordered level names of a factor; immutable, reference counted, shared by gathered columns. */
typedef struct lun_levels {
  lun_env *env;
  size_t refs, n;
  const char **names; /* n names */
} lun_levels;

typedef struct lun_col {
  lun_env *env;
  size_t refs;
  lun_type type;
  size_t n;
  int borrowed; /* the values belong to somebody the binding keeps alive */
  union {
    const double *number;   /* n */
    const int32_t *code;    /* n: integer, date, factor */
    const uint32_t *offset; /* n: text, byte offset into bytes (each text ends with '\0') */
  } v;
  const char *bytes;    /* text only */
  struct lun_col *from; /* text only: the column that owns bytes, when another one does */
  lun_levels *levels;   /* factor only */
} lun_col;

/* Names in the order given; EINVAL on a duplicate. The caller owns one reference. */
lun_status lun_levels_new(lun_env *env, lun_levels **out, const char *const *names, size_t n);
lun_levels *lun_levels_ref(lun_levels *levels);
void lun_levels_free(lun_levels *levels); /* drops one reference; accepts NULL */
int32_t lun_levels_find(const lun_levels *levels, const char *name, size_t n); /* or -1 */
int lun_levels_same(const lun_levels *a,
                    const lun_levels *b); /* the same names in the same order */
/* EINVAL: name is not one of the levels, which ones there are, which one may be meant. */
lun_status lun_levels_fail(lun_env *env, const lun_levels *levels, const char *name);

/* Names in bytewise order without duplicates, from any list of names; NULL entries are skipped. */
lun_status lun_levels_sorted(lun_env *env, lun_levels **out, const char *const *names, size_t n);

/* Constructors copy. lun_col_number refuses infinities (EDATA); NaN is missing. */
lun_status lun_col_number(lun_env *env, lun_col **out, const double *v, size_t n);
lun_status lun_col_coded(lun_env *env, lun_col **out, lun_type type, const int32_t *v, size_t n,
                         lun_levels *levels); /* levels: factor only; a reference is taken */
lun_status lun_col_text(lun_env *env, lun_col **out, const char *const *v, size_t n);
/* The same from texts behind each other, size bytes with their terminators, and where each begins
 * (LUN_TEXT_MISSING: missing). */
lun_status lun_col_bytes(lun_env *env, lun_col **out, const uint32_t *offset, size_t n,
                         const char *bytes, size_t size);

/* A factor from texts (NULL is missing). levels NULL: those that occur, in bytewise order. EDATA
 * naming the row and the levels when a text is none of them. */
lun_status lun_col_factor(lun_env *env, lun_col **out, const char *const *v, size_t n,
                          lun_levels *levels);

/* A number column over memory that outlives it (a result's array). */
lun_status lun_col_view(lun_env *env, lun_col **out, const double *v, size_t n);

/* A column whose n values the caller writes through *values (double or int32_t, zeroed) before
 * anyone else sees it; then lun_col_check. Not for text. A reference to levels is taken. */
lun_status lun_col_raw(lun_env *env, lun_col **out, lun_type type, size_t n, lun_levels *levels,
                       void **values);
/* EDATA naming the row of the first infinity, or of the first code that is not a level. */
lun_status lun_col_check(lun_env *env, const lun_col *col);

/* For whoever keeps columns: a reference to col, or a checked copy when col borrows its memory. */
lun_status lun_col_own(lun_env *env, lun_col **out, const lun_col *col);

lun_col *lun_col_ref(lun_col *col);
void lun_col_free(lun_col *col); /* drops one reference; accepts NULL */

/* Rows index[0..n) of col, as a new column; index values must be < col->n. */
lun_status lun_col_gather(lun_env *env, lun_col **out, const lun_col *col, const size_t *index,
                          size_t n);

int lun_col_missing(const lun_col *col, size_t row);
double lun_col_double(const lun_col *col,
                      size_t row); /* NaN when missing or text; code for factors */
const char *lun_col_str(const lun_col *col, size_t row); /* text and factor; NULL when missing */
const char *lun_type_name(lun_type type); /* "number" "integer" "date" "factor" "text" */

#endif
