/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lunation.data.column: an immutable typed column. lua/lunation/data/column.lua adds arithmetic,
 * comparisons and summaries.
 */
#include <math.h>
#include <string.h>

#include "bind/bind.h"
#include "data/date.h"

int lun_open_column(lua_State *L);

static void column_free(void *self)
{
  lun_col_free(*(lun_col **)self);
}

/* --- reading --------------------------------------------------------------------------------- */

static void push_value(lua_State *L, const lun_col *col, size_t row)
{
  char iso[LUN_DATE_MAX];
  if (lun_col_missing(col, row)) {
    lua_pushnil(L);
    return;
  }
  switch (col->type) {
  case LUN_NUMBER: lua_pushnumber(L, col->v.number[row]); break;
  case LUN_INTEGER: lua_pushinteger(L, col->v.code[row]); break;
  case LUN_DATE: lua_pushlstring(L, iso, lun_date_iso(iso, col->v.code[row])); break;
  default: lua_pushstring(L, lun_col_str(col, row));
  }
}

static int column_at(lua_State *L)
{
  const lun_col *col = lun_arg_col(L, 1);
  lua_Integer i = lua_tointeger(L, 2);
  if (i < 1)
    lun_raise(L, "usage.row", "there is no row %d: rows are numbered from 1", (int)i);
  if ((lua_Unsigned)i > col->n) lua_pushnil(L);
  else push_value(L, col, (size_t)i - 1);
  return 1;
}

static int column_len(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)lun_arg_col(L, 1)->n);
  return 1;
}

static int column_type(lua_State *L)
{
  lua_pushstring(L, lun_type_name(lun_arg_col(L, 1)->type));
  return 1;
}

static int column_levels(lua_State *L)
{
  const lun_levels *levels = lun_arg_col(L, 1)->levels;
  if (!levels) return lua_pushnil(L), 1;
  lua_createtable(L, (int)levels->n, 0);
  for (size_t i = 0; i < levels->n; i++) {
    lua_pushstring(L, levels->names[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static int column_totable(lua_State *L)
{
  const lun_col *col = lun_arg_col(L, 1);
  lua_createtable(L, (int)col->n, 1);
  for (size_t i = 0; i < col->n; i++) {
    push_value(L, col, i);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_pushinteger(L, (lua_Integer)col->n);
  lua_setfield(L, -2, "n");
  return 1;
}

static int column_tostring(lua_State *L)
{
  enum { SHOWN = 8 };
  luaL_Buffer b;
  const lun_col *col = lun_arg_col(L, 1);
  lua_pushfstring(L, "%s column of %d:", lun_type_name(col->type), (int)col->n);
  luaL_buffinit(L, &b);
  for (size_t i = 0; i < col->n && i < SHOWN; i++) {
    luaL_addchar(&b, ' ');
    push_value(L, col, i);
    if (lua_isnil(L, -1)) {
      lua_pop(L, 1);
      lua_pushliteral(L, "-");
    }
    luaL_addvalue(&b);
  }
  if (col->n > SHOWN) luaL_addstring(&b, " ...");
  luaL_pushresult(&b);
  lua_concat(L, 2);
  return 1;
}

static int column_gather(lua_State *L)
{
  size_t n;
  const lun_col *col = lun_arg_col(L, 1);
  const size_t *index = lun_arg_rows(L, 2, 3, col->n, &n);
  lun_check(L, lun_col_gather(lun_env_of(L), lun_box_col(L), col, index, n));
  return 1;
}

static const lun_reg METHODS[] = {
  { "gather", column_gather,
    "col:gather(rows[, n]) -> column\nThe values of the rows with these numbers (a list, its first "
    "n "
    "elements, or an integer column; from 1), in that order; repeats are allowed." },
  { "totable", column_totable,
    "col:totable() -> list\n"
    "The values as a Lua list with a field n; missing values are nil, dates ISO texts." },
  { NULL, NULL, NULL },
};

static const lun_reg GETTERS[] = {
  { "type", column_type, "col.type\nnumber, integer, date, factor or text." },
  { "levels", column_levels, "col.levels\nThe level names of a factor in their order, else nil." },
  { NULL, NULL, NULL },
};

#define ARITHMETIC(name, template)                                                                 \
  static int column_##name(lua_State *L)                                                           \
  {                                                                                                \
    return lun_push_applied(L, template, 1, 2);                                                    \
  }

ARITHMETIC(add, "a + b")
ARITHMETIC(sub, "a - b")
ARITHMETIC(mul, "a * b")
ARITHMETIC(div, "a / b")
ARITHMETIC(idiv, "a // b")
ARITHMETIC(mod, "a % b")
ARITHMETIC(pow, "a ^ b")

static int column_unm(lua_State *L)
{
  return lun_push_applied(L, "-a", 1, 1);
}

static const luaL_Reg META[] = {
  { "__add", column_add },
  { "__sub", column_sub },
  { "__mul", column_mul },
  { "__div", column_div },
  { "__idiv", column_idiv },
  { "__mod", column_mod },
  { "__pow", column_pow },
  { "__unm", column_unm },
  { "__len", column_len },
  { "__tostring", column_tostring },
  { NULL, NULL },
};

static const lun_class COLUMN = {
  .name = "lunation.data.column",
  .doc = "An immutable column of numbers, integers, dates, factor levels or texts. #col is its "
         "length; col[i] one value: nil when missing, ISO text for a date.",
  .size = sizeof(lun_col *),
  .free = column_free,
  .methods = METHODS,
  .getters = GETTERS,
  .meta = META,
  .at = column_at,
  .uservalues = 1,
};

/* --- shared with the other bindings ---------------------------------------------------------- */

lun_col *lun_arg_col(lua_State *L, int arg)
{
  lun_col *col = *(lun_col **)lun_self(L, arg, &COLUMN);
  if (!col) lun_raise(L, "usage.closed", "argument %d: the column was closed", arg);
  return col;
}

lun_col *lun_test_col(lua_State *L, int arg)
{
  lun_col **box = lun_test(L, arg, &COLUMN);
  return box ? *box : NULL;
}

lun_col **lun_box_col(lua_State *L)
{
  return lun_box(L, &COLUMN);
}

void lun_push_col(lua_State *L, lun_col *col)
{
  *lun_box_col(L) = col;
}

void lun_push_view(lua_State *L, int owner, const double *x, size_t n)
{
  owner = lua_absindex(L, owner);
  lun_col **box = lun_box_col(L);
  lua_pushvalue(L, owner);
  lua_setiuservalue(L, -2, 1);
  lun_check(L, lun_col_view(lun_env_of(L), box, x, n));
}

static size_t *list_rows(lua_State *L, int arg, size_t n)
{
  int ok;
  size_t *rows = lun_scratch(L, n, sizeof *rows);
  for (size_t i = 0; i < n; i++, lua_pop(L, 1)) {
    lua_rawgeti(L, arg, (lua_Integer)i + 1);
    rows[i] = (size_t)lua_tointegerx(L, -1, &ok) - 1;
    if (!ok)
      lun_raise(L, "usage.row", "element %d of the rows is a %s, not a row number", (int)i + 1,
                luaL_typename(L, -1));
  }
  return rows;
}

static size_t *column_rows(lua_State *L, const lun_col *col, size_t n)
{
  if (col->type != LUN_INTEGER)
    lun_raise(L, "usage.row", "expected an integer column of row numbers, found a %s column",
              lun_type_name(col->type));
  size_t *rows = lun_scratch(L, n, sizeof *rows);
  for (size_t i = 0; i < n; i++) rows[i] = (size_t)col->v.code[i] - 1;
  return rows;
}

const size_t *lun_arg_rows(lua_State *L, int arg, int narg, size_t limit, size_t *n)
{
  arg = lua_absindex(L, arg);
  const lun_col *col = lun_test_col(L, arg);
  if (!col) luaL_checktype(L, arg, LUA_TTABLE);
  *n = col ? col->n : (size_t)lua_rawlen(L, arg);
  lua_Integer wanted = luaL_optinteger(L, narg, (lua_Integer)*n);
  luaL_argcheck(L, wanted >= 0 && (lua_Unsigned)wanted <= *n, narg, "more rows than there are");
  *n = (size_t)wanted;
  const size_t *rows = col ? column_rows(L, col, *n) : list_rows(L, arg, *n);
  for (size_t i = 0; i < *n; i++) {
    if (rows[i] >= limit)
      lun_raise(L, "usage.row", "element %d of the rows is not a row number from 1 to %d",
                (int)i + 1, (int)limit);
  }
  return rows;
}

const size_t *lun_arg_mask(lua_State *L, int arg, size_t nrow, lun_mask_counts *counts)
{
  const lun_col *mask = lun_arg_col(L, arg);
  if (!lun_col_logical(mask) || mask->n != nrow)
    lun_raise(L, "usage.mask",
              "argument %d: expected a logical column of %d values (of a comparison)", arg,
              (int)nrow);
  size_t *rows = lun_scratch(L, nrow, sizeof *rows);
  memset(counts, 0, sizeof *counts);
  for (size_t i = 0; i < nrow; i++) {
    rows[counts->kept] = i;
    counts->kept += mask->v.code[i] == 1;
    counts->no += mask->v.code[i] == 0;
  }
  counts->missing = nrow - counts->kept - counts->no;
  return rows;
}

void lun_push_counts(lua_State *L, const lun_mask_counts *counts)
{
  lua_createtable(L, 0, 3);
  lua_pushinteger(L, (lua_Integer)counts->kept);
  lua_setfield(L, -2, "kept");
  lua_pushinteger(L, (lua_Integer)counts->no);
  lua_setfield(L, -2, "false");
  lua_pushinteger(L, (lua_Integer)counts->missing);
  lua_setfield(L, -2, "missing");
}

/* --- making columns from lists --------------------------------------------------------------- */

/* Length of a list that may have holes: its field n, else its border. */
static size_t list_length(lua_State *L, int arg)
{
  luaL_checktype(L, arg, LUA_TTABLE);
  lua_Integer n = lua_getfield(L, arg, "n") == LUA_TNIL ? (lua_Integer)lua_rawlen(L, arg)
                                                        : luaL_checkinteger(L, -1);
  lua_pop(L, 1);
  luaL_argcheck(L, n >= 0 && n <= INT32_MAX, arg, "n is not the length of a list");
  return (size_t)n;
}

static int raise_element(lua_State *L, size_t i, const char *expected)
{
  return lun_raise(L, "usage.argument", "element %d: expected %s, found %s", (int)i + 1, expected,
                   luaL_tolstring(L, -1, NULL));
}

static int column_number(lua_State *L)
{
  int ok;
  size_t n = list_length(L, 1);
  double *v = lun_scratch(L, n, sizeof *v);
  for (size_t i = 0; i < n; i++, lua_pop(L, 1)) {
    if (lua_rawgeti(L, 1, (lua_Integer)i + 1) == LUA_TNIL) {
      v[i] = NAN;
      continue;
    }
    v[i] = lua_tonumberx(L, -1, &ok);
    if (!ok || lua_type(L, -1) != LUA_TNUMBER) raise_element(L, i, "a number");
  }
  lun_check(L, lun_col_number(lun_env_of(L), lun_box_col(L), v, n));
  return 1;
}

static int32_t integer_element(lua_State *L, size_t i)
{
  int ok;
  if (lua_isnil(L, -1)) return LUN_INT_MISSING;
  lua_Integer v = lua_tointegerx(L, -1, &ok);
  if (!ok || lua_type(L, -1) != LUA_TNUMBER || v <= INT32_MIN || v > INT32_MAX)
    raise_element(L, i, "a whole number of at most 31 bits");
  return (int32_t)v;
}

static int32_t date_element(lua_State *L, size_t i)
{
  size_t n;
  int32_t days;
  if (lua_type(L, -1) == LUA_TSTRING) {
    const char *text = lua_tolstring(L, -1, &n);
    if (!lun_date_parse(text, n, LUN_DATE_ISO, &days))
      raise_element(L, i, "a date that exists, as YYYY-MM-DD");
    return days;
  }
  days = integer_element(L, i);
  if (days != LUN_INT_MISSING && !lun_date_in_range(days))
    raise_element(L, i, "days since 1970-01-01 within the years 1 to 9999");
  return days;
}

static int make_coded(lua_State *L, lun_type type, int32_t (*element)(lua_State *, size_t))
{
  size_t n = list_length(L, 1);
  int32_t *v = lun_scratch(L, n, sizeof *v);
  for (size_t i = 0; i < n; i++, lua_pop(L, 1)) {
    lua_rawgeti(L, 1, (lua_Integer)i + 1);
    v[i] = element(L, i);
  }
  lun_check(L, lun_col_coded(lun_env_of(L), lun_box_col(L), type, v, n, NULL));
  return 1;
}

static int column_integer(lua_State *L)
{
  return make_coded(L, LUN_INTEGER, integer_element);
}

static int column_date(lua_State *L)
{
  return make_coded(L, LUN_DATE, date_element);
}

/* Pointers to the texts of the list at arg, which keeps them alive; NULL for nil. */
static const char **list_texts(lua_State *L, int arg, size_t *n)
{
  *n = list_length(L, arg);
  const char **v = lun_scratch(L, *n, sizeof *v);
  for (size_t i = 0; i < *n; i++, lua_pop(L, 1)) {
    size_t size;
    if (lua_rawgeti(L, arg, (lua_Integer)i + 1) == LUA_TNIL) continue;
    if (lua_type(L, -1) != LUA_TSTRING) raise_element(L, i, "a text");
    v[i] = lua_tolstring(L, -1, &size);
    if (strlen(v[i]) != size) raise_element(L, i, "a text without zero bytes");
  }
  return v;
}

static int column_factor(lua_State *L)
{
  size_t n, k = 0;
  lun_levels *levels = NULL;
  lua_settop(L, 2);
  const char **v = list_texts(L, 1, &n), **names = NULL;
  if (!lua_isnil(L, 2)) names = list_texts(L, 2, &k);
  for (size_t i = 0; i < k; i++) luaL_argcheck(L, names[i], 2, "a level is nil");
  lun_col **box = lun_box_col(L);
  lun_env *env = lun_env_of(L);
  lun_status st = names ? lun_levels_new(env, &levels, names, k) : LUN_OK;
  if (st == LUN_OK) st = lun_col_factor(env, box, v, n, levels);
  lun_levels_free(levels);
  lun_check(L, st);
  return 1;
}

static int column_text(lua_State *L)
{
  size_t n;
  const char **v = list_texts(L, 1, &n);
  lun_check(L, lun_col_text(lun_env_of(L), lun_box_col(L), v, n));
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "number", column_number,
    "column.number(list) -> column\n"
    "Numbers; nil (in a list with a field n) and NaN are missing. An infinity is an error." },
  { "integer", column_integer, "column.integer(list) -> column\nWhole numbers; nil is missing." },
  { "date", column_date,
    "column.date(list) -> column\n"
    "Dates from ISO texts (2024-01-31) or days since 1970-01-01; nil is missing." },
  { "factor", column_factor,
    "column.factor(list[, levels]) -> column\n"
    "Categories from texts; nil is missing. Levels keep the order given, which orders comparisons; "
    "without levels they are the texts that occur, in bytewise order." },
  { "text", column_text, "column.text(list) -> column\nTexts; nil is missing." },
  { NULL, NULL, NULL },
};

int lun_open_column(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  lun_class_open(L, &COLUMN);
  lua_setfield(L, -2, "class");
  return 1;
}
