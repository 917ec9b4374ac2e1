/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cpu: the one place that knows processors. A function marked LUN_DISPATCHED is compiled for AVX2
 * and for any x86, and the program chooses when it starts; elsewhere the mark means nothing. A
 * multiplication and an addition are never fused, so that all give the same bits.
 */
#ifndef LUN_CPU_H
#define LUN_CPU_H

#if defined(__x86_64__) && defined(__linux__) && !defined(__clang__)
#define LUN_DISPATCHED __attribute__((target_clones("avx2", "default")))
#else
#define LUN_DISPATCHED
#endif

#endif
