/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * root: the zero of a function in a bracket. Pure: no env, no allocation.
 */
#ifndef LUN_ROOT_H
#define LUN_ROOT_H

typedef double (*lun_root_fn)(double x, const void *ctx);

/* The tolerance of R's uniroot(): machine epsilon to the power 1/4. */
#define LUN_ROOT_R_TOLERANCE 0x1p-13

/* The x in [lo, hi] at which f changes sign, within tolerance (0: to the last bits of x). When f
 * has one sign throughout, the end at which it is nearer to zero. Brent (1973, ch. 4), step for
 * step as R's uniroot, so that with R's tolerance it stops where R stops. */
double lun_root(lun_root_fn f, const void *ctx, double lo, double hi, double tolerance);

#endif
