/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "onco/walk.h"

#include <math.h>
#include <string.h>

#include "base/num.h"

const lun_recist_options LUN_RECIST_DEFAULTS = {
  .max_targets = 5,
  .max_per_organ = 2,
  .min_target_mm = 10,
  .min_node_mm = 15,
  .tsm_mm = 5,
  .size_limit_mm = 500,
  .normal_node_mm = 10,
  .pr_percent = 30,
  .pd_percent = 20,
  .pd_min_mm = { 5, 0 },
  .irecist_confirm_days = 28,
  .min_sd_days = 42,
  .confirm_days = 28,
  .max_ne = 1,
  .accept_sd = 0,
  .interval_days = 56,
  .window_days = 7,
  .therapy_day_counts = 1,
};

double lun_recist_percent(int64_t now, int64_t from)
{
  if (now < 0 || from <= 0) return NAN;
  return 100.0 * (double)(now - from) / (double)from;
}

int lun_recist_progressed(int64_t sum, int64_t nadir, int percent, double min_mm)
{
  if (sum < 0 || nadir < 0 || sum <= nadir) return 0;
  return 100 * sum >= (100 + percent) * nadir && sum - nadir >= (int64_t)(min_mm * LUN_MM + 0.5);
}

int lun_recist_shrunk(int64_t sum, int64_t baseline, int percent)
{
  return sum >= 0 && baseline > 0 && 100 * sum <= (100 - percent) * baseline;
}

/* --- lesions --------------------------------------------------------------------------------- */

static lun_slot *add(lun_walk *w, const lun_lesion_row *row)
{
  lun_slot *s = &w->slots[w->n_slots];
  *s = (lun_slot){ .lesion = row->lesion,
                   .organ = row->node ? NODES : row->organ,
                   .visit = -1,
                   .role = row->role,
                   .node = row->node };
  w->seen[row->lesion] = (uint32_t)w->subject + 1;
  w->slot_of[row->lesion] = (int32_t)w->n_slots++;
  return s;
}

static void add_baseline_target(lun_walk *w, const lun_lesion_row *row)
{
  lun_slot *s = add(w, row);
  w->n_targets++;
  s->has_viable = row->size[LUN_VIABLE] >= 0;
  for (int m = 0; m < LUN_MEASURES; m++)
    s->baseline[m] = lun_walk_counted(w, row, m, s->has_viable);
  double min_mm = row->node ? w->o->min_node_mm : w->o->min_target_mm;
  if (s->baseline[LUN_TOTAL] < 0) lun_walk_refuse(w, LUN_REFUSE_BASELINE_MISSING, row, NAN);
  else if (s->baseline[LUN_TOTAL] < lun_walk_units(min_mm))
    lun_walk_refuse(w, LUN_REFUSE_NOT_MEASURABLE, row, (double)s->baseline[LUN_TOTAL] / LUN_MM);
}

static void check_limits(lun_walk *w, const lun_lesion_row *row)
{
  int in_organ = 0, max = w->o->max_per_organ;
  const lun_slot *last = &w->slots[w->n_slots - 1];
  if (w->o->max_targets > 0 && w->n_targets > (size_t)w->o->max_targets)
    lun_walk_refuse(w, LUN_REFUSE_TOO_MANY, row, w->o->max_targets);
  if (last->organ == -1 || max <= 0) return;
  for (size_t i = 0; i < w->n_slots; i++)
    in_organ += w->slots[i].role == LUN_TARGET && w->slots[i].organ == last->organ;
  if (in_organ > max) lun_walk_refuse(w, LUN_REFUSE_TOO_MANY_PER_ORGAN, row, max);
}

static void read_baseline(lun_walk *w, const lun_mark *mark)
{
  for (size_t i = mark->from; i < mark->to && !lun_walk_refused(w); i++) {
    const lun_lesion_row *row = &w->t->row[i];
    if (row->role == LUN_VISIT) continue;
    if (lun_walk_is_new(row->role)) lun_walk_refuse(w, LUN_REFUSE_BAD_ROLE, row, NAN);
    else if (lun_walk_find(w, row->lesion))
      lun_walk_refuse(w, LUN_REFUSE_DUPLICATE_LESION, row, NAN);
    else if (row->role == LUN_TARGET) add_baseline_target(w, row), check_limits(w, row);
    else add(w, row), w->n_nontargets++;
  }
}

/* Whether this row of a new lesion proves it for mRECIST: a liver nodule of 10 mm with the typical
 * pattern, or grown by 10 mm without it; an effusion with positive cytology; a node at the porta
 * hepatis of 20 mm, another of 15 mm; elsewhere as for RECIST. */
static int proves_mrecist(const lun_slot *s, const lun_lesion_row *row)
{
  int64_t size = row->size[LUN_TOTAL];
  switch (row->site) {
  case LUN_SITE_LIVER:
    if (row->pattern == LUN_PATTERN_TYPICAL) return size >= 10 * LUN_MM;
    if (row->pattern == LUN_PATTERN_ATYPICAL)
      return s->first_size >= 0 && size - s->first_size >= 10 * LUN_MM;
    break;
  case LUN_SITE_PORTA_NODE: return size >= 20 * LUN_MM;
  case LUN_SITE_NODE: return size >= 15 * LUN_MM;
  case LUN_SITE_EFFUSION: return row->pattern == LUN_PATTERN_CYTOLOGY_POSITIVE;
  default: break;
  }
  return row->state == LUN_STATE_UNSAID || row->state == LUN_STATE_UNEQUIVOCAL ||
         row->state == LUN_STATE_INCREASE;
}

/* New lesions, over all visits: what they prove to be in the end counts from the beginning. */
static void read_new(lun_walk *w, size_t from, size_t n)
{
  for (size_t v = 0; v < n; v++) {
    const lun_mark *mark = &w->marks[from + v];
    for (size_t i = mark->from; i < mark->to; i++) {
      const lun_lesion_row *row = &w->t->row[i];
      if (!lun_walk_is_new(row->role)) continue;
      lun_slot *s = lun_walk_find(w, row->lesion);
      if (!s) {
        s = add(w, row);
        s->first_visit = (int32_t)v, s->first_date = row->date,
        s->first_size = row->size[LUN_TOTAL];
      } else if (!lun_walk_is_new(s->role)) {
        lun_walk_refuse(w, LUN_REFUSE_DUPLICATE_LESION, row, NAN);
        return;
      }
      if (row->state == LUN_STATE_BENIGN) s->proven[LUN_TOTAL] = s->proven[LUN_VIABLE] = 0;
      if (row->state == LUN_STATE_UNSAID || row->state == LUN_STATE_UNEQUIVOCAL ||
          row->state == LUN_STATE_INCREASE)
        s->proven[LUN_TOTAL] = 1;
      if (row->state != LUN_STATE_BENIGN && proves_mrecist(s, row)) s->proven[LUN_VIABLE] = 1;
    }
  }
}

/* --- one subject ----------------------------------------------------------------------------- */

static int32_t date_of(const int32_t *dates, size_t i)
{
  return dates ? dates[i] : LUN_INT_MISSING;
}

/* The visits of rows from .. to-1, in order of date; returns how many. */
static size_t mark_visits(lun_walk *w, size_t from, size_t to)
{
  size_t n = 0;
  for (size_t i = from; i < to; i++) {
    const lun_lesion_row *row = &w->t->row[i];
    lun_mark *m = n ? &w->marks[n - 1] : NULL;
    if (!m || w->t->row[m->from].visit != row->visit) {
      m = &w->marks[n++];
      *m = (lun_mark){ .from = i, .date = row->date, .last = row->date };
    }
    m->to = i + 1;
    m->baseline |= row->baseline;
    m->symptoms |= row->role == LUN_VISIT && row->state == LUN_STATE_SYMPTOMS;
    if (row->date > m->last) m->last = row->date;
    if (row->date < m->date) m->date = row->date;
  }
  /* a row of role visit says the visit's own date */
  for (size_t v = 0; v < n; v++)
    for (size_t i = w->marks[v].from; i < w->marks[v].to; i++)
      if (w->t->row[i].role == LUN_VISIT) w->marks[v].date = w->t->row[i].date;
  for (size_t v = 1; v < n; v++) {
    lun_mark m = w->marks[v];
    size_t k = v;
    for (; k > 0 && w->marks[k - 1].date > m.date; k--) w->marks[k] = w->marks[k - 1];
    w->marks[k] = m;
  }
  return n;
}

/* Number of the baseline visit: the one that is flagged; else the last one up to the start; without
 * a start the first. n when there is none. */
static size_t baseline_visit(const lun_walk *w, size_t n)
{
  int32_t start = date_of(w->who->start, w->subject);
  size_t found = n;
  if (w->t->has_baseline) {
    for (size_t v = 0; v < n; v++)
      if (w->marks[v].baseline) found = v;
    return found;
  }
  if (!w->who->start) return 0;
  for (size_t v = 0; v < n; v++)
    if (w->marks[v].date <= start) found = v;
  return found;
}

static void check_dates(lun_walk *w, size_t n, size_t baseline)
{
  int32_t death = date_of(w->who->death, w->subject);
  for (size_t v = 0; v < n; v++) {
    const lun_mark *m = &w->marks[v];
    if (baseline < n && v < baseline)
      lun_walk_refuse(w, LUN_REFUSE_VISIT_BEFORE_BASELINE, &w->t->row[m->from], NAN);
    for (size_t i = m->from; death != LUN_INT_MISSING && m->last > death && i < m->to; i++)
      if (w->t->row[i].date > death) lun_walk_refuse(w, LUN_REFUSE_AFTER_DEATH, &w->t->row[i], NAN);
  }
}

static void sum_baseline(const lun_walk *w, lun_subject *s)
{
  for (int m = 0; m < LUN_MEASURES; m++) {
    s->baseline[m] = LUN_SIZE_MISSING;
    for (size_t i = 0; i < w->n_slots; i++) {
      const lun_slot *k = &w->slots[i];
      if (k->role == LUN_TARGET)
        s->baseline[m] = (s->baseline[m] < 0 ? 0 : s->baseline[m]) + k->baseline[m];
    }
  }
}

static void assess_subject(lun_walk *w, lun_subject *s)
{
  size_t from = w->t->first[w->subject], n;
  w->n_slots = w->n_targets = w->n_nontargets = 0;
  *s = (lun_subject){ .first = w->out->visits,
                      .iprogression_date = LUN_INT_MISSING,
                      .baseline_date = LUN_INT_MISSING,
                      .baseline = { LUN_SIZE_MISSING, LUN_SIZE_MISSING } };
  s->start = date_of(w->who->start, w->subject);
  if (lun_walk_refused(w)) return;
  n = mark_visits(w, from, w->t->first[w->subject + 1]);
  size_t baseline = baseline_visit(w, n), after = baseline < n ? baseline + 1 : 0;
  check_dates(w, n, baseline);
  if (baseline < n) {
    s->has_baseline = 1;
    s->baseline_date = w->marks[baseline].date;
    if (!w->who->start) s->start = s->baseline_date;
    read_baseline(w, &w->marks[baseline]);
    sum_baseline(w, s);
  }
  if (s->start == LUN_INT_MISSING && n > 0)
    lun_walk_refuse(w, LUN_REFUSE_BAD_DATE, &w->t->row[from], NAN);
  s->n = n - after;
  if (!lun_walk_refused(w) && s->has_baseline) read_new(w, after, s->n);
  if (!lun_walk_refused(w)) lun_walk_visits(w, s, after);
  if (lun_walk_refused(w)) {
    s->n = 0;
    return;
  }
  w->out->visits += s->n;
  lun_irecist_walk(s, &w->out->visit[s->first], w->signals, s->n, w->o);
  lun_imrecist_walk(s, &w->out->visit[s->first], w->signals, s->n, w->o);
}

/* --- all subjects ---------------------------------------------------------------------------- */

static lun_status open_walk(lun_pool *pool, lun_walk *w)
{
  size_t most = 0, visits = 0;
  for (size_t i = 0; i < w->t->subjects; i++) {
    size_t n = w->t->first[i + 1] - w->t->first[i];
    if (n > most) most = n;
  }
  for (size_t i = 0; i < w->t->n; i++)
    visits += i == 0 || w->t->row[i].visit != w->t->row[i - 1].visit;
  visits += w->t->subjects; /* neighbours may end and begin with the same visit number */
  w->slots = LUN_NEW(pool, lun_slot, most + 1);
  w->marks = LUN_NEW(pool, lun_mark, most + 1);
  w->signals = LUN_NEW(pool, lun_signals, most + 1);
  w->slot_of = LUN_NEW(pool, int32_t, w->t->lesion_names);
  w->seen = LUN_NEW(pool, uint32_t, w->t->lesion_names);
  w->out->visit = LUN_NEW(&w->out->pool, lun_visit, visits);
  w->out->subject = LUN_NEW(&w->out->pool, lun_subject, w->t->subjects);
  return w->slots && w->marks && w->signals && w->slot_of && w->seen && w->out->visit &&
                 w->out->subject
             ? LUN_OK
             : LUN_ENOMEM;
}

const char *lun_subjects_name(const lun_subjects *who, size_t i, char number[LUN_NUM_MAX])
{
  const lun_col *name = who->name;
  int words = name && (name->type == LUN_TEXT || name->type == LUN_FACTOR);
  if (words && !lun_col_missing(name, i)) return lun_col_str(name, i);
  if (!name || words || lun_col_missing(name, i)) lun_num_integer(number, (long long)i + 1);
  else lun_num_shortest(number, lun_col_double(name, i));
  return number;
}

static lun_status complain(lun_env *env, const lun_walk *w)
{
  char number[LUN_NUM_MAX];
  return lun_refusal_fail(env, &w->t->refused[w->subject],
                          lun_subjects_name(w->who, w->subject, number));
}

static lun_status walk_subjects(lun_env *env, lun_walk *w)
{
  lun_status st = LUN_OK;
  for (w->subject = 0; w->subject < w->t->subjects; w->subject++) {
    lun_subject *s = &w->out->subject[w->subject];
    assess_subject(w, s);
    if (lun_walk_refused(w)) {
      if (!w->o->exclude) return complain(env, w);
      s->refused = 1;
      w->out->refusals++;
    }
    if (w->subject % 1024 == 0 && (st = lun_env_check(env)) != LUN_OK) return st;
  }
  return st;
}

lun_status lun_recist_assess(lun_env *env, lun_recist *out, const lun_lesion_columns *lesions,
                             const lun_subjects *subjects, const lun_recist_options *options)
{
  lun_pool work;
  lun_lesions table;
  lun_walk w = { .o = &out->options, .t = &table, .out = out, .who = subjects };
  memset(out, 0, sizeof *out);
  out->options = *options;
  out->subjects = subjects->n;
  lun_pool_init(&out->pool, env);
  lun_pool_init(&work, env);
  lun_status st =
      lun_lesions_read(env, &work, &table, lesions, subjects->n, options->size_limit_mm);
  if (st != LUN_OK) goto done;
  if ((st = open_walk(&work, &w)) != LUN_OK) goto done;
  if ((st = walk_subjects(env, &w)) != LUN_OK) goto done;
  out->refused = LUN_NEW(&out->pool, lun_refusal, subjects->n);
  if (!out->refused) st = LUN_ENOMEM;
  else memcpy(out->refused, table.refused, subjects->n * sizeof *out->refused);
done:
  lun_pool_fini(&work);
  if (st != LUN_OK) lun_recist_fini(out);
  return st;
}

void lun_recist_fini(lun_recist *r)
{
  lun_pool_fini(&r->pool);
  memset(r, 0, sizeof *r);
}
