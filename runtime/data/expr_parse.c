/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/word.h"
#include "data/date.h"
#include "data/expr_node.h"

typedef struct parser {
  lun_env *env;
  lun_expr *expr;
  lun_scan scan;
  lun_token token; /* the next one */
  int depth;
} parser;

/* --- failures -------------------------------------------------------------------------------- */

static lun_status fail_found(parser *p, const char *expected)
{
  *p->scan.fault = p->token.offset;
  const char *quote = p->token.kind == LUN_T_END ? "" : "\"";
  return lun_fail(p->env, LUN_EINVAL, "[recipe.expression] found %s%s%s, expected %s", quote,
                  p->token.text, quote, expected);
}

/* --- tokens ---------------------------------------------------------------------------------- */

static lun_status advance(parser *p)
{
  return lun_scan_next(&p->scan, &p->token);
}

static int at_symbol(const parser *p, const char *symbol)
{
  return p->token.kind == LUN_T_SYMBOL && strcmp(p->token.text, symbol) == 0;
}

static int at_word(const parser *p, const char *word)
{
  return p->token.kind == LUN_T_NAME && strcmp(p->token.text, word) == 0;
}

static lun_status expect(parser *p, const char *symbol)
{
  return at_symbol(p, symbol) ? advance(p) : fail_found(p, symbol);
}

/* --- nodes ----------------------------------------------------------------------------------- */

static lun_node *new_node(parser *p, lun_kind kind, const lun_token *at)
{
  lun_node *node = LUN_NEW(&p->expr->pool, lun_node, 1);
  if (!node) return NULL;
  node->kind = kind;
  node->offset = at->offset;
  node->text = at->text;
  node->number = at->number;
  node->height = 1;
  node->id = p->expr->nodes++;
  return node;
}

static lun_status too_deep(parser *p)
{
  *p->scan.fault = p->token.offset;
  return lun_fail(p->env, LUN_ELIMIT, "[limit.expression] the expression is nested too deep");
}

/* Makes children, linked by next, the children of node. */
static lun_status adopt(parser *p, lun_node *node, lun_node *children)
{
  node->child = children;
  for (const lun_node *c = children; c; c = c->next) {
    if (c->height >= node->height) node->height = c->height + 1;
  }
  return node->height > LUN_EXPR_HEIGHT ? too_deep(p) : LUN_OK;
}

/* An operator node over two operands (b may be NULL). */
static lun_status join(parser *p, lun_node **out, lun_kind kind, const lun_token *at, lun_node *b)
{
  lun_node *node = new_node(p, kind, at);
  if (!node) return LUN_ENOMEM;
  lun_node *a = *out;
  a->next = b;
  *out = node;
  return adopt(p, node, a);
}

static lun_status name_index(parser *p, const char *name, size_t *out)
{
  lun_expr *e = p->expr;
  for (*out = 0; *out < e->n_names; (*out)++) {
    if (strcmp(e->names[*out], name) == 0) return LUN_OK;
  }
  if (e->n_names == e->room) {
    size_t room = e->room ? e->room * 2 : 8;
    const char **names = LUN_NEW(&e->pool, const char *, room);
    if (!names) return LUN_ENOMEM;
    if (e->n_names) memcpy(names, e->names, e->n_names * sizeof *names);
    e->names = names;
    e->room = room;
  }
  e->names[e->n_names++] = name;
  return LUN_OK;
}

/* --- grammar, from the loosest operator to the tightest --------------------------------------- */

typedef lun_status rule(parser *p, lun_node **out);

static lun_status parse_or(parser *p, lun_node **out);
static lun_status parse_unary(parser *p, lun_node **out);

typedef struct function {
  const char *name;
  lun_kind kind;
  lun_op op;
  int least, most;
  double number; /* of the node: days in one unit */
} function;

static const function FUNCTIONS[] = {
  { "abs", LUN_K_UNARY, LUN_ABS, 1, 1, 0 },
  { "ceil", LUN_K_UNARY, LUN_CEIL, 1, 1, 0 },
  { "date", LUN_K_DATE, 0, 1, 1, 0 },
  { "days", LUN_K_SPAN, 0, 2, 2, 1 },
  { "exp", LUN_K_UNARY, LUN_EXP, 1, 1, 0 },
  { "floor", LUN_K_UNARY, LUN_FLOOR, 1, 1, 0 },
  { "if", LUN_K_IF, 0, 3, 3, 0 },
  { "log", LUN_K_UNARY, LUN_LOG, 1, 1, 0 },
  { "log10", LUN_K_UNARY, LUN_LOG10, 1, 1, 0 },
  { "log2", LUN_K_UNARY, LUN_LOG2, 1, 1, 0 },
  { "max", LUN_K_BINARY, LUN_MAX, 2, LUN_EXPR_ARGS, 0 },
  { "min", LUN_K_BINARY, LUN_MIN, 2, LUN_EXPR_ARGS, 0 },
  { "missing", LUN_K_MISSING, 0, 1, 1, 0 },
  { "months", LUN_K_SPAN, 0, 2, 2, LUN_DAYS_PER_MONTH },
  { "round", LUN_K_BINARY, LUN_ROUND, 1, 2, 0 },
  { "sqrt", LUN_K_UNARY, LUN_SQRT, 1, 1, 0 },
  { "year", LUN_K_UNARY, LUN_YEAR, 1, 1, 0 },
  { "years", LUN_K_SPAN, 0, 2, 2, LUN_DAYS_PER_YEAR },
};
enum { FUNCTION_COUNT = sizeof FUNCTIONS / sizeof *FUNCTIONS };

/* What is asked of a whole column. */
static int is_statistic(const char *name)
{
  static const char *const names[] = { "median", "mean", "quantile", "sd", "quartile", "tertile" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(names[i], name) == 0) return 1;
  }
  return 0;
}

static lun_status find_function(parser *p, const lun_token *name, const function **out)
{
  const char *names[FUNCTION_COUNT];
  for (size_t i = 0; i < FUNCTION_COUNT; i++) {
    names[i] = FUNCTIONS[i].name;
    *out = &FUNCTIONS[i];
    if (strcmp(names[i], name->text) == 0) return LUN_OK;
  }
  size_t near = lun_word_nearest(name->text, names, FUNCTION_COUNT);
  const char *here = lun_expr_function_of_r(name->text);
  *p->scan.fault = name->offset;
  if (is_statistic(name->text))
    return lun_fail(p->env, LUN_EINVAL,
                    "[recipe.expression] there is no function \"%s\": an expression sees one "
                    "patient at a time; find the number first (summary: [column]) and write it",
                    name->text);
  if (here)
    return lun_fail(p->env, LUN_EINVAL, "[recipe.expression] R's %s is %s here", name->text, here);
  if (near < FUNCTION_COUNT)
    return lun_fail(p->env, LUN_EINVAL,
                    "[recipe.expression] there is no function \"%s\": did you mean "
                    "\"%s\"?",
                    name->text, names[near]);
  return lun_fail(p->env, LUN_EINVAL,
                  "[recipe.expression] there is no function \"%s\" (known: abs ceil date "
                  "days exp floor if log log10 log2 max min missing months round sqrt year years)",
                  name->text);
}

/* The arguments after "(", up to and with ")". */
static lun_status parse_arguments(parser *p, lun_node **args, int *n)
{
  lun_status st = advance(p);
  for (*n = 0; st == LUN_OK && !at_symbol(p, ")"); (*n)++) {
    if (*n == LUN_EXPR_ARGS) return fail_found(p, ") (a function takes at most 8 arguments)");
    if (*n && (st = expect(p, ",")) != LUN_OK) return st;
    st = parse_or(p, &args[*n]);
  }
  return st == LUN_OK ? advance(p) : st;
}

static lun_status make_date(parser *p, lun_node **out, const lun_token *name, const lun_node *arg)
{
  int32_t days;
  *p->scan.fault = arg->offset;
  if (arg->kind != LUN_K_TEXT)
    return lun_fail(p->env, LUN_EINVAL,
                    "[recipe.expression] date() takes a date in quotes: date(\"2024-01-31\")");
  if (!lun_date_parse(arg->text, strlen(arg->text), LUN_DATE_ISO, &days))
    return lun_fail(p->env, LUN_EINVAL,
                    "[recipe.expression] \"%s\" is not a date that exists, as YYYY-MM-DD",
                    arg->text);
  if (!(*out = new_node(p, LUN_K_DATE, name))) return LUN_ENOMEM;
  (*out)->number = days;
  return LUN_OK;
}

/* min(a, b, c) is min(min(a, b), c); round(x) is round(x, 0). */
static lun_status make_fold(parser *p, lun_node **out, const lun_token *name, const function *f,
                            lun_node **args, int n)
{
  lun_status st = LUN_OK;
  if (n == 1) {
    lun_token zero = { .offset = name->offset, .text = "0" };
    if (!(args[n++] = new_node(p, LUN_K_NUMBER, &zero))) return LUN_ENOMEM;
  }
  *out = args[0];
  for (int i = 1; i < n && st == LUN_OK; i++) {
    st = join(p, out, LUN_K_BINARY, name, args[i]);
    if (st == LUN_OK) (*out)->op = f->op;
  }
  return st;
}

static lun_status parse_call(parser *p, lun_node **out, const lun_token *name)
{
  int n;
  const function *f;
  lun_node *args[LUN_EXPR_ARGS];
  lun_status st = find_function(p, name, &f);
  if (st != LUN_OK || (st = parse_arguments(p, args, &n)) != LUN_OK) return st;
  if (n < f->least || n > f->most) {
    *p->scan.fault = name->offset;
    return lun_fail(p->env, LUN_EINVAL, "[recipe.expression] %s() takes %d%s argument%s, found %d",
                    name->text, f->least, f->most > f->least ? " or more" : "",
                    f->most > 1 ? "s" : "", n);
  }
  if (f->kind == LUN_K_DATE) return make_date(p, out, name, args[0]);
  if (f->kind == LUN_K_BINARY) return make_fold(p, out, name, f, args, n);
  if (!(*out = new_node(p, f->kind, name))) return LUN_ENOMEM;
  (*out)->op = f->op;
  (*out)->number = f->number;
  for (int i = 1; i < n; i++) args[i - 1]->next = args[i];
  return adopt(p, *out, args[0]);
}

static lun_status parse_name(parser *p, lun_node **out)
{
  lun_token name = p->token;
  lun_status st = advance(p);
  if (st != LUN_OK) return st;
  if (name.kind == LUN_T_NAME && at_symbol(p, "(")) return parse_call(p, out, &name);
  if (!(*out = new_node(p, LUN_K_COLUMN, &name))) return LUN_ENOMEM;
  return name_index(p, name.text, &(*out)->name);
}

static lun_status parse_constant(parser *p, lun_node **out, lun_kind kind, double number)
{
  if (!(*out = new_node(p, kind, &p->token))) return LUN_ENOMEM;
  (*out)->number = number;
  return advance(p);
}

static int is_reserved(const parser *p)
{
  static const char *const words[] = { "and", "or", "not", "in", NULL };
  for (int i = 0; words[i]; i++) {
    if (at_word(p, words[i])) return 1;
  }
  return 0;
}

static lun_status parse_primary(parser *p, lun_node **out)
{
  lun_status st;
  if (at_symbol(p, "(")) {
    if ((st = advance(p)) != LUN_OK || (st = parse_or(p, out)) != LUN_OK) return st;
    return expect(p, ")");
  }
  if (p->token.kind == LUN_T_NUMBER) return parse_constant(p, out, LUN_K_NUMBER, p->token.number);
  if (p->token.kind == LUN_T_TEXT) return parse_constant(p, out, LUN_K_TEXT, 0);
  if (at_word(p, "true")) return parse_constant(p, out, LUN_K_TRUTH, LUN_TRUE);
  if (at_word(p, "false")) return parse_constant(p, out, LUN_K_TRUTH, LUN_FALSE);
  if (at_word(p, "nil")) return parse_constant(p, out, LUN_K_NIL, NAN);
  if (p->token.kind == LUN_T_QUOTED_NAME || (p->token.kind == LUN_T_NAME && !is_reserved(p)))
    return parse_name(p, out);
  return fail_found(p, "a column, a number, a text in quotes or (");
}

/* x ^ y ^ z is x ^ (y ^ z); -x ^ 2 is -(x ^ 2); 2 ^ -3 is allowed. */
static lun_status parse_power(parser *p, lun_node **out)
{
  lun_node *right = NULL;
  lun_status st = parse_primary(p, out);
  if (st != LUN_OK || !at_symbol(p, "^")) return st;
  lun_token at = p->token;
  if ((st = advance(p)) != LUN_OK || (st = parse_unary(p, &right)) != LUN_OK) return st;
  if ((st = join(p, out, LUN_K_BINARY, &at, right)) == LUN_OK) (*out)->op = LUN_POW;
  return st;
}

static lun_status parse_unary(parser *p, lun_node **out)
{
  lun_status st;
  lun_token at = p->token;
  int not = at_word(p, "not");
  if (++p->depth > LUN_EXPR_DEPTH) return too_deep(p);
  if (not || at_symbol(p, "-")) {
    if ((st = advance(p)) == LUN_OK && (st = parse_unary(p, out)) == LUN_OK &&
        (st = join(p, out, not ? LUN_K_NOT : LUN_K_UNARY, &at, NULL)) == LUN_OK)
      (*out)->op = LUN_NEG;
  } else {
    st = parse_power(p, out);
  }
  p->depth--;
  return st;
}

typedef struct infix {
  const char *symbol;
  lun_op op;
} infix;

static const infix *find_operator(const parser *p, const infix *ops)
{
  for (; ops->symbol; ops++) {
    if (at_symbol(p, ops->symbol)) return ops;
  }
  return NULL;
}

/* operand { operator operand }, grouped from the left. */
static lun_status parse_chain(parser *p, lun_node **out, rule *operand, const infix *ops)
{
  const infix *o;
  lun_status st = operand(p, out);
  while (st == LUN_OK && (o = find_operator(p, ops))) {
    lun_node *right = NULL;
    lun_token at = p->token;
    if ((st = advance(p)) == LUN_OK && (st = operand(p, &right)) == LUN_OK &&
        (st = join(p, out, LUN_K_BINARY, &at, right)) == LUN_OK)
      (*out)->op = o->op;
  }
  return st;
}

static lun_status parse_product(parser *p, lun_node **out)
{
  static const infix ops[] = {
    { "*", LUN_MUL }, { "/", LUN_DIV }, { "//", LUN_FLOORDIV }, { "%", LUN_MOD }, { NULL, 0 }
  };
  return parse_chain(p, out, parse_unary, ops);
}

static lun_status parse_sum(parser *p, lun_node **out)
{
  static const infix ops[] = { { "+", LUN_ADD }, { "-", LUN_SUB }, { NULL, 0 } };
  return parse_chain(p, out, parse_product, ops);
}

/* { constant, ... } after "in". */
static lun_status parse_set(parser *p, lun_node **out, const lun_token *in)
{
  lun_status st = join(p, out, LUN_K_IN, in, NULL);
  lun_node **link = st == LUN_OK ? &(*out)->child->next : NULL;
  if (st == LUN_OK)
    st = at_symbol(p, "{") ? advance(p) : fail_found(p, "a list in braces: x in { 1, 2 }");
  while (st == LUN_OK && !at_symbol(p, "}")) {
    if (link != &(*out)->child->next && (st = expect(p, ",")) != LUN_OK) break;
    lun_token at = p->token;
    if ((st = parse_sum(p, link)) != LUN_OK) break;
    if ((*link)->kind == LUN_K_UNARY && (*link)->op == LUN_NEG &&
        (*link)->child->kind == LUN_K_NUMBER) {
      *link = (*link)->child; /* a negative number is a constant */
      (*link)->number = -(*link)->number;
    }
    if ((*link)->kind > LUN_K_DATE || (*link)->kind == LUN_K_NIL) {
      p->token = at;
      return fail_found(p, "a number, a text or a date in the list after in");
    }
    link = &(*link)->next;
  }
  return st == LUN_OK ? expect(p, "}") : st;
}

static lun_status parse_membership(parser *p, lun_node **out)
{
  lun_token at = p->token;
  int not = at_word(p, "not");
  lun_status st = not ? advance(p) : LUN_OK;
  if (st == LUN_OK) st = at_word(p, "in") ? advance(p) : fail_found(p, "in");
  if (st == LUN_OK) st = parse_set(p, out, &at);
  return st == LUN_OK && not ? join(p, out, LUN_K_NOT, &at, NULL) : st;
}

static lun_status parse_comparison(parser *p, lun_node **out)
{
  static const infix ops[] = { { "==", LUN_EQ }, { "~=", LUN_NE }, { "!=", LUN_NE },
                               { "<=", LUN_LE }, { ">=", LUN_GE }, { "<", LUN_LT },
                               { ">", LUN_GT },  { NULL, 0 } };
  lun_node *right = NULL;
  lun_status st = parse_sum(p, out);
  if (st != LUN_OK) return st;
  if (at_word(p, "in") || at_word(p, "not")) return parse_membership(p, out);
  const infix *o = find_operator(p, ops);
  if (!o) return LUN_OK;
  lun_token at = p->token;
  if ((st = advance(p)) != LUN_OK || (st = parse_sum(p, &right)) != LUN_OK) return st;
  if ((st = join(p, out, LUN_K_COMPARE, &at, right)) != LUN_OK) return st;
  (*out)->op = o->op;
  if (find_operator(p, ops))
    return fail_found(p, "and: comparisons do not chain (write a < x and x < b)");
  return LUN_OK;
}

static lun_status parse_words(parser *p, lun_node **out, rule *operand, const char *word,
                              lun_kind kind)
{
  lun_status st = operand(p, out);
  while (st == LUN_OK && at_word(p, word)) {
    lun_node *right = NULL;
    lun_token at = p->token;
    if ((st = advance(p)) == LUN_OK && (st = operand(p, &right)) == LUN_OK)
      st = join(p, out, kind, &at, right);
  }
  return st;
}

static lun_status parse_and(parser *p, lun_node **out)
{
  return parse_words(p, out, parse_comparison, "and", LUN_K_AND);
}

static lun_status parse_or(parser *p, lun_node **out)
{
  return parse_words(p, out, parse_and, "or", LUN_K_OR);
}

/* --- expressions ----------------------------------------------------------------------------- */

static lun_expr *new_expr(lun_env *env)
{
  lun_expr *e = lun_mem_new(env, 1, sizeof *e);
  if (e) lun_pool_init(&e->pool, env);
  return e;
}

lun_status lun_expr_parse(lun_env *env, lun_expr **out, const char *text, size_t n, size_t *offset)
{
  *offset = 0;
  if (n > LUN_EXPR_BYTES)
    return lun_fail(env, LUN_ELIMIT, "[limit.expression] the expression is longer than %d bytes",
                    LUN_EXPR_BYTES);
  lun_expr *e = new_expr(env);
  if (!e) return LUN_ENOMEM;
  lun_node *root = NULL;
  parser p = { .env = env, .expr = e };
  p.scan = (lun_scan){ .env = env, .pool = &e->pool, .text = text, .n = n, .fault = offset };
  lun_status st = advance(&p);
  if (st == LUN_OK) st = parse_or(&p, &root);
  if (st == LUN_OK && p.token.kind != LUN_T_END) st = fail_found(&p, "an operator or the end");
  e->root = root;
  if (st != LUN_OK) lun_expr_free(e);
  else *out = e;
  return st;
}

void lun_expr_free(lun_expr *expr)
{
  if (!expr) return;
  lun_env *env = expr->pool.env;
  lun_pool_fini(&expr->pool);
  lun_mem_free(env, expr);
}

const char *const *lun_expr_names(const lun_expr *expr, size_t *n)
{
  *n = expr->n_names;
  return expr->names;
}
