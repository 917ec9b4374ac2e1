/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * env: the one context that every core call receives. It holds the allocator (of lua_Alloc's
 * shape, so Lua and the core share one account, one limit and one fault injector), the message
 * of the last failure, the thread count and the stop flag. Nothing in the core is global.
 */
#ifndef LUN_ENV_H
#define LUN_ENV_H

#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef enum lun_status {
  LUN_OK = 0,
  LUN_ENOMEM = -1, /* out of memory, or env->limit reached */
  LUN_EINVAL = -2, /* the caller's argument is wrong (a programming or recipe error) */
  LUN_EDATA = -3,  /* the data are wrong; env->msg names row, column, subject */
  LUN_EGSL = -4,   /* a GSL routine failed */
  LUN_EINTR = -5,  /* env->stop was set */
  LUN_ELIMIT = -6, /* a named limit was reached */
  LUN_EIO = -7     /* a file could not be read or written */
} lun_status;

/* Allocator of lua_Alloc's shape: nsize 0 frees; ptr NULL allocates. */
typedef void *(*lun_alloc_fn)(void *ud, void *ptr, size_t osize, size_t nsize);

typedef struct lun_block lun_block;

typedef struct lun_env {
  lun_alloc_fn alloc;
  void *alloc_ud;
  size_t used;                 /* bytes held by the core */
  size_t blocks;               /* live blocks held by the core: 0 after everything is freed */
  size_t limit;                /* 0: none */
  lun_block *live;             /* list of live blocks, so fini can free what was lost */
  unsigned threads;            /* worker threads a call may use; results never depend on it */
  volatile sig_atomic_t *stop; /* polled by long loops; NULL: never stops */
  char msg[1024];              /* of the last failure: what, where, what to do */
} lun_env;

/* An env on the C library's allocator (alloc NULL) or on the caller's. Never fails. */
void lun_env_init(lun_env *env, lun_alloc_fn alloc, void *alloc_ud);

/* Frees every block still alive. Accepts a zeroed env. */
void lun_env_fini(lun_env *env);

/* n objects of size bytes, zeroed; NULL when out of memory, over the limit or on overflow
 * (env->msg says which). n == 0 gives a block of one byte, never NULL. */
void *lun_mem_new(lun_env *env, size_t n, size_t size);

/* The same, not zeroed: for large arrays that are written as a whole. */
void *lun_mem_raw(lun_env *env, size_t n, size_t size);

/* Grows or shrinks; the new part is not zeroed. On failure p is untouched and NULL returned. */
void *lun_mem_resize(lun_env *env, void *p, size_t n, size_t size);

/* Accepts NULL. */
void lun_mem_free(lun_env *env, void *p);

/* Sets env->msg and returns status, so that `return lun_fail(...)` reads well. The format knows
 * %s (NULL prints "(null)"), %d int, %z size_t, %g double (shortest form that reads back), %c, %%.
 */
lun_status lun_fail(lun_env *env, lun_status status, const char *format, ...);
lun_status lun_vfail(lun_env *env, lun_status status, const char *format, va_list ap);

/* LUN_EINTR when a stop was asked for, else LUN_OK. Cheap: call it in every long loop. */
static inline lun_status lun_env_check(lun_env *env)
{
  return env->stop && *env->stop ? lun_fail(env, LUN_EINTR, "interrupted") : LUN_OK;
}

#endif
