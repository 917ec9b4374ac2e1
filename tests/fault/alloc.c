/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program's allocations, one of which fails: linked with --wrap into build/fault/lunation.
 * LUNATION_FAULT=12 lets the twelfth fail, 12+ that one and all after it. LUNATION_FAULT_COUNT=FILE
 * receives the number of allocations.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__real_aligned_alloc(size_t alignment, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_aligned_alloc(size_t alignment, size_t n);
char *__wrap_strdup(const char *text);

static size_t calls, fail_at;
static int for_good, ready;

static int fails(void)
{
  if (!ready) {
    const char *fault = getenv("LUNATION_FAULT");
    ready = 1;
    if (fault) {
      fail_at = strtoul(fault, NULL, 10);
      for_good = strchr(fault, '+') != NULL;
    }
  }
  calls++;
  return fail_at && (for_good ? calls >= fail_at : calls == fail_at);
}

void *__wrap_malloc(size_t n)
{
  return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
  return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
  return fails() ? NULL : __real_realloc(p, n);
}

void *__wrap_aligned_alloc(size_t alignment, size_t n)
{
  return fails() ? NULL : __real_aligned_alloc(alignment, n);
}

char *__wrap_strdup(const char *text)
{
  size_t n = strlen(text) + 1;
  char *copy = __wrap_malloc(n);
  return copy ? memcpy(copy, text, n) : NULL;
}

__attribute__((destructor)) static void report(void)
{
  const char *name = getenv("LUNATION_FAULT_COUNT");
  FILE *f = name ? fopen(name, "w") : NULL;
  if (!f) return;
  fprintf(f, "%zu\n", calls);
  fclose(f);
}
