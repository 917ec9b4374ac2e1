/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/finegray/censor.h"

/* What happens in one group at and before each distinct time. */
typedef struct counts {
  double *event, *entry; /* groups x m: events at the time, entries between it and the one before */
} counts;

static void count(const lun_surv *s, lun_finegray_censor *out, const counts *c,
                  const int32_t *group, const double *weight)
{
  for (size_t i = 0; i < s->n; i++) {
    size_t base = group ? (size_t)group[i] * out->m : 0;
    double w = weight ? weight[i] : 1;
    if (s->status[i] == 0) out->gone[base + s->index[i]] += w;
    else c->event[base + s->index[i]] += w;
    if (s->entry) c->entry[base + s->entry[i]] += w;
  }
}

/* At risk just before each time, from the last one back. */
static void at_risk(lun_finegray_censor *out, const counts *c, size_t base)
{
  double inside = 0;
  for (size_t t = out->m; t-- > 0;) {
    inside += out->gone[base + t] + c->event[base + t];
    out->risk[base + t] = inside;
    if (c->entry) inside -= c->entry[base + t];
  }
}

/* The product limit of the censorings; after the group's last time it is 0. */
static void censorings(lun_finegray_censor *out, const counts *c, size_t base, int deaths_first)
{
  size_t end = out->m;
  double g = 1;
  while (end > 0 && out->gone[base + end - 1] + c->event[base + end - 1] == 0) end--;
  for (size_t t = base; t < base + end; t++) {
    if (deaths_first) out->risk[t] -= c->event[t];
    out->prob[t] = g;
    if (out->gone[t] > 0) g *= 1 - out->gone[t] / out->risk[t];
  }
}

/* Times H: several entries between two times multiply to (at risk before them) / (after them). */
static void entries(lun_finegray_censor *out, const counts *c, size_t base, int deaths_first)
{
  double h = 1;
  for (size_t t = base + out->m; t-- > base;) {
    double n = out->risk[t] + (deaths_first ? c->event[t] : 0);
    out->prob[t] *= h;
    if (c->entry[t] > 0) h *= (n - c->entry[t]) / n;
  }
}

lun_status lun_finegray_censor_new(lun_pool *pool, lun_finegray_censor *out, const lun_surv *s,
                                   const int32_t *group, size_t groups, const double *weight,
                                   int deaths_first)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  counts c = { 0 };
  lun_pool_init(&work, pool->env);
  out->groups = group ? groups : 1;
  out->m = s->m;
  size_t cells = out->groups * out->m;
  out->gone = LUN_NEW(pool, double, cells);
  out->risk = LUN_NEW(pool, double, cells);
  out->prob = LUN_NEW(pool, double, cells);
  c.event = LUN_NEW(&work, double, cells);
  if (s->entry && !(c.entry = LUN_NEW(&work, double, cells))) goto done;
  if (!out->gone || !out->risk || !out->prob || !c.event) goto done;
  st = LUN_OK;
  count(s, out, &c, group, weight);
  for (size_t g = 0; g < out->groups; g++) {
    at_risk(out, &c, g * out->m);
    censorings(out, &c, g * out->m, deaths_first);
    if (c.entry) entries(out, &c, g * out->m, deaths_first);
  }
done:
  lun_pool_fini(&work);
  return st;
}
