/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv.h"

#include <math.h>
#include <string.h>

#include "base/word.h"
#include "io/csv_cells.h"
#include "io/csv_notes.h"
#include "io/utf8.h"

enum { SAMPLE_ROWS = 20, SHOWN = 64 };

typedef struct reader {
  lun_env *env;
  lun_csv *out;
  const lun_csv_options *opt;
  lun_csv_text text;
  lun_reading *column; /* ncol: all of the file's */
  size_t ncol, nrow;
  char *unquoted;
} reader;

/* --- header ---------------------------------------------------------------------------------- */

static lun_status count_fields(lun_cursor *c, size_t *n)
{
  lun_field f;
  *n = 0;
  do {
    lun_status st = lun_cursor_field(c, &f);
    if (st != LUN_OK) return st;
    ++*n;
  } while (lun_cursor_next(c));
  return LUN_OK;
}

/* A header of one field is right for a file of one column; else something else is meant. */
static lun_status check_single(reader *rd, const lun_field *f, size_t line)
{
  static const struct {
    const char *mark, *hint;
  } others[] = {
    { ";", "declare separator: \";\"" },
    { "\t", "declare separator: \"\\t\"" },
    { "|", "declare separator: \"|\"" },
    { ",", "declare separator: \",\"" },
    { "\xEF\xBC\x8C", "full-width commas do not separate: replace them by plain ones" },
  };
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    if (!memmem(f->text, f->size, others[i].mark, strlen(others[i].mark))) continue;
    lun_complaint place = {
      .code = "data.header", .line = line, .field = 1, .hint = others[i].hint
    };
    return lun_complain(&rd->out->complaints, LUN_EDATA, &place, "1 field in the header");
  }
  return LUN_OK;
}

static lun_status name_column(reader *rd, size_t i, const lun_field *f)
{
  lun_complaint place = { .code = "data.header", .line = f->line, .field = i + 1 };
  lun_reading *r = &rd->column[i];
  r->field = i + 1;
  if (f->size == 0) {
    place.hint = "give it a name in the file";
    return lun_complain(&rd->out->complaints, LUN_EDATA, &place, "field %z of the header is empty",
                        i + 1);
  }
  if (!(r->name = lun_pool_text(&rd->out->pool, f->text, f->size))) return LUN_ENOMEM;
  for (size_t k = 0; k < i; k++) {
    if (strcmp(rd->column[k].name, r->name) != 0) continue;
    char shown[SHOWN];
    lun_utf8_show(shown, sizeof shown, f->text, f->size);
    return lun_complain(&rd->out->complaints, LUN_EDATA, &place,
                        "column name \"%s\" stands twice: fields %z and %z", shown, k + 1, i + 1);
  }
  return LUN_OK;
}

static lun_status read_header(reader *rd, lun_cursor *c)
{
  lun_field f;
  lun_cursor counter = *c;
  lun_status st = count_fields(&counter, &rd->ncol);
  if (st != LUN_OK) return st;
  if (rd->ncol > LUN_CSV_COLUMNS) {
    lun_complaint place = { .code = "limit.csv-columns", .line = c->line };
    return lun_complain(&rd->out->complaints, LUN_ELIMIT, &place, "more than %d columns",
                        LUN_CSV_COLUMNS);
  }
  if (!(rd->column = LUN_NEW(&rd->out->pool, lun_reading, rd->ncol))) return LUN_ENOMEM;
  for (size_t i = 0; i < rd->ncol; i++) {
    size_t line = c->line;
    if ((st = lun_cursor_field(c, &f)) != LUN_OK) return st;
    if (rd->ncol == 1 && (st = check_single(rd, &f, line)) != LUN_OK) return st;
    if ((st = name_column(rd, i, &f)) != LUN_OK) return st;
    lun_cursor_next(c);
  }
  lun_cursor_line(c);
  if (!lun_cursor_done(c)) return LUN_OK;
  lun_complaint place = { .code = "data.no-rows", .line = c->line, .field = 1 };
  return lun_complain(&rd->out->complaints, LUN_EDATA, &place, "no data rows");
}

/* --- what each column is --------------------------------------------------------------------- */

/* The name closest to a word, or NULL when none is close enough to be meant. */
static const char *nearest(const reader *rd, const char *word)
{
  const char *found = NULL;
  int best = (int)strlen(word) / 3 + 1;
  for (size_t i = 0; i < rd->ncol; i++) {
    int d = lun_word_distance(word, rd->column[i].name);
    if (d < best) best = d, found = rd->column[i].name;
  }
  return found;
}

static lun_status no_column(reader *rd, const char *wanted)
{
  char list[400];
  size_t at = 0;
  for (size_t i = 0; i < rd->ncol && at + SHOWN + 8 < sizeof list; i++) {
    if (i) at += (size_t)(stpcpy(list + at, ", ") - (list + at));
    lun_utf8_show(list + at, SHOWN, rd->column[i].name, strlen(rd->column[i].name));
    at += strlen(list + at);
    if (i + 1 < rd->ncol && at + SHOWN + 8 >= sizeof list) stpcpy(list + at, " ...");
  }
  lun_complaint place = { .code = "data.column",
                          .line = rd->text.body_line,
                          .hint = "from: names the column of the file that is meant" };
  const char *near = nearest(rd, wanted);
  if (near)
    return lun_complain(&rd->out->complaints, LUN_EDATA, &place,
                        "there is no column \"%s\" (did you mean \"%s\"?); the file has %s", wanted,
                        near, list);
  return lun_complain(&rd->out->complaints, LUN_EDATA, &place,
                      "there is no column \"%s\"; the file has %s", wanted, list);
}

static lun_reading *find_column(reader *rd, const char *name)
{
  for (size_t i = 0; i < rd->ncol; i++) {
    if (strcmp(rd->column[i].name, name) == 0) return &rd->column[i];
  }
  return NULL;
}

/* Columns take their declared names, which must not hide another column. */
static lun_status rename_columns(reader *rd)
{
  lun_status st = LUN_OK;
  for (size_t i = 0; i < rd->ncol; i++) {
    lun_reading *r = &rd->column[i];
    lun_reading *other = r->declared ? find_column(rd, r->declared->name) : NULL;
    if (!other || other == r || other->declared) continue;
    lun_complaint place = { .code = "data.column",
                            .line = rd->text.body_line,
                            .field = other->field };
    st = lun_complain(&rd->out->complaints, LUN_EDATA, &place,
                      "columns \"%s\" and \"%s\" would both be called %s", r->name, other->name,
                      other->name);
    if (st == LUN_ENOMEM) return st;
  }
  for (size_t i = 0; i < rd->ncol; i++) {
    if (rd->column[i].declared) rd->column[i].name = rd->column[i].declared->name;
  }
  return st;
}

static lun_status declare(reader *rd)
{
  lun_status st = LUN_OK;
  for (size_t i = 0; i < rd->opt->ncol; i++) {
    const lun_csv_column *d = &rd->opt->columns[i];
    const char *wanted = d->from ? d->from : d->name;
    lun_reading *r = find_column(rd, wanted);
    if (r) r->declared = d;
    else st = no_column(rd, wanted);
    if (st == LUN_ENOMEM) return st;
  }
  if (st == LUN_OK) st = rename_columns(rd);
  lun_reading *key = rd->opt->key ? find_column(rd, rd->opt->key) : NULL;
  if (key) {
    key->key = 1;
    key->unique = rd->opt->unique;
  } else if (rd->opt->key) {
    st = no_column(rd, rd->opt->key);
  }
  return st;
}

static lun_sink sink_of(lun_type type)
{
  static const lun_sink sinks[] = { [LUN_NUMBER] = LUN_SINK_NUMBER,
                                    [LUN_INTEGER] = LUN_SINK_INTEGER,
                                    [LUN_DATE] = LUN_SINK_DATE,
                                    [LUN_FACTOR] = LUN_SINK_WORDS,
                                    [LUN_TEXT] = LUN_SINK_WORDS };
  return sinks[type];
}

/* What is declared, or follows from it; else a guess, which starts as a number. */
static void decide_type(lun_reading *r)
{
  const lun_csv_column *d = r->declared;
  if (r->opt->words) r->type = LUN_TEXT;
  else if (d && d->typed) r->type = d->type;
  else if (d && d->levels.n) r->type = LUN_FACTOR;
  else if (r->key) r->type = LUN_TEXT;
  else if (d && (!isnan(d->min) || !isnan(d->max) || d->decimal)) r->type = LUN_NUMBER;
  else r->guessed = 1;
  r->sink = sink_of(r->type);
  r->guessed |= r->opt->words;
}

static lun_status set_up(reader *rd, lun_reading *r)
{
  const lun_csv_column *d = r->declared;
  r->opt = rd->opt;
  r->complaints = &rd->out->complaints;
  r->point = d && d->decimal ? d->decimal : rd->opt->decimal ? rd->opt->decimal : '.';
  r->min = d && !isnan(d->min) ? d->min : -HUGE_VAL;
  r->max = d && !isnan(d->max) ? d->max : HUGE_VAL;
  r->plain = !rd->opt->missing.n && !(d && (d->missing.n || d->values.n));
  decide_type(r);
  if (r->key && r->sink != LUN_SINK_WORDS)
    return lun_fail(rd->env, LUN_EINVAL,
                    "[usage.key] column %s is the key: ids are texts (0012 is not 12); "
                    "remove its type",
                    r->name);
  if (r->point != rd->text.separator) return LUN_OK;
  return lun_fail(rd->env, LUN_EINVAL, "[usage.decimal] separator and decimal mark are both \"%c\"",
                  r->point);
}

/* Looks at the first rows: what is no number in them is a date or a text. */
static void sample(reader *rd, lun_cursor c)
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

/* --- rows ------------------------------------------------------------------------------------ */

static lun_status make_room(reader *rd, lun_reading *r, size_t rows)
{
  void *values;
  lun_status st;
  if (r->sink == LUN_SINK_WORDS) {
    if ((st = lun_intern_init(&r->words, &rd->out->pool)) != LUN_OK) return st;
    if (!(r->code = lun_mem_new(rd->env, rows, sizeof *r->code))) return LUN_ENOMEM;
    for (size_t i = 0; r->declared && i < r->declared->levels.n && st == LUN_OK; i++) {
      int32_t code;
      const char *level = r->declared->levels.text[i];
      st = lun_intern_put(&r->words, level, strlen(level), &code);
    }
    return st;
  }
  r->type = r->sink == LUN_SINK_NUMBER ? LUN_NUMBER
            : r->sink == LUN_SINK_DATE ? LUN_DATE
                                       : LUN_INTEGER;
  if ((st = lun_col_raw(rd->env, &r->col, r->type, rows, NULL, &values)) != LUN_OK) return st;
  if (r->sink == LUN_SINK_NUMBER) r->number = values;
  else r->code = values;
  return LUN_OK;
}

/* A plain decimal of up to 15 digits that ends the field: exact with one division. NULL: something
 * else stands here. */
static inline const char *read_plain(const char *p, char separator, char point, double *out)
{
  static const double power[] = { 1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
  const int negative = *p == '-';
  p += negative;
  const char *start = p;
  uint64_t m = 0;
  for (; (unsigned char)(*p - '0') < 10; p++) m = m * 10 + (uint64_t)(*p - '0');
  size_t digits = (size_t)(p - start), decimals = 0;
  if (*p == point) {
    const char *fraction = ++p;
    for (; (unsigned char)(*p - '0') < 10; p++) m = m * 10 + (uint64_t)(*p - '0');
    decimals = (size_t)(p - fraction);
    digits += decimals;
  }
  if (digits - 1 > 14 || (*p != separator && *p != '\n' && *p != '\r')) return NULL;
  double v = decimals ? (double)m / power[decimals] : (double)m;
  *out = negative ? -v : v;
  return p;
}

static lun_status ragged(reader *rd, lun_cursor *c, const lun_cursor *start)
{
  size_t n, header = rd->text.body_line;
  lun_complaint place = { .code = "data.ragged", .line = start->line };
  *c = *start;
  lun_status st = count_fields(c, &n);
  if (st != LUN_OK) return st;
  if (rd->ncol == 1) {
    place.line = header;
    place.field = 1;
    place.hint = "are there title lines above the header? set skip:";
    return lun_complain(&rd->out->complaints, LUN_EDATA, &place,
                        "1 field in the header, but line %z has %z", start->line, n);
  }
  place.hint = n > rd->ncol ? "a text that holds the separator is quoted"
                             : "an empty cell still has its separator";
  st = lun_complain(&rd->out->complaints, LUN_EDATA, &place,
                    "line %z has %z field%s, the header has %z", start->line, n, n == 1 ? "" : "s",
                    rd->ncol);
  return st == LUN_ENOMEM ? st : LUN_OK;
}

static lun_status read_row(reader *rd, lun_cursor *c, size_t row, int *whole)
{
  *whole = 0;
  for (size_t i = 0; i < rd->ncol; i++) {
    lun_reading *r = &rd->column[i];
    double v;
    const char *end = NULL;
    if (r->sink == LUN_SINK_NUMBER && r->plain)
      end = read_plain(c->p, c->text->separator, r->point, &v);
    if (end) {
      r->number[row] = v;
      r->filled++;
      lun_field f = { c->p, (size_t)(end - c->p), c->line };
      c->p = end;
      if (v < r->min || v > r->max) {
        lun_status st = lun_cell_range(r, &f, v);
        if (st != LUN_OK) return st;
      }
    } else {
      lun_field f;
      lun_status st = lun_cursor_field(c, &f);
      if (st == LUN_OK && r->sink != LUN_SINK_NONE) st = lun_cell_take(r, row, &f);
      if (st != LUN_OK) return st;
    }
    if (i + 1 < rd->ncol && !lun_cursor_next(c)) return LUN_OK;
  }
  *whole = *c->p != c->text->separator;
  return LUN_OK;
}

static lun_status check_line(reader *rd, const lun_cursor *c, const lun_cursor *start)
{
  if ((size_t)(c->p - start->p) <= LUN_CSV_LINE) return LUN_OK;
  lun_complaint place = { .code = "limit.csv-line", .line = start->line };
  return lun_complain(&rd->out->complaints, LUN_ELIMIT, &place, "a line longer than %d bytes",
                      LUN_CSV_LINE);
}

/* One walk over all rows, for the columns that have a sink. */
static lun_status read_rows(reader *rd, lun_cursor c)
{
  size_t row = 0;
  while (!lun_cursor_done(&c) && rd->out->complaints.n < LUN_CSV_COMPLAINTS) {
    int whole;
    lun_cursor start = c;
    lun_status st = row % 4096 ? LUN_OK : lun_env_check(rd->env);
    if (st == LUN_OK) st = read_row(rd, &c, row, &whole);
    if (st == LUN_OK && !whole) st = ragged(rd, &c, &start);
    if (st == LUN_OK) st = check_line(rd, &c, &start);
    if (st != LUN_OK) return st;
    row += (size_t)whole;
    lun_cursor_line(&c);
  }
  rd->nrow = row;
  return rd->out->complaints.n ? LUN_EDATA : LUN_OK;
}

/* --- the whole ------------------------------------------------------------------------------- */

static lun_status keep_words(reader *rd)
{
  lun_csv *out = rd->out;
  out->words = LUN_NEW(&out->pool, lun_intern, rd->ncol);
  out->missing = LUN_NEW(&out->pool, size_t, rd->ncol);
  if (!out->words || !out->missing) return LUN_ENOMEM;
  for (size_t i = 0; i < rd->ncol; i++) {
    lun_reading *r = &rd->column[i];
    lun_mem_free(rd->env, r->code);
    out->words[i] = r->words;
    out->missing[i] = rd->nrow - r->filled;
    memset(&r->words, 0, sizeof r->words);
  }
  return LUN_OK;
}

/* Hands the columns to the result. */
static lun_status finish(reader *rd)
{
  lun_csv *out = rd->out;
  out->names = LUN_NEW(&out->pool, const char *, rd->ncol);
  out->cols = LUN_NEW(&out->pool, lun_col *, rd->ncol);
  if (!out->names || !out->cols) return LUN_ENOMEM;
  for (size_t i = 0; i < rd->ncol; i++) {
    lun_status st = lun_reading_finish(&rd->column[i], rd->env, rd->nrow);
    if (st != LUN_OK) return st;
  }
  lun_status st = lun_csv_notes(rd->env, out, rd->column, rd->ncol);
  if (st != LUN_OK) return st;
  if (rd->opt->words && (st = keep_words(rd)) != LUN_OK) return st;
  for (size_t i = 0; i < rd->ncol; i++) {
    out->names[i] = rd->column[i].name;
    out->cols[i] = rd->column[i].col;
    rd->column[i].col = NULL;
  }
  out->ncol = rd->ncol;
  out->nrow = rd->nrow;
  return LUN_OK;
}

static void drop(reader *rd)
{
  for (size_t i = 0; rd->column && i < rd->ncol; i++) {
    lun_reading *r = &rd->column[i];
    if (r->words.pool) lun_mem_free(rd->env, r->code);
    lun_intern_fini(&r->words);
    lun_col_free(r->col);
    r->col = NULL;
  }
  lun_mem_free(rd->env, rd->unquoted);
  lun_csv_text_fini(&rd->text);
}

/* Columns whose guess did not hold are read again: as dates when the first value of all is one,
 * else as words. The others are done. */
static int prepare_again(reader *rd)
{
  int again = 0;
  for (size_t i = 0; i < rd->ncol; i++) {
    lun_reading *r = &rd->column[i];
    r->sink = LUN_SINK_NONE;
    if (!r->misfit_line || r->words.pool) continue;
    lun_col_free(r->col);
    r->col = NULL;
    r->code = NULL;
    r->sink = LUN_SINK_WORDS;
    if (r->filled == 1) { /* nothing was guessed from but blanks */
      int32_t day;
      if (lun_date_parse(r->misfit, strlen(r->misfit), LUN_DATE_ISO, &day)) r->sink = LUN_SINK_DATE;
      r->misfit_line = 0;
    }
    r->filled = 0;
    again = 1;
  }
  return again;
}

static lun_status read_columns(reader *rd, const lun_cursor *c)
{
  lun_status st = LUN_OK;
  do {
    for (size_t i = 0; i < rd->ncol && st == LUN_OK; i++) {
      if (rd->column[i].sink != LUN_SINK_NONE) st = make_room(rd, &rd->column[i], rd->text.lines);
    }
    if (st == LUN_OK) st = read_rows(rd, *c);
  } while (st == LUN_OK && prepare_again(rd));
  return st;
}

static lun_status read_all(reader *rd, const char *path)
{
  lun_cursor c;
  lun_status st = lun_csv_text_read(&rd->text, path, rd->opt->encoding, rd->opt->skip);
  if (st != LUN_OK) return st;
  if (!(rd->unquoted = lun_mem_new(rd->env, LUN_CSV_FIELD, 1))) return LUN_ENOMEM;
  lun_cursor_open(&c, &rd->text, rd->unquoted);
  if ((st = read_header(rd, &c)) != LUN_OK) return st;
  if ((st = declare(rd)) != LUN_OK) return st;
  for (size_t i = 0; i < rd->ncol; i++) {
    if ((st = set_up(rd, &rd->column[i])) != LUN_OK) return st;
  }
  sample(rd, c);
  if ((st = read_columns(rd, &c)) != LUN_OK) return st;
  return finish(rd);
}

lun_status lun_csv_read(lun_env *env, lun_csv *out, const char *path, const lun_csv_options *opt)
{
  reader rd = { .env = env, .out = out, .opt = opt };
  memset(out, 0, sizeof *out);
  lun_pool_init(&out->pool, env);
  out->complaints.pool = &out->pool;
  rd.text.env = env;
  rd.text.complaints = &out->complaints;
  rd.text.separator = opt->separator ? opt->separator : ',';
  lun_status st = read_all(&rd, path);
  drop(&rd);
  if (st != LUN_OK) out->cols = NULL;
  return st;
}

void lun_csv_fini(lun_csv *csv)
{
  for (size_t i = 0; csv->cols && i < csv->ncol; i++) lun_col_free(csv->cols[i]);
  for (size_t i = 0; csv->words && i < csv->ncol; i++) lun_intern_fini(&csv->words[i]);
  if (csv->pool.env) lun_pool_fini(&csv->pool);
  memset(csv, 0, sizeof *csv);
}
