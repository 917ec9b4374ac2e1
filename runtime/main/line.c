/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "main/line.h"

#include <dlfcn.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bind/bind.h"

typedef char **completer(const char *text, int start, int end);

/* The part of readline that is used; zero without it. */
static struct {
  char *(*readline)(const char *);
  void (*add_history)(const char *);
  int (*read_history)(const char *);
  int (*write_history)(const char *);
  void (*stifle_history)(int);
  char **(*completion_matches)(const char *, char *(*)(const char *, int));
  char **line_buffer;
  int *done, *over, *append;
  void (*replace_line)(const char *, int);
  lua_State *L; /* of the completer */
} rl;

static const char COMPLETE_KEY = 0;

/* While readline waits: an interruption ends the line. */
static int look_for_stop(void)
{
  volatile sig_atomic_t *stop = lun_env_of(rl.L)->stop;
  if (stop && *stop) {
    rl.replace_line("", 0);
    *rl.done = 1;
  }
  return 0;
}

/* The words are on the Lua stack, on top, as a list. */
static char *next_word(const char *text, int state)
{
  static lua_Integer i;
  (void)text;
  if (state == 0) i = 0;
  char *word = NULL;
  if (lua_rawgeti(rl.L, -1, ++i) == LUA_TSTRING) word = strdup(lua_tostring(rl.L, -1));
  lua_pop(rl.L, 1);
  return word;
}

static char **complete(const char *text, int start, int end)
{
  lua_State *L = rl.L;
  char **words = NULL;
  int top = lua_gettop(L);
  *rl.over = 1; /* never names of files */
  *rl.append = 0; /* which readline forgets at every completion */
  lua_rawgetp(L, LUA_REGISTRYINDEX, &COMPLETE_KEY);
  lua_pushstring(L, *rl.line_buffer);
  lua_pushinteger(L, start + 1);
  lua_pushinteger(L, end);
  if (lua_pcall(L, 3, 1, 0) == LUA_OK && lua_istable(L, -1))
    words = rl.completion_matches(text, next_word);
  lua_settop(L, top);
  return words;
}

static int find_all(void *lib)
{
  *(void **)&rl.readline = dlsym(lib, "readline");
  *(void **)&rl.add_history = dlsym(lib, "add_history");
  *(void **)&rl.read_history = dlsym(lib, "read_history");
  *(void **)&rl.write_history = dlsym(lib, "write_history");
  *(void **)&rl.stifle_history = dlsym(lib, "stifle_history");
  *(void **)&rl.completion_matches = dlsym(lib, "rl_completion_matches");
  *(void **)&rl.replace_line = dlsym(lib, "rl_replace_line");
  rl.line_buffer = dlsym(lib, "rl_line_buffer");
  rl.done = dlsym(lib, "rl_done");
  rl.over = dlsym(lib, "rl_attempted_completion_over");
  rl.append = dlsym(lib, "rl_completion_append_character");
  completer **attempted = dlsym(lib, "rl_attempted_completion_function");
  int (**event)(void) = dlsym(lib, "rl_event_hook");
  int *catch = dlsym(lib, "rl_catch_signals");
  const char **breaks = dlsym(lib, "rl_completer_word_break_characters");
  if (!rl.readline || !rl.add_history || !rl.read_history || !rl.write_history ||
      !rl.stifle_history || !rl.completion_matches || !rl.replace_line || !rl.line_buffer ||
      !rl.done || !rl.over || !attempted || !event || !catch || !rl.append || !breaks)
    return 0;
  *attempted = complete;
  *event = look_for_stop;
  *catch = 0;
  *breaks = " \t\n\"'`@$><=;|&{}()[]+-*/%^~#,?";
  return 1;
}

static int line_open(lua_State *L)
{
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &COMPLETE_KEY);
  rl.L = L;
  void *lib = isatty(0) && isatty(1) ? dlopen("libreadline.so.8", RTLD_NOW) : NULL;
  if (lib && !find_all(lib)) rl.readline = NULL;
  lua_pushboolean(L, rl.readline != NULL);
  return 1;
}

static int read_plain(lua_State *L)
{
  luaL_Buffer b;
  int c;
  luaL_buffinit(L, &b);
  while ((c = getc(stdin)) != EOF && c != '\n') luaL_addchar(&b, (char)c);
  luaL_pushresult(&b);
  if (c == EOF && lua_rawlen(L, -1) == 0) lua_pushnil(L);
  return 1;
}

static int line_read(lua_State *L)
{
  const char *prompt = luaL_checkstring(L, 1);
  if (!rl.readline) {
    if (isatty(0)) fputs(prompt, stdout);
    fflush(stdout);
    return read_plain(L);
  }
  rl.L = L;
  char *line = rl.readline(prompt);
  lua_pushstring(L, line);
  free(line);
  return 1;
}

static int line_remember(lua_State *L)
{
  const char *line = luaL_checkstring(L, 1);
  if (rl.readline) rl.add_history(line);
  return 0;
}

static int line_load(lua_State *L)
{
  const char *file = luaL_checkstring(L, 1);
  if (rl.readline) rl.read_history(file);
  return 0;
}

static int line_save(lua_State *L)
{
  const char *file = luaL_checkstring(L, 1);
  int n = (int)luaL_checkinteger(L, 2);
  if (!rl.readline) return 0;
  rl.stifle_history(n);
  rl.write_history(file);
  return 0;
}

static int line_resume(lua_State *L)
{
  volatile sig_atomic_t *stop = lun_env_of(L)->stop;
  if (stop) *stop = 0;
  return 0;
}

/* Columns of the terminal that standard output is: COLUMNS, or what the terminal says; nil for a
 * pipe or a file, and where neither knows. */
static int line_width(lua_State *L)
{
  if (!isatty(1)) return 0;
  const char *given = getenv("COLUMNS");
  long width = given ? atol(given) : 0;
  struct winsize size = { 0 };
  if (width <= 0 && ioctl(1, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (width <= 0) return 0;
  lua_pushinteger(L, width);
  return 1;
}

int lun_line_open(lua_State *L)
{
  static const luaL_Reg functions[] = {
    { "open", line_open },     { "read", line_read },     { "remember", line_remember },
    { "load", line_load },     { "save", line_save },     { "resume", line_resume },
    { "width", line_width },   { NULL, NULL },
  };
  luaL_newlib(L, functions);
  return 1;
}
