/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * timeline: dated assessments, death and new therapy -> (time, event, reason), by a table of event
 * and censoring rules. FDA: Guidance for Industry, Clinical Trial Endpoints (2007), Table A; EMA:
 * Appendix 1 to the guideline on anticancer medicines, EMA/CHMP/27994/2008/Rev.1.
 */
#ifndef LUN_TIMELINE_H
#define LUN_TIMELINE_H

#include "onco/rules.h"

typedef enum lun_happening { LUN_CENSORED, LUN_PROGRESSION, LUN_DEATH } lun_happening;

typedef enum lun_reason {
  LUN_REASON_PROGRESSION,
  LUN_REASON_DEATH,
  LUN_REASON_LAST_ASSESSMENT,
  LUN_REASON_MISSED,
  LUN_REASON_NEW_THERAPY,
  LUN_REASON_NO_BASELINE,
  LUN_REASON_NO_POST_BASELINE,
  LUN_REASONS
} lun_reason;

/* For each reason: a word, a sentence, and the CNSR code of CDISC's ADTTE (0: event). */
typedef struct lun_reason_row {
  const char *word, *says;
  int cnsr;
} lun_reason_row;
extern const lun_reason_row LUN_REASON_TABLE[LUN_REASONS];

/* What counts and what censors. */
typedef struct lun_endpoint_rule {
  const char *name;
  unsigned events;      /* bits: 1 << LUN_PROGRESSION, 1 << LUN_DEATH */
  int needs_baseline;   /* without one: censored at the start */
  int stops_at_gap;     /* an event after missed assessments is not one */
  int stops_at_therapy; /* nor one after new anticancer therapy */
} lun_endpoint_rule;

typedef enum lun_endpoint_name {
  LUN_PFS_FDA,
  LUN_PFS_EMA,
  LUN_TTP_FDA,
  LUN_TTP_EMA,
  LUN_ENDPOINTS
} lun_endpoint_name;
extern const lun_endpoint_rule LUN_ENDPOINT_TABLE[LUN_ENDPOINTS];

/* One subject; days are dates since 1970-01-01, LUN_INT_MISSING when it did not happen. */
typedef struct lun_course {
  int has_baseline, n;
  const int32_t *day;     /* n: of the last scan of each assessment, in order */
  const int8_t *response; /* n: lun_response; adequate are those that are neither NE nor NONE */
  int32_t start, progression, death, therapy;
  int gap_days;           /* more days than this since the last adequate assessment are a gap */
  int therapy_day_counts; /* what happens on the day of new therapy still counts */
} lun_course;

typedef struct lun_outcome {
  int32_t date;
  lun_happening event;
  lun_reason reason;
} lun_outcome;

/* The date is missing when the start is. */
lun_outcome lun_timeline_at(const lun_course *course, const lun_endpoint_rule *rule);

#endif
