/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/env.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/num.h"

struct lun_block {
  lun_block *prev, *next;
  size_t size;  /* bytes asked for */
  size_t align; /* keeps the payload on 16 bytes */
};

static void *libc_alloc(void *ud, void *ptr, size_t osize, size_t nsize)
{
  (void)ud;
  (void)osize;
  if (nsize == 0) {
    free(ptr); /* lint: allocator */
    return NULL;
  }
  return realloc(ptr, nsize); /* lint: allocator */
}

void lun_env_init(lun_env *env, lun_alloc_fn alloc, void *alloc_ud)
{
  memset(env, 0, sizeof *env);
  env->alloc = alloc ? alloc : libc_alloc;
  env->alloc_ud = alloc_ud;
  env->threads = 1;
}

void lun_env_fini(lun_env *env)
{
  while (env->live) lun_mem_free(env, env->live + 1);
}

static void link_block(lun_env *env, lun_block *b)
{
  b->prev = NULL;
  b->next = env->live;
  if (env->live) env->live->prev = b;
  env->live = b;
}

static void unlink_block(lun_env *env, lun_block *b)
{
  if (b->prev) b->prev->next = b->next;
  else env->live = b->next;
  if (b->next) b->next->prev = b->prev;
}

/* Bytes for n objects, or 0 with a message when the product overflows or passes the limit. */
static size_t checked_bytes(lun_env *env, size_t held, size_t n, size_t size)
{
  size_t bytes;
  if (__builtin_mul_overflow(n, size, &bytes) || bytes > PTRDIFF_MAX - sizeof(lun_block)) {
    lun_fail(env, LUN_ENOMEM, "out of memory: %z objects of %z bytes", n, size);
    return 0;
  }
  if (bytes == 0) bytes = 1;
  if (env->limit && bytes > held && env->used + (bytes - held) > env->limit) {
    lun_fail(env, LUN_ENOMEM, "out of memory: the limit of %z bytes is reached", env->limit);
    return 0;
  }
  return bytes;
}

/* Touching a large array for the first time costs a fault for each page: ask for large pages, those
 * that it shares with its neighbours included (they are of one heap, and it is only advice). */
static void advise(void *p, size_t bytes)
{
  const uintptr_t page = 1 << 21, from = (uintptr_t)p & ~(page - 1),
                  to = ((uintptr_t)p + bytes + page - 1) & ~(page - 1);
  if (bytes >= page / 8) madvise((void *)from, to - from, MADV_HUGEPAGE);
}

void *lun_mem_raw(lun_env *env, size_t n, size_t size)
{
  size_t bytes = checked_bytes(env, 0, n, size);
  if (bytes == 0) return NULL;
  lun_block *b = env->alloc(env->alloc_ud, NULL, 0, sizeof *b + bytes);
  if (!b) {
    lun_fail(env, LUN_ENOMEM, "out of memory: %z bytes", bytes);
    return NULL;
  }
  advise(b, bytes);
  b->size = bytes;
  link_block(env, b);
  env->used += bytes;
  env->blocks++;
  return b + 1;
}

void *lun_mem_new(lun_env *env, size_t n, size_t size)
{
  void *p = lun_mem_raw(env, n, size);
  if (p) memset(p, 0, ((lun_block *)p - 1)->size);
  return p;
}

void *lun_mem_resize(lun_env *env, void *p, size_t n, size_t size)
{
  if (!p) return lun_mem_new(env, n, size);
  lun_block *b = (lun_block *)p - 1;
  size_t old = b->size, bytes = checked_bytes(env, old, n, size);
  if (bytes == 0) return NULL;
  unlink_block(env, b);
  lun_block *r = env->alloc(env->alloc_ud, b, sizeof *b + old, sizeof *b + bytes);
  if (!r) {
    link_block(env, b);
    lun_fail(env, LUN_ENOMEM, "out of memory: %z bytes", bytes);
    return NULL;
  }
  advise(r, bytes);
  r->size = bytes;
  link_block(env, r);
  env->used += bytes - old;
  return r + 1;
}

void lun_mem_free(lun_env *env, void *p)
{
  if (!p) return;
  lun_block *b = (lun_block *)p - 1;
  unlink_block(env, b);
  env->used -= b->size;
  env->blocks--;
  env->alloc(env->alloc_ud, b, sizeof *b + b->size, 0);
}

typedef struct sink {
  char *at, *end;
} sink;

static void put(sink *s, const char *text, size_t n)
{
  size_t room = (size_t)(s->end - s->at);
  if (n > room) n = room;
  memcpy(s->at, text, n);
  s->at += n;
}

static void put_integer(sink *s, long long v)
{
  char buf[LUN_NUM_MAX];
  put(s, buf, lun_num_integer(buf, v));
}

lun_status lun_fail(lun_env *env, lun_status status, const char *format, ...)
{
  va_list ap;
  va_start(ap, format);
  lun_vfail(env, status, format, ap);
  va_end(ap);
  return status;
}

lun_status lun_vfail(lun_env *env, lun_status status, const char *format, va_list ap)
{
  char text[sizeof env->msg], num[LUN_NUM_MAX];
  sink s = { text, text + sizeof text - 1 };
  for (const char *p = format; *p; p++) {
    if (*p != '%') {
      put(&s, p, 1);
      continue;
    }
    switch (*++p) {
    case 's': {
      const char *v = va_arg(ap, const char *);
      if (!v) v = "(null)";
      put(&s, v, strlen(v));
      break;
    }
    case 'd': put_integer(&s, va_arg(ap, int)); break;
    case 'z': put_integer(&s, (long long)va_arg(ap, size_t)); break;
    case 'g': put(&s, num, lun_num_shortest(num, va_arg(ap, double))); break;
    case 'c': num[0] = (char)va_arg(ap, int); put(&s, num, 1); break;
    default: put(&s, p, 1);
    }
  }
  *s.at = '\0';
  memcpy(env->msg, text, (size_t)(s.at - text) + 1);
  return status;
}
