/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "main/worker.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bind/guest.h"
#include "main/alloc.h"

enum {
  CHANNEL = 0,
  MIB = 1 << 20,
  ADDRESS_SPACE = 256 * MIB,
  LUA_MEMORY = 160 * MIB,
  REQUEST_LIMIT = 64 * MIB,
  PROCESSOR_SECONDS = 600 /* of its whole life; each request has its own, shorter limit */
};

/* --- rights ----------------------------------------------------------------------------------- */

static int limit(int resource, rlim_t value)
{
  struct rlimit r = { value, value };
  return setrlimit(resource, &r);
}

#if defined __SANITIZE_ADDRESS__
enum { SHADOWED = 1 }; /* the sanitizer's shadow memory does not fit */
#else
enum { SHADOWED = 0 };
#endif

static int set_limits(void)
{
  int failed = limit(RLIMIT_CPU, PROCESSOR_SECONDS) | limit(RLIMIT_FSIZE, 0) |
               limit(RLIMIT_NPROC, 0) | limit(RLIMIT_CORE, 0) | limit(RLIMIT_NOFILE, 3);
  if (!SHADOWED) failed |= limit(RLIMIT_AS, ADDRESS_SPACE);
  return failed;
}

#if defined __x86_64__
#define LUN_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define LUN_AUDIT_ARCH AUDIT_ARCH_AARCH64
#endif

#if defined LUN_AUDIT_ARCH && !defined __SANITIZE_ADDRESS__
#define ALLOW(name)                                                                                \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1),                                          \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* What a Lua state needs: memory, its socket, its timer. Anything else ends the process. On x86_64
 * the numbers of the x32 calls are larger than any allowed one. */
static int deny_system_calls(void)
{
  static const struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, LUN_AUDIT_ARCH, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    ALLOW(read), ALLOW(write), ALLOW(exit_group), ALLOW(brk), ALLOW(mmap), ALLOW(munmap),
    ALLOW(mremap), ALLOW(madvise), ALLOW(clock_gettime), ALLOW(rt_sigreturn), ALLOW(setitimer),
    ALLOW(restart_syscall),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  };
  struct sock_fprog program = { sizeof filter / sizeof *filter, (struct sock_filter *)filter };
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#undef ALLOW
#else
static int deny_system_calls(void) { return -1; }
#endif

/* --- frames ----------------------------------------------------------------------------------- */

static int read_all(void *bytes, size_t n)
{
  char *at = bytes;
  while (n > 0) {
    ssize_t got = read(CHANNEL, at, n);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return -1;
    at += got;
    n -= (size_t)got;
  }
  return 0;
}

static int write_all(const void *bytes, size_t n)
{
  const char *at = bytes;
  while (n > 0) {
    ssize_t put = write(CHANNEL, at, n);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return -1;
    at += put;
    n -= (size_t)put;
  }
  return 0;
}

static int answer(lun_guest *g)
{
  uint32_t head[2];
  const char *reply;
  size_t n;
  if (read_all(head, sizeof head) != 0 || head[0] > REQUEST_LIMIT) return -1;
  char *request = malloc(head[0] + 1);
  if (!request) return -1;
  int failed = read_all(request, head[0]);
  if (!failed) {
    lun_guest_call(g, request, head[0], head[1], &reply, &n);
    uint32_t out[2] = { (uint32_t)n, 0 };
    failed = write_all(out, sizeof out) || write_all(reply, n);
  }
  free(request);
  return failed;
}

int lun_worker_run(void)
{
  lun_alloc memory = { .at = NULL };
  lun_guest g;
  close_range(CHANNEL + 1, ~0U, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_DUMPABLE, 0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || set_limits() != 0) return 1;
  if (lun_guest_open(&g, lun_alloc_small, &memory, LUA_MEMORY) != LUN_OK) return 1;
  /* The first byte says whether system calls are denied too; the limits hold in any case. */
  char denied = deny_system_calls() == 0;
  if (write_all(&denied, 1) != 0) return 1;
  while (answer(&g) == 0) continue;
  _exit(0); /* a state that was stopped by a limit is not closed */
}
