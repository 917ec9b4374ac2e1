/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * linalg: small symmetric systems. A matrix is n x n, row-major, both triangles filled.
 * Nothing here allocates: the caller brings the memory.
 */
#ifndef LUN_LINALG_H
#define LUN_LINALG_H

#include <stddef.h>

/* The tolerance of R's toler.chol: machine epsilon to the power 3/4. */
#define LUN_LDL_TOLERANCE 1.8189894035458565e-12

/* Factorises a = L D L' in place, without pivoting, so that of several dependent columns the
 * first ones stay. The strict lower triangle receives L, the diagonal D, the upper triangle is
 * left alone. A pivot that is not above tolerance * scale[j] (scale NULL: the diagonal of a) marks
 * column j as aliased: D[j] = 0 and its row and column take no further part. Returns the rank.
 * (Golub & Van Loan, Matrix Computations, algorithm 4.1.2; Therneau's cholesky2.) */
size_t lun_ldl_factor(double *a, size_t n, const double *scale, double tolerance);

/* x <- A^- x with the factor of A; the components of aliased columns become 0. */
void lun_ldl_solve(const double *ldl, size_t n, double *x);

/* inverse <- A^- (n x n, symmetric); rows and columns of aliased columns are 0. */
void lun_ldl_inverse(const double *ldl, size_t n, double *inverse);

/* x' A^- x with the factor of A; work: n. */
double lun_ldl_quadratic(const double *ldl, size_t n, const double *x, double *work);

/* log of the product of the pivots that are not 0. */
double lun_ldl_logdet(const double *ldl, size_t n);

/* x' a y for a full matrix. */
double lun_sym_form(const double *a, size_t n, const double *x, const double *y);

/* y <- a x for a full matrix. */
void lun_sym_times(const double *a, size_t n, const double *x, double *y);

/* Copies the lower triangle onto the upper one. */
void lun_sym_mirror(double *a, size_t n);

#endif
