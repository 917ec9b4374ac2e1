/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * csv: a delimited file as typed columns. Nothing is guessed that was not asked for: separator,
 * decimal mark, encoding, missing codes and date formats are declared or have one default, and
 * every cell that does not fit its column is a complaint with line, column and text. Blanks around
 * a value do not count. A column without a declaration is a number if all its values are numbers,
 * a date if all are ISO dates, else a factor (up to LUN_CSV_LEVELS levels, in bytewise order) or
 * a text.
 */
#ifndef LUN_CSV_H
#define LUN_CSV_H

#include "base/str.h"
#include "data/col.h"
#include "data/date.h"
#include "io/csv_text.h"
#include "io/intern.h"

enum { LUN_CSV_LEVELS = 50 };

typedef struct lun_texts {
  const char *const *text;
  size_t n;
} lun_texts;

typedef struct lun_csv_column { /* a declaration */
  const char *name;             /* in the table */
  const char *from;             /* in the file; NULL: the same */
  int typed;                    /* type is declared */
  lun_type type;
  lun_date_format format;
  char decimal;            /* 0: the file's */
  lun_texts levels;        /* factor; none: those that occur */
  lun_texts missing;       /* codes beside the file's */
  lun_texts values, means; /* values.text[i] in the file stands for means.text[i] */
  double min, max;         /* number and integer; NaN: none */
} lun_csv_column;

typedef struct lun_csv_options {
  char separator, decimal; /* 0: ',' and '.' */
  const char *encoding;    /* NULL: UTF-8 */
  lun_texts missing;       /* beside the empty cell; text NULL: "NA" */
  const char *key;         /* column with the id: a text, never missing, not shown in messages */
  int unique;              /* one row for each key */
  size_t skip;             /* lines above the header */
  int words;               /* every column as texts, and out->words beside them */
  const lun_csv_column *columns;
  size_t ncol;
} lun_csv_options;

typedef struct lun_csv {
  lun_pool pool; /* of names, notes, complaints */
  lun_complaints complaints;
  lun_col **cols; /* ncol, in the order of the file */
  const char **names;
  size_t ncol, nrow;
  lun_intern *words;  /* of each column, its distinct texts; only when asked for */
  size_t *missing;    /* of each column, how many cells; only with words */
  const char **notes; /* warnings: look-alike ids and levels, 999, 1900-01-01 */
  size_t nnotes;
} lun_csv;

/* Reads a file. When what is in it is wrong (EDATA, ELIMIT) out->complaints says so, up to
 * LUN_CSV_COMPLAINTS of them, and out must be finished all the same; cols is then NULL. Other
 * errors: EINVAL (options), EIO, EINTR, ENOMEM, with env->msg as usual. */
lun_status lun_csv_read(lun_env *env, lun_csv *out, const char *path, const lun_csv_options *opt);
void lun_csv_fini(lun_csv *csv); /* accepts a zeroed one */

/* A cell as this program writes it: quoted where it must be, and with a leading apostrophe when a
 * spreadsheet would take it for a formula (it begins with = + - @, a tab or a carriage return, and
 * is not a number). OWASP, "CSV injection". The result is in buf. */
void lun_csv_cell(lun_str *buf, const char *text, size_t n);

#endif
