/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_cells.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "io/utf8.h"

enum { SHOWN = 64 };

/* --- what is wrong --------------------------------------------------------------------------- */

static int holds(const lun_field *f, const char *text)
{
  return memmem(f->text, f->size, text, strlen(text)) != NULL;
}

static int is(const lun_field *f, const char *text)
{
  return f->size == strlen(text) && strncasecmp(f->text, text, f->size) == 0;
}

/* Full-width digits, comma, stop: U+FF01 to U+FF5E. */
static int full_width(const lun_field *f)
{
  return holds(f, "\xEF\xBC") || holds(f, "\xEF\xBD");
}

static int all_digits(const lun_field *f)
{
  for (size_t i = 0; i < f->size; i++) {
    if (f->text[i] < '0' || f->text[i] > '9') return 0;
  }
  return f->size > 0;
}

static const char *missing_hint(const lun_field *f)
{
  static const char *const codes[] = { ".",   "-",   "--",   "?",       "n/a",    "#n/a",
                                       "na",  "nan", "null", "none",    "nil",    "unknown",
                                       "unk", "nd",  "n.a.", "missing", "#value!" };
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    if (is(f, codes[i])) return "if it means missing, declare it under missing:";
  }
  return NULL;
}

const char *lun_number_hint(const lun_field *f, char point)
{
  double v;
  size_t leading = 0;
  const char *missing = missing_hint(f);
  if (missing) return missing;
  if (full_width(f)) return "full-width characters: retype it with plain digits";
  if (point == '.' && holds(f, ",")) {
    if (lun_num_parse(f->text, f->size, ',', &v) && f->size >= 4 && f->text[f->size - 4] == ',' &&
        f->text[0] != '0')
      return "remove the thousands separator, or declare decimal: \",\" if it is a decimal comma";
    return "decimal comma? declare decimal: \",\"";
  }
  if (point == ',' && holds(f, ".")) return "the decimal mark is declared to be a comma";
  while (leading < f->size && strchr("+-.0123456789", f->text[leading])) leading++;
  if (leading > 0 && lun_num_parse(f->text, leading, point, &v))
    return "only a number may stand here: no unit, and only decimal digits";
  return "correct it, or declare it under missing: if it means that nothing is known";
}

const char *lun_date_hint(const lun_field *f, lun_date_format format)
{
  int32_t day;
  if (missing_hint(f)) return missing_hint(f);
  if (full_width(f)) return "full-width characters: retype it with plain digits";
  if (all_digits(f) && f->size == 5)
    return "looks like an Excel serial number; declare format: excel-1900 or excel-1904";
  if (all_digits(f) && f->size == 8 && lun_date_parse(f->text, 8, LUN_DATE_COMPACT, &day))
    return "declare format: YYYYMMDD";
  int dmy = lun_date_parse(f->text, f->size, LUN_DATE_DMY, &day);
  int mdy = lun_date_parse(f->text, f->size, LUN_DATE_MDY, &day);
  if (dmy && mdy) return "day or month first? declare format: DD/MM/YYYY or MM/DD/YYYY";
  if (dmy || mdy) return dmy ? "declare format: DD/MM/YYYY" : "declare format: MM/DD/YYYY";
  if (lun_date_parse(f->text, f->size, LUN_DATE_DOTS, &day)) return "declare format: DD.MM.YYYY";
  if (lun_date_parse(f->text, f->size, LUN_DATE_YMD, &day)) return "declare format: YYYY/MM/DD";
  if (f->size == 10 && format == LUN_DATE_ISO && f->text[4] == '-') return "there is no such day";
  if (f->size > 10 && lun_date_parse(f->text, 10, LUN_DATE_ISO, &day))
    return "only the day may stand here, not the time";
  return "dates are written YYYY-MM-DD unless format: says otherwise";
}

static void show(const lun_reading *r, char shown[SHOWN], const lun_field *f)
{
  if (r->key) strcpy(shown, "(not shown)");
  else lun_utf8_show(shown, SHOWN, f->text, f->size);
}

/* `"2,5" is not a number`; or the end of a guess. */
static lun_status misfit(lun_reading *r, const lun_field *f, const lun_complaint *what)
{
  char shown[SHOWN];
  show(r, shown, f);
  if (r->guessed) {
    r->misfit_line = f->line;
    memcpy(r->misfit, shown, sizeof r->misfit);
    r->sink = LUN_SINK_NONE;
    return LUN_OK;
  }
  lun_complaint place = *what;
  place.line = f->line;
  place.field = r->field;
  lun_status st = lun_complain(r->complaints, LUN_EDATA, &place, "column %s: \"%s\" %s", r->name,
                               shown, what->message);
  return st == LUN_ENOMEM ? st : LUN_OK;
}

static lun_status out_of_range(lun_reading *r, const lun_field *f, double v)
{
  char shown[SHOWN];
  show(r, shown, f);
  lun_complaint place = { .code = "data.range",
                          .line = f->line,
                          .field = r->field,
                          .hint = "correct it, or declare it under missing: if it is a code" };
  int low = v < r->min;
  lun_status st = lun_complain(r->complaints, LUN_EDATA, &place,
                               "column %s: %s is %s %g, the %s that "
                               "is declared",
                               r->name, shown, low ? "below" : "above", low ? r->min : r->max,
                               low ? "min" : "max");
  return st == LUN_ENOMEM ? st : LUN_OK;
}

/* --- what a cell becomes --------------------------------------------------------------------- */

static int one_of(const lun_texts *list, const lun_field *f)
{
  for (size_t i = 0; i < list->n; i++) {
    if (strlen(list->text[i]) == f->size && memcmp(list->text[i], f->text, f->size) == 0)
      return (int)i;
  }
  return -1;
}

int lun_cell_missing(const lun_reading *r, const lun_field *f)
{
  if (f->size == 0) return 1;
  if (r->opt->missing.text ? one_of(&r->opt->missing, f) >= 0
                           : f->size == 2 && memcmp(f->text, "NA", 2) == 0)
    return 1;
  return r->declared && one_of(&r->declared->missing, f) >= 0;
}

static lun_status take_number(lun_reading *r, size_t row, const lun_field *f)
{
  double v;
  lun_complaint what = { .code = "data.number", .message = "is not a number" };
  if (!lun_num_parse(f->text, f->size, r->point, &v)) {
    what.hint = lun_number_hint(f, r->point);
    return misfit(r, f, &what);
  }
  r->number[row] = v;
  return v < r->min || v > r->max ? out_of_range(r, f, v) : LUN_OK;
}

static lun_status take_integer(lun_reading *r, size_t row, const lun_field *f)
{
  double v;
  lun_complaint what = { .code = "data.integer", .message = "is not a whole number" };
  if (!lun_num_parse(f->text, f->size, r->point, &v) || v != floor(v)) {
    what.hint = lun_number_hint(f, r->point);
    return misfit(r, f, &what);
  }
  if (!(fabs(v) <= INT32_MAX)) {
    what.message = "is too large for a whole number";
    what.hint = "declare type: number, or text if it is an id";
    return misfit(r, f, &what);
  }
  r->code[row] = (int32_t)v;
  return v < r->min || v > r->max ? out_of_range(r, f, v) : LUN_OK;
}

static lun_status take_date(lun_reading *r, size_t row, const lun_field *f)
{
  lun_complaint what = { .code = "data.date", .message = "is not a date" };
  lun_date_format format = r->declared ? r->declared->format : LUN_DATE_ISO;
  if (lun_date_parse(f->text, f->size, format, &r->code[row])) return LUN_OK;
  what.hint = lun_date_hint(f, format);
  return misfit(r, f, &what);
}

static lun_status unknown_level(lun_reading *r, const lun_field *f)
{
  char list[200];
  size_t at = 0;
  const lun_texts *levels = &r->declared->levels;
  for (size_t i = 0; i < levels->n && at + 70 < sizeof list; i++) {
    if (i) at += (size_t)(stpcpy(list + at, ", ") - (list + at));
    lun_utf8_show(list + at, 64, levels->text[i], strlen(levels->text[i]));
    at += strlen(list + at);
    if (i + 1 < levels->n && at + 70 >= sizeof list)
      at += (size_t)(stpcpy(list + at, ", ...") - (list + at));
  }
  list[at] = '\0';
  char message[256];
  stpcpy(stpcpy(message, "is not one of the levels "), list);
  lun_complaint what = { .code = "data.level", .message = message, .hint = missing_hint(f) };
  if (!what.hint) what.hint = "correct it, or declare it under levels: or missing:";
  return misfit(r, f, &what);
}

static lun_status repeated_key(lun_reading *r, const lun_field *f, const lun_word *word)
{
  lun_complaint place = { .code = "data.duplicate-id",
                          .line = f->line,
                          .field = r->field,
                          .hint = "declare rows: many if a patient may have several rows" };
  lun_status st = lun_complain(r->complaints, LUN_EDATA, &place,
                               "column %s: the id of line %z is that of line %z already", r->name,
                               f->line, word->line);
  return st == LUN_ENOMEM ? st : LUN_OK;
}

/* Texts behind each other, each with its terminator: code[row] is where the row's begins. */
static lun_status take_text(lun_reading *r, size_t row, const char *text, size_t n)
{
  r->code[row] = (int32_t)(uint32_t)r->texts.size;
  lun_str_push(&r->texts, text, n);
  lun_str_char(&r->texts, '\0');
  return r->texts.status;
}

static int is_text(const lun_reading *r)
{
  return (r->guessed || r->type == LUN_TEXT) && !r->key && !r->opt->words;
}

/* There are more distinct texts than a factor has levels, and nobody will ask which: the first
 * `rows` are put down, and those that follow are not looked up. */
static lun_status become_text(lun_reading *r, size_t rows)
{
  lun_str_init(&r->texts, r->words.pool->env);
  r->type = LUN_TEXT;
  r->sink = LUN_SINK_TEXT;
  for (size_t i = 0; i < rows && r->texts.status == LUN_OK; i++) {
    const lun_word *word = r->code[i] < 0 ? NULL : &r->words.word[r->code[i]];
    if (word) take_text(r, i, word->text, word->size);
    else r->code[i] = (int32_t)LUN_TEXT_MISSING;
  }
  lun_intern_fini(&r->words);
  return r->texts.status;
}

static lun_status take_word(lun_reading *r, size_t row, const lun_field *f)
{
  int32_t code;
  if (r->declared && r->declared->levels.n) {
    code = lun_intern_find(&r->words, f->text, f->size);
    if (code < 0) return unknown_level(r, f);
  } else {
    lun_status st = lun_intern_put(&r->words, f->text, f->size, &code);
    if (st != LUN_OK) return st;
  }
  lun_word *word = &r->words.word[code];
  r->code[row] = code;
  if (word->count++ == 0) word->line = f->line;
  else if (r->unique) return repeated_key(r, f, word);
  return r->words.n > LUN_CSV_LEVELS && is_text(r) ? become_text(r, row + 1) : LUN_OK;
}

static lun_status missing_cell(lun_reading *r, size_t row, const lun_field *f)
{
  switch (r->sink) {
  case LUN_SINK_NUMBER: r->number[row] = (double)NAN; break;
  case LUN_SINK_WORDS: r->code[row] = LUN_CODE_MISSING; break;
  case LUN_SINK_TEXT: r->code[row] = (int32_t)LUN_TEXT_MISSING; break;
  default: r->code[row] = LUN_INT_MISSING;
  }
  if (!r->key) return LUN_OK;
  lun_complaint place = { .code = "data.missing-id", .line = f->line, .field = r->field };
  lun_status st =
      lun_complain(r->complaints, LUN_EDATA, &place, "column %s: the id is missing", r->name);
  return st == LUN_ENOMEM ? st : LUN_OK;
}

lun_status lun_cell_value(lun_reading *r, size_t row, const lun_field *f)
{
  if (r->sink == LUN_SINK_NONE) return LUN_OK;
  r->filled++;
  switch (r->sink) {
  case LUN_SINK_NUMBER: return take_number(r, row, f);
  case LUN_SINK_INTEGER: return take_integer(r, row, f);
  case LUN_SINK_DATE: return take_date(r, row, f);
  case LUN_SINK_TEXT: return take_text(r, row, f->text, f->size);
  default: return take_word(r, row, f);
  }
}

lun_status lun_cell_take(lun_reading *r, size_t row, const lun_field *cell)
{
  lun_field f = *cell;
  if (r->sink == LUN_SINK_NONE) return LUN_OK;
  if (lun_cell_missing(r, &f)) return missing_cell(r, row, &f);
  int mapped = r->declared ? one_of(&r->declared->values, &f) : -1;
  if (mapped >= 0) {
    f.text = r->declared->means.text[mapped];
    f.size = strlen(f.text);
  }
  return lun_cell_value(r, row, &f);
}
