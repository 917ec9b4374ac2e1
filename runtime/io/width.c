/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/width.h"

#include <stdint.h>
#include <string.h>

#include "io/utf8.h"

enum { FIRST = 32, LAST = 126, DIGIT = 556, WIDE = 1000 };

/* ASCII from blank to tilde, regular and bold. */
static const uint16_t ASCII[2][LAST - FIRST + 1] = {
  {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722,
    667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944,
    667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222,
    500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334,
    584,
  },
  {
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
  },
};

/* Beyond ASCII, where it is not as wide as a digit: punctuation and signs, by code. */
static const struct {
  uint16_t code, width;
} OTHER[] = {
    { 0xA0, 278 }, { 0xB0, 400 }, { 0xB1, 549 }, { 0xB2, 333 }, { 0xB3, 333 }, { 0xB7, 333 },
    { 0xC6, 1000 }, { 0xD7, 584 }, { 0xD8, 778 }, { 0xE6, 889 }, { 0x152, 1000 }, { 0x2009, 200 },
    { 0x2013, 556 }, { 0x2014, 1000 }, { 0x2018, 222 }, { 0x2019, 222 }, { 0x201C, 333 },
    { 0x201D, 333 }, { 0x2020, 556 }, { 0x2021, 556 }, { 0x2026, 1000 }, { 0x2190, 1000 },
    { 0x2192, 1000 }, { 0x2212, 584 }, { 0x221E, 713 }, { 0x2260, 549 }, { 0x2264, 549 },
    { 0x2265, 549 },
};

static unsigned other_width(unsigned code)
{
  size_t low = 0, high = sizeof OTHER / sizeof *OTHER;
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (OTHER[mid].code == code) return OTHER[mid].width;
    if (OTHER[mid].code < code) low = mid + 1;
    else high = mid;
  }
  return DIGIT;
}

/* The blocks of the East Asian scripts, and the wide pictures. */
static int is_wide(unsigned c)
{
  static const unsigned BLOCKS[][2] = { { 0x1100, 0x115F }, { 0x2E80, 0xA4CF },  { 0xAC00, 0xD7A3 },
                                        { 0xF900, 0xFAFF }, { 0xFE30, 0xFE4F },  { 0xFF00, 0xFF60 },
                                        { 0xFFE0, 0xFFE6 }, { 0x20000, 0x3FFFD } };
  for (size_t i = 0; i < sizeof BLOCKS / sizeof *BLOCKS && c >= BLOCKS[i][0]; i++)
    if (c <= BLOCKS[i][1]) return 1;
  return 0;
}

static int is_combining(unsigned code)
{
  return code >= 0x300 && code <= 0x36F;
}

/* The character at text[*at], which moves on; a byte that begins none stands for itself. */
static unsigned next_code(const char *text, size_t n, size_t *at)
{
  size_t length = lun_utf8_length(text + *at, n - *at);
  if (length == 0) return (unsigned char)text[(*at)++];
  unsigned code = lun_utf8_code(text + *at, length);
  *at += length;
  return code;
}

unsigned lun_width_text(const char *text, size_t n, int bold)
{
  const uint16_t *ascii = ASCII[bold != 0];
  unsigned sum = 0;
  for (size_t i = 0; i < n;) {
    unsigned c = (unsigned char)text[i];
    if (c < 0x80) {
      sum += c >= FIRST && c <= LAST ? ascii[c - FIRST] : 0;
      i++;
      continue;
    }
    c = next_code(text, n, &i);
    if (!is_combining(c)) sum += is_wide(c) ? WIDE : other_width(c);
  }
  return sum;
}

unsigned lun_width_columns(const char *text, size_t n)
{
  unsigned sum = 0;
  for (size_t i = 0; i < n;) {
    unsigned c = next_code(text, n, &i);
    if (!is_combining(c)) sum += is_wide(c) ? 2 : 1;
  }
  return sum;
}

static int is_digit(char c)
{
  return c >= '0' && c <= '9';
}

size_t lun_width_head(const char *text, size_t n)
{
  size_t i = 0;
  if (n >= 2 && memcmp(text, "NE", 2) == 0 && (n == 2 || text[2] == ' ')) return 2;
  while (i < n && !is_digit(text[i])) i++;
  if (i == n) return 0;
  while (i < n && (is_digit(text[i]) || text[i] == ',')) i++;
  return i;
}
