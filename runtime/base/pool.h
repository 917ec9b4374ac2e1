/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pool: arrays that live and die together. A result owns one pool; the work arrays of a call live
 * in a second one that is freed at `done:`. One exit, one free, no bookkeeping.
 */
#ifndef LUN_POOL_H
#define LUN_POOL_H

#include "base/env.h"

typedef struct lun_chunk lun_chunk;

typedef struct lun_pool {
  lun_env *env;
  lun_chunk *chunks;
  size_t left; /* bytes free in the newest chunk */
  size_t next; /* bytes of the next chunk */
} lun_pool;

/* Never fails; nothing is allocated yet. A zeroed pool is a valid empty pool for fini. */
void lun_pool_init(lun_pool *pool, lun_env *env);

/* n objects of size bytes, zeroed, aligned to 64 bytes when large and to 16 otherwise; NULL when
 * out of memory (env->msg is set). n == 0 gives a valid pointer. */
void *lun_pool_new(lun_pool *pool, size_t n, size_t size);

/* The same, with anything in it: for arrays that are written as a whole. */
void *lun_pool_raw(lun_pool *pool, size_t n, size_t size);

/* Copy of text[0..n) with a terminator. */
char *lun_pool_text(lun_pool *pool, const char *text, size_t n);

/* Frees everything; the pool is empty and may be used again. Accepts a zeroed pool. */
void lun_pool_fini(lun_pool *pool);

/* LUN_NEW(&pool, double, n): typed array from a pool. */
#define LUN_NEW(pool, type, n) ((type *)lun_pool_new((pool), (n), sizeof(type)))
#define LUN_RAW(pool, type, n) ((type *)lun_pool_raw((pool), (n), sizeof(type)))

#endif
