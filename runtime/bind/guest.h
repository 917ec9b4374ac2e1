/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * guest: a Lua state of its own for one plug-in, with a limit on memory and on processor time, that
 * is spoken to in bytes (bind/wire.h). The first request is its trusted bootstrap; what that
 * returns answers the requests that follow. The same guest runs in the worker process and, for
 * plug-ins that are trusted, inside the program.
 */
#ifndef LUN_GUEST_H
#define LUN_GUEST_H

#include <lua.h>

#include "base/env.h"

typedef struct lun_guest {
  lua_State *L;
  lun_alloc_fn alloc;
  void *alloc_ud;
  size_t used, limit;  /* bytes */
  unsigned ms;         /* processor time of the request that runs */
  lua_Integer patient; /* that the request works on, from 1; 0: none */
  int expired, answering;
  int line;            /* of the plug-in, where the time ran out */
  char failure[256];
} lun_guest;

/* Memory comes from alloc, at most limit bytes. LUN_ENOMEM leaves *g empty. */
lun_status lun_guest_open(lun_guest *g, lun_alloc_fn alloc, void *alloc_ud, size_t limit);
void lun_guest_close(lun_guest *g); /* accepts a zeroed guest */

/* Answers a request within ms milliseconds of processor time, and twice that by the clock. *reply
 * is valid until the next call: 'R' and the bytes of the answer, or 'E' and
 * "code\nline\npatient\nmessage" when a limit was reached, after which the guest is of no further
 * use. */
void lun_guest_call(lun_guest *g, const char *request, size_t n, unsigned ms, const char **reply,
                    size_t *reply_n);

#endif
