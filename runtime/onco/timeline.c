/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "onco/timeline.h"

#include "data/col.h"

const lun_reason_row LUN_REASON_TABLE[LUN_REASONS] = {
  { "progression", "progressive disease", 0 },
  { "death", "death without progression before it", 0 },
  { "last-assessment", "no event: last adequate assessment", 1 },
  { "missed-assessments", "the event came after two or more missed assessments", 2 },
  { "new-therapy", "new anticancer therapy before the event", 3 },
  { "no-baseline", "no baseline assessment: censored at the start", 4 },
  { "no-post-baseline", "no adequate assessment after baseline: censored at the start", 5 },
};

const char *const LUN_WHEN_WORDS[] = { "no-event", "no-baseline", "after", "missed", NULL };
const char *const LUN_SOURCE_WORDS[] = { "progression", "death", "therapy", NULL };

static const lun_event_rule PROGRESSION_OR_DEATH[] = {
  { LUN_SOURCE_PROGRESSION, LUN_REASON_PROGRESSION },
  { LUN_SOURCE_DEATH, LUN_REASON_DEATH },
};

static const lun_censor_rule FDA[] = {
  { LUN_WHEN_NO_BASELINE, 0, LUN_AT_START, LUN_REASON_NO_BASELINE, LUN_REASON_NO_BASELINE },
  { LUN_WHEN_AFTER, LUN_SOURCE_THERAPY, LUN_AT_LAST, LUN_REASON_NEW_THERAPY,
    LUN_REASON_NEW_THERAPY },
  { LUN_WHEN_NO_EVENT, 0, LUN_AT_LAST, LUN_REASON_LAST_ASSESSMENT, LUN_REASON_NO_POST_BASELINE },
  { LUN_WHEN_MISSED, 0, LUN_AT_LAST, LUN_REASON_MISSED, LUN_REASON_MISSED },
};

static const lun_censor_rule EMA[] = {
  { LUN_WHEN_NO_EVENT | LUN_WHEN_NO_BASELINE, 0, LUN_AT_START, LUN_REASON_NO_BASELINE,
    LUN_REASON_NO_BASELINE },
  { LUN_WHEN_NO_EVENT, 0, LUN_AT_LAST, LUN_REASON_LAST_ASSESSMENT, LUN_REASON_NO_POST_BASELINE },
};

#define ROWS(t) (int)(sizeof t / sizeof *t)

const lun_endpoint_rule LUN_ENDPOINT_TABLE[LUN_ENDPOINTS] = {
  { "pfs_fda", PROGRESSION_OR_DEATH, FDA, 2, ROWS(FDA) },
  { "pfs_ema", PROGRESSION_OR_DEATH, EMA, 2, ROWS(EMA) },
  { "ttp_fda", PROGRESSION_OR_DEATH, FDA, 1, ROWS(FDA) },
  { "ttp_ema", PROGRESSION_OR_DEATH, EMA, 1, ROWS(EMA) },
};

#undef ROWS

static int happened(int32_t day)
{
  return day != LUN_INT_MISSING;
}

/* The first event that counts; its date is missing when there is none. */
static lun_outcome first_event(const lun_course *c, const lun_endpoint_rule *rule)
{
  lun_outcome e = { .date = LUN_INT_MISSING };
  for (int i = 0; i < rule->events; i++) {
    int32_t day = c->date[rule->event[i].source];
    if (happened(day) && (!e.event || day < e.date))
      e = (lun_outcome){ day, (int16_t)(i + 1), 0, 0, rule->event[i].reason };
  }
  return e;
}

/* Last adequate assessment without progression on or before the day; missing when there is none. */
static int32_t last_adequate(const lun_course *c, int32_t until)
{
  int32_t last = LUN_INT_MISSING;
  for (int i = 0; i < c->n; i++) {
    int r = c->response[i];
    if (r == LUN_RESP_NE || r == LUN_RESP_NONE || r == LUN_RESP_NA) continue;
    if (r == LUN_RESP_PD) break;
    if (c->day[i] <= until) last = c->day[i];
  }
  return last;
}

static int missed(const lun_course *c, const lun_outcome *e)
{
  int32_t since = last_adequate(c, e->date);
  if (!happened(since)) since = c->start;
  return e->date - since > c->gap_days;
}

/* Whether all conditions of the rule hold; until: up to when assessments count. */
static int holds(const lun_course *c, const lun_censor_rule *r, const lun_outcome *e,
                 int32_t *until)
{
  *until = e->event ? e->date : INT32_MAX;
  if ((r->when & LUN_WHEN_NO_EVENT) && e->event) return 0;
  if ((r->when & LUN_WHEN_NO_BASELINE) && c->has_baseline) return 0;
  if (r->when & LUN_WHEN_AFTER) {
    int32_t day = c->date[r->after];
    if (!happened(day)) return 0;
    *until = day - !c->after_day_counts;
    if (e->event && e->date <= *until) return 0;
  }
  return !(r->when & LUN_WHEN_MISSED) || (e->event && missed(c, e));
}

static lun_outcome censored(const lun_course *c, const lun_censor_rule *r, int number,
                            int32_t until)
{
  lun_outcome o = { .rule = (int16_t)number, .reason = r->reason };
  if (r->at >= 0) o.date = c->date[r->at];
  else if (r->at == LUN_AT_START) o.date = c->start;
  else if (!happened(o.date = last_adequate(c, until)))
    o.date = c->start, o.none = 1, o.reason = r->none;
  return o;
}

lun_outcome lun_timeline_at(const lun_course *c, const lun_endpoint_rule *rule)
{
  int32_t until;
  if (!happened(c->start))
    return (lun_outcome){ .date = LUN_INT_MISSING, .reason = LUN_REASON_NO_BASELINE };
  lun_outcome e = first_event(c, rule);
  for (int i = 0; i < rule->censors; i++)
    if (holds(c, &rule->censor[i], &e, &until)) return censored(c, &rule->censor[i], i + 1, until);
  return e;
}
