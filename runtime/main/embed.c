/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "main/embed.h"

#include <string.h>

const lun_embedded *lun_embedded_find(const char *name)
{
  size_t lo = 0, hi = LUN_EMBEDDED_COUNT;
  while (lo < hi) {
    size_t mid = (lo + hi) / 2;
    int order = strcmp(name, LUN_EMBEDDED[mid].name);
    if (order == 0) return &LUN_EMBEDDED[mid];
    if (order < 0) hi = mid;
    else lo = mid + 1;
  }
  return NULL;
}
