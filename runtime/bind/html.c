/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.html: the rows of a table as HTML. A report has thousands of cells; here each is written
 * once, into one buffer.
 */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "bind/buffer.h"
#include "io/escape.h"
#include "io/width.h"

int lun_open_html(lua_State *L);

enum { ROWS = 1, COLUMNS = 2, MARKUP = 3, NUDGE = 4 }; /* arguments */
enum { DIGIT_WIDTH = 556 };

typedef struct column {
  const char *class; /* attribute, or "" */
  int decimal, decimals; /* decimals: -1 when not given */
  double widest; /* of what follows the digits before the point, in ch */
} column;

static const char *class_of(const char *align)
{
  static const char *const classes[][2] = { { "right", " class=\"r\"" },
                                            { "decimal", " class=\"d\"" },
                                            { "center", " class=\"c\"" } };
  for (size_t i = 0; align && i < 3; i++)
    if (strcmp(align, classes[i][0]) == 0) return classes[i][1];
  return "";
}

/* The field of the table at the top of the stack; the text stays in that table. */
static const char *text_field(lua_State *L, const char *name)
{
  const char *s = lua_getfield(L, -1, name) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
  lua_pop(L, 1);
  return s;
}

static void read_column(lua_State *L, column *c)
{
  const char *align = text_field(L, "align");
  c->class = class_of(align);
  c->decimal = align && strcmp(align, "decimal") == 0;
  c->decimals = lua_getfield(L, -1, "decimals") == LUA_TNUMBER ? (int)lua_tointeger(L, -1) : -1;
  lua_pop(L, 1);
}

/* The value on top of the stack as the text that a reader sees, in its place. */
static const char *cell_text(lua_State *L, const column *c, size_t *n)
{
  char buf[LUN_NUM_MAX];
  double v = lua_tonumber(L, -1);
  if (lua_type(L, -1) == LUA_TSTRING) return lua_tolstring(L, -1, n);
  if (lua_isnil(L, -1)) *n = 0, buf[0] = '\0';
  else if (lua_type(L, -1) != LUA_TNUMBER) {
    luaL_tolstring(L, -1, n);
    lua_replace(L, -2);
    return lua_tolstring(L, -1, n);
  } else if (v != v) *n = lun_num_print(buf, v, 0);
  else if (c->decimals >= 0) *n = lun_num_print(buf, v * (1 + lua_tonumber(L, NUDGE)), c->decimals);
  else if (v == floor(v)) *n = lun_num_count(buf, v);
  else *n = lun_num_shortest(buf, v);
  lua_pop(L, 1);
  return lua_pushlstring(L, buf, *n);
}

/* Text with its marks (**strong** ...) as HTML; the marks are the caller's function's work. */
static void push_markup(lua_State *L, lun_str *out, const char *s, size_t n)
{
  if (!memchr(s, '*', n) && !memchr(s, '`', n) && !memchr(s, '[', n) && !memchr(s, '\\', n)) {
    lun_escape(out, s, n, LUN_HTML);
    return;
  }
  lua_pushvalue(L, MARKUP);
  lua_pushlstring(L, s, n);
  lua_call(L, 1, 1);
  const char *html = lua_tolstring(L, -1, &n);
  lun_str_push(out, html, n);
  lua_pop(L, 1);
}

static double width_in_ch(const char *s, size_t n)
{
  return (double)lun_width_text(s, n, 0) / DIGIT_WIDTH;
}

/* Digits before the point, then a box as wide as the widest rest of the column, so that the points
 * stand below each other. */
static void push_decimal(lua_State *L, lun_str *out, column *c, const char *s, size_t n)
{
  size_t head = lun_width_head(s, n);
  push_markup(L, out, s, head);
  lun_str_text(out, "<i>");
  push_markup(L, out, s + head, n - head);
  lun_str_text(out, "</i>");
  double width = width_in_ch(s + head, n - head);
  if (width > c->widest) c->widest = width;
}

static void push_cell(lua_State *L, lun_str *out, column *c)
{
  size_t n;
  const char *s = cell_text(L, c, &n);
  if (n > 0 && c->decimal) push_decimal(L, out, c, s, n);
  else push_markup(L, out, s, n);
}

static int is_set(lua_State *L, const char *field)
{
  lua_getfield(L, -1, field);
  int set = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return set;
}

/* <tr> with the classes of the row on top of the stack. */
static void open_row(lua_State *L, lun_str *out, int heading)
{
  char classes[16] = "";
  if (heading) strcat(classes, " h");
  if (is_set(L, "strong")) strcat(classes, " s");
  if (is_set(L, "muted")) strcat(classes, " q");
  lua_getfield(L, -1, "indent");
  double indent = lua_tonumber(L, -1);
  lua_pop(L, 1);
  if (indent >= 1) strcat(classes, indent >= 2 ? " i2" : " i1");
  lun_str_text(out, "<tr");
  if (classes[0]) {
    lun_str_text(out, " class=\"");
    lun_str_text(out, classes + 1);
    lun_str_char(out, '"');
  }
  lun_str_char(out, '>');
}

/* The first cell is the row's head, unless it is empty. The row on top of the stack; its keys from
 * the index keys on. */
static void push_row(lua_State *L, lun_str *out, column *c, int columns, int keys)
{
  int heading = is_set(L, "heading");
  open_row(L, out, heading);
  for (int j = 0; j < (heading ? 1 : columns); j++) {
    lua_rawgeti(L, keys, j + 1);
    lua_rawget(L, -2);
    int empty = lua_isnil(L, -1) || (lua_type(L, -1) == LUA_TSTRING && lua_rawlen(L, -1) == 0);
    int head = j == 0 && !empty;
    lun_str_text(out, head ? "<th scope=\"row\"" : "<td");
    if (heading) {
      lun_str_text(out, " colspan=\"");
      lun_str_integer(out, columns);
      lun_str_char(out, '"');
    }
    if (j > 0) lun_str_text(out, c[j].class);
    lun_str_char(out, '>');
    push_cell(L, out, &c[j]);
    lua_pop(L, 1);
    lun_str_text(out, head ? "</th>" : "</td>");
  }
  lun_str_text(out, "</tr>");
}

static int html_rows(lua_State *L)
{
  luaL_checktype(L, ROWS, LUA_TTABLE);
  luaL_checktype(L, COLUMNS, LUA_TTABLE);
  luaL_checktype(L, MARKUP, LUA_TFUNCTION);
  lua_settop(L, NUDGE);
  int columns = (int)lua_rawlen(L, COLUMNS), rows = (int)lua_rawlen(L, ROWS);
  column *c = lun_scratch(L, (size_t)columns, sizeof *c);
  lua_createtable(L, columns, 0);
  int keys = lua_gettop(L);
  for (int j = 0; j < columns; j++) {
    lua_geti(L, COLUMNS, j + 1);
    read_column(L, &c[j]);
    lua_getfield(L, -1, "key");
    lua_rawseti(L, keys, j + 1);
    lua_pop(L, 1);
  }
  lun_str *out = lun_buffer_new(L);
  for (int i = 1; i <= rows; i++) {
    lua_rawgeti(L, ROWS, i);
    push_row(L, out, c, columns, keys);
    lua_pop(L, 1);
  }
  lun_buffer_push(L, out);
  lua_createtable(L, columns, 0);
  for (int j = 0; j < columns; j++) {
    if (c[j].decimal) lua_pushnumber(L, c[j].widest);
    else lua_pushboolean(L, 0);
    lua_rawseti(L, -2, j + 1);
  }
  return 2;
}

static const lun_reg FUNCTIONS[] = {
  { "rows", html_rows,
    "html.rows(rows, columns, markup[, nudge]) -> text, widths\n"
    "The <tr> elements of a table: columns { key, align, decimals }, rows { [key] = text or number, "
    "heading, strong, muted, indent } as of document:table. markup: a function that gives the HTML "
    "of a text with * ` [ or \\. widths: for each decimal column the width of what follows the "
    "digits before its point, in ch, else false. nudge: the share of itself that a number gets "
    "before it is rounded (0)." },
  { NULL, NULL, NULL },
};

int lun_open_html(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
