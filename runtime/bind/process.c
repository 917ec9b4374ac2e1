/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.process: the program's side of a worker process (main/worker.c): starting it, asking it with
 * a clock running, and saying how it ended. A frame is its length and the milliseconds allowed
 * (0 in a reply), each four bytes little-endian, and then the bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bind/bind.h"

int lun_open_process(lua_State *L);

enum { REPLY_LIMIT = 64 << 20, TICK_MS = 50, GRACE_MS = 500 };

typedef struct process {
  int open, fd, ready, denied;
  pid_t pid;
} process;

/* --- its life --------------------------------------------------------------------------------- */

/* Ends the process and returns its wait status. */
static int end(process *p)
{
  int status = 0;
  if (!p->open) return 0;
  p->open = 0;
  close(p->fd);
  kill(p->pid, SIGKILL);
  while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}

static void process_free(void *self) { end(self); }

static const lun_class PROCESS;

static int spawn(process *p, const char *program, int theirs)
{
  posix_spawn_file_actions_t actions;
  char *argv[] = { "lunation", "--worker", NULL }, *env[] = { NULL };
  int e = posix_spawn_file_actions_init(&actions);
  if (e) return e;
  e = posix_spawn_file_actions_adddup2(&actions, theirs, 0);
  if (!e) e = posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  if (!e) e = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  if (!e) e = posix_spawnp(&p->pid, program, &actions, NULL, argv, env);
  posix_spawn_file_actions_destroy(&actions);
  return e;
}

static int process_start(lua_State *L)
{
  const char *program = luaL_checkstring(L, 1);
  int ends[2];
  process *p = lun_box(L, &PROCESS);
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return lun_raise(L, "internal.worker", "no channel to a worker: %s", strerror(errno));
  int e = spawn(p, program, ends[1]);
  close(ends[1]);
  if (e) {
    close(ends[0]);
    return lun_raise(L, "internal.worker", "the worker process cannot be started: %s", strerror(e));
  }
  p->fd = ends[0];
  p->open = 1;
  return 1;
}

/* --- the clocks ------------------------------------------------------------------------------- */

static long long clock_ms(clockid_t id)
{
  struct timespec t;
  return clock_gettime(id, &t) == 0 ? t.tv_sec * 1000LL + t.tv_nsec / 1000000 : 0;
}

/* A request may use its milliseconds of the worker's processor time, which the worker's own clock
 * sees to, and twice as long by the wall. */
typedef struct deadline {
  lua_State *L;
  process *p;
  clockid_t processor;
  long long processor_ms, wall_ms;
} deadline;

static deadline start_clock(lua_State *L, process *p, unsigned ms)
{
  deadline d = { .L = L, .p = p };
  if (clock_getcpuclockid(p->pid, &d.processor) != 0) d.processor = CLOCK_MONOTONIC;
  d.processor_ms = clock_ms(d.processor) + ms + GRACE_MS;
  d.wall_ms = clock_ms(CLOCK_MONOTONIC) + 2LL * ms + GRACE_MS;
  return d;
}

static void out_of_time(deadline *d)
{
  end(d->p);
  lun_raise(d->L, "limit.time", "the time limit was reached");
}

static void ended(deadline *d)
{
  int status = end(d->p), sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  if (!d->p->ready)
    lun_raise(d->L, "internal.worker", "the worker process did not start: is it lunation?");
  if (sig == SIGXCPU || sig == SIGPROF) out_of_time(d);
  if (sig == SIGSYS) lun_raise(d->L, "limit.system", "it asked the system for something forbidden");
  if (sig && sig != SIGKILL) lun_raise(d->L, "plugin.crash", "it crashed (signal %d)", sig);
  lun_raise(d->L, "limit.memory", "its process ended before it answered");
}

/* Waits until the channel is ready; raises when the time is over or a stop was asked for. */
static void await(deadline *d, short events)
{
  struct pollfd f = { .fd = d->p->fd, .events = events };
  for (;;) {
    int n = poll(&f, 1, TICK_MS);
    lun_status st = lun_env_check(lun_env_of(d->L));
    if (st != LUN_OK) {
      end(d->p);
      lun_check(d->L, st);
    }
    if (n > 0) return;
    if (clock_ms(CLOCK_MONOTONIC) > d->wall_ms || clock_ms(d->processor) > d->processor_ms)
      out_of_time(d);
  }
}

/* --- a request -------------------------------------------------------------------------------- */

static void send_all(deadline *d, const void *bytes, size_t n)
{
  const char *at = bytes;
  while (n > 0) {
    await(d, POLLOUT);
    ssize_t sent = send(d->p->fd, at, n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (sent <= 0) ended(d);
    at += sent;
    n -= (size_t)sent;
  }
}

static void receive_all(deadline *d, void *bytes, size_t n)
{
  char *at = bytes;
  while (n > 0) {
    await(d, POLLIN);
    ssize_t got = recv(d->p->fd, at, n, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) ended(d);
    at += got;
    n -= (size_t)got;
  }
}

/* The worker says first whether system calls are denied to it. */
static void greet(deadline *d)
{
  char denied;
  if (d->p->ready) return;
  receive_all(d, &denied, 1);
  d->p->denied = denied;
  d->p->ready = 1;
}

static int process_call(lua_State *L)
{
  process *p = lun_self(L, 1, &PROCESS);
  size_t n;
  const char *request = luaL_checklstring(L, 2, &n);
  lua_Integer ms = luaL_checkinteger(L, 3);
  luaL_argcheck(L, ms > 0 && ms < 1 << 30, 3, "milliseconds");
  luaL_argcheck(L, n < UINT32_MAX, 2, "too large");
  if (!p->open) return lun_raise(L, "plugin.closed", "the plug-in's worker has ended");
  uint32_t head[2] = { (uint32_t)n, (uint32_t)ms };
  deadline d = start_clock(L, p, (unsigned)ms);
  greet(&d);
  send_all(&d, head, sizeof head);
  send_all(&d, request, n);
  receive_all(&d, head, sizeof head);
  if (head[0] > REPLY_LIMIT) {
    end(p);
    return lun_raise(L, "limit.output", "it answered more than %d MiB", REPLY_LIMIT >> 20);
  }
  char *reply = lua_newuserdatauv(L, head[0] + 1, 0);
  receive_all(&d, reply, head[0]);
  lua_pushlstring(L, reply, head[0]);
  return 1;
}

static int process_close(lua_State *L)
{
  end(lun_self(L, 1, &PROCESS));
  return 0;
}

static int get_denied(lua_State *L)
{
  lua_pushboolean(L, ((process *)lun_self(L, 1, &PROCESS))->denied);
  return 1;
}

static const lun_reg GETTERS[] = {
  { "denied", get_denied,
    "process.denied -> boolean\nSystem calls are denied to the worker (seccomp); known after the "
    "first call. The limits on memory, time, files and processes hold in any case." },
  { NULL, NULL, NULL },
};

static const lun_reg METHODS[] = {
  { "call", process_call,
    "process:call(request, ms) -> reply\nAs guest:call, in the worker. A worker that takes longer "
    "than ms of processor time, or twice that by the clock, is ended; so is one that is gone." },
  { "close", process_close, "process:close()\nEnds the worker; further calls are errors." },
  { NULL, NULL, NULL },
};

static const lun_class PROCESS = { .name = "lunation.process",
                                   .doc = "A worker process that runs one plug-in.",
                                   .size = sizeof(process),
                                   .free = process_free,
                                   .methods = METHODS,
                                   .getters = GETTERS };

static const lun_reg FUNCTIONS[] = {
  { "start", process_start,
    "process.start(program) -> process\nStarts the program (a path, or a name on PATH) as a "
    "worker: "
    "empty environment, no files but its channel." },
  { NULL, NULL, NULL },
};

int lun_open_process(lua_State *L)
{
  lun_class_open(L, &PROCESS);
  lua_pop(L, 1);
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
