/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alloc: the program's allocator. A run makes a few hundred thousand small Lua objects and ends;
 * blocks up to 256 bytes come from free lists by size and are never given back to the system,
 * larger ones go to the C library.
 */
#ifndef LUN_ALLOC_H
#define LUN_ALLOC_H

#include <stddef.h>

enum { LUN_ALLOC_STEP = 16, LUN_ALLOC_CLASSES = 16 };

typedef struct lun_alloc {
  void *free[LUN_ALLOC_CLASSES]; /* lists of free blocks of 16, 32 .. 256 bytes */
  char *at, *end;                /* of the newest slab */
  size_t slabs;
} lun_alloc;

/* Of lua_Alloc's shape; ud is a lun_alloc, zeroed at first. */
void *lun_alloc_small(void *ud, void *ptr, size_t osize, size_t nsize);

#endif
