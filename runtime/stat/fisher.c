/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fisher's exact test of r x c tables (Freeman & Halton 1951) by enumeration, column by column.
 * Where every completion of a partial table is no likelier than the observed table, its whole
 * probability is known in closed form; where every one is likelier, it is passed over. The bounds
 * are those of Mehta & Patel (1983) in a looser form that needs no search.
 */
#include <math.h>

#include "base/pool.h"
#include "stat/crosstab.h"
#include "stat/dist.h"

typedef struct walk {
  size_t rows, columns;
  const double *column; /* totals */
  double *left;         /* rows: what the columns from here on must fill */
  const double *lfact, *ln; /* log n!, log n for n from 0 */
  double limit;         /* log of 1 / prod x! of the observed table, with tolerance */
  double sum;           /* of prod 1 / x! over the tables counted, relative to exp(scale) */
  double scale, steps, most;
} walk;

static double total_left(const walk *w)
{
  double n = 0;
  for (size_t i = 0; i < w->rows; i++) n += w->left[i];
  return n;
}

/* log of the sum of prod 1 / x! over all completions. */
static double mass(const walk *w, size_t j)
{
  double sum = w->lfact[(size_t)total_left(w)];
  for (size_t i = 0; i < w->rows; i++) sum -= w->lfact[(size_t)w->left[i]];
  for (; j < w->columns; j++) sum -= w->lfact[(size_t)w->column[j]];
  return sum;
}

static double x_log_x(const walk *w, double x)
{
  return x > 0 ? x * w->ln[(size_t)x] : 0;
}

/* No completion has a larger prod 1 / x!: each cell is a Poisson mode, margins aside. */
static double largest(const walk *w, size_t from)
{
  double n = total_left(w), sum = x_log_x(w, n);
  for (size_t j = from; j < w->columns; j++) {
    sum -= x_log_x(w, w->column[j]);
    for (size_t i = 0; i < w->rows; i++) {
      double a = w->left[i], b = w->column[j], mode = n > 0 ? floor(a * b / n) : 0;
      if (mode <= 0) continue;
      sum += mode * (w->ln[(size_t)a] + w->ln[(size_t)b] - w->ln[(size_t)n]);
      sum -= w->lfact[(size_t)mode];
    }
  }
  for (size_t i = 0; i < w->rows; i++) sum -= x_log_x(w, w->left[i]);
  return sum;
}

/* No completion has a smaller one: each column as uneven as the row totals allow. */
static double smallest(const walk *w, size_t from)
{
  double sum = 0;
  for (size_t j = from; j < w->columns; j++) {
    double rest = w->column[j], below = INFINITY;
    while (rest > 0) {
      double best = 0, times = 0;
      for (size_t i = 0; i < w->rows; i++) {
        if (w->left[i] >= below || w->left[i] < best) continue;
        times = w->left[i] > best ? 1 : times + 1;
        best = w->left[i];
      }
      for (; times > 0 && rest > 0; times--) {
        double x = fmin(best, rest);
        sum -= w->lfact[(size_t)x];
        rest -= x;
      }
      if (best == 0) break;
      below = best;
    }
  }
  return sum;
}

static void walk_column(walk *w, size_t j, double past);

/* Fills row i of column j, `rest` of the column still to place. */
static void walk_cell(walk *w, size_t i, size_t j, double rest, double past)
{
  if (i + 1 == w->rows) {
    w->left[i] -= rest;
    walk_column(w, j + 1, past - w->lfact[(size_t)rest]);
    w->left[i] += rest;
    return;
  }
  double below = 0, here = w->left[i];
  for (size_t k = i + 1; k < w->rows; k++) below += w->left[k];
  for (double x = fmax(0, rest - below); x <= fmin(here, rest); x++) {
    w->left[i] = here - x;
    walk_cell(w, i + 1, j, rest - x, past - w->lfact[(size_t)x]);
  }
  w->left[i] = here;
}

static void walk_column(walk *w, size_t j, double past)
{
  if (w->steps++ > w->most) return;
  if (j + 1 == w->columns) {
    for (size_t i = 0; i < w->rows; i++) past -= w->lfact[(size_t)w->left[i]];
    if (past <= w->limit) w->sum += exp(past - w->scale);
  } else if (past + largest(w, j) <= w->limit) {
    w->sum += exp(past + mass(w, j) - w->scale);
  } else if (past + smallest(w, j) <= w->limit) {
    walk_cell(w, 0, j, w->column[j], past);
  }
}

lun_status lun_crosstab_fisher_rxc(lun_env *env, double *p, const double *table, size_t r, size_t c)
{
  lun_pool pool;
  lun_status st = LUN_OK;
  int flip = r > c;
  size_t rows = flip ? c : r, columns = flip ? r : c;
  double n = 0, *lfact, *ln;
  lun_pool_init(&pool, env);
  for (size_t i = 0; i < r * c; i++) n += table[i];
  walk w = { .rows = rows, .columns = columns, .most = 1e8 };
  double *column = LUN_NEW(&pool, double, columns);
  w.left = LUN_NEW(&pool, double, rows);
  lfact = n < 1e7 ? LUN_NEW(&pool, double, (size_t)n + 1) : NULL;
  ln = n < 1e7 ? LUN_NEW(&pool, double, (size_t)n + 1) : NULL;
  if (n >= 1e7)
    st = lun_fail(env, LUN_ELIMIT,
                  "Fisher's exact test: more than 1e7 patients (use the chi-square test)");
  else if (!column || !w.left || !lfact || !ln) st = LUN_ENOMEM;
  if (st != LUN_OK) goto done;
  for (size_t i = 0; i <= (size_t)n; i++) {
    lfact[i] = lun_lgamma((double)i + 1);
    ln[i] = log((double)i);
  }
  w.column = column, w.lfact = lfact, w.ln = ln;
  for (size_t i = 0; i < r; i++) {
    for (size_t j = 0; j < c; j++) {
      double x = table[i * c + j];
      column[flip ? i : j] += x;
      w.left[flip ? j : i] += x;
      w.limit -= lfact[(size_t)x];
    }
  }
  w.limit += 1e-7;
  w.scale = mass(&w, 0);
  walk_column(&w, 0, 0);
  if (w.steps > w.most)
    st = lun_fail(env, LUN_ELIMIT,
                  "[limit.fisher] Fisher's exact test: too many %d x %d tables with these "
                  "margins to enumerate (use the chi-square test)",
                  (int)r, (int)c);
  else *p = fmin(1, w.sum);
done:
  lun_pool_fini(&pool);
  return st;
}
