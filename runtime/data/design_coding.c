/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/str.h"
#include "data/design_build.h"
#include "data/factor.h"

lun_status lun_design_fail(lun_design_build *b, const lun_variable *v, const char *format)
{
  *b->offset = v->offset;
  return lun_fail(b->env, LUN_EINVAL, format, v->text);
}

int lun_design_passes(const lun_variable *v, const lun_design *like)
{
  return like && v->kind == LUN_VAR_CLUSTER;
}

/* --- coding ----------------------------------------------------------------------------------- */

/* The levels that occur in the rows used; with all_rows all of them. */
static lun_status code_levels(lun_design_build *b, const lun_variable *v, const lun_col *col,
                              lun_coding *c)
{
  lun_design *d = b->d;
  const lun_levels *levels = col->levels;
  char *seen = LUN_NEW(&b->work, char, levels->n);
  c->categorical = 1;
  c->levels = LUN_NEW(&d->pool, const char *, levels->n);
  if (!seen || !c->levels) return LUN_ENOMEM;
  for (size_t i = 0; i < d->n; i++) {
    int32_t code = col->v.code[d->rows[i]];
    if (code >= 0) seen[code] = 1;
  }
  if (b->options->all_rows) memset(seen, 1, levels->n);
  for (size_t k = 0; k < levels->n; k++) {
    if (!seen[k]) continue;
    c->levels[c->n_levels] = lun_pool_text(&d->pool, levels->names[k], strlen(levels->names[k]));
    if (!c->levels[c->n_levels++]) return LUN_ENOMEM;
  }
  if (c->n_levels > 1 || v->kind >= LUN_VAR_STRATA || b->options->all_rows) return LUN_OK;
  *b->offset = v->offset;
  return lun_fail(b->env, LUN_EDATA,
                  "[data.one-level] %s: all %z rows have the same value (%s): there is nothing to "
                  "compare",
                  v->text, d->n, c->levels[0]);
}

static lun_status code_spline(lun_design_build *b, const lun_variable *v, const lun_col *col,
                              lun_coding *c)
{
  size_t n = 0;
  double *x = LUN_NEW(&b->work, double, col->n);
  lun_knots knots = { .df = v->df, .n = v->n_knots };
  if (v->n_knots) knots.at = v->knots;
  if (v->n_boundary) knots.boundary = v->boundary;
  c->spline = LUN_NEW(&b->d->pool, lun_spline, 1);
  if (!x || !c->spline) return LUN_ENOMEM;
  for (size_t i = 0; i < col->n; i++) {
    if (!lun_col_missing(col, i)) x[n++] = lun_col_double(col, i);
  }
  *b->offset = v->offset;
  if (v->kind == LUN_VAR_NS) return lun_spline_ns(b->env, &b->d->pool, c->spline, x, n, &knots);
  return lun_spline_rcs(b->env, &b->d->pool, c->spline, x, n, &knots);
}

static lun_status make_coding(lun_design_build *b, const lun_variable *v, const lun_col *col,
                              lun_coding *c)
{
  if (col->type == LUN_FACTOR) return code_levels(b, v, col, c);
  if (v->kind == LUN_VAR_NS || v->kind == LUN_VAR_RCS) return code_spline(b, v, col, c);
  return LUN_OK;
}

static lun_status copy_coding(lun_pool *pool, lun_coding *to, const lun_coding *from)
{
  *to = *from;
  to->levels = LUN_NEW(pool, const char *, from->n_levels);
  if (!to->levels) return LUN_ENOMEM;
  for (size_t k = 0; k < from->n_levels; k++) {
    if (!(to->levels[k] = lun_pool_text(pool, from->levels[k], strlen(from->levels[k]))))
      return LUN_ENOMEM;
  }
  if (!from->spline) return LUN_OK;
  const lun_spline *s = from->spline;
  size_t rows = 2 * (s->df + 2);
  if (!(to->spline = LUN_NEW(pool, lun_spline, 1))) return LUN_ENOMEM;
  *to->spline = *s;
  to->spline->knots = LUN_NEW(pool, double, s->n_knots);
  if (!to->spline->knots) return LUN_ENOMEM;
  memcpy(to->spline->knots, s->knots, s->n_knots * sizeof *s->knots);
  if (s->restricted) return LUN_OK;
  if (!(to->spline->constraint = LUN_NEW(pool, double, rows))) return LUN_ENOMEM;
  memcpy(to->spline->constraint, s->constraint, rows * sizeof *s->constraint);
  return LUN_OK;
}

/* --- values of the rows used ------------------------------------------------------------------ */

static int32_t find_level(const lun_coding *c, const char *name)
{
  for (size_t k = 0; k < c->n_levels; k++) {
    if (strcmp(c->levels[k], name) == 0) return (int32_t)k;
  }
  return -1;
}

/* The code in c of each level. Mostly c has them in the same order; only then are there many. */
static void map_levels(const lun_coding *c, const lun_levels *levels, int search, int32_t *map)
{
  size_t next = 0;
  for (size_t k = 0; k < levels->n; k++) {
    map[k] = -1;
    if (next < c->n_levels && strcmp(c->levels[next], levels->names[k]) == 0)
      map[k] = (int32_t)next++;
    else if (search) map[k] = find_level(c, levels->names[k]);
  }
}

static lun_status fill_codes(lun_design_build *b, const lun_variable *v, lun_design_var *x)
{
  lun_design *d = b->d;
  const lun_levels *levels = x->col->levels;
  int32_t *map = LUN_NEW(&b->work, int32_t, levels->n);
  int32_t *code = LUN_NEW(&d->pool, int32_t, d->n);
  if (!map || !code) return LUN_ENOMEM;
  x->code = x->coding->code = code;
  map_levels(x->coding, levels, v->kind < LUN_VAR_STRATA, map);
  for (size_t i = 0; i < d->n; i++) {
    int32_t old = x->col->v.code[d->rows[i]];
    code[i] = old < 0 ? LUN_CODE_MISSING : map[old];
    if (code[i] >= 0 || old < 0 || v->kind >= LUN_VAR_STRATA) continue;
    return lun_fail(b->env, LUN_EDATA,
                    "[data.new-level] row %z: the model knows no level \"%s\" of %s",
                    (size_t)d->rows[i] + 1, levels->names[old], v->text);
  }
  return LUN_OK;
}

static lun_status fill_numbers(lun_design_build *b, lun_design_var *x)
{
  lun_design *d = b->d;
  const lun_spline *s = x->coding->spline;
  double row[64];
  x->width = s ? s->df : 1;
  x->value = LUN_NEW(&b->work, double, d->n * x->width);
  if (!x->value) return LUN_ENOMEM;
  for (size_t i = 0; i < d->n; i++) {
    double v = lun_col_double(x->col, d->rows[i]);
    if (s && !isnan(v)) lun_spline_at(s, v, row);
    for (size_t j = 0; j < x->width; j++) x->value[j * d->n + i] = s && !isnan(v) ? row[j] : v;
  }
  return LUN_OK;
}

lun_status lun_design_fill(lun_design_build *b, const lun_design *like)
{
  lun_design *d = b->d;
  lun_status st = LUN_OK;
  d->codings = LUN_NEW(&d->pool, lun_coding, b->f->n_vars);
  if (!d->codings) return LUN_ENOMEM;
  for (size_t i = 0; i < b->f->n_vars && st == LUN_OK; i++) {
    const lun_variable *v = &b->f->vars[i];
    lun_design_var *x = &b->vars[i];
    if (lun_design_passes(v, like)) continue;
    int fresh = !like || v->kind >= LUN_VAR_STRATA;
    x->coding = &d->codings[i];
    st = fresh ? make_coding(b, v, x->col, &d->codings[i])
               : copy_coding(&d->pool, &d->codings[i], &like->codings[i]);
    if (st == LUN_OK && x->coding->categorical != (x->col->type == LUN_FACTOR))
      st = lun_design_fail(b, v, "[recipe.terms] %s has another type here than in the model");
    if (st == LUN_OK) st = x->coding->categorical ? fill_codes(b, v, x) : fill_numbers(b, x);
  }
  return st;
}
