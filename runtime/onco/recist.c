/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "onco/recist.h"

#include <math.h>
#include <string.h>

#include "base/num.h"

const lun_recist_options LUN_RECIST_DEFAULTS = {
  .max_targets = 5, .max_per_organ = 2, .min_target_mm = 10, .min_node_mm = 15, .tsm_mm = 5,
  .size_limit_mm = 500, .normal_node_mm = 10, .pr_percent = 30, .pd_percent = 20,
  .pd_min_mm = { 5, 0 }, .irecist_confirm_days = 28, .min_sd_days = 42, .confirm_days = 28,
  .max_ne = 1, .accept_sd = 0, .interval_days = 56, .window_days = 7, .therapy_day_counts = 1,
};

enum { NODES = -2 }; /* all lymph nodes are one organ */

/* One lesion of the subject at hand. */
typedef struct slot {
  int32_t lesion, organ, visit, date; /* visit, date: where it was last seen in the walk */
  int64_t baseline[LUN_MEASURES], size[LUN_MEASURES];
  uint8_t role, node, state;
  /* new lesions */
  int32_t first_visit, first_date;
  int64_t first_size;
  uint8_t proven[LUN_MEASURES]; /* a new lesion in the end: dated back to its first appearance */
} slot;

/* The walk over one subject after the other; arrays are reused. */
typedef struct walk {
  const lun_recist_options *o;
  lun_lesions *t;
  lun_recist *out;
  const lun_subjects *who;
  slot *slots;
  size_t n_slots, n_targets, n_nontargets;
  int32_t *slot_of;      /* by lesion name; valid when seen[name] == subject + 1 */
  uint32_t *seen;
  lun_signals *signals;  /* by visit of the subject */
  struct mark { size_t from, to; int32_t date, last; uint8_t baseline; } *marks; /* its visits */
  size_t subject;
  int cr[LUN_MEASURES], pr[LUN_MEASURES], pd[LUN_MEASURES]; /* what went before */
} walk;

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

static int64_t units(double mm)
{
  return (int64_t)(mm * LUN_MM + 0.5);
}

static int is_new(unsigned role)
{
  return role == LUN_NEW || role == LUN_NEW_NONTARGET;
}

static lun_refusal_code refused(const walk *w)
{
  return w->t->refused[w->subject].code;
}

static void refuse(walk *w, lun_refusal_code code, const lun_lesion_row *row, double value)
{
  lun_lesions_refuse(w->t, w->subject, code, row, value);
}

/* --- lesions --------------------------------------------------------------------------------- */

static slot *find(walk *w, int32_t lesion)
{
  return w->seen[lesion] == w->subject + 1 ? &w->slots[w->slot_of[lesion]] : NULL;
}

static slot *add(walk *w, const lun_lesion_row *row)
{
  slot *s = &w->slots[w->n_slots];
  *s = (slot){ .lesion = row->lesion, .organ = row->node ? NODES : row->organ, .visit = -1,
               .role = row->role, .node = row->node };
  w->seen[row->lesion] = (uint32_t)w->subject + 1;
  w->slot_of[row->lesion] = (int32_t)w->n_slots++;
  return s;
}

/* The diameter that counts; LUN_SIZE_MISSING when the lesion was not assessed. */
static int64_t counted(const walk *w, const lun_lesion_row *row, lun_measure m, int has_viable)
{
  int64_t total = row->size[LUN_TOTAL], size = row->size[m];
  switch (row->state) {
  case LUN_STATE_NE: return LUN_SIZE_MISSING;
  case LUN_STATE_ABSENT: case LUN_STATE_MERGED: return 0;
  case LUN_STATE_NO_ENHANCEMENT: if (m == LUN_VIABLE) return 0; break;
  case LUN_STATE_TSM: if (size < 0) return total >= 0 ? total : units(w->o->tsm_mm); break;
  default: break;
  }
  if (m == LUN_VIABLE && (!has_viable || total == 0)) return total;
  return size;
}

static void add_baseline_target(walk *w, const lun_lesion_row *row)
{
  slot *s = add(w, row);
  w->n_targets++;
  for (int m = 0; m < LUN_MEASURES; m++) s->baseline[m] = counted(w, row, m, row->size[LUN_VIABLE] >= 0);
  double min_mm = row->node ? w->o->min_node_mm : w->o->min_target_mm;
  if (s->baseline[LUN_TOTAL] < 0) refuse(w, LUN_REFUSE_BASELINE_MISSING, row, NAN);
  else if (s->baseline[LUN_TOTAL] < units(min_mm))
    refuse(w, LUN_REFUSE_NOT_MEASURABLE, row, (double)s->baseline[LUN_TOTAL] / LUN_MM);
}

static void check_limits(walk *w, const lun_lesion_row *row)
{
  int in_organ = 0, max = w->o->max_per_organ;
  const slot *last = &w->slots[w->n_slots - 1];
  if (w->o->max_targets > 0 && w->n_targets > (size_t)w->o->max_targets)
    refuse(w, LUN_REFUSE_TOO_MANY, row, w->o->max_targets);
  if (last->organ == -1 || max <= 0) return;
  for (size_t i = 0; i < w->n_slots; i++) in_organ += w->slots[i].role == LUN_TARGET && w->slots[i].organ == last->organ;
  if (in_organ > max) refuse(w, LUN_REFUSE_TOO_MANY_PER_ORGAN, row, max);
}

static void read_baseline(walk *w, const struct mark *mark)
{
  for (size_t i = mark->from; i < mark->to && !refused(w); i++) {
    const lun_lesion_row *row = &w->t->row[i];
    if (row->role == LUN_VISIT) continue;
    if (is_new(row->role)) refuse(w, LUN_REFUSE_BAD_ROLE, row, NAN);
    else if (find(w, row->lesion)) refuse(w, LUN_REFUSE_DUPLICATE_LESION, row, NAN);
    else if (row->role == LUN_TARGET) add_baseline_target(w, row), check_limits(w, row);
    else add(w, row), w->n_nontargets++;
  }
}

/* Whether this row of a new lesion proves it for mRECIST: a liver nodule of 10 mm with the typical
 * pattern, or grown by 10 mm without it; an effusion with positive cytology; a node at the porta
 * hepatis of 20 mm, another of 15 mm; elsewhere as for RECIST. */
static int proves_mrecist(const slot *s, const lun_lesion_row *row)
{
  int64_t size = row->size[LUN_TOTAL];
  switch (row->site) {
  case LUN_SITE_LIVER:
    if (row->pattern == LUN_PATTERN_TYPICAL) return size >= 10 * LUN_MM;
    if (row->pattern == LUN_PATTERN_ATYPICAL) return size >= 0 && size - s->first_size >= 10 * LUN_MM;
    break;
  case LUN_SITE_PORTA_NODE: return size >= 20 * LUN_MM;
  case LUN_SITE_NODE: return size >= 15 * LUN_MM;
  case LUN_SITE_EFFUSION: return row->pattern == LUN_PATTERN_CYTOLOGY_POSITIVE;
  default: break;
  }
  return row->state == LUN_STATE_UNSAID || row->state == LUN_STATE_UNEQUIVOCAL
      || row->state == LUN_STATE_INCREASE;
}

/* New lesions, over all visits: what they prove to be in the end counts from the beginning. */
static void read_new(walk *w, size_t from, size_t n)
{
  for (size_t v = 0; v < n; v++) {
    const struct mark *mark = &w->marks[from + v];
    for (size_t i = mark->from; i < mark->to; i++) {
      const lun_lesion_row *row = &w->t->row[i];
      if (!is_new(row->role)) continue;
      slot *s = find(w, row->lesion);
      if (!s) {
        s = add(w, row);
        s->first_visit = (int32_t)v, s->first_date = row->date, s->first_size = row->size[LUN_TOTAL];
      } else if (!is_new(s->role)) {
        refuse(w, LUN_REFUSE_DUPLICATE_LESION, row, NAN);
        return;
      }
      if (row->state == LUN_STATE_BENIGN) s->proven[LUN_TOTAL] = s->proven[LUN_VIABLE] = 0;
      if (row->state == LUN_STATE_UNSAID || row->state == LUN_STATE_UNEQUIVOCAL || row->state == LUN_STATE_INCREASE)
        s->proven[LUN_TOTAL] = 1;
      if (row->state != LUN_STATE_BENIGN && proves_mrecist(s, row)) s->proven[LUN_VIABLE] = 1;
    }
  }
}

/* --- one visit ------------------------------------------------------------------------------- */

static int same_entry(const slot *s, const lun_lesion_row *row, const int64_t size[LUN_MEASURES])
{
  return s->state == row->state && s->size[0] == size[0] && s->size[1] == size[1];
}

static void read_visit_row(walk *w, const lun_lesion_row *row, int32_t visit)
{
  int64_t size[LUN_MEASURES];
  slot *s = row->role == LUN_VISIT ? NULL : find(w, row->lesion);
  if (row->role == LUN_VISIT) return;
  if (!s || (s->role != row->role && !(is_new(s->role) && is_new(row->role)))) {
    refuse(w, LUN_REFUSE_UNKNOWN_LESION, row, NAN);
    return;
  }
  for (int m = 0; m < LUN_MEASURES; m++)
    size[m] = row->role == LUN_TARGET ? counted(w, row, m, s->baseline[LUN_VIABLE] >= 0) : row->size[m];
  if (s->visit == visit) {
    if (row->state == LUN_STATE_FRAGMENT && s->state == LUN_STATE_FRAGMENT) {
      for (int m = 0; m < LUN_MEASURES; m++) s->size[m] = s->size[m] < 0 || size[m] < 0 ? LUN_SIZE_MISSING : s->size[m] + size[m];
    } else if (!same_entry(s, row, size)) {
      refuse(w, LUN_REFUSE_DUPLICATE_CONFLICT, row, NAN);
    }
  } else {
    s->size[0] = size[0], s->size[1] = size[1], s->state = row->state, s->visit = visit;
  }
  s->date = row->date;
}

/* What a visit's targets say by one measure. */
static unsigned target_conditions(const walk *w, const lun_subject *subject, int32_t visit, lun_measure m,
                                  lun_view *out, int32_t *last)
{
  unsigned c = w->n_targets == 0 ? LUN_IF_NO_LESIONS : 0;
  int missing = 0, abnormal = 0;
  out->sum = LUN_SIZE_MISSING;
  for (size_t i = 0; i < w->n_slots; i++) {
    const slot *s = &w->slots[i];
    if (s->role != LUN_TARGET) continue;
    if (s->visit != visit || s->size[m] < 0) {
      missing = 1;
      continue;
    }
    out->sum = (out->sum < 0 ? 0 : out->sum) + s->size[m];
    abnormal |= s->node ? s->size[m] >= units(w->o->normal_node_mm) : s->size[m] > 0;
    if (s->date > *last) *last = s->date;
  }
  if (missing) c |= LUN_IF_MISSING;
  if (!missing && !abnormal) c |= LUN_IF_ALL_GONE;
  if (w->cr[m] && abnormal) c |= LUN_IF_BACK;
  if (abnormal && lun_recist_progressed(out->sum, out->nadir, w->o->pd_percent, w->o->pd_min_mm[m])) c |= LUN_IF_PROGRESSED;
  if (!missing && lun_recist_shrunk(out->sum, subject->baseline[m], w->o->pr_percent)) c |= LUN_IF_SHRUNK;
  if (w->o->pr_persist && w->pr[m]) c |= LUN_IF_PERSISTS;
  return c;
}

/* Whether a non-target lesion is still there. */
static int nontarget_there(uint8_t state, lun_measure m)
{
  if (state == LUN_STATE_NO_ENHANCEMENT) return m == LUN_TOTAL;
  return state != LUN_STATE_ABSENT;
}

static unsigned nontarget_conditions(const walk *w, int32_t visit, lun_measure m, int32_t *date, lun_signals *signals)
{
  unsigned c = w->n_nontargets == 0 ? LUN_IF_NO_LESIONS : LUN_IF_ALL_GONE;
  for (size_t i = 0; i < w->n_slots; i++) {
    const slot *s = &w->slots[i];
    if (s->role != LUN_NONTARGET) continue;
    if (s->visit != visit || s->state == LUN_STATE_NE || s->state == LUN_STATE_UNSAID) {
      c = (c | LUN_IF_MISSING) & ~(unsigned)LUN_IF_ALL_GONE;
      continue;
    }
    int progressed = s->state == LUN_STATE_PROGRESSION || s->state == LUN_STATE_FURTHER;
    int back = w->cr[m] && !s->node && nontarget_there(s->state, m);
    if (nontarget_there(s->state, m)) c &= ~(unsigned)LUN_IF_ALL_GONE;
    if (progressed) c |= LUN_IF_PROGRESSED;
    if (back) c |= LUN_IF_BACK;
    if ((progressed || back) && s->date < *date) *date = s->date;
    signals->nontarget_further |= s->state == LUN_STATE_FURTHER;
  }
  return c;
}

static int fresh_lesions(const walk *w, int32_t visit, lun_measure m, int32_t *date, lun_signals *signals)
{
  int fresh = 0;
  for (size_t i = 0; i < w->n_slots; i++) {
    const slot *s = &w->slots[i];
    if (!is_new(s->role) || !s->proven[m] || s->first_visit > visit) continue;
    if (s->first_visit == visit) {
      fresh = 1;
      if (s->first_date < *date) *date = s->first_date;
    }
    if (m != LUN_TOTAL) continue;
    if (s->visit != visit) {
      signals->new_present = 1; /* not mentioned: nobody says that it has gone */
    } else if (s->state != LUN_STATE_ABSENT && s->size[LUN_TOTAL] != 0) {
      signals->new_present = 1;
      signals->new_increase |= s->state == LUN_STATE_INCREASE;
      if (s->role == LUN_NEW && s->size[LUN_TOTAL] > 0) signals->new_sum += s->size[LUN_TOTAL];
    }
  }
  return fresh;
}

static void respond(lun_view *v, unsigned target, unsigned nontarget)
{
  v->target_rule = (uint8_t)lun_rule_at(LUN_TARGET_TABLE, target);
  v->nontarget_rule = (uint8_t)lun_rule_at(LUN_NONTARGET_TABLE, nontarget);
  v->target = (int8_t)LUN_TARGET_TABLE[v->target_rule].then;
  v->nontarget = (int8_t)LUN_NONTARGET_TABLE[v->nontarget_rule].then;
  v->overall_rule = (uint8_t)lun_rule_overall(v->target, v->nontarget, v->fresh);
  v->plain = (int8_t)LUN_OVERALL_TABLE[v->overall_rule].then;
}

/* What later visits need to know of this one. */
static void remember(walk *w, lun_view *v, lun_measure m, const lun_signals *signals)
{
  v->overall = w->pd[m] ? LUN_RESP_NONE : v->plain;
  if (v->plain == LUN_RESP_PD) w->pd[m] = 1;
  if (v->plain == LUN_RESP_CR && !signals->new_present) w->cr[m] = 1;
  if (v->target == LUN_RESP_PR) w->pr[m] = 1;
  if (v->target == LUN_RESP_PD) w->pr[m] = 0;
}

static void assess_view(walk *w, lun_subject *subject, lun_visit *visit, lun_signals *signals, lun_measure m, int32_t at,
                        int64_t *nadir)
{
  lun_view *v = &visit->by[m];
  int32_t far = INT32_MAX, last_target = INT32_MIN, evidence = INT32_MAX;
  v->nadir = *nadir;
  unsigned target = target_conditions(w, subject, at, m, v, &last_target);
  unsigned nontarget = nontarget_conditions(w, at, m, &evidence, signals);
  if (!subject->has_baseline) target = nontarget = LUN_IF_NO_BASELINE;
  else v->fresh = (uint8_t)fresh_lesions(w, at, m, &evidence, signals);
  respond(v, target, nontarget);
  if (v->target == LUN_RESP_PD && last_target != INT32_MIN && last_target < evidence) evidence = last_target;
  v->pd_date = v->plain != LUN_RESP_PD ? LUN_INT_MISSING : evidence == far ? visit->last_date : evidence;
  if (!subject->has_baseline) v->sum = LUN_SIZE_MISSING;
  if (!(target & LUN_IF_MISSING) && v->sum >= 0 && (*nadir < 0 || v->sum < *nadir)) *nadir = v->sum;
  if (m == LUN_TOTAL) visit->complete = !subject->has_baseline ? -1 : !(target & LUN_IF_MISSING);
  remember(w, v, m, signals);
}

static void assess_visits(walk *w, lun_subject *subject, size_t from)
{
  int64_t nadir[LUN_MEASURES] = { subject->baseline[0], subject->baseline[1] };
  memset(w->cr, 0, sizeof w->cr);
  memset(w->pr, 0, sizeof w->pr);
  memset(w->pd, 0, sizeof w->pd);
  for (size_t i = 0; i < subject->n && !refused(w); i++) {
    const struct mark *mark = &w->marks[from + i];
    lun_visit *visit = &w->out->visit[subject->first + i];
    lun_signals *signals = &w->signals[i];
    *signals = (lun_signals){ 0 };
    visit->subject = (uint32_t)w->subject;
    visit->date = mark->date;
    visit->last_date = mark->last;
    for (size_t r = mark->from; r < mark->to && !refused(w); r++)
      if (subject->has_baseline) read_visit_row(w, &w->t->row[r], (int32_t)i);
    for (int m = 0; m < LUN_MEASURES; m++) assess_view(w, subject, visit, signals, m, (int32_t)i, &nadir[m]);
  }
}

/* --- one subject ----------------------------------------------------------------------------- */

static int32_t date_of(const int32_t *dates, size_t i)
{
  return dates ? dates[i] : LUN_INT_MISSING;
}

/* The visits of rows from .. to-1, in order of date; returns how many. */
static size_t mark_visits(walk *w, size_t from, size_t to)
{
  size_t n = 0;
  for (size_t i = from; i < to; i++) {
    const lun_lesion_row *row = &w->t->row[i];
    struct mark *m = n ? &w->marks[n - 1] : NULL;
    if (!m || w->t->row[m->from].visit != row->visit) {
      m = &w->marks[n++];
      *m = (struct mark){ .from = i, .date = row->date, .last = row->date };
    }
    m->to = i + 1;
    m->baseline |= row->baseline;
    if (row->date > m->last) m->last = row->date;
    if (row->date < m->date) m->date = row->date;
  }
  /* a row of role visit says the visit's own date */
  for (size_t v = 0; v < n; v++)
    for (size_t i = w->marks[v].from; i < w->marks[v].to; i++)
      if (w->t->row[i].role == LUN_VISIT) w->marks[v].date = w->t->row[i].date;
  for (size_t v = 1; v < n; v++) {
    struct mark m = w->marks[v];
    size_t k = v;
    for (; k > 0 && w->marks[k - 1].date > m.date; k--) w->marks[k] = w->marks[k - 1];
    w->marks[k] = m;
  }
  return n;
}

/* Number of the baseline visit: the one that is flagged; else the last one up to the start; without
 * a start the first. n when there is none. */
static size_t baseline_visit(const walk *w, size_t n)
{
  int32_t start = date_of(w->who->start, w->subject);
  size_t found = n;
  if (w->t->has_baseline) {
    for (size_t v = 0; v < n; v++) if (w->marks[v].baseline) found = v;
    return found;
  }
  if (!w->who->start) return 0;
  for (size_t v = 0; v < n; v++) if (w->marks[v].date <= start) found = v;
  return found;
}

static void check_dates(walk *w, size_t n, size_t baseline)
{
  int32_t death = date_of(w->who->death, w->subject);
  for (size_t v = 0; v < n; v++) {
    const struct mark *m = &w->marks[v];
    if (baseline < n && v < baseline) refuse(w, LUN_REFUSE_VISIT_BEFORE_BASELINE, &w->t->row[m->from], NAN);
    for (size_t i = m->from; death != LUN_INT_MISSING && m->last > death && i < m->to; i++)
      if (w->t->row[i].date > death) refuse(w, LUN_REFUSE_AFTER_DEATH, &w->t->row[i], NAN);
  }
}

static void sum_baseline(const walk *w, lun_subject *s)
{
  for (int m = 0; m < LUN_MEASURES; m++) {
    s->baseline[m] = LUN_SIZE_MISSING;
    for (size_t i = 0; i < w->n_slots; i++) {
      const slot *k = &w->slots[i];
      if (k->role == LUN_TARGET) s->baseline[m] = (s->baseline[m] < 0 ? 0 : s->baseline[m]) + k->baseline[m];
    }
  }
}

static void assess_subject(walk *w, lun_subject *s)
{
  size_t from = w->t->first[w->subject], n;
  w->n_slots = w->n_targets = w->n_nontargets = 0;
  *s = (lun_subject){ .first = w->out->visits, .iprogression_date = LUN_INT_MISSING,
                      .baseline_date = LUN_INT_MISSING, .baseline = { LUN_SIZE_MISSING, LUN_SIZE_MISSING } };
  s->start = date_of(w->who->start, w->subject);
  if (refused(w)) return;
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
  if (s->start == LUN_INT_MISSING && n > 0) refuse(w, LUN_REFUSE_BAD_DATE, &w->t->row[from], NAN);
  s->n = n - after;
  if (!refused(w) && s->has_baseline) read_new(w, after, s->n);
  if (!refused(w)) assess_visits(w, s, after);
  if (refused(w)) {
    s->n = 0;
    return;
  }
  w->out->visits += s->n;
  lun_irecist_walk(s, &w->out->visit[s->first], w->signals, s->n, w->o);
  lun_imrecist_walk(s, &w->out->visit[s->first], w->signals, s->n, w->o);
}

/* --- all subjects ---------------------------------------------------------------------------- */

static lun_status open_walk(lun_pool *pool, walk *w)
{
  size_t most = 0, visits = 0;
  for (size_t i = 0; i < w->t->subjects; i++) {
    size_t n = w->t->first[i + 1] - w->t->first[i];
    if (n > most) most = n;
  }
  for (size_t i = 0; i < w->t->n; i++)
    visits += i == 0 || w->t->row[i].visit != w->t->row[i - 1].visit;
  visits += w->t->subjects; /* neighbours may end and begin with the same visit number */
  w->slots = LUN_NEW(pool, slot, most + 1);
  w->marks = LUN_NEW(pool, struct mark, most + 1);
  w->signals = LUN_NEW(pool, lun_signals, most + 1);
  w->slot_of = LUN_NEW(pool, int32_t, w->t->lesion_names);
  w->seen = LUN_NEW(pool, uint32_t, w->t->lesion_names);
  w->out->visit = LUN_NEW(&w->out->pool, lun_visit, visits);
  w->out->subject = LUN_NEW(&w->out->pool, lun_subject, w->t->subjects);
  return w->slots && w->marks && w->signals && w->slot_of && w->seen && w->out->visit && w->out->subject
       ? LUN_OK : LUN_ENOMEM;
}

static lun_status complain(lun_env *env, const walk *w)
{
  char number[LUN_NUM_MAX];
  const lun_col *name = w->who->name;
  const char *text = name ? lun_col_str(name, w->subject) : NULL;
  if (!text) {
    lun_num_integer(number, name && name->type == LUN_INTEGER ? name->v.code[w->subject] : (long long)w->subject + 1);
    text = number;
  }
  return lun_refusal_fail(env, &w->t->refused[w->subject], text);
}

static lun_status walk_subjects(lun_env *env, walk *w)
{
  lun_status st = LUN_OK;
  for (w->subject = 0; w->subject < w->t->subjects; w->subject++) {
    lun_subject *s = &w->out->subject[w->subject];
    assess_subject(w, s);
    if (refused(w)) {
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
  walk w = { .o = &out->options, .t = &table, .out = out, .who = subjects };
  memset(out, 0, sizeof *out);
  out->options = *options;
  out->subjects = subjects->n;
  lun_pool_init(&out->pool, env);
  lun_pool_init(&work, env);
  lun_status st = lun_lesions_read(env, &work, &table, lesions, subjects->n, options->size_limit_mm);
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
