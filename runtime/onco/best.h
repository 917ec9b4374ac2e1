/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * best: the best overall response of a sequence of visit responses, without and with confirmation
 * (RECIST 1.1, Table 3), and the first response that was confirmed.
 */
#ifndef LUN_BEST_H
#define LUN_BEST_H

#include "onco/rules.h"

enum { LUN_BEST_NONE = -1 };

typedef struct lun_best_rule {
  int min_sd_days;  /* SD and NON-CR/NON-PD count only if seen on this day or later */
  int confirm_days; /* the second of a pair comes this many days later, or more */
  int max_ne;       /* NE between the two */
  int accept_sd;    /* SD between two PR */
} lun_best_rule;

typedef struct lun_best {
  lun_response best, confirmed;
  int first;           /* visit of the first CR or PR; LUN_BEST_NONE */
  int first_confirmed; /* of the first that was confirmed; LUN_BEST_NONE */
  int last;            /* visits that counted: those up to the first PD */
} lun_best;

/* day[0..n) since the start, in order; response as lun_response (NONE ends the sequence). Visits
 * after the first PD do not count; after a CR a PR or SD is read as PD when confirming. */
lun_best lun_best_of(const int32_t *day, const int8_t *response, int n, const lun_best_rule *rule);

/* The best iRECIST response (response as lun_iresponse): iCR, iPR, then iSD and NON-iCR/NON-iUPD at
 * the minimum day or later, iCPD, iUPD, NE. Responses after an unconfirmed iUPD count. */
lun_iresponse lun_best_irecist(const int32_t *day, const int8_t *response, int n, int min_sd_days);

#endif
