/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/ipcw.h"

#include <string.h>

#include "base/order.h"

/* --- weights --------------------------------------------------------------------------------- */

static size_t ended(const lun_surv *s, size_t k)
{
  return s->begin[k + 1] - s->begin[k];
}

/* The rows that end at distinct time k while G is g before it. */
static void settle(lun_ipcw *w, size_t k, double g, int32_t cause)
{
  const lun_surv *s = w->s;
  for (size_t i = s->begin[k]; i < s->begin[k] + s->deaths[k]; i++) {
    uint32_t row = s->order[i];
    w->weight[row] = 1 / g;
    w->outcome[row] = !cause || s->status[row] == cause;
    w->reach[row] = (uint32_t)k;
  }
}

static lun_status weigh(lun_ipcw *w, double t, int32_t cause)
{
  const lun_surv *s = w->s;
  double g = 1;
  for (w->steps = 0; w->steps < s->m && s->distinct[w->steps] <= t;) w->steps++;
  w->risk = LUN_NEW(&w->pool, double, w->steps);
  w->censored = LUN_NEW(&w->pool, double, w->steps);
  if (!w->risk || !w->censored) return LUN_ENOMEM;
  for (size_t k = 0; k < w->steps; k++) {
    settle(w, k, g, cause);
    w->risk[k] = (double)(s->n - s->begin[k] - s->deaths[k]);
    w->censored[k] = (double)(ended(s, k) - s->deaths[k]);
    if (w->risk[k] > 0) g *= 1 - w->censored[k] / w->risk[k];
  }
  for (size_t i = w->steps < s->m ? s->begin[w->steps] : s->n; i < s->n; i++) {
    w->weight[s->order[i]] = 1 / g;
    w->reach[s->order[i]] = (uint32_t)w->steps;
  }
  return LUN_OK;
}

lun_status lun_ipcw_init(lun_env *env, lun_ipcw *out, lun_surv *s, double t, int32_t cause)
{
  memset(out, 0, sizeof *out);
  if (s->start) return lun_fail(env, LUN_EINVAL, "weights for censoring need rows from time 0 on");
  if (!(t > 0) || !(s->last >= t))
    return lun_fail(env, LUN_EDATA,
                    "[data.tau] the time %g is not within the follow-up, which ends at %g", t,
                    s->last);
  lun_status st = lun_surv_sort(env, s);
  if (st != LUN_OK) return st;
  lun_pool_init(&out->pool, env);
  out->s = s;
  out->weight = LUN_NEW(&out->pool, double, s->n);
  out->outcome = LUN_NEW(&out->pool, unsigned char, s->n);
  out->reach = LUN_NEW(&out->pool, uint32_t, s->n);
  st = out->weight && out->outcome && out->reach ? weigh(out, t, cause) : LUN_ENOMEM;
  if (st != LUN_OK) lun_ipcw_fini(out);
  return st;
}

void lun_ipcw_fini(lun_ipcw *w)
{
  lun_pool_fini(&w->pool);
  memset(w, 0, sizeof *w);
}

/* --- influence ------------------------------------------------------------------------------- */

/* With X(k) the sum of x over rows that reach beyond distinct time k, a row adds X(k) / (Y - C) at
 * its own censoring and loses X(k) C / (Y (Y - C)) while it is at risk of one. */
lun_status lun_ipcw_influence(const lun_ipcw *w, const double *x, double *influence)
{
  const lun_surv *s = w->s;
  lun_pool work;
  lun_pool_init(&work, w->pool.env);
  double *beyond = LUN_NEW(&work, double, w->steps + 1), lost = 0;
  if (!beyond) return LUN_ENOMEM;
  for (size_t i = 0; i < s->n; i++) beyond[w->weight[i] > 0 ? w->reach[i] : 0] += x[i];
  for (size_t k = w->steps; k-- > 0;) beyond[k] += beyond[k + 1];
  for (size_t k = 0; k < s->m; k++) {
    double jump = 0, before = lost;
    if (k < w->steps && w->risk[k] > w->censored[k]) {
      jump = beyond[k + 1] / (w->risk[k] - w->censored[k]);
      lost += jump * w->censored[k] / w->risk[k];
    }
    for (size_t i = s->begin[k]; i < s->begin[k + 1]; i++) {
      int event = i < s->begin[k] + s->deaths[k];
      influence[s->order[i]] += event ? -before : jump - lost;
    }
  }
  lun_pool_fini(&work);
  return LUN_OK;
}

lun_status lun_ipcw_influence_by_row(const lun_ipcw *w, const double *x, double *influence)
{
  const lun_surv *s = w->s;
  size_t n = s->n, first = 0;
  lun_pool work;
  lun_pool_init(&work, w->pool.env);
  double *beyond = LUN_NEW(&work, double, n + 1), lost = 0;
  size_t *order = LUN_NEW(&work, size_t, n);
  lun_status st = beyond && order ? lun_order_doubles(w->pool.env, order, s->time, n) : LUN_ENOMEM;
  if (st != LUN_OK) goto done;
  for (size_t i = n; i-- > 0;) beyond[i] = beyond[i + 1] + x[order[i]];
  for (size_t i = 0; i < n; i++) {
    int censored = s->status[order[i]] == 0;
    if (i > 0 && s->time[order[i]] > s->time[order[i - 1]]) first = i;
    if (censored) {
      lost += beyond[i] / ((double)(n - i) * (double)(n - i));
      influence[order[i]] += beyond[first] / (double)(n - first);
    }
    influence[order[i]] -= lost;
  }
done:
  lun_pool_fini(&work);
  return st;
}
