/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * starve: calls a function again and again, letting allocation 1, 2, 3, ... fail, until it gets
 * through. Each failure must be LUN_ENOMEM and leave no block behind.
 */
#ifndef TEST_STARVE_H
#define TEST_STARVE_H

#include <stdlib.h>

#include "base/env.h"

typedef struct starve_state {
  size_t calls, fail_at;
} starve_state;

static void *starve_alloc(void *ud, void *p, size_t osize, size_t nsize)
{
  starve_state *s = ud;
  (void)osize;
  if (nsize == 0) {
    free(p);
    return NULL;
  }
  return ++s->calls == s->fail_at ? NULL : realloc(p, nsize);
}

/* fn frees what it makes and returns its status. Returns the number of allocations it needs. */
static size_t starve(lun_status (*fn)(lun_env *env))
{
  for (size_t k = 1;; k++) {
    lun_env env;
    starve_state s = { 0, k };
    lun_env_init(&env, starve_alloc, &s);
    lun_status st = fn(&env);
    assert_int_equal(env.blocks, 0);
    if (s.calls < k) {
      assert_int_equal(st, LUN_OK);
      lun_env_fini(&env);
      return k - 1;
    }
    if (st != LUN_ENOMEM) fail_msg("allocation %zu failed: status %d, %s", k, st, env.msg);
    lun_env_fini(&env);
  }
}

#endif
