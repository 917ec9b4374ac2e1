/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * digest: SHA-256 as lower-case hex, of bytes and of files.
 */
#ifndef LUN_DIGEST_H
#define LUN_DIGEST_H

#include "base/env.h"

enum { LUN_DIGEST_TEXT = 65 }; /* 64 hex digits and a terminator */

void lun_digest_bytes(char hex[LUN_DIGEST_TEXT], const void *bytes, size_t n);

/* Reads the file once, in blocks. Errors: EIO naming the path; EINTR when a stop was asked for. */
lun_status lun_digest_file(lun_env *env, char hex[LUN_DIGEST_TEXT], const char *path);

#endif
