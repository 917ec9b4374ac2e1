/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/expand.h"

#include <math.h>
#include <string.h>

/* The distinct event times of each stratum, and how many. */
typedef struct moments {
  double *time;
  int32_t *stratum;
  size_t n;
} moments;

static int32_t stratum_of(const lun_cox_input *in, size_t i)
{
  return in->strata ? in->strata[i] : 0;
}

static int at_risk(const lun_cox_input *in, const unsigned char *skip, size_t i,
                   const moments *m, size_t k)
{
  return !skip[i] && stratum_of(in, i) == m->stratum[k] && in->stop[i] >= m->time[k] &&
         !(in->start && in->start[i] >= m->time[k]);
}

/* By stratum, then by time: in->order goes by time, so each stratum takes one pass over it. */
static lun_status find_moments(lun_pool *work, const lun_cox_input *in, const unsigned char *skip,
                               moments *m)
{
  int32_t levels = 1;
  m->time = LUN_NEW(work, double, in->n);
  m->stratum = LUN_NEW(work, int32_t, in->n);
  for (size_t i = 0; i < in->n; i++)
    if (stratum_of(in, i) >= levels) levels = stratum_of(in, i) + 1;
  double *last = LUN_NEW(work, double, levels);
  size_t *at = LUN_NEW(work, size_t, (size_t)levels + 1);
  if (!m->time || !m->stratum || !last || !at) return LUN_ENOMEM;
  for (int pass = 0; pass < 2; pass++) {
    for (int32_t s = 0; s < levels; s++) last[s] = -HUGE_VAL;
    for (size_t o = 0; o < in->n; o++) {
      size_t i = in->order[o];
      int32_t s = stratum_of(in, i);
      if (skip[i] || s < 0 || !in->event[i] || !(in->stop[i] > last[s])) continue;
      last[s] = in->stop[i];
      if (pass == 0) at[s + 1]++;
      else m->time[at[s]] = in->stop[i], m->stratum[at[s]++] = s;
    }
    for (int32_t s = 0; pass == 0 && s < levels; s++) at[s + 1] += at[s];
    if (pass == 0) m->n = at[levels];
  }
  return LUN_OK;
}

static size_t count_rows(const lun_cox_input *in, const unsigned char *skip, const moments *m)
{
  size_t n = 0;
  for (size_t k = 0; k < m->n; k++)
    for (size_t i = 0; i < in->n; i++) n += (size_t)at_risk(in, skip, i, m, k);
  return n;
}

static lun_status write_out(lun_cox_expanded *out, const lun_cox_input *in,
                            const unsigned char *skip, const moments *m)
{
  size_t n = count_rows(in, skip, m), at = 0;
  if (n > LUN_COX_EXPANDED)
    return lun_fail(out->pool.env, LUN_ELIMIT,
                    "[limit.expanded] the risk sets have %z rows together, more than %d", n,
                    LUN_COX_EXPANDED);
  out->row = LUN_NEW(&out->pool, int32_t, n);
  out->set = LUN_NEW(&out->pool, int32_t, n);
  out->event = LUN_NEW(&out->pool, int32_t, n);
  out->time = LUN_NEW(&out->pool, double, n);
  if (!out->row || !out->set || !out->event || !out->time) return LUN_ENOMEM;
  for (size_t k = 0; k < m->n; k++) {
    for (size_t i = 0; i < in->n; i++) {
      if (!at_risk(in, skip, i, m, k)) continue;
      out->row[at] = (int32_t)i;
      out->set[at] = (int32_t)k;
      out->time[at] = m->time[k];
      out->event[at++] = in->event[i] && in->stop[i] == m->time[k];
    }
  }
  out->n = n;
  out->sets = m->n;
  return LUN_OK;
}

lun_status lun_cox_expand(lun_env *env, lun_cox_expanded *out, const lun_cox_input *in,
                          const unsigned char *skip)
{
  moments m = { 0 };
  lun_pool work;
  memset(out, 0, sizeof *out);
  lun_pool_init(&out->pool, env);
  lun_pool_init(&work, env);
  lun_status st = find_moments(&work, in, skip, &m);
  if (st == LUN_OK) st = write_out(out, in, skip, &m);
  lun_pool_fini(&work);
  if (st != LUN_OK) lun_cox_expanded_fini(out);
  return st;
}

void lun_cox_expanded_fini(lun_cox_expanded *e)
{
  if (e->pool.env) lun_pool_fini(&e->pool);
  memset(e, 0, sizeof *e);
}
