/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/num.h"
#include "data/expr_node.h"
#include "base/str.h"

static int is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* Bytes above 127 belong to names, so that columns may be named in any script. */
static int is_name(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static char peek(const lun_scan *s, size_t ahead)
{
  return s->at + ahead < s->n ? s->text[s->at + ahead] : '\0';
}

static lun_status fail_at(lun_scan *s, size_t offset, const char *message)
{
  *s->fault = offset;
  return lun_fail(s->env, LUN_EINVAL, "[recipe.expression] %s", message);
}

static lun_status copy_text(lun_scan *s, lun_token *t, size_t from, size_t n)
{
  t->text = lun_pool_text(s->pool, s->text + from, n);
  return t->text ? LUN_OK : LUN_ENOMEM;
}

static lun_status scan_number(lun_scan *s, lun_token *t)
{
  size_t start = s->at;
  while (is_digit(peek(s, 0)) || peek(s, 0) == '.') s->at++;
  if (peek(s, 0) == 'e' || peek(s, 0) == 'E') {
    s->at++;
    if (peek(s, 0) == '+' || peek(s, 0) == '-') s->at++;
    while (is_digit(peek(s, 0))) s->at++;
  }
  t->kind = LUN_T_NUMBER;
  if (is_name(peek(s, 0)) || !lun_num_parse(s->text + start, s->at - start, '.', &t->number))
    return fail_at(s, start,
                   "this is not a number (names that begin with a digit go in backquotes)");
  return copy_text(s, t, start, s->at - start);
}

static lun_status scan_name(lun_scan *s, lun_token *t)
{
  size_t start = s->at;
  while (is_name(peek(s, 0)) || is_digit(peek(s, 0))) s->at++;
  t->kind = LUN_T_NAME;
  return copy_text(s, t, start, s->at - start);
}

/* A text in quotes, where a backslash takes the next character as it is, or a name in backquotes.
 */
static lun_status scan_quoted(lun_scan *s, lun_token *t, char quote)
{
  size_t start = s->at++, size = 0;
  char *text = lun_pool_new(s->pool, s->n - s->at + 1, 1);
  if (!text) return LUN_ENOMEM;
  while (s->at < s->n && s->text[s->at] != quote) {
    if (s->text[s->at] == '\\' && quote != '`' && s->at + 1 < s->n) s->at++;
    text[size++] = s->text[s->at++];
  }
  if (s->at == s->n) return fail_at(s, start, "this quote is not closed");
  s->at++;
  t->kind = quote == '`' ? LUN_T_QUOTED_NAME : LUN_T_TEXT;
  t->text = text;
  return LUN_OK;
}

/* Symbols of other languages are read whole, to be refused by what stands for them here. */
static lun_status scan_symbol(lun_scan *s, lun_token *t)
{
  static const char *const symbols[] = { "%in%", "==", "~=", "!=", "<=", ">=", "//", "%%", "&&",
                                         "||",   "<",  ">",  "+",  "-",  "*",  "/",  "%",  "^",
                                         "(",    ")",  "{",  "}",  ",",  ":",  "~",  "=",  "!",
                                         "&",    "|",  "#",  "$",  "[",  ".",  NULL };
  for (int i = 0; symbols[i]; i++) {
    size_t n = strlen(symbols[i]);
    if (s->n - s->at < n || memcmp(s->text + s->at, symbols[i], n) != 0) continue;
    const char *refusal = lun_expr_symbol_of_r(symbols[i]);
    if (refusal) return fail_at(s, s->at, refusal);
    t->kind = LUN_T_SYMBOL;
    t->text = symbols[i];
    s->at += n;
    return LUN_OK;
  }
  return fail_at(s, s->at, "this character has no meaning in an expression");
}

lun_status lun_scan_next(lun_scan *s, lun_token *t)
{
  lun_status st;
  memset(t, 0, sizeof *t);
  while (s->at < s->n && memchr(" \t\r\n", s->text[s->at], 4)) s->at++;
  t->offset = s->at;
  t->text = "the end";
  if (s->at == s->n) return LUN_OK;
  char c = peek(s, 0);
  if (lun_str_curly(s->text + s->at, s->n - s->at))
    return fail_at(s, s->at, "a quote of a word processor: type a straight one, ' or \"");
  if (is_digit(c) || (c == '.' && is_digit(peek(s, 1)))) st = scan_number(s, t);
  else if (is_name(c)) st = scan_name(s, t);
  else if (c == '\'' || c == '"' || c == '`') st = scan_quoted(s, t, c);
  else st = scan_symbol(s, t);
  t->size = s->at - t->offset;
  return st;
}
