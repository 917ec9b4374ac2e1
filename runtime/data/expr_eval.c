/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "data/date.h"
#include "data/expr_node.h"

/* Evaluation goes block by block through the tree. Each node writes its block into the slot it is
 * given; its operands use the slots behind. Constants are blocks that were filled before. */
typedef struct run {
  lun_bound bound;
  size_t block;        /* rows in a whole block */
  void **slot;         /* block * 8 bytes each */
  void **constant;     /* by node id; NULL for the others */
  size_t start, n;     /* the block: rows start .. start + n */
  const uint8_t *live; /* rows whose value counts (TRUE); NULL: all. For faults only */
  lun_status status;   /* of the first fault */
} run;

/* The block of a node: doubles (numbers, dates, codes), bytes (conditions), or const char *
 * (texts). */
typedef const void *eval_fn(run *r, const lun_node *node, int slot);
static eval_fn numbers, logicals, texts;

static const lun_typed *typed(const run *r, const lun_node *node)
{
  return &r->bound.typed[node->id];
}

/* --- lost numbers ----------------------------------------------------------------------------- */

static void fault(run *r, const lun_node *node, size_t i, const double *x, const double *y)
{
  size_t row = r->start + i + 1;
  lun_env *env = r->bound.env;
  *r->bound.fault = node->offset;
  if (!y)
    r->status = lun_fail(env, LUN_EDATA, "[data.computed] row %z: %s(%g) is not a finite number",
                         row, node->text, x[i]);
  else if (node->text[0] >= 'a')
    r->status =
        lun_fail(env, LUN_EDATA, "[data.computed] row %z: %s(%g, %g) is not a finite number", row,
                 node->text, x[i], y[i]);
  else
    r->status = lun_fail(env, LUN_EDATA, "[data.computed] row %z: %g %s %g is not a finite number",
                         row, x[i], node->text, y[i]);
}

/* Reports the first row that counts where operands are there and the result is no number. */
static void find_fault(run *r, const lun_node *node, const double *out, const double *x,
                       const double *y)
{
  for (size_t i = 0; i < r->n && r->status == LUN_OK; i++) {
    if (isfinite(out[i]) || isnan(x[i]) || (y && isnan(y[i]))) continue;
    if (!r->live || r->live[i] == LUN_TRUE) fault(r, node, i, x, y);
  }
}

/* --- numbers ---------------------------------------------------------------------------------- */

static const double *column_numbers(run *r, const lun_col *col, double *out)
{
  if (col->type == LUN_NUMBER) return col->v.number + r->start;
  if (col->type == LUN_FACTOR) lun_vec_codes(out, col->v.code + r->start, r->n);
  else lun_vec_integers(out, col->v.code + r->start, r->n);
  return out;
}

static const double *unary(run *r, const lun_node *node, double *out, int slot)
{
  const double *x = numbers(r, node->child, slot + 1);
  if (lun_vec_unary(node->op, out, x, r->n)) find_fault(r, node, out, x, NULL);
  return out;
}

static const double *binary(run *r, const lun_node *node, double *out, int slot)
{
  const double *x = numbers(r, node->child, slot + 1), *y = numbers(r, node->child->next, slot + 2);
  if (lun_vec_binary(node->op, out, x, y, r->n)) find_fault(r, node, out, x, y);
  return out;
}

static const double *span(run *r, const lun_node *node, double *out, int slot)
{
  const double *from = numbers(r, node->child, slot + 1),
               *to = numbers(r, node->child->next, slot + 2);
  for (size_t i = 0; i < r->n; i++) out[i] = (to[i] - from[i]) / node->number;
  return out;
}

/* The rows that count where which is wanted. */
static void narrow(const run *r, uint8_t *out, const uint8_t *which, uint8_t wanted)
{
  for (size_t i = 0; i < r->n; i++)
    out[i] = which[i] == wanted && (!r->live || r->live[i] == LUN_TRUE) ? LUN_TRUE : LUN_FALSE;
}

/* if: condition in slot + 1, live rows in slot + 2, branches in slot + 3 and slot + 4. A branch
 * counts only where it is taken. */
typedef struct branches {
  const uint8_t *which;
  const void *yes, *no;
} branches;

static branches eval_branches(run *r, const lun_node *node, int slot, eval_fn *eval)
{
  const lun_node *yes = node->child->next;
  branches b = { .which = logicals(r, node->child, slot + 1) };
  const uint8_t *live = r->live;
  uint8_t *yes_rows = r->slot[slot + 2], *no_rows = yes_rows + r->block;
  narrow(r, yes_rows, b.which, LUN_TRUE);
  narrow(r, no_rows, b.which, LUN_FALSE);
  r->live = yes_rows;
  b.yes = eval(r, yes, slot + 3);
  r->live = no_rows;
  b.no = eval(r, yes->next, slot + 4);
  r->live = live;
  return b;
}

static const double *choose(run *r, const lun_node *node, double *out, int slot)
{
  branches b = eval_branches(r, node, slot, numbers);
  lun_vec_select(out, b.which, b.yes, b.no, r->n);
  return out;
}

static const void *numbers(run *r, const lun_node *node, int slot)
{
  double *out = r->slot[slot];
  if (r->constant[node->id]) return r->constant[node->id];
  switch (node->kind) {
  case LUN_K_COLUMN: return column_numbers(r, typed(r, node)->col, out);
  case LUN_K_UNARY: return unary(r, node, out, slot);
  case LUN_K_SPAN: return span(r, node, out, slot);
  case LUN_K_IF: return choose(r, node, out, slot);
  default: return binary(r, node, out, slot);
  }
}

/* --- texts ------------------------------------------------------------------------------------ */

static const char *const *column_texts(const run *r, const lun_col *col, const char **out)
{
  for (size_t i = 0; i < r->n; i++) out[i] = lun_col_str(col, r->start + i);
  return out;
}

static const char *const *choose_text(run *r, const lun_node *node, const char **out, int slot)
{
  branches b = eval_branches(r, node, slot, texts);
  const char *const *yes = b.yes, *const *no = b.no;
  for (size_t i = 0; i < r->n; i++)
    out[i] = b.which[i] == LUN_UNKNOWN ? NULL : b.which[i] == LUN_TRUE ? yes[i] : no[i];
  return out;
}

/* Constants that are texts: a text, or nil beside one. */
static const char *const *constant_texts(const run *r, const lun_node *node, const char **out)
{
  for (size_t i = 0; i < r->n; i++) out[i] = node->kind == LUN_K_NIL ? NULL : node->text;
  return out;
}

/* A factor's values by name, when it meets texts or other levels. */
static const char *const *level_texts(run *r, const lun_node *node, const char **out, int slot)
{
  const double *code = numbers(r, node, slot + 1);
  const lun_levels *levels = typed(r, node)->levels;
  for (size_t i = 0; i < r->n; i++) out[i] = isnan(code[i]) ? NULL : levels->names[(int)code[i]];
  return out;
}

static const void *texts(run *r, const lun_node *node, int slot)
{
  const char **out = r->slot[slot];
  if (node->kind == LUN_K_TEXT || node->kind == LUN_K_NIL) return constant_texts(r, node, out);
  if (node->kind == LUN_K_COLUMN) return column_texts(r, typed(r, node)->col, out);
  if (typed(r, node)->value == LUN_V_FACTOR) return level_texts(r, node, out, slot);
  return choose_text(r, node, out, slot);
}

/* --- conditions ------------------------------------------------------------------------------- */

static int holds(lun_op op, int order)
{
  switch (op) {
  case LUN_EQ: return order == 0;
  case LUN_NE: return order != 0;
  case LUN_LT: return order < 0;
  case LUN_LE: return order <= 0;
  case LUN_GT: return order > 0;
  default: return order >= 0;
  }
}

static void compare_texts(run *r, const lun_node *x, const lun_node *y, lun_op op, int slot)
{
  uint8_t *out = r->slot[slot];
  const char *const *a = texts(r, x, slot + 1), *const *b = texts(r, y, slot + 2);
  for (size_t i = 0; i < r->n; i++)
    out[i] = (uint8_t)(!a[i] || !b[i] ? LUN_UNKNOWN : holds(op, strcmp(a[i], b[i])) << 1);
}

static void compare_logicals(run *r, const lun_node *x, const lun_node *y, lun_op op, int slot)
{
  uint8_t *out = r->slot[slot];
  const uint8_t *a = logicals(r, x, slot + 1), *b = logicals(r, y, slot + 2);
  for (size_t i = 0; i < r->n; i++)
    out[i] = (uint8_t)(a[i] == LUN_UNKNOWN || b[i] == LUN_UNKNOWN ? LUN_UNKNOWN
                                                                  : holds(op, a[i] - b[i]) << 1);
}

/* Numbers, dates and codes of the same levels compare as numbers, other texts bytewise. */
static void compare(run *r, const lun_node *x, const lun_node *y, lun_op op, int slot)
{
  const lun_typed *tx = typed(r, x), *ty = typed(r, y);
  if (tx->value == LUN_V_LOGICAL) {
    compare_logicals(r, x, y, op, slot);
  } else if (tx->value == LUN_V_TEXT || ty->value == LUN_V_TEXT ||
             (tx->levels && !lun_levels_same(tx->levels, ty->levels))) {
    compare_texts(r, x, y, op, slot);
  } else {
    const double *a = numbers(r, x, slot + 1), *b = numbers(r, y, slot + 2);
    lun_vec_compare(op, r->slot[slot], a, b, r->n);
  }
}

/* x == c1 or x == c2 ...: x is evaluated again for each, the list being short. */
static void member(run *r, const lun_node *node, int slot)
{
  const lun_node *x = node->child;
  uint8_t *out = r->slot[slot], *sum = r->slot[slot + 1];
  memset(out, LUN_FALSE, r->n);
  for (const lun_node *c = x->next; c; c = c->next) {
    compare(r, x, c, LUN_EQ, slot + 2);
    lun_vec_or(sum, out, r->slot[slot + 2], r->n);
    memcpy(out, sum, r->n);
  }
}

/* and, or: the right side counts only where the left does not decide. */
static void connect(run *r, const lun_node *node, int slot)
{
  uint8_t *mask = r->slot[slot + 2];
  const uint8_t *x = logicals(r, node->child, slot + 1), *live = r->live;
  int conjunction = node->kind == LUN_K_AND;
  uint8_t decided = conjunction ? LUN_FALSE : LUN_TRUE;
  for (size_t i = 0; i < r->n; i++)
    mask[i] = x[i] != decided && (!live || live[i] == LUN_TRUE) ? LUN_TRUE : LUN_FALSE;
  r->live = mask;
  const uint8_t *y = logicals(r, node->child->next, slot + 3);
  r->live = live;
  if (conjunction) lun_vec_and(r->slot[slot], x, y, r->n);
  else lun_vec_or(r->slot[slot], x, y, r->n);
}

static void choose_logical(run *r, const lun_node *node, int slot)
{
  branches b = eval_branches(r, node, slot, logicals);
  const uint8_t *yes = b.yes, *no = b.no;
  uint8_t *out = r->slot[slot];
  for (size_t i = 0; i < r->n; i++)
    out[i] = b.which[i] == LUN_UNKNOWN ? LUN_UNKNOWN : b.which[i] == LUN_TRUE ? yes[i] : no[i];
}

static void is_missing(run *r, const lun_node *node, int slot)
{
  uint8_t *out = r->slot[slot];
  const lun_node *x = node->child;
  lun_kind_of_value value = typed(r, x)->value;
  if (value == LUN_V_LOGICAL) {
    const uint8_t *v = logicals(r, x, slot + 1);
    for (size_t i = 0; i < r->n; i++) out[i] = v[i] == LUN_UNKNOWN ? LUN_TRUE : LUN_FALSE;
  } else if (value == LUN_V_TEXT || value == LUN_V_NIL) {
    const char *const *v = texts(r, x, slot + 1);
    for (size_t i = 0; i < r->n; i++) out[i] = v[i] ? LUN_FALSE : LUN_TRUE;
  } else {
    const double *v = numbers(r, x, slot + 1);
    for (size_t i = 0; i < r->n; i++) out[i] = isnan(v[i]) ? LUN_TRUE : LUN_FALSE;
  }
}

static const void *logicals(run *r, const lun_node *node, int slot)
{
  uint8_t *out = r->slot[slot];
  switch (node->kind) {
  case LUN_K_TRUTH: memset(out, (int)node->number, r->n); break;
  case LUN_K_NIL: memset(out, LUN_UNKNOWN, r->n); break;
  case LUN_K_COLUMN: lun_vec_logical(out, typed(r, node)->col->v.code + r->start, r->n); break;
  case LUN_K_NOT: lun_vec_not(out, logicals(r, node->child, slot + 1), r->n); break;
  case LUN_K_COMPARE: compare(r, node->child, node->child->next, node->op, slot); break;
  case LUN_K_IN: member(r, node, slot); break;
  case LUN_K_MISSING: is_missing(r, node, slot); break;
  case LUN_K_IF: choose_logical(r, node, slot); break;
  default: connect(r, node, slot);
  }
  return out;
}

/* --- the run ---------------------------------------------------------------------------------- */

static lun_status fill_constants(run *r, lun_pool *pool, const lun_node *node)
{
  lun_status st = LUN_OK;
  const lun_typed *t = typed(r, node);
  int numeric = node->kind == LUN_K_NUMBER || node->kind == LUN_K_DATE || node->kind == LUN_K_NIL;
  if (numeric || (node->kind == LUN_K_TEXT && t->value == LUN_V_FACTOR)) {
    double *v = LUN_NEW(pool, double, r->block), c = numeric ? node->number : t->code;
    if (!v) return LUN_ENOMEM;
    for (size_t i = 0; i < r->block; i++) v[i] = c;
    r->constant[node->id] = v;
  }
  for (const lun_node *c = node->child; c && st == LUN_OK; c = c->next)
    st = fill_constants(r, pool, c);
  return st;
}

/* The operands of a node begin at most 5 slots behind its own. */
static lun_status start_run(run *r, lun_env *env, lun_pool *pool, const lun_expr *expr,
                            const lun_table *table, size_t *offset)
{
  memset(r, 0, sizeof *r);
  lun_status st = lun_expr_bind(env, pool, &r->bound, expr, table, offset);
  if (st != LUN_OK) return st;
  size_t slots = 5 * (size_t)expr->root->height + 1;
  r->block = table->nrow < LUN_BLOCK ? table->nrow : LUN_BLOCK;
  r->slot = LUN_NEW(pool, void *, slots);
  r->constant = LUN_NEW(pool, void *, expr->nodes);
  if (!r->slot || !r->constant) return LUN_ENOMEM;
  for (size_t i = 0; i < slots; i++) {
    if (!(r->slot[i] = LUN_NEW(pool, double, r->block))) return LUN_ENOMEM;
  }
  return fill_constants(r, pool, expr->root);
}

/* Moves to the block that begins at row start; 0 when there is none or something failed. */
static int next_block(run *r, size_t start)
{
  size_t nrow = r->bound.table->nrow;
  if (r->status == LUN_OK) r->status = lun_env_check(r->bound.env);
  if (r->status != LUN_OK || start >= nrow) return 0;
  r->start = start;
  r->n = nrow - start < LUN_BLOCK ? nrow - start : LUN_BLOCK;
  return 1;
}

static lun_status number_column(run *r, lun_col **out, const lun_node *root)
{
  void *values;
  lun_status st = lun_col_raw(r->bound.env, out, LUN_NUMBER, r->bound.table->nrow, NULL, &values);
  if (st != LUN_OK) return st;
  for (size_t at = 0; next_block(r, at); at += LUN_BLOCK) {
    double *to = r->slot[0] = (double *)values + at;
    const double *v = numbers(r, root, 0);
    if (v != to) memcpy(to, v, r->n * sizeof *to);
  }
  return r->status;
}

static lun_status store_dates(run *r, const lun_node *root, int32_t *out, const double *v)
{
  for (size_t i = 0; i < r->n; i++) {
    out[i] = LUN_INT_MISSING;
    if (isnan(v[i])) continue;
    if (v[i] != floor(v[i]) || !lun_date_in_range(v[i])) {
      *r->bound.fault = root->offset;
      return lun_fail(r->bound.env, LUN_EDATA,
                      "[data.date] row %z: %g days from 1970-01-01 is not a whole day "
                      "in the years 1 to 9999 (use floor or round)",
                      r->start + i + 1, v[i]);
    }
    out[i] = (int32_t)v[i];
  }
  return LUN_OK;
}

static lun_status date_column(run *r, lun_col **out, const lun_node *root)
{
  void *values;
  lun_status st = lun_col_raw(r->bound.env, out, LUN_DATE, r->bound.table->nrow, NULL, &values);
  if (st != LUN_OK) return st;
  for (size_t at = 0; next_block(r, at); at += LUN_BLOCK) {
    const double *v = numbers(r, root, 0);
    if (r->status == LUN_OK) r->status = store_dates(r, root, (int32_t *)values + at, v);
  }
  return r->status;
}

static lun_status factor_column(run *r, lun_col **out, const lun_node *root)
{
  void *values;
  lun_status st = lun_col_raw(r->bound.env, out, LUN_FACTOR, r->bound.table->nrow,
                              typed(r, root)->levels, &values);
  if (st != LUN_OK) return st;
  for (size_t at = 0; next_block(r, at); at += LUN_BLOCK) {
    const double *v = numbers(r, root, 0);
    int32_t *code = (int32_t *)values + at;
    for (size_t i = 0; i < r->n; i++) code[i] = isnan(v[i]) ? LUN_CODE_MISSING : (int32_t)v[i];
  }
  return r->status;
}

static lun_status logical_column(run *r, lun_col **out, const lun_node *root)
{
  static const char *const names[] = { "false", "true" };
  void *values;
  lun_levels *levels = NULL;
  lun_status st = lun_levels_new(r->bound.env, &levels, names, 2);
  if (st == LUN_OK)
    st = lun_col_raw(r->bound.env, out, LUN_FACTOR, r->bound.table->nrow, levels, &values);
  lun_levels_free(levels);
  if (st != LUN_OK) return st;
  for (size_t at = 0; next_block(r, at); at += LUN_BLOCK)
    lun_vec_logical_codes((int32_t *)values + at, logicals(r, root, 0), r->n);
  return r->status;
}

static lun_status text_column(run *r, lun_col **out, const lun_node *root)
{
  size_t nrow = r->bound.table->nrow;
  const char **v = lun_mem_new(r->bound.env, nrow, sizeof *v);
  if (!v) return LUN_ENOMEM;
  for (size_t at = 0; next_block(r, at); at += LUN_BLOCK)
    memcpy(v + at, texts(r, root, 0), r->n * sizeof *v);
  if (r->status == LUN_OK)
    r->status = typed(r, root)->free_text ? lun_col_text(r->bound.env, out, v, nrow)
                                          : lun_col_factor(r->bound.env, out, v, nrow, NULL);
  lun_mem_free(r->bound.env, v);
  return r->status;
}

static lun_status make_column(run *r, lun_col **out, const lun_node *root)
{
  const lun_typed *t = typed(r, root);
  if (t->col) return lun_col_own(r->bound.env, out, t->col);
  switch (t->value) {
  case LUN_V_NUMBER: return number_column(r, out, root);
  case LUN_V_DATE: return date_column(r, out, root);
  case LUN_V_FACTOR: return factor_column(r, out, root);
  case LUN_V_LOGICAL: return logical_column(r, out, root);
  default: return text_column(r, out, root);
  }
}

lun_status lun_expr_eval(lun_env *env, lun_col **out, const lun_expr *expr, const lun_table *table,
                         size_t *offset)
{
  run r;
  lun_pool work;
  *out = NULL;
  lun_pool_init(&work, env);
  lun_status st = start_run(&r, env, &work, expr, table, offset);
  if (st == LUN_OK && (st = make_column(&r, out, expr->root)) != LUN_OK) {
    lun_col_free(*out);
    *out = NULL;
  }
  lun_pool_fini(&work);
  return st;
}

static void collect(const run *r, const uint8_t *v, size_t *rows, lun_mask_counts *counts)
{
  for (size_t i = 0; i < r->n; i++) {
    rows[counts->kept] = r->start + i;
    counts->kept += v[i] == LUN_TRUE;
    counts->no += v[i] == LUN_FALSE;
  }
}

lun_status lun_expr_rows(lun_env *env, size_t *rows, lun_mask_counts *counts, const lun_expr *expr,
                         const lun_table *table, size_t *offset)
{
  run r;
  lun_pool work;
  memset(counts, 0, sizeof *counts);
  lun_pool_init(&work, env);
  lun_status st = start_run(&r, env, &work, expr, table, offset);
  if (st == LUN_OK && typed(&r, expr->root)->value != LUN_V_LOGICAL)
    st = lun_fail(env, LUN_EINVAL,
                  "[recipe.expression] the result is not a condition: compare it with something");
  if (st != LUN_OK) goto done;
  for (size_t at = 0; next_block(&r, at); at += LUN_BLOCK) {
    const uint8_t *v = logicals(&r, expr->root, 0);
    if (r.status == LUN_OK) collect(&r, v, rows, counts);
  }
  st = r.status;
  counts->missing = table->nrow - counts->kept - counts->no;
done:
  lun_pool_fini(&work);
  return st;
}
