/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * file: reading whole files, and the steps of a durable output: every byte is written, synced and
 * closed with its result checked, and folders are put in place by rename. Each failure is EIO with
 * the path and the system's reason; codes io.open io.read io.write io.folder io.rename io.remove
 * io.lock.
 */
#ifndef LUN_FILE_H
#define LUN_FILE_H

#include "base/env.h"

typedef enum lun_file_kind {
  LUN_FILE_NONE, /* nothing there, or not reachable */
  LUN_FILE_REGULAR,
  LUN_FILE_FOLDER,
  LUN_FILE_LINK, /* a symbolic link, whatever it points to */
  LUN_FILE_OTHER
} lun_file_kind;

lun_file_kind lun_file_kind_of(const char *path);

/* The whole file as *bytes (lun_mem_free; *n bytes and a terminator). Errors: EIO; ELIMIT
 * [limit.file] when it is longer than limit bytes (0: no limit); EINTR. */
lun_status lun_file_read(lun_env *env, char **bytes, size_t *n, const char *path, size_t limit);

/* Creates or replaces the file, mode 0666 less umask: write, close. Not yet flushed: a run
 * writes its files first and flushes them together, which costs a fraction of one by one. */
lun_status lun_file_write(lun_env *env, const char *path, const void *bytes, size_t n);

lun_status lun_file_mkdir(lun_env *env, const char *path);
lun_status lun_file_sync(lun_env *env, const char *path);

/* Within one file system; an existing file or empty folder at `to` is replaced. */
lun_status lun_file_rename(lun_env *env, const char *from, const char *to);

/* Swaps two folders in one step where the file system can (renameat2), else by three renames. */
lun_status lun_file_exchange(lun_env *env, const char *a, const char *b);

/* Removes the file, link or folder `inside`/`name` with all it holds. name is one path component;
 * symbolic links are removed, never followed. Nothing there is no error. */
lun_status lun_file_remove_tree(lun_env *env, const char *inside, const char *name);

/* Takes the lock of a file, which is created when missing, without waiting: EIO [io.locked] when
 * another process holds it. The lock ends with lun_file_unlock, which removes the file, or with the
 * process. */
lun_status lun_file_lock(lun_env *env, int *fd, const char *path);
void lun_file_unlock(int *fd, const char *path);

#endif
