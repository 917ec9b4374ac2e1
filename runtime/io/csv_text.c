/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_text.h"

#include <errno.h>
#include <iconv.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "io/file.h"
#include "io/utf8.h"

/* --- complaints ------------------------------------------------------------------------------ */

lun_status lun_complain(lun_complaints *c, lun_status status, const lun_complaint *place,
                        const char *format, ...)
{
  lun_env *env = c->pool->env;
  va_list ap;
  va_start(ap, format);
  lun_vfail(env, status, format, ap);
  va_end(ap);
  if (c->n == LUN_CSV_COMPLAINTS) {
    c->more++;
    return status;
  }
  lun_complaint *item = &c->item[c->n];
  *item = *place;
  item->message = lun_pool_text(c->pool, env->msg, strlen(env->msg));
  if (!item->message) return LUN_ENOMEM;
  c->n++;
  return status;
}

/* --- reading --------------------------------------------------------------------------------- */

static void place_of(const lun_csv_text *t, size_t at, size_t *line, size_t *byte)
{
  const char *p = t->text, *end = p + at, *stop;
  *line = 1;
  while ((stop = memchr(p, '\n', (size_t)(end - p)))) {
    ++*line;
    p = stop + 1;
  }
  *byte = (size_t)(end - p) + 1;
}

static lun_status bad_byte(lun_csv_text *t, size_t at, const char *what, const char *hint)
{
  size_t line, byte;
  place_of(t, at, &line, &byte);
  lun_complaint place = { .code = "data.encoding", .line = line, .field = byte, .hint = hint };
  return lun_complain(t->complaints, LUN_EDATA, &place, "%s at line %z, byte %z", what, line, byte);
}

static lun_status convert(lun_csv_text *t, iconv_t cd)
{
  size_t left = t->n, room = t->n * 4 + 16, start = room;
  char *in = t->text, *utf8 = lun_mem_new(t->env, room + 1, 1), *out = utf8;
  if (!utf8) return LUN_ENOMEM;
  if (iconv(cd, &in, &left, &out, &room) == (size_t)-1) {
    lun_mem_free(t->env, utf8);
    return bad_byte(t, (size_t)(in - t->text), "not valid in the declared encoding",
                    "is encoding: right?");
  }
  lun_mem_free(t->env, t->text);
  t->text = utf8;
  t->n = start - room;
  utf8[t->n] = '\0';
  return LUN_OK;
}

static const char *encoding_name(const char *name)
{
  static const struct {
    const char *name, *iconv;
  } names[] = {
    { "utf-8", NULL },
    { "utf8", NULL },
    { "gb18030", "GB18030" },
    { "gbk", "GB18030" },
    { "gb2312", "GB18030" },
    { "latin1", "ISO-8859-1" },
    { "iso-8859-1", "ISO-8859-1" },
    { "cp1252", "CP1252" },
    { "windows-1252", "CP1252" },
    { "big5", "BIG5" },
    { "shift-jis", "SHIFT_JIS" },
    { "euc-kr", "EUC-KR" },
    { "utf-16", "UTF-16" },
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcasecmp(names[i].name, name) == 0) return names[i].iconv ? names[i].iconv : "";
  }
  return NULL;
}

static lun_status decode(lun_csv_text *t, const char *encoding)
{
  const char *name = encoding ? encoding_name(encoding) : "";
  if (!name)
    return lun_fail(t->env, LUN_EINVAL,
                    "[usage.encoding] encoding \"%s\" is not known: utf-8, "
                    "gb18030, latin1, cp1252, big5, shift-jis, euc-kr, utf-16",
                    encoding);
  if (!*name) return LUN_OK;
  iconv_t cd = iconv_open("UTF-8", name);
  if (cd == (iconv_t)-1)
    return lun_fail(t->env, LUN_EIO, "[io.encoding] this system cannot decode %s: %s", name,
                    strerror(errno));
  lun_status st = convert(t, cd);
  iconv_close(cd);
  return st;
}

/* --- checking -------------------------------------------------------------------------------- */

typedef unsigned char lanes __attribute__((vector_size(32)));

#if defined(__x86_64__) && defined(__linux__) && !defined(__clang__)
#define DISPATCHED __attribute__((target_clones("avx2", "default")))
#else
#define DISPATCHED
#endif

/* Line feeds in text[0..n), and whether it is all ASCII; 32 bytes at a time. */
DISPATCHED static size_t survey(const char *text, size_t n, int *ascii)
{
  enum { WIDTH = sizeof(lanes), RUN = 255 };
  size_t i = 0, count = 0;
  lanes high = { 0 };
  while (n - i >= WIDTH) {
    lanes feeds = { 0 };
    for (int k = 0; k < RUN && n - i >= WIDTH; k++, i += WIDTH) {
      lanes v;
      memcpy(&v, text + i, WIDTH);
      high |= v;
      feeds -= (lanes)(v == '\n');
    }
    for (int k = 0; k < (int)WIDTH; k++) count += feeds[k];
  }
  unsigned char rest = 0;
  for (; i < n; i++) {
    count += text[i] == '\n';
    rest |= (unsigned char)text[i];
  }
  for (int k = 0; k < (int)WIDTH; k++) rest |= high[k];
  *ascii = rest < 0x80;
  return count;
}

static lun_status complain_line(lun_csv_text *t, const char *code, size_t line, const char *message,
                                const char *hint)
{
  lun_complaint place = { .code = code, .line = line, .field = line ? 1 : 0, .hint = hint };
  return lun_complain(t->complaints, LUN_EDATA, &place, "%s", message);
}

static lun_status check_bytes(lun_csv_text *t)
{
  int ascii;
  const char *other = lun_utf8_other(t->text, t->n), *zero;
  if (t->n == 0) return complain_line(t, "data.empty", 1, "the file is empty", NULL);
  if (other) {
    lun_complaint place = { .code = "data.encoding",
                            .line = 1,
                            .field = 1,
                            .hint = "save it as UTF-8, or declare encoding: utf-16" };
    return lun_complain(t->complaints, LUN_EDATA, &place, "the file is %s, not UTF-8", other);
  }
  if ((zero = memchr(t->text, 0, t->n)))
    return bad_byte(t, (size_t)(zero - t->text), "a zero byte", "is the file damaged?");
  t->lines = survey(t->text, t->n, &ascii) + 1;
  size_t valid = ascii ? t->n : lun_utf8_check(t->text, t->n);
  if (valid < t->n)
    return bad_byte(t, valid, "not valid UTF-8",
                    "declare the encoding: gb18030 (Chinese), cp1252 (Western), ...");
  if (t->lines == 1 && memchr(t->text, '\r', t->n))
    return complain_line(t, "data.line-ends", 1, "line ends are CR only",
                         "save the file with LF or CRLF line ends");
  return LUN_OK;
}

static lun_status find_body(lun_csv_text *t, size_t skip)
{
  t->body = t->text;
  t->body_line = 1;
  if (t->n >= 3 && memcmp(t->text, "\xEF\xBB\xBF", 3) == 0) t->body += 3;
  for (; skip > 0; skip--, t->body_line++) {
    const char *feed = strchr(t->body, '\n');
    if (!feed)
      return complain_line(t, "data.empty", t->body_line, "nothing is left after skip:", NULL);
    t->body = feed + 1;
  }
  if (!*t->body) return complain_line(t, "data.empty", t->body_line, "the file is empty", NULL);
  return LUN_OK;
}

lun_status lun_csv_text_read(lun_csv_text *t, const char *path, const char *encoding, size_t skip)
{
  lun_status st = lun_file_read(t->env, &t->text, &t->n, path, 0);
  if (st == LUN_OK) st = decode(t, encoding);
  if (st == LUN_OK) st = check_bytes(t);
  if (st == LUN_OK) st = find_body(t, skip);
  if (st != LUN_OK) lun_csv_text_fini(t);
  return st;
}

void lun_csv_text_fini(lun_csv_text *t)
{
  if (t->env) lun_mem_free(t->env, t->text);
  t->text = NULL;
}

/* --- walking --------------------------------------------------------------------------------- */

void lun_cursor_open(lun_cursor *c, const lun_csv_text *text, char *unquoted)
{
  memset(c, 0, sizeof *c);
  c->text = text;
  c->p = text->body;
  c->end = text->text + text->n;
  c->line = text->body_line;
  c->unquoted = unquoted;
  c->field = 1;
  c->stops[(unsigned char)text->separator] = c->stops['\n'] = c->stops['\r'] = 1;
  c->stops['"'] = c->stops['\0'] = 1;
}

static lun_status refuse(const lun_cursor *c, lun_status st, const char *code, size_t line,
                         const char *message, const char *hint)
{
  lun_complaint place = { .code = code, .line = line, .field = c->field, .hint = hint };
  return lun_complain(c->text->complaints, st, &place, "%s", message);
}

static lun_status too_long(const lun_cursor *c, size_t line)
{
  return refuse(c, LUN_ELIMIT, "limit.csv-field", line, "a field longer than 65536 bytes",
                "is a quote not closed?");
}

/* p is after the opening quote. */
static lun_status quoted_field(lun_cursor *c, lun_field *f)
{
  const char *p = c->p + 1, *start = p, *stop;
  size_t line = c->line, size = 0;
  int doubled = 0;
  for (;; p = stop + 2) {
    stop = strchrnul(p, '"');
    for (const char *s = p; s < stop; s++) c->line += *s == '\n';
    if (!*stop)
      return refuse(c, LUN_EDATA, "data.quote", line, "the quote that opens here is not closed",
                    NULL);
    size_t part = (size_t)(stop - p);
    if (size + part + 1 > LUN_CSV_FIELD) return too_long(c, line);
    if (stop[1] != '"' && !doubled) break;
    memcpy(c->unquoted + size, p, part);
    size += part;
    if (stop[1] != '"') break;
    c->unquoted[size++] = '"';
    doubled = 1;
  }
  c->p = stop + 1;
  *f = doubled ? (lun_field){ c->unquoted, size, line }
               : (lun_field){ start, (size_t)(stop - start), line };
  if (!c->stops[(unsigned char)*c->p] || *c->p == '"')
    return refuse(c, LUN_EDATA, "data.quote", c->line, "text after a closing quote",
                  "a quote inside a quoted field is written twice");
  return LUN_OK;
}

static void trim(lun_field *f)
{
  while (f->size && (f->text[0] == ' ' || f->text[0] == '\t')) f->text++, f->size--;
  while (f->size && (f->text[f->size - 1] == ' ' || f->text[f->size - 1] == '\t')) f->size--;
}

lun_status lun_cursor_field(lun_cursor *c, lun_field *f)
{
  const char *p = c->p;
  if (*p == '"') {
    lun_status st = quoted_field(c, f);
    if (st != LUN_OK) return st;
  } else {
    p = lun_cursor_stop(c, p);
    *f = (lun_field){ c->p, (size_t)(p - c->p), c->line };
    c->p = p;
    if (f->size > LUN_CSV_FIELD) return too_long(c, c->line);
    if (*p == '"')
      return refuse(c, LUN_EDATA, "data.quote", c->line, "a quote inside a field",
                    "a field that holds quotes is quoted as a whole, and its quotes are doubled");
  }
  if (*c->p == '\r' && c->p[1] != '\n' && c->p[1] != '\0')
    return refuse(c, LUN_EDATA, "data.line-ends", c->line, "a carriage return inside a line", NULL);
  trim(f);
  return LUN_OK;
}

void lun_cursor_line(lun_cursor *c)
{
  if (*c->p == '\r') c->p++;
  if (*c->p != '\n') return;
  c->p++;
  c->line++;
  c->field = 1;
  if (*c->p != '\n' && *c->p != '\r') return;
  const char *rest = c->p + strspn(c->p, "\r\n");
  if (!*rest) c->p = rest;
}
