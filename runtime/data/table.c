/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/table.h"

#include <string.h>

#include "base/pool.h"
#include "base/word.h"

/* One block: the struct, both pointer arrays, the bytes of the names. Columns are left NULL. */
static lun_table *new_table(lun_env *env, const char *const *names, size_t ncol, size_t nrow)
{
  size_t bytes = sizeof(lun_table) + ncol * 2 * sizeof(void *);
  for (size_t i = 0; i < ncol; i++) bytes += strlen(names[i]) + 1;
  lun_table *t = lun_mem_new(env, bytes, 1);
  if (!t) return NULL;
  t->env = env;
  t->refs = 1;
  t->nrow = nrow;
  t->ncol = ncol;
  t->cols = (lun_col **)(t + 1);
  t->names = (const char **)(t->cols + ncol);
  char *at = (char *)(t->names + ncol);
  for (size_t i = 0; i < ncol; i++) {
    t->names[i] = at;
    at = stpcpy(at, names[i]) + 1;
  }
  return t;
}

lun_table *lun_table_ref(lun_table *table)
{
  table->refs++;
  return table;
}

void lun_table_free(lun_table *table)
{
  if (!table || --table->refs > 0) return;
  for (size_t i = 0; i < table->ncol; i++) lun_col_free(table->cols[i]);
  lun_mem_free(table->env, table);
}

/* Frees an unfinished table unless st is LUN_OK. */
static lun_status finish(lun_table **out, lun_status st)
{
  if (st == LUN_OK) return st;
  lun_table_free(*out);
  *out = NULL;
  return st;
}

static lun_status check_columns(lun_env *env, const char *const *names, lun_col *const *cols,
                                size_t ncol, size_t nrow)
{
  for (size_t i = 0; i < ncol; i++) {
    if (!names[i][0]) return lun_fail(env, LUN_EINVAL, "column %z has an empty name", i + 1);
    if (cols[i]->n != nrow)
      return lun_fail(env, LUN_EINVAL, "column \"%s\" has %z values, the table has %z rows",
                      names[i], cols[i]->n, nrow);
  }
  return LUN_OK;
}

static lun_status check_names(lun_env *env, const char *const *names, size_t ncol)
{
  lun_levels *distinct = NULL;
  lun_status st = lun_levels_sorted(env, &distinct, names, ncol);
  if (st == LUN_OK && distinct->n < ncol) {
    for (size_t i = 1; i < ncol; i++) {
      for (size_t j = 0; j < i && st == LUN_OK; j++) {
        if (strcmp(names[i], names[j]) == 0)
          st = lun_fail(env, LUN_EINVAL, "two columns are named \"%s\": columns %z and %z",
                        names[i], j + 1, i + 1);
      }
    }
  }
  lun_levels_free(distinct);
  return st;
}

lun_status lun_table_new(lun_env *env, lun_table **out, const char *const *names,
                         lun_col *const *cols, size_t ncol, size_t nrow)
{
  lun_status st = check_columns(env, names, cols, ncol, nrow);
  if (st != LUN_OK || (st = check_names(env, names, ncol)) != LUN_OK) return st;
  *out = new_table(env, names, ncol, nrow);
  if (!*out) return LUN_ENOMEM;
  for (size_t i = 0; i < ncol && st == LUN_OK; i++)
    st = lun_col_own(env, &(*out)->cols[i], cols[i]);
  return finish(out, st);
}

size_t lun_table_find(const lun_table *table, const char *name, size_t n)
{
  for (size_t i = 0; i < table->ncol; i++) {
    const char *own = table->names[i];
    if (strncmp(own, name, n) == 0 && strlen(own) == n) return i;
  }
  return LUN_NO_COLUMN;
}

lun_col *lun_table_col(lun_env *env, const lun_table *table, const char *name)
{
  size_t i = lun_table_find(table, name, strlen(name));
  if (i != LUN_NO_COLUMN) return table->cols[i];
  size_t near = lun_word_nearest(name, table->names, table->ncol);
  if (near < table->ncol)
    lun_fail(env, LUN_EINVAL, "[recipe.column] there is no column \"%s\": did you mean \"%s\"?",
             name, table->names[near]);
  else
    lun_fail(env, LUN_EINVAL, "[recipe.column] there is no column \"%s\"", name);
  return NULL;
}

lun_status lun_table_select(lun_env *env, lun_table **out, const lun_table *table,
                            const size_t *which, size_t n)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, env);
  const char **names = LUN_NEW(&work, const char *, n);
  lun_col **cols = LUN_NEW(&work, lun_col *, n);
  if (!names || !cols) goto done;
  for (size_t i = 0; i < n; i++) {
    names[i] = table->names[which[i]];
    cols[i] = table->cols[which[i]];
  }
  st = lun_table_new(env, out, names, cols, n, table->nrow);
done:
  lun_pool_fini(&work);
  return st;
}

lun_status lun_table_gather(lun_env *env, lun_table **out, const lun_table *table,
                            const size_t *index, size_t n)
{
  lun_status st = LUN_OK;
  *out = new_table(env, table->names, table->ncol, n);
  if (!*out) return LUN_ENOMEM;
  for (size_t i = 0; i < table->ncol && st == LUN_OK; i++)
    st = lun_col_gather(env, &(*out)->cols[i], table->cols[i], index, n);
  return finish(out, st);
}

lun_status lun_table_with(lun_env *env, lun_table **out, const lun_table *table, const char *name,
                          lun_col *col)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  size_t at = lun_table_find(table, name, strlen(name)), n = table->ncol;
  if (at == LUN_NO_COLUMN) at = n++;
  lun_pool_init(&work, env);
  const char **names = LUN_NEW(&work, const char *, n);
  lun_col **cols = LUN_NEW(&work, lun_col *, n);
  if (!names || !cols) goto done;
  if (table->ncol) {
    memcpy(names, table->names, table->ncol * sizeof *names);
    memcpy(cols, table->cols, table->ncol * sizeof *cols);
  }
  names[at] = name;
  cols[at] = col;
  st = lun_table_new(env, out, names, cols, n, table->ncol ? table->nrow : col->n);
done:
  lun_pool_fini(&work);
  return st;
}

/* --- binding rows ---------------------------------------------------------------------------- */

/* The parts of column j of every table, found by name and alike. */
static lun_status find_parts(lun_env *env, const lun_col **parts, lun_table *const *tables,
                             size_t n, size_t j)
{
  const char *name = tables[0]->names[j];
  const lun_col *first = tables[0]->cols[j];
  for (size_t k = 0; k < n; k++) {
    const lun_col *part = lun_table_col(env, tables[k], name);
    if (!part)
      return lun_fail(env, LUN_EDATA, "[data.bind] table %z has no column \"%s\"", k + 1, name);
    int numbers = part->type <= LUN_INTEGER && first->type <= LUN_INTEGER;
    if (part->type != first->type && !numbers)
      return lun_fail(env, LUN_EDATA,
                      "[data.bind] column \"%s\" is a %s in table 1 and a %s in table %z", name,
                      lun_type_name(first->type), lun_type_name(part->type), k + 1);
    if (part->levels && !lun_levels_same(part->levels, first->levels))
      return lun_fail(env, LUN_EDATA,
                      "[data.bind] column \"%s\" has other levels in table %z: declare "
                      "the same levels for both",
                      name, k + 1);
    parts[k] = part;
  }
  return LUN_OK;
}

static lun_status bind_text(lun_env *env, lun_col **out, const lun_col *const *parts, size_t n,
                            size_t nrow)
{
  const char **v = lun_mem_new(env, nrow, sizeof *v);
  if (!v) return LUN_ENOMEM;
  size_t at = 0;
  for (size_t k = 0; k < n; k++) {
    for (size_t i = 0; i < parts[k]->n; i++) v[at++] = lun_col_str(parts[k], i);
  }
  lun_status st = lun_col_text(env, out, v, nrow);
  lun_mem_free(env, v);
  return st;
}

static lun_status bind_codes(lun_env *env, lun_col **out, const lun_col *const *parts, size_t n,
                             size_t nrow)
{
  void *values;
  lun_status st = lun_col_raw(env, out, parts[0]->type, nrow, parts[0]->levels, &values);
  if (st != LUN_OK) return st;
  int32_t *to = values;
  for (size_t k = 0; k < n; to += parts[k]->n, k++) {
    if (parts[k]->n) memcpy(to, parts[k]->v.code, parts[k]->n * sizeof *to);
  }
  return LUN_OK;
}

static lun_status bind_numbers(lun_env *env, lun_col **out, const lun_col *const *parts, size_t n,
                               size_t nrow)
{
  void *values;
  lun_status st = lun_col_raw(env, out, LUN_NUMBER, nrow, NULL, &values);
  if (st != LUN_OK) return st;
  double *to = values;
  for (size_t k = 0; k < n; k++) {
    for (size_t i = 0; i < parts[k]->n; i++) *to++ = lun_col_double(parts[k], i);
  }
  return LUN_OK;
}

static lun_status bind_column(lun_env *env, lun_col **out, const lun_col *const *parts, size_t n,
                              size_t nrow)
{
  if (parts[0]->type == LUN_TEXT) return bind_text(env, out, parts, n, nrow);
  for (size_t k = 0; k < n; k++) {
    if (parts[k]->type == LUN_NUMBER) return bind_numbers(env, out, parts, n, nrow);
  }
  return bind_codes(env, out, parts, n, nrow);
}

/* Every column of every table must be one of the first table's. */
static lun_status check_extra(lun_env *env, lun_table *const *tables, size_t n)
{
  for (size_t k = 1; k < n; k++) {
    for (size_t j = 0; j < tables[k]->ncol; j++) {
      const char *name = tables[k]->names[j];
      if (lun_table_find(tables[0], name, strlen(name)) == LUN_NO_COLUMN)
        return lun_fail(env, LUN_EDATA,
                        "[data.bind] table %z has a column \"%s\" that table 1 has not", k + 1,
                        name);
    }
  }
  return LUN_OK;
}

lun_status lun_table_bind(lun_env *env, lun_table **out, lun_table *const *tables, size_t n)
{
  size_t nrow = 0;
  lun_status st = check_extra(env, tables, n);
  if (st != LUN_OK) return st;
  for (size_t k = 0; k < n; k++) nrow += tables[k]->nrow;
  const lun_col **parts = lun_mem_new(env, n, sizeof *parts);
  if (!parts) return LUN_ENOMEM;
  *out = new_table(env, tables[0]->names, tables[0]->ncol, nrow);
  if (!*out) st = LUN_ENOMEM;
  for (size_t j = 0; j < tables[0]->ncol && st == LUN_OK; j++) {
    if ((st = find_parts(env, parts, tables, n, j)) == LUN_OK)
      st = bind_column(env, &(*out)->cols[j], parts, n, nrow);
  }
  lun_mem_free(env, parts);
  return finish(out, st);
}
