/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * finegray/data: what a subdistribution model reads at each iteration, laid out once: rows by
 * stratum and time, columns centred and scaled, and the times of the cause's events numbered
 * stratum after stratum. A row is at risk at the events enter <= e < last; one with a competing
 * event stays there at the later ones with the weight c[group * m + e] / own.
 */
#ifndef LUN_FINEGRAY_DATA_H
#define LUN_FINEGRAY_DATA_H

#include "surv/finegray/censor.h"

typedef enum lun_finegray_method { LUN_FINEGRAY_CRR, LUN_FINEGRAY_SURVIVAL } lun_finegray_method;

/* Arrays by row of the response, complete; NULL where absent. */
typedef struct lun_finegray_input {
  lun_surv *s;
  int32_t cause; /* status that counts; other events compete */
  lun_finegray_method method;
  size_t p;
  const double *const *x; /* p columns */
  const double *offset;
  const double *weight;   /* sampling weights above 0; with crr they also weight the censorings */
  const int32_t *strata;  /* 0..stratas-1: each has its own baseline */
  size_t stratas;
  const int32_t *group;   /* 0..groups-1: strata of the censoring distribution */
  size_t groups;
  const int32_t *cluster; /* 0..clusters-1 */
  size_t clusters;
} lun_finegray_input;

enum { LUN_FINEGRAY_CENSORED, LUN_FINEGRAY_EVENT, LUN_FINEGRAY_COMPETING };

typedef struct lun_finegray_data {
  lun_finegray_input in;
  size_t n, p, m, strata, groups;
  size_t events, competing;      /* rows */
  lun_finegray_censor censor;
  uint32_t *row;                 /* n: its number in the response */
  unsigned char *kind;           /* n */
  uint32_t *enter, *last;        /* n */
  uint32_t *entered, *entries;   /* rows entries[entered[e] .. entered[e + 1]) come in at event e,
                                    not in their stratum's first; NULL: none enters late */
  double *z, *own;               /* n x p by row; n */
  double *c;                     /* groups x m */
  double *time, *deaths, *mass;  /* m: events at the time, and their weight */
  uint32_t *at;                  /* m: its number among the distinct times */
  size_t *begin, *first;         /* strata + 1: first row and first event of each */
  double *mean, *scale;          /* p: z = (x - mean) / scale */
} lun_finegray_data;

/* Lays the input out in pool; sorts the response when it must. Errors: EDATA (no row, no event of
 * the cause, missing or infinite values, weights, C 0 where a row needs it), ENOMEM. */
lun_status lun_finegray_data_new(lun_pool *pool, lun_finegray_data *out,
                                 const lun_finegray_input *in);

static inline size_t lun_finegray_group(const lun_finegray_data *d, size_t k)
{
  return d->in.group ? (size_t)d->in.group[d->row[k]] : 0;
}

static inline double lun_finegray_weight(const lun_finegray_data *d, size_t k)
{
  return d->in.weight ? d->in.weight[d->row[k]] : 1;
}

#endif
