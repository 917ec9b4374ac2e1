/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The walk over the rows of a delimited file. Nearly every cell is plain, a number or a text that
 * begins and ends where it stands; those are taken here, the others by csv_cells.c.
 */
#include <math.h>
#include <string.h>

#include "io/csv_reader.h"

enum { SAMPLE_ROWS = 20 };

void lun_csv_sample(lun_csv_reader *rd, lun_cursor c)
{
  size_t complaints = rd->out->complaints.n;
  for (int row = 0; row < SAMPLE_ROWS && !lun_cursor_done(&c); row++) {
    for (size_t i = 0; i < rd->ncol; i++) {
      lun_field f;
      lun_reading probe = rd->column[i];
      double v;
      int32_t day;
      if (lun_cursor_field(&c, &f) != LUN_OK) goto done;
      probe.number = &v;
      probe.code = &day;
      if (probe.guessed && probe.sink != LUN_SINK_WORDS && lun_cell_take(&probe, 0, &f) == LUN_OK &&
          probe.misfit_line) {
        lun_reading *r = &rd->column[i];
        int first =
            r->sink == LUN_SINK_NUMBER && lun_date_parse(f.text, f.size, LUN_DATE_ISO, &day);
        r->sink = first ? LUN_SINK_DATE : LUN_SINK_WORDS;
      }
      if (!lun_cursor_next(&c)) break;
    }
    while (lun_cursor_next(&c)) {
      lun_field f;
      if (lun_cursor_field(&c, &f) != LUN_OK) goto done;
    }
    lun_cursor_line(&c);
  }
done:
  rd->out->complaints.n = complaints;
}

/* --- plain cells ------------------------------------------------------------------------------ */

/* The digits among the 8 bytes at p, as a number, and how many they are before anything else. */
static inline uint64_t eight_digits(const char *p, unsigned *n)
{
  uint64_t v = lun_load8(p) ^ 0x3030303030303030u;
  uint64_t other = ((v + 0x7676767676767676u) | v) & 0x8080808080808080u;
  *n = other ? (unsigned)__builtin_ctzll(other) / 8 : 8;
  if (*n == 0) return 0;
  v <<= 64 - 8 * *n; /* zeros before them; then pairs, fours, all */
  v = v * 10 + (v >> 8);
  return ((v & 0x000000FF000000FFu) * 0x000F424000000064u +
          (v >> 16 & 0x000000FF000000FFu) * 0x0000271000000001u) >> 32;
}

/* A decimal of up to 8 digits on either side of its point that ends the field: exact with one
 * division when they are 15. NULL: something else stands here. */
static inline const char *plain_number(const lun_cursor *c, char point, double *out)
{
  static const double power[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8 };
  static const uint32_t whole[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000 };
  const char *p = c->p;
  const int negative = *p == '-';
  unsigned digits, decimals = 0;
  p += negative;
  if (c->end - p < 18) return NULL;
  uint64_t m = eight_digits(p, &digits);
  p += digits;
  if (*p == point) {
    uint64_t fraction = eight_digits(p + 1, &decimals);
    m = m * whole[decimals] + fraction;
    p += 1 + decimals;
  }
  int ends = *p == c->text->separator || *p == '\n' || *p == '\r';
  if (!ends || digits + decimals - 1 > 14) return NULL;
  double v = decimals ? (double)m / power[decimals] : (double)m;
  *out = negative ? -v : v;
  return p;
}

static inline int is_blank(char c)
{
  return c == ' ' || c == '\t';
}

/* The end of a text that is not empty nor NA, and has no quotes and no blanks around it. NULL:
 * something else stands here. */
static inline const char *plain_text(const lun_cursor *c)
{
  const char *p = c->p, *end = lun_cursor_stop(c, p);
  size_t n = (size_t)(end - p);
  if (n - 1 >= LUN_CSV_FIELD || *end == '"' || (*end == '\r' && end[1] != '\n')) return NULL;
  if (is_blank(p[0]) || is_blank(end[-1]) || (n == 2 && memcmp(p, "NA", 2) == 0)) return NULL;
  return end;
}

/* The end of a plain number that was taken. NULL: it is something else, or does not fit. */
static inline const char *take_number(lun_reading *r, size_t row, const lun_cursor *c)
{
  double v;
  const char *end = plain_number(c, r->point, &v);
  if (!end || !(v >= r->min && v <= r->max)) return NULL;
  if (r->sink == LUN_SINK_NUMBER) r->number[row] = v;
  else if (fabs(v) <= INT32_MAX && v == floor(v)) r->code[row] = (int32_t)v;
  else return NULL;
  r->filled++;
  return end;
}

/* --- rows ------------------------------------------------------------------------------------ */

/* The cursor goes back to where the row starts. */
static lun_status ragged(lun_csv_reader *rd, lun_cursor *c, const char *start, size_t line)
{
  size_t n, header = rd->text.body_line;
  lun_complaint place = { .code = "data.ragged", .line = line };
  c->p = start;
  c->line = line;
  c->field = 1;
  lun_status st = lun_csv_fields(c, &n);
  if (st != LUN_OK) return st;
  if (rd->ncol == 1) {
    place.line = header;
    place.field = 1;
    place.hint = "are there title lines above the header? set skip:";
    return lun_complain(&rd->out->complaints, LUN_EDATA, &place,
                        "1 field in the header, but line %z has %z", line, n);
  }
  place.hint = n > rd->ncol ? "a text that holds the separator is quoted"
                             : "an empty cell still has its separator";
  st = lun_complain(&rd->out->complaints, LUN_EDATA, &place,
                    "line %z has %z field%s, the header has %z", line, n, n == 1 ? "" : "s",
                    rd->ncol);
  return st == LUN_ENOMEM ? st : LUN_OK;
}

static inline lun_status read_cell(lun_reading *r, size_t row, lun_cursor *c)
{
  lun_field f;
  const char *end;
  if (r->plain && (r->sink == LUN_SINK_NUMBER || r->sink == LUN_SINK_INTEGER) &&
      (end = take_number(r, row, c))) {
    c->p = end;
    return LUN_OK;
  }
  if (r->plain && (end = plain_text(c))) {
    f = (lun_field){ c->p, (size_t)(end - c->p), c->line };
    c->p = end;
    return lun_cell_value(r, row, &f);
  }
  lun_status st = lun_cursor_field(c, &f);
  return st == LUN_OK ? lun_cell_take(r, row, &f) : st;
}

static lun_status read_row(lun_csv_reader *rd, lun_cursor *c, size_t row, int *whole)
{
  *whole = 0;
  for (size_t i = 0; i < rd->ncol; i++) {
    lun_status st = read_cell(&rd->column[i], row, c);
    if (st != LUN_OK) return st;
    if (i + 1 < rd->ncol && !lun_cursor_next(c)) return LUN_OK;
  }
  *whole = *c->p != c->text->separator;
  return LUN_OK;
}

static lun_status check_line(lun_csv_reader *rd, const lun_cursor *c, const char *start,
                             size_t line)
{
  if ((size_t)(c->p - start) <= LUN_CSV_LINE) return LUN_OK;
  lun_complaint place = { .code = "limit.csv-line", .line = line };
  return lun_complain(&rd->out->complaints, LUN_ELIMIT, &place, "a line longer than %d bytes",
                      LUN_CSV_LINE);
}

lun_status lun_csv_rows(lun_csv_reader *rd, lun_cursor c)
{
  size_t row = 0;
  while (!lun_cursor_done(&c) && rd->out->complaints.n < LUN_CSV_COMPLAINTS) {
    int whole;
    const char *start = c.p;
    size_t line = c.line;
    lun_status st = row % 4096 ? LUN_OK : lun_env_check(rd->env);
    if (st == LUN_OK) st = read_row(rd, &c, row, &whole);
    if (st == LUN_OK && !whole) st = ragged(rd, &c, start, line);
    if (st == LUN_OK) st = check_line(rd, &c, start, line);
    if (st != LUN_OK) return st;
    row += (size_t)whole;
    lun_cursor_line(&c);
  }
  rd->nrow = row;
  return rd->out->complaints.n ? LUN_EDATA : LUN_OK;
}
