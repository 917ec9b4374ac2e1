/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "surv/cox/data.h"

#include <math.h>
#include <string.h>

#include "base/par.h"
#include "surv/cox/lanes.h"
#include "surv/cox/layout.h"

/* --- centre and scale ---------------------------------------------------------------------- */

static double row_weight(const lun_cox_input *in, size_t row)
{
  return (in->weights ? in->weights[row] : 1) * (in->freq ? in->freq[row] : 1);
}

/* Mean over the used rows, as a mean of differences from the first: a constant column of any
 * size has exactly that mean, and 1e12 + age loses nothing. */
static double mean_of(const lun_cox_data *d, const lun_cox_input *in, const double *x)
{
  double origin = x[d->used[0]], sum = 0, mass = 0;
  for (size_t u = 0; u < d->rows; u++) {
    double w = row_weight(in, d->used[u]);
    sum += w * (x[d->used[u]] - origin);
    mass += w;
  }
  return origin + sum / mass;
}

/* Mean absolute deviation; *indicator: only values -1, 0 and 1. */
static double spread_of(const lun_cox_data *d, const lun_cox_input *in, const double *x,
                        double mean, int *indicator)
{
  double sum = 0, mass = 0;
  *indicator = 1;
  for (size_t u = 0; u < d->rows; u++) {
    double v = x[d->used[u]], w = row_weight(in, d->used[u]);
    if (v != 0 && v != 1 && v != -1) *indicator = 0;
    sum += w * fabs(v - mean);
    mass += w;
  }
  return sum / mass;
}

/* Whether the layout of the response serves: all rows are used, and alike. */
static int is_plain(const lun_cox_input *in)
{
  if (!in->shared || in->strata || in->weights || in->freq) return 0;
  for (size_t i = 0; in->cluster && i < in->n; i++)
    if (in->cluster[i] < 0) return 0;
  for (size_t i = 0; in->offset && i < in->n; i++)
    if (isnan(in->offset[i])) return 0;
  return 1;
}

/* What is known of the columns over all rows. */
typedef struct measure {
  const lun_cox_input *in;
  double *mean, *spread;
  unsigned char *indicator;
} measure;

static void measure_column(void *ctx, size_t j, size_t from, size_t to)
{
  const measure *m = ctx;
  const double *x = m->in->x[j];
  double origin = m->in->n ? x[0] : 0, n = (double)m->in->n;
  int indicator;
  (void)from, (void)to;
  m->mean[j] = origin + lun_lanes_sum(x, m->in->n, origin) / n;
  m->spread[j] = lun_lanes_spread(x, m->in->n, m->mean[j], &indicator) / n;
  m->indicator[j] = (unsigned char)indicator;
}

/* 0 when a value is missing or infinite. */
static lun_status measure_all(lun_env *env, const measure *m, int *complete)
{
  lun_status st = lun_par_run(env, m->in->p, 1, measure_column, (void *)m);
  for (size_t j = 0; j < m->in->p; j++) *complete &= isfinite(m->mean[j]);
  return st;
}

static void scale_columns(lun_cox_data *d, const lun_cox_input *in, const measure *of_all)
{
  for (size_t j = 0; j < d->p; j++) {
    int indicator;
    double scale;
    if (of_all) {
      scale = of_all->spread[j];
      indicator = of_all->indicator[j];
    } else {
      d->mean[j] = mean_of(d, in, in->x[j]);
      scale = spread_of(d, in, in->x[j], d->mean[j], &indicator);
    }
    d->scale[j] = scale > 0 && isfinite(scale) ? scale : 1;
    d->centre[j] = indicator ? 0 : d->mean[j];
  }
}

/* --- columns ------------------------------------------------------------------------------- */

typedef struct job {
  lun_cox_data *d;
  const lun_cox_input *in;
  const uint32_t *source; /* the row of the input at each place */
} job;

/* One column, which the cache may hold, in the order of the layout. */
static void fill_column(void *ctx, size_t j, size_t from, size_t to)
{
  const job *q = ctx;
  lun_cox_data *d = q->d;
  const double *x = q->in->x[j];
  double mean = d->mean[j], factor = 1 / d->scale[j];
  (void)from, (void)to;
  for (size_t b = 0; b < d->blocks; b++) {
    size_t rows = d->rows - b * LUN_COX_BLOCK;
    const uint32_t *row = q->source + b * LUN_COX_BLOCK;
    double *to_x = d->x + (b * d->p + j) * LUN_COX_BLOCK;
    if (rows > LUN_COX_BLOCK) rows = LUN_COX_BLOCK;
    for (size_t i = 0; i < rows; i++) to_x[i] = (x[row[i]] - mean) * factor;
    for (size_t i = rows; i < LUN_COX_BLOCK; i++) to_x[i] = 0;
  }
}

static lun_status fill_columns(lun_pool *pool, lun_cox_data *d, const lun_cox_input *in)
{
  lun_pool work;
  lun_status st = LUN_ENOMEM;
  job q = { .d = d, .in = in, .source = d->row };
  lun_pool_init(&work, pool->env);
  d->x = LUN_RAW(pool, double, d->blocks * LUN_COX_BLOCK * d->p);
  if (!d->x) goto done;
  if (d->rows < in->n) {
    uint32_t *row = LUN_RAW(&work, uint32_t, d->rows);
    if (!row) goto done;
    for (size_t i = 0; i < d->rows; i++) row[i] = (uint32_t)d->used[d->row[i]];
    q.source = row;
  }
  st = lun_par_run(pool->env, d->p, 1, fill_column, &q);
done:
  lun_pool_fini(&work);
  return st;
}

static lun_status fill_offset(lun_pool *pool, lun_cox_data *d, const lun_cox_input *in)
{
  if (!(d->offset = LUN_NEW(pool, double, d->blocks * LUN_COX_BLOCK))) return LUN_ENOMEM;
  d->offset_mean = mean_of(d, in, in->offset);
  for (size_t i = 0; i < d->rows; i++)
    d->offset[i] = in->offset[d->used[d->row[i]]] - d->offset_mean;
  return LUN_OK;
}

lun_status lun_cox_data_new(lun_pool *pool, lun_cox_data *out, const lun_cox_input *in)
{
  double *mean = LUN_NEW(pool, double, 3 * in->p);
  measure of_all = { in, mean, mean + in->p, LUN_NEW(pool, unsigned char, in->p) };
  lun_status st;
  int plain = is_plain(in);
  memset(out, 0, sizeof *out);
  if (!mean || !of_all.indicator) return LUN_ENOMEM;
  if (plain && (st = measure_all(pool->env, &of_all, &plain)) != LUN_OK) return st;
  st = plain ? lun_cox_layout_share(pool->env, out, in) : lun_cox_layout_make(pool, out, in);
  if (st != LUN_OK) return st;
  out->p = in->p;
  out->mean = mean;
  out->scale = mean + in->p;
  out->centre = out->scale + in->p;
  scale_columns(out, in, plain ? &of_all : NULL);
  if ((st = fill_columns(pool, out, in)) != LUN_OK) return st;
  return in->offset ? fill_offset(pool, out, in) : LUN_OK;
}

void lun_cox_data_fini(lun_cox_data *d)
{
  lun_cox_layout_leave(d->layout);
  d->layout = NULL;
}
