/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/formula.h"

#include <string.h>

#include "base/str.h"
#include "data/expr_node.h"

enum { MAX_DEPTH = 50 };

/* A growing list of terms in the formula's pool. */
typedef struct list {
  lun_term *terms;
  size_t n, room;
} list;

typedef struct parser {
  lun_env *env;
  lun_formula *f;
  lun_scan scan;
  lun_token token; /* the next one */
  size_t end;      /* of the token before */
  int depth;
} parser;

static lun_status parse_sum(parser *p, list *out);

/* --- tokens ----------------------------------------------------------------------------------- */

static lun_status fail_found(parser *p, const char *expected)
{
  *p->scan.fault = p->token.offset;
  return lun_fail(p->env, LUN_EINVAL, "[recipe.terms] found \"%s\", expected %s", p->token.text,
                  expected);
}

static lun_status fail_at(parser *p, size_t offset, const char *format, const char *text)
{
  *p->scan.fault = offset;
  return lun_fail(p->env, LUN_EINVAL, format, text);
}

static lun_status advance(parser *p)
{
  p->end = p->token.offset + p->token.size;
  return lun_scan_next(&p->scan, &p->token);
}

static int at_symbol(const parser *p, const char *symbol)
{
  return p->token.kind == LUN_T_SYMBOL && strcmp(p->token.text, symbol) == 0;
}

/* --- lists of terms --------------------------------------------------------------------------- */

static int same_term(const lun_term *a, const lun_term *b)
{
  return a->n == b->n && memcmp(a->var, b->var, a->n * sizeof *a->var) == 0;
}

static lun_status add_term(parser *p, list *l, const lun_term *term)
{
  for (size_t i = 0; i < l->n; i++) {
    if (same_term(&l->terms[i], term)) return LUN_OK;
  }
  if (l->n == LUN_FORMULA_TERMS)
    return lun_fail(p->env, LUN_ELIMIT, "[limit.terms] more than %d terms", LUN_FORMULA_TERMS);
  if (l->n == l->room) {
    size_t room = l->room ? l->room * 2 : 8;
    lun_term *terms = LUN_NEW(&p->f->pool, lun_term, room);
    if (!terms) return LUN_ENOMEM;
    if (l->n) memcpy(terms, l->terms, l->n * sizeof *terms);
    l->terms = terms;
    l->room = room;
  }
  l->terms[l->n++] = *term;
  return LUN_OK;
}

static lun_status add_all(parser *p, list *l, const list *more)
{
  lun_status st = LUN_OK;
  for (size_t i = 0; i < more->n && st == LUN_OK; i++) st = add_term(p, l, &more->terms[i]);
  return st;
}

/* The union of two terms' variables, in increasing order. */
static lun_status multiply(parser *p, lun_term *out, const lun_term *a, const lun_term *b)
{
  size_t i = 0, j = 0;
  memset(out, 0, sizeof *out);
  while (i < a->n || j < b->n) {
    if (out->n == LUN_FORMULA_ORDER)
      return lun_fail(p->env, LUN_ELIMIT, "[limit.terms] an interaction of more than %d variables",
                      LUN_FORMULA_ORDER);
    size_t va = i < a->n ? a->var[i] : SIZE_MAX, vb = j < b->n ? b->var[j] : SIZE_MAX;
    out->var[out->n++] = va < vb ? va : vb;
    i += va <= vb;
    j += vb <= va;
  }
  return LUN_OK;
}

static lun_status interact(parser *p, list *out, const list *a, const list *b)
{
  lun_term term;
  lun_status st = LUN_OK;
  for (size_t i = 0; i < a->n && st == LUN_OK; i++) {
    for (size_t j = 0; j < b->n && st == LUN_OK; j++) {
      if ((st = multiply(p, &term, &a->terms[i], &b->terms[j])) == LUN_OK)
        st = add_term(p, out, &term);
    }
  }
  return st;
}

/* --- variables -------------------------------------------------------------------------------- */

/* Takes over the variable's expressions, also when it fails. */
static lun_status add_variable(parser *p, const lun_variable *v, size_t *index)
{
  lun_formula *f = p->f;
  if (f->n_vars == f->room_vars) {
    size_t room = f->room_vars ? f->room_vars * 2 : 8;
    lun_variable *vars = LUN_NEW(&f->pool, lun_variable, room);
    if (!vars) {
      for (size_t i = 0; i < v->n_expr; i++) lun_expr_free(v->expr[i]);
      return LUN_ENOMEM;
    }
    if (f->n_vars) memcpy(vars, f->vars, f->n_vars * sizeof *vars);
    f->vars = vars;
    f->room_vars = room;
  }
  f->vars[f->n_vars] = *v;
  *index = f->n_vars++;
  return LUN_OK;
}

/* A copy of the source without the blanks around it. */
static const char *source(parser *p, size_t from, size_t to)
{
  while (to > from && strchr(" \t\r\n", p->scan.text[to - 1])) to--;
  while (from < to && strchr(" \t\r\n", p->scan.text[from])) from++;
  return lun_pool_text(&p->f->pool, p->scan.text + from, to - from);
}

/* Parses source bytes from .. to as an expression of v. */
static lun_status add_expr(parser *p, lun_variable *v, size_t from, size_t to)
{
  size_t at;
  lun_expr *e = NULL;
  if (v->n_expr == LUN_FORMULA_ARGS)
    return fail_at(p, from, "[recipe.terms] %s has too many arguments", v->text);
  lun_status st = lun_expr_parse(p->env, &e, p->scan.text + from, to - from, &at);
  if (st != LUN_OK) *p->scan.fault = from + at;
  else v->expr[v->n_expr++] = e;
  return st;
}

/* Where the arguments of a call lie: argument i is the source from[i] .. to[i]. */
typedef struct call {
  size_t from[LUN_FORMULA_ARGS], to[LUN_FORMULA_ARGS], n;
} call;

/* From "(" to after its ")". Commas count outside inner brackets only. */
static lun_status scan_call(parser *p, call *c)
{
  int depth = 0;
  lun_status st = LUN_OK;
  memset(c, 0, sizeof *c);
  size_t from = p->token.offset + 1;
  do {
    if (p->token.kind == LUN_T_END) return fail_found(p, ")");
    depth += at_symbol(p, "(") || at_symbol(p, "{");
    depth -= at_symbol(p, ")") || at_symbol(p, "}");
    if (depth == 0 || (depth == 1 && at_symbol(p, ","))) {
      if (c->n == LUN_FORMULA_ARGS) return fail_found(p, ") (too many arguments)");
      c->from[c->n] = from;
      c->to[c->n++] = p->token.offset;
      from = p->token.offset + 1;
    }
    st = advance(p);
  } while (depth > 0 && st == LUN_OK);
  return st;
}

/* Source bytes from .. to as { numbers }, or as one number, for which *braces is 0. */
static lun_status read_numbers(parser *p, lun_variable *v, const size_t at[2], double *out,
                               size_t *n, int *braces)
{
  lun_token t;
  size_t fault;
  double sign = 1;
  lun_scan s = p->scan;
  s.n = at[1], s.at = at[0], s.fault = &fault;
  lun_status st = lun_scan_next(&s, &t);
  *braces = st == LUN_OK && t.text[0] == '{';
  *n = 0;
  if (st == LUN_OK && *braces) st = lun_scan_next(&s, &t);
  for (; st == LUN_OK && t.kind != LUN_T_END && t.text[0] != '}'; st = lun_scan_next(&s, &t)) {
    if (t.kind == LUN_T_NUMBER) {
      if (*n == LUN_FORMULA_KNOTS)
        return fail_at(p, t.offset, "[recipe.terms] %s: too many knots", v->text);
      out[(*n)++] = sign * t.number;
    } else if (t.text[0] != ',' && t.text[0] != '-') {
      break;
    }
    sign = t.kind == LUN_T_SYMBOL && t.text[0] == '-' ? -1 : 1;
  }
  int done = st == LUN_OK && (t.kind == LUN_T_END || t.text[0] == '}');
  if (st == LUN_ENOMEM || (done && *n > 0 && (*braces || *n == 1))) return st;
  return fail_at(p, at[0], "[recipe.terms] %s: expected a number or { knots } as second argument",
                 v->text);
}

/* The arguments of ns and rcs after the first: a whole number or { knots }; boundary knots. */
static lun_status read_knots(parser *p, lun_variable *v, const call *c)
{
  int braces;
  size_t second[2] = { c->from[1], c->to[1] }, third[2] = { c->from[2], c->to[2] };
  lun_status st = read_numbers(p, v, second, v->knots, &v->n_knots, &braces);
  if (st != LUN_OK) return st;
  if (!braces) {
    double number = v->knots[0];
    v->n_knots = 0;
    v->df = number >= 1 && number <= 30 ? (size_t)number : 0;
    if (v->df == 0 || (double)v->df != number)
      return fail_at(p, second[0] + strspn(p->scan.text + second[0], " "),
                     "[recipe.terms] %s: expected a whole number from 1 to 30", v->text);
  }
  if (c->n < 3) return LUN_OK;
  st = read_numbers(p, v, third, v->boundary, &v->n_boundary, &braces);
  if (st != LUN_OK || (braces && v->n_boundary == 2)) return st;
  return fail_at(p, third[0], "[recipe.terms] %s: expected two boundary knots { low, high }",
                 v->text);
}

static const struct special {
  const char *name;
  lun_variable_kind kind;
  size_t least, most; /* arguments */
} SPECIALS[] = {
  { "I", LUN_VAR_PLAIN, 1, 1 },         { "factor", LUN_VAR_FACTOR, 1, 1 },
  { "ns", LUN_VAR_NS, 2, 3 },           { "rcs", LUN_VAR_RCS, 2, 2 },
  { "tt", LUN_VAR_TT, 1, 1 },           { "strata", LUN_VAR_STRATA, 1, LUN_FORMULA_ARGS },
  { "cluster", LUN_VAR_CLUSTER, 1, 1 }, { "offset", LUN_VAR_OFFSET, 1, 1 },
};

static const struct special *find_special(const char *name)
{
  for (size_t i = 0; i < sizeof SPECIALS / sizeof *SPECIALS; i++) {
    if (strcmp(SPECIALS[i].name, name) == 0) return &SPECIALS[i];
  }
  return NULL;
}

static lun_status fill_special(parser *p, lun_variable *v, const struct special *s, const call *c)
{
  v->kind = s->kind;
  if (c->n < s->least || c->n > s->most)
    return fail_at(p, v->offset, "[recipe.terms] %s has the wrong number of arguments", v->text);
  int spline = s->kind == LUN_VAR_NS || s->kind == LUN_VAR_RCS;
  v->inner = source(p, c->from[0], c->to[spline ? 0 : c->n - 1]);
  if (!v->inner) return LUN_ENOMEM;
  if (s->kind == LUN_VAR_PLAIN || s->kind == LUN_VAR_FACTOR) v->label = v->inner;
  lun_status st = spline ? read_knots(p, v, c) : LUN_OK;
  for (size_t i = 0; i < (spline ? 1 : c->n) && st == LUN_OK; i++)
    st = add_expr(p, v, c->from[i], c->to[i]);
  return st;
}

/* "a" and "b" with sep between. */
static const char *joined(parser *p, const char *a, const char *sep, const char *b)
{
  lun_str s;
  lun_str_init(&s, p->env);
  lun_str_text(&s, a);
  lun_str_text(&s, sep);
  lun_str_text(&s, b);
  const char *out = s.status == LUN_OK ? lun_pool_text(&p->f->pool, s.data, s.size) : NULL;
  lun_str_fini(&s);
  return out;
}

/* strata(x) + strata(y) is strata(x, y): the expressions of v move to the variable `to`. */
static lun_status cross_strata(parser *p, lun_variable *to, lun_variable *v)
{
  if (to->n_expr + v->n_expr > LUN_FORMULA_ARGS)
    return fail_at(p, v->offset, "[recipe.terms] %s is one too many: cross the columns beforehand",
                   v->text);
  to->text = joined(p, to->text, " + ", v->text);
  to->inner = joined(p, to->inner, ", ", v->inner);
  if (!to->text || !to->inner) return LUN_ENOMEM;
  for (size_t i = 0; i < v->n_expr; i++) to->expr[to->n_expr++] = v->expr[i];
  v->n_expr = 0;
  return LUN_OK;
}

/* Takes over the expressions of v; *index is the variable that has them. */
static lun_status keep_variable(parser *p, lun_variable *v, size_t *index)
{
  for (size_t i = 0; v->kind == LUN_VAR_STRATA && i < p->f->n_vars; i++) {
    if (p->f->vars[i].kind != LUN_VAR_STRATA) continue;
    *index = i;
    lun_status st = cross_strata(p, &p->f->vars[i], v);
    for (size_t j = 0; j < v->n_expr; j++) lun_expr_free(v->expr[j]);
    return st;
  }
  return add_variable(p, v, index);
}

/* A variable written before (the same text) is the same one. */
static lun_status parse_variable(parser *p, list *out)
{
  call c;
  lun_token name = p->token;
  lun_variable v = { .offset = name.offset };
  lun_term term = { .n = 1 };
  int is_call = 0;
  lun_status st = advance(p);
  if (st == LUN_OK && name.kind == LUN_T_NAME && (is_call = at_symbol(p, "(")))
    st = scan_call(p, &c);
  if (st != LUN_OK) return st;
  v.text = v.label = source(p, name.offset, p->end);
  if (!v.text) return LUN_ENOMEM;
  if (!is_call && name.kind == LUN_T_QUOTED_NAME) v.label = name.text;
  for (size_t i = 0; i < p->f->n_vars; i++) {
    term.var[0] = i;
    if (strcmp(p->f->vars[i].text, v.text) == 0) return add_term(p, out, &term);
  }
  const struct special *s = is_call ? find_special(name.text) : NULL;
  st = s ? fill_special(p, &v, s, &c) : add_expr(p, &v, name.offset, p->end);
  lun_status added =
      keep_variable(p, &v, &term.var[0]); /* even when it failed: its expressions are freed */
  if (st == LUN_OK) st = added;
  return st == LUN_OK ? add_term(p, out, &term) : st;
}

/* --- grammar ---------------------------------------------------------------------------------- */

static lun_status parse_group(parser *p, list *out)
{
  if (++p->depth > MAX_DEPTH) return fail_found(p, "fewer brackets");
  lun_status st = advance(p);
  if (st == LUN_OK) st = parse_sum(p, out);
  if (st == LUN_OK) st = at_symbol(p, ")") ? advance(p) : fail_found(p, ")");
  p->depth--;
  return st;
}

static lun_status parse_primary(parser *p, list *out)
{
  if (at_symbol(p, "(")) return parse_group(p, out);
  if (p->token.kind == LUN_T_NAME || p->token.kind == LUN_T_QUOTED_NAME)
    return parse_variable(p, out);
  if (p->token.kind == LUN_T_NUMBER && p->token.number == 1) return advance(p); /* the intercept */
  return fail_found(p, "a variable");
}

static lun_status parse_interaction(parser *p, list *out)
{
  lun_status st = parse_primary(p, out);
  while (st == LUN_OK && at_symbol(p, ":")) {
    list left = *out, right = { 0 };
    *out = (list){ 0 };
    if ((st = advance(p)) == LUN_OK && (st = parse_primary(p, &right)) == LUN_OK)
      st = interact(p, out, &left, &right);
  }
  return st;
}

static lun_status parse_product(parser *p, list *out)
{
  lun_status st = parse_interaction(p, out);
  while (st == LUN_OK && at_symbol(p, "*")) {
    list right = { 0 }, both = { 0 };
    if ((st = advance(p)) == LUN_OK && (st = parse_interaction(p, &right)) == LUN_OK &&
        (st = interact(p, &both, out, &right)) == LUN_OK &&
        (st = add_all(p, out, &right)) == LUN_OK)
      st = add_all(p, out, &both);
  }
  return st;
}

static lun_status parse_sum(parser *p, list *out)
{
  lun_status st = parse_product(p, out);
  while (st == LUN_OK && at_symbol(p, "+")) {
    list more = { 0 };
    if ((st = advance(p)) == LUN_OK && (st = parse_product(p, &more)) == LUN_OK)
      st = add_all(p, out, &more);
  }
  return st;
}

/* --- formula ---------------------------------------------------------------------------------- */

/* Skips "response ~" when there is a ~; then reads the first token of the terms. */
static lun_status split_response(parser *p)
{
  lun_scan start = p->scan;
  lun_status st = LUN_OK;
  do st = advance(p);
  while (st == LUN_OK && p->token.kind != LUN_T_END && !at_symbol(p, "~"));
  if (st != LUN_OK) return st;
  if (at_symbol(p, "~")) {
    p->f->response = source(p, 0, p->token.offset);
    if (!p->f->response) return LUN_ENOMEM;
  } else {
    p->scan = start;
  }
  return advance(p);
}

static int is_special(const lun_formula *f, const lun_term *term)
{
  for (size_t i = 0; i < term->n; i++) {
    if (f->vars[term->var[i]].kind >= LUN_VAR_STRATA) return 1;
  }
  return 0;
}

/* Terms of the matrix by order; strata, cluster and offset stand alone and leave. */
static lun_status order_terms(parser *p, const list *all)
{
  lun_formula *f = p->f;
  f->terms = LUN_NEW(&f->pool, lun_term, all->n);
  if (!f->terms) return LUN_ENOMEM;
  for (size_t order = 1; order <= LUN_FORMULA_ORDER; order++) {
    for (size_t i = 0; i < all->n; i++) {
      const lun_term *t = &all->terms[i];
      if (t->n != order) continue;
      if (!is_special(f, t)) f->terms[f->n_terms++] = *t;
      else if (order > 1)
        return fail_at(p, f->vars[t->var[0]].offset,
                       "[recipe.terms] strata, cluster and offset cannot be part of "
                       "an interaction (with %s)",
                       f->vars[t->var[0]].text);
    }
  }
  return LUN_OK;
}

lun_status lun_formula_parse(lun_env *env, lun_formula **out, const char *text, size_t n,
                             size_t *offset)
{
  *offset = 0;
  if (n > LUN_EXPR_BYTES * 4)
    return lun_fail(env, LUN_ELIMIT, "[limit.terms] the terms are longer than %d bytes",
                    LUN_EXPR_BYTES * 4);
  lun_formula *f = lun_mem_new(env, 1, sizeof *f);
  if (!f) return LUN_ENOMEM;
  lun_pool_init(&f->pool, env);
  list all = { 0 };
  parser p = { .env = env, .f = f };
  p.scan = (lun_scan){ .env = env, .pool = &f->pool, .text = text, .n = n, .fault = offset };
  lun_status st = split_response(&p);
  if (st == LUN_OK) st = parse_sum(&p, &all);
  if (st == LUN_OK && p.token.kind != LUN_T_END) st = fail_found(&p, "+, :, * or the end");
  if (st == LUN_OK) st = order_terms(&p, &all);
  if (st != LUN_OK) lun_formula_free(f);
  else *out = f;
  return st;
}

void lun_formula_free(lun_formula *formula)
{
  if (!formula) return;
  lun_env *env = formula->pool.env;
  for (size_t i = 0; i < formula->n_vars; i++) {
    for (size_t j = 0; j < formula->vars[i].n_expr; j++) lun_expr_free(formula->vars[i].expr[j]);
  }
  lun_pool_fini(&formula->pool);
  lun_mem_free(env, formula);
}
