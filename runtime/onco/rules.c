/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "onco/rules.h"

const char *const LUN_RESPONSES[] = { "CR", "PR",  "SD", "NON-CR/NON-PD", "PD", "NE",
                                      "NA", "NED", NULL };
const char *const LUN_IRESPONSES[] = { "iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "iUPD", "iCPD",
                                       "NE",  "NED", NULL };

#define T (1u << LUN_TARGET)
#define N (1u << LUN_NONTARGET)
#define W (1u << LUN_NEW | 1u << LUN_NEW_NONTARGET)
#define V (1u << LUN_VISIT)

const lun_word LUN_ROLE_WORDS[] = {
  { "target", LUN_TARGET, 0 },
  { "nontarget", LUN_NONTARGET, 0 },
  { "non-target", LUN_NONTARGET, 0 },
  { "new", LUN_NEW, 0 },
  { "new-nontarget", LUN_NEW_NONTARGET, 0 },
  { "visit", LUN_VISIT, 0 },
  { NULL, 0, 0 },
};

const lun_word LUN_STATE_WORDS[] = {
  { "", LUN_STATE_UNSAID, T | N | W | V },
  { "measured", LUN_STATE_MEASURED, T },
  { "too-small", LUN_STATE_TSM, T },
  { "TSM", LUN_STATE_TSM, T },
  { "ne", LUN_STATE_NE, T | N | W },
  { "NE", LUN_STATE_NE, T | N | W },
  { "merged", LUN_STATE_MERGED, T },
  { "fragment", LUN_STATE_FRAGMENT, T },
  { "absent", LUN_STATE_ABSENT, T | N | W },
  { "present", LUN_STATE_PRESENT, N },
  { "enhancing", LUN_STATE_ENHANCING, N },
  { "no-enhancement", LUN_STATE_NO_ENHANCEMENT, T | N },
  { "increase", LUN_STATE_INCREASE, N | W },
  { "progression", LUN_STATE_PROGRESSION, N },
  { "unequivocal-progression", LUN_STATE_PROGRESSION, N },
  { "further-increase", LUN_STATE_FURTHER, N },
  { "unequivocal", LUN_STATE_UNEQUIVOCAL, W },
  { "equivocal", LUN_STATE_EQUIVOCAL, W },
  { "benign", LUN_STATE_BENIGN, W },
  { "symptoms", LUN_STATE_SYMPTOMS, V },
  { NULL, 0, 0 },
};

#undef T
#undef N
#undef W
#undef V

const lun_word LUN_SITE_WORDS[] = {
  { "liver", LUN_SITE_LIVER, 0 },
  { "porta-node", LUN_SITE_PORTA_NODE, 0 },
  { "node", LUN_SITE_NODE, 0 },
  { "lymph node", LUN_SITE_NODE, 0 },
  { "effusion", LUN_SITE_EFFUSION, 0 },
  { "ascites", LUN_SITE_EFFUSION, 0 },
  { NULL, 0, 0 },
};

const lun_word LUN_PATTERN_WORDS[] = {
  { "", LUN_PATTERN_UNSAID, 0 },
  { "typical", LUN_PATTERN_TYPICAL, 0 },
  { "atypical", LUN_PATTERN_ATYPICAL, 0 },
  { "cytology-positive", LUN_PATTERN_CYTOLOGY_POSITIVE, 0 },
  { "cytology-none", LUN_PATTERN_CYTOLOGY_NONE, 0 },
  { NULL, 0, 0 },
};

static int same_word(const char *word, const char *text)
{
  for (; *word && (*word == *text || (*word == '-' && *text == '_')); word++, text++) {}
  return *word == *text;
}

const lun_word *lun_word_find(const lun_word *words, const char *text)
{
  for (; words->word; words++) {
    if (same_word(words->word, text)) return words;
  }
  return NULL;
}

const lun_rule LUN_TARGET_TABLE[LUN_TARGET_RULES] = {
  { LUN_IF_NO_BASELINE, LUN_RESP_NE, "there is no baseline assessment" },
  { LUN_IF_NO_LESIONS, LUN_RESP_NA, "there are no target lesions" },
  { LUN_IF_ALL_GONE, LUN_RESP_CR, "all target lesions have gone and target nodes are below 10 mm" },
  { LUN_IF_BACK, LUN_RESP_PD, "a target lesion is back after complete response" },
  { LUN_IF_PROGRESSED, LUN_RESP_PD,
    "the sum has risen by the progression threshold over the nadir" },
  { LUN_IF_MISSING, LUN_RESP_NE, "a target lesion was not assessed" },
  { LUN_IF_SHRUNK, LUN_RESP_PR, "the sum has fallen by the response threshold from baseline" },
  { LUN_IF_PERSISTS, LUN_RESP_PR, "an earlier partial response lasts until progression" },
  { 0, LUN_RESP_SD, "the sum has neither fallen to response nor risen to progression" },
};

const lun_rule LUN_NONTARGET_TABLE[LUN_NONTARGET_RULES] = {
  { LUN_IF_NO_BASELINE, LUN_RESP_NE, "there is no baseline assessment" },
  { LUN_IF_NO_LESIONS, LUN_RESP_NA, "there are no non-target lesions" },
  { LUN_IF_PROGRESSED, LUN_RESP_PD, "a non-target lesion has progressed unequivocally" },
  { LUN_IF_BACK, LUN_RESP_PD, "a non-target lesion is back after complete response" },
  { LUN_IF_MISSING, LUN_RESP_NE, "a non-target lesion was not assessed" },
  { LUN_IF_ALL_GONE, LUN_RESP_CR, "all non-target lesions have gone" },
  { 0, LUN_RESP_NN, "non-target disease persists without unequivocal progression" },
};

#define IS(r) (1u << LUN_RESP_##r)
#define ANY 0xffu

const lun_overall_rule LUN_OVERALL_TABLE[LUN_OVERALL_RULES] = {
  { ANY, ANY, 1, LUN_RESP_PD, "a new lesion" },
  { IS(PD), ANY, 0, LUN_RESP_PD, "progression of the target lesions" },
  { ANY, IS(PD), 0, LUN_RESP_PD, "progression of non-target lesions" },
  { IS(CR), IS(CR) | IS(NA), 0, LUN_RESP_CR, "all lesions have gone" },
  { IS(CR), ANY, 0, LUN_RESP_PR,
    "target lesions have gone, non-target lesions have not or are not known" },
  { IS(PR), ANY, 0, LUN_RESP_PR, "partial response of the target lesions" },
  { IS(SD), ANY, 0, LUN_RESP_SD, "target lesions are stable" },
  { IS(NE), ANY, 0, LUN_RESP_NE, "target lesions cannot be evaluated" },
  { IS(NA), IS(CR), 0, LUN_RESP_CR, "non-target lesions have gone, there are no target lesions" },
  { IS(NA), IS(NN), 0, LUN_RESP_NN, "non-target lesions persist, there are no target lesions" },
  { IS(NA), IS(NE), 0, LUN_RESP_NE,
    "non-target lesions cannot be evaluated, there are no target lesions" },
  { ANY, ANY, 0, LUN_RESP_NED, "no disease at baseline and none now" },
};

#undef IS
#undef ANY

int lun_rule_at(const lun_rule *rules, unsigned conditions)
{
  int i = 0;
  while ((conditions & rules[i].when) != rules[i].when) i++;
  return i;
}

int lun_rule_overall(lun_response target, lun_response nontarget, int fresh)
{
  int i = 0;
  for (;; i++) {
    const lun_overall_rule *r = &LUN_OVERALL_TABLE[i];
    if (r->fresh && !fresh) continue;
    if ((r->target >> target & 1) && (r->nontarget >> nontarget & 1)) return i;
  }
}
