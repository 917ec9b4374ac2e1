/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/factor.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/order.h"
#include "base/pool.h"
#include "base/str.h"
#include "data/date.h"

/* A factor with codes map[code] of another one; map[k] < 0 must not occur. */
static lun_status remap(lun_env *env, lun_col **out, const lun_col *col, const int32_t *map,
                        lun_levels *levels)
{
  void *values;
  lun_status st = lun_col_raw(env, out, LUN_FACTOR, col->n, levels, &values);
  if (st != LUN_OK) return st;
  int32_t *code = values;
  for (size_t i = 0; i < col->n; i++) {
    int32_t old = col->v.code[i];
    code[i] = old < 0 ? LUN_CODE_MISSING : map[old];
  }
  return LUN_OK;
}

/* --- from other types ------------------------------------------------------------------------- */

static lun_status of_text(lun_env *env, lun_col **out, const lun_col *col)
{
  const char **v = lun_mem_new(env, col->n, sizeof *v);
  if (!v) return LUN_ENOMEM;
  for (size_t i = 0; i < col->n; i++) v[i] = lun_col_str(col, i);
  lun_status st = lun_col_factor(env, out, v, col->n, NULL);
  lun_mem_free(env, v);
  return st;
}

static char *value_name(lun_pool *pool, lun_type type, double v)
{
  char buf[LUN_NUM_MAX];
  size_t n = type == LUN_DATE ? lun_date_iso(buf, (int32_t)v) : lun_num_shortest(buf, v);
  return lun_pool_text(pool, buf, n);
}

/* Codes by rank among the distinct values; their names into *names. */
static lun_status rank_values(lun_env *env, lun_pool *work, const lun_col *col, int32_t *code,
                              const char **names, size_t *k)
{
  double *x = LUN_NEW(work, double, col->n);
  size_t *order = LUN_NEW(work, size_t, col->n);
  if (!x || !order) return LUN_ENOMEM;
  for (size_t i = 0; i < col->n; i++) x[i] = lun_col_double(col, i);
  lun_status st = lun_order_doubles(env, order, x, col->n);
  if (st != LUN_OK) return st;
  *k = 0;
  for (size_t i = 0; i < col->n; i++) {
    size_t row = order[i];
    code[row] = LUN_CODE_MISSING;
    if (isnan(x[row])) continue;
    if ((i == 0 || x[row] != x[order[i - 1]]) &&
        !(names[(*k)++] = value_name(work, col->type, x[row])))
      return LUN_ENOMEM;
    code[row] = (int32_t)*k - 1;
  }
  return LUN_OK;
}

static lun_status of_numbers(lun_env *env, lun_col **out, const lun_col *col)
{
  size_t k = 0;
  lun_pool work;
  lun_levels *levels = NULL;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, env);
  int32_t *code = LUN_NEW(&work, int32_t, col->n);
  const char **names = LUN_NEW(&work, const char *, col->n);
  if (!code || !names) goto done;
  if ((st = rank_values(env, &work, col, code, names, &k)) != LUN_OK) goto done;
  if ((st = lun_levels_new(env, &levels, names, k)) != LUN_OK) goto done;
  st = lun_col_coded(env, out, LUN_FACTOR, code, col->n, levels);
done:
  lun_levels_free(levels);
  lun_pool_fini(&work);
  return st;
}

lun_status lun_factor_of(lun_env *env, lun_col **out, const lun_col *col)
{
  if (col->type == LUN_FACTOR) return lun_col_own(env, out, col);
  return col->type == LUN_TEXT ? of_text(env, out, col) : of_numbers(env, out, col);
}

/* --- changing levels -------------------------------------------------------------------------- */

static lun_status check_levels(lun_env *env, const lun_col *col, const int32_t *map)
{
  for (size_t i = 0; i < col->n; i++) {
    int32_t code = col->v.code[i];
    if (code >= 0 && map[code] < 0)
      return lun_fail(env, LUN_EDATA, "[data.level] row %z: \"%s\" is not one of the new levels",
                      i + 1, col->levels->names[code]);
  }
  return LUN_OK;
}

lun_status lun_factor_levels(lun_env *env, lun_col **out, const lun_col *col, lun_levels *levels)
{
  int32_t *map = lun_mem_new(env, col->levels->n, sizeof *map);
  if (!map) return LUN_ENOMEM;
  for (size_t k = 0; k < col->levels->n; k++) {
    const char *name = col->levels->names[k];
    map[k] = lun_levels_find(levels, name, strlen(name));
  }
  lun_status st = check_levels(env, col, map);
  if (st == LUN_OK) st = remap(env, out, col, map, levels);
  lun_mem_free(env, map);
  return st;
}

/* Levels which[0..k) of col's, as the new levels of the same values. */
static lun_status pick_levels(lun_env *env, lun_col **out, const lun_col *col, const size_t *which,
                              size_t k)
{
  lun_levels *levels = NULL;
  const char **names = lun_mem_new(env, k, sizeof *names);
  if (!names) return LUN_ENOMEM;
  for (size_t i = 0; i < k; i++) names[i] = col->levels->names[which[i]];
  lun_status st = lun_levels_new(env, &levels, names, k);
  lun_mem_free(env, names);
  if (st == LUN_OK) st = lun_factor_levels(env, out, col, levels);
  lun_levels_free(levels);
  return st;
}

lun_status lun_factor_relevel(lun_env *env, lun_col **out, const lun_col *col, const char *ref)
{
  size_t n = col->levels->n, at = 0;
  int32_t first = lun_levels_find(col->levels, ref, strlen(ref));
  if (first < 0) return lun_levels_fail(env, col->levels, ref);
  size_t *which = lun_mem_new(env, n, sizeof *which);
  if (!which) return LUN_ENOMEM;
  which[at++] = (size_t)first;
  for (size_t k = 0; k < n; k++) {
    if (k != (size_t)first) which[at++] = k;
  }
  lun_status st = pick_levels(env, out, col, which, n);
  lun_mem_free(env, which);
  return st;
}

size_t lun_factor_counts(const lun_col *col, size_t *count)
{
  size_t missing = 0;
  memset(count, 0, col->levels->n * sizeof *count);
  for (size_t i = 0; i < col->n; i++) {
    if (col->v.code[i] < 0) missing++;
    else count[col->v.code[i]]++;
  }
  return missing;
}

lun_status lun_factor_drop(lun_env *env, lun_col **out, const lun_col *col)
{
  size_t n = col->levels->n, kept = 0;
  size_t *count = lun_mem_new(env, n, sizeof *count);
  if (!count) return LUN_ENOMEM;
  lun_factor_counts(col, count);
  for (size_t k = 0; k < n; k++) {
    if (count[k]) count[kept++] = k;
  }
  lun_status st = pick_levels(env, out, col, count, kept);
  lun_mem_free(env, count);
  return st;
}

/* --- crossing --------------------------------------------------------------------------------- */

static char *cell_name(lun_pool *pool, const char *a, const char *b)
{
  size_t n = strlen(a);
  char *name = lun_pool_new(pool, n + strlen(b) + 3, 1);
  if (name) stpcpy(stpcpy(stpcpy(name, a), ", "), b);
  return name;
}

/* Two factors; all cells get a level, the caller drops the empty ones. */
static lun_status cross_two(lun_env *env, lun_col **out, const lun_col *a, const lun_col *b)
{
  enum { MAX_CELLS = 1000000 };
  lun_pool work;
  void *values;
  lun_levels *levels = NULL;
  lun_status st = LUN_ENOMEM;
  size_t m = b->levels->n, cells = a->levels->n * m;
  if (cells > MAX_CELLS)
    return lun_fail(env, LUN_ELIMIT, "[limit.cells] %z cells of crossed factors", cells);
  lun_pool_init(&work, env);
  const char **names = LUN_NEW(&work, const char *, cells);
  if (!names) goto done;
  for (size_t k = 0; k < cells; k++) {
    if (!(names[k] = cell_name(&work, a->levels->names[k / m], b->levels->names[k % m]))) goto done;
  }
  if ((st = lun_levels_new(env, &levels, names, cells)) != LUN_OK) goto done;
  if ((st = lun_col_raw(env, out, LUN_FACTOR, a->n, levels, &values)) != LUN_OK) goto done;
  int32_t *code = values;
  for (size_t i = 0; i < a->n; i++) {
    int32_t x = a->v.code[i], y = b->v.code[i];
    code[i] = x < 0 || y < 0 ? LUN_CODE_MISSING : x * (int32_t)m + y;
  }
done:
  lun_levels_free(levels);
  lun_pool_fini(&work);
  return st;
}

lun_status lun_factor_cross(lun_env *env, lun_col **out, lun_col *const *cols, size_t k)
{
  lun_status st = lun_factor_drop(env, out, cols[0]);
  for (size_t j = 1; j < k && st == LUN_OK; j++) {
    lun_col *cells = NULL, *before = *out;
    *out = NULL;
    st = cross_two(env, &cells, before, cols[j]);
    if (st == LUN_OK) st = lun_factor_drop(env, out, cells);
    lun_col_free(cells);
    lun_col_free(before);
  }
  return st;
}

/* --- cutting ---------------------------------------------------------------------------------- */

static lun_status interval_names(lun_env *env, lun_pool *work, const lun_cut *cut,
                                 const char **names)
{
  lun_str s;
  for (size_t k = 0; k + 1 < cut->n; k++) {
    int last = k + 2 == cut->n;
    lun_str_init(&s, env);
    lun_str_char(&s, cut->right && k > 0 ? '(' : '[');
    lun_str_shortest(&s, cut->breaks[k]);
    lun_str_text(&s, ", ");
    lun_str_shortest(&s, cut->breaks[k + 1]);
    lun_str_char(&s, cut->right || last ? ']' : ')');
    names[k] = s.status == LUN_OK ? lun_pool_text(work, s.data, s.size) : NULL;
    lun_str_fini(&s);
    if (!names[k]) return LUN_ENOMEM;
  }
  return LUN_OK;
}

static int32_t interval_of(const lun_cut *cut, double v)
{
  const double *b = cut->breaks;
  size_t last = cut->n - 1, k = 0;
  if (!(v >= b[0] && v <= b[last])) return -1;
  while (k + 1 < last && (cut->right ? v > b[k + 1] : v >= b[k + 1])) k++;
  return (int32_t)k;
}

static lun_status cut_codes(lun_env *env, int32_t *code, const lun_col *col, const lun_cut *cut)
{
  for (size_t i = 0; i < col->n; i++) {
    code[i] = LUN_CODE_MISSING;
    if (lun_col_missing(col, i)) continue;
    double v = lun_col_double(col, i);
    code[i] = interval_of(cut, v);
    if (code[i] < 0)
      return lun_fail(env, LUN_EDATA, "[data.cut] row %z: %g lies outside the breaks %g to %g",
                      i + 1, v, cut->breaks[0], cut->breaks[cut->n - 1]);
  }
  return LUN_OK;
}

static lun_status check_cut(lun_env *env, const lun_col *col, const lun_cut *cut)
{
  if (col->type == LUN_FACTOR || col->type == LUN_TEXT)
    return lun_fail(env, LUN_EINVAL, "cut: expected numbers or dates, found a %s column",
                    lun_type_name(col->type));
  if (cut->n < 2)
    return lun_fail(env, LUN_EINVAL, "cut: expected at least two breaks, found %z", cut->n);
  for (size_t k = 1; k < cut->n; k++) {
    if (!(cut->breaks[k] > cut->breaks[k - 1]))
      return lun_fail(env, LUN_EINVAL, "cut: break %z is not above break %z", k + 1, k);
  }
  return LUN_OK;
}

lun_status lun_factor_cut(lun_env *env, lun_col **out, const lun_col *col, const lun_cut *cut)
{
  lun_pool work;
  lun_levels *levels = NULL;
  lun_status st = check_cut(env, col, cut);
  if (st != LUN_OK) return st;
  lun_pool_init(&work, env);
  int32_t *code = LUN_NEW(&work, int32_t, col->n);
  const char **names = LUN_NEW(&work, const char *, cut->n);
  if (!code || !names) {
    st = LUN_ENOMEM;
    goto done;
  }
  if (!cut->labels && (st = interval_names(env, &work, cut, names)) != LUN_OK) goto done;
  if ((st = lun_levels_new(env, &levels, cut->labels ? cut->labels : names, cut->n - 1)) != LUN_OK)
    goto done;
  if ((st = cut_codes(env, code, col, cut)) != LUN_OK) goto done;
  st = lun_col_coded(env, out, LUN_FACTOR, code, col->n, levels);
done:
  lun_levels_free(levels);
  lun_pool_fini(&work);
  return st;
}
