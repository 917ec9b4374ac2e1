/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "io/csv.h"

/* What a cell must be in quotes for, whether commas or semicolons part the cells. */
static const char QUOTED[256] = { [','] = 1,  [';'] = 1,  ['"'] = 1,
                                  ['\n'] = 1, ['\r'] = 1, ['\t'] = 1 };

void lun_csv_cell(lun_str *buf, const char *text, size_t n)
{
  double v;
  int formula = n > 0 && strchr("=+-@\t\r", text[0]) && !lun_num_parse(text, n, '.', &v);
  int quoted = formula && (text[0] == '\t' || text[0] == '\r');
  for (size_t i = 0; i < n && !quoted; i++) quoted = QUOTED[(unsigned char)text[i]];
  if (!quoted) {
    if (formula) lun_str_char(buf, '\'');
    lun_str_push(buf, text, n);
    return;
  }
  lun_str_char(buf, '"');
  if (formula) lun_str_char(buf, '\'');
  for (size_t i = 0; i < n; i++) {
    if (text[i] == '"') lun_str_char(buf, '"');
    lun_str_char(buf, text[i]);
  }
  lun_str_char(buf, '"');
}
