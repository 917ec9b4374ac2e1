/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Curves at given times, and who has entered by then.
 */
#include <math.h>

#include "surv/km_parts.h"

/* Number of values of x[0..n), increasing, that are below t, or up to t when `with` is nonzero. */
static size_t count_below(const double *x, size_t n, double t, int with)
{
  size_t lo = 0, hi = n;
  while (lo < hi) {
    size_t mid = (lo + hi) / 2;
    if (with ? x[mid] <= t : x[mid] < t) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

size_t lun_km_steps(const lun_km_curve *c, double t)
{
  return count_below(c->time, c->m, t, 1);
}

/* --- entries --------------------------------------------------------------------------------- */

lun_status lun_km_entries(lun_km *km, const lun_surv *s, const int32_t *code)
{
  for (size_t g = 0; g < km->k; g++) {
    lun_km_curve *c = &km->curve[g];
    c->entry = LUN_NEW(&km->pool, double, (size_t)c->rows);
    c->entered = LUN_NEW(&km->pool, double, (size_t)c->rows);
    if (!c->entry || !c->entered) return LUN_ENOMEM;
  }
  for (size_t i = 0; i < s->n; i++) {
    size_t row = s->by_entry[i];
    int32_t g = code ? code[row] : 0;
    if (g < 0 || s->time[row] < km->options.from) continue;
    lun_km_curve *c = &km->curve[g];
    double before = c->entries ? c->entered[c->entries - 1] : 0;
    c->entry[c->entries] = s->start[row];
    c->entered[c->entries++] = before + (km->options.weight ? km->options.weight[row] : 1);
  }
  return LUN_OK;
}

/* Sum of the weights that entered before t. */
static double entered_before(const lun_km_curve *c, double t)
{
  size_t i = count_below(c->entry, c->entries, t, 0);
  return i ? c->entered[i - 1] : 0;
}

/* --- points ---------------------------------------------------------------------------------- */

/* At risk just before t: at the next time of the curve, without those who enter in between. */
static double at_risk(const lun_km_curve *c, const double *risk, double t)
{
  size_t next = count_below(c->time, c->m, t, 0);
  if (next == c->m) return 0;
  double late = c->entry ? entered_before(c, c->time[next]) - entered_before(c, t) : 0;
  return risk[next] - late;
}

static double sum(const double *x, size_t n)
{
  double total = 0;
  for (size_t j = 0; j < n; j++) total += x[j];
  return total;
}

lun_km_point lun_km_at(const lun_km_curve *c, double t, int before)
{
  lun_km_point p = { .survival = 1, .lower = 1, .upper = 1 };
  size_t i = lun_km_steps(c, t), past = before ? count_below(c->time, c->m, t, 0) : i;
  if (i > 0) {
    size_t j = i - 1;
    p.survival = c->surv[j];
    p.se = c->surv[j] > 0 ? c->surv[j] * c->se_log[j] : NAN;
    p.lower = c->lower[j];
    p.upper = c->upper[j];
    p.cumhaz = c->cumhaz[j];
    p.se_cumhaz = c->se_cumhaz[j];
  }
  p.n_risk = at_risk(c, c->n_risk, t);
  p.raw_risk = c->raw_risk == c->n_risk ? p.n_risk : at_risk(c, c->raw_risk, t);
  p.events = sum(c->n_event, past);
  p.censored = sum(c->n_censor, past);
  p.raw_events = sum(c->raw_event, past);
  p.raw_censored = sum(c->raw_censor, past);
  p.entered = c->entry ? entered_before(c, t) : c->weight;
  p.beyond = c->m == 0 || t > c->time[c->m - 1];
  return p;
}
