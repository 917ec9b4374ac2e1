/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/word.h"

#include <string.h>

enum { MAX_WORD = 64 };

int lun_word_distance(const char *a, const char *b)
{
  size_t n = strlen(a), m = strlen(b);
  int row[3][MAX_WORD + 1];
  if (n > MAX_WORD || m > MAX_WORD) return MAX_WORD;
  for (size_t j = 0; j <= m; j++) row[1][j] = (int)j;
  for (size_t i = 1; i <= n; i++) {
    int *now = row[(i + 1) % 3], *last = row[i % 3], *before = row[(i + 2) % 3];
    now[0] = (int)i;
    for (size_t j = 1; j <= m; j++) {
      int best = last[j - 1] + (a[i - 1] != b[j - 1]);
      if (last[j] + 1 < best) best = last[j] + 1;
      if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
          before[j - 2] + 1 < best)
        best = before[j - 2] + 1;
      now[j] = best;
    }
  }
  return row[(n + 1) % 3][m];
}

static int has_all(const char *name, const char *word)
{
  for (; *name && *word; name++) word += *name == *word;
  return !*word;
}

int lun_word_rank(const char *word, const char *name)
{
  return 2 * lun_word_distance(word, name) + !has_all(name, word);
}

size_t lun_word_nearest(const char *word, const char *const *names, size_t n)
{
  int best = 2 * ((int)strlen(word) / 3 + 2);
  size_t at = n;
  for (size_t i = 0; i < n; i++) {
    int d = lun_word_rank(word, names[i]);
    if (d >= best) continue;
    best = d;
    at = i;
  }
  return at;
}
