/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * intern: each distinct text once, numbered in order of appearance.
 */
#ifndef LUN_INTERN_H
#define LUN_INTERN_H

#include "base/pool.h"

typedef struct lun_word {
  const char *text; /* size bytes and a terminator */
  uint64_t head;    /* a number made of the first 8 of them */
  size_t size;
  size_t count; /* how often it was put */
  size_t line;  /* where it was first put: the caller's business */
} lun_word;

typedef struct lun_intern_slot {
  uint32_t hash;
  int32_t code; /* number of the word; -1: free */
} lun_intern_slot;

typedef struct lun_intern {
  lun_pool *pool; /* of the texts */
  lun_word *word; /* n of them */
  lun_intern_slot *slot; /* open addressing; the hash spares most looks at words */
  size_t n, room, slots;
} lun_intern;

lun_status lun_intern_init(lun_intern *in, lun_pool *pool);
void lun_intern_fini(lun_intern *in); /* the texts stay in the pool; accepts a zeroed one */

/* Number of the text, or -1. */
int32_t lun_intern_find(const lun_intern *in, const char *text, size_t n);

/* *code receives the number of the text, which is added when new (word.count is then 0 and
 * word.line 0: the caller sets them). Errors: ENOMEM. */
lun_status lun_intern_put(lun_intern *in, const char *text, size_t n, int32_t *code);

#endif
