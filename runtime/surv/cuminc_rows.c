/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cuminc_rows.h"

#include <math.h>
#include <string.h>

/* Let a(t) be the influence on F, and g(t) that on log S, of a row at risk from the beginning. One
 * that entered at v has a(t) - b - c F(t) with c = g(v) and b = a(v) - c F(v) while it is at risk;
 * one that left with a' and l in their place at e keeps (a' - l F(e) - b) + (l - c) F(t). A
 * cluster's influence, with the rows' weights, is thus p a(t) + q + r F(t). */
typedef struct sums {
  double *p, *q, *r;               /* by cluster */
  double pp, pq, pr, qq, qr, rr;   /* sums of products over clusters */
} sums;

static void add(sums *s, size_t cluster, double dp, double dq, double dr)
{
  double p = s->p[cluster], q = s->q[cluster], r = s->r[cluster];
  double np = p + dp, nq = q + dq, nr = r + dr;
  s->pp += np * np - p * p;
  s->pq += np * nq - p * q;
  s->pr += np * nr - p * r;
  s->qq += nq * nq - q * q;
  s->qr += nq * nr - q * r;
  s->rr += nr * nr - r * r;
  s->p[cluster] = np;
  s->q[cluster] = nq;
  s->r[cluster] = nr;
}

static double square(const sums *s, double a, double f)
{
  return fmax(0, a * (a * s->pp + 2 * (s->pq + f * s->pr)) + s->qq + f * (2 * s->qr + f * s->rr));
}

typedef struct walk {
  const lun_surv *s;
  const lun_cuminc_options *o;
  const uint32_t *exits, *entries; /* rows of the group by time and by entry */
  size_t left, in, count;          /* exits and entries behind, rows of the group */
  double km, a, g;
  sums sums;
} walk;

static double weight_of(const walk *w, uint32_t row)
{
  return w->o->weight ? w->o->weight[row] : 1;
}

static size_t cluster_of(const walk *w, uint32_t row)
{
  return w->o->cluster ? (size_t)w->o->cluster[row] : row;
}

static void enter(walk *w, uint32_t t, double f)
{
  for (; w->in < w->count; w->in++) {
    uint32_t row = w->entries[w->in];
    double weight = weight_of(w, row);
    if (w->s->entry && w->s->entry[row] > t) break;
    add(&w->sums, cluster_of(w, row), weight, -weight * (w->a - w->g * f), -weight * w->g);
  }
}

/* The rows that end at distinct time t: own and l are what an event of the cause adds, and the
 * influence on log S of one with an event. */
static void leave(walk *w, uint32_t t, int32_t cause, double own, double l, double f)
{
  for (; w->left < w->count && w->s->index[w->exits[w->left]] == t; w->left++) {
    uint32_t row = w->exits[w->left];
    int32_t status = w->s->status[row];
    double weight = weight_of(w, row);
    double to = status ? l : w->g, a = w->a + (status == cause ? own : 0);
    add(&w->sums, cluster_of(w, row), -weight, weight * (a - to * f), weight * to);
  }
}

/* Sums of weights round: what is left after an event of all is none. */
static double rest(double n, double d)
{
  return n - d > 1e-12 * n ? n - d : 0;
}

static void estimate(walk *w, lun_cuminc_curve *c, int32_t cause)
{
  double f = 0;
  for (size_t j = 0; j < c->m; j++) {
    uint32_t t = w->s->index[w->exits[w->left]];
    double n = c->n_risk[j], d = c->n_any[j], d1 = c->n_event[j], after = rest(n, d);
    enter(w, t, f);
    w->a += w->km * d1 / n * (w->g - 1 / n);
    if (d > 0 && after > 0) w->g += d / (n * after);
    f = c->incidence[j];
    leave(w, t, cause, w->km / n, after > 0 ? w->g - 1 / after : 0, f);
    w->km *= after / n;
    c->var_jackknife[j] = square(&w->sums, w->a, f);
  }
}

static void clear(sums *s, size_t clusters)
{
  memset(s->p, 0, clusters * sizeof *s->p);
  memset(s->q, 0, clusters * sizeof *s->q);
  memset(s->r, 0, clusters * sizeof *s->r);
  s->pp = s->pq = s->pr = s->qq = s->qr = s->rr = 0;
}

lun_status lun_cuminc_row_jackknife(lun_env *env, const lun_cuminc *r, const lun_surv *s,
                                    const lun_cuminc_options *o, size_t cause)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  size_t clusters = o->cluster ? o->clusters : s->n;
  lun_pool_init(&work, env);
  size_t *first = LUN_NEW(&work, size_t, r->k + 1);
  uint32_t *exits = LUN_NEW(&work, uint32_t, s->n), *entries = LUN_NEW(&work, uint32_t, s->n);
  sums by = { LUN_NEW(&work, double, clusters), LUN_NEW(&work, double, clusters),
              LUN_NEW(&work, double, clusters), 0, 0, 0, 0, 0, 0 };
  int32_t *one = o->group ? NULL : LUN_NEW(&work, int32_t, s->n);
  const int32_t *group = o->group ? o->group : one;
  if (!first || !exits || !entries || !by.p || !by.q || !by.r || !group) goto done;
  lun_surv_split(s, s->order, group, r->k, first, exits);
  lun_surv_split(s, s->by_entry ? s->by_entry : s->order, group, r->k, first, entries);
  for (size_t g = 0; g < r->k; g++) {
    walk w = { .s = s, .o = o, .exits = exits + first[g], .entries = entries + first[g],
               .count = first[g + 1] - first[g], .km = 1, .sums = by };
    clear(&w.sums, clusters);
    estimate(&w, &r->curve[g * r->causes + cause - 1], (int32_t)cause);
  }
  st = LUN_OK;
done:
  lun_pool_fini(&work);
  return st;
}
