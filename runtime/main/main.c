/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program: a Lua state with the embedded modules, handed to lua/lunation/cli/init.lua, whose
 * result is the exit code. Nothing else is decided here.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bind/bind.h"
#include "main/alloc.h"
#include "main/embed.h"
#include "main/line.h"
#include "main/worker.h"

enum { EXIT_LIMIT = 6, EXIT_INTERNAL = 70, EXIT_INTERRUPTED = 130 };

/* Collect when memory has grown fourfold, and not before 32 MiB: most runs end without. */
enum { GC_PAUSE = 400, GC_FIRST_KIB = 32 << 10 };

static volatile sig_atomic_t stop;
static lua_State *running; /* for the signal handler only */

static void stop_hook(lua_State *L, lua_Debug *ar)
{
  (void)ar;
  lua_sethook(L, NULL, 0, 0);
  lun_raise(L, "interrupted", "interrupted");
}

/* The hook is set here and not before: a hook that waits would slow every instruction down. Setting
 * it is what lua_sethook promises to be safe in a signal handler. A second signal ends at once. */
static void on_signal(int sig)
{
  (void)sig;
  if (stop) _exit(EXIT_INTERRUPTED);
  stop = 1;
  if (running) lua_sethook(running, stop_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

/* package.searchers entry: LUNATION_LUA (a source tree's lua folder) first, then the embedded
 * modules. */
static int search(lua_State *L)
{
  const char *name = luaL_checkstring(L, 1), *tree = getenv("LUNATION_LUA");
  if (tree && strncmp(name, "lunation", 8) == 0) {
    const char *path = luaL_gsub(L, name, ".", "/");
    const char *file = lua_pushfstring(L, "%s/%s.lua", tree, path);
    if (access(file, R_OK) != 0) file = lua_pushfstring(L, "%s/%s/init.lua", tree, path);
    if (access(file, R_OK) == 0) {
      if (luaL_loadfilex(L, file, "t") != LUA_OK) return lua_error(L);
      lua_pushstring(L, file);
      return 2;
    }
  }
  const lun_embedded *e = lun_embedded_find(name);
  if (!e) {
    lua_pushfstring(L, "no embedded module '%s'", name);
    return 1;
  }
  if (luaL_loadbufferx(L, (const char *)e->bytes, e->size, name, "b") != LUA_OK)
    return lua_error(L);
  lua_pushliteral(L, "embedded");
  return 2;
}

/* lunation.embedded "docs/messages.md" -> text or nil */
static int embedded_text(lua_State *L)
{
  const lun_embedded *e = lun_embedded_find(luaL_checkstring(L, 1));
  if (!e) return 0;
  lua_pushlstring(L, (const char *)e->bytes, e->size);
  return 1;
}

static int open_embedded(lua_State *L)
{
  lua_pushcfunction(L, embedded_text);
  return 1;
}

static void add_searcher(lua_State *L)
{
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "searchers");
  for (lua_Integer i = luaL_len(L, -1); i >= 2; i--) {
    lua_rawgeti(L, -1, i);
    lua_rawseti(L, -2, i + 1);
  }
  lua_pushcfunction(L, search);
  lua_rawseti(L, -2, 2);
  lua_pop(L, 1);
  lua_getfield(L, -1, "preload");
  lua_pushcfunction(L, luaopen_lunation_core);
  lua_setfield(L, -2, "lunation.core");
  lua_pushcfunction(L, open_embedded);
  lua_setfield(L, -2, "lunation.embedded");
  lua_pushcfunction(L, lun_line_open);
  lua_setfield(L, -2, "lunation.line");
  lua_pop(L, 2);
}

static int traceback(lua_State *L)
{
  if (lua_type(L, 1) == LUA_TTABLE) return 1; /* an error of ours: it says where */
  const char *msg = luaL_tolstring(L, 1, NULL);
  luaL_traceback(L, L, msg, 1);
  return 1;
}

/* All that touches Lua runs here, protected. Arguments: argc, argv. Results: exit code, and whether
 * the state is to be closed: after a command of our own its memory goes back as a whole. */
static int run(lua_State *L)
{
  int argc = (int)lua_tointeger(L, 1);
  char **argv = lua_touserdata(L, 2);
  luaL_openlibs(L);
  add_searcher(L);
  lua_getglobal(L, "require");
  lua_pushliteral(L, "lunation.core");
  lua_call(L, 1, 0);
  lun_env_of(L)->stop = &stop;
  lua_getglobal(L, "require");
  lua_pushliteral(L, "lunation.cli");
  lua_call(L, 1, 1);
  lua_createtable(L, argc, 0);
  for (int i = 1; i < argc; i++) {
    lua_pushstring(L, argv[i]);
    lua_rawseti(L, -2, i);
  }
  lua_call(L, 1, 2);
  return 2;
}

/* Large arrays come from the heap, and what is freed stays for the next: memory touched for the
 * first time costs more than the arithmetic on it. The heap is in large pages but for its first
 * part, which is all that a short run touches: a fault for each 4 KiB is a good part of a study. */
static void keep_memory(void)
{
  enum { MMAP_FROM = 32 << 20, KEEP = 1 << 30, GROW = 64 << 20, PAGE = 2 << 20, SMALL = 256 << 10 };
  mallopt(M_MMAP_THRESHOLD, MMAP_FROM);
  mallopt(M_TRIM_THRESHOLD, KEEP);
  mallopt(M_TOP_PAD, GROW);
  uintptr_t at = (uintptr_t)sbrk(0);
  sbrk((intptr_t)(-(at + SMALL) % PAGE)); /* nothing has been allocated yet */
  char *first = malloc(1);
  uintptr_t large = ((uintptr_t)first + PAGE) & ~(uintptr_t)(PAGE - 1);
  madvise((void *)large, GROW - PAGE, MADV_HUGEPAGE);
  free(first);
}

int main(int argc, char **argv)
{
  int code = EXIT_INTERNAL;
  if (argc == 2 && strcmp(argv[1], "--worker") == 0) return lun_worker_run();
  lun_alloc memory = { .at = NULL };
  keep_memory();
  lua_State *L = lua_newstate(lun_alloc_small, &memory);
  if (!L) {
    fputs("lunation: out of memory\n", stderr);
    return EXIT_LIMIT;
  }
  signal(SIGINT, on_signal);
  signal(SIGTERM, on_signal);
  signal(SIGPIPE, SIG_IGN);
  running = L;
  lua_gc(L, LUA_GCINC, GC_PAUSE, 0, 0);
  lua_gc(L, LUA_GCSTEP, -GC_FIRST_KIB); /* as if so much less had been allocated */
  lua_pushcfunction(L, traceback);
  lua_pushcfunction(L, run);
  lua_pushinteger(L, argc);
  lua_pushlightuserdata(L, argv);
  int status = lua_pcall(L, 2, 2, 1), close = 1;
  if (status == LUA_OK) {
    code = (int)lua_tointeger(L, -2);
    close = lua_toboolean(L, -1);
  } else if (status == LUA_ERRMEM) {
    code = EXIT_LIMIT;
    fputs("lunation: out of memory\n", stderr);
  } else {
    const char *msg =
        lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "error without a message";
    fprintf(stderr, "lunation: internal error: %s\n", msg);
  }
  if (stop) code = EXIT_INTERRUPTED;
  fflush(stdout);
  if (close) lua_close(L);
  return code;
}
