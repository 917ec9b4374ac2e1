/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/escape.h"

lun_replacements LUN_HTML = { ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;" };

lun_replacements LUN_URI = { ['%'] = "%25", ['#'] = "%23", ['"'] = "%22",  ['<'] = "%3C",
                             ['>'] = "%3E", ['&'] = "%26", ['\n'] = "%0A", ['\r'] = "%0D" };

size_t lun_escape_first(const char *text, size_t n, lun_replacements by)
{
  size_t i = 0;
  while (i < n && !by[(unsigned char)text[i]]) i++;
  return i;
}

void lun_escape(lun_str *out, const char *text, size_t n, lun_replacements by)
{
  size_t size = 0;
  for (size_t i = 0; i < n; i++) {
    const char *r = by[(unsigned char)text[i]];
    size += r ? strlen(r) : 1;
  }
  char *at = lun_str_space(out, size);
  for (size_t i = 0; at && i < n; i++) {
    const char *r = by[(unsigned char)text[i]];
    if (!r) *at++ = text[i];
    else while (*r) *at++ = *r++;
  }
}

void lun_escape_json(lun_str *out, const char *text, size_t n)
{
  static const char hex[] = "0123456789abcdef";
  static lun_replacements by = { ['"'] = "\\\"", ['\\'] = "\\\\", ['\n'] = "\\n", ['\r'] = "\\r",
                                 ['\t'] = "\\t", ['\b'] = "\\b",  ['\f'] = "\\f" };
  size_t from = 0;
  lun_str_char(out, '"');
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c >= 32 && c != '"' && c != '\\' && c != 127) continue;
    lun_str_push(out, text + from, i - from);
    if (by[c]) lun_str_text(out, by[c]);
    else lun_str_push(out, (char[]){ '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] }, 6);
    from = i + 1;
  }
  lun_str_push(out, text + from, n - from);
  lun_str_char(out, '"');
}
