/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/str.h"
#include "data/design_build.h"
#include "data/factor.h"

/* --- columns of the variables ----------------------------------------------------------------- */

static int wants_factor(const lun_variable *v, const lun_col *col)
{
  int text = col->type == LUN_TEXT || col->type == LUN_FACTOR;
  return v->kind == LUN_VAR_FACTOR || v->kind == LUN_VAR_STRATA || v->kind == LUN_VAR_CLUSTER ||
         (text && (v->kind == LUN_VAR_PLAIN || v->kind == LUN_VAR_TT));
}

static lun_status eval_column(lun_design_build *b, const lun_variable *v, size_t i, lun_col **out)
{
  lun_col *raw = NULL;
  size_t at;
  lun_status st = lun_expr_eval(b->env, &raw, v->expr[i], b->table, &at);
  if (st != LUN_OK) *b->offset = v->offset;
  else if (wants_factor(v, raw)) st = lun_factor_of(b->env, out, raw);
  else if (raw->type == LUN_NUMBER || raw->type == LUN_INTEGER) *out = lun_col_ref(raw);
  else if (raw->type == LUN_DATE)
    st = lun_design_fail(b, v,
                         "[recipe.terms] %s is a date: write days(a, b) or months(a, b), a number");
  else st = lun_design_fail(b, v, "[recipe.terms] %s needs a number");
  lun_col_free(raw);
  return st;
}

/* strata(x, y) are the cells that occur. */
static lun_status eval_strata(lun_design_build *b, const lun_variable *v, lun_col **out)
{
  lun_col *parts[LUN_FORMULA_ARGS] = { NULL };
  lun_status st = LUN_OK;
  for (size_t i = 0; i < v->n_expr && st == LUN_OK; i++) st = eval_column(b, v, i, &parts[i]);
  if (st == LUN_OK) st = lun_factor_cross(b->env, out, parts, v->n_expr);
  for (size_t i = 0; i < v->n_expr; i++) lun_col_free(parts[i]);
  return st;
}

static lun_status eval_variables(lun_design_build *b, const lun_design *like)
{
  lun_status st = LUN_OK;
  b->vars = LUN_NEW(&b->work, lun_design_var, b->f->n_vars);
  if (!b->vars) return LUN_ENOMEM;
  for (size_t i = 0; i < b->f->n_vars && st == LUN_OK; i++) {
    const lun_variable *v = &b->f->vars[i];
    if (lun_design_passes(v, like)) continue;
    if (v->kind == LUN_VAR_TT && !like && !b->options->tt)
      return lun_design_fail(b, v, "[recipe.terms] %s: only a Cox model has functions of time");
    st = v->kind == LUN_VAR_STRATA ? eval_strata(b, v, &b->vars[i].col)
                                   : eval_column(b, v, 0, &b->vars[i].col);
  }
  return st;
}

/* --- complete rows ---------------------------------------------------------------------------- */

static lun_status mark_missing(lun_design_build *b, const char *name, const lun_col *col,
                               char *missing)
{
  lun_drop *drop = &b->d->drops[b->d->n_drops++];
  if (col->n != b->table->nrow)
    return lun_fail(b->env, LUN_EINVAL, "column \"%s\" has %z values, the table has %z rows", name,
                    col->n, b->table->nrow);
  drop->name = lun_pool_text(&b->d->pool, name, strlen(name));
  if (!drop->name) return LUN_ENOMEM;
  for (size_t i = 0; i < col->n; i++) {
    if (!lun_col_missing(col, i)) continue;
    drop->count++;
    missing[i] = 1;
  }
  return LUN_OK;
}

static lun_status find_rows(lun_design_build *b)
{
  lun_design *d = b->d;
  size_t nrow = b->table->nrow;
  lun_status st = LUN_OK;
  char *missing = LUN_NEW(&b->work, char, nrow);
  d->drops = LUN_NEW(&d->pool, lun_drop, b->f->n_vars + b->options->n_also);
  d->rows = LUN_NEW(&d->pool, uint32_t, nrow);
  if (!missing || !d->drops || !d->rows) return LUN_ENOMEM;
  for (size_t i = 0; i < b->f->n_vars && st == LUN_OK; i++) {
    if (b->vars[i].col) st = mark_missing(b, b->f->vars[i].text, b->vars[i].col, missing);
  }
  for (size_t i = 0; i < b->options->n_also && st == LUN_OK; i++)
    st = mark_missing(b, b->options->also[i], b->options->also_cols[i], missing);
  for (size_t i = 0; i < nrow; i++) {
    d->rows[d->n] = (uint32_t)i;
    d->n += !missing[i] || b->options->all_rows;
    d->dropped += missing[i] != 0;
  }
  if (st == LUN_OK && d->n == 0)
    return lun_fail(b->env, LUN_EDATA,
                    "[data.no-rows] no row has a value in every column of the model (%z rows, all "
                    "with something missing)",
                    nrow);
  return st;
}

/* --- the matrix ------------------------------------------------------------------------------- */

/* How a term's variables are coded: columns of each; full: all levels instead of all but one. */
typedef struct layout {
  size_t width[LUN_FORMULA_ORDER], columns;
  int full[LUN_FORMULA_ORDER];
} layout;

/* Whether the term without its variable at position skip is in the model. */
static int has_margin(const lun_formula *f, const lun_term *t, size_t skip)
{
  if (t->n == 1) return 1; /* the intercept */
  for (size_t i = 0; i < f->n_terms; i++) {
    const lun_term *m = &f->terms[i];
    size_t same = 0;
    if (m->n != t->n - 1) continue;
    while (same < m->n && m->var[same] == t->var[same + (same >= skip)]) same++;
    if (same == m->n) return 1;
  }
  return 0;
}

static layout lay_out(const lun_design_build *b, const lun_term *t)
{
  layout l = { .columns = 1 };
  for (size_t i = 0; i < t->n; i++) {
    const lun_design_var *x = &b->vars[t->var[i]];
    l.full[i] = x->coding->categorical && !has_margin(b->f, t, i);
    l.width[i] = x->coding->categorical ? x->coding->n_levels - !l.full[i] : x->width;
    l.columns *= l.width[i];
  }
  return l;
}

/* Multiplies column out by column j of a variable. */
static void multiply(const lun_design_var *x, size_t n, size_t j, int full, double *out)
{
  if (x->coding->categorical) {
    int32_t level = (int32_t)j + !full;
    for (size_t i = 0; i < n; i++)
      out[i] = x->code[i] == level ? out[i] : x->code[i] < 0 ? NAN : 0 * out[i];
  } else {
    const double *v = x->value + j * n;
    for (size_t i = 0; i < n; i++) out[i] *= v[i];
  }
}

static void name_part(lun_str *s, const lun_variable *v, const lun_design_var *x, size_t j,
                      int full)
{
  lun_str_text(s, v->label);
  if (x->coding->categorical) {
    lun_str_text(s, ": ");
    lun_str_text(s, x->coding->levels[j + !full]);
  } else if (x->width > 1) {
    lun_str_text(s, ": ");
    lun_str_integer(s, (long long)j + 1);
  }
}

/* Column number `at` of a term: the first variable varies fastest, as in R. */
static lun_status fill_column(lun_design_build *b, const lun_term *t, const layout *l, size_t at,
                              size_t column)
{
  lun_str name;
  lun_design *d = b->d;
  double *out = d->x + column * d->n;
  lun_str_init(&name, b->env);
  for (size_t i = 0; i < d->n; i++) out[i] = 1;
  for (size_t i = 0; i < t->n; i++) {
    const lun_design_var *x = &b->vars[t->var[i]];
    size_t j = at % l->width[i];
    at /= l->width[i];
    multiply(x, d->n, j, l->full[i], out);
    if (i) lun_str_text(&name, " × ");
    name_part(&name, &b->f->vars[t->var[i]], x, j, l->full[i]);
  }
  d->names[column] = name.status == LUN_OK ? lun_pool_text(&d->pool, name.data, name.size) : NULL;
  lun_str_fini(&name);
  return d->names[column] ? LUN_OK : LUN_ENOMEM;
}

static lun_status label_term(lun_design_build *b, const lun_term *t, const char **out)
{
  lun_str s;
  lun_str_init(&s, b->env);
  for (size_t i = 0; i < t->n; i++) {
    if (i) lun_str_text(&s, " × ");
    lun_str_text(&s, b->f->vars[t->var[i]].label);
  }
  *out = s.status == LUN_OK ? lun_pool_text(&b->d->pool, s.data, s.size) : NULL;
  lun_str_fini(&s);
  return *out ? LUN_OK : LUN_ENOMEM;
}

static lun_status new_matrix(lun_design_build *b, size_t *term_columns)
{
  enum { MAX_COLUMNS = 100000 };
  lun_design *d = b->d;
  d->intercept = b->options->intercept;
  d->n_terms = b->f->n_terms;
  d->p = (size_t)d->intercept;
  for (size_t t = 0; t < d->n_terms; t++) {
    term_columns[t] = lay_out(b, &b->f->terms[t]).columns;
    d->p += term_columns[t];
    if (d->p > MAX_COLUMNS || term_columns[t] > MAX_COLUMNS)
      return lun_fail(b->env, LUN_ELIMIT, "[limit.columns] the model has more than %d coefficients",
                      MAX_COLUMNS);
  }
  d->x = LUN_NEW(&d->pool, double, d->n * d->p);
  d->names = LUN_NEW(&d->pool, const char *, d->p);
  d->term = LUN_NEW(&d->pool, size_t, d->p);
  d->labels = LUN_NEW(&d->pool, const char *, d->n_terms);
  return d->x && d->names && d->term && d->labels ? LUN_OK : LUN_ENOMEM;
}

static lun_status fill_matrix(lun_design_build *b)
{
  lun_design *d = b->d;
  size_t *columns = LUN_NEW(&b->work, size_t, b->f->n_terms), at = 0;
  lun_status st = columns ? new_matrix(b, columns) : LUN_ENOMEM;
  if (st == LUN_OK && d->intercept) {
    for (size_t i = 0; i < d->n; i++) d->x[i] = 1;
    d->term[0] = SIZE_MAX;
    d->names[at++] = "(intercept)";
  }
  for (size_t t = 0; t < b->f->n_terms && st == LUN_OK; t++) {
    const lun_term *term = &b->f->terms[t];
    layout l = lay_out(b, term);
    st = label_term(b, term, &d->labels[t]);
    for (size_t j = 0; j < columns[t] && st == LUN_OK; j++, at++) {
      d->term[at] = t;
      st = fill_column(b, term, &l, j, at);
    }
  }
  return st;
}

/* --- strata, cluster, offset ------------------------------------------------------------------ */

static void keep_groups(const lun_design_var *x, lun_grouping *out)
{
  out->names = x->coding->levels;
  out->n_groups = x->coding->n_levels;
  out->code = x->coding->code;
}

static lun_status add_offset(lun_design_build *b, const lun_design_var *x)
{
  lun_design *d = b->d;
  if (!d->offset && !(d->offset = LUN_NEW(&d->pool, double, d->n))) return LUN_ENOMEM;
  for (size_t i = 0; i < d->n; i++) d->offset[i] += x->value[i];
  return LUN_OK;
}

static lun_status keep_specials(lun_design_build *b)
{
  lun_design *d = b->d;
  lun_status st = LUN_OK;
  for (size_t i = 0; i < b->f->n_vars && st == LUN_OK; i++) {
    const lun_variable *v = &b->f->vars[i];
    const lun_design_var *x = &b->vars[i];
    if (!x->coding) continue;
    if (v->kind == LUN_VAR_CLUSTER && d->cluster.code)
      return lun_design_fail(b, v, "[recipe.terms] %s is a second cluster()");
    if (v->kind == LUN_VAR_STRATA) keep_groups(x, &d->strata);
    if (v->kind == LUN_VAR_CLUSTER) keep_groups(x, &d->cluster);
    if (v->kind == LUN_VAR_OFFSET) st = add_offset(b, x);
  }
  return st;
}

/* --- all of it -------------------------------------------------------------------------------- */

static lun_status build(lun_design_build *b, const lun_design *like)
{
  lun_status st;
  if ((st = eval_variables(b, like)) != LUN_OK || (st = find_rows(b)) != LUN_OK) return st;
  if ((st = lun_design_fill(b, like)) != LUN_OK || (st = fill_matrix(b)) != LUN_OK) return st;
  return keep_specials(b);
}

static lun_status build_design(lun_design_build *b, lun_design *out, const lun_design *like)
{
  memset(out, 0, sizeof *out);
  lun_pool_init(&out->pool, b->env);
  lun_pool_init(&b->work, b->env);
  out->formula = b->f;
  b->d = out;
  *b->offset = 0;
  lun_status st = build(b, like);
  for (size_t i = 0; b->vars && i < b->f->n_vars; i++) lun_col_free(b->vars[i].col);
  lun_pool_fini(&b->work);
  if (st != LUN_OK) lun_design_fini(out);
  return st;
}

lun_status lun_design_init(lun_env *env, lun_design *out, const lun_formula *formula,
                           const lun_table *table, const lun_design_options *options,
                           size_t *offset)
{
  lun_design_build b = {
    .env = env, .f = formula, .table = table, .options = options, .offset = offset
  };
  return build_design(&b, out, NULL);
}

lun_status lun_design_like(lun_env *env, lun_design *out, const lun_design *like,
                           const lun_table *table, const lun_design_options *options,
                           size_t *offset)
{
  lun_design_build b = {
    .env = env, .f = like->formula, .table = table, .options = options, .offset = offset
  };
  return build_design(&b, out, like);
}

void lun_design_fini(lun_design *design)
{
  lun_pool_fini(&design->pool);
  memset(design, 0, sizeof *design);
}
