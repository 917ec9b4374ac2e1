/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/rmst_reg.h"

#include <math.h>
#include <string.h>

#include "stat/dist.h"
#include "stat/linalg.h"
#include "stat/newton.h"

typedef struct model {
  const lun_rmst_reg_input *in;
  lun_rmst_link link;
  size_t n, q, groups;
  double *z;      /* n x q by row: ones, then columns centred and scaled */
  double *mean, *scale; /* q */
  double *y;      /* n: min(T, tau), or the time lost */
  double *weight; /* n: case weight / G where y is known, else 0 */
  double *risk;   /* n: case weight at risk in the row's group at its time */
  double *fitted; /* n */
  unsigned char *known; /* n */
} model;

static size_t group_of(const model *d, size_t i)
{
  return d->in->group ? (size_t)d->in->group[i] : 0;
}

static double case_weight(const model *d, size_t i)
{
  return d->in->weight ? d->in->weight[i] : 1;
}

/* --- the data -------------------------------------------------------------------------------- */

static void standardise(model *d, size_t j)
{
  const double *x = d->in->x[j - 1];
  double n = (double)d->n, sum = 0, squares = 0, large = 0;
  for (size_t i = 0; i < d->n; i++) sum += x[i], large = fmax(large, fabs(x[i]));
  double mean = sum / n;
  for (size_t i = 0; i < d->n; i++) squares += (x[i] - mean) * (x[i] - mean);
  double sd = sqrt(squares / n);
  int constant = sd <= 1e-14 * large;
  d->mean[j] = mean;
  d->scale[j] = constant ? 1 : sd;
  for (size_t i = 0; i < d->n; i++) d->z[i * d->q + j] = constant ? 0 : (x[i] - mean) / sd;
}

static lun_status check(lun_env *env, const lun_rmst_reg_input *in)
{
  if (in->s->start)
    return lun_fail(env, LUN_EINVAL,
                    "[usage.delayed-entry] adjusted restricted means know no delayed entry");
  for (size_t i = 0; i < in->s->n; i++)
    for (size_t j = 0; j < in->p; j++)
      if (!isfinite(in->x[j][i]))
        return lun_fail(env, LUN_EDATA, "[data.missing] row %z: column %z is not a number", i + 1,
                        j + 1);
  return lun_surv_check_weights(env, in->s, in->weight);
}

static lun_status model_new(lun_pool *pool, model *d, const lun_rmst_reg_input *in,
                            lun_rmst_link link)
{
  *d = (model){ .in = in, .link = link, .n = in->s->n, .q = in->p + 1,
                .groups = in->group ? in->k : 1 };
  d->z = LUN_NEW(pool, double, d->n * d->q);
  d->mean = LUN_NEW(pool, double, d->q);
  d->scale = LUN_NEW(pool, double, d->q);
  d->y = LUN_NEW(pool, double, d->n);
  d->weight = LUN_NEW(pool, double, d->n);
  d->risk = LUN_NEW(pool, double, d->n);
  d->fitted = LUN_NEW(pool, double, d->n);
  d->known = LUN_NEW(pool, unsigned char, d->n);
  if (!d->z || !d->mean || !d->scale || !d->y || !d->weight || !d->risk || !d->fitted || !d->known)
    return LUN_ENOMEM;
  d->scale[0] = 1;
  for (size_t i = 0; i < d->n; i++) d->z[i * d->q] = 1;
  for (size_t j = 1; j < d->q; j++) standardise(d, j);
  return LUN_OK;
}

/* --- censoring ------------------------------------------------------------------------------- */

/* Of each group at a time: weight at risk, and weight of the censorings. */
typedef struct walk {
  double *left, *gone;
} walk;

static lun_status walk_new(lun_pool *pool, walk *w, const model *d)
{
  w->left = LUN_NEW(pool, double, d->groups);
  w->gone = LUN_NEW(pool, double, d->groups);
  return w->left && w->gone ? LUN_OK : LUN_ENOMEM;
}

/* Rows that end at distinct time t: order[from .. to). */
static void span(const lun_surv *s, size_t t, size_t *from, size_t *to)
{
  *from = s->begin[t];
  *to = s->begin[t + 1];
}

/* Looks at the rows from .. to - 1 that end at one time. */
static void look(const model *d, walk *w, size_t from, size_t to)
{
  const lun_surv *s = d->in->s;
  for (size_t i = from; i < to; i++) w->gone[group_of(d, s->order[i])] = 0;
  for (size_t i = from; i < to; i++) {
    uint32_t row = s->order[i];
    w->left[group_of(d, row)] = d->risk[row];
    if (!d->known[row]) w->gone[group_of(d, row)] += case_weight(d, row);
  }
}

/* What is known of each row, and the weight at risk at its time, from the last one back. */
static void count(model *d, walk *w)
{
  const lun_surv *s = d->in->s;
  for (size_t t = s->m, from, to; t-- > 0;) {
    span(s, t, &from, &to);
    for (size_t i = from; i < to; i++) {
      uint32_t row = s->order[i];
      int event = d->in->cause ? s->status[row] == d->in->cause : s->status[row] > 0;
      d->known[row] = event || s->distinct[t] >= d->in->tau;
      d->y[row] = fmin(s->distinct[t], d->in->tau);
      w->left[group_of(d, row)] += case_weight(d, row);
    }
    for (size_t i = from; i < to; i++) d->risk[s->order[i]] = w->left[group_of(d, s->order[i])];
  }
}

/* G of the group that row is in, after the censorings at its time. */
static double censor(const walk *w, size_t h, double g)
{
  double left = w->left[h] - w->gone[h];
  return left > 1e-12 * w->left[h] ? g * (left / w->left[h]) : 0;
}

/* Weights: case weight / G(y), G after the censorings at y itself, as survRM2. From tau on all is
 * known. */
static lun_status weigh(lun_env *env, lun_pool *work, model *d)
{
  const lun_surv *s = d->in->s;
  double *g = LUN_NEW(work, double, d->groups);
  walk w;
  if (!g || walk_new(work, &w, d) != LUN_OK) return LUN_ENOMEM;
  count(d, &w);
  for (size_t h = 0; h < d->groups; h++) g[h] = 1;
  for (size_t t = 0, from, to; t < s->m; t++) {
    span(s, t, &from, &to);
    look(d, &w, from, to);
    for (size_t i = from; i < to; i++) {
      size_t h = group_of(d, s->order[i]);
      if (w.gone[h] > 0) g[h] = censor(&w, h, g[h]);
      w.gone[h] = 0;
    }
    for (size_t i = from; i < to; i++) {
      uint32_t row = s->order[i];
      size_t h = group_of(d, row);
      if (g[h] <= 0)
        return lun_fail(env, LUN_EDATA,
                        "[data.tau] a group is followed to %g only, where its last row is "
                        "censored: its mean up to %g is not known; choose a smaller tau",
                        s->distinct[t], d->in->tau);
      if (d->known[row]) d->weight[row] = case_weight(d, row) / g[h];
    }
  }
  for (size_t i = 0; d->link == LUN_RMST_LOSS_RATIO && i < d->n; i++)
    d->y[i] = d->in->tau - d->y[i];
  return LUN_OK;
}

/* --- the fit --------------------------------------------------------------------------------- */

static int value(void *ctx, const double *b, double *loglik)
{
  model *d = ctx;
  *loglik = 0;
  for (size_t i = 0; i < d->n; i++) {
    double eta = 0, y = d->y[i];
    for (size_t j = 0; j < d->q; j++) eta += d->z[i * d->q + j] * b[j];
    d->fitted[i] = d->link == LUN_RMST_DIFFERENCE ? eta : exp(eta);
    double fit = d->link == LUN_RMST_DIFFERENCE ? y * eta - eta * eta / 2 : y * eta - d->fitted[i];
    *loglik += d->weight[i] * fit;
  }
  return isfinite(*loglik);
}

/* a = sum of weight (NULL: case weight) times the slope of the mean times z z'. */
static void information(const model *d, const double *weight, double *a)
{
  size_t q = d->q;
  memset(a, 0, q * q * sizeof *a);
  for (size_t i = 0; i < d->n; i++) {
    const double *z = d->z + i * q;
    double w = weight ? weight[i] : case_weight(d, i);
    if (d->link != LUN_RMST_DIFFERENCE) w *= d->fitted[i];
    for (size_t j = 0; j < q; j++)
      for (size_t k = 0; k <= j; k++) a[j * q + k] += w * z[j] * z[k];
  }
  lun_sym_mirror(a, q);
}

static void derivatives(void *ctx, double *gradient, double *a, double *scale)
{
  model *d = ctx;
  size_t q = d->q;
  information(d, d->weight, a);
  memset(gradient, 0, q * sizeof *gradient);
  for (size_t i = 0; i < d->n; i++)
    for (size_t j = 0; j < q; j++)
      gradient[j] += d->weight[i] * (d->y[i] - d->fitted[i]) * d->z[i * q + j];
  for (size_t j = 0; j < q; j++) scale[j] = a[j * q + j];
}

/* --- variance -------------------------------------------------------------------------------- */

/* Adds to the scores the rows' part in the estimation of G: R / n of a censored row's time, less
 * the sum of R dN / n^2 up to the row's own, R the sum of the group's scores from a time on, each
 * times the row's case weight. rest, past: groups x q, rest filled with the sums of all. */
static void add_censoring(const model *d, walk *w, double *rest, double *past, double *total)
{
  const lun_surv *s = d->in->s;
  size_t q = d->q;
  for (size_t t = 0, from, to; t < s->m; t++) {
    span(s, t, &from, &to);
    look(d, w, from, to);
    for (size_t i = from; i < to; i++) {
      size_t h = group_of(d, s->order[i]);
      double n = w->left[h];
      for (size_t j = 0; w->gone[h] > 0 && j < q; j++)
        past[h * q + j] += rest[h * q + j] * w->gone[h] / (n * n);
      w->gone[h] = 0;
    }
    for (size_t i = from; i < to; i++) {
      size_t row = s->order[i], h = group_of(d, row);
      for (size_t j = 0; j < q; j++) {
        double own = d->known[row] ? 0 : rest[h * q + j] / w->left[h];
        total[row * q + j] += case_weight(d, row) * (own - past[h * q + j]);
      }
    }
    for (size_t i = from; i < to; i++) {
      size_t row = s->order[i], h = group_of(d, row);
      for (size_t j = 0; j < q; j++)
        rest[h * q + j] -= d->weight[row] * (d->y[row] - d->fitted[row]) * d->z[row * q + j];
    }
  }
}

static lun_status scores(lun_pool *work, const model *d, double *total)
{
  size_t q = d->q;
  walk w;
  double *rest = LUN_NEW(work, double, d->groups * q), *past = LUN_NEW(work, double, d->groups * q);
  if (!rest || !past || walk_new(work, &w, d) != LUN_OK) return LUN_ENOMEM;
  for (size_t i = 0; i < d->n; i++)
    for (size_t j = 0; j < q; j++) {
      total[i * q + j] = d->weight[i] * (d->y[i] - d->fitted[i]) * d->z[i * q + j];
      rest[group_of(d, i) * q + j] += total[i * q + j];
    }
  add_censoring(d, &w, rest, past, total);
  return LUN_OK;
}

/* Back to the data's units: b are coefficients, or their change by one row. */
static void unscale(const model *d, double *b)
{
  for (size_t j = 1; j < d->q; j++) {
    b[j] /= d->scale[j];
    b[0] -= b[j] * d->mean[j];
  }
}

/* The sandwich with the unweighted slope, as survRM2. */
static lun_status variance(lun_rmst_reg *fit, const model *d)
{
  size_t q = d->q;
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  lun_pool_init(&work, fit->pool.env);
  double *a = LUN_NEW(&work, double, q * q), *inverse = LUN_NEW(&work, double, q * q),
         *total = LUN_NEW(&work, double, d->n * q), *change = LUN_NEW(&work, double, q);
  if (!a || !inverse || !total || !change) goto done;
  information(d, NULL, a);
  for (size_t j = 0; j < q; j++)
    for (size_t k = 0; fit->status[j] != LUN_NEWTON_FINITE && k < q; k++)
      a[j * q + k] = a[k * q + j] = 0;
  lun_ldl_factor(a, q, NULL, LUN_LDL_TOLERANCE);
  lun_ldl_inverse(a, q, inverse);
  if ((st = scores(&work, d, total)) != LUN_OK) goto done;
  for (size_t i = 0; i < d->n; i++) {
    lun_sym_times(inverse, q, total + i * q, change);
    unscale(d, change);
    for (size_t j = 0; j < q; j++)
      for (size_t k = 0; k <= j; k++) fit->vcov[j * q + k] += change[j] * change[k];
  }
  lun_sym_mirror(fit->vcov, q);
done:
  lun_pool_fini(&work);
  return st;
}

static void fill(lun_rmst_reg *fit)
{
  for (size_t j = 0; j < fit->q; j++) {
    fit->se[j] = fit->z[j] = fit->pvalue[j] = NAN;
    if (fit->status[j] != LUN_NEWTON_FINITE) {
      fit->coef[j] = NAN;
      continue;
    }
    fit->se[j] = sqrt(fit->vcov[j * fit->q + j]);
    if (!(fit->se[j] > 0)) continue;
    fit->z[j] = fit->coef[j] / fit->se[j];
    fit->pvalue[j] = 2 * lun_norm_upper(fabs(fit->z[j]));
  }
}

static lun_status maximise(lun_rmst_reg *fit, model *d, lun_pool *work)
{
  size_t q = d->q;
  double *room = LUN_NEW(work, double, q * q + q), loglik;
  if (!room) return LUN_ENOMEM;
  lun_newton newton = { .x = fit->coef, .gradient = room, .information = room + q,
                        .status = fit->status };
  const lun_newton_problem problem = { q, d, value, derivatives };
  lun_status st = lun_newton_maximise(fit->pool.env, &newton, &problem, &(lun_newton_options){ 0 });
  if (st != LUN_OK) return st;
  fit->rank = newton.rank;
  fit->converged = newton.converged;
  fit->why = newton.why;
  value(d, fit->coef, &loglik);
  if ((st = variance(fit, d)) != LUN_OK) return st;
  unscale(d, fit->coef);
  fill(fit);
  return LUN_OK;
}

lun_status lun_rmst_reg_fit(lun_env *env, lun_rmst_reg *out, const lun_rmst_reg_input *in,
                            lun_rmst_link link)
{
  lun_pool work;
  lun_status st;
  model d;
  memset(out, 0, sizeof *out);
  lun_pool_init(&out->pool, env);
  lun_pool_init(&work, env);
  out->n = in->s->n;
  out->q = in->p + 1;
  out->why = "";
  if ((st = check(env, in)) != LUN_OK) goto done;
  if ((st = lun_surv_sort(env, in->s)) != LUN_OK) goto done;
  if ((st = model_new(&work, &d, in, link)) != LUN_OK) goto done;
  if ((st = weigh(env, &work, &d)) != LUN_OK) goto done;
  for (size_t i = 0; i < d.n; i++) out->known += d.known[i];
  double *vectors = LUN_NEW(&out->pool, double, 4 * out->q);
  out->vcov = LUN_NEW(&out->pool, double, out->q * out->q);
  out->status = LUN_NEW(&out->pool, unsigned char, out->q);
  st = LUN_ENOMEM;
  if (!vectors || !out->vcov || !out->status) goto done;
  out->coef = vectors, out->se = vectors + out->q;
  out->z = vectors + 2 * out->q, out->pvalue = vectors + 3 * out->q;
  st = maximise(out, &d, &work);
done:
  lun_pool_fini(&work);
  if (st != LUN_OK) lun_rmst_reg_fini(out);
  return st;
}

void lun_rmst_reg_fini(lun_rmst_reg *fit)
{
  if (fit->pool.env) lun_pool_fini(&fit->pool);
  memset(fit, 0, sizeof *fit);
}
