/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.expr: conditions and derivations over the rows of a table.
 */
#include "base/num.h"
#include "bind/bind.h"
#include "data/expr.h"

int lun_open_expr(lua_State *L);

static void expr_free(void *self)
{
  lun_expr_free(*(lun_expr **)self);
}

static int expr_names(lua_State *L);
static int expr_eval(lua_State *L);
static int expr_type(lua_State *L);

static const lun_reg METHODS[] = {
  { "names", expr_names, "expr:names() -> list\nThe columns it reads, in the order of first use." },
  { "type", expr_type,
    "expr:type(table) -> text\nType of the result (number, integer, date, factor, text) over the "
    "columns of the table; an expression that does not fit them is an error." },
  { "eval", expr_eval,
    "expr:eval(table) -> column\nOne value for each row. A missing operand gives a missing value; "
    "conditions give a factor with the levels \"false\", \"true\"; a number that is lost (log(0), "
    "1 / 0) is an error that names the row." },
  { NULL, NULL, NULL },
};

static const lun_class EXPR = {
  .name = "lunation.expr",
  .doc = "A parsed expression.",
  .size = sizeof(lun_expr *),
  .free = expr_free,
  .methods = METHODS,
  .uservalues = 1, /* the source text */
};

static const lun_expr *self(lua_State *L)
{
  const lun_expr *e = *(lun_expr **)lun_self(L, 1, &EXPR);
  if (!e) lun_raise(L, "usage.closed", "the expression was closed");
  return e;
}

/* Raises a failure with its place in the source; columns count characters. The offset comes by
 * address: it is not known before the call that gives st. */
static void check(lua_State *L, lun_status st, const char *source, const size_t *offset)
{
  if (st == LUN_OK) return;
  lun_place place = { .excerpt = source, .column = 1 };
  for (size_t i = 0; i < *offset && source[i]; i++)
    place.column += ((unsigned char)source[i] & 0xc0) != 0x80;
  lun_check_at(L, st, &place);
}

/* The source of the expression at index arg; its user value keeps it alive. */
static const char *source_of(lua_State *L, int arg)
{
  lua_getiuservalue(L, arg, 1);
  const char *text = lua_tostring(L, -1);
  lua_pop(L, 1);
  return text;
}

static int expr_names(lua_State *L)
{
  size_t n;
  const char *const *names = lun_expr_names(self(L), &n);
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushstring(L, names[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static int expr_eval(lua_State *L)
{
  size_t offset;
  const lun_expr *e = self(L);
  const lun_table *t = lun_arg_table(L, 2);
  lun_col **box = lun_box_col(L);
  check(L, lun_expr_eval(lun_env_of(L), box, e, t, &offset), source_of(L, 1), &offset);
  return 1;
}

static int expr_type(lua_State *L)
{
  size_t offset;
  lun_type type;
  const lun_expr *e = self(L);
  const lun_table *t = lun_arg_table(L, 2);
  check(L, lun_expr_check(lun_env_of(L), e, t, &type, &offset), source_of(L, 1), &offset);
  lua_pushstring(L, lun_type_name(type));
  return 1;
}

/* Pushes the parsed expression of the text at index arg. */
static lun_expr **push_expr(lua_State *L, int arg)
{
  size_t n, offset;
  const char *text = luaL_checklstring(L, arg, &n);
  lun_expr **box = lun_box(L, &EXPR);
  lua_pushvalue(L, arg);
  lua_setiuservalue(L, -2, 1);
  check(L, lun_expr_parse(lun_env_of(L), box, text, n, &offset), text, &offset);
  return box;
}

static int expr_parse(lua_State *L)
{
  push_expr(L, 1);
  return 1;
}

static int expr_mask(lua_State *L)
{
  size_t offset;
  lun_mask_counts counts;
  const lun_table *t = lun_arg_table(L, 1);
  const lun_expr *e = *push_expr(L, 2);
  size_t *rows = lun_scratch(L, t->nrow, sizeof *rows);
  int32_t *numbers = lun_scratch(L, t->nrow, sizeof *numbers);
  check(L, lun_expr_rows(lun_env_of(L), rows, &counts, e, t, &offset), lua_tostring(L, 2), &offset);
  for (size_t i = 0; i < counts.kept; i++) numbers[i] = (int32_t)rows[i] + 1;
  lun_check(L,
            lun_col_coded(lun_env_of(L), lun_box_col(L), LUN_INTEGER, numbers, counts.kept, NULL));
  lun_push_counts(L, &counts);
  return 2;
}

/* --- apply: an expression over columns and constants by position ----------------------------- */

enum { OPERANDS = 3 };

/* Adds a constant as the language writes it; a text beside a date column is a date. */
static void add_literal(lua_State *L, luaL_Buffer *b, int arg, int date)
{
  char number[LUN_NUM_MAX];
  switch (lua_type(L, arg)) {
  case LUA_TNUMBER:
    luaL_addchar(b, '(');
    luaL_addlstring(b, number, lun_num_shortest(number, lua_tonumber(L, arg)));
    luaL_addchar(b, ')');
    break;
  case LUA_TBOOLEAN: luaL_addstring(b, lua_toboolean(L, arg) ? "true" : "false"); break;
  case LUA_TSTRING:
    luaL_addstring(b, date ? "date('" : "'");
    for (const char *c = lua_tostring(L, arg); *c; c++) {
      if (*c == '\'' || *c == '\\') luaL_addchar(b, '\\');
      luaL_addchar(b, *c);
    }
    luaL_addstring(b, date ? "')" : "'");
    break;
  default:
    lun_raise(L, "usage.argument",
              "expected a column, a number, a text or a truth value, found a %s",
              luaL_typename(L, arg));
  }
}

static int is_word(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Pushes the template with the names a, b, c of constants replaced. First operand at index first.
 */
static void push_text(lua_State *L, const char *template, int first, int n, int date)
{
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  for (const char *c = template; *c; c++) {
    int k = *c - 'a', alone = (c == template || !is_word(c[-1])) && !is_word(c[1]);
    if (k >= 0 && k < n && alone && !lun_test_col(L, first + k))
      add_literal(L, &b, first + k, date);
    else luaL_addchar(&b, *c);
  }
  luaL_pushresult(&b);
}

int lun_push_applied(lua_State *L, const char *template, int first, int n)
{
  static const char *const all[] = { "a", "b", "c" };
  const char *names[OPERANDS];
  lun_col *cols[OPERANDS];
  size_t k = 0, offset;
  int date = 0;
  for (int i = 0; i < n && i < OPERANDS; i++) {
    lun_col *col = lun_test_col(L, first + i);
    if (!col) continue;
    names[k] = all[i];
    cols[k++] = col;
    date |= col->type == LUN_DATE;
  }
  if (k == 0) lun_raise(L, "usage.argument", "expected a column");
  push_text(L, template, first, n, date);
  int text = lua_gettop(L);
  lun_expr **e = push_expr(L, text);
  lun_table **table = lun_box_table(L);
  lun_check(L, lun_table_new(lun_env_of(L), table, names, cols, k, cols[0]->n));
  lun_col **box = lun_box_col(L);
  check(L, lun_expr_eval(lun_env_of(L), box, *e, *table, &offset), lua_tostring(L, text), &offset);
  lun_expr_free(*e); /* now, not when garbage is collected */
  *e = NULL;
  lun_table_free(*table);
  *table = NULL;
  return 1;
}

static int expr_apply(lua_State *L)
{
  int n = lua_gettop(L) - 1;
  luaL_argcheck(L, n >= 1 && n <= OPERANDS, 2, "one to three operands expected");
  return lun_push_applied(L, luaL_checkstring(L, 1), 2, n);
}

static const lun_reg FUNCTIONS[] = {
  { "parse", expr_parse,
    "expr.parse(text) -> expr\nParses a condition or derivation. An error carries excerpt and "
    "column." },
  { "mask", expr_mask,
    "expr.mask(table, text) -> rows, counts\nThe numbers of the rows for which the condition is "
    "true "
    "(an integer column), and how many are kept, false and missing." },
  { "apply", expr_apply,
    "expr.apply(text, a[, b[, c]]) -> column\nEvaluates the text over columns and constants that "
    "it "
    "calls a, b, c. A text beside a date column is a date." },
  { NULL, NULL, NULL },
};

int lun_open_expr(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &EXPR);
  lua_setfield(L, -2, "class");
  return 1;
}
