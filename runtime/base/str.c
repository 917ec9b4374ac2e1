/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/str.h"

#include <string.h>

#include "base/num.h"

void lun_str_init(lun_str *s, lun_env *env)
{
  memset(s, 0, sizeof *s);
  s->env = env;
}

void lun_str_fini(lun_str *s)
{
  if (s->env) lun_mem_free(s->env, s->data);
  s->data = NULL;
  s->size = s->room = 0;
}

/* After a failure there is never room again. */
static void fail(lun_str *s)
{
  s->status = LUN_ENOMEM;
  s->room = s->size;
}

static int reserve(lun_str *s, size_t more)
{
  if (s->status != LUN_OK) return 0;
  if (more < s->room - s->size) return 1;
  size_t room = s->room < 256 ? 512 : s->room * 2;
  while (room - s->size <= more) room *= 2;
  char *data = lun_mem_resize(s->env, s->data, room, 1);
  if (!data) {
    fail(s);
    return 0;
  }
  s->data = data;
  s->room = room;
  return 1;
}

char *lun_str_space(lun_str *s, size_t n)
{
  if (!reserve(s, n)) return NULL;
  char *at = s->data + s->size;
  s->size += n;
  s->data[s->size] = '\0';
  return at;
}

void lun_str_integer(lun_str *s, long long v)
{
  char buf[LUN_NUM_MAX];
  lun_str_push(s, buf, lun_num_integer(buf, v));
}

void lun_str_shortest(lun_str *s, double v)
{
  char buf[LUN_NUM_MAX];
  lun_str_push(s, buf, lun_num_shortest(buf, v));
}

void lun_str_fixed(lun_str *s, double v, int decimals)
{
  char buf[LUN_NUM_MAX];
  lun_str_push(s, buf, lun_num_fixed(buf, v, decimals));
}

int lun_str_curly(const char *text, size_t n)
{
  static const char *const quotes[] = { "\xE2\x80\x98", "\xE2\x80\x99", "\xE2\x80\x9C",
                                        "\xE2\x80\x9D", "\xE2\x80\x9E", "\xEF\xBC\x82",
                                        "\xEF\xBC\x87" };
  for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
    if (n >= 3 && memcmp(text, quotes[i], 3) == 0) return 1;
  }
  return 0;
}
