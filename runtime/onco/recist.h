/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * recist: lesions -> responses, visit by visit. One pass gives RECIST 1.1 (total diameters),
 * mRECIST (viable diameters), iRECIST and imRECIST. Sizes are whole millionths of a millimetre, and
 * all comparisons are of whole numbers: 9.8 mm of 14 mm is exactly -30%. The rules are in rules.h.
 */
#ifndef LUN_RECIST_H
#define LUN_RECIST_H

#include "base/num.h"
#include "onco/lesions.h"

/* The two ways of measuring, carried together. */
typedef enum lun_measure { LUN_TOTAL, LUN_VIABLE, LUN_MEASURES } lun_measure;

typedef struct lun_recist_options {
  int max_targets, max_per_organ;    /* 5, 2; 0: no limit */
  double min_target_mm, min_node_mm; /* 10, 15: at baseline; 0: not checked */
  double tsm_mm;                     /* 5: what a lesion too small to measure counts */
  double size_limit_mm;              /* 500: a larger diameter is refused */
  double normal_node_mm;             /* 10: a node below it is normal */
  int pr_percent, pd_percent;        /* 30, 20 */
  double pd_min_mm[LUN_MEASURES];    /* 5, 0: absolute increase that progression needs too */
  int pr_persist;                    /* 0: an earlier PR lasts until PD (EORTC clarification) */
  int irecist_confirm_days;          /* 28 */
  int exclude;                       /* 0: the first refused subject is an error */
  /* best response and endpoints */
  int min_sd_days, confirm_days;  /* 42, 28 */
  int max_ne, accept_sd;          /* 1, 0: NE and SD allowed between the two of a confirmation */
  int interval_days, window_days; /* 56, 7: two assessments are missed after 2 x their sum */
  int therapy_day_counts;         /* 1: an assessment on the day of new therapy still counts */
} lun_recist_options;

extern const lun_recist_options LUN_RECIST_DEFAULTS;

/* Dates as days since 1970-01-01; LUN_INT_MISSING when there is none. */
typedef struct lun_subjects {
  size_t n;
  const int32_t *start;   /* or NULL: the baseline assessment is the start */
  const int32_t *death;   /* or NULL */
  const int32_t *therapy; /* new anticancer therapy, or NULL */
  const lun_col *name;    /* for messages; NULL: numbers from 1 */
} lun_subjects;

/* The subject's name for a message; number is where it is written when it has none. */
const char *lun_subjects_name(const lun_subjects *who, size_t i, char number[LUN_NUM_MAX]);

/* A visit by one way of measuring. */
typedef struct lun_view {
  int64_t sum;                       /* of the targets assessed; LUN_SIZE_MISSING when none was */
  int64_t nadir;                     /* smallest complete sum before this visit */
  int32_t pd_date;                   /* of the earliest evidence, when the response is PD */
  int8_t target, nontarget, overall; /* lun_response; overall NONE after the first PD */
  int8_t plain;                      /* overall as the table gives it, whatever went before */
  uint8_t fresh;                     /* a new lesion appears here */
  int8_t complete;                   /* all targets assessed; -1 without baseline */
  uint8_t target_rule, nontarget_rule, overall_rule; /* rows of the tables of rules.h */
} lun_view;

typedef struct lun_visit {
  uint32_t subject;
  int32_t date, last_date; /* of the visit, of its last scan */
  lun_view by[LUN_MEASURES];
  int8_t irecist, imrecist; /* lun_iresponse; lun_response, PD annulled by a later scan being NE */
  uint8_t irule;            /* row of LUN_IREASONS */
} lun_visit;

typedef struct lun_subject {
  size_t first, n; /* visits after baseline */
  int32_t start, baseline_date;
  int64_t baseline[LUN_MEASURES]; /* sums; LUN_SIZE_MISSING without targets */
  int has_baseline, refused;
  int32_t iprogression_date; /* first iUPD of the confirmed or open block; LUN_INT_MISSING */
} lun_subject;

typedef struct lun_recist {
  lun_pool pool;
  lun_recist_options options;
  size_t subjects, visits, refusals;
  lun_subject *subject;
  lun_visit *visit;     /* by subject, in order of date */
  lun_refusal *refused; /* subjects; code NOTHING when accepted */
} lun_recist;

extern const char *const LUN_IREASONS[];

/* Assesses every subject. A refused subject is an error naming subject, row and lesion, or, with
 * options.exclude, has no visits and is counted in refusals. Errors: EDATA, ENOMEM, EINTR. */
lun_status lun_recist_assess(lun_env *env, lun_recist *out, const lun_lesion_columns *lesions,
                             const lun_subjects *subjects, const lun_recist_options *options);
void lun_recist_fini(lun_recist *r);

/* Change in percent; NaN when either is missing or from is 0. */
double lun_recist_percent(int64_t now, int64_t from);

/* --- shared by the parts of recist ----------------------------------------------------------- */

/* What iRECIST looks at beyond the RECIST responses of a visit. */
typedef struct lun_signals {
  int64_t new_sum; /* of measured new lesions */
  uint8_t nontarget_further, new_increase, new_present, symptoms;
} lun_signals;

/* Fills irecist, irule of visits[0..n) and the subject's progression date. */
void lun_irecist_walk(lun_subject *s, lun_visit *visits, const lun_signals *signals, size_t n,
                      const lun_recist_options *o);
/* Fills imrecist of visits[0..n). */
void lun_imrecist_walk(const lun_subject *s, lun_visit *visits, const lun_signals *signals,
                       size_t n, const lun_recist_options *o);

/* sum has risen over nadir to progression: relative and absolute condition. */
int lun_recist_progressed(int64_t sum, int64_t nadir, int percent, double min_mm);
int lun_recist_shrunk(int64_t sum, int64_t baseline, int percent);

#endif
