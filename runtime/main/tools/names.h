/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LUN_MAIN_TOOLS_NAMES_H
#define LUN_MAIN_TOOLS_NAMES_H

#include <stddef.h>

/* Lua 5.4 bytecode (n bytes) without the names of locals and upvalues, but with its line numbers:
 * the names are half of the strings that a start would make. Works in place; returns the new size,
 * or 0 when the bytes do not end where the last function does. */
size_t lun_names_drop(unsigned char *code, size_t n);

#endif
