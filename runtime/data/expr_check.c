/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "data/expr_node.h"

/* --- what a value is, in words ---------------------------------------------------------------- */

static const char *const VALUES[] = {
  [LUN_V_NUMBER] = "a number", [LUN_V_DATE] = "a date", [LUN_V_LOGICAL] = "a condition",
  [LUN_V_FACTOR] = "a factor", [LUN_V_TEXT] = "a text", [LUN_V_NIL] = "nil",
};

static lun_typed *typed(const lun_bound *b, const lun_node *node)
{
  return &b->typed[node->id];
}

/* How to say what was meant instead. */
static const char *hint_for(lun_kind_of_value wanted, lun_kind_of_value found)
{
  if (found == LUN_V_NIL) return ": use missing(x)";
  if (wanted == LUN_V_DATE && found == LUN_V_TEXT) return ": write date(\"2024-01-31\")";
  if (wanted == LUN_V_LOGICAL) return ": compare it with something";
  if (wanted == LUN_V_NUMBER && found == LUN_V_LOGICAL) return ": write if(x, 1, 0)";
  return "";
}

static lun_status fail_value(const lun_bound *b, const lun_node *node, const char *where,
                             lun_kind_of_value wanted)
{
  lun_kind_of_value found = typed(b, node)->value;
  const char *name = node->kind == LUN_K_COLUMN ? b->expr->names[node->name] : "this";
  *b->fault = node->offset;
  return lun_fail(b->env, LUN_EINVAL, "[recipe.expression] %s is %s, %s takes %s%s", name,
                  VALUES[found], where, VALUES[wanted], hint_for(wanted, found));
}

static lun_status expect(const lun_bound *b, const lun_node *node, const char *where,
                         lun_kind_of_value wanted)
{
  return typed(b, node)->value == wanted ? LUN_OK : fail_value(b, node, where, wanted);
}

static lun_status fail_pair(const lun_bound *b, const lun_node *node, const lun_node *x,
                            const lun_node *y)
{
  lun_kind_of_value vx = typed(b, x)->value, vy = typed(b, y)->value;
  const char *hint = vx == LUN_V_NIL || vy == LUN_V_NIL ? ": use missing(x)" : "";
  if ((vx == LUN_V_DATE && vy == LUN_V_TEXT) || (vx == LUN_V_TEXT && vy == LUN_V_DATE))
    hint = ": write date(\"2024-01-31\")";
  if ((vx == LUN_V_FACTOR && vy == LUN_V_NUMBER) || (vx == LUN_V_NUMBER && vy == LUN_V_FACTOR))
    hint = ": the levels of a factor go in quotes";
  if ((vx == LUN_V_LOGICAL) != (vy == LUN_V_LOGICAL))
    hint = ": a condition is true or false by itself";
  *b->fault = node->offset;
  return lun_fail(b->env, LUN_EINVAL, "[recipe.expression] %s stands between %s and %s%s",
                  node->text, VALUES[vx], VALUES[vy], hint);
}

/* --- factors ---------------------------------------------------------------------------------- */

/* Gives a text constant the code of its level. */
static lun_status as_level(const lun_bound *b, const lun_node *node, lun_levels *levels)
{
  lun_typed *t = typed(b, node);
  int32_t code = lun_levels_find(levels, node->text, strlen(node->text));
  if (code >= 0) {
    *t = (lun_typed){ .value = LUN_V_FACTOR, .levels = levels, .code = code };
    return LUN_OK;
  }
  *b->fault = node->offset;
  return lun_levels_fail(b->env, levels, node->text);
}

static int is_text_constant(const lun_node *node)
{
  return node->kind == LUN_K_TEXT;
}

/* A factor and a text constant, in any order: the constant becomes a level. */
static lun_status match_levels(const lun_bound *b, const lun_node *x, const lun_node *y)
{
  const lun_typed *tx = typed(b, x), *ty = typed(b, y);
  if (tx->value == LUN_V_FACTOR && is_text_constant(y) && ty->value == LUN_V_TEXT)
    return as_level(b, y, tx->levels);
  if (ty->value == LUN_V_FACTOR && is_text_constant(x) && tx->value == LUN_V_TEXT)
    return as_level(b, x, ty->levels);
  return LUN_OK;
}

/* sex == male: a name that is no column, but a level of the factor it is compared with. */
static lun_status refuse_bare_level(const lun_bound *b, const lun_node *x, const lun_node *y)
{
  if (x->kind != LUN_K_COLUMN || y->kind != LUN_K_COLUMN) return LUN_OK;
  const char *factor = b->expr->names[x->name], *level = b->expr->names[y->name];
  size_t i = lun_table_find(b->table, factor, strlen(factor));
  if (i == LUN_NO_COLUMN || b->table->cols[i]->type != LUN_FACTOR) return LUN_OK;
  if (lun_table_find(b->table, level, strlen(level)) != LUN_NO_COLUMN) return LUN_OK;
  if (lun_levels_find(b->table->cols[i]->levels, level, strlen(level)) < 0) return LUN_OK;
  *b->fault = y->offset;
  return lun_fail(b->env, LUN_EINVAL,
                  "[recipe.column] there is no column \"%s\"; the level of %s goes in quotes: '%s'",
                  level, factor, level);
}

static int is_textual(const lun_typed *t)
{
  return t->value == LUN_V_FACTOR || t->value == LUN_V_TEXT;
}

/* --- columns ---------------------------------------------------------------------------------- */

int lun_col_logical(const lun_col *col)
{
  return col->type == LUN_FACTOR && col->levels->n == 2 &&
         strcmp(col->levels->names[0], "false") == 0 && strcmp(col->levels->names[1], "true") == 0;
}

/* The column of that name; TRUE, NA and the like are no misspelled columns. */
static const lun_col *find_column(const lun_bound *b, const char *name)
{
  const char *here = lun_expr_name_of_r(name);
  if (!here || lun_table_find(b->table, name, strlen(name)) != LUN_NO_COLUMN)
    return lun_table_col(b->env, b->table, name);
  lun_fail(b->env, LUN_EINVAL, "[recipe.expression] R's %s is %s here", name, here);
  return NULL;
}

static lun_status check_column(const lun_bound *b, const lun_node *node)
{
  lun_typed *t = typed(b, node);
  t->col = find_column(b, b->expr->names[node->name]);
  if (!t->col) {
    *b->fault = node->offset;
    return LUN_EINVAL;
  }
  t->levels = t->col->levels;
  switch (t->col->type) {
  case LUN_DATE: t->value = LUN_V_DATE; break;
  case LUN_FACTOR: t->value = lun_col_logical(t->col) ? LUN_V_LOGICAL : LUN_V_FACTOR; break;
  case LUN_TEXT:
    t->value = LUN_V_TEXT;
    t->free_text = 1;
    break;
  default: t->value = LUN_V_NUMBER;
  }
  return LUN_OK;
}

/* --- operators -------------------------------------------------------------------------------- */

static lun_status check_unary(const lun_bound *b, const lun_node *node)
{
  typed(b, node)->value = LUN_V_NUMBER;
  return expect(b, node->child, node->text, node->op == LUN_YEAR ? LUN_V_DATE : LUN_V_NUMBER);
}

/* Numbers; date - date; date + or - number; number + date; min and max of dates. */
static lun_status check_binary(const lun_bound *b, const lun_node *node)
{
  const lun_node *x = node->child, *y = x->next;
  lun_kind_of_value vx = typed(b, x)->value, vy = typed(b, y)->value;
  int shift = node->op == LUN_ADD || node->op == LUN_SUB;
  lun_typed *t = typed(b, node);
  t->value = LUN_V_NUMBER;
  if (vx == LUN_V_NUMBER && vy == LUN_V_NUMBER) return LUN_OK;
  if (vx == LUN_V_DATE && vy == LUN_V_DATE && node->op == LUN_SUB) return LUN_OK;
  t->value = LUN_V_DATE;
  if (vx == LUN_V_DATE && vy == LUN_V_NUMBER && shift) return LUN_OK;
  if (vx == LUN_V_NUMBER && vy == LUN_V_DATE && node->op == LUN_ADD) return LUN_OK;
  if (vx == LUN_V_DATE && vy == LUN_V_DATE && (node->op == LUN_MIN || node->op == LUN_MAX))
    return LUN_OK;
  if (vx == LUN_V_DATE || vy == LUN_V_DATE) return fail_pair(b, node, x, y);
  return fail_value(b, vx == LUN_V_NUMBER ? y : x, node->text, LUN_V_NUMBER);
}

static lun_status check_compare(const lun_bound *b, const lun_node *node)
{
  const lun_node *x = node->child, *y = x->next;
  typed(b, node)->value = LUN_V_LOGICAL;
  lun_status st = match_levels(b, x, y);
  if (st != LUN_OK) return st;
  const lun_typed *tx = typed(b, x), *ty = typed(b, y);
  int equality = node->op == LUN_EQ || node->op == LUN_NE;
  if (tx->value == LUN_V_NIL || ty->value == LUN_V_NIL) return fail_pair(b, node, x, y);
  if (tx->value == LUN_V_FACTOR && ty->value == LUN_V_FACTOR && !equality &&
      !lun_levels_same(tx->levels, ty->levels)) {
    *b->fault = node->offset;
    return lun_fail(b->env, LUN_EINVAL,
                    "[recipe.expression] %s compares two factors with different levels",
                    node->text);
  }
  if (tx->value == ty->value || (is_textual(tx) && is_textual(ty))) return LUN_OK;
  return fail_pair(b, node, x, y);
}

static lun_status check_in(const lun_bound *b, const lun_node *node)
{
  const lun_node *x = node->child;
  lun_status st = LUN_OK;
  typed(b, node)->value = LUN_V_LOGICAL;
  for (const lun_node *c = x->next; c && st == LUN_OK; c = c->next) {
    st = match_levels(b, x, c);
    if (st == LUN_OK && typed(b, c)->value != typed(b, x)->value) st = fail_pair(b, node, x, c);
  }
  return st;
}

static lun_status check_logical(const lun_bound *b, const lun_node *node)
{
  lun_status st = LUN_OK;
  typed(b, node)->value = LUN_V_LOGICAL;
  for (const lun_node *c = node->child; c && st == LUN_OK; c = c->next)
    st = expect(b, c, node->text, LUN_V_LOGICAL);
  return st;
}

static lun_status check_span(const lun_bound *b, const lun_node *node)
{
  typed(b, node)->value = LUN_V_NUMBER;
  lun_status st = expect(b, node->child, node->text, LUN_V_DATE);
  return st == LUN_OK ? expect(b, node->child->next, node->text, LUN_V_DATE) : st;
}

/* Both branches of one kind; nil fits any; a factor stays one when both share its levels. */
static lun_status check_if(const lun_bound *b, const lun_node *node)
{
  const lun_node *x = node->child->next, *y = x->next;
  lun_typed *t = typed(b, node), *tx = typed(b, x), *ty = typed(b, y);
  lun_status st = expect(b, node->child, node->text, LUN_V_LOGICAL);
  if (st != LUN_OK) return st;
  if (is_text_constant(y) && tx->value == LUN_V_FACTOR &&
      lun_levels_find(tx->levels, y->text, strlen(y->text)) >= 0)
    st = as_level(b, y, tx->levels);
  if (is_text_constant(x) && ty->value == LUN_V_FACTOR &&
      lun_levels_find(ty->levels, x->text, strlen(x->text)) >= 0)
    st = as_level(b, x, ty->levels);
  if (st != LUN_OK) return st;
  *t = tx->value == LUN_V_NIL ? *ty : *tx;
  t->col = NULL;
  t->free_text = tx->free_text || ty->free_text;
  if (tx->value == LUN_V_NIL || ty->value == LUN_V_NIL) return LUN_OK;
  if (is_textual(tx) && is_textual(ty)) {
    int one = tx->value == LUN_V_FACTOR && ty->value == LUN_V_FACTOR &&
              lun_levels_same(tx->levels, ty->levels);
    t->value = one ? LUN_V_FACTOR : LUN_V_TEXT;
    return LUN_OK;
  }
  return tx->value == ty->value ? LUN_OK : fail_pair(b, node, x, y);
}

static lun_status check_node(const lun_bound *b, const lun_node *node)
{
  lun_status st = LUN_OK;
  if (node->kind == LUN_K_COMPARE || node->kind == LUN_K_IN)
    for (const lun_node *c = node->child->next; c && st == LUN_OK; c = c->next)
      st = refuse_bare_level(b, node->child, c);
  for (const lun_node *c = node->child; c && st == LUN_OK; c = c->next) st = check_node(b, c);
  if (st != LUN_OK) return st;
  lun_typed *t = typed(b, node);
  switch (node->kind) {
  case LUN_K_NUMBER: t->value = LUN_V_NUMBER; break;
  case LUN_K_DATE: t->value = LUN_V_DATE; break;
  case LUN_K_TEXT: t->value = LUN_V_TEXT; break;
  case LUN_K_TRUTH: t->value = LUN_V_LOGICAL; break;
  case LUN_K_NIL: t->value = LUN_V_NIL; break;
  case LUN_K_COLUMN: return check_column(b, node);
  case LUN_K_UNARY: return check_unary(b, node);
  case LUN_K_BINARY: return check_binary(b, node);
  case LUN_K_COMPARE: return check_compare(b, node);
  case LUN_K_IN: return check_in(b, node);
  case LUN_K_SPAN: return check_span(b, node);
  case LUN_K_MISSING: t->value = LUN_V_LOGICAL; break;
  case LUN_K_IF: return check_if(b, node);
  default: return check_logical(b, node);
  }
  return LUN_OK;
}

lun_status lun_expr_bind(lun_env *env, lun_pool *pool, lun_bound *bound, const lun_expr *expr,
                         const lun_table *table, size_t *fault)
{
  *fault = 0;
  *bound = (lun_bound){ .env = env, .expr = expr, .table = table, .fault = fault };
  bound->typed = LUN_NEW(pool, lun_typed, expr->nodes);
  if (!bound->typed) return LUN_ENOMEM;
  lun_status st = check_node(bound, expr->root);
  if (st == LUN_OK && typed(bound, expr->root)->value == LUN_V_NIL)
    return lun_fail(env, LUN_EINVAL, "[recipe.expression] the result is nil for every row");
  return st;
}

lun_status lun_expr_check(lun_env *env, const lun_expr *expr, const lun_table *table,
                          lun_type *type, size_t *offset)
{
  static const lun_type types[] = {
    [LUN_V_NUMBER] = LUN_NUMBER, [LUN_V_DATE] = LUN_DATE,   [LUN_V_LOGICAL] = LUN_FACTOR,
    [LUN_V_FACTOR] = LUN_FACTOR, [LUN_V_TEXT] = LUN_FACTOR,
  };
  lun_pool work;
  lun_bound bound;
  lun_pool_init(&work, env);
  lun_status st = lun_expr_bind(env, &work, &bound, expr, table, offset);
  if (st == LUN_OK) {
    const lun_typed *t = typed(&bound, expr->root);
    *type = t->col ? t->col->type : t->free_text ? LUN_TEXT : types[t->value];
  }
  lun_pool_fini(&work);
  return st;
}
