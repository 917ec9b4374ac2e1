/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * walk: what recist.c (subjects, baseline, new lesions) and visit.c (one visit after the other)
 * share. Internal to onco/.
 */
#ifndef LUN_WALK_H
#define LUN_WALK_H

#include "onco/recist.h"

enum { NODES = -2 }; /* all lymph nodes are one organ */

/* One lesion of the subject at hand. */
typedef struct lun_slot {
  int32_t lesion, organ, visit, date; /* visit, date: where it was last seen in the walk */
  int64_t baseline[LUN_MEASURES], size[LUN_MEASURES];
  uint8_t role, node, state, has_viable; /* a viable diameter at baseline */
  /* new lesions */
  int32_t first_visit, first_date;
  int64_t first_size;
  uint8_t proven[LUN_MEASURES]; /* a new lesion in the end: dated back to its first appearance */
} lun_slot;

/* A visit in the rows: from .. to-1. */
typedef struct lun_mark {
  size_t from, to;
  int32_t date, last;
  uint8_t baseline, symptoms;
} lun_mark;

/* The walk over one subject after the other; arrays are reused. */
typedef struct lun_walk {
  const lun_recist_options *o;
  lun_lesions *t;
  lun_recist *out;
  const lun_subjects *who;
  lun_slot *slots;
  size_t n_slots, n_targets, n_nontargets;
  int32_t *slot_of; /* by lesion name; valid when seen[name] == subject + 1 */
  uint32_t *seen;
  lun_signals *signals; /* by visit of the subject */
  lun_mark *marks;      /* its visits */
  size_t subject;
  int cr[LUN_MEASURES], pr[LUN_MEASURES], pd[LUN_MEASURES]; /* what went before */
} lun_walk;

static inline int64_t lun_walk_units(double mm)
{
  return (int64_t)(mm * LUN_MM + 0.5);
}

static inline int lun_walk_is_new(unsigned role)
{
  return role == LUN_NEW || role == LUN_NEW_NONTARGET;
}

static inline lun_refusal_code lun_walk_refused(const lun_walk *w)
{
  return w->t->refused[w->subject].code;
}

static inline void lun_walk_refuse(lun_walk *w, lun_refusal_code code, const lun_lesion_row *row,
                                   double value)
{
  lun_lesions_refuse(w->t, w->subject, code, row, value);
}

static inline lun_slot *lun_walk_find(lun_walk *w, int32_t lesion)
{
  return w->seen[lesion] == w->subject + 1 ? &w->slots[w->slot_of[lesion]] : NULL;
}

/* The diameter that counts; LUN_SIZE_MISSING when the lesion was not assessed. has_viable: the
 * lesion had a viable diameter at baseline. */
int64_t lun_walk_counted(const lun_walk *w, const lun_lesion_row *row, lun_measure m,
                         int has_viable);

/* Assesses the subject's visits, whose marks begin at `from`. */
void lun_walk_visits(lun_walk *w, lun_subject *subject, size_t from);

#endif
