/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * embed: the Lua modules that travel inside the program. build/embed.c, made by
 * main/tools/embedder.c, defines the table; it is sorted by name.
 */
#ifndef LUN_EMBED_H
#define LUN_EMBED_H

#include <stddef.h>

typedef struct lun_embedded {
  const char *name; /* "lunation.cohort"; other files by path: "docs/messages.md" */
  const unsigned char *bytes;
  size_t size;
} lun_embedded;

extern const lun_embedded LUN_EMBEDDED[];
extern const size_t LUN_EMBEDDED_COUNT;

const lun_embedded *lun_embedded_find(const char *name);

#endif
