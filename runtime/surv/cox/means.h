/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cox/means: the means S1/S0 and T1/S0 of the risk sets, p numbers for each event time. All of them
 * are as large as the columns, so derivatives take them from a stream, block by block while the
 * columns are in the cache; only who asks for them (residuals, curves) has them stored.
 */
#ifndef LUN_COX_MEANS_H
#define LUN_COX_MEANS_H

#include "surv/cox/kernel.h"

/* --- stored ---------------------------------------------------------------------------------- */

typedef struct lun_cox_risk_means {
  size_t stride, tied_stride; /* of the terms; tied_stride 0: no ties */
  double *mean, *tied;        /* m x stride: S1/S0 and T1/S0 (0 where there is one death) */
} lun_cox_risk_means;

/* After a walk. Errors: ENOMEM. */
lun_status lun_cox_risk_means_new(lun_pool *pool, lun_cox_risk_means *out, const lun_cox_terms *t,
                                  const lun_cox_data *d);

/* The same in two steps. */
lun_status lun_cox_risk_means_reserve(lun_pool *pool, lun_cox_risk_means *out,
                                      const lun_cox_terms *t, const lun_cox_data *d);
void lun_cox_risk_means_fill(lun_cox_risk_means *out, const lun_cox_terms *t,
                             const lun_cox_data *d);

/* S1/S0 and T1/S0 of event time k. */
static inline const double *lun_cox_mean(const lun_cox_risk_means *m, size_t k)
{
  return m->mean + k * m->stride;
}
static inline const double *lun_cox_tied(const lun_cox_risk_means *m, size_t k)
{
  return m->tied + k * m->tied_stride;
}

/* --- as a stream: everyone at risk from the beginning -------------------------------------- */

enum { LUN_COX_SLOTS = 2 * LUN_COX_BLOCK, LUN_COX_ROOM = 7 * LUN_COX_BLOCK + 3 };

/* Goes through a part from its last block to its first. The event times whose first row is in a
 * block are ready after it; they pile up, the newest first, until the user clears them. */
typedef struct lun_cox_stream {
  const lun_cox_terms *t;
  const lun_cox_data *d;
  size_t end;      /* rows still ahead: those of the part before it */
  size_t stratum, ties; /* of row end-1 or behind it; d->tie still ahead */
  size_t k, count; /* event times k .. k + count - 1 are ready */
  double *mean, *tied;           /* LUN_COX_SLOTS rows, the last count of them in use */
  double *rows, *sum, *tie_sum;  /* a block of r x; sums: stratum, tied deaths */
  double *work;    /* free for the user: 2 stride LUN_COX_BLOCK */
} lun_cox_stream;

void lun_cox_stream_open(lun_cox_stream *s, const lun_cox_terms *t, const lun_cox_data *d,
                         size_t part, size_t to);
void lun_cox_stream_next(lun_cox_stream *s);

#endif
