/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "onco/summary.h"

#include <math.h>
#include <string.h>

#include "base/order.h"
#include "data/date.h"

/* A subject's visits as plain sequences. */
typedef struct sequence {
  int32_t *day, *last;
  int8_t *response, *irecist, *imrecist;
  int n;
} sequence;

static lun_status open_sequence(lun_pool *pool, sequence *q, const lun_recist *r)
{
  size_t most = 1;
  for (size_t i = 0; i < r->subjects; i++)
    if (r->subject[i].n > most) most = r->subject[i].n;
  q->day = LUN_NEW(pool, int32_t, most);
  q->last = LUN_NEW(pool, int32_t, most);
  q->response = LUN_NEW(pool, int8_t, most);
  q->irecist = LUN_NEW(pool, int8_t, most);
  q->imrecist = LUN_NEW(pool, int8_t, most);
  return q->day && q->last && q->response && q->irecist && q->imrecist ? LUN_OK : LUN_ENOMEM;
}

static void fill(sequence *q, const lun_visit *visits, const lun_subject *s, lun_measure m)
{
  q->n = (int)s->n;
  for (int i = 0; i < q->n; i++) {
    q->day[i] = visits[i].date - s->start;
    q->last[i] = visits[i].last_date;
    q->response[i] = visits[i].by[m].overall;
    q->irecist[i] = visits[i].irecist;
    q->imrecist[i] = visits[i].imrecist;
  }
}

static int32_t date_of(const int32_t *dates, size_t i)
{
  return dates ? dates[i] : LUN_INT_MISSING;
}

/* Number of visits up to new therapy. */
static int before_therapy(const sequence *q, const lun_subject *s, int32_t therapy, int day_counts)
{
  int n = 0;
  if (therapy == LUN_INT_MISSING) return q->n;
  while (n < q->n && q->day[n] + s->start <= therapy - !day_counts) n++;
  return n;
}

static int32_t progression_date(const lun_visit *visits, size_t n, lun_measure m)
{
  for (size_t i = 0; i < n; i++)
    if (visits[i].by[m].overall == LUN_RESP_PD) return visits[i].by[m].pd_date;
  return LUN_INT_MISSING;
}

static int64_t smallest(const lun_visit *visits, int n, lun_measure m)
{
  int64_t least = LUN_SIZE_MISSING;
  for (int i = 0; i < n; i++) {
    int64_t sum = visits[i].by[m].sum;
    if (visits[i].by[m].complete == 1 && sum >= 0 && (least < 0 || sum < least)) least = sum;
  }
  return least;
}

static int32_t adequate_date(const sequence *q)
{
  int32_t last = LUN_INT_MISSING;
  for (int i = 0; i < q->n; i++)
    if (q->response[i] != LUN_RESP_NONE && q->response[i] != LUN_RESP_NE) last = q->last[i];
  return last;
}

static void summarise(const lun_recist *r, const lun_subjects *who, size_t i, lun_measure m,
                      sequence *q, lun_summary *out)
{
  const lun_recist_options *o = &r->options;
  const lun_subject *s = &r->subject[i];
  const lun_visit *visits = &r->visit[s->first];
  int32_t therapy = date_of(who->therapy, i);
  lun_best_rule rule = { o->min_sd_days, o->confirm_days, o->max_ne, o->accept_sd };
  fill(q, visits, s, m);
  int n = before_therapy(q, s, therapy, o->therapy_day_counts);
  lun_best b = lun_best_of(q->day, q->response, n, &rule);
  out->best = (int8_t)b.best;
  out->confirmed = (int8_t)b.confirmed;
  out->ibest = (int8_t)lun_best_irecist(q->day, q->irecist, n, o->min_sd_days);
  out->imbest = (int8_t)lun_best_of(q->day, q->imrecist, n, &rule).best;
  out->first = b.first < 0 ? LUN_INT_MISSING : visits[b.first].date;
  out->first_confirmed = b.first_confirmed < 0 ? LUN_INT_MISSING : visits[b.first_confirmed].date;
  out->progression = progression_date(visits, s->n, m);
  out->last_adequate = adequate_date(q);
  out->depth = smallest(visits, b.last, m);
  const int32_t date[LUN_SOURCES] = { [LUN_SOURCE_PROGRESSION] = out->progression,
                                      [LUN_SOURCE_DEATH] = date_of(who->death, i),
                                      [LUN_SOURCE_THERAPY] = therapy };
  lun_course course = {
    .has_baseline = s->has_baseline,
    .n = q->n,
    .day = q->last,
    .response = q->response,
    .start = s->start,
    .date = date,
    .gap_days = 2 * (o->interval_days + o->window_days),
    .after_day_counts = o->therapy_day_counts,
  };
  for (int e = 0; e < LUN_ENDPOINTS; e++)
    out->end[e] = lun_timeline_at(&course, &LUN_ENDPOINT_TABLE[e]);
}

lun_status lun_summary_of(lun_env *env, lun_recist *r, const lun_subjects *who, lun_measure m,
                          lun_summary **out)
{
  lun_pool work;
  sequence q;
  lun_pool_init(&work, env);
  lun_status st = open_sequence(&work, &q, r);
  if (st != LUN_OK) goto done;
  *out = LUN_NEW(&r->pool, lun_summary, r->subjects);
  if (!*out) st = LUN_ENOMEM;
  for (size_t i = 0; st == LUN_OK && i < r->subjects; i++) summarise(r, who, i, m, &q, &(*out)[i]);
done:
  lun_pool_fini(&work);
  return st;
}

/* --- responses given visit by visit ---------------------------------------------------------- */

static void set_given(lun_visit *v, size_t subject, int32_t date, int8_t response)
{
  *v = (lun_visit){ .subject = (uint32_t)subject,
                    .date = date,
                    .last_date = date,
                    .irecist = LUN_IRESP_NONE,
                    .imrecist = LUN_RESP_NONE };
  for (int m = 0; m < LUN_MEASURES; m++) {
    lun_view *by = &v->by[m];
    by->sum = by->nadir = LUN_SIZE_MISSING;
    by->complete = -1;
    by->target = by->nontarget = LUN_RESP_NONE;
    by->overall = by->plain = response;
    by->pd_date = response == LUN_RESP_PD ? date : LUN_INT_MISSING;
  }
}

/* After the first PD no response is given. */
static void end_at_pd(lun_visit *visits, size_t n)
{
  int pd = 0;
  for (size_t i = 0; i < n; i++) {
    for (int m = 0; pd && m < LUN_MEASURES; m++) visits[i].by[m].overall = LUN_RESP_NONE;
    pd |= visits[i].by[LUN_TOTAL].plain == LUN_RESP_PD;
  }
}

static lun_status check_given(lun_env *env, const lun_recist *r, const lun_subjects *who, size_t i)
{
  const lun_subject *s = &r->subject[i];
  const lun_visit *v = &r->visit[s->first];
  int32_t death = date_of(who->death, i);
  char iso[LUN_DATE_MAX], number[LUN_NUM_MAX];
  const char *name = lun_subjects_name(who, i, number);
  for (size_t k = 0; k < s->n; k++) {
    lun_date_iso(iso, v[k].date);
    if (death != LUN_INT_MISSING && v[k].date > death)
      return lun_fail(env, LUN_EDATA,
                      "[data.assessment-after-death] patient %s: the assessment of %s is "
                      "dated after death",
                      name, iso);
    if (k && v[k].date == v[k - 1].date && v[k].by[0].plain != v[k - 1].by[0].plain)
      return lun_fail(env, LUN_EDATA,
                      "[data.duplicate-conflict] patient %s: two different responses on %s",
                      name, iso);
  }
  return LUN_OK;
}

lun_status lun_summary_given(lun_env *env, lun_recist *out, const lun_subjects *who, size_t n,
                             const int32_t *subject, const int32_t *date, const int8_t *response,
                             const lun_recist_options *options)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  memset(out, 0, sizeof *out);
  lun_pool_init(&work, env);
  lun_pool_init(&out->pool, env);
  out->options = *options, out->subjects = who->n, out->visits = n;
  size_t *index = LUN_NEW(&work, size_t, n), *next = LUN_NEW(&work, size_t, who->n + 1);
  out->visit = LUN_NEW(&out->pool, lun_visit, n);
  out->subject = LUN_NEW(&out->pool, lun_subject, who->n);
  out->refused = LUN_NEW(&out->pool, lun_refusal, who->n);
  if (!index || !next || !out->visit || !out->subject || !out->refused) goto done;
  if ((st = lun_order_ints(env, index, date, n)) != LUN_OK) goto done;
  for (size_t i = 0; i < n; i++) next[subject[i] + 1]++;
  for (size_t i = 0; i < who->n; i++) {
    next[i + 1] += next[i];
    out->subject[i] = (lun_subject){ .first = next[i],
                                     .n = next[i + 1] - next[i],
                                     .has_baseline = 1,
                                     .start = date_of(who->start, i),
                                     .baseline_date = LUN_INT_MISSING,
                                     .baseline = { LUN_SIZE_MISSING, LUN_SIZE_MISSING },
                                     .iprogression_date = LUN_INT_MISSING };
  }
  for (size_t i = 0; i < n; i++) {
    size_t row = index[i], s = (size_t)subject[row];
    set_given(&out->visit[next[s]++], s, date[row], response[row]);
  }
  for (size_t i = 0; st == LUN_OK && i < who->n; i++) {
    lun_subject *s = &out->subject[i];
    if (!who->start && s->n) s->start = out->visit[s->first].date;
    if ((st = check_given(env, out, who, i)) == LUN_OK) end_at_pd(&out->visit[s->first], s->n);
  }
done:
  lun_pool_fini(&work);
  if (st != LUN_OK) lun_recist_fini(out);
  return st;
}

/* --- reasons --------------------------------------------------------------------------------- */

static void push_mm(lun_str *out, int64_t size)
{
  lun_str_shortest(out, (double)size / LUN_MM);
  lun_str_text(out, " mm");
}

static void push_change(lun_str *out, int64_t now, int64_t from, const char *what)
{
  double percent = lun_recist_percent(now, from);
  if (from < 0) return;
  lun_str_text(out, ", ");
  if (isfinite(percent)) {
    if (percent > 0) lun_str_char(out, '+');
    lun_str_fixed(out, percent, 1);
    lun_str_text(out, "% ");
  }
  if (now >= from) lun_str_char(out, '+');
  push_mm(out, now - from);
  lun_str_text(out, what);
}

void lun_summary_reason(lun_str *out, const lun_recist *r, const lun_visit *visit, lun_measure m)
{
  const lun_view *v = &visit->by[m];
  if (v->target == LUN_RESP_NONE) {
    lun_str_text(out, "as given");
    return;
  }
  const lun_rule *target = &LUN_TARGET_TABLE[v->target_rule],
                 *nontarget = &LUN_NONTARGET_TABLE[v->nontarget_rule];
  lun_str_text(out, LUN_OVERALL_TABLE[v->overall_rule].why);
  if (v->target != LUN_RESP_NA) {
    lun_str_text(out, "; ");
    lun_str_text(out, target->why);
  }
  if (v->sum >= 0) {
    lun_str_text(out, v->complete == 1 ? " (sum " : " (sum of those assessed ");
    push_mm(out, v->sum);
    if (v->complete == 1)
      push_change(out, v->sum, r->subject[visit->subject].baseline[m], " from baseline");
    push_change(out, v->sum, v->nadir, " from the nadir");
    lun_str_char(out, ')');
  }
  if (v->nontarget != LUN_RESP_NA && nontarget->why != target->why) {
    lun_str_text(out, "; ");
    lun_str_text(out, nontarget->why);
  }
  if (v->overall == LUN_RESP_NONE) lun_str_text(out, "; no response is given after progression");
}
