/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <string.h>
#include <unistd.h>

static void finish(char hex[LUN_DIGEST_TEXT], SHA2_CTX *ctx)
{
  static const char digit[] = "0123456789abcdef";
  uint8_t sum[SHA256_DIGEST_LENGTH];
  SHA256Final(sum, ctx);
  for (size_t i = 0; i < sizeof sum; i++) {
    hex[2 * i] = digit[sum[i] >> 4];
    hex[2 * i + 1] = digit[sum[i] & 15];
  }
  hex[2 * sizeof sum] = '\0';
}

void lun_digest_bytes(char hex[LUN_DIGEST_TEXT], const void *bytes, size_t n)
{
  SHA2_CTX ctx;
  SHA256Init(&ctx);
  SHA256Update(&ctx, bytes, n);
  finish(hex, &ctx);
}

static lun_status read_all(lun_env *env, SHA2_CTX *ctx, int fd, const char *path)
{
  uint8_t block[32768];
  for (;;) {
    lun_status st = lun_env_check(env);
    if (st != LUN_OK) return st;
    ssize_t got = read(fd, block, sizeof block);
    if (got == 0) return LUN_OK;
    if (got > 0) SHA256Update(ctx, block, (size_t)got);
    else if (errno != EINTR)
      return lun_fail(env, LUN_EIO, "[io.read] %s: %s", path, strerror(errno));
  }
}

lun_status lun_digest_file(lun_env *env, char hex[LUN_DIGEST_TEXT], const char *path)
{
  SHA2_CTX ctx;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return lun_fail(env, LUN_EIO, "[io.open] %s: %s", path, strerror(errno));
  SHA256Init(&ctx);
  lun_status st = read_all(env, &ctx, fd, path);
  close(fd);
  if (st == LUN_OK) finish(hex, &ctx);
  return st;
}
