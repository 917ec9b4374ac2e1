/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_notes.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "io/utf8.h"

enum { SHOWN = 64, MAX_NOTES = 50 };

/* --- texts that look alike ------------------------------------------------------------------- */

static int invisible(unsigned code)
{
  return code == 0xAD || code == 0xA0 || code == 0xFEFF || code == 0x2060 || code == 0x3000 ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x2000 && code <= 0x200A) || code == 0x202F;
}

size_t lun_fold_text(char *buf, const char *text, size_t n)
{
  size_t at = 0;
  for (size_t i = 0, length; i < n; i += length) {
    length = lun_utf8_length(text + i, n - i);
    if (length == 0) length = 1;
    unsigned code = lun_utf8_code(text + i, length);
    if (length == 3 && code >= 0xFF01 && code <= 0xFF5E) code -= 0xFEE0;
    if (code == ' ' || code == '\t' || invisible(code)) continue;
    if (code >= 'A' && code <= 'Z') code += 'a' - 'A';
    if (code < 0x80) buf[at++] = (char)code;
    else memcpy(buf + at, text + i, length), at += length;
  }
  return at;
}

void lun_show_invisible(char *buf, size_t room, const char *text, size_t n)
{
  static const char digit[] = "0123456789ABCDEF";
  char seen[3 * SHOWN];
  size_t at = 0;
  for (size_t i = 0, length; i < n && at + 9 < sizeof seen; i += length) {
    length = lun_utf8_length(text + i, n - i);
    if (length == 0) length = 1;
    unsigned code = lun_utf8_code(text + i, length);
    if (length > 1 && invisible(code)) {
      memcpy(seen + at, "<U+0000>", 8);
      for (int k = 0; k < 4; k++) seen[at + 3 + (size_t)k] = digit[code >> (12 - 4 * k) & 15];
      at += 8;
    } else {
      memcpy(seen + at, text + i, length);
      at += length;
    }
  }
  lun_utf8_show(buf, room, seen, at);
}

/* --- notes ----------------------------------------------------------------------------------- */

typedef struct notes {
  lun_env *env;
  lun_csv *out;
  lun_status status;
} notes;

static void note(notes *w, const char *format, ...)
{
  lun_csv *out = w->out;
  if (w->status != LUN_OK || out->nnotes == MAX_NOTES) return;
  va_list ap;
  va_start(ap, format);
  lun_vfail(w->env, LUN_OK, format, ap);
  va_end(ap);
  out->notes[out->nnotes] = lun_pool_text(&out->pool, w->env->msg, strlen(w->env->msg));
  if (out->notes[out->nnotes]) out->nnotes++;
  else w->status = LUN_ENOMEM;
}

static void alike(notes *w, const lun_reading *r, const lun_word *a, const lun_word *b)
{
  char first[SHOWN], second[SHOWN];
  if (r->key) {
    note(
        w,
        "column %s: the ids of lines %z and %z differ only in case, blanks or invisible characters",
        r->name, a->line, b->line);
    return;
  }
  lun_show_invisible(first, sizeof first, a->text, a->size);
  lun_show_invisible(second, sizeof second, b->text, b->size);
  note(w, "column %s: \"%s\" (line %z) and \"%s\" (line %z) look alike but are different values",
       r->name, first, a->line, second, b->line);
}

static void look_alikes(notes *w, const lun_reading *r)
{
  lun_pool work;
  lun_intern folded = { 0 };
  lun_pool_init(&work, w->env);
  char *buf = LUN_RAW(&work, char, LUN_CSV_FIELD);
  size_t *first = LUN_NEW(&work, size_t, r->words.n);
  if (!buf || !first || lun_intern_init(&folded, &work) != LUN_OK) w->status = LUN_ENOMEM;
  for (size_t i = 0; i < r->words.n && w->status == LUN_OK; i++) {
    int32_t code;
    const lun_word *word = &r->words.word[i];
    if (word->count == 0) continue; /* a declared level that does not occur */
    size_t n = lun_fold_text(buf, word->text, word->size);
    if ((w->status = lun_intern_put(&folded, buf, n, &code)) != LUN_OK) break;
    if (folded.word[code].count++ == 0) first[code] = i;
    else alike(w, r, &r->words.word[first[code]], word);
  }
  lun_intern_fini(&folded);
  lun_pool_fini(&work);
}

int lun_all_nines(double v)
{
  v = fabs(v);
  return v == 99 || v == 999 || v == 9999 || v == 99999 || v == 999999;
}

/* The largest values of a column times sign (1, or -1 for the smallest): two distinct ones. */
typedef struct extremes {
  double sign, top, next;
  size_t count; /* of top */
} extremes;

static inline void extend(extremes *x, double value)
{
  double v = x->sign * value;
  if (!(v > x->next)) return;
  if (v == x->top) {
    x->count++;
  } else if (v > x->top) {
    x->next = x->top;
    x->top = v;
    x->count = 1;
  } else {
    x->next = v;
  }
}

/* Whether the largest or the smallest value is all nines: nearly always not, and soon known. */
static int ends_in_nines(const double *x, size_t n)
{
  double high = -HUGE_VAL, low = HUGE_VAL;
  for (size_t i = 0; i < n; i++) {
    high = x[i] > high ? x[i] : high;
    low = x[i] < low ? x[i] : low;
  }
  return lun_all_nines(high) || lun_all_nines(low);
}

static void nines(notes *w, const lun_reading *r)
{
  extremes high = { 1, -HUGE_VAL, -HUGE_VAL, 0 }, low = { -1, -HUGE_VAL, -HUGE_VAL, 0 };
  if (!ends_in_nines(r->col->v.number, r->col->n)) return;
  for (size_t i = 0; i < r->col->n; i++) {
    extend(&high, r->col->v.number[i]);
    extend(&low, r->col->v.number[i]);
  }
  if (lun_all_nines(high.top) && high.next > -HUGE_VAL && high.top > 2 * high.next)
    note(
        w,
        "column %s: %g stands %z times, far outside the rest (up to %g): a code for missing? It is "
        "read as a number",
        r->name, high.top, high.count, high.next);
  if (lun_all_nines(low.top) && low.top > 0 && low.next <= 0)
    note(
        w,
        "column %s: %g stands %z times, the only negative value: a code for missing? It is read as "
        "a number",
        r->name, -low.top, low.count);
}

static void placeholders(notes *w, const lun_reading *r)
{
  static const struct {
    int year, month, day;
    const char *iso;
  } known[] = { { 1900, 1, 1, "1900-01-01" },
                { 1899, 12, 30, "1899-12-30" },
                { 1970, 1, 1, "1970-01-01" },
                { 9999, 12, 31, "9999-12-31" } };
  for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
    int32_t days = lun_date_days(known[k].year, known[k].month, known[k].day);
    size_t count = 0;
    for (size_t i = 0; i < r->col->n; i++) count += r->col->v.code[i] == days;
    if (count)
      note(w, "column %s: %s stands %z times: a placeholder for a missing date?", r->name,
           known[k].iso, count);
  }
}

lun_status lun_csv_notes(lun_env *env, lun_csv *out, const lun_reading *column, size_t ncol)
{
  notes w = { .env = env, .out = out };
  out->notes = LUN_NEW(&out->pool, const char *, MAX_NOTES);
  if (!out->notes) return LUN_ENOMEM;
  for (size_t i = 0; i < ncol && w.status == LUN_OK; i++) {
    const lun_reading *r = &column[i];
    if (r->misfit_line)
      note(&w,
           "column %s is read as text: line %z holds \"%s\", unlike the values before it; declare "
           "its type",
           r->name, r->misfit_line, r->misfit);
    if (r->filled == 0) note(&w, "column %s: all values are missing", r->name);
    if (r->col->type == LUN_NUMBER) nines(&w, r);
    if (r->col->type == LUN_DATE) placeholders(&w, r);
    if (r->key || r->type == LUN_FACTOR) look_alikes(&w, r);
  }
  return w.status;
}
