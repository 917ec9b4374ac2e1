/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "onco/lesions.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/order.h"
#include "data/date.h"

/* --- refusals -------------------------------------------------------------------------------- */

typedef struct complaint {
  const char *name, *says; /* says may hold one %g, the value */
} complaint;

static const complaint COMPLAINTS[] = {
  { "", "" },
  { "bad-date", "the date is missing or does not exist: write YYYY-MM-DD" },
  { "bad-role", "the role must be target, nontarget, new, new-nontarget or visit" },
  { "bad-status", "the state is not one that this role can have" },
  { "bad-pattern", "the pattern must be typical, atypical, cytology-positive or cytology-none" },
  { "bad-size", "the size is not a number" },
  { "non-finite-size", "the size is not a finite number" },
  { "negative-size", "the size %g mm is negative" },
  { "size-out-of-range", "the size %g mm is impossible: is it in millimetres?" },
  { "bad-lesion", "the lesion has no name" },
  { "visit-before-baseline", "the assessment is dated before the baseline" },
  { "assessment-after-death", "the assessment is dated after death" },
  { "duplicate-lesion", "the lesion is listed twice at baseline" },
  { "baseline-target-missing", "the target lesion has no size at baseline" },
  { "baseline-target-not-measurable",
    "%g mm at baseline is too small for a target lesion: make it a non-target lesion" },
  { "too-many-targets", "there are more target lesions than the criteria allow (%g)" },
  { "too-many-targets-per-organ",
    "there are more target lesions in one organ than the criteria allow (%g)" },
  { "unknown-lesion", "the lesion was not there in this role at baseline: a lesion seen first now "
                      "has the role new" },
  { "duplicate-conflict", "the lesion has two different entries at one visit" },
};

const char *lun_refusal_name(lun_refusal_code code)
{
  return COMPLAINTS[code].name;
}

lun_status lun_refusal_fail(lun_env *env, const lun_refusal *r, const char *subject)
{
  const complaint *c = &COMPLAINTS[r->code];
  char says[160], number[LUN_NUM_MAX], *hole;
  size_t length = strlen(c->says);
  memcpy(says, c->says, length + 1);
  if ((hole = strstr(says, "%g"))) {
    size_t n = lun_num_shortest(number, r->value);
    if (n > 24) n = 24;
    memmove(hole + n, hole + 2, strlen(hole + 2) + 1);
    memcpy(hole, number, n);
  }
  return lun_fail(env, LUN_EDATA, "[data.%s] patient %s, row %z%s%s: %s%s%s%s", c->name, subject,
                  r->row + 1, r->lesion ? ", lesion " : "", r->lesion ? r->lesion : "", says,
                  r->text ? ", found \"" : "", r->text ? r->text : "", r->text ? "\"" : "");
}

void lun_lesions_refuse(lun_lesions *t, size_t subject, lun_refusal_code code,
                        const lun_lesion_row *at, double value)
{
  lun_refusal *r = &t->refused[subject];
  if (r->code != LUN_REFUSE_NOTHING) return;
  *r = (lun_refusal){ .code = code, .value = value, .row = at ? at->row : 0 };
  if (at && at->lesion >= 0) r->lesion = t->lesion->levels->names[at->lesion];
}

/* --- words ----------------------------------------------------------------------------------- */

/* A column of words: of a factor each level is looked up once. */
typedef struct decoder {
  const lun_col *col; /* NULL: never says anything */
  const lun_word *words, *unsaid;
  const lun_word **level;
} decoder;

static lun_status open_decoder(lun_pool *pool, decoder *d, const lun_col *col,
                               const lun_word *words)
{
  *d = (decoder){ col, words, lun_word_find(words, ""), NULL };
  if (!col || col->type != LUN_FACTOR) return LUN_OK;
  d->level = LUN_NEW(pool, const lun_word *, col->levels->n);
  if (!d->level) return LUN_ENOMEM;
  for (size_t i = 0; i < col->levels->n; i++)
    d->level[i] = lun_word_find(words, col->levels->names[i]);
  return LUN_OK;
}

/* The word of a row; NULL when it is none of those known. */
static const lun_word *decode(const decoder *d, size_t row)
{
  if (!d->col) return d->unsaid;
  if (d->level) return d->col->v.code[row] < 0 ? d->unsaid : d->level[d->col->v.code[row]];
  const char *text = lun_col_str(d->col, row);
  return text ? lun_word_find(d->words, text) : d->unsaid;
}

static int yes(const lun_col *col, size_t row)
{
  static const char *const words[] = { "yes", "true", "Y", "y", "1", "TRUE" };
  if (!col || lun_col_missing(col, row)) return 0;
  if (col->type != LUN_TEXT && col->type != LUN_FACTOR) return lun_col_double(col, row) != 0;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (strcmp(words[i], lun_col_str(col, row)) == 0) return 1;
  }
  return 0;
}

/* --- one row --------------------------------------------------------------------------------- */

typedef struct reader {
  const lun_lesion_columns *c;
  lun_lesions *t;
  double limit_mm;
  decoder role, state, site, pattern;
} reader;

static void refuse(reader *r, const lun_lesion_row *at, lun_refusal_code code, double value,
                   const char *text)
{
  size_t subject = (size_t)r->c->subject[at->row];
  int first = r->t->refused[subject].code == LUN_REFUSE_NOTHING;
  lun_lesions_refuse(r->t, subject, code, at, value);
  if (first) r->t->refused[subject].text = text;
}

static void read_date(reader *r, lun_lesion_row *out)
{
  const lun_col *col = r->c->date;
  if (col->type == LUN_TEXT || col->type == LUN_FACTOR) {
    const char *text = lun_col_str(col, out->row);
    if (!text || !lun_date_parse(text, strlen(text), LUN_DATE_ISO, &out->date))
      refuse(r, out, LUN_REFUSE_BAD_DATE, NAN, text);
  } else if ((out->date = col->v.code[out->row]) == LUN_INT_MISSING) {
    refuse(r, out, LUN_REFUSE_BAD_DATE, NAN, NULL);
  }
}

/* Millionths of a millimetre: exact for any size written with up to six decimals. */
static int64_t size_of(reader *r, const lun_lesion_row *at, double mm)
{
  if (isnan(mm)) return LUN_SIZE_MISSING;
  if (isinf(mm)) return refuse(r, at, LUN_REFUSE_NON_FINITE, mm, NULL), LUN_SIZE_MISSING;
  if (mm < 0) return refuse(r, at, LUN_REFUSE_NEGATIVE, mm, NULL), LUN_SIZE_MISSING;
  if (mm > r->limit_mm) return refuse(r, at, LUN_REFUSE_OUT_OF_RANGE, mm, NULL), LUN_SIZE_MISSING;
  return (int64_t)(mm * LUN_MM + 0.5);
}

/* A text cell: a number, or a word such as TSM or NE that says what the size is not. */
static int64_t size_of_text(reader *r, lun_lesion_row *at, const char *text)
{
  static const char *const endless[] = {
    "NaN", "nan", "Infinity", "inf", "Inf", "-Infinity", "-inf"
  };
  double mm;
  if (!text || !*text) return LUN_SIZE_MISSING;
  if (lun_num_parse(text, strlen(text), '.', &mm)) return size_of(r, at, mm);
  for (size_t i = 0; i < sizeof endless / sizeof *endless; i++) {
    if (strcmp(endless[i], text) == 0)
      return refuse(r, at, LUN_REFUSE_NON_FINITE, NAN, text), LUN_SIZE_MISSING;
  }
  const lun_word *word = lun_word_find(LUN_STATE_WORDS, text);
  if (word && word->value == LUN_STATE_NE && at->state == LUN_STATE_FRAGMENT)
    return LUN_SIZE_MISSING; /* then the whole lesion was not assessed */
  if (word && (word->value == LUN_STATE_TSM || word->value == LUN_STATE_NE))
    at->state = (uint8_t)word->value;
  else refuse(r, at, LUN_REFUSE_BAD_SIZE, NAN, text);
  return LUN_SIZE_MISSING;
}

static int64_t read_size(reader *r, lun_lesion_row *out, const lun_col *col)
{
  if (!col) return LUN_SIZE_MISSING;
  if (col->type == LUN_NUMBER) return size_of(r, out, col->v.number[out->row]);
  if (col->type == LUN_INTEGER) return size_of(r, out, lun_col_double(col, out->row));
  return size_of_text(r, out, lun_col_str(col, out->row));
}

static void read_words(reader *r, lun_lesion_row *out)
{
  const lun_word *role = decode(&r->role, out->row), *state = decode(&r->state, out->row),
                 *site = decode(&r->site, out->row), *pattern = decode(&r->pattern, out->row);
  if (!role) refuse(r, out, LUN_REFUSE_BAD_ROLE, NAN, lun_col_str(r->role.col, out->row));
  else out->role = (uint8_t)role->value;
  if (!state || !(state->roles >> out->role & 1))
    refuse(r, out, LUN_REFUSE_BAD_STATUS, NAN, lun_col_str(r->state.col, out->row));
  else out->state = (uint8_t)state->value;
  if (!pattern) refuse(r, out, LUN_REFUSE_BAD_PATTERN, NAN, lun_col_str(r->pattern.col, out->row));
  else out->pattern = (uint8_t)pattern->value;
  if (out->role == LUN_TARGET && out->state == LUN_STATE_UNSAID) out->state = LUN_STATE_MEASURED;
  out->site = site ? (uint8_t)site->value : LUN_SITE_OTHER;
}

static void read_row(reader *r, size_t row, lun_lesion_row *out)
{
  const lun_lesion_columns *c = r->c;
  *out = (lun_lesion_row){ .row = (uint32_t)row, .lesion = c->lesion->v.code[row], .organ = -1 };
  read_words(r, out);
  read_date(r, out);
  if (out->lesion < 0 && out->role != LUN_VISIT) refuse(r, out, LUN_REFUSE_NO_LESION, NAN, NULL);
  if (c->organ) out->organ = c->organ->v.code[row];
  out->node = (uint8_t)yes(c->node, row);
  out->baseline = (uint8_t)yes(c->baseline, row);
  out->visit = out->date;
  if (c->visit && !lun_col_missing(c->visit, row))
    out->visit = (int32_t)lun_col_double(c->visit, row);
  out->size[0] = read_size(r, out, c->mm);
  out->size[1] = read_size(r, out, c->viable);
}

/* --- the table ------------------------------------------------------------------------------- */

static lun_status open_reader(lun_pool *pool, reader *r)
{
  const lun_lesion_columns *c = r->c;
  static const lun_word none[] = { { "", LUN_SITE_OTHER, 0 }, { NULL, 0, 0 } };
  lun_status st = open_decoder(pool, &r->role, c->role, LUN_ROLE_WORDS);
  if (st == LUN_OK) st = open_decoder(pool, &r->state, c->state, LUN_STATE_WORDS);
  if (st == LUN_OK) st = open_decoder(pool, &r->site, c->organ, c->organ ? LUN_SITE_WORDS : none);
  if (st == LUN_OK) st = open_decoder(pool, &r->pattern, c->pattern, LUN_PATTERN_WORDS);
  return st;
}

/* Rows in order of visit within subject: a stable sort by visit, then a count by subject. */
static lun_status sort_rows(lun_env *env, lun_pool *pool, lun_lesions *t,
                            const lun_lesion_columns *c, const lun_lesion_row *rows)
{
  lun_pool work;
  lun_pool_init(&work, env);
  lun_status st = LUN_ENOMEM;
  size_t n = t->n, *index = LUN_NEW(&work, size_t, n),
         *next = LUN_NEW(&work, size_t, t->subjects + 1);
  int32_t *key = LUN_NEW(&work, int32_t, n);
  t->row = LUN_NEW(pool, lun_lesion_row, n);
  t->first = LUN_NEW(pool, size_t, t->subjects + 1);
  if (!index || !next || !key || !t->row || !t->first) goto done;
  for (size_t i = 0; i < n; i++) key[i] = rows[i].visit;
  if ((st = lun_order_ints(env, index, key, n)) != LUN_OK) goto done;
  for (size_t i = 0; i < n; i++) t->first[c->subject[i] + 1]++;
  for (size_t i = 0; i < t->subjects; i++) t->first[i + 1] += t->first[i];
  memcpy(next, t->first, (t->subjects + 1) * sizeof *next);
  for (size_t i = 0; i < n; i++) t->row[next[c->subject[index[i]]]++] = rows[index[i]];
done:
  lun_pool_fini(&work);
  return st;
}

lun_status lun_lesions_read(lun_env *env, lun_pool *pool, lun_lesions *out,
                            const lun_lesion_columns *c, size_t subjects, double size_limit_mm)
{
  lun_pool work;
  reader r = { .c = c, .t = out, .limit_mm = size_limit_mm };
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, env);
  *out = (lun_lesions){ .subjects = subjects,
                        .n = c->n,
                        .lesion = c->lesion,
                        .organ = c->organ,
                        .lesion_names = c->lesion->levels->n,
                        .has_baseline = c->baseline != NULL,
                        .organ_names = c->organ ? c->organ->levels->n : 0 };
  lun_lesion_row *rows = LUN_NEW(&work, lun_lesion_row, c->n);
  out->refused = LUN_NEW(pool, lun_refusal, subjects);
  if (!rows || !out->refused) goto done;
  if ((st = open_reader(&work, &r)) != LUN_OK) goto done;
  for (size_t i = 0; i < c->n; i++) read_row(&r, i, &rows[i]);
  if ((st = lun_env_check(env)) != LUN_OK) goto done;
  st = sort_rows(env, pool, out, c, rows);
done:
  lun_pool_fini(&work);
  return st;
}
