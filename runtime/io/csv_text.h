/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * csv_text: a delimited file as checked text, and the walk over its fields (RFC 4180: a field may
 * be quoted as a whole, quotes inside are doubled, line ends may be LF or CRLF). What makes the
 * walk ambiguous is refused, with its place.
 */
#ifndef LUN_CSV_TEXT_H
#define LUN_CSV_TEXT_H

#include <string.h>

#include "base/pool.h"

enum {
  LUN_CSV_FIELD = 64 * 1024,  /* bytes in a field */
  LUN_CSV_LINE = 1024 * 1024, /* bytes in a record */
  LUN_CSV_COLUMNS = 10000,
  LUN_CSV_COMPLAINTS = 50
};

/* What is wrong, and where: line as an editor counts them, field from 1 (0: the whole line; of
 * bytes that are not text: the byte). */
typedef struct lun_complaint {
  const char *code, *message, *hint; /* hint: or NULL */
  size_t line, field;
} lun_complaint;

typedef struct lun_complaints {
  lun_pool *pool; /* of the texts */
  lun_complaint item[LUN_CSV_COMPLAINTS];
  size_t n, more; /* more: not kept */
} lun_complaints;

/* Adds a complaint; format as of lun_fail, code one that lives on. Returns status. */
lun_status lun_complain(lun_complaints *c, lun_status status, const lun_complaint *place,
                        const char *format, ...);

typedef struct lun_csv_text {
  lun_env *env;
  lun_complaints *complaints;
  char *text; /* owned: n bytes of UTF-8 without zero bytes, and a terminator */
  size_t n;
  const char *body; /* the header line */
  size_t body_line; /* its number */
  size_t lines;     /* of the body, an upper bound */
  char separator;
} lun_csv_text;

/* Reads, decodes and checks a file. encoding: NULL or utf-8, gb18030, gbk, latin1, cp1252 ...
 * skip: lines above the header. Errors: EIO; EDATA and ELIMIT with a complaint; ENOMEM. */
lun_status lun_csv_text_read(lun_csv_text *t, const char *path, const char *encoding, size_t skip);
void lun_csv_text_fini(lun_csv_text *t); /* accepts a zeroed one */

typedef struct lun_cursor {
  const lun_csv_text *text;
  const char *p;  /* next byte */
  const char *end; /* of the text */
  size_t line;    /* its line */
  size_t field;   /* number of the field that was read last */
  char *unquoted; /* LUN_CSV_FIELD bytes */
  unsigned char stops[256];
} lun_cursor;

typedef struct lun_field {
  const char *text; /* without quotes and outer blanks; size bytes, not terminated */
  size_t size, line;
} lun_field;

/* At the header. unquoted: scratch of LUN_CSV_FIELD bytes. */
void lun_cursor_open(lun_cursor *c, const lun_csv_text *text, char *unquoted);

/* The 8 bytes at p, the first the least significant. */
static inline uint64_t lun_load8(const char *p)
{
  uint64_t v;
  memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  v = __builtin_bswap64(v);
#endif
  return v;
}

/* 0x80 in the first byte of v that is b; what stands above it does not count. */
static inline uint64_t lun_byte_in(uint64_t v, char b)
{
  v ^= 0x0101010101010101u * (unsigned char)b;
  return (v - 0x0101010101010101u) & ~v & 0x8080808080808080u;
}

/* The first byte from p on that ends a field or is a quote: 8 bytes at a time. */
static inline const char *lun_cursor_stop(const lun_cursor *c, const char *p)
{
  for (; c->end - p >= 8; p += 8) {
    uint64_t v = lun_load8(p), hit = lun_byte_in(v, c->text->separator) | lun_byte_in(v, '\n') |
                                     lun_byte_in(v, '\r') | lun_byte_in(v, '"');
    if (hit) return p + __builtin_ctzll(hit) / 8;
  }
  while (!c->stops[(unsigned char)*p]) p++;
  return p;
}

/* Reads one field, and leaves the cursor before the separator or line end that follows it. Errors,
 * with a complaint: EDATA for quotes, ELIMIT for length. */
lun_status lun_cursor_field(lun_cursor *c, lun_field *field);

/* Steps over a separator: 1, and 0 when the line ends here. */
static inline int lun_cursor_next(lun_cursor *c)
{
  if (*c->p != c->text->separator) return 0;
  c->p++;
  c->field++;
  return 1;
}

/* Steps over the line end, if there is one. Blank lines at the end of the file go with it. */
void lun_cursor_line(lun_cursor *c);

static inline int lun_cursor_done(const lun_cursor *c)
{
  return *c->p == '\0';
}

#endif
