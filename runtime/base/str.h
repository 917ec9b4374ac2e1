/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * str: a growing byte buffer. Failure is sticky: pushes after a failed one do nothing, and the
 * caller tests str.status once at the end.
 */
#ifndef LUN_STR_H
#define LUN_STR_H

#include <string.h>

#include "base/env.h"

typedef struct lun_str {
  lun_env *env;
  char *data; /* size bytes and a terminator; NULL while empty */
  size_t size, room;
  lun_status status;
} lun_str;

void lun_str_init(lun_str *s, lun_env *env);
void lun_str_fini(lun_str *s);

/* n more bytes at the end, for the caller to write; NULL after a failure. */
char *lun_str_space(lun_str *s, size_t n);

/* A report is put together from short texts: they are copied in place. */
static inline void lun_str_push(lun_str *s, const char *bytes, size_t n)
{
  if (n < s->room - s->size) {
    memcpy(s->data + s->size, bytes, n);
    s->size += n;
    s->data[s->size] = '\0';
  } else {
    char *at = lun_str_space(s, n);
    if (at) memcpy(at, bytes, n);
  }
}

static inline void lun_str_text(lun_str *s, const char *text)
{
  lun_str_push(s, text, strlen(text));
}

static inline void lun_str_char(lun_str *s, char c)
{
  lun_str_push(s, &c, 1);
}

void lun_str_integer(lun_str *s, long long v);
void lun_str_shortest(lun_str *s, double v);
void lun_str_fixed(lun_str *s, double v, int decimals);

/* Whether a text begins with a quote of a word processor or of a full-width keyboard. */
int lun_str_curly(const char *text, size_t n);

#endif
