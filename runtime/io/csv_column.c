/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the words of a column that was read to the column.
 */
#include <stdlib.h>
#include <string.h>

#include "io/csv_cells.h"

typedef struct level {
  const char *text;
  int32_t code;
} level;

static int by_text(const void *a, const void *b)
{
  return strcmp(((const level *)a)->text, ((const level *)b)->text);
}

/* Levels in their declared order, or sorted; map[code] is the level of a word. */
static lun_status make_levels(lun_reading *r, lun_pool *work, lun_levels **levels, int32_t *map)
{
  size_t n = r->words.n;
  level *sorted = LUN_NEW(work, level, n);
  const char **names = LUN_NEW(work, const char *, n);
  if (!sorted || !names) return LUN_ENOMEM;
  for (size_t i = 0; i < n; i++) sorted[i] = (level){ r->words.word[i].text, (int32_t)i };
  if (!r->declared || !r->declared->levels.n) qsort(sorted, n, sizeof *sorted, by_text);
  for (size_t i = 0; i < n; i++) {
    names[i] = sorted[i].text;
    map[sorted[i].code] = (int32_t)i;
  }
  return lun_levels_new(work->env, levels, names, n);
}

static lun_status make_factor(lun_reading *r, lun_pool *work, size_t nrow)
{
  void *values;
  lun_levels *levels = NULL;
  int32_t *map = LUN_NEW(work, int32_t, r->words.n);
  if (!map) return LUN_ENOMEM;
  lun_status st = make_levels(r, work, &levels, map);
  if (st != LUN_OK) return st;
  st = lun_col_raw(work->env, &r->col, LUN_FACTOR, nrow, levels, &values);
  lun_levels_free(levels);
  if (st != LUN_OK) return st;
  int32_t *to = values;
  for (size_t i = 0; i < nrow; i++) to[i] = r->code[i] < 0 ? LUN_CODE_MISSING : map[r->code[i]];
  return LUN_OK;
}

static lun_status make_text(lun_reading *r, lun_pool *work, size_t nrow)
{
  const char **text = LUN_NEW(work, const char *, nrow);
  if (!text) return LUN_ENOMEM;
  for (size_t i = 0; i < nrow; i++)
    text[i] = r->code[i] < 0 ? NULL : r->words.word[r->code[i]].text;
  return lun_col_text(work->env, &r->col, text, nrow);
}

lun_status lun_reading_finish(lun_reading *r, lun_env *env, size_t nrow)
{
  lun_pool work;
  if (r->col) {
    r->col->n = nrow; /* made for as many rows as the file has lines */
    return LUN_OK;
  }
  if (r->texts.env)
    return lun_col_bytes(env, &r->col, (const uint32_t *)r->code, nrow, r->texts.data,
                         r->texts.size);
  if (r->guessed) r->type = r->words.n <= LUN_CSV_LEVELS ? LUN_FACTOR : LUN_TEXT;
  lun_pool_init(&work, env);
  lun_status st = r->type == LUN_FACTOR ? make_factor(r, &work, nrow) : make_text(r, &work, nrow);
  lun_pool_fini(&work);
  return st;
}
