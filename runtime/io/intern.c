/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/intern.h"

#include <string.h>

enum { FIRST_WORDS = 16 };

static uint64_t load8(const char *text)
{
  uint64_t v;
  memcpy(&v, text, sizeof v);
  return v;
}

static uint32_t load4(const char *text)
{
  uint32_t v;
  memcpy(&v, text, sizeof v);
  return v;
}

/* The first 8 bytes as a number; of a shorter text all of them, some twice: texts of up to 8 bytes
 * are equal when their heads and sizes are. */
static inline uint64_t head_of(const char *text, size_t n)
{
  const unsigned char *b = (const unsigned char *)text;
  if (n >= 8) return load8(text);
  if (n >= 4) return load4(text) | (uint64_t)load4(text + n - 4) << 32;
  return n ? b[0] | (uint64_t)b[n / 2] << 8 | (uint64_t)b[n - 1] << 16 : 0;
}

/* The rest 8 bytes at a time; the last of them overlap. */
static inline uint32_t hash_of(uint64_t head, const char *text, size_t n)
{
  uint64_t h = (head ^ n) * 0x9E3779B97F4A7C15u;
  h ^= h >> 32;
  for (size_t at = 8; at < n; at += 8) {
    h = (h ^ load8(text + (at + 8 <= n ? at : n - 8))) * 0x9E3779B97F4A7C15u;
    h ^= h >> 29;
  }
  return (uint32_t)(h * 0x9E3779B97F4A7C15u >> 32);
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

typedef struct wanted {
  const char *text;
  size_t n;
  uint64_t head;
  uint32_t hash;
} wanted;

static inline wanted look_for(const char *text, size_t n)
{
  uint64_t head = head_of(text, n);
  return (wanted){ text, n, head, hash_of(head, text, n) };
}

static inline int same(const lun_word *w, const wanted *t)
{
  return w->head == t->head && w->size == t->n &&
         (t->n <= 8 || memcmp(w->text + 8, t->text + 8, t->n - 8) == 0);
}

/* Where the text is, or the free slot where it would be. */
static inline size_t slot_of(const lun_intern *in, const wanted *t)
{
  size_t s = t->hash & (in->slots - 1);
  for (; in->slot[s].code >= 0; s = (s + 1) & (in->slots - 1)) {
    if (in->slot[s].hash == t->hash && same(&in->word[in->slot[s].code], t)) break;
  }
  return s;
}

int32_t lun_intern_find(const lun_intern *in, const char *text, size_t n)
{
  wanted t = look_for(text, n);
  return in->slot[slot_of(in, &t)].code;
}

static lun_status grow(lun_intern *in)
{
  lun_env *env = in->pool->env;
  lun_word *word = lun_mem_resize(env, in->word, 2 * in->room, sizeof *word);
  if (!word) return LUN_ENOMEM;
  in->word = word;
  size_t slots = 2 * in->slots;
  lun_intern_slot *slot = lun_mem_raw(env, slots, sizeof *slot);
  if (!slot) return LUN_ENOMEM;
  memset(slot, 0xFF, slots * sizeof *slot);
  for (size_t i = 0; i < in->slots; i++) {
    if (in->slot[i].code < 0) continue;
    size_t s = in->slot[i].hash & (slots - 1);
    while (slot[s].code >= 0) s = (s + 1) & (slots - 1);
    slot[s] = in->slot[i];
  }
  lun_mem_free(env, in->slot);
  in->slot = slot;
  in->slots = slots;
  in->room *= 2;
  return LUN_OK;
}

lun_status lun_intern_put(lun_intern *in, const char *text, size_t n, int32_t *code)
{
  wanted t = look_for(text, n);
  size_t s = slot_of(in, &t);
  *code = in->slot[s].code;
  if (*code >= 0) return LUN_OK;
  if (in->n == INT32_MAX) return lun_fail(in->pool->env, LUN_ELIMIT, "too many distinct texts");
  if (in->n == in->room) {
    lun_status st = grow(in);
    if (st != LUN_OK) return st;
    s = slot_of(in, &t);
  }
  const char *copy = lun_pool_text(in->pool, text, n);
  if (!copy) return LUN_ENOMEM;
  *code = (int32_t)in->n++;
  in->word[*code] = (lun_word){ .text = copy, .head = t.head, .size = n };
  in->slot[s] = (lun_intern_slot){ t.hash, *code };
  return LUN_OK;
}
