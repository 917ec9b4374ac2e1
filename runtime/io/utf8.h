/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * utf8: is this text what it says it is, and if not, where.
 */
#ifndef LUN_UTF8_H
#define LUN_UTF8_H

#include <stddef.h>

/* Bytes of the valid character at text[0..n): 1 to 4; 0 when there is none (overlong forms,
 * surrogates and values past U+10FFFF are not valid). */
size_t lun_utf8_length(const char *text, size_t n);

/* Offset of the first byte that is not part of valid UTF-8, or n. */
size_t lun_utf8_check(const char *text, size_t n);

/* Code point of a valid character of `length` bytes. */
unsigned lun_utf8_code(const char *text, size_t length);

/* Characters in text[0..n), counting each invalid byte as one. */
size_t lun_utf8_count(const char *text, size_t n);

/* "UTF-16" or "UTF-32" when text begins as such files do (byte order mark, or every other byte
 * zero), else NULL. */
const char *lun_utf8_other(const char *text, size_t n);

/* Copies text[0..n) for a message into buf[0..room): control characters and invalid bytes become
 * \xNN, and what does not fit is cut at a whole character and marked with "...". room >= 8. */
void lun_utf8_show(char *buf, size_t room, const char *text, size_t n);

#endif
