/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/utf8.h"

#include <stdint.h>
#include <string.h>

static int continues(unsigned char c)
{
  return (c & 0xC0) == 0x80;
}

/* Unicode 15, table 3-7: well-formed byte sequences. */
size_t lun_utf8_length(const char *text, size_t n)
{
  const unsigned char *p = (const unsigned char *)text;
  if (n == 0) return 0;
  if (p[0] < 0x80) return 1;
  if (p[0] < 0xC2 || p[0] > 0xF4 || n < 2 || !continues(p[1])) return 0;
  if (p[0] < 0xE0) return 2;
  if (n < 3 || !continues(p[2])) return 0;
  if (p[0] == 0xE0 && p[1] < 0xA0) return 0;
  if (p[0] == 0xED && p[1] > 0x9F) return 0;
  if (p[0] < 0xF0) return 3;
  if (n < 4 || !continues(p[3])) return 0;
  if (p[0] == 0xF0 && p[1] < 0x90) return 0;
  return p[0] == 0xF4 && p[1] > 0x8F ? 0 : 4;
}

size_t lun_utf8_check(const char *text, size_t n)
{
  size_t i = 0;
  while (i < n) {
    uint64_t word;
    if (n - i >= sizeof word) {
      memcpy(&word, text + i, sizeof word);
      if (!(word & 0x8080808080808080u)) {
        i += sizeof word;
        continue;
      }
    }
    size_t length = lun_utf8_length(text + i, n - i);
    if (length == 0) return i;
    i += length;
  }
  return n;
}

unsigned lun_utf8_code(const char *text, size_t length)
{
  const unsigned char *p = (const unsigned char *)text;
  switch (length) {
  case 1: return p[0];
  case 2: return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
  case 3: return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
  default: return (p[0] & 7u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
  }
}

size_t lun_utf8_count(const char *text, size_t n)
{
  size_t count = 0;
  for (size_t i = 0, length; i < n; i += length ? length : 1, count++)
    length = lun_utf8_length(text + i, n - i);
  return count;
}

const char *lun_utf8_other(const char *text, size_t n)
{
  if (n >= 4 && (memcmp(text, "\xFF\xFE\0\0", 4) == 0 || memcmp(text, "\0\0\xFE\xFF", 4) == 0))
    return "UTF-32";
  if (n >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0))
    return "UTF-16";
  if (n >= 4 && (text[0] != 0) != (text[1] != 0) && !text[0] == !text[2] && !text[1] == !text[3])
    return "UTF-16";
  return NULL;
}

void lun_utf8_show(char *buf, size_t room, const char *text, size_t n)
{
  static const char digit[] = "0123456789abcdef";
  size_t at = 0, kept = 0; /* kept: where "..." can still be put */
  for (size_t i = 0; i < n;) {
    size_t length = lun_utf8_length(text + i, n - i);
    unsigned char c = (unsigned char)text[i];
    unsigned code = length ? lun_utf8_code(text + i, length) : 0;
    int control = code < 0x20 || (code >= 0x7F && code < 0xA0);
    size_t taken = length ? length : 1, put = control ? 4 * taken : taken;
    if (at + 4 <= room) kept = at;
    if (at + put + 1 > room) {
      memcpy(buf + kept, "...", 4);
      return;
    }
    for (size_t k = 0; k < taken; k++) {
      c = (unsigned char)text[i + k];
      if (!control) {
        buf[at++] = (char)c;
        continue;
      }
      buf[at++] = '\\';
      buf[at++] = 'x';
      buf[at++] = digit[c >> 4];
      buf[at++] = digit[c & 15];
    }
    i += taken;
  }
  buf[at] = '\0';
}
