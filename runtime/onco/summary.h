/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * summary: what the visits of each subject come to: best response, progression, depth, endpoints.
 */
#ifndef LUN_SUMMARY_H
#define LUN_SUMMARY_H

#include "base/str.h"
#include "onco/best.h"
#include "onco/recist.h"
#include "onco/timeline.h"

typedef struct lun_summary {
  int8_t best, confirmed;         /* lun_response */
  int8_t ibest, imbest;           /* lun_iresponse, lun_response; by total diameters only */
  int32_t first, first_confirmed; /* date of the first CR or PR, and of the first confirmed one */
  int32_t progression;            /* date of the first PD */
  int32_t last_adequate;          /* last assessment up to it that was not NE */
  int64_t depth; /* smallest complete sum up to the first PD or new therapy; LUN_SIZE_MISSING */
  lun_outcome end[LUN_ENDPOINTS];
} lun_summary;

/* One summary for each subject, by one way of measuring, in r's pool. Visits after new therapy do
 * not enter the best response and the depth. Errors: ENOMEM. */
lun_status lun_summary_of(lun_env *env, lun_recist *r, const lun_subjects *who, lun_measure m,
                          lun_summary **out);

/* Responses that were given visit by visit, as if they had been assessed: sums and parts are
 * missing. response: lun_response. Rows in any order; two different responses of a subject on one
 * day are EDATA, so is an assessment after death. Without start dates the first assessment is the
 * start. */
lun_status lun_summary_given(lun_env *env, lun_recist *out, const lun_subjects *who, size_t n,
                             const int32_t *subject, const int32_t *date, const int8_t *response,
                             const lun_recist_options *options);

/* Why this response: a sentence with the numbers that decided. */
void lun_summary_reason(lun_str *out, const lun_recist *r, const lun_visit *visit, lun_measure m);

#endif
