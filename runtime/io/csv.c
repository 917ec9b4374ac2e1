/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv.h"

#include <math.h>
#include <string.h>

#include "io/csv_notes.h"
#include "io/csv_reader.h"

/* --- what each column is --------------------------------------------------------------------- */

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

static lun_status set_up(lun_csv_reader *rd, lun_reading *r)
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

static lun_status make_room(lun_csv_reader *rd, lun_reading *r, size_t rows)
{
  void *values;
  lun_status st;
  if (r->sink == LUN_SINK_WORDS) {
    if ((st = lun_intern_init(&r->words, &rd->out->pool)) != LUN_OK) return st;
    if (!(r->code = lun_mem_raw(rd->env, rows, sizeof *r->code))) return LUN_ENOMEM;
    r->owned = 1;
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

/* --- the whole ------------------------------------------------------------------------------- */

static lun_status keep_words(lun_csv_reader *rd)
{
  lun_csv *out = rd->out;
  out->words = LUN_NEW(&out->pool, lun_intern, rd->ncol);
  out->missing = LUN_NEW(&out->pool, size_t, rd->ncol);
  if (!out->words || !out->missing) return LUN_ENOMEM;
  for (size_t i = 0; i < rd->ncol; i++) {
    lun_reading *r = &rd->column[i];
    lun_mem_free(rd->env, r->code);
    r->owned = 0;
    out->words[i] = r->words;
    out->missing[i] = rd->nrow - r->filled;
    memset(&r->words, 0, sizeof r->words);
  }
  return LUN_OK;
}

/* Hands the columns to the result. */
static lun_status finish(lun_csv_reader *rd)
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

static void drop(lun_csv_reader *rd)
{
  for (size_t i = 0; rd->column && i < rd->ncol; i++) {
    lun_reading *r = &rd->column[i];
    if (r->owned) lun_mem_free(rd->env, r->code);
    lun_intern_fini(&r->words);
    lun_str_fini(&r->texts);
    lun_col_free(r->col);
    r->col = NULL;
  }
  lun_mem_free(rd->env, rd->unquoted);
  lun_csv_text_fini(&rd->text);
}

/* Columns whose guess did not hold are read again: as dates when the first value of all is one,
 * else as words. The others are done. */
static int prepare_again(lun_csv_reader *rd)
{
  int again = 0;
  for (size_t i = 0; i < rd->ncol; i++) {
    lun_reading *r = &rd->column[i];
    r->sink = LUN_SINK_NONE;
    if (!r->misfit_line || r->owned) continue;
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

static lun_status read_columns(lun_csv_reader *rd, const lun_cursor *c)
{
  lun_status st = LUN_OK;
  do {
    for (size_t i = 0; i < rd->ncol && st == LUN_OK; i++) {
      if (rd->column[i].sink != LUN_SINK_NONE) st = make_room(rd, &rd->column[i], rd->text.lines);
    }
    if (st == LUN_OK) st = lun_csv_rows(rd, *c);
  } while (st == LUN_OK && prepare_again(rd));
  return st;
}

static lun_status read_all(lun_csv_reader *rd, const char *path)
{
  lun_cursor c;
  lun_status st = lun_csv_text_read(&rd->text, path, rd->opt->encoding, rd->opt->skip);
  if (st != LUN_OK) return st;
  if (!(rd->unquoted = lun_mem_raw(rd->env, LUN_CSV_FIELD, 1))) return LUN_ENOMEM;
  lun_cursor_open(&c, &rd->text, rd->unquoted);
  if ((st = lun_csv_header(rd, &c)) != LUN_OK) return st;
  if ((st = lun_csv_declare(rd)) != LUN_OK) return st;
  for (size_t i = 0; i < rd->ncol; i++) {
    if ((st = set_up(rd, &rd->column[i])) != LUN_OK) return st;
  }
  lun_csv_sample(rd, c);
  if ((st = read_columns(rd, &c)) != LUN_OK) return st;
  return finish(rd);
}

lun_status lun_csv_read(lun_env *env, lun_csv *out, const char *path, const lun_csv_options *opt)
{
  lun_csv_reader rd = { .env = env, .out = out, .opt = opt };
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
