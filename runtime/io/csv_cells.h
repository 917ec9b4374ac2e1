/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * csv_cells: one column of a delimited file while it is read: what a cell becomes, and what is
 * said about a cell that does not fit.
 */
#ifndef LUN_CSV_CELLS_H
#define LUN_CSV_CELLS_H

#include "io/csv.h"

typedef enum lun_sink {
  LUN_SINK_NONE, /* the column is not read in this pass */
  LUN_SINK_NUMBER,
  LUN_SINK_INTEGER,
  LUN_SINK_DATE,
  LUN_SINK_WORDS, /* factor, and text that may still be one: each distinct text once */
  LUN_SINK_TEXT   /* more distinct texts than a factor has levels: one behind the other */
} lun_sink;

typedef struct lun_reading {
  const lun_csv_column *declared;
  const lun_csv_options *opt;
  lun_complaints *complaints;
  const char *name;
  size_t field; /* in the file, from 1 */
  lun_sink sink;
  lun_type type; /* of the column when it is done */
  int guessed;   /* a cell that does not fit ends the guess, and is no complaint */
  int key, unique;
  int plain; /* no codes and no mapping: a number may be read where it stands */
  char point;
  double min, max;
  lun_col *col;     /* number, integer, date: filled in place */
  double *number;   /* of col */
  int32_t *code;    /* of col; of words and texts: a buffer of its own */
  int owned;        /* it is */
  lun_intern words;
  lun_str texts;
  size_t misfit_line; /* where a guess ended; 0: it held */
  char misfit[64];    /* and on what */
  size_t filled;      /* values that are not missing */
} lun_reading;

/* Takes one cell. Returns LUN_OK also when the cell is a complaint. Errors: ENOMEM. */
lun_status lun_cell_take(lun_reading *r, size_t row, const lun_field *cell);

/* The same for a cell that is known to be there, and to stand for itself. */
lun_status lun_cell_value(lun_reading *r, size_t row, const lun_field *cell);

/* Makes r->col, of nrow rows, from what was taken. Errors: ENOMEM. */
lun_status lun_reading_finish(lun_reading *r, lun_env *env, size_t nrow);

/* What may be meant by a text that is no number, or no date; NULL when nothing comes to mind. */
const char *lun_number_hint(const lun_field *cell, char point);
const char *lun_date_hint(const lun_field *cell, lun_date_format format);

int lun_cell_missing(const lun_reading *r, const lun_field *cell);

#endif
