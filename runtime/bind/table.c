/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.columns: an immutable table of named columns; lunation.index: from identifier to row.
 */
#include <string.h>

#include "bind/bind.h"
#include "data/index.h"
#include "data/table.h"

int lun_open_table(lua_State *L);

static const lun_class TABLE, INDEX; /* below, after what they list */

lun_table *lun_arg_table(lua_State *L, int arg)
{
  lun_table *t = *(lun_table **)lun_self(L, arg, &TABLE);
  if (!t) lun_raise(L, "usage.closed", "argument %d: the table was closed", arg);
  return t;
}

lun_table **lun_box_table(lua_State *L)
{
  return lun_box(L, &TABLE);
}

static void table_free(void *self)
{
  lun_table_free(*(lun_table **)self);
}

/* Pushes the column and returns it; the closest name is in the error. */
static lun_col *push_column(lua_State *L, const lun_table *t, const char *name)
{
  lun_col **box = lun_box_col(L);
  lun_col *col = lun_table_col(lun_env_of(L), t, name);
  lun_check(L, col ? LUN_OK : LUN_EINVAL);
  return *box = lun_col_ref(col);
}

/* --- methods --------------------------------------------------------------------------------- */

static int table_column(lua_State *L)
{
  push_column(L, lun_arg_table(L, 1), luaL_checkstring(L, 2));
  return 1;
}

static int table_has(lua_State *L)
{
  size_t n;
  const lun_table *t = lun_arg_table(L, 1);
  const char *name = luaL_tolstring(L, 2, &n);
  lua_pushboolean(L, lun_table_find(t, name, n) != LUN_NO_COLUMN);
  return 1;
}

static int table_names(lua_State *L)
{
  const lun_table *t = lun_arg_table(L, 1);
  lua_createtable(L, (int)t->ncol, 0);
  for (size_t i = 0; i < t->ncol; i++) {
    lua_pushstring(L, t->names[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static int table_select(lua_State *L)
{
  const lun_table *t = lun_arg_table(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  size_t n = lua_rawlen(L, 2), *which = lun_scratch(L, n, sizeof *which);
  for (size_t i = 0; i < n; i++, lua_pop(L, 1)) {
    lua_rawgeti(L, 2, (lua_Integer)i + 1);
    const char *name = luaL_checkstring(L, -1);
    lun_check(L, lun_table_col(lun_env_of(L), t, name) ? LUN_OK : LUN_EINVAL);
    which[i] = lun_table_find(t, name, strlen(name));
  }
  lun_check(L, lun_table_select(lun_env_of(L), lun_box_table(L), t, which, n));
  return 1;
}

static int table_gather(lua_State *L)
{
  size_t n;
  const lun_table *t = lun_arg_table(L, 1);
  const size_t *index = lun_arg_rows(L, 2, 3, t->nrow, &n);
  lun_check(L, lun_table_gather(lun_env_of(L), lun_box_table(L), t, index, n));
  return 1;
}

static int table_where(lua_State *L)
{
  lun_mask_counts counts;
  const lun_table *t = lun_arg_table(L, 1);
  const size_t *index = lun_arg_mask(L, 2, t->nrow, &counts);
  lun_check(L, lun_table_gather(lun_env_of(L), lun_box_table(L), t, index, counts.kept));
  lun_push_counts(L, &counts);
  return 2;
}

static int table_with(lua_State *L)
{
  const lun_table *t = lun_arg_table(L, 1);
  const char *name = luaL_checkstring(L, 2);
  lun_col *col = lun_arg_col(L, 3);
  lun_check(L, lun_table_with(lun_env_of(L), lun_box_table(L), t, name, col));
  return 1;
}

static int table_index_by(lua_State *L)
{
  const lun_table *t = lun_arg_table(L, 1);
  const char *name = luaL_checkstring(L, 2);
  lun_index *box = lun_box(L, &INDEX);
  const lun_col *key = push_column(L, t, name);
  lun_check(L, lun_index_init(lun_env_of(L), box, key, name));
  lua_pop(L, 1);
  return 1;
}

static int table_len(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)lun_arg_table(L, 1)->nrow);
  return 1;
}

static int table_ncol(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)lun_arg_table(L, 1)->ncol);
  return 1;
}

static int table_tostring(lua_State *L)
{
  luaL_Buffer b;
  const lun_table *t = lun_arg_table(L, 1);
  luaL_buffinit(L, &b);
  lua_pushfstring(L, "table of %d rows:", (int)t->nrow);
  luaL_addvalue(&b);
  for (size_t i = 0; i < t->ncol; i++) {
    lua_pushfstring(L, "%s %s (%s)", i ? "," : "", t->names[i], lun_type_name(t->cols[i]->type));
    luaL_addvalue(&b);
  }
  luaL_pushresult(&b);
  return 1;
}

/* t.name: a method or field when there is one, else the column. Columns are reached by t:column. */
static int table_index(lua_State *L)
{
  const char *key = luaL_checkstring(L, 2);
  luaL_getmetafield(L, 1, "__methods");
  if (lua_getfield(L, -1, key) != LUA_TNIL) return 1;
  luaL_getmetafield(L, 1, "__getters");
  if (lua_getfield(L, -1, key) == LUA_TNIL) return push_column(L, lun_arg_table(L, 1), key), 1;
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  return 1;
}

static const lun_reg METHODS[] = {
  { "column", table_column,
    "t:column(name) -> column\nThe column of that name; an unknown name is an error." },
  { "has", table_has, "t:has(name) -> boolean\nWhether there is a column of that name." },
  { "names", table_names, "t:names() -> list\nThe names of the columns, in order." },
  { "select", table_select, "t:select(names) -> table\nThese columns, in this order." },
  { "gather", table_gather,
    "t:gather(rows[, n]) -> table\nThe rows with these numbers (a list, its first n elements, or "
    "an "
    "integer column; from 1), in that order; repeats are allowed." },
  { "where", table_where,
    "t:where(mask) -> table, counts\nThe rows for which the logical column is true, and a table of "
    "counts: kept, false, missing." },
  { "with", table_with,
    "t:with(name, column) -> table\nThe table with a column added at the end or replaced." },
  { "index", table_index_by,
    "t:index(name) -> index\nFrom the values of an identifier column to their rows. A missing or "
    "repeated identifier is an error." },
  { NULL, NULL, NULL },
};

static const lun_reg GETTERS[] = {
  { "nrow", table_len, "t.nrow\nThe number of rows, as #t." },
  { "ncol", table_ncol, "t.ncol\nThe number of columns." },
  { NULL, NULL, NULL },
};

static const luaL_Reg META[] = {
  { "__len", table_len },
  { "__tostring", table_tostring },
  { "__index", table_index },
  { NULL, NULL },
};

static const lun_class TABLE = {
  .name = "lunation.columns",
  .doc = "An immutable table of named columns. #t is the number of rows; t.name is the column of "
         "that name unless a method has it (then t:column(name)).",
  .size = sizeof(lun_table *),
  .free = table_free,
  .methods = METHODS,
  .getters = GETTERS,
  .meta = META,
  .uservalues = 1,
};

/* --- index ----------------------------------------------------------------------------------- */

static void index_free(void *self)
{
  lun_index_fini(self);
}

static void push_row(lua_State *L, uint32_t row)
{
  if (row == LUN_NO_ROW) lua_pushnil(L);
  else lua_pushinteger(L, (lua_Integer)row + 1);
}

static int index_row(lua_State *L)
{
  const lun_index *x = lun_self(L, 1, &INDEX);
  if (lua_type(L, 2) == LUA_TSTRING) push_row(L, lun_index_text(x, lua_tostring(L, 2)));
  else push_row(L, lun_index_number(x, luaL_checknumber(L, 2)));
  return 1;
}

static int index_match(lua_State *L)
{
  const lun_index *x = lun_self(L, 1, &INDEX);
  const lun_col *other = lun_arg_col(L, 2);
  uint32_t *row = lun_scratch(L, other->n, sizeof *row);
  int32_t *number = lun_scratch(L, other->n, sizeof *number);
  lun_check(L, lun_index_match(lun_env_of(L), x, other, row));
  for (size_t i = 0; i < other->n; i++)
    number[i] = row[i] == LUN_NO_ROW ? LUN_INT_MISSING : (int32_t)row[i] + 1;
  lun_check(L, lun_col_coded(lun_env_of(L), lun_box_col(L), LUN_INTEGER, number, other->n, NULL));
  return 1;
}

static const lun_reg INDEX_METHODS[] = {
  { "row", index_row, "index:row(id) -> row or nil\nThe row of an identifier." },
  { "match", index_match,
    "index:match(column) -> integer column\nThe row of each value; missing where there is none." },
  { NULL, NULL, NULL },
};

static const lun_class INDEX = {
  .name = "lunation.index",
  .doc = "From the values of an identifier column to their rows.",
  .size = sizeof(lun_index),
  .free = index_free,
  .methods = INDEX_METHODS,
  .uservalues = 1,
};

/* --- functions ------------------------------------------------------------------------------- */

/* core.table.new { { name, column }, ... } */
static int table_new(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  size_t n = lua_rawlen(L, 1);
  const char **names = lun_scratch(L, n, sizeof *names);
  lun_col **cols = lun_scratch(L, n, sizeof *cols);
  luaL_checkstack(L, 8, "too many columns");
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, 1, (lua_Integer)i + 1);
    if (!lua_istable(L, -1) || lua_rawgeti(L, -1, 1) != LUA_TSTRING || !lua_rawgeti(L, -2, 2) ||
        !(cols[i] = lun_test_col(L, -1)))
      lun_raise(L, "usage.argument", "element %d: expected { name, column }", (int)i + 1);
    names[i] = lua_tostring(L, -2); /* the list keeps both alive */
    lua_pop(L, 3);
  }
  size_t nrow = n ? cols[0]->n : 0;
  lun_check(L, lun_table_new(lun_env_of(L), lun_box_table(L), names, cols, n, nrow));
  return 1;
}

static int table_bind(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  size_t n = lua_rawlen(L, 1);
  luaL_argcheck(L, n > 0, 1, "no table to bind");
  lun_table **tables = lun_scratch(L, n, sizeof *tables);
  for (size_t i = 0; i < n; i++, lua_pop(L, 1)) {
    lua_rawgeti(L, 1, (lua_Integer)i + 1);
    tables[i] = lun_arg_table(L, -1);
  }
  lun_check(L, lun_table_bind(lun_env_of(L), lun_box_table(L), tables, n));
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "new", table_new,
    "table.new { { name, column }, ... } -> table\nA table of columns of equal length." },
  { "bind", table_bind,
    "table.bind { t1, t2, ... } -> table\nThe rows of the tables, one after the other. All have "
    "the "
    "columns of the first, with the same types and levels." },
  { NULL, NULL, NULL },
};

int lun_open_table(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &TABLE);
  lua_setfield(L, -2, "class");
  return 1;
}
