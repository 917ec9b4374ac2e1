/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * core.file: files and folders, for outputs that are either whole or not there. Every failure is an
 * io.* error with the path and the system's reason.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "bind/bind.h"
#include "io/file.h"

int lun_open_file(lua_State *L);

/* --- boxes: bytes of a file, an open folder, a lock ------------------------------------------ */

typedef struct bytes {
  lun_env *env;
  char *data;
} bytes;

static void bytes_free(void *self)
{
  bytes *b = self;
  if (b->env) lun_mem_free(b->env, b->data);
}

static const lun_class BYTES = {
  .name = "lunation.bytes", .doc = "The bytes of a file.", .size = sizeof(bytes), .free = bytes_free
};

typedef struct folder {
  DIR *stream;
} folder;

static void folder_free(void *self)
{
  folder *f = self;
  if (f->stream) closedir(f->stream);
}

static const lun_class FOLDER = { .name = "lunation.folder",
                                  .doc = "A folder that is being read.",
                                  .size = sizeof(folder),
                                  .free = folder_free };

typedef struct lock {
  int held, fd;
  char path[PATH_MAX];
} lock;

static void lock_free(void *self)
{
  lock *l = self;
  if (l->held) lun_file_unlock(&l->fd, l->path);
}

static const lun_class LOCK;

static int lock_release(lua_State *L)
{
  lock *l = lun_self(L, 1, &LOCK);
  lock_free(l);
  l->held = 0;
  return 0;
}

static const lun_reg LOCK_METHODS[] = {
  { "release", lock_release, "lock:release()\nGives the lock back; so does closing the variable." },
  { NULL, NULL, NULL },
};

/* At the end of its block at once, not when it is collected. */
static const luaL_Reg LOCK_META[] = { { "__close", lock_release }, { NULL, NULL } };

static const lun_class LOCK = { .name = "lunation.lock",
                                .doc = "A file's lock, held.",
                                .size = sizeof(lock),
                                .free = lock_free,
                                .meta = LOCK_META,
                                .methods = LOCK_METHODS };

/* --- functions ------------------------------------------------------------------------------- */

static int file_read(lua_State *L)
{
  const char *path = luaL_checkstring(L, 1);
  size_t n;
  bytes *b = lun_box(L, &BYTES);
  b->env = lun_env_of(L);
  lun_check(L, lun_file_read(b->env, &b->data, &n, path, 0));
  lua_pushlstring(L, b->data, n);
  bytes_free(b);
  b->data = NULL;
  return 1;
}

static int file_write(lua_State *L)
{
  size_t n;
  const char *path = luaL_checkstring(L, 1), *text = luaL_checklstring(L, 2, &n);
  lun_check(L, lun_file_write(lun_env_of(L), path, text, n));
  return 0;
}

static int file_kind(lua_State *L)
{
  static const char *const names[] = { NULL, "file", "directory", "link", "other" };
  lua_pushstring(L, names[lun_file_kind_of(luaL_checkstring(L, 1))]);
  return 1;
}

static int file_mkdir(lua_State *L)
{
  lun_check(L, lun_file_mkdir(lun_env_of(L), luaL_checkstring(L, 1)));
  return 0;
}

static int file_sync(lua_State *L)
{
  lun_check(L, lun_file_sync(lun_env_of(L), luaL_checkstring(L, 1)));
  return 0;
}

static int file_rename(lua_State *L)
{
  lun_check(L, lun_file_rename(lun_env_of(L), luaL_checkstring(L, 1), luaL_checkstring(L, 2)));
  return 0;
}

static int file_exchange(lua_State *L)
{
  lun_check(L, lun_file_exchange(lun_env_of(L), luaL_checkstring(L, 1), luaL_checkstring(L, 2)));
  return 0;
}

static int file_remove_tree(lua_State *L)
{
  const char *path = luaL_checkstring(L, 1), *slash = strrchr(path, '/');
  const char *inside = ".";
  if (slash) inside = slash == path ? "/" : lua_pushlstring(L, path, (size_t)(slash - path));
  lun_check(L, lun_file_remove_tree(lun_env_of(L), inside, slash ? slash + 1 : path));
  return 0;
}

static int file_list(lua_State *L)
{
  const char *path = luaL_checkstring(L, 1);
  folder *f = lun_box(L, &FOLDER);
  if (!(f->stream = opendir(path)))
    return lun_raise(L, "io.folder", "%s: %s", path, strerror(errno));
  lua_newtable(L);
  int n = 0;
  for (struct dirent *e; (e = readdir(f->stream));) {
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
    lua_pushstring(L, e->d_name);
    lua_rawseti(L, -2, ++n);
  }
  lua_getglobal(L, "table");
  lua_getfield(L, -1, "sort");
  lua_pushvalue(L, -3);
  lua_call(L, 1, 0);
  lua_pop(L, 1);
  return 1;
}

static int file_lock(lua_State *L)
{
  const char *path = luaL_checkstring(L, 1);
  if (strlen(path) >= PATH_MAX) return lun_raise(L, "io.lock", "%s: the path is too long", path);
  lock *l = lun_box(L, &LOCK);
  strcpy(l->path, path);
  lun_check(L, lun_file_lock(lun_env_of(L), &l->fd, path));
  l->held = 1;
  return 1;
}

static int file_real(lua_State *L)
{
  const char *path = luaL_checkstring(L, 1);
  char resolved[PATH_MAX];
  if (!realpath(path, resolved))
    return lun_raise(L, "io.open", "%s: %s", path, strerror(errno));
  lua_pushstring(L, resolved);
  return 1;
}

static const lun_reg FUNCTIONS[] = {
  { "read", file_read, "file.read(path) -> text\nThe bytes of a file. Errors: io.open, io.read." },
  { "write", file_write,
    "file.write(path, text)\n"
    "Creates or replaces a file; file.sync flushes it to the disk. Errors: "
    "io.open, "
    "io.write." },
  { "kind", file_kind,
    "file.kind(path) -> text or nil\n"
    "file, directory, link (not followed), other; nil when nothing is there." },
  { "mkdir", file_mkdir, "file.mkdir(path)\nCreates one folder. Errors: io.folder." },
  { "sync", file_sync,
    "file.sync(path)\nFlushes all that was written on the path's file system to the disk. Errors: io.sync." },
  { "rename", file_rename,
    "file.rename(from, to)\n"
    "Within one file system; a file or an empty folder at `to` is replaced. Errors: io.rename." },
  { "exchange", file_exchange,
    "file.exchange(a, b)\n"
    "Swaps two folders in one step where the file system can (renameat2). Errors: io.rename." },
  { "remove_tree", file_remove_tree,
    "file.remove_tree(path)\n"
    "Removes a file, or a folder with all it holds; links are removed, not followed. Nothing there "
    "is "
    "no error. Errors: io.folder, io.remove, usage.argument for \"..\" or a path that ends in /." },
  { "list", file_list,
    "file.list(path) -> list\nNames in a folder, sorted, without . and .. Errors: io.folder." },
  { "real", file_real,
    "file.real(path) -> path\n"
    "The absolute path of what is there, without links, \".\" and \"..\". Errors: io.open." },
  { "lock", file_lock,
    "file.lock(path) -> lock\n"
    "Takes the lock of a file, which is created if need be; io.locked at once when another process "
    "holds it. The file goes with the lock. `local l <close> = file.lock(path)`, or l:release()." },
  { NULL, NULL, NULL },
};

int lun_open_file(lua_State *L)
{
  lun_push_functions(L, FUNCTIONS);
  return 1;
}
