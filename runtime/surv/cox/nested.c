/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/nested.h"

#include <math.h>
#include <string.h>

#include "stat/linalg.h"
#include "surv/cox/exact.h"

typedef struct likelihood {
  const lun_cox_data *data;
  int is_exact;
  lun_cox_terms terms;
  lun_cox_exact exact;
} likelihood;

static int value(void *ctx, const double *beta, double *loglik)
{
  likelihood *l = ctx;
  if (l->is_exact) return lun_cox_exact_value(&l->exact, l->data, beta, loglik);
  if (!lun_cox_walk(&l->terms, l->data, beta)) return 0;
  *loglik = l->terms.loglik;
  return 1;
}

static void derivatives(void *ctx, double *gradient, double *information, double *scale)
{
  likelihood *l = ctx;
  if (l->is_exact)
    lun_cox_exact_derivatives(&l->exact, l->data, gradient, information, scale);
  else lun_cox_derivatives(&l->terms, l->data, gradient, information, scale);
}

lun_status lun_cox_lr_of(const lun_cox *fit, const size_t *column, size_t k, lun_cox_test *out)
{
  size_t p = fit->p;
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  likelihood l = { .data = &fit->data, .is_exact = fit->ties == LUN_COX_EXACT };
  lun_newton_problem problem = { .p = p, .ctx = &l, .value = value, .derivatives = derivatives };
  lun_newton newton = { 0 };
  lun_newton_options how = { 0 };
  lun_pool_init(&work, fit->pool.env);
  unsigned char *held = LUN_NEW(&work, unsigned char, p);
  newton.x = LUN_NEW(&work, double, p * p + 2 * p);
  newton.status = LUN_NEW(&work, unsigned char, p);
  if (!held || !newton.x || !newton.status) goto done;
  newton.gradient = newton.x + p, newton.information = newton.x + 2 * p;
  for (size_t i = 0; i < k; i++) held[column[i]] = 1;
  how.held = held;
  st = l.is_exact ? lun_cox_exact_new(&work, &l.exact, l.data)
                  : lun_cox_terms_new(&work, &l.terms, l.data, fit->ties);
  if (st != LUN_OK) goto done;
  if ((st = lun_newton_maximise(fit->pool.env, &newton, &problem, &how)) != LUN_OK) goto done;
  size_t df = fit->rank > newton.rank ? fit->rank - newton.rank : 0;
  *out = lun_cox_chisq(2 * (fit->loglik - newton.loglik), df);
done:
  lun_pool_fini(&work);
  return st;
}

lun_cox_test lun_cox_wald_beyond(const lun_cox *fit, const size_t *column, size_t k,
                                 const double *along, double *work)
{
  double *v = work, *b = v + k * k, *solved = b + k, *half = solved + k;
  for (size_t i = 0; i < k; i++) {
    int given = fit->status[column[i]] == LUN_COX_FINITE;
    b[i] = given ? fit->coef[column[i]] : 0;
    for (size_t j = 0; j < k; j++)
      v[i * k + j] = given ? fit->vcov[column[i] * fit->p + column[j]] : 0;
  }
  size_t rank = lun_ldl_factor(v, k, NULL, LUN_LDL_TOLERANCE);
  double all = lun_ldl_quadratic(v, k, b, half), cross = 0, own = 0;
  memcpy(solved, along, k * sizeof *solved);
  lun_ldl_solve(v, k, solved);
  for (size_t i = 0; i < k; i++) cross += b[i] * solved[i], own += along[i] * solved[i];
  return lun_cox_chisq(rank < 2 ? NAN : all - cross * cross / own, rank < 2 ? 0 : rank - 1);
}
