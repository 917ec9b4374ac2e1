/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/col.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/word.h"

/* --- levels ---------------------------------------------------------------------------------- */

/* One block: the struct, the pointers, the bytes. */
static lun_levels *new_levels(lun_env *env, const char *const *names, size_t n)
{
  size_t bytes = sizeof(lun_levels) + n * sizeof(char *);
  for (size_t i = 0; i < n; i++) bytes += strlen(names[i]) + 1;
  lun_levels *l = lun_mem_new(env, bytes, 1);
  if (!l) return NULL;
  l->env = env;
  l->refs = 1;
  l->n = n;
  l->names = (const char **)(l + 1);
  char *at = (char *)(l->names + n);
  for (size_t i = 0; i < n; i++) {
    size_t size = strlen(names[i]) + 1;
    memcpy(at, names[i], size);
    l->names[i] = at;
    at += size;
  }
  return l;
}

static int by_bytes(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A bytewise sorted copy of names without NULLs; *kept receives its length. */
static const char **sorted_names(lun_env *env, const char *const *names, size_t n, size_t *kept)
{
  const char **sorted = lun_mem_new(env, n, sizeof *sorted);
  if (!sorted) return NULL;
  *kept = 0;
  for (size_t i = 0; i < n; i++) {
    if (names[i]) sorted[(*kept)++] = names[i];
  }
  qsort(sorted, *kept, sizeof *sorted, by_bytes);
  return sorted;
}

lun_status lun_levels_new(lun_env *env, lun_levels **out, const char *const *names, size_t n)
{
  size_t kept;
  lun_status st = LUN_OK;
  const char **sorted = sorted_names(env, names, n, &kept);
  if (!sorted) return LUN_ENOMEM;
  for (size_t i = 1; i < kept && st == LUN_OK; i++) {
    if (strcmp(sorted[i - 1], sorted[i]) == 0)
      st = lun_fail(env, LUN_EINVAL, "[data.levels] level \"%s\" is named twice", sorted[i]);
  }
  lun_mem_free(env, sorted);
  if (st != LUN_OK) return st;
  *out = new_levels(env, names, n);
  return *out ? LUN_OK : LUN_ENOMEM;
}

lun_status lun_levels_sorted(lun_env *env, lun_levels **out, const char *const *names, size_t n)
{
  size_t kept, distinct = 0;
  const char **sorted = sorted_names(env, names, n, &kept);
  if (!sorted) return LUN_ENOMEM;
  for (size_t i = 0; i < kept; i++) {
    if (i == 0 || strcmp(sorted[distinct - 1], sorted[i]) != 0) sorted[distinct++] = sorted[i];
  }
  *out = new_levels(env, sorted, distinct);
  lun_mem_free(env, sorted);
  return *out ? LUN_OK : LUN_ENOMEM;
}

lun_levels *lun_levels_ref(lun_levels *levels)
{
  levels->refs++;
  return levels;
}

void lun_levels_free(lun_levels *levels)
{
  if (levels && --levels->refs == 0) lun_mem_free(levels->env, levels);
}

int32_t lun_levels_find(const lun_levels *levels, const char *name, size_t n)
{
  for (size_t i = 0; i < levels->n; i++) {
    const char *level = levels->names[i];
    if (strlen(level) == n && memcmp(level, name, n) == 0) return (int32_t)i;
  }
  return -1;
}

/* "no, yes": as many names as fit. */
static void list_levels(const lun_levels *levels, char *buf, size_t room)
{
  size_t at = 0;
  buf[0] = '\0';
  for (size_t i = 0; i < levels->n; i++) {
    const char *separator = i ? ", " : "", *name = levels->names[i];
    if (at + strlen(name) + sizeof ", , ..." > room) {
      strcpy(buf + at, ", ...");
      return;
    }
    at = (size_t)(stpcpy(stpcpy(buf + at, separator), name) - buf);
  }
}

int lun_levels_same(const lun_levels *a, const lun_levels *b)
{
  if (a == b) return 1;
  if (a->n != b->n) return 0;
  for (size_t i = 0; i < a->n; i++) {
    if (strcmp(a->names[i], b->names[i]) != 0) return 0;
  }
  return 1;
}

lun_status lun_levels_fail(lun_env *env, const lun_levels *levels, const char *name)
{
  char list[256];
  size_t near = lun_word_nearest(name, levels->names, levels->n);
  list_levels(levels, list, sizeof list);
  if (near == levels->n)
    return lun_fail(env, LUN_EINVAL, "[recipe.level] \"%s\" is not one of the levels: %s", name,
                    list);
  return lun_fail(env, LUN_EINVAL,
                  "[recipe.level] \"%s\" is not one of the levels: %s; did you mean "
                  "\"%s\"?",
                  name, list, levels->names[near]);
}

/* --- columns --------------------------------------------------------------------------------- */

static size_t value_size(lun_type type)
{
  return type == LUN_NUMBER ? sizeof(double) : sizeof(int32_t);
}

static lun_col *new_col(lun_env *env, lun_type type, size_t n, size_t payload)
{
  lun_col *col = lun_mem_raw(env, 1, sizeof *col + payload);
  if (!col) return NULL;
  *col = (lun_col){ .env = env, .refs = 1, .type = type, .n = n };
  col->v.number = (const double *)(col + 1);
  return col;
}

lun_status lun_col_raw(lun_env *env, lun_col **out, lun_type type, size_t n, lun_levels *levels,
                       void **values)
{
  size_t size = value_size(type);
  if (n > (SIZE_MAX / 2 - sizeof(lun_col)) / size)
    return lun_fail(env, LUN_ENOMEM, "out of memory: %z values", n);
  lun_col *col = new_col(env, type, n, n * size);
  if (!col) return LUN_ENOMEM;
  if (levels) col->levels = lun_levels_ref(levels);
  *values = (void *)(col + 1);
  *out = col;
  return LUN_OK;
}

static lun_status check_number(lun_env *env, const lun_col *col)
{
  for (size_t i = 0; i < col->n; i++) {
    if (isinf(col->v.number[i]))
      return lun_fail(env, LUN_EDATA, "[data.infinite] row %z: the value is infinite", i + 1);
  }
  return LUN_OK;
}

static lun_status check_factor(lun_env *env, const lun_col *col)
{
  int32_t n = (int32_t)col->levels->n;
  for (size_t i = 0; i < col->n; i++) {
    int32_t code = col->v.code[i];
    if (code < LUN_CODE_MISSING || code >= n)
      return lun_fail(env, LUN_EDATA, "[data.level] row %z: code %d is not one of %d levels", i + 1,
                      code, n);
  }
  return LUN_OK;
}

lun_status lun_col_check(lun_env *env, const lun_col *col)
{
  if (col->type == LUN_NUMBER) return check_number(env, col);
  return col->type == LUN_FACTOR ? check_factor(env, col) : LUN_OK;
}

/* A checked copy of n values. */
static lun_status copy_values(lun_env *env, lun_col **out, lun_type type, const void *v, size_t n,
                              lun_levels *levels)
{
  void *values;
  lun_status st = lun_col_raw(env, out, type, n, levels, &values);
  if (st != LUN_OK) return st;
  if (n) memcpy(values, v, n * value_size(type));
  st = lun_col_check(env, *out);
  if (st == LUN_OK) return st;
  lun_col_free(*out);
  *out = NULL;
  return st;
}

lun_status lun_col_number(lun_env *env, lun_col **out, const double *v, size_t n)
{
  return copy_values(env, out, LUN_NUMBER, v, n, NULL);
}

lun_status lun_col_coded(lun_env *env, lun_col **out, lun_type type, const int32_t *v, size_t n,
                         lun_levels *levels)
{
  if (type == LUN_NUMBER || type == LUN_TEXT || (type == LUN_FACTOR) != (levels != NULL))
    return lun_fail(env, LUN_EINVAL, "a %s column cannot be made of codes%s", lun_type_name(type),
                    levels ? " and levels" : "");
  return copy_values(env, out, type, v, n, levels);
}

/* Offsets and texts are to be filled in. */
static lun_status new_text(lun_env *env, lun_col **out, size_t n, size_t bytes)
{
  if (bytes >= LUN_TEXT_MISSING)
    return lun_fail(env, LUN_ELIMIT, "[limit.text] a text column holds at most 4 GB");
  *out = new_col(env, LUN_TEXT, n, n * sizeof(uint32_t) + bytes);
  if (!*out) return LUN_ENOMEM;
  (*out)->bytes = (char *)((*out)->v.offset + n);
  return LUN_OK;
}

lun_status lun_col_bytes(lun_env *env, lun_col **out, const uint32_t *offset, size_t n,
                         const char *bytes, size_t size)
{
  lun_status st = new_text(env, out, n, size);
  if (st != LUN_OK) return st;
  memcpy(*out + 1, offset, n * sizeof *offset);
  if (size) memcpy((char *)(*out)->bytes, bytes, size);
  return LUN_OK;
}

lun_status lun_col_text(lun_env *env, lun_col **out, const char *const *v, size_t n)
{
  size_t bytes = 0;
  lun_col *col;
  for (size_t i = 0; i < n; i++) bytes += v[i] ? strlen(v[i]) + 1 : 0;
  lun_status st = new_text(env, &col, n, bytes);
  if (st != LUN_OK) return st;
  uint32_t *offset = (uint32_t *)(col + 1), at = 0;
  char *text = (char *)(offset + n);
  for (size_t i = 0; i < n; i++) {
    offset[i] = LUN_TEXT_MISSING;
    if (!v[i]) continue;
    uint32_t size = (uint32_t)strlen(v[i]) + 1;
    memcpy(text + at, v[i], size);
    offset[i] = at;
    at += size;
  }
  *out = col;
  return LUN_OK;
}

static lun_status fail_text(lun_env *env, size_t row, const char *text, const lun_levels *levels)
{
  char list[256];
  list_levels(levels, list, sizeof list);
  return lun_fail(env, LUN_EDATA, "[data.level] row %z: \"%s\" is not one of the levels: %s",
                  row + 1, text, list);
}

/* Sorted levels are searched by halves, declared ones (few) in order. */
static int32_t find_code(const lun_levels *levels, const char *name, int sorted)
{
  if (!sorted) return lun_levels_find(levels, name, strlen(name));
  const char **hit = bsearch(&name, levels->names, levels->n, sizeof *levels->names, by_bytes);
  return hit ? (int32_t)(hit - levels->names) : -1;
}

static lun_status fill_codes(lun_env *env, int32_t *code, const char *const *v, size_t n,
                             const lun_levels *levels, int sorted)
{
  for (size_t i = 0; i < n; i++) {
    code[i] = LUN_CODE_MISSING;
    if (!v[i]) continue;
    code[i] = find_code(levels, v[i], sorted);
    if (code[i] < 0) return fail_text(env, i, v[i], levels);
  }
  return LUN_OK;
}

lun_status lun_col_factor(lun_env *env, lun_col **out, const char *const *v, size_t n,
                          lun_levels *levels)
{
  void *code;
  lun_status st;
  int sorted = levels == NULL;
  if (levels) lun_levels_ref(levels);
  else if ((st = lun_levels_sorted(env, &levels, v, n)) != LUN_OK) return st;
  st = lun_col_raw(env, out, LUN_FACTOR, n, levels, &code);
  if (st == LUN_OK && (st = fill_codes(env, code, v, n, levels, sorted)) != LUN_OK) {
    lun_col_free(*out);
    *out = NULL;
  }
  lun_levels_free(levels);
  return st;
}

lun_status lun_col_view(lun_env *env, lun_col **out, const double *v, size_t n)
{
  lun_col *col = new_col(env, LUN_NUMBER, n, 0);
  if (!col) return LUN_ENOMEM;
  col->borrowed = 1;
  col->v.number = v;
  *out = col;
  return LUN_OK;
}

lun_col *lun_col_ref(lun_col *col)
{
  col->refs++;
  return col;
}

void lun_col_free(lun_col *col)
{
  if (!col || --col->refs > 0) return;
  lun_levels_free(col->levels);
  lun_col_free(col->from);
  lun_mem_free(col->env, col);
}

lun_status lun_col_own(lun_env *env, lun_col **out, const lun_col *col)
{
  if (col->borrowed) return lun_col_number(env, out, col->v.number, col->n);
  *out = lun_col_ref((lun_col *)col);
  return LUN_OK;
}

lun_status lun_col_gather(lun_env *env, lun_col **out, const lun_col *col, const size_t *index,
                          size_t n)
{
  void *values;
  lun_status st = lun_col_raw(env, out, col->type, n, col->levels, &values);
  if (st != LUN_OK) return st;
  if (col->type == LUN_NUMBER) {
    double *to = values;
    for (size_t i = 0; i < n; i++) to[i] = col->v.number[index[i]];
  } else {
    int32_t *to = values;
    for (size_t i = 0; i < n; i++) to[i] = col->v.code[index[i]];
  }
  if (col->type == LUN_TEXT) {
    (*out)->bytes = col->bytes;
    (*out)->from = lun_col_ref(col->from ? col->from : (lun_col *)col);
  }
  return LUN_OK;
}

int lun_col_missing(const lun_col *col, size_t row)
{
  switch (col->type) {
  case LUN_NUMBER: return isnan(col->v.number[row]);
  case LUN_FACTOR: return col->v.code[row] < 0;
  case LUN_TEXT: return col->v.offset[row] == LUN_TEXT_MISSING;
  default: return col->v.code[row] == LUN_INT_MISSING;
  }
}

double lun_col_double(const lun_col *col, size_t row)
{
  if (col->type == LUN_NUMBER) return col->v.number[row];
  return col->type == LUN_TEXT || lun_col_missing(col, row) ? NAN : col->v.code[row];
}

const char *lun_col_str(const lun_col *col, size_t row)
{
  if (lun_col_missing(col, row)) return NULL;
  if (col->type == LUN_TEXT) return col->bytes + col->v.offset[row];
  return col->type == LUN_FACTOR ? col->levels->names[col->v.code[row]] : NULL;
}

const char *lun_type_name(lun_type type)
{
  static const char *const names[] = { "number", "integer", "date", "factor", "text" };
  return names[type];
}
