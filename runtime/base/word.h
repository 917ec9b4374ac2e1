/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * word: "did you mean".
 */
#ifndef LUN_WORD_H
#define LUN_WORD_H

#include <stddef.h>

/* Edits (insert, delete, replace, swap of neighbours: optimal string alignment) that turn a into
 * b; a large number when either is longer than 64 bytes. */
int lun_word_distance(const char *a, const char *b);

/* Twice the distance, and one more when the name lacks a letter of the word in its order: of two
 * names as far, the one with everything that was typed is meant ("tmes": times, not ties). */
int lun_word_rank(const char *word, const char *name);

/* Index of the name closest to word, the first of equals; n when none is close enough to be meant
 * (a third of its length, and one more). */
size_t lun_word_nearest(const char *word, const char *const *names, size_t n);

#endif
