/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bind/guest.h"

#include <lualib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include "bind/bind.h"
#include "bind/wire.h"

int lun_open_guest(lua_State *L);

/* --- memory ----------------------------------------------------------------------------------- */

static void *limited(void *ud, void *ptr, size_t osize, size_t nsize)
{
  lun_guest *g = ud;
  size_t held = ptr ? osize : 0;
  if (nsize > held && nsize - held > g->limit - g->used) return NULL;
  void *p = g->alloc(g->alloc_ud, ptr, held, nsize);
  if (p || nsize == 0) g->used += nsize - held;
  return p;
}

/* --- time ------------------------------------------------------------------------------------- */

/* The guest whose clock runs: for the signal handler, which can be told nothing. */
static lun_guest *volatile timed;

/* Raises at every instruction from now on, so that no pcall of the plug-in's can go on. */
static void expire(lua_State *L, lua_Debug *ar)
{
  void *ud;
  lua_getallocf(L, &ud);
  lun_guest *g = ud;
  (void)ar;
  if (!g->expired) {
    lua_Debug at;
    for (int level = 0; !g->line && lua_getstack(L, level, &at); level++) {
      lua_getinfo(L, "Sl", &at);
      if (at.source[0] == '@') g->line = at.currentline;
    }
  }
  g->expired = 1;
  luaL_error(L, "time limit");
}

/* A hook costs time at every instruction, so it is set only when the time is over. */
static void on_timer(int sig)
{
  (void)sig;
  if (timed) lua_sethook(timed->L, expire, LUA_MASKCOUNT | LUA_MASKCALL | LUA_MASKRET, 1);
}

/* Processor time, and twice as much by the clock on a machine that is busy with other things. */
static void set_timers(unsigned ms)
{
  struct itimerval own = { { 0, 0 }, { ms / 1000, (ms % 1000) * 1000 } };
  struct itimerval wall = { { 0, 0 }, { ms / 500, (ms % 500) * 2000 } };
  setitimer(ITIMER_PROF, &own, NULL);
  setitimer(ITIMER_REAL, &wall, NULL);
}

static void start_clock(lun_guest *g, unsigned ms)
{
  g->ms = ms;
  timed = g;
  set_timers(ms);
}

static void stop_clock(lun_guest *g)
{
  set_timers(0);
  timed = NULL;
  lua_sethook(g->L, NULL, 0, 0);
}

/* --- the state -------------------------------------------------------------------------------- */

static const char HANDLER = 0;

/* at(i): patient i is being worked on. */
static int guest_at(lua_State *L)
{
  void *ud;
  lua_getallocf(L, &ud);
  ((lun_guest *)ud)->patient = lua_tointeger(L, 1);
  return 0;
}

static const luaL_Reg SERVICES[] = {
  { "pack", lun_wire_pack }, { "unpack", lun_wire_unpack }, { "at", guest_at }, { NULL, NULL }
};

static const luaL_Reg LIBRARIES[] = {
  { "_G", luaopen_base },           { "string", luaopen_string }, { "table", luaopen_table },
  { "math", luaopen_math },         { "utf8", luaopen_utf8 },     { "debug", luaopen_debug },
  { "coroutine", luaopen_coroutine },
  { NULL, NULL }
};

static int prepare(lua_State *L)
{
  for (const luaL_Reg *r = LIBRARIES; r->name; r++) {
    luaL_requiref(L, r->name, r->func, 1);
    lua_pop(L, 1);
  }
  return 0;
}

lun_status lun_guest_open(lun_guest *g, lun_alloc_fn alloc, void *alloc_ud, size_t limit)
{
  *g = (lun_guest){ .alloc = alloc, .alloc_ud = alloc_ud, .limit = limit };
  g->L = lua_newstate(limited, g);
  if (!g->L) return LUN_ENOMEM;
  struct sigaction action = { .sa_handler = on_timer, .sa_flags = SA_RESTART };
  sigaction(SIGPROF, &action, NULL);
  sigaction(SIGALRM, &action, NULL);
  lua_pushcfunction(g->L, prepare);
  if (lua_pcall(g->L, 0, 0, 0) == LUA_OK) return LUN_OK;
  lun_guest_close(g);
  return LUN_ENOMEM;
}

void lun_guest_close(lun_guest *g)
{
  if (g->L) lua_close(g->L);
  g->L = NULL;
}

/* --- requests --------------------------------------------------------------------------------- */

/* The bootstrap: a function of the services that returns the handler. */
static int bootstrap(lua_State *L, const char *request, size_t n)
{
  if (luaL_loadbufferx(L, request, n, "=guest", "b") != LUA_OK) return lua_error(L);
  luaL_newlib(L, SERVICES);
  lua_call(L, 1, 1);
  luaL_checktype(L, -1, LUA_TFUNCTION);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &HANDLER);
  lua_pushliteral(L, "R");
  return 1;
}

static int answer(lua_State *L)
{
  size_t n = (size_t)lua_tointeger(L, 2);
  const char *request = lua_touserdata(L, 1);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &HANDLER) == LUA_TNIL) return bootstrap(L, request, n);
  lua_pushlstring(L, request, n);
  lua_call(L, 1, 1);
  luaL_checktype(L, -1, LUA_TSTRING);
  return 1;
}

static void fail(lun_guest *g, int status, const char **reply, size_t *reply_n)
{
  const char *raised = lua_type(g->L, -1) == LUA_TSTRING ? lua_tostring(g->L, -1) : "no message";
  const char *code = "limit.time";
  char message[160];
  if (g->expired) {
    snprintf(message, sizeof message, "the time limit of %u.%u seconds was reached", g->ms / 1000,
             g->ms % 1000 / 100);
  } else if (status == LUA_ERRMEM || strcmp(raised, "not enough memory") == 0) {
    code = "limit.memory";
    snprintf(message, sizeof message, "the memory limit of %zu MiB was reached", g->limit >> 20);
  } else {
    code = "internal.guest";
    snprintf(message, sizeof message, "%.140s", raised);
  }
  int n = snprintf(g->failure, sizeof g->failure, "E%s\n%d\n%lld\n%s", code, g->line,
                   (long long)g->patient, message);
  *reply = g->failure;
  *reply_n = (size_t)n;
}

void lun_guest_call(lun_guest *g, const char *request, size_t n, unsigned ms, const char **reply,
                    size_t *reply_n)
{
  lua_settop(g->L, 0);
  g->patient = g->line = 0;
  lua_pushcfunction(g->L, answer);
  lua_pushlightuserdata(g->L, (void *)request);
  lua_pushinteger(g->L, (lua_Integer)n);
  start_clock(g, ms);
  int status = lua_pcall(g->L, 2, 1, 0);
  stop_clock(g);
  if (status == LUA_OK && !g->expired) *reply = lua_tolstring(g->L, -1, reply_n);
  else fail(g, status, reply, reply_n);
}

/* --- core.guest: a guest inside the program --------------------------------------------------- */

static void guest_free(void *self) { lun_guest_close(self); }

static const lun_class GUEST;

static int guest_call(lua_State *L)
{
  lun_guest *g = lun_self(L, 1, &GUEST);
  size_t n, reply_n;
  const char *request = luaL_checklstring(L, 2, &n), *reply;
  unsigned ms = (unsigned)luaL_checkinteger(L, 3);
  if (!g->L) return lun_raise(L, "plugin.closed", "the plug-in was closed");
  if (g->answering || timed)
    return lun_raise(L, "plugin.nested", "a plug-in is being asked already");
  g->answering = 1;
  lun_guest_call(g, request, n, ms, &reply, &reply_n);
  g->answering = 0;
  lua_pushlstring(L, reply, reply_n);
  return 1;
}

static int guest_close(lua_State *L)
{
  lun_guest_close(lun_self(L, 1, &GUEST));
  return 0;
}

static int guest_new(lua_State *L)
{
  void *ud;
  lua_Alloc alloc = lua_getallocf(L, &ud);
  lua_Integer mib = luaL_checkinteger(L, 1);
  luaL_argcheck(L, mib >= 1 && mib <= 65536, 1, "a number of MiB");
  lun_guest *g = lun_box(L, &GUEST);
  lun_check(L, lun_guest_open(g, alloc, ud, (size_t)mib << 20));
  return 1;
}

static const lun_reg METHODS[] = {
  { "call", guest_call,
    "guest:call(request, ms) -> reply\nAnswers a request (bytes) within ms milliseconds of "
    "processor "
    "time. The reply is R and bytes, or E and the limit that was reached." },
  { "close", guest_close, "guest:close()\nFrees the state; further calls are errors." },
  { NULL, NULL, NULL },
};

static const lun_class GUEST = { .name = "lunation.guest",
                                 .doc = "A Lua state of its own for one plug-in, in this process.",
                                 .size = sizeof(lun_guest),
                                 .free = guest_free,
                                 .methods = METHODS };

static const lun_reg FUNCTIONS[] = {
  { "new", guest_new,
    "guest.new(mib) -> guest\nAn empty Lua state that may hold mib MiB. Its first request is the "
    "bytecode of its bootstrap." },
  { NULL, NULL, NULL },
};

int lun_open_guest(lua_State *L)
{
  lun_class_open(L, &GUEST);
  lua_pop(L, 1);
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
