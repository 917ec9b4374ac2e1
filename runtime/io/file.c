/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_ROOM = 65536, MAX_DEPTH = 64 };

static lun_status failed(lun_env *env, const char *code, const char *path)
{
  return lun_fail(env, LUN_EIO, "[%s] %s: %s", code, path, strerror(errno));
}

lun_file_kind lun_file_kind_of(const char *path)
{
  struct stat s;
  if (lstat(path, &s) != 0) return LUN_FILE_NONE;
  if (S_ISREG(s.st_mode)) return LUN_FILE_REGULAR;
  if (S_ISDIR(s.st_mode)) return LUN_FILE_FOLDER;
  return S_ISLNK(s.st_mode) ? LUN_FILE_LINK : LUN_FILE_OTHER;
}

/* --- reading --------------------------------------------------------------------------------- */

/* Room for the file's stated size and one byte more, so that the end is seen without growing. */
static size_t first_room(int fd)
{
  struct stat s;
  if (fstat(fd, &s) != 0 || s.st_size <= 0) return FIRST_ROOM;
  return (size_t)s.st_size + 2;
}

static lun_status read_all(lun_env *env, char **bytes, size_t *n, int fd, size_t limit)
{
  size_t room = first_room(fd);
  if (limit && room > limit + 2) room = limit + 2;
  if (!(*bytes = lun_mem_raw(env, room, 1))) return LUN_ENOMEM;
  for (;;) {
    lun_status st = lun_env_check(env);
    if (st != LUN_OK) return st;
    if (*n + 1 == room) {
      char *more = lun_mem_resize(env, *bytes, room *= 2, 1);
      if (!more) return LUN_ENOMEM;
      *bytes = more;
    }
    ssize_t got = read(fd, *bytes + *n, room - *n - 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return LUN_EIO;
    if (got == 0) break;
    *n += (size_t)got;
    if (limit && *n > limit) return LUN_ELIMIT;
  }
  (*bytes)[*n] = '\0';
  return LUN_OK;
}

lun_status lun_file_read(lun_env *env, char **bytes, size_t *n, const char *path, size_t limit)
{
  *bytes = NULL;
  *n = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed(env, "io.open", path);
  lun_status st = read_all(env, bytes, n, fd, limit);
  if (st == LUN_EIO) failed(env, "io.read", path);
  if (st == LUN_ELIMIT)
    lun_fail(env, st, "[limit.file] %s: the file is longer than %z bytes", path, limit);
  close(fd);
  if (st == LUN_OK) return st;
  lun_mem_free(env, *bytes);
  *bytes = NULL;
  return st;
}

/* --- writing --------------------------------------------------------------------------------- */

static int write_all(int fd, const char *bytes, size_t n)
{
  while (n > 0) {
    ssize_t done = write(fd, bytes, n);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return 0;
    bytes += done;
    n -= (size_t)done;
  }
  return 1;
}

lun_status lun_file_write(lun_env *env, const char *path, const void *bytes, size_t n)
{
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return failed(env, "io.open", path);
  int ok = write_all(fd, bytes, n), cause = errno;
  if (close(fd) != 0 && ok) {
    ok = 0;
    cause = errno;
  }
  errno = cause;
  return ok ? LUN_OK : failed(env, "io.write", path);
}

lun_status lun_file_mkdir(lun_env *env, const char *path)
{
  return mkdir(path, 0777) == 0 ? LUN_OK : failed(env, "io.folder", path);
}

/* The whole file system at once: with a journal each fsync waits for a commit of its own, which for
 * the eighty files of a report took longer than computing it. */
lun_status lun_file_sync(lun_env *env, const char *path)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed(env, "io.sync", path);
  int ok = syncfs(fd) == 0 || errno == EROFS, cause = errno;
  close(fd);
  errno = cause;
  return ok ? LUN_OK : failed(env, "io.sync", path);
}

lun_status lun_file_rename(lun_env *env, const char *from, const char *to)
{
  if (rename(from, to) == 0) return LUN_OK;
  return lun_fail(env, LUN_EIO, "[io.rename] %s to %s: %s", from, to, strerror(errno));
}

lun_status lun_file_exchange(lun_env *env, const char *a, const char *b)
{
  char aside[4096];
  size_t n = strlen(a);
  if (renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0) return LUN_OK;
  if (errno != EINVAL && errno != ENOSYS)
    return lun_fail(env, LUN_EIO, "[io.rename] %s with %s: %s", a, b, strerror(errno));
  if (n + sizeof ".old" > sizeof aside)
    return lun_fail(env, LUN_EIO, "[io.rename] %s: the path is too long", a);
  memcpy(aside, a, n);
  memcpy(aside + n, ".old", sizeof ".old");
  lun_status st = lun_file_rename(env, b, aside);
  if (st != LUN_OK) return st;
  if ((st = lun_file_rename(env, a, b)) == LUN_OK) return lun_file_rename(env, aside, a);
  rename(aside, b); /* as it was; the first failure is the one to tell */
  return st;
}

/* --- removing -------------------------------------------------------------------------------- */

/* Removes dir/name; the folder is opened, never followed by name, so that a link that is put in
 * its place meanwhile does no harm. */
static int remove_at(int dir, const char *name, int depth);

static int empty_folder(int fd, int depth)
{
  int ok = 1;
  DIR *stream = fdopendir(fd);
  if (!stream) {
    close(fd);
    return 0;
  }
  for (struct dirent *e; ok && (e = readdir(stream));) {
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
    ok = remove_at(dirfd(stream), e->d_name, depth - 1);
  }
  int cause = errno;
  closedir(stream);
  errno = cause;
  return ok;
}

static int remove_at(int dir, const char *name, int depth)
{
  if (unlinkat(dir, name, 0) == 0 || errno == ENOENT) return 1;
  if (errno != EISDIR && errno != EPERM) return 0;
  if (depth == 0) {
    errno = ELOOP;
    return 0;
  }
  int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return 0;
  return empty_folder(fd, depth) && unlinkat(dir, name, AT_REMOVEDIR) == 0;
}

lun_status lun_file_remove_tree(lun_env *env, const char *inside, const char *name)
{
  if (!*name || strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
    return lun_fail(env, LUN_EINVAL, "\"%s\" is not the name of something inside %s", name, inside);
  int dir = open(inside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir < 0) return failed(env, "io.folder", inside);
  int ok = remove_at(dir, name, MAX_DEPTH), cause = errno;
  close(dir);
  errno = cause;
  if (ok) return LUN_OK;
  return lun_fail(env, LUN_EIO, "[io.remove] %s/%s: %s", inside, name, strerror(errno));
}

/* --- locks ----------------------------------------------------------------------------------- */

/* The file goes with its lock; one that went between open and flock is tried again. */
lun_status lun_file_lock(lun_env *env, int *fd, const char *path)
{
  struct stat s;
  for (;;) {
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (*fd < 0) return failed(env, "io.lock", path);
    if (flock(*fd, LOCK_EX | LOCK_NB) != 0) break;
    if (fstat(*fd, &s) == 0 && s.st_nlink > 0) return LUN_OK;
    close(*fd);
  }
  lun_status st = errno == EWOULDBLOCK
                      ? lun_fail(env, LUN_EIO, "[io.locked] %s: another run is at work here", path)
                      : failed(env, "io.lock", path);
  close(*fd);
  *fd = -1;
  return st;
}

void lun_file_unlock(int *fd, const char *path)
{
  if (*fd < 0) return;
  unlink(path);
  close(*fd);
  *fd = -1;
}
