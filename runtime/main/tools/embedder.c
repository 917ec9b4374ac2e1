/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * embedder OUT NAME=FILE...: writes OUT, a C file with each FILE as an array, sorted by NAME.
 * A .lua file is compiled (a syntax error stops the build) and embedded as bytecode with its line
 * numbers but without the names of locals: parsing is most of the start-up, and the names are half
 * of the rest. Everything else is embedded as it is.
 * Runs at build time only.
 */
#include <lauxlib.h>
#include <lua.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main/tools/names.h"

static size_t column;

static void write_bytes(FILE *out, const unsigned char *p, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    fprintf(out, "%u,", p[i]);
    if (++column % 32 == 0) fputc('\n', out);
  }
}

static int dump(lua_State *L, const void *p, size_t n, void *code)
{
  (void)L;
  return fwrite(p, 1, n, code) != n;
}

static void embed_lua(lua_State *L, FILE *out, const char *file)
{
  char *bytes = NULL;
  size_t n = 0;
  if (luaL_loadfilex(L, file, "t") != LUA_OK) {
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
    exit(1);
  }
  FILE *code = open_memstream(&bytes, &n);
  if (!code || lua_dump(L, dump, code, 0) != 0 || fclose(code) != 0) {
    perror(file);
    exit(1);
  }
  lua_pop(L, 1);
  n = lun_names_drop((unsigned char *)bytes, n);
  if (n == 0) {
    fprintf(stderr, "%s: this Lua writes another bytecode than names.c reads\n", file);
    exit(1);
  }
  write_bytes(out, (unsigned char *)bytes, n);
  free(bytes);
}

static void embed_file(FILE *out, const char *file)
{
  unsigned char buf[4096];
  FILE *in = fopen(file, "rb");
  if (!in) {
    perror(file);
    exit(1);
  }
  for (size_t n; (n = fread(buf, 1, sizeof buf, in)) > 0;) write_bytes(out, buf, n);
  fclose(in);
}

static int by_name(const void *a, const void *b)
{
  const char *x = *(char *const *)a, *y = *(char *const *)b;
  size_t n = strcspn(x, "="), m = strcspn(y, "=");
  int order = memcmp(x, y, n < m ? n : m);
  return order ? order : (n > m) - (n < m);
}

int main(int argc, char **argv)
{
  lua_State *L = luaL_newstate();
  FILE *out = argc > 1 ? fopen(argv[1], "w") : NULL;
  if (!L || !out) return 1;
  qsort(argv + 2, (size_t)argc - 2, sizeof *argv, by_name);
  fputs("#include \"main/embed.h\"\n", out);
  for (int i = 2; i < argc; i++) {
    const char *file = strchr(argv[i], '=') + 1, *dot = strrchr(file, '.');
    fprintf(out, "static const unsigned char e%d[] = {\n", i);
    if (dot && strcmp(dot, ".lua") == 0) embed_lua(L, out, file);
    else embed_file(out, file);
    fputs("0};\n", out);
  }
  fputs("const lun_embedded LUN_EMBEDDED[] = {\n", out);
  for (int i = 2; i < argc; i++) {
    int n = (int)strcspn(argv[i], "=");
    fprintf(out, "  { \"%.*s\", e%d, sizeof e%d - 1 },\n", n, argv[i], i, i);
  }
  fprintf(out, "};\nconst size_t LUN_EMBEDDED_COUNT = %d;\n", argc - 2);
  lua_close(L);
  return fclose(out) != 0;
}
