/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/index.h"

#include <math.h>
#include <string.h>

static int is_text(const lun_col *col)
{
  return col->type == LUN_TEXT || col->type == LUN_FACTOR;
}

/* FNV-1a, then the finaliser of MurmurHash3: fixed, so that nothing depends on a seed. */
static size_t mix(uint64_t h)
{
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdu;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53u;
  return (size_t)(h ^ (h >> 33));
}

static size_t hash_text(const char *text)
{
  uint64_t h = 0xcbf29ce484222325u;
  for (; *text; text++) h = (h ^ (unsigned char)*text) * 0x100000001b3u;
  return mix(h);
}

static size_t hash_number(double v)
{
  uint64_t bits;
  v += 0.0; /* -0 is 0 */
  memcpy(&bits, &v, sizeof bits);
  return mix(bits);
}

/* The slot that holds the value, or the free one where it belongs. */
static uint32_t *slot_of_text(const lun_index *x, const char *text)
{
  for (size_t at = hash_text(text);; at++) {
    uint32_t *slot = &x->slot[at & x->mask];
    if (!*slot || strcmp(lun_col_str(x->key, *slot - 1), text) == 0) return slot;
  }
}

static uint32_t *slot_of_number(const lun_index *x, double v)
{
  for (size_t at = hash_number(v);; at++) {
    uint32_t *slot = &x->slot[at & x->mask];
    if (!*slot || lun_col_double(x->key, *slot - 1) == v) return slot;
  }
}

static lun_status fail_twice(lun_env *env, const lun_col *key, const char *name, size_t a, size_t b)
{
  const char *text = lun_col_str(key, b);
  if (text)
    return lun_fail(env, LUN_EDATA,
                    "[data.duplicate] column \"%s\": \"%s\" is in row %z and in row %z", name, text,
                    a, b + 1);
  return lun_fail(env, LUN_EDATA, "[data.duplicate] column \"%s\": %g is in row %z and in row %z",
                  name, lun_col_double(key, b), a, b + 1);
}

static lun_status fill(lun_env *env, const lun_index *x, const char *name)
{
  for (size_t i = 0; i < x->key->n; i++) {
    if (lun_col_missing(x->key, i))
      return lun_fail(env, LUN_EDATA, "[data.missing-id] column \"%s\": row %z has no identifier",
                      name, i + 1);
    uint32_t *slot = is_text(x->key) ? slot_of_text(x, lun_col_str(x->key, i))
                                     : slot_of_number(x, lun_col_double(x->key, i));
    if (*slot) return fail_twice(env, x->key, name, *slot, i);
    *slot = (uint32_t)i + 1;
  }
  return LUN_OK;
}

lun_status lun_index_init(lun_env *env, lun_index *out, const lun_col *key, const char *name)
{
  size_t slots = 16;
  if (key->n >= LUN_NO_ROW / 2) return lun_fail(env, LUN_ELIMIT, "[limit.rows] %z rows", key->n);
  while (slots < key->n * 2) slots *= 2;
  lun_status st = lun_col_own(env, &out->key, key);
  if (st != LUN_OK) return st;
  out->mask = slots - 1;
  out->slot = lun_mem_new(env, slots, sizeof *out->slot);
  st = out->slot ? fill(env, out, name) : LUN_ENOMEM;
  if (st != LUN_OK) lun_index_fini(out);
  return st;
}

void lun_index_fini(lun_index *index)
{
  if (!index->key) return;
  lun_mem_free(index->key->env, index->slot);
  lun_col_free(index->key);
  memset(index, 0, sizeof *index);
}

uint32_t lun_index_text(const lun_index *index, const char *text)
{
  return is_text(index->key) ? *slot_of_text(index, text) - 1 : LUN_NO_ROW;
}

uint32_t lun_index_number(const lun_index *index, double number)
{
  return is_text(index->key) || isnan(number) ? LUN_NO_ROW : *slot_of_number(index, number) - 1;
}

lun_status lun_index_match(lun_env *env, const lun_index *index, const lun_col *other,
                           uint32_t *row)
{
  int text = is_text(index->key);
  if (text != is_text(other))
    return lun_fail(env, LUN_EINVAL,
                    "[data.key-type] the identifier is a %s in one table and a %s in the "
                    "other",
                    lun_type_name(index->key->type), lun_type_name(other->type));
  for (size_t i = 0; i < other->n; i++) {
    if (lun_col_missing(other, i)) row[i] = LUN_NO_ROW;
    else
      row[i] = text ? lun_index_text(index, lun_col_str(other, i))
                    : lun_index_number(index, lun_col_double(other, i));
  }
  return LUN_OK;
}
