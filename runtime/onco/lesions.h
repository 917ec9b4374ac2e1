/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lesions: the long lesion table, read once: words become codes, diameters whole millionths of a
 * millimetre (so that comparisons are exact), rows are grouped by subject and put in order of their
 * visits. What cannot be true is refused, subject by subject, with a code, the row and the lesion.
 */
#ifndef LUN_LESIONS_H
#define LUN_LESIONS_H

#include "base/pool.h"
#include "data/col.h"
#include "onco/rules.h"

enum { LUN_SIZE_MISSING = -1, LUN_MM = 1000000 }; /* sizes are int64: 1 mm is LUN_MM */

typedef enum lun_refusal_code {
  LUN_REFUSE_NOTHING,
  LUN_REFUSE_BAD_DATE,
  LUN_REFUSE_BAD_ROLE,
  LUN_REFUSE_BAD_STATUS,
  LUN_REFUSE_BAD_PATTERN,
  LUN_REFUSE_BAD_SIZE,
  LUN_REFUSE_NON_FINITE,
  LUN_REFUSE_NEGATIVE,
  LUN_REFUSE_OUT_OF_RANGE,
  LUN_REFUSE_NO_LESION,
  LUN_REFUSE_VISIT_BEFORE_BASELINE,
  LUN_REFUSE_AFTER_DEATH,
  LUN_REFUSE_DUPLICATE_LESION,
  LUN_REFUSE_BASELINE_MISSING,
  LUN_REFUSE_NOT_MEASURABLE,
  LUN_REFUSE_TOO_MANY,
  LUN_REFUSE_TOO_MANY_PER_ORGAN,
  LUN_REFUSE_UNKNOWN_LESION,
  LUN_REFUSE_DUPLICATE_CONFLICT
} lun_refusal_code;

typedef struct lun_refusal {
  lun_refusal_code code;
  size_t row; /* of the table, 0-based */
  double value;
  const char *text;   /* what was found, or NULL */
  const char *lesion; /* its name, or NULL */
} lun_refusal;

/* Name as users see it ("negative-size"), and the sentence: "patient 7, row 12, lesion T1: ...". */
const char *lun_refusal_name(lun_refusal_code code);
lun_status lun_refusal_fail(lun_env *env, const lun_refusal *r, const char *subject);

typedef struct lun_lesion_row {
  int64_t size[2];             /* total and viable diameter; LUN_SIZE_MISSING */
  int32_t date, lesion, organ; /* codes; -1 missing */
  int32_t visit;               /* the visit's number, or the date when there are no numbers */
  uint32_t row;
  uint8_t role, state, pattern, site, node, baseline;
} lun_lesion_row;

/* Columns of equal length; optional ones may be NULL. Words: rules.h. */
typedef struct lun_lesion_columns {
  size_t n;
  const int32_t *subject;  /* 0 .. subjects-1 */
  const lun_col *date;     /* date, or text (ISO) */
  const lun_col *visit;    /* integer or number, optional: rows of one date are one visit */
  const lun_col *lesion;   /* factor */
  const lun_col *role;     /* factor or text */
  const lun_col *organ;    /* factor, optional */
  const lun_col *node;     /* 1/yes/true, optional */
  const lun_col *mm;       /* number, or text which may also hold TSM and NE */
  const lun_col *viable;   /* the same, optional */
  const lun_col *state;    /* factor or text, optional */
  const lun_col *pattern;  /* factor or text, optional */
  const lun_col *baseline; /* 1/yes/true, optional */
} lun_lesion_columns;

typedef struct lun_lesions {
  lun_lesion_row *row;  /* n, by subject, then visit, then row of the table */
  size_t *first;        /* subjects + 1: rows of subject i are first[i] .. first[i+1]-1 */
  lun_refusal *refused; /* subjects: the first complaint about each, code NOTHING when none */
  size_t subjects, n;
  size_t lesion_names, organ_names;
  const lun_col *lesion, *organ;
  int has_baseline; /* a baseline column was given */
} lun_lesions;

/* Reads the table into pool. size_limit_mm: larger diameters are refused. Errors: ENOMEM; what is
 * wrong with the data is in out->refused. */
lun_status lun_lesions_read(lun_env *env, lun_pool *pool, lun_lesions *out,
                            const lun_lesion_columns *c, size_t subjects, double size_limit_mm);

/* Notes a complaint about a subject unless there is one already. */
void lun_lesions_refuse(lun_lesions *t, size_t subject, lun_refusal_code code,
                        const lun_lesion_row *at, double value);

#endif
