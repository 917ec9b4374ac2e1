/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/performance.h"

#include <math.h>
#include <string.h>

#include "base/order.h"

double lun_influence_se(const double *influence, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += influence[i] * influence[i];
  return n > 1 ? sqrt(sum * (double)n / (double)(n - 1)) : NAN;
}

/* --- ROC curve ------------------------------------------------------------------------------- */

typedef struct roc {
  lun_auc *out;
  const lun_ipcw *w;
  const double *marker;
  const size_t *order; /* rows by increasing marker */
  double cases, controls; /* sums of weights */
  double *won; /* n: weight of the pairs that a row wins, ties one half */
} roc;

static void totals(roc *r)
{
  for (size_t i = 0; i < r->out->n; i++) {
    double weight = r->w->weight[i];
    if (!(weight > 0)) r->out->censored++;
    else if (r->w->outcome[i]) r->out->cases++, r->cases += weight;
    else r->out->controls++, r->controls += weight;
  }
}

/* One run of equal markers, rows order[from .. to), with the weights of lower ones behind it. */
static void settle(roc *r, size_t from, size_t to, double *cases, double *controls)
{
  double tied_cases = 0, tied_controls = 0;
  for (size_t i = from; i < to; i++) {
    size_t row = r->order[i];
    double weight = r->w->weight[row];
    *(r->w->outcome[row] ? &tied_cases : &tied_controls) += weight;
  }
  double above = r->cases - *cases - tied_cases;
  for (size_t i = from; i < to; i++) {
    size_t row = r->order[i];
    double pairs = r->w->outcome[row] ? *controls + tied_controls / 2 : above + tied_cases / 2;
    r->won[row] = r->w->weight[row] * pairs;
  }
  *cases += tied_cases;
  *controls += tied_controls;
}

/* Goes up the markers, and writes the curve from its end at (1, 1) down. */
static double walk(roc *r)
{
  lun_auc *a = r->out;
  double cases = 0, controls = 0, area = 0;
  size_t n = a->n, point = a->points;
  for (size_t from = 0, to; from < n; from = to) {
    for (to = from + 1; to < n && r->marker[r->order[to]] == r->marker[r->order[from]];) to++;
    point--;
    a->threshold[point] = r->marker[r->order[from]];
    a->tpr[point] = 1 - cases / r->cases;
    a->fpr[point] = 1 - controls / r->controls;
    settle(r, from, to, &cases, &controls);
  }
  a->threshold[0] = NAN;
  a->tpr[0] = a->fpr[0] = 0;
  for (size_t i = 0; i < n; i++) area += r->w->outcome[i] ? r->won[i] : 0;
  return area / (r->cases * r->controls);
}

/* Derivatives by the rows' case weights: their own pairs, then those of G. */
static lun_status spread(roc *r, double *x, int by_row)
{
  lun_auc *a = r->out;
  double product = r->cases * r->controls;
  for (size_t i = 0; i < a->n; i++) {
    double share = r->w->weight[i] / (r->w->outcome[i] ? r->cases : r->controls);
    x[i] = a->influence[i] = r->won[i] / product - a->auc * share;
    if (by_row && !r->w->outcome[i]) x[i] = 0;
  }
  if (by_row) return lun_ipcw_influence_by_row(r->w, x, a->influence);
  return lun_ipcw_influence(r->w, x, a->influence);
}

static size_t distinct(const double *x, const size_t *order, size_t n)
{
  size_t k = n > 0;
  for (size_t i = 1; i < n; i++) k += x[order[i]] != x[order[i - 1]];
  return k;
}

static double se_of(const lun_auc *a, int by_row)
{
  double mean = 0, sum = 0, n = (double)a->n;
  if (!by_row) return lun_influence_se(a->influence, a->n);
  for (size_t i = 0; i < a->n; i++) mean += a->influence[i] / n;
  for (size_t i = 0; i < a->n; i++) sum += pow(a->influence[i] - mean, 2);
  return sqrt(sum * n / (n - 1));
}

static lun_status reserve(lun_auc *a, roc *r, lun_pool *work, size_t n)
{
  a->points = distinct(r->marker, r->order, n) + 1;
  a->influence = LUN_NEW(&a->pool, double, n);
  a->threshold = LUN_NEW(&a->pool, double, a->points);
  a->fpr = LUN_NEW(&a->pool, double, a->points);
  a->tpr = LUN_NEW(&a->pool, double, a->points);
  r->won = LUN_NEW(work, double, n);
  return a->influence && a->threshold && a->fpr && a->tpr && r->won ? LUN_OK : LUN_ENOMEM;
}

lun_status lun_auc_init(lun_env *env, lun_auc *out, const lun_ipcw *w, const double *marker,
                        int by_row)
{
  size_t n = w->s->n;
  lun_pool work;
  memset(out, 0, sizeof *out);
  lun_pool_init(&out->pool, env);
  lun_pool_init(&work, env);
  out->n = n;
  size_t *order = LUN_NEW(&work, size_t, n);
  double *x = LUN_NEW(&work, double, n);
  roc r = { .out = out, .w = w, .marker = marker, .order = order };
  lun_status st = order && x ? lun_order_doubles(env, order, marker, n) : LUN_ENOMEM;
  if (st == LUN_OK && n > 0 && isnan(marker[order[n - 1]]))
    st = lun_fail(env, LUN_EDATA, "[data.missing] row %z: the marker is missing", order[n - 1] + 1);
  if (st != LUN_OK || (st = reserve(out, &r, &work, n)) != LUN_OK) goto done;
  totals(&r);
  out->auc = out->se = NAN;
  if (out->cases == 0 || out->controls == 0) {
    out->points = 0;
    goto done;
  }
  out->auc = walk(&r);
  if ((st = spread(&r, x, by_row)) != LUN_OK) goto done;
  out->se = se_of(out, by_row);
done:
  lun_pool_fini(&work);
  if (st != LUN_OK) lun_auc_fini(out);
  return st;
}

void lun_auc_fini(lun_auc *a)
{
  lun_pool_fini(&a->pool);
  memset(a, 0, sizeof *a);
}

/* --- Brier score ----------------------------------------------------------------------------- */

lun_status lun_brier_score(lun_env *env, lun_brier *out, const lun_ipcw *w, const double *risk,
                           double *influence)
{
  size_t n = w->s->n;
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, env);
  double *x = LUN_NEW(&work, double, n), sum = 0;
  if (!x) goto done;
  for (size_t i = 0; i < n; i++) {
    if (!(risk[i] >= 0 && risk[i] <= 1)) {
      st = lun_fail(env, LUN_EDATA, "[data.range] row %z: a predicted probability is %g", i + 1,
                    risk[i]);
      goto done;
    }
    x[i] = w->weight[i] * pow(w->outcome[i] - risk[i], 2) / (double)n;
    sum += x[i];
  }
  for (size_t i = 0; i < n; i++) influence[i] = x[i] - sum / (double)n;
  if ((st = lun_ipcw_influence(w, x, influence)) != LUN_OK) goto done;
  out->score = sum;
  out->se = lun_influence_se(influence, n);
done:
  lun_pool_fini(&work);
  return st;
}
