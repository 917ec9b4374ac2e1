/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * escape: text made safe for the format it is written into.
 */
#ifndef LUN_ESCAPE_H
#define LUN_ESCAPE_H

#include "base/str.h"

/* What stands for each byte; NULL: itself. */
typedef const char *const lun_replacements[256];

extern lun_replacements LUN_HTML; /* & < > ": inside HTML and SVG, attributes included */
extern lun_replacements LUN_URI;  /* % # " < > & and line ends: a data: address in an attribute */

void lun_escape(lun_str *out, const char *text, size_t n, lun_replacements by);

/* Offset of the first byte that has a replacement, or n. */
size_t lun_escape_first(const char *text, size_t n, lun_replacements by);

/* As a JSON string, quotes included. */
void lun_escape_json(lun_str *out, const char *text, size_t n);

#endif
