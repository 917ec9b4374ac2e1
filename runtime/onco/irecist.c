/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * iRECIST (Seymour 2017) as a state machine: none -> iUPD pending -> iCPD, or the bar is reset; and
 * imRECIST (Hodi 2018), in which only the sum, new measurable lesions included, is progression.
 */
#include "onco/recist.h"

const char *const LUN_IREASONS[] = {
  "as RECIST 1.1",
  "complete response, but a new lesion is still there",
  "progression by RECIST 1.1, to be confirmed",
  "progression is confirmed: target lesions have grown by 5 mm or more since",
  "progression is confirmed: non-target lesions have increased further",
  "progression is confirmed: new lesions have increased further",
  "progression is confirmed: progression of another kind",
  "progression is not yet confirmed and still there",
  "not evaluable: progression stays to be confirmed",
  "progression is not confirmed and no longer there: the bar is reset",
  "after confirmed progression no response is given",
  NULL,
};

enum {
  AS_RECIST,
  NEW_STILL_THERE,
  UPD,
  CONFIRMED_TARGET,
  CONFIRMED_NONTARGET,
  CONFIRMED_NEW,
  CONFIRMED_OTHER,
  STILL_UPD,
  OPEN,
  RESET,
  AFTER
};

enum { BY_TARGET = 1, BY_NONTARGET = 2, BY_NEW = 4 }; /* kinds of progression */

typedef struct machine {
  int pending;              /* kinds of the unconfirmed progression; 0: none */
  int32_t date;             /* of its first visit */
  int64_t sum, new_sum;     /* references for a further increase */
  int8_t target, nontarget; /* responses when it began: what counts as improvement */
} machine;

static int kinds_of(const lun_view *v)
{
  return (v->target == LUN_RESP_PD ? BY_TARGET : 0) |
         (v->nontarget == LUN_RESP_PD ? BY_NONTARGET : 0) | (v->fresh ? BY_NEW : 0);
}

static int at_least_5_mm_more(int64_t now, int64_t reference)
{
  return now >= 0 && now - (reference > 0 ? reference : 0) >= 5 * (int64_t)LUN_MM;
}

/* Why this visit confirms the pending progression, or 0. */
static int confirmation(const machine *m, const lun_view *v, const lun_signals *s)
{
  if ((m->pending & BY_TARGET) && at_least_5_mm_more(v->sum, m->sum)) return CONFIRMED_TARGET;
  if ((m->pending & BY_NONTARGET) && s->nontarget_further) return CONFIRMED_NONTARGET;
  if ((m->pending & BY_NEW) &&
      (v->fresh || s->new_increase || at_least_5_mm_more(s->new_sum, m->new_sum)))
    return CONFIRMED_NEW;
  return kinds_of(v) & ~m->pending ? CONFIRMED_OTHER : 0;
}

static int8_t settle(lun_visit *visit, lun_iresponse response, int why)
{
  visit->irule = (uint8_t)why;
  return visit->irecist = (int8_t)response;
}

/* The i-response of the table, for a visit without progression. */
static void as_recist(lun_visit *visit, const lun_signals *s, int why)
{
  static const int8_t of[] = { LUN_IRESP_CR,  LUN_IRESP_PR, LUN_IRESP_SD, LUN_IRESP_NN,
                               LUN_IRESP_UPD, LUN_IRESP_NE, LUN_IRESP_NE, LUN_IRESP_NED };
  int8_t r = of[visit->by[LUN_TOTAL].plain];
  if (r == LUN_IRESP_CR && s->new_present) settle(visit, LUN_IRESP_PR, NEW_STILL_THERE);
  else settle(visit, r, why);
}

static void begin(machine *m, lun_visit *visit, const lun_signals *s)
{
  const lun_view *v = &visit->by[LUN_TOTAL];
  *m = (machine){ kinds_of(v), visit->date, v->sum, s->new_sum, v->target, v->nontarget };
  settle(visit, LUN_IRESP_UPD, UPD);
}

/* New lesions are still there, and what else there was has not become better since. */
static int still_new(const machine *m, const lun_view *v, const lun_signals *s)
{
  if (!(m->pending & BY_NEW) || !s->new_present) return 0;
  int before = m->target == LUN_RESP_NE ? LUN_RESP_SD : m->target;
  int better = v->target == LUN_RESP_NA ? v->nontarget == LUN_RESP_CR && m->nontarget != LUN_RESP_CR
                                        : v->target < before && v->target <= LUN_RESP_SD;
  return !better;
}

static void step_pending(machine *m, lun_visit *visit, const lun_signals *s, int confirm_days)
{
  const lun_view *v = &visit->by[LUN_TOTAL];
  int why = confirmation(m, v, s), early = visit->date - m->date < confirm_days;
  if (why && (!early || (s->symptoms && v->fresh))) {
    settle(visit, LUN_IRESP_CPD, why);
  } else if (kinds_of(v) || why) {
    int added = kinds_of(v) & ~m->pending;
    if (added & BY_TARGET) m->sum = v->sum;
    if (added & BY_NEW) m->new_sum = s->new_sum;
    m->pending |= added;
    settle(visit, LUN_IRESP_UPD, STILL_UPD);
  } else if (v->plain == LUN_RESP_NE) {
    settle(visit, LUN_IRESP_NE, OPEN);
  } else if (still_new(m, v, s)) {
    settle(visit, LUN_IRESP_UPD, STILL_UPD);
  } else {
    m->pending = 0;
    as_recist(visit, s, RESET);
  }
}

void lun_irecist_walk(lun_subject *subject, lun_visit *visits, const lun_signals *signals, size_t n,
                      const lun_recist_options *o)
{
  machine m = { 0 };
  size_t i = 0;
  for (; i < n; i++) {
    lun_visit *v = &visits[i];
    if (m.pending) step_pending(&m, v, &signals[i], o->irecist_confirm_days);
    else if (kinds_of(&v->by[LUN_TOTAL])) begin(&m, v, &signals[i]);
    else as_recist(v, &signals[i], AS_RECIST);
    if (v->irecist == LUN_IRESP_CPD) break;
  }
  for (i++; i < n; i++) settle(&visits[i], LUN_IRESP_NONE, AFTER);
  subject->iprogression_date = m.pending ? m.date : LUN_INT_MISSING;
}

/* --- imRECIST -------------------------------------------------------------------------------- */

static lun_response imrecist_at(const lun_view *v, int64_t sum, int64_t nadir, int64_t baseline,
                                const lun_signals *s, int complete, const lun_recist_options *o)
{
  int gone = v->target == LUN_RESP_CR && !s->new_present;
  if (v->target == LUN_RESP_NA) return v->plain == LUN_RESP_PD ? LUN_RESP_NN : v->plain;
  if (gone)
    return v->nontarget == LUN_RESP_CR || v->nontarget == LUN_RESP_NA ? LUN_RESP_CR : LUN_RESP_PR;
  if (lun_recist_progressed(sum, nadir, o->pd_percent, o->pd_min_mm[LUN_TOTAL])) return LUN_RESP_PD;
  if (!complete) return LUN_RESP_NE;
  return lun_recist_shrunk(sum, baseline, o->pr_percent) ? LUN_RESP_PR : LUN_RESP_SD;
}

/* A PD is annulled when the next evaluable scan, four weeks later or more, is no PD. */
static void annul(lun_visit *visits, size_t n, int confirm_days)
{
  for (size_t i = 0; i < n; i++) {
    if (visits[i].imrecist != LUN_RESP_PD) continue;
    for (size_t k = i + 1; k < n; k++) {
      if (visits[k].imrecist == LUN_RESP_NE || visits[k].date - visits[i].date < confirm_days)
        continue;
      if (visits[k].imrecist != LUN_RESP_PD) visits[i].imrecist = LUN_RESP_NE;
      break;
    }
  }
}

void lun_imrecist_walk(const lun_subject *s, lun_visit *visits, const lun_signals *signals,
                       size_t n, const lun_recist_options *o)
{
  int64_t baseline = s->baseline[LUN_TOTAL], nadir = baseline;
  for (size_t i = 0; i < n; i++) {
    const lun_view *v = &visits[i].by[LUN_TOTAL];
    int64_t sum = v->sum < 0 ? LUN_SIZE_MISSING : v->sum + signals[i].new_sum;
    visits[i].imrecist =
        !s->has_baseline
            ? LUN_RESP_NE
            : (int8_t)imrecist_at(v, sum, nadir, baseline, &signals[i], v->complete == 1, o);
    if (v->complete == 1 && sum >= 0 && (nadir < 0 || sum < nadir)) nadir = sum;
  }
  annul(visits, n, o->irecist_confirm_days);
}
