/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/kernel: the partial likelihood of a prepared data set at given coefficients.
 *
 * With S0, S1 the sums of w r and w r x over the risk set of a distinct event time, T0, T1 the same
 * over its d tied deaths, f = l/d for l = 0 .. d-1 (Efron; f = 0 for Breslow), S0_l = S0 - f T0 and
 * v the deaths' mean weight, each event time is reduced to its means m = S1/S0 and t = T1/S0 and to
 * five sums over l, with q = S0/S0_l (about 1, so that nothing overflows):
 *   a = sum v q/S0, b = sum v f q/S0, g11 = sum v q^2, g12 = -sum v f q^2, g22 = sum v f^2 q^2
 * With H_i the sum of a over the event times at which row i is at risk, minus its own b if it dies:
 *   gradient = sum_i (w_i dead_i - w_i r_i H_i) x_i
 *   information = sum_i w_i r_i H_i x_i x_i' - sum_k [m t] G [m t]'
 *   [m t] G [m t]' = g11 u u' + (g22 - g12^2/g11) t t' with u = m + g12/g11 t
 * so that only two rank-one terms are left for each event time however many deaths tie, and the
 * rest is one weighted cross product over rows. (Efron 1977; Therneau & Grambsch 2000, ch. 3.)
 */
#ifndef LUN_COX_KERNEL_H
#define LUN_COX_KERNEL_H

#include "base/par.h"
#include "surv/cox/data.h"

enum { LUN_COX_PART = 8192, LUN_COX_PARTS = 32, LUN_COX_THREADS_FROM = 30000 };

typedef enum lun_cox_ties { LUN_COX_EFRON, LUN_COX_BRESLOW, LUN_COX_EXACT } lun_cox_ties;

/* Rows that one thread takes at a time, cut by their number alone. Its sums are over rows behind
 * it: those in the risk sets of its last row, and those that die together with it. */
typedef struct lun_cox_part {
  double s0, t0, *s1, *t1; /* s1, t1: stride */
  size_t open; /* its first row that does not share the event time of the row before the part */
  int through, tie_through; /* all of it is of the stratum, of the event time, of that row */
  double log; /* sum of v log S0 over as many event times */
} lun_cox_part;

/* What one walk over the risk sets leaves. */
typedef struct lun_cox_terms {
  lun_cox_ties ties; /* Efron or Breslow */
  double loglik;
  double shift;   /* risk holds w exp(eta - shift) */
  double low, high; /* range of eta and 0 */
  double *risk;   /* n, padded: weight times relative risk */
  double *s0, *t0;         /* m; t0 is 0 where there is one death */
  double *a, *b, *g11, *g12, *g22; /* m */
  double *cum;    /* m: running sum of a within the stratum */
  size_t stride;  /* p, or the next multiple of 4 */
  double *beta;   /* stride: coefficients */
  double *range;  /* for each block: least and largest eta, sum of the deaths' eta */
  size_t part_rows;    /* of each part but the last, a multiple of LUN_COX_BLOCK */
  lun_cox_part *part;
  double *sum;    /* for each part p (2 p + 1): two parts of the information, gradient */
  double *room;   /* for each part: work */
  struct lun_cox_risk_means *means; /* kept with delayed entry; NULL: found block by block */
} lun_cox_terms;

lun_status lun_cox_terms_new(lun_pool *pool, lun_cox_terms *t, const lun_cox_data *d,
                             lun_cox_ties ties);

/* Fills t at beta (p, of the centred and scaled columns). Returns 0 when the likelihood cannot be
 * represented (a relative risk overflows, a risk set underflows): the caller halves its step. */
int lun_cox_walk(lun_cox_terms *t, const lun_cox_data *d, const double *beta);

/* After a walk: gradient (p) and information (p x p, both triangles), and the diagonal of the first
 * of its two parts as the scale against which a pivot is small; each may be NULL but information.
 */
void lun_cox_derivatives(lun_cox_terms *t, const lun_cox_data *d, double *gradient,
                         double *information, double *scale);

/* The information with event time k counted times[k] fold (any real numbers). work: 2 m. */
void lun_cox_information(lun_cox_terms *t, const lun_cox_data *d, const double *times,
                         double *work, double *information);

/* a - or any other m-vector - summed over the event times of row i. */
static inline double lun_cox_over(const lun_cox_data *d, const double *cumulative, size_t i)
{
  double h = cumulative[d->last[i]];
  return d->before && d->before[i] != LUN_COX_NONE ? h - cumulative[d->before[i]] : h;
}

/* Runs fn over 0 .. n-1 in parts of t->part_rows, on threads where that pays. */
void lun_cox_share(const lun_cox_terms *t, const lun_cox_data *d, size_t n, lun_par_fn fn,
                   void *ctx);

/* First i of from .. to with x[i] >= least, x non-decreasing; to: none. */
size_t lun_cox_first_from(const uint32_t *x, size_t from, size_t to, size_t least);

/* First row from `from` on of the stratum of row end-1; its number is at most *s and becomes *s. */
size_t lun_cox_stratum_from(const lun_cox_data *d, size_t *s, size_t from, size_t end);

/* Running sums of x within each stratum; x and cum may be the same array. */
void lun_cox_cumulate(const lun_cox_data *d, const double *x, double *cum);

#endif
