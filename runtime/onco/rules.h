/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rules: the words of the response criteria and their decision tables. A table is a list of rows
 * tried in order; the first whose conditions hold gives the answer and its reason. The reference
 * pages are printed from these tables.
 *
 * Sources: E. A. Eisenhauer et al., Eur J Cancer 2009;45:228 (RECIST 1.1, Tables 1 to 3) with the
 * EORTC's clarifications; R. Lencioni, J. M. Llovet, Semin Liver Dis 2010;30:52 (mRECIST); L.
 * Seymour et al., Lancet Oncol 2017;18:e143 (iRECIST); F. S. Hodi et al., J Clin Oncol 2018;36:850
 * (imRECIST).
 */
#ifndef LUN_RULES_H
#define LUN_RULES_H

#include <stddef.h>
#include <stdint.h>

typedef enum lun_response {
  LUN_RESP_NONE = -1, /* no response is given (after the first PD, after iCPD) */
  LUN_RESP_CR,
  LUN_RESP_PR,
  LUN_RESP_SD,
  LUN_RESP_NN, /* NON-CR/NON-PD */
  LUN_RESP_PD,
  LUN_RESP_NE,
  LUN_RESP_NA, /* no lesion of this kind */
  LUN_RESP_NED /* no disease at baseline and none now: a convention, not RECIST */
} lun_response;

typedef enum lun_iresponse {
  LUN_IRESP_NONE = -1,
  LUN_IRESP_CR,
  LUN_IRESP_PR,
  LUN_IRESP_SD,
  LUN_IRESP_NN, /* NON-iCR/NON-iUPD */
  LUN_IRESP_UPD,
  LUN_IRESP_CPD,
  LUN_IRESP_NE,
  LUN_IRESP_NED
} lun_iresponse;

/* NULL-terminated, in the order of the enumerations. */
extern const char *const LUN_RESPONSES[];
extern const char *const LUN_IRESPONSES[];

typedef enum lun_role { LUN_TARGET, LUN_NONTARGET, LUN_NEW, LUN_NEW_NONTARGET, LUN_VISIT } lun_role;

typedef enum lun_state {
  LUN_STATE_UNSAID,
  LUN_STATE_MEASURED,
  LUN_STATE_TSM, /* too small to measure */
  LUN_STATE_NE,
  LUN_STATE_MERGED,   /* into another lesion: contributes nothing, but is not absent */
  LUN_STATE_FRAGMENT, /* one of several rows whose diameters are added */
  LUN_STATE_ABSENT,
  LUN_STATE_PRESENT,
  LUN_STATE_ENHANCING,
  LUN_STATE_NO_ENHANCEMENT,
  LUN_STATE_INCREASE,    /* larger, not unequivocal progression */
  LUN_STATE_PROGRESSION, /* unequivocal */
  LUN_STATE_FURTHER,     /* increases further after progression */
  LUN_STATE_UNEQUIVOCAL,
  LUN_STATE_EQUIVOCAL,
  LUN_STATE_BENIGN,
  LUN_STATE_SYMPTOMS /* of a visit: the patient is clinically worse */
} lun_state;

/* Where a new lesion is, for mRECIST. */
typedef enum lun_site {
  LUN_SITE_OTHER,
  LUN_SITE_LIVER,
  LUN_SITE_PORTA_NODE,
  LUN_SITE_NODE,
  LUN_SITE_EFFUSION
} lun_site;

/* What is known of a new lesion, for mRECIST. */
typedef enum lun_pattern {
  LUN_PATTERN_UNSAID,
  LUN_PATTERN_TYPICAL,
  LUN_PATTERN_ATYPICAL,
  LUN_PATTERN_CYTOLOGY_POSITIVE,
  LUN_PATTERN_CYTOLOGY_NONE
} lun_pattern;

/* A word of the lesion table; for states, the roles (bits) in which it may stand. */
typedef struct lun_word {
  const char *word;
  int value;
  unsigned roles;
} lun_word;

extern const lun_word LUN_ROLE_WORDS[], LUN_STATE_WORDS[], LUN_SITE_WORDS[], LUN_PATTERN_WORDS[];

/* The row of words (up to one whose word is NULL) for text, or NULL; "_" is read as "-". */
const lun_word *lun_word_find(const lun_word *words, const char *text);

/* Conditions of a visit, as bits. */
enum {
  LUN_IF_NO_BASELINE = 1 << 0,
  LUN_IF_NO_LESIONS = 1 << 1,
  LUN_IF_ALL_GONE = 1 << 2,
  LUN_IF_BACK = 1 << 3,       /* present again after an overall CR */
  LUN_IF_PROGRESSED = 1 << 4, /* target: sum against nadir; non-target: unequivocal */
  LUN_IF_MISSING = 1 << 5,    /* one was not assessed */
  LUN_IF_SHRUNK = 1 << 6,     /* sum against baseline */
  LUN_IF_PERSISTS = 1 << 7    /* option pr_persist, and an earlier PR without PD since */
};

typedef struct lun_rule {
  unsigned when; /* all of these bits */
  lun_response then;
  const char *why;
} lun_rule;

enum { LUN_TARGET_RULES = 9, LUN_NONTARGET_RULES = 7, LUN_OVERALL_RULES = 12 };
extern const lun_rule LUN_TARGET_TABLE[LUN_TARGET_RULES];
extern const lun_rule LUN_NONTARGET_TABLE[LUN_NONTARGET_RULES];

/* Tables 1 and 2: sets of responses are bits (1 << response). */
typedef struct lun_overall_rule {
  unsigned target, nontarget;
  int fresh; /* a new lesion: 1 yes, 0 either */
  lun_response then;
  const char *why;
} lun_overall_rule;
extern const lun_overall_rule LUN_OVERALL_TABLE[LUN_OVERALL_RULES];

/* Number of the first row that holds. The last row of a table always does. */
int lun_rule_at(const lun_rule *rules, unsigned conditions);
int lun_rule_overall(lun_response target, lun_response nontarget, int fresh);

#endif
