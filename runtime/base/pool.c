/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pool.h"

#include <string.h>

enum { FIRST_BYTES = 512, CHUNK_BYTES = 16384, ALIGN = 16, WIDE_ALIGN = 64 };

struct lun_chunk {
  lun_chunk *next;
  char *free_at; /* first free byte */
};

void lun_pool_init(lun_pool *pool, lun_env *env)
{
  pool->env = env;
  pool->chunks = NULL;
  pool->left = 0;
  pool->next = 0;
}

static size_t padding(const char *at, size_t align)
{
  return (align - (uintptr_t)at % align) % align;
}

/* A chunk with room for bytes. Most pools hold little: each chunk is twice the one before. Large
 * requests get a chunk of their own behind the newest one, so that the rest of the newest one stays
 * usable. */
static lun_chunk *add_chunk(lun_pool *pool, size_t bytes, int own, int raw)
{
  size_t room = bytes + WIDE_ALIGN;
  if (!own) {
    if (pool->next < FIRST_BYTES) pool->next = FIRST_BYTES;
    while (pool->next < room) pool->next *= 2;
    room = pool->next;
    if (pool->next < CHUNK_BYTES) pool->next *= 2;
  }
  lun_chunk *c = (raw ? lun_mem_raw : lun_mem_new)(pool->env, sizeof *c + room, 1);
  if (!c) return NULL;
  c->free_at = (char *)(c + 1);
  if (own && pool->chunks) {
    c->next = pool->chunks->next;
    pool->chunks->next = c;
    return c;
  }
  c->next = pool->chunks;
  pool->chunks = c;
  pool->left = own ? 0 : room;
  return c;
}

/* Small objects are cut from zeroed chunks. */
static void *take(lun_pool *pool, size_t n, size_t size, int raw)
{
  size_t bytes;
  if (__builtin_mul_overflow(n, size, &bytes) || bytes > PTRDIFF_MAX / 2) {
    lun_fail(pool->env, LUN_ENOMEM, "out of memory: %z objects of %z bytes", n, size);
    return NULL;
  }
  if (bytes >= CHUNK_BYTES / 4) {
    lun_chunk *c = add_chunk(pool, bytes, 1, raw);
    return c ? c->free_at + padding(c->free_at, WIDE_ALIGN) : NULL;
  }
  if (bytes == 0) bytes = 1;
  lun_chunk *c = pool->chunks;
  if (!c || pool->left < bytes + ALIGN) {
    c = add_chunk(pool, bytes, 0, 0);
    if (!c) return NULL;
  }
  size_t pad = padding(c->free_at, ALIGN);
  char *p = c->free_at + pad;
  c->free_at += pad + bytes;
  pool->left -= pad + bytes;
  return p;
}

void *lun_pool_new(lun_pool *pool, size_t n, size_t size)
{
  return take(pool, n, size, 0);
}

void *lun_pool_raw(lun_pool *pool, size_t n, size_t size)
{
  return take(pool, n, size, 1);
}

char *lun_pool_text(lun_pool *pool, const char *text, size_t n)
{
  char *copy = lun_pool_new(pool, n + 1, 1);
  if (copy) memcpy(copy, text, n);
  return copy;
}

void lun_pool_fini(lun_pool *pool)
{
  for (lun_chunk *c = pool->chunks; c;) {
    lun_chunk *next = c->next;
    lun_mem_free(pool->env, c);
    c = next;
  }
  pool->chunks = NULL;
  pool->left = 0;
}
