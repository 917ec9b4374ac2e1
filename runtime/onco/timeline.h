/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * timeline: dated assessments, death and new therapy -> (time, event, reason), by a table of event
 * and censoring rules. FDA: Guidance for Industry, Clinical Trial Endpoints (2007), Table A; EMA:
 * Appendix 1 to the guideline on anticancer medicines, EMA/CHMP/27994/2008/Rev.1.
 */
#ifndef LUN_TIMELINE_H
#define LUN_TIMELINE_H

#include "onco/rules.h"

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

/* Dates that rules name: their number in lun_course.date. */
typedef enum lun_source {
  LUN_SOURCE_PROGRESSION,
  LUN_SOURCE_DEATH,
  LUN_SOURCE_THERAPY,
  LUN_SOURCES
} lun_source;

/* An event: the earliest date counts; of two on one day the first in the table. */
typedef struct lun_event_rule {
  int source;
  lun_reason reason;
} lun_event_rule;

/* Conditions of a censoring rule, as bits. */
enum {
  LUN_WHEN_NO_EVENT = 1 << 0,
  LUN_WHEN_NO_BASELINE = 1 << 1,
  LUN_WHEN_AFTER = 1 << 2, /* the date `after` has passed, and no event up to it */
  LUN_WHEN_MISSED = 1 << 3 /* the event came after missed assessments */
};

/* Where it is censored, when not at a source's date. LAST: the last adequate assessment (up to the
 * event, or the date of `after`); the start when there is none. */
enum { LUN_AT_START = -1, LUN_AT_LAST = -2 };

/* A censoring rule: the first whose conditions all hold ends the observation. */
typedef struct lun_censor_rule {
  unsigned when;
  int after; /* source, with LUN_WHEN_AFTER */
  int at;    /* source, LUN_AT_START or LUN_AT_LAST */
  lun_reason reason, none; /* none: at the start, for want of an adequate assessment */
} lun_censor_rule;

typedef struct lun_endpoint_rule {
  const char *name;
  const lun_event_rule *event;
  const lun_censor_rule *censor;
  int events, censors;
} lun_endpoint_rule;

typedef enum lun_endpoint_name {
  LUN_PFS_FDA,
  LUN_PFS_EMA,
  LUN_TTP_FDA,
  LUN_TTP_EMA,
  LUN_ENDPOINTS
} lun_endpoint_name;
extern const lun_endpoint_rule LUN_ENDPOINT_TABLE[LUN_ENDPOINTS];

/* NULL-terminated: conditions in the order of their bits, sources in that of their numbers. */
extern const char *const LUN_WHEN_WORDS[], *const LUN_SOURCE_WORDS[];

/* One subject; days are dates since 1970-01-01, LUN_INT_MISSING when it did not happen. */
typedef struct lun_course {
  int has_baseline, n;
  const int32_t *day;     /* n: of the last scan of each assessment, in order */
  const int8_t *response; /* n: lun_response; adequate are those that are neither NE nor NONE */
  int32_t start;
  const int32_t *date; /* by source, as far as the rules name them */
  int gap_days;        /* more days than this since the last adequate assessment are a gap */
  int after_day_counts; /* what happens on the day of `after` itself still counts */
} lun_course;

typedef struct lun_outcome {
  int32_t date;  /* missing when the start is, or when no rule gives an end */
  int16_t event; /* number of the event rule from 1; 0: censored */
  int16_t rule;  /* number of the censoring rule from 1; 0: an event, or no rule holds */
  uint8_t none;  /* censored at the start, for want of an adequate assessment */
  lun_reason reason;
} lun_outcome;

lun_outcome lun_timeline_at(const lun_course *course, const lun_endpoint_rule *rule);

#endif
