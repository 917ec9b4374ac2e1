/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The header of a delimited file, and what is declared about its columns.
 */
#include <string.h>

#include "base/word.h"
#include "io/csv_reader.h"
#include "io/utf8.h"

enum { SHOWN = 64 };

lun_status lun_csv_fields(lun_cursor *c, size_t *n)
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
static lun_status check_single(lun_csv_reader *rd, const lun_field *f, size_t line)
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

static lun_status name_column(lun_csv_reader *rd, size_t i, const lun_field *f)
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

lun_status lun_csv_header(lun_csv_reader *rd, lun_cursor *c)
{
  lun_field f;
  lun_cursor counter = *c;
  lun_status st = lun_csv_fields(&counter, &rd->ncol);
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

/* --- declarations ---------------------------------------------------------------------------- */

/* The name closest to a word, or NULL when none is close enough to be meant. */
static const char *nearest(const lun_csv_reader *rd, const char *word)
{
  const char *found = NULL;
  int best = (int)strlen(word) / 3 + 1;
  for (size_t i = 0; i < rd->ncol; i++) {
    int d = lun_word_distance(word, rd->column[i].name);
    if (d < best) best = d, found = rd->column[i].name;
  }
  return found;
}

static lun_status no_column(lun_csv_reader *rd, const char *wanted)
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

static lun_reading *find_column(lun_csv_reader *rd, const char *name)
{
  for (size_t i = 0; i < rd->ncol; i++) {
    if (strcmp(rd->column[i].name, name) == 0) return &rd->column[i];
  }
  return NULL;
}

/* Columns take their declared names, which must not hide another column. */
static lun_status rename_columns(lun_csv_reader *rd)
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

lun_status lun_csv_declare(lun_csv_reader *rd)
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
