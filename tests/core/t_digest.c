/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/digest.h"

/* FIPS 180-4 examples. */
static const char EMPTY[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char ABC[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
static const char MILLION_A[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

static void bytes(void **unused)
{
  (void)unused;
  char hex[LUN_DIGEST_TEXT];
  lun_digest_bytes(hex, "", 0);
  assert_string_equal(hex, EMPTY);
  lun_digest_bytes(hex, "abc", 3);
  assert_string_equal(hex, ABC);
}

static void file(void **unused)
{
  (void)unused;
  lun_env env;
  char hex[LUN_DIGEST_TEXT], path[] = "/tmp/lunation-digest-XXXXXX";
  static char block[1000];
  lun_env_init(&env, NULL, NULL);
  int fd = mkstemp(path);
  memset(block, 'a', sizeof block);
  for (int i = 0; i < 1000; i++) assert_int_equal(write(fd, block, sizeof block), sizeof block);
  close(fd);
  assert_int_equal(lun_digest_file(&env, hex, path), LUN_OK);
  assert_string_equal(hex, MILLION_A);
  unlink(path);
  assert_int_equal(lun_digest_file(&env, hex, path), LUN_EIO);
  assert_non_null(strstr(env.msg, path));
  assert_non_null(strstr(env.msg, "No such file"));
  assert_int_equal(lun_digest_file(&env, hex, "/"), LUN_EIO);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(bytes),
    cmocka_unit_test(file),
  };
  return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
