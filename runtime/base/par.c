/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/par.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MAX_THREADS = 64 };

typedef struct job {
  lun_par_fn fn;
  void *ctx;
  size_t n, rows, blocks;
  volatile sig_atomic_t *stop;
  atomic_size_t next; /* block not yet taken */
} job;

size_t lun_par_blocks(size_t n, size_t rows)
{
  return n / rows + (n % rows != 0);
}

static void *work(void *arg)
{
  job *j = arg;
  for (;;) {
    size_t block = atomic_fetch_add(&j->next, 1);
    if (block >= j->blocks || (j->stop && *j->stop)) return NULL;
    size_t from = block * j->rows, to = j->n - from < j->rows ? j->n : from + j->rows;
    j->fn(j->ctx, block, from, to);
  }
}

lun_status lun_par_run(lun_env *env, size_t n, size_t rows, lun_par_fn fn, void *ctx)
{
  job j = { .fn = fn, .ctx = ctx, .n = n, .rows = rows, .stop = env->stop };
  pthread_t helper[MAX_THREADS];
  size_t wanted = env->threads < MAX_THREADS ? env->threads : MAX_THREADS, started = 0;
  j.blocks = lun_par_blocks(n, rows);
  if (wanted > j.blocks) wanted = j.blocks;
  for (; started + 1 < wanted; started++) {
    if (pthread_create(&helper[started], NULL, work, &j) != 0) break;
  }
  work(&j);
  while (started > 0) pthread_join(helper[--started], NULL);
  return lun_env_check(env);
}

void lun_par_sums(double *sum, size_t blocks, size_t k)
{
  for (size_t step = 1; step < blocks; step *= 2) {
    for (size_t b = 0; b + step < blocks; b += 2 * step) {
      for (size_t i = 0; i < k; i++) sum[b * k + i] += sum[(b + step) * k + i];
    }
  }
}
