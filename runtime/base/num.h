/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * num: numbers to text and back, always as in the C locale. printf and strtod follow the locale
 * and are slow: on a small study they are half of the run.
 */
#ifndef LUN_NUM_H
#define LUN_NUM_H

#include <stddef.h>

enum { LUN_NUM_MAX = 400 }; /* room for any result below, terminator included */

/* Shortest decimal that reads back as the same double ("0.1", "1e-300", "nan", "inf", "-inf").
 * Integers up to 2^53 print without exponent or point. Returns the length; buf is terminated. */
size_t lun_num_shortest(char *buf, double v);

/* Exactly `decimals` (0 to 17) digits after the point, rounded half to even on the exact binary
 * value, as printf("%.*f"). Never prints "-0" (a result that rounds to zero has no sign). */
size_t lun_num_fixed(char *buf, double v, int decimals);

/* At most two digits after the point, rounded half up: a coordinate. */
size_t lun_num_hundredths(char *buf, double v);

/* The same as fixed, for people: a minus sign (U+2212), the sign of infinity, "NE" (not estimable) for NaN. */
size_t lun_num_print(char *buf, double v, int decimals);

/* A count for people: no decimals, commas from 10,000 on; from 1e15 on in its shortest form. */
size_t lun_num_count(char *buf, double v);

/* `digits` (1 to 17) significant digits, as printf("%.*g"). */
size_t lun_num_digits(char *buf, double v, int digits);

size_t lun_num_integer(char *buf, long long v);

/* Reads text[0..n) as a decimal number: [+-] digits [. digits] [e[+-]digits], correctly rounded.
 * Returns 1 on success; 0 when the text is anything else: no hex, inf, nan, blanks, underscores,
 * trailing text, and nothing that overflows to infinity. point is the decimal mark ('.' or ','). */
int lun_num_parse(const char *text, size_t n, char point, double *out);

#endif
