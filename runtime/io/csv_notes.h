/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * csv_notes: what may be wrong in columns that were read: warnings, never changes.
 */
#ifndef LUN_CSV_NOTES_H
#define LUN_CSV_NOTES_H

#include "io/csv_cells.h"

/* Fills out->notes. Errors: ENOMEM. */
lun_status lun_csv_notes(lun_env *env, lun_csv *out, const lun_reading *column, size_t ncol);

/* Texts that look alike: case, blanks, invisible characters and full-width forms do not count.
 * Writes the folded form of text[0..n) to buf (at least n bytes) and returns its length. */
size_t lun_fold_text(char *buf, const char *text, size_t n);

/* A text for a message in which invisible characters can be seen, as <U+200B>. */
void lun_show_invisible(char *buf, size_t room, const char *text, size_t n);

/* 99, 999, -99 ...: a code for missing, when the other values are far from it. */
int lun_all_nines(double v);

#endif
