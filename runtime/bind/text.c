/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.text: what the writers of reports do to every cell, in one pass over its bytes.
 */
#include <string.h>

#include "base/num.h"
#include "base/word.h"
#include "bind/buffer.h"
#include "io/csv.h"
#include "io/escape.h"
#include "io/width.h"

int lun_open_text(lua_State *L);

static void free_str(void *self)
{
  lun_str_fini(self);
}

static const lun_class STR = {
  .name = "lunation.text.buffer",
  .doc = "Bytes being put together.",
  .size = sizeof(lun_str),
  .free = free_str,
};

lun_str *lun_buffer_new(lua_State *L)
{
  lun_str *s = lun_box(L, &STR);
  lun_str_init(s, lun_env_of(L));
  return s;
}

int lun_buffer_push(lua_State *L, lun_str *s)
{
  lun_check(L, s->status);
  lua_pushlstring(L, s->data ? s->data : "", s->size);
  lun_str_fini(s);
  return 1;
}

/* --- replacing bytes ------------------------------------------------------------------------ */

/* Most texts have nothing to replace: they come back as they are. */
static int replaced(lua_State *L, lun_replacements by)
{
  size_t n;
  const char *s = luaL_checklstring(L, 1, &n);
  lua_settop(L, 1);
  if (lun_escape_first(s, n, by) == n) return 1;
  lun_str *out = lun_buffer_new(L);
  lun_escape(out, s, n, by);
  return lun_buffer_push(L, out);
}

static int text_html(lua_State *L)
{
  return replaced(L, LUN_HTML);
}

static int text_uri(lua_State *L)
{
  return replaced(L, LUN_URI);
}

static int text_json(lua_State *L)
{
  size_t n;
  const char *s = luaL_checklstring(L, 1, &n);
  lun_str *out = lun_buffer_new(L);
  lun_escape_json(out, s, n);
  return lun_buffer_push(L, out);
}

static int text_cell(lua_State *L)
{
  size_t n;
  const char *s = luaL_checklstring(L, 1, &n);
  lun_str *out = lun_buffer_new(L);
  lun_csv_cell(out, s, n);
  return lun_buffer_push(L, out);
}

static int text_has(lua_State *L)
{
  size_t n, at = 0;
  const char *s = luaL_checklstring(L, 1, &n), *set = luaL_checkstring(L, 2);
  while ((at += strcspn(s + at, set)) < n && s[at] == '\0') at++;
  lua_pushboolean(L, at < n);
  return 1;
}

static int text_width(lua_State *L)
{
  size_t n;
  const char *s = luaL_checklstring(L, 1, &n);
  lua_pushinteger(L, lun_width_text(s, n, lua_toboolean(L, 2)));
  return 1;
}

static int text_columns(lua_State *L)
{
  size_t n;
  const char *s = luaL_checklstring(L, 1, &n);
  lua_pushinteger(L, lun_width_columns(s, n));
  return 1;
}

static int text_split_decimal(lua_State *L)
{
  size_t n;
  const char *s = luaL_checklstring(L, 1, &n);
  size_t i = lun_width_head(s, n);
  lua_pushlstring(L, s, i);
  lua_pushlstring(L, s + i, n - i);
  return 2;
}

static int text_rank(lua_State *L)
{
  lua_pushinteger(L, lun_word_rank(luaL_checkstring(L, 1), luaL_checkstring(L, 2)));
  return 1;
}

/* --- rows of plain tables ------------------------------------------------------------------- */

/* A way of writing rows: the value of a field stands on top of the stack. A function at index 4
 * takes the markup out of texts. */
typedef struct row_format {
  const char *open, *row, *between, *close_row, *close;
  int names; /* a field's name before each value */
  void (*value)(lua_State *L, lun_str *out);
} row_format;

static int is_finite(lua_State *L)
{
  double v = lua_tonumber(L, -1);
  return v - v == 0;
}

static void push_shortest(lua_State *L, lun_str *out)
{
  if (lua_isinteger(L, -1)) lun_str_integer(out, lua_tointeger(L, -1));
  else lun_str_shortest(out, lua_tonumber(L, -1));
}

/* The value as a text, which takes its place on the stack. */
static const char *text_of(lua_State *L, size_t *n)
{
  if (lua_type(L, -1) != LUA_TSTRING) {
    luaL_tolstring(L, -1, n);
    lua_replace(L, -2);
  }
  const char *s = lua_tolstring(L, -1, n);
  if (lua_isfunction(L, 4) && s[strcspn(s, "*`[\\")]) {
    lua_pushvalue(L, 4);
    lua_insert(L, -2);
    lua_call(L, 1, 1);
    s = lua_tolstring(L, -1, n);
  }
  return s;
}

static void csv_value(lua_State *L, lun_str *out)
{
  size_t n;
  int type = lua_type(L, -1);
  if (type == LUA_TNIL) return;
  if (type == LUA_TNUMBER) {
    if (is_finite(L)) push_shortest(L, out);
    return;
  }
  const char *s = text_of(L, &n);
  lun_csv_cell(out, s, n);
}

static void json_value(lua_State *L, lun_str *out)
{
  size_t n;
  const char *s;
  switch (lua_type(L, -1)) {
  case LUA_TNIL: lun_str_text(out, "null"); break;
  case LUA_TNUMBER:
    if (is_finite(L)) push_shortest(L, out);
    else lun_str_text(out, "null");
    break;
  case LUA_TBOOLEAN: lun_str_text(out, lua_toboolean(L, -1) ? "true" : "false"); break;
  default:
    s = text_of(L, &n);
    lun_escape_json(out, s, n);
  }
}

/* Ten significant digits: equal for runs whose numbers agree. */
static void digest_value(lua_State *L, lun_str *out)
{
  size_t n;
  char buf[LUN_NUM_MAX];
  if (lua_isnil(L, -1)) return;
  if (lua_type(L, -1) == LUA_TNUMBER) {
    lun_str_push(out, buf, lun_num_digits(buf, lua_tonumber(L, -1), 10));
  } else {
    const char *s = text_of(L, &n);
    lun_str_push(out, s, n);
  }
  lun_str_char(out, '|');
}

static const char *const FORMAT_NAMES[] = { "csv", "json", "digest", NULL };
static const row_format FORMATS[] = {
  { "", "", ",", "\n", "", 0, csv_value },
  { "[", "{", ",", "}", "]\n", 1, json_value },
  { "", "", "", "\n|", "", 0, digest_value },
};

/* Leaves the list of the fields as they stand before a value, "name":, on the stack. */
static void push_names(lua_State *L, int fields)
{
  lua_createtable(L, fields, 0);
  for (int i = 1; i <= fields; i++) {
    size_t n;
    if (lua_rawgeti(L, 2, i) != LUA_TSTRING)
      lun_raise(L, "usage.argument", "argument 2: expected a list of names");
    const char *name = lua_tolstring(L, -1, &n);
    lun_str *out = lun_buffer_new(L);
    lun_escape_json(out, name, n);
    lun_str_char(out, ':');
    lun_buffer_push(L, out);
    lua_rawseti(L, 5, i);
    lua_pop(L, 2);
  }
}

/* fields at 2, their names for JSON at 5; the row at the top. */
static void push_row(lua_State *L, lun_str *out, const row_format *f, int fields)
{
  lun_str_text(out, f->row);
  for (int i = 1; i <= fields; i++) {
    if (i > 1) lun_str_text(out, f->between);
    lua_rawgeti(L, 2, i);
    if (f->names) {
      size_t n;
      lua_rawgeti(L, 5, i);
      const char *name = lua_tolstring(L, -1, &n);
      lun_str_push(out, name, n);
      lua_pop(L, 1);
    }
    lua_rawget(L, -2);
    f->value(L, out);
    lua_pop(L, 1);
  }
  lun_str_text(out, f->close_row);
}

static int text_rows(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TTABLE);
  const row_format *f = &FORMATS[luaL_checkoption(L, 3, NULL, FORMAT_NAMES)];
  int fields = (int)lua_rawlen(L, 2), rows = (int)lua_rawlen(L, 1);
  lua_settop(L, 4);
  push_names(L, fields);
  lun_str *out = lun_buffer_new(L);
  lun_str_text(out, f->open);
  for (int r = 1; r <= rows; r++) {
    if (lua_rawgeti(L, 1, r) != LUA_TTABLE)
      return lun_raise(L, "usage.argument", "argument 1: row %d is no table", r);
    if (f->names && r > 1) lun_str_text(out, f->between);
    push_row(L, out, f, fields);
    lua_pop(L, 1);
  }
  lun_str_text(out, f->close);
  return lun_buffer_push(L, out);
}

static const lun_reg FUNCTIONS[] = {
  { "html", text_html,
    "text.html(text) -> text\n"
    "With &, <, > and \" as entities: safe inside HTML and SVG, attributes included." },
  { "uri", text_uri,
    "text.uri(text) -> text\n"
    "For the address of a data: link in an attribute: the bytes %, #, \", <, >, & and line ends "
    "are "
    "percent-encoded." },
  { "json", text_json, "text.json(text) -> text\nAs a JSON string, quotes included." },
  { "cell", text_cell,
    "text.cell(text) -> text\n"
    "A text as one cell of a CSV file: quoted where it must be, and with a leading apostrophe when "
    "a spreadsheet would run it as a formula (it begins with = + - @, a tab or a carriage return, "
    "and is no number)." },
  { "has", text_has,
    "text.has(text, bytes) -> boolean\nWhether any of the bytes occurs in the text." },
  { "split_decimal", text_split_decimal,
    "text.split_decimal(text) -> head, tail\n"
    "Cut behind the first group of digits (commas belong to it): what stands left of a column of "
    "decimal points, and the rest. All is tail when there is no digit." },
  { "width", text_width,
    "text.width(text[, bold]) -> integer\n"
    "Width in thousandths of the font size, set in Helvetica or what has its widths (Arial, "
    "Liberation Sans)." },
  { "columns", text_columns,
    "text.columns(text) -> integer\nColumns of a terminal: 2 for a wide character, 0 for a "
    "combining one." },
  { "rank", text_rank,
    "text.rank(word, name) -> integer\n"
    "How far a misspelt word is from a name: twice the edits (insert, delete, replace, swap of "
    "neighbours), and one more when the name lacks a letter of the word." },
  { "rows", text_rows,
    "text.rows(rows, fields, format[, plain]) -> text\n"
    "Plain tables as text, with the fields in their order: csv (no header; missing and infinite are empty; texts "
    "as text.cell), json "
    "(an array of objects; missing, NaN and infinite are null), digest (numbers at ten significant "
    "digits, missing left out). plain: a function that texts with * ` [ or \\ go through first. "
    "Errors: usage.argument." },
  { NULL, NULL, NULL },
};

int lun_open_text(lua_State *L)
{
  lun_class_open(L, &STR);
  lua_pop(L, 1);
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
