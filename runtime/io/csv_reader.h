/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * csv_reader: a delimited file while it is read. csv_header.c finds the columns and what was
 * declared about them, csv_rows.c walks the rows, csv_cells.c takes the cells, csv.c does it all.
 */
#ifndef LUN_CSV_READER_H
#define LUN_CSV_READER_H

#include "io/csv_cells.h"

typedef struct lun_csv_reader {
  lun_env *env;
  lun_csv *out;
  const lun_csv_options *opt;
  lun_csv_text text;
  lun_reading *column; /* ncol: all of the file's */
  size_t ncol, nrow;
  char *unquoted;
} lun_csv_reader;

/* Each of these returns EDATA or ELIMIT with a complaint, and ENOMEM. */

/* Number of fields from the cursor to the end of the line. */
lun_status lun_csv_fields(lun_cursor *c, size_t *n);

/* Names of the columns; the cursor is then at the first row. */
lun_status lun_csv_header(lun_csv_reader *rd, lun_cursor *c);

/* Joins the declarations to the columns, and gives these their names in the table. */
lun_status lun_csv_declare(lun_csv_reader *rd);

/* Looks at the first rows: what is no number in them is a date or a text. */
void lun_csv_sample(lun_csv_reader *rd, lun_cursor c);

/* One walk over all rows, for the columns that have a sink. */
lun_status lun_csv_rows(lun_csv_reader *rd, lun_cursor c);

#endif
