/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "main/alloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { SLAB = 1 << 16, SMALL_SLABS = 512, LARGE_SLAB = 1 << 21 };
#ifdef __SANITIZE_ADDRESS__
enum { SMALL = 0 }; /* the sanitizer sees every block */
#else
enum { SMALL = LUN_ALLOC_STEP * LUN_ALLOC_CLASSES };
#endif

static size_t class_of(size_t size)
{
  return (size - 1) / LUN_ALLOC_STEP;
}

/* The first slabs are of the heap, which main has put in large pages; when 32 MiB of it are used, a
 * slab is a large page of its own: a fault for each 4 KiB costs more than making the objects. */
static int add_slab(lun_alloc *a)
{
  int large = a->slabs >= SMALL_SLABS;
  size_t bytes = large ? LARGE_SLAB : SLAB;
  char *slab = aligned_alloc(large ? bytes : LUN_ALLOC_STEP, bytes);
  if (!slab) return 0;
  if (large) madvise(slab, bytes, MADV_HUGEPAGE);
  a->slabs++;
  a->at = slab;
  a->end = slab + bytes;
  return 1;
}

static void *take(lun_alloc *a, size_t size)
{
  size_t c = class_of(size), bytes = (c + 1) * LUN_ALLOC_STEP;
  void *p = a->free[c];
  if (p) {
    memcpy(&a->free[c], p, sizeof(void *));
    return p;
  }
  if ((size_t)(a->end - a->at) < bytes && !add_slab(a)) return NULL;
  p = a->at;
  a->at += bytes;
  return p;
}

static void give(lun_alloc *a, void *p, size_t size)
{
  size_t c = class_of(size);
  memcpy(p, &a->free[c], sizeof(void *));
  a->free[c] = p;
}

void *lun_alloc_small(void *ud, void *ptr, size_t osize, size_t nsize)
{
  lun_alloc *a = ud;
  if (!ptr) osize = 0; /* Lua passes the kind of object there */
  if (nsize == 0) {
    if (osize > SMALL) free(ptr);
    else if (osize > 0) give(a, ptr, osize);
    return NULL;
  }
  if (osize > SMALL && nsize > SMALL) return realloc(ptr, nsize);
  if (osize > 0 && osize <= SMALL && nsize <= SMALL && class_of(osize) == class_of(nsize))
    return ptr;
  void *p = nsize <= SMALL ? take(a, nsize) : malloc(nsize);
  if (!p || osize == 0) return p;
  memcpy(p, ptr, osize < nsize ? osize : nsize);
  if (osize > SMALL) free(ptr);
  else give(a, ptr, osize);
  return p;
}
