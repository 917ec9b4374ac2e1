/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cubic: the interpolating cubic spline of Forsythe, Malcolm and Moler (Computer Methods for
 * Mathematical Computations, 1977, ch. 4), which is R's spline() by default: its third derivative
 * at each end is that of the cubic through the four outermost points. Pure: no env, no allocation.
 */
#ifndef LUN_CUBIC_H
#define LUN_CUBIC_H

#include <stddef.h>

/* sigma[0..n): a sixth of the second derivatives at x[0] < x[1] < ... < x[n-1]; work: n. Three
 * points give their parabola, two their line. */
void lun_cubic_fit(double *sigma, double *work, const double *x, const double *y, size_t n);

/* The spline at v; beyond the ends the outermost cubic goes on. n >= 1. */
double lun_cubic_at(const double *sigma, const double *x, const double *y, size_t n, double v);

#endif
