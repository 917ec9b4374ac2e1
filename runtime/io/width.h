/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * width: the advance widths of Helvetica (Arial and Liberation Sans share them), so that text can
 * be laid out without a font engine.
 */
#ifndef LUN_WIDTH_H
#define LUN_WIDTH_H

#include <stddef.h>

/* Width of text[0..n) (UTF-8) in thousandths of the font size. A control character and a combining
 * mark have none, a character of the East Asian scripts 1000, any other unknown one that of a
 * digit. */
unsigned lun_width_text(const char *text, size_t n, int bold);

/* Columns of a terminal: 2 for a wide character, 0 for a combining one. */
unsigned lun_width_columns(const char *text, size_t n);

/* Bytes of text[0..n) up to the end of its first group of digits (commas belong to it): what stands
 * left of a column of decimal points; up to the end of "NE" (not estimable) where it begins so.
 * 0 when there is no digit. */
size_t lun_width_head(const char *text, size_t n);

#endif
