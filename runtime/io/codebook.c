/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/codebook.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "io/csv_cells.h"
#include "io/csv_notes.h"

enum { FORMATS = LUN_DATE_DOTS + 1 }; /* Excel serials are numbers until somebody says otherwise */

/* How many values read as what. */
typedef struct tally {
  size_t all, number, whole, date[FORMATS];
} tally;

static void count_word(tally *c, const lun_word *w)
{
  double v;
  int32_t day;
  c->all += w->count;
  if (lun_num_parse(w->text, w->size, '.', &v)) {
    c->number += w->count;
    if (v == floor(v) && fabs(v) <= INT32_MAX) c->whole += w->count;
  }
  for (int f = 0; f < FORMATS; f++) {
    if (lun_date_parse(w->text, w->size, (lun_date_format)f, &day)) c->date[f] += w->count;
  }
}

static int most(size_t part, size_t all)
{
  return all > 0 && 5 * part >= 4 * all;
}

static void propose(lun_codebook *out, const tally *c)
{
  int best = 0;
  for (int f = 1; f < FORMATS; f++) {
    if (c->date[f] > c->date[best]) best = f;
  }
  out->format = (lun_date_format)best;
  if (c->all == 0) out->type = LUN_NUMBER;
  else if (most(c->date[best], c->all)) out->type = LUN_DATE;
  else if (most(c->number, c->all)) out->type = c->whole == c->number ? LUN_INTEGER : LUN_NUMBER;
  else out->type = out->distinct <= LUN_CSV_LEVELS ? LUN_FACTOR : LUN_TEXT;
}

static void suspect(lun_codebook *out, const lun_word *w, const char *why)
{
  if (out->nsuspects == LUN_CODEBOOK_SUSPECTS) {
    out->more++;
    return;
  }
  out->suspect[out->nsuspects++] = (lun_suspect){ w->text, why, w->line, w->count };
}

static void extend(lun_codebook *out, double v)
{
  if (!(v >= out->min)) out->min = v;
  if (!(v <= out->max)) out->max = v;
}

static void look_at_numbers(lun_codebook *out, const lun_intern *words)
{
  const lun_word *nines = NULL;
  double nine = 0;
  for (size_t i = 0; i < words->n; i++) {
    const lun_word *w = &words->word[i];
    lun_field f = { w->text, w->size, w->line };
    double v;
    if (!lun_num_parse(w->text, w->size, '.', &v)) {
      const char *hint = lun_number_hint(&f, '.');
      suspect(out, w, hint ? hint : "not a number");
      continue;
    }
    if (lun_all_nines(v) && fabs(v) > fabs(nine)) {
      if (nines) extend(out, nine);
      nines = w;
      nine = v;
    } else {
      extend(out, v);
    }
  }
  if (nines && (nine > 2 * out->max || (nine < 0 && out->min >= 0)))
    suspect(out, nines, "far outside the rest: a code for missing?");
  else if (nines) extend(out, nine);
  if (strcasestr(out->name, "date") && out->min >= 20000 && out->max <= 60000)
    suspect(out, &words->word[0],
            "an Excel serial number? declare format: excel-1900 or excel-1904");
}

static int placeholder(int32_t days)
{
  return days == lun_date_days(1900, 1, 1) || days == lun_date_days(1899, 12, 30) ||
         days == lun_date_days(9999, 12, 31) || days == lun_date_days(1970, 1, 1);
}

static void look_at_dates(lun_codebook *out, const lun_intern *words, const tally *c)
{
  for (size_t i = 0; i < words->n; i++) {
    const lun_word *w = &words->word[i];
    lun_field f = { w->text, w->size, w->line };
    int32_t days;
    if (!lun_date_parse(w->text, w->size, out->format, &days)) {
      suspect(out, w, lun_date_hint(&f, out->format));
      continue;
    }
    if (placeholder(days)) suspect(out, w, "a placeholder for a missing date?");
    else extend(out, days);
  }
  if (c->date[LUN_DATE_DMY] && c->date[LUN_DATE_DMY] == c->date[LUN_DATE_MDY])
    suspect(out, &words->word[0], "day or month first? the values do not say");
}

static int by_count(const void *a, const void *b)
{
  const lun_word *x = *(const lun_word *const *)a, *y = *(const lun_word *const *)b;
  if (x->count != y->count) return x->count > y->count ? -1 : 1;
  return strcmp(x->text, y->text);
}

static lun_status list_levels(lun_pool *pool, lun_codebook *out, const lun_intern *words)
{
  out->levels = LUN_NEW(pool, const lun_word *, words->n);
  if (!out->levels) return LUN_ENOMEM;
  for (size_t i = 0; i < words->n; i++) out->levels[i] = &words->word[i];
  qsort(out->levels, words->n, sizeof *out->levels, by_count);
  out->nlevels = words->n;
  return LUN_OK;
}

lun_status lun_codebook_column(lun_pool *pool, lun_codebook *out, const lun_csv *csv, size_t i)
{
  const lun_intern *words = &csv->words[i];
  tally c = { 0 };
  memset(out, 0, sizeof *out);
  out->name = csv->names[i];
  out->missing = csv->missing[i];
  out->distinct = words->n;
  out->min = out->max = (double)NAN;
  for (size_t k = 0; k < words->n; k++) count_word(&c, &words->word[k]);
  propose(out, &c);
  switch (out->type) {
  case LUN_NUMBER:
  case LUN_INTEGER: look_at_numbers(out, words); return LUN_OK;
  case LUN_DATE: look_at_dates(out, words, &c); return LUN_OK;
  case LUN_FACTOR: return list_levels(pool, out, words);
  default: return LUN_OK;
  }
}
