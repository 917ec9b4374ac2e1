/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.csv: delimited files as tables, and cells as text.
 */
#include <math.h>
#include <string.h>

#include "bind/bind.h"
#include "data/table.h"
#include "io/codebook.h"

int lun_open_csv(lua_State *L);

static void csv_free(void *self)
{
  lun_csv_fini(self);
}

static const lun_class CSV = {
  .name = "lunation.csv", .doc = "A file that was read.", .size = sizeof(lun_csv), .free = csv_free
};

/* --- declarations ---------------------------------------------------------------------------- */

/* The core borrows texts from Lua while it reads: they are kept in the table at index keep. */
static const char *keep_text(lua_State *L, int keep, int value)
{
  const char *text = luaL_tolstring(L, value, NULL);
  luaL_ref(L, keep);
  return text;
}

static const char **new_list(lua_State *L, int keep, size_t n)
{
  const char **list = lun_scratch(L, n, sizeof *list);
  luaL_ref(L, keep);
  return list;
}

/* The field `name` of the table on top: nothing, one text, or a list of texts. */
static lun_texts texts_field(lua_State *L, int keep, const char *name)
{
  lun_texts out = { NULL, 0 };
  int type = lua_getfield(L, -1, name);
  if (type == LUA_TTABLE) {
    int list = lua_gettop(L);
    size_t n = lua_rawlen(L, list);
    const char **text = new_list(L, keep, n);
    for (size_t i = 0; i < n; i++, lua_pop(L, 1)) {
      lua_rawgeti(L, list, (lua_Integer)i + 1);
      text[i] = keep_text(L, keep, -1);
    }
    out = (lun_texts){ text, n };
  } else if (type != LUA_TNIL) {
    const char **text = new_list(L, keep, 1);
    text[0] = keep_text(L, keep, -1);
    out = (lun_texts){ text, 1 };
  }
  lua_pop(L, 1);
  return out;
}

/* values = { ["1"] = "yes" }: what the file writes, what it means. */
static void values_field(lua_State *L, int keep, lun_csv_column *c)
{
  size_t n = 0;
  if (lua_getfield(L, -1, "values") == LUA_TTABLE) {
    int map = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, map); lua_pop(L, 1)) n++;
    const char **from = new_list(L, keep, n), **to = new_list(L, keep, n);
    n = 0;
    for (lua_pushnil(L); lua_next(L, map); lua_pop(L, 1)) {
      int key = lua_type(L, -2);
      if (key != LUA_TSTRING && key != LUA_TNUMBER) continue;
      to[n] = keep_text(L, keep, lua_gettop(L));
      from[n++] = keep_text(L, keep, lua_gettop(L) - 1);
    }
    c->values = (lun_texts){ from, n };
    c->means = (lun_texts){ to, n };
  }
  lua_pop(L, 1);
}

static const char *text_field(lua_State *L, int keep, const char *name)
{
  const char *text = NULL;
  if (lua_getfield(L, -1, name) != LUA_TNIL) text = keep_text(L, keep, -1);
  lua_pop(L, 1);
  return text;
}

static double number_field(lua_State *L, const char *column, const char *name)
{
  double v = (double)NAN;
  if (lua_getfield(L, -1, name) != LUA_TNIL) {
    int ok;
    v = lua_tonumberx(L, -1, &ok);
    if (!ok) lun_raise(L, "usage.columns", "column %s: %s must be a number", column, name);
  }
  lua_pop(L, 1);
  return v;
}

static char mark_of(lua_State *L, const char *text, const char *what)
{
  if (!text) return 0;
  if (strcmp(text, "\\t") == 0 || strcmp(text, "tab") == 0) return '\t';
  if (strlen(text) != 1 || (unsigned char)text[0] >= 0x80 || strchr("\"\r\n", text[0]))
    lun_raise(L, "usage.csv", "%s must be one character, found \"%s\"", what, text);
  return text[0];
}

static void set_type(lua_State *L, lun_csv_column *c, const char *name)
{
  for (int t = LUN_NUMBER; t <= LUN_TEXT; t++) {
    if (strcmp(lun_type_name((lun_type)t), name) != 0) continue;
    c->typed = 1;
    c->type = (lun_type)t;
    return;
  }
  lun_raise(L, "usage.columns",
            "column %s: unknown type \"%s\"; types are number, integer, date, factor "
            "and text",
            c->name, name);
}

static void set_format(lua_State *L, lun_csv_column *c, const char *name)
{
  for (int f = 0; LUN_DATE_FORMATS[f]; f++) {
    if (strcmp(LUN_DATE_FORMATS[f], name) != 0) continue;
    c->format = (lun_date_format)f;
    if (!c->typed) set_type(L, c, "date");
    return;
  }
  lua_pushliteral(L, "");
  for (int f = 0; LUN_DATE_FORMATS[f]; f++) {
    lua_pushfstring(L, "%s%s%s", lua_tostring(L, -1), f ? ", " : "", LUN_DATE_FORMATS[f]);
    lua_remove(L, -2);
  }
  lun_raise(L, "usage.columns", "column %s: unknown format \"%s\"; formats are %s", c->name, name,
            lua_tostring(L, -1));
}

/* The declaration on top of the stack: a type, a list of levels, or a table. */
static void declaration(lua_State *L, int keep, lun_csv_column *c, const char *name)
{
  *c = (lun_csv_column){ .name = name, .min = (double)NAN, .max = (double)NAN };
  if (lua_type(L, -1) == LUA_TSTRING) {
    set_type(L, c, lua_tostring(L, -1));
    return;
  }
  if (lua_type(L, -1) != LUA_TTABLE)
    lun_raise(L, "usage.columns", "column %s: expected a type or a table, found a %s", name,
              luaL_typename(L, -1));
  if (lua_rawlen(L, -1) > 0) { /* a list of levels */
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, "levels");
    c->levels = texts_field(L, keep, "levels");
    lua_pop(L, 1);
    return;
  }
  const char *type = text_field(L, keep, "type"), *format = text_field(L, keep, "format");
  if (type) set_type(L, c, type);
  if (format) set_format(L, c, format);
  c->from = text_field(L, keep, "from");
  c->decimal = mark_of(L, text_field(L, keep, "decimal"), "decimal");
  c->levels = texts_field(L, keep, "levels");
  c->missing = texts_field(L, keep, "missing");
  c->min = number_field(L, name, "min");
  c->max = number_field(L, name, "max");
  values_field(L, keep, c);
}

/* The declarations in the order of their names, so that messages come in a fixed order. */
static void columns_field(lua_State *L, int keep, int arg, lun_csv_options *opt)
{
  size_t n = 0;
  if (lua_getfield(L, arg, "columns") == LUA_TNIL) return;
  luaL_checktype(L, -1, LUA_TTABLE);
  int map = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, map); lua_pop(L, 1)) n += lua_type(L, -2) == LUA_TSTRING;
  const char **name = new_list(L, keep, n);
  lun_csv_column *column = lun_scratch(L, n, sizeof *column);
  n = 0;
  for (lua_pushnil(L); lua_next(L, map); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    const char *key = lua_tostring(L, -2); /* the map holds it */
    size_t at = n++;
    for (; at > 0 && strcmp(name[at - 1], key) > 0; at--) name[at] = name[at - 1];
    name[at] = key;
  }
  for (size_t i = 0; i < n; i++, lua_pop(L, 1)) {
    lua_getfield(L, map, name[i]);
    declaration(L, keep, &column[i], name[i]);
  }
  opt->columns = column;
  opt->ncol = n;
}

/* Leaves on the stack what the options borrow. */
static void options(lua_State *L, int arg, lun_csv_options *opt)
{
  memset(opt, 0, sizeof *opt);
  if (lua_isnoneornil(L, arg)) return;
  luaL_checktype(L, arg, LUA_TTABLE);
  lua_newtable(L);
  int keep = lua_gettop(L);
  lua_pushvalue(L, arg);
  opt->separator = mark_of(L, text_field(L, keep, "separator"), "separator");
  opt->decimal = mark_of(L, text_field(L, keep, "decimal"), "decimal");
  opt->encoding = text_field(L, keep, "encoding");
  opt->missing = texts_field(L, keep, "missing");
  opt->key = text_field(L, keep, "key");
  lua_getfield(L, arg, "unique");
  opt->unique = lua_toboolean(L, -1);
  lua_getfield(L, arg, "skip");
  lua_Integer skip = luaL_optinteger(L, -1, 0);
  if (skip < 0) lun_raise(L, "usage.csv", "skip must not be negative");
  opt->skip = (size_t)skip;
  columns_field(L, keep, arg, opt);
}

/* --- reading --------------------------------------------------------------------------------- */

/* Raises the first complaint; all of them are in the field details. */
static int complain(lua_State *L, lun_status st, const lun_complaints *c, const char *path)
{
  lun_env *env = lun_env_of(L);
  const lun_complaint *first = &c->item[0];
  size_t others = c->n - 1 + c->more;
  lun_place place = {
    .file = path, .hint = first->hint, .line = first->line, .column = first->field
  };
  if (others) lun_fail(env, st, "[%s] %s (and %z more)", first->code, first->message, others);
  else lun_fail(env, st, "[%s] %s", first->code, first->message);
  lun_push_failure(L, st, &place);
  lua_createtable(L, (int)c->n, 0);
  for (size_t i = 0; i < c->n; i++) {
    const lun_complaint *item = &c->item[i];
    lua_createtable(L, 0, 5);
    lua_pushstring(L, item->code);
    lua_setfield(L, -2, "code");
    lua_pushstring(L, item->message);
    lua_setfield(L, -2, "message");
    lua_pushstring(L, item->hint);
    lua_setfield(L, -2, "hint");
    lua_pushinteger(L, (lua_Integer)item->line);
    lua_setfield(L, -2, "line");
    if (item->field) lua_pushinteger(L, (lua_Integer)item->field);
    else lua_pushnil(L);
    lua_setfield(L, -2, "column");
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, "details");
  return lua_error(L);
}

static void push_texts(lua_State *L, const char *const *text, size_t n)
{
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushstring(L, text[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

static int csv_read(lua_State *L)
{
  lun_csv_options opt;
  const char *path = luaL_checkstring(L, 1);
  options(L, 2, &opt);
  lun_csv *csv = lun_box(L, &CSV);
  lun_status st = lun_csv_read(lun_env_of(L), csv, path, &opt);
  if (st != LUN_OK && csv->complaints.n) return complain(L, st, &csv->complaints, path);
  lun_check(L, st);
  lun_table **table = lun_box_table(L);
  lun_check(L, lun_table_new(lun_env_of(L), table, csv->names, csv->cols, csv->ncol, csv->nrow));
  push_texts(L, csv->notes, csv->nnotes);
  return 2;
}

/* --- inspecting ------------------------------------------------------------------------------ */

static void set_count(lua_State *L, const char *field, size_t v)
{
  lua_pushinteger(L, (lua_Integer)v);
  lua_setfield(L, -2, field);
}

static void set_text(lua_State *L, const char *field, const char *text)
{
  lua_pushstring(L, text);
  lua_setfield(L, -2, field);
}

/* min and max: numbers, or ISO texts for dates. */
static void set_bound(lua_State *L, const lun_codebook *c, const char *field, double v)
{
  char iso[LUN_DATE_MAX];
  if (isnan(v)) return;
  if (c->type == LUN_DATE) lua_pushlstring(L, iso, lun_date_iso(iso, (int32_t)v));
  else lua_pushnumber(L, v);
  lua_setfield(L, -2, field);
}

static void set_levels(lua_State *L, const lun_codebook *c)
{
  lua_createtable(L, (int)c->nlevels, 0);
  for (size_t i = 0; i < c->nlevels; i++) {
    lua_createtable(L, 0, 3);
    set_text(L, "text", c->levels[i]->text);
    set_count(L, "count", c->levels[i]->count);
    set_count(L, "line", c->levels[i]->line);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, "levels");
}

static void set_suspects(lua_State *L, const lun_codebook *c)
{
  lua_createtable(L, (int)c->nsuspects, 1);
  for (size_t i = 0; i < c->nsuspects; i++) {
    lua_createtable(L, 0, 4);
    set_text(L, "text", c->suspect[i].text);
    set_text(L, "why", c->suspect[i].why);
    set_count(L, "line", c->suspect[i].line);
    set_count(L, "count", c->suspect[i].count);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  set_count(L, "more", c->more);
  lua_setfield(L, -2, "suspects");
}

static void push_codebook(lua_State *L, const lun_codebook *c, size_t rows)
{
  lua_createtable(L, 0, 9);
  set_text(L, "name", c->name);
  set_text(L, "type", lun_type_name(c->type));
  if (c->type == LUN_DATE) set_text(L, "format", LUN_DATE_FORMATS[c->format]);
  set_count(L, "n", rows - c->missing);
  set_count(L, "missing", c->missing);
  set_count(L, "distinct", c->distinct);
  set_bound(L, c, "min", c->min);
  set_bound(L, c, "max", c->max);
  if (c->type == LUN_FACTOR) set_levels(L, c);
  set_suspects(L, c);
}

static int csv_inspect(lua_State *L)
{
  lun_csv_options opt;
  const char *path = luaL_checkstring(L, 1);
  options(L, 2, &opt);
  opt.words = 1;
  lun_csv *csv = lun_box(L, &CSV);
  lun_status st = lun_csv_read(lun_env_of(L), csv, path, &opt);
  if (st != LUN_OK && csv->complaints.n) return complain(L, st, &csv->complaints, path);
  lun_check(L, st);
  lua_createtable(L, 0, 4);
  set_text(L, "file", path);
  set_count(L, "rows", csv->nrow);
  push_texts(L, csv->notes, csv->nnotes);
  lua_setfield(L, -2, "notes");
  lua_createtable(L, (int)csv->ncol, 0);
  lun_codebook *c = lun_scratch(L, 1, sizeof *c);
  lua_insert(L, -2);
  for (size_t i = 0; i < csv->ncol; i++) {
    lun_check(L, lun_codebook_column(&csv->pool, c, csv, i));
    push_codebook(L, c, csv->nrow);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -3, "columns");
  lua_pop(L, 1);
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "read", csv_read,
    "csv.read(path[, options]) -> table, notes\n"
    "A delimited file as typed columns. options: separator \",\", decimal \".\", encoding "
    "\"utf-8\", "
    "missing (codes in every column beside the empty cell; \"NA\" unless given), key (column of "
    "ids: "
    "texts), unique (one row for each key), skip (lines above the header), columns = { name = type "
    "| "
    "{ level, ... } | { type, levels, from, format, decimal, min, max, missing, values } }. Blanks "
    "around a value do not count. A column without a declaration is a number if all its values "
    "are, "
    "a date if all are ISO dates, else a factor with up to 50 levels, else a text. notes: "
    "warnings. "
    "Errors (data.*, limit.csv-*) carry file, line, column (the field's number) and details, a "
    "list of "
    "all complaints up to 50: { code, message, hint, line, column }. Values of the key are never "
    "in a "
    "message." },
  { "inspect", csv_inspect,
    "csv.inspect(path[, options]) -> { file, rows, notes, columns }\n"
    "What is in a file whose columns nobody has declared: for each column name, type (that four "
    "fifths "
    "of the values have), format of dates, n, missing, distinct, min and max (ISO texts for "
    "dates), "
    "levels of a factor { text, count, line } by falling count, suspects { text, why, line, count "
    "}: "
    "values that do not fit (at most 20; suspects.more counts the others). options as of csv.read. "
    "The texts are the file's: not for a report that leaves the house." },
  { NULL, NULL, NULL },
};

int lun_open_csv(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
