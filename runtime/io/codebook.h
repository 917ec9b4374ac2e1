/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * codebook: what is in a delimited file whose columns nobody has declared yet.
 */
#ifndef LUN_CODEBOOK_H
#define LUN_CODEBOOK_H

#include "io/csv.h"

enum { LUN_CODEBOOK_SUSPECTS = 20 };

/* A text that does not fit the rest of its column, or is no measurement. */
typedef struct lun_suspect {
  const char *text, *why;
  size_t line, count; /* first line, and how often */
} lun_suspect;

typedef struct lun_codebook {
  const char *name;
  lun_type type;            /* that four fifths of the values have: a proposal */
  lun_date_format format;   /* of a date */
  size_t missing, distinct;
  double min, max;          /* number, integer; date as days; without the
                             * suspects; NaN when there are none */
  const lun_word **levels;  /* of a factor, the most frequent first */
  size_t nlevels;
  lun_suspect suspect[LUN_CODEBOOK_SUSPECTS];
  size_t nsuspects, more;   /* more: not listed */
} lun_codebook;

/* The codebook of column i of a file that was read with the option words; memory of pool. Errors:
 * ENOMEM. */
lun_status lun_codebook_column(lun_pool *pool, lun_codebook *out, const lun_csv *csv, size_t i);

#endif
