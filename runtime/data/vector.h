/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * vector: element by element over a block of values. Missing numbers are NaN and give NaN. Logical
 * values are bytes ordered so that and is the minimum, or the maximum, not 2 - x (Kleene, 1938).
 */
#ifndef LUN_VECTOR_H
#define LUN_VECTOR_H

#include <stddef.h>
#include <stdint.h>

enum { LUN_BLOCK = 1024 };
enum { LUN_FALSE, LUN_UNKNOWN, LUN_TRUE };

typedef enum lun_op {
  LUN_ADD, LUN_SUB, LUN_MUL, LUN_DIV, LUN_FLOORDIV, LUN_MOD, LUN_POW, LUN_MIN, LUN_MAX, LUN_ROUND,
  LUN_NEG, LUN_ABS, LUN_SQRT, LUN_EXP, LUN_LOG, LUN_LOG2, LUN_LOG10, LUN_FLOOR, LUN_CEIL, LUN_YEAR,
  LUN_EQ, LUN_NE, LUN_LT, LUN_LE, LUN_GT, LUN_GE
} lun_op;

/* LUN_ADD to LUN_ROUND (x to y decimals, as R 4's round), and LUN_NEG to LUN_YEAR (of a day
 * number). 1 when somewhere operands that are there give no finite number. out overlaps no
 * operand. */
int lun_vec_binary(lun_op op, double *out, const double *x, const double *y, size_t n);
int lun_vec_unary(lun_op op, double *out, const double *x, size_t n);

/* LUN_EQ to LUN_GE. */
void lun_vec_compare(lun_op op, uint8_t *out, const double *x, const double *y, size_t n);

void lun_vec_and(uint8_t *out, const uint8_t *x, const uint8_t *y, size_t n);
void lun_vec_or(uint8_t *out, const uint8_t *x, const uint8_t *y, size_t n);
void lun_vec_not(uint8_t *out, const uint8_t *x, size_t n);

/* out = x where which is true, y where it is false, NaN where it is unknown. */
void lun_vec_select(double *out, const uint8_t *which, const double *x, const double *y, size_t n);

/* Integers and dates, or factor codes, as numbers; missing gives NaN. */
void lun_vec_integers(double *out, const int32_t *x, size_t n);
void lun_vec_codes(double *out, const int32_t *x, size_t n);
/* Codes 0 and 1 of a logical column to FALSE and TRUE, and back; missing is -1. */
void lun_vec_logical(uint8_t *out, const int32_t *x, size_t n);
void lun_vec_logical_codes(int32_t *out, const uint8_t *x, size_t n);

#endif
