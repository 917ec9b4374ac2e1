/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/data: what a Cox model reads at each iteration, laid out once. Rows are sorted by stratum
 * and by the last event time at which they are at risk, deaths last among ties; columns are
 * centred and scaled, in blocks of LUN_COX_BLOCK rows, each block column by column, so that
 * loops run across rows. Times are gone: a row is at risk at a range of event numbers.
 */
#ifndef LUN_COX_DATA_H
#define LUN_COX_DATA_H

#include "base/pool.h"

enum { LUN_COX_BLOCK = 128, LUN_COX_ALIGN = 4 };
#define LUN_COX_NONE UINT32_MAX

/* Plain arrays of n rows; NULL where absent. Times within the tie tolerance are equal already. */
typedef struct lun_cox_input {
  size_t n, p;
  const double *start;          /* (start, stop]; NULL: all start together */
  const double *stop;           /* NaN: missing */
  const unsigned char *event;   /* 1: event at stop */
  const uint32_t *order;        /* the n rows by increasing stop; NULL: sorted here */
  const uint32_t *by_start;     /* the n rows by increasing start; NULL: searched */
  const double *const *x;       /* p columns, NaN missing */
  const char *const *names;     /* p, for messages; NULL: numbers */
  const int32_t *strata;        /* -1 missing */
  const int32_t *cluster;       /* -1 missing */
  const double *offset;         /* of the linear predictor */
  const double *weights;        /* sampling weights: the Efron sum uses the deaths' mean weight */
  const double *freq;           /* frequency weights: the row stands for freq equal rows */
  struct lun_cox_layout **shared; /* where the response keeps its layout; NULL: it does not */
  int32_t cause;                /* that event marks; with shared */
} lun_cox_input;

typedef struct lun_cox_data {
  lun_env *env;
  struct lun_cox_layout *layout; /* that owns all but columns and offset; NULL: all are its own */
  size_t rows;      /* rows used: complete, with positive weight */
  size_t missing;   /* rows left out because a value is missing */
  size_t zero;      /* rows left out because their weight is 0 */
  size_t *used;     /* rows: their numbers in the input, increasing */
  size_t n, blocks; /* rows at risk at some event, the first ones; blocks * LUN_COX_BLOCK >= rows */
  size_t p, m;      /* columns; distinct event times, strata one after another */
  size_t strata;    /* with at least one event */
  size_t total;     /* rows counted with their frequency */
  size_t events;    /* the same of events */
  uint32_t *row;    /* rows: position in used */
  uint32_t *last;   /* n: the last event time at which the row is at risk; non-decreasing */
  uint32_t *
      before; /* n: the last event time before its entry, or LUN_COX_NONE; NULL: none enters late */
  unsigned char *dead; /* n: its event is at `last` */
  double *x; /* column j of block b: x + (b * p + j) * LUN_COX_BLOCK; 0 behind the last row */
  double *offset;   /* blocks * LUN_COX_BLOCK, centred; NULL: none */
  double *weight;   /* blocks * LUN_COX_BLOCK, sampling times frequency; NULL: 1 */
  double *death;    /* blocks * LUN_COX_BLOCK: weight of a row that dies, else 0 */
  double *freq;     /* rows; NULL: 1 */
  double *stop, *start; /* rows, by position in used; start NULL: none */
  double *time;     /* m */
  double *deaths;   /* m: number of tied deaths, counted with their frequency */
  int tied;         /* some event time has more than one death */
  uint32_t *tie;    /* ties: the rows that die together with others, increasing */
  size_t ties;
  double *mass;     /* m: their weight; the same as deaths without weights */
  size_t *first;    /* strata + 1: first event time of each stratum */
  int32_t *stratum; /* strata: its code in the input */
  double *mean, *scale; /* p: x = (original - mean) / scale */
  double *centre;   /* p: mean, but 0 for columns of -1, 0 and 1 (as in R) */
  double offset_mean;
} lun_cox_data;

/* Lays the input out in pool, or on the layout that its response keeps. Errors: EINVAL (negative
 * weight, frequency that is no whole number), EDATA (no row left, no event, start not before stop),
 * ENOMEM. */
lun_status lun_cox_data_new(lun_pool *pool, lun_cox_data *out, const lun_cox_input *in);

/* Leaves the layout; before the pool goes. Accepts a zeroed object. */
void lun_cox_data_fini(lun_cox_data *d);

static inline double lun_cox_x(const lun_cox_data *d, size_t i, size_t j)
{
  return d->x[(i / LUN_COX_BLOCK * d->p + j) * LUN_COX_BLOCK + i % LUN_COX_BLOCK];
}

#endif
