/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One visit after the other: what its lesions say, and the response by each way of measuring.
 */
#include <math.h>
#include <string.h>

#include "onco/walk.h"

/* The diameter that counts; LUN_SIZE_MISSING when the lesion was not assessed. */
int64_t lun_walk_counted(const lun_walk *w, const lun_lesion_row *row, lun_measure m,
                         int has_viable)
{
  int64_t total = row->size[LUN_TOTAL], size = row->size[m];
  switch (row->state) {
  case LUN_STATE_NE: return LUN_SIZE_MISSING;
  case LUN_STATE_ABSENT:
  case LUN_STATE_MERGED: return 0;
  case LUN_STATE_NO_ENHANCEMENT:
    if (m == LUN_VIABLE) return 0;
    break;
  case LUN_STATE_TSM:
    if (size < 0) return total >= 0 ? total : lun_walk_units(w->o->tsm_mm);
    break;
  default: break;
  }
  if (m == LUN_VIABLE && (!has_viable || total == 0)) return total;
  return size;
}

/* --- one visit ------------------------------------------------------------------------------- */

static int same_entry(const lun_slot *s, const lun_lesion_row *row,
                      const int64_t size[LUN_MEASURES])
{
  return s->state == row->state && s->size[0] == size[0] && s->size[1] == size[1];
}

static void read_visit_row(lun_walk *w, const lun_lesion_row *row, int32_t visit)
{
  int64_t size[LUN_MEASURES];
  lun_slot *s = row->role == LUN_VISIT ? NULL : lun_walk_find(w, row->lesion);
  if (row->role == LUN_VISIT) return;
  if (!s || (s->role != row->role && !(lun_walk_is_new(s->role) && lun_walk_is_new(row->role)))) {
    lun_walk_refuse(w, LUN_REFUSE_UNKNOWN_LESION, row, NAN);
    return;
  }
  for (int m = 0; m < LUN_MEASURES; m++)
    size[m] = row->role == LUN_TARGET ? lun_walk_counted(w, row, m, s->has_viable)
                                      : row->size[m];
  if (s->visit == visit) {
    if (row->state == LUN_STATE_FRAGMENT && s->state == LUN_STATE_FRAGMENT) {
      for (int m = 0; m < LUN_MEASURES; m++)
        s->size[m] = s->size[m] < 0 || size[m] < 0 ? LUN_SIZE_MISSING : s->size[m] + size[m];
    } else if (!same_entry(s, row, size)) {
      lun_walk_refuse(w, LUN_REFUSE_DUPLICATE_CONFLICT, row, NAN);
    }
  } else {
    s->size[0] = size[0], s->size[1] = size[1], s->state = row->state, s->visit = visit;
  }
  s->date = row->date;
}

/* What a visit's targets say by one measure. */
static unsigned target_conditions(const lun_walk *w, const lun_subject *subject, int32_t visit,
                                  lun_measure m, lun_view *out, int32_t *last)
{
  unsigned c = w->n_targets == 0 ? LUN_IF_NO_LESIONS : 0;
  int missing = 0, abnormal = 0;
  out->sum = LUN_SIZE_MISSING;
  for (size_t i = 0; i < w->n_slots; i++) {
    const lun_slot *s = &w->slots[i];
    if (s->role != LUN_TARGET) continue;
    if (s->visit != visit || s->size[m] < 0) {
      missing = 1;
      continue;
    }
    out->sum = (out->sum < 0 ? 0 : out->sum) + s->size[m];
    abnormal |= s->node ? s->size[m] >= lun_walk_units(w->o->normal_node_mm) : s->size[m] > 0;
    if (s->date > *last) *last = s->date;
  }
  if (missing) c |= LUN_IF_MISSING;
  if (!missing && !abnormal) c |= LUN_IF_ALL_GONE;
  if (w->cr[m] && abnormal) c |= LUN_IF_BACK;
  if (abnormal && lun_recist_progressed(out->sum, out->nadir, w->o->pd_percent, w->o->pd_min_mm[m]))
    c |= LUN_IF_PROGRESSED;
  if (!missing && lun_recist_shrunk(out->sum, subject->baseline[m], w->o->pr_percent))
    c |= LUN_IF_SHRUNK;
  if (w->o->pr_persist && w->pr[m]) c |= LUN_IF_PERSISTS;
  return c;
}

/* Whether a non-target lesion is still there. */
static int nontarget_there(uint8_t state, lun_measure m)
{
  if (state == LUN_STATE_NO_ENHANCEMENT) return m == LUN_TOTAL;
  return state != LUN_STATE_ABSENT;
}

static unsigned nontarget_conditions(const lun_walk *w, int32_t visit, lun_measure m, int32_t *date,
                                     lun_signals *signals)
{
  unsigned c = w->n_nontargets == 0 ? LUN_IF_NO_LESIONS : LUN_IF_ALL_GONE;
  for (size_t i = 0; i < w->n_slots; i++) {
    const lun_slot *s = &w->slots[i];
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

/* Whether a new lesion appears at the visit; *present: one is there, old or new. */
static int fresh_lesions(const lun_walk *w, int32_t visit, lun_measure m, int32_t *date,
                         lun_signals *signals, int *present)
{
  int fresh = 0;
  for (size_t i = 0; i < w->n_slots; i++) {
    const lun_slot *s = &w->slots[i];
    if (!lun_walk_is_new(s->role) || !s->proven[m] || s->first_visit > visit) continue;
    if (s->first_visit == visit) {
      fresh = 1;
      if (s->first_date < *date) *date = s->first_date;
    }
    int64_t size = s->size[LUN_TOTAL];
    if (s->visit != visit) { /* not mentioned: nobody says that it has gone */
      *present = 1;
    } else if (s->state != LUN_STATE_ABSENT && size != 0) {
      int measured = s->role == LUN_NEW && size > 0;
      *present = 1;
      if (m != LUN_TOTAL) continue;
      if (measured) signals->new_sum += size;
      else signals->new_increase |= s->state == LUN_STATE_INCREASE;
    }
  }
  if (m == LUN_TOTAL) signals->new_present = (uint8_t)*present;
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
static void remember(lun_walk *w, lun_view *v, lun_measure m, int new_present)
{
  v->overall = w->pd[m] ? LUN_RESP_NONE : v->plain;
  if (v->plain == LUN_RESP_PD) w->pd[m] = 1;
  if (v->plain == LUN_RESP_CR && !new_present) w->cr[m] = 1;
  if (v->target == LUN_RESP_PR) w->pr[m] = 1;
  if (v->target == LUN_RESP_PD) w->pr[m] = 0;
}

static void assess_view(lun_walk *w, lun_subject *subject, lun_visit *visit, lun_signals *signals,
                        lun_measure m, int32_t at, int64_t *nadir)
{
  lun_view *v = &visit->by[m];
  int present = 0;
  int32_t far = INT32_MAX, last_target = INT32_MIN, evidence = INT32_MAX;
  v->nadir = *nadir;
  unsigned target = target_conditions(w, subject, at, m, v, &last_target);
  unsigned nontarget = nontarget_conditions(w, at, m, &evidence, signals);
  if (!subject->has_baseline) target = nontarget = LUN_IF_NO_BASELINE;
  else v->fresh = (uint8_t)fresh_lesions(w, at, m, &evidence, signals, &present);
  respond(v, target, nontarget);
  if (v->target == LUN_RESP_PD && last_target != INT32_MIN && last_target < evidence)
    evidence = last_target;
  v->pd_date = v->plain != LUN_RESP_PD ? LUN_INT_MISSING
               : evidence == far       ? visit->last_date
                                       : evidence;
  if (!subject->has_baseline) v->sum = LUN_SIZE_MISSING;
  if (!(target & LUN_IF_MISSING) && v->sum >= 0 && (*nadir < 0 || v->sum < *nadir)) *nadir = v->sum;
  v->complete = !subject->has_baseline ? -1 : !(target & LUN_IF_MISSING);
  remember(w, v, m, present);
}

void lun_walk_visits(lun_walk *w, lun_subject *subject, size_t from)
{
  int64_t nadir[LUN_MEASURES] = { subject->baseline[0], subject->baseline[1] };
  memset(w->cr, 0, sizeof w->cr);
  memset(w->pr, 0, sizeof w->pr);
  memset(w->pd, 0, sizeof w->pd);
  for (size_t i = 0; i < subject->n && !lun_walk_refused(w); i++) {
    const lun_mark *mark = &w->marks[from + i];
    lun_visit *visit = &w->out->visit[subject->first + i];
    lun_signals *signals = &w->signals[i];
    *signals = (lun_signals){ .symptoms = mark->symptoms };
    visit->subject = (uint32_t)w->subject;
    visit->date = mark->date;
    visit->last_date = mark->last;
    for (size_t r = mark->from; r < mark->to && !lun_walk_refused(w); r++)
      if (subject->has_baseline) read_visit_row(w, &w->t->row[r], (int32_t)i);
    for (int m = 0; m < LUN_MEASURES; m++)
      assess_view(w, subject, visit, signals, m, (int32_t)i, &nadir[m]);
  }
}
