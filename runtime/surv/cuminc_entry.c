/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cuminc_entry.h"

#include <math.h>

/* Let a(t) be the influence on F, and g(t) that on log S, of a row at risk from the beginning. One
 * that entered at v has a(t) - b - c F(t) with c = g(v) and b = a(v) - c F(v) while it is at risk;
 * one that left with a' and l in their place at e keeps (a' - l F(e) - b) + (l - c) F(t). */
typedef struct entered {
  double *b, *c; /* by row of the response */
} entered;

/* Sums over rows of 1, x, y, xx, xy, yy. */
typedef struct sums {
  double n, x, y, xx, xy, yy;
} sums;

static void add(sums *s, double sign, double x, double y)
{
  s->n += sign;
  s->x += sign * x;
  s->y += sign * y;
  s->xx += sign * x * x;
  s->xy += sign * x * y;
  s->yy += sign * y * y;
}

typedef struct walk {
  const lun_surv *s;
  const uint32_t *exits, *entries; /* rows of the group by time and by entry */
  size_t left, in, count;          /* exits and entries behind, rows of the group */
  entered at;
  double km, a, g;
  sums inside, gone;
} walk;

static void enter(walk *w, uint32_t t, double f)
{
  for (; w->in < w->count && w->s->entry[w->entries[w->in]] <= t; w->in++) {
    uint32_t row = w->entries[w->in];
    w->at.c[row] = w->g;
    w->at.b[row] = w->a - w->g * f;
    add(&w->inside, 1, w->at.b[row], w->at.c[row]);
  }
}

/* The rows that end at distinct time t: own and l are what an event of the cause adds, and the
 * influence on log S of one with an event. */
static void leave(walk *w, uint32_t t, int32_t cause, double own, double l, double f)
{
  for (; w->left < w->count && w->s->index[w->exits[w->left]] == t; w->left++) {
    uint32_t row = w->exits[w->left];
    int32_t status = w->s->status[row];
    double to = status ? l : w->g, a = w->a + (status == cause ? own : 0);
    add(&w->inside, -1, w->at.b[row], w->at.c[row]);
    add(&w->gone, 1, a - to * f - w->at.b[row], to - w->at.c[row]);
  }
}

static double variance(const walk *w, double f)
{
  const sums *in = &w->inside, *out = &w->gone;
  double present = w->a * (in->n * w->a - 2 * (in->x + f * in->y)) + in->xx +
                   f * (2 * in->xy + f * in->yy);
  return fmax(0, present + out->xx + f * (2 * out->xy + f * out->yy));
}

static void estimate(walk *w, lun_cuminc_curve *c, int32_t cause)
{
  double f = 0;
  for (size_t j = 0; j < c->m; j++) {
    uint32_t t = w->s->index[w->exits[w->left]];
    double n = c->n_risk[j], d = c->n_any[j], d1 = c->n_event[j];
    enter(w, t, f);
    w->a += w->km * d1 / n * (w->g - 1 / n);
    if (d > 0 && n > d) w->g += d / (n * (n - d));
    f = c->incidence[j];
    leave(w, t, cause, w->km / n, n > d ? w->g - 1 / (n - d) : 0, f);
    w->km *= (n - d) / n;
    c->var_jackknife[j] = variance(w, f);
  }
}

lun_status lun_cuminc_entry_jackknife(lun_env *env, const lun_cuminc *r, const lun_surv *s,
                                      const int32_t *code, size_t cause)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, env);
  size_t *first = LUN_NEW(&work, size_t, r->k + 1);
  uint32_t *exits = LUN_NEW(&work, uint32_t, s->n), *entries = LUN_NEW(&work, uint32_t, s->n);
  entered at = { LUN_NEW(&work, double, s->n), LUN_NEW(&work, double, s->n) };
  int32_t *one = code ? NULL : LUN_NEW(&work, int32_t, s->n);
  if (!first || !exits || !entries || !at.b || !at.c || (!code && !one)) goto done;
  lun_surv_split(s, s->order, code ? code : one, r->k, first, exits);
  lun_surv_split(s, s->by_entry, code ? code : one, r->k, first, entries);
  for (size_t g = 0; g < r->k; g++) {
    walk w = { .s = s, .exits = exits + first[g], .entries = entries + first[g],
               .count = first[g + 1] - first[g], .at = at, .km = 1 };
    estimate(&w, &r->curve[g * r->causes + cause - 1], (int32_t)cause);
  }
  st = LUN_OK;
done:
  lun_pool_fini(&work);
  return st;
}
