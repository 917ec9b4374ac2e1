/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * par: work in blocks of fixed size on env->threads threads. The blocks are the same for any
 * number of threads, each is computed in order, and their sums are combined pairwise in a fixed
 * order: so are the bits of the result. Workers never allocate, never fail and see no Lua.
 */
#ifndef LUN_PAR_H
#define LUN_PAR_H

#include "base/env.h"

enum { LUN_PAR_ROWS = 4096 }; /* rows in a block unless a caller has a reason */

/* Computes rows from .. to-1 (block number `block`). Writes only what belongs to the block. */
typedef void (*lun_par_fn)(void *ctx, size_t block, size_t from, size_t to);

size_t lun_par_blocks(size_t n, size_t rows);

/* Runs fn over 0..n-1 in blocks of `rows`. Errors: EINTR when a stop was asked for (some blocks
 * are then undone). A thread that cannot be started is done without. */
lun_status lun_par_run(lun_env *env, size_t n, size_t rows, lun_par_fn fn, void *ctx);

/* Adds k values for each of `blocks` blocks, sum[block * k + i], pairwise; the total is left in
 * sum[0..k). The array is overwritten; nothing happens when blocks is 0. */
void lun_par_sums(double *sum, size_t blocks, size_t k);

#endif
