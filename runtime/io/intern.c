/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/intern.h"

#include <string.h>

enum { FIRST_WORDS = 16 };

static uint32_t hash_of(const char *text, size_t n)
{
  uint64_t h = 0xcbf29ce484222325u, word;
  for (; n >= sizeof word; text += sizeof word, n -= sizeof word) {
    memcpy(&word, text, sizeof word);
    h = (h ^ word) * 0x9E3779B97F4A7C15u;
    h ^= h >> 29;
  }
  word = n;
  memcpy(&word, text, n);
  h = (h ^ word ^ (uint64_t)n << 56) * 0x9E3779B97F4A7C15u;
  return (uint32_t)(h >> 32);
}

lun_status lun_intern_init(lun_intern *in, lun_pool *pool)
{
  lun_env *env = pool->env;
  memset(in, 0, sizeof *in);
  in->pool = pool;
  in->room = FIRST_WORDS;
  in->slots = 2 * FIRST_WORDS;
  in->word = lun_mem_new(env, in->room, sizeof *in->word);
  in->slot = lun_mem_new(env, in->slots, sizeof *in->slot);
  if (!in->word || !in->slot) return lun_intern_fini(in), LUN_ENOMEM;
  memset(in->slot, 0xFF, in->slots * sizeof *in->slot);
  return LUN_OK;
}

void lun_intern_fini(lun_intern *in)
{
  if (!in->pool) return;
  lun_mem_free(in->pool->env, in->word);
  lun_mem_free(in->pool->env, in->slot);
  memset(in, 0, sizeof *in);
}

/* Where the text is, or the free slot where it would be. */
static size_t slot_of(const lun_intern *in, const char *text, size_t n, uint32_t hash)
{
  size_t s = hash & (in->slots - 1);
  for (; in->slot[s] >= 0; s = (s + 1) & (in->slots - 1)) {
    const lun_word *w = &in->word[in->slot[s]];
    if (w->hash == hash && w->size == n && memcmp(w->text, text, n) == 0) break;
  }
  return s;
}

int32_t lun_intern_find(const lun_intern *in, const char *text, size_t n)
{
  return in->slot[slot_of(in, text, n, hash_of(text, n))];
}

static lun_status grow(lun_intern *in)
{
  lun_env *env = in->pool->env;
  lun_word *word = lun_mem_resize(env, in->word, 2 * in->room, sizeof *word);
  if (!word) return LUN_ENOMEM;
  in->word = word;
  int32_t *slot = lun_mem_new(env, 2 * in->slots, sizeof *slot);
  if (!slot) return LUN_ENOMEM;
  lun_mem_free(env, in->slot);
  in->slot = slot;
  in->room *= 2;
  in->slots *= 2;
  memset(slot, 0xFF, in->slots * sizeof *slot);
  for (size_t i = 0; i < in->n; i++) {
    size_t s = word[i].hash & (in->slots - 1);
    while (slot[s] >= 0) s = (s + 1) & (in->slots - 1);
    slot[s] = (int32_t)i;
  }
  return LUN_OK;
}

lun_status lun_intern_put(lun_intern *in, const char *text, size_t n, int32_t *code)
{
  uint32_t hash = hash_of(text, n);
  size_t s = slot_of(in, text, n, hash);
  *code = in->slot[s];
  if (*code >= 0) return LUN_OK;
  if (in->n == INT32_MAX) return lun_fail(in->pool->env, LUN_ELIMIT, "too many distinct texts");
  if (in->n == in->room) {
    lun_status st = grow(in);
    if (st != LUN_OK) return st;
    s = slot_of(in, text, n, hash);
  }
  const char *copy = lun_pool_text(in->pool, text, n);
  if (!copy) return LUN_ENOMEM;
  in->word[in->n] = (lun_word){ .text = copy, .size = (uint32_t)n, .hash = hash };
  *code = in->slot[s] = (int32_t)in->n++;
  return LUN_OK;
}
