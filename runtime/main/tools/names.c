/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The layout is that of ldump.c of Lua 5.4. A function ends with what is for debugging: lines,
 * lines far apart, locals, names of upvalues; the latter two become empty lists.
 */
#include "main/tools/names.h"

#include <string.h>

enum { HEADER = 31, INSTRUCTION = 4, NUMBER = 8, UPVALUE = 3, LAST = 0x80 };
enum { IS_INTEGER = 0x03, IS_FLOAT = 0x13, IS_SHORT = 0x04, IS_LONG = 0x14 };

typedef struct cursor {
  const unsigned char *from;
  unsigned char *to; /* never ahead of from */
} cursor;

static void copy(cursor *c, size_t n)
{
  memmove(c->to, c->from, n);
  c->from += n;
  c->to += n;
}

/* Seven bits a byte, the highest first; the last byte is marked. */
static size_t skip_count(cursor *c)
{
  size_t x = 0;
  do x = x << 7 | (*c->from & (LAST - 1));
  while (!(*c->from++ & LAST));
  return x;
}

static size_t copy_count(cursor *c)
{
  const unsigned char *start = c->from;
  size_t x = skip_count(c), n = (size_t)(c->from - start);
  c->from = start;
  copy(c, n);
  return x;
}

/* A string is its length and one, 0 for none, and its bytes. */
static void skip_string(cursor *c)
{
  size_t n = skip_count(c);
  c->from += n > 0 ? n - 1 : 0;
}

static void copy_string(cursor *c)
{
  size_t n = copy_count(c);
  copy(c, n > 0 ? n - 1 : 0);
}

static void copy_constants(cursor *c)
{
  for (size_t n = copy_count(c); n > 0; n--) {
    int type = *c->from;
    copy(c, 1);
    if (type == IS_INTEGER || type == IS_FLOAT) copy(c, NUMBER);
    else if (type == IS_SHORT || type == IS_LONG) copy_string(c);
  }
}

static void copy_lines(cursor *c)
{
  copy(c, copy_count(c));
  for (size_t n = copy_count(c); n > 0; n--) {
    copy_count(c);
    copy_count(c);
  }
}

static void drop_names(cursor *c)
{
  for (size_t n = skip_count(c); n > 0; n--) {
    skip_string(c);
    skip_count(c);
    skip_count(c);
  }
  for (size_t n = skip_count(c); n > 0; n--) skip_string(c);
  *c->to++ = LAST; /* 0, twice */
  *c->to++ = LAST;
}

static void copy_function(cursor *c)
{
  copy_string(c); /* source */
  copy_count(c);  /* first line, last line */
  copy_count(c);
  copy(c, 3);     /* parameters, whether more, registers */
  copy(c, copy_count(c) * INSTRUCTION);
  copy_constants(c);
  copy(c, copy_count(c) * UPVALUE);
  for (size_t n = copy_count(c); n > 0; n--) copy_function(c);
  copy_lines(c);
  drop_names(c);
}

size_t lun_names_drop(unsigned char *code, size_t n)
{
  cursor c = { .from = code, .to = code };
  copy(&c, HEADER + 1); /* and the number of upvalues */
  copy_function(&c);
  return c.from == code + n ? (size_t)(c.to - code) : 0;
}
