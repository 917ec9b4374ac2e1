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

#define PD (1u << LUN_PROGRESSION)
#define DEATH (1u << LUN_DEATH)

const lun_endpoint_rule LUN_ENDPOINT_TABLE[LUN_ENDPOINTS] = {
  { "pfs_fda", PD | DEATH, 1, 1, 1 },
  { "pfs_ema", PD | DEATH, 0, 0, 0 },
  { "ttp_fda", PD, 1, 1, 1 },
  { "ttp_ema", PD, 0, 0, 0 },
};

static int happened(int32_t day)
{
  return day != LUN_INT_MISSING;
}

/* The first event that the rule counts. */
static lun_outcome first_event(const lun_course *c, const lun_endpoint_rule *rule)
{
  lun_outcome e = { LUN_INT_MISSING, LUN_CENSORED, LUN_REASON_LAST_ASSESSMENT };
  if ((rule->events & PD) && happened(c->progression))
    e = (lun_outcome){ c->progression, LUN_PROGRESSION, LUN_REASON_PROGRESSION };
  if ((rule->events & DEATH) && happened(c->death) &&
      (e.event == LUN_CENSORED || c->death < e.date))
    e = (lun_outcome){ c->death, LUN_DEATH, LUN_REASON_DEATH };
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

/* Censored at the last adequate assessment up to the day; without one at the start. */
static lun_outcome censored(const lun_course *c, int32_t until, lun_reason reason)
{
  int32_t at = last_adequate(c, until);
  if (happened(at)) return (lun_outcome){ at, LUN_CENSORED, reason };
  if (reason == LUN_REASON_LAST_ASSESSMENT) reason = LUN_REASON_NO_POST_BASELINE;
  return (lun_outcome){ c->start, LUN_CENSORED, reason };
}

lun_outcome lun_timeline_at(const lun_course *c, const lun_endpoint_rule *rule)
{
  lun_outcome e = first_event(c, rule);
  if (!happened(c->start))
    return (lun_outcome){ LUN_INT_MISSING, LUN_CENSORED, LUN_REASON_NO_BASELINE };
  if (!c->has_baseline && (rule->needs_baseline || e.event == LUN_CENSORED))
    return (lun_outcome){ c->start, LUN_CENSORED, LUN_REASON_NO_BASELINE };
  if (rule->stops_at_therapy && happened(c->therapy)) {
    int32_t until = c->therapy - !c->therapy_day_counts;
    if (e.event == LUN_CENSORED || e.date > until)
      return censored(c, until, LUN_REASON_NEW_THERAPY);
  }
  if (e.event == LUN_CENSORED) return censored(c, INT32_MAX, LUN_REASON_LAST_ASSESSMENT);
  if (rule->stops_at_gap) {
    int32_t since = last_adequate(c, e.date);
    if (!happened(since)) since = c->start;
    if (e.date - since > c->gap_days) return censored(c, e.date, LUN_REASON_MISSED);
  }
  return e;
}
