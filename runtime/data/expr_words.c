/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What to write in an expression for words that users of R know.
 */
#include <string.h>

#include "data/expr_node.h"

typedef struct word {
  const char *r, *here;
} word;

static const char *find(const word *words, const char *name)
{
  for (; words->r; words++) {
    if (strcmp(words->r, name) == 0) return words->here;
  }
  return NULL;
}

const char *lun_expr_function_of_r(const char *name)
{
  static const word words[] = {
    { "between", "a <= x and x <= b" },
    { "c", "{ 1, 2 } after in" },
    { "case_when", "if(condition, a, if(other, b, c))" },
    { "ceiling", "ceil(x)" },
    { "coalesce", "if(missing(a), b, a)" },
    { "difftime", "days(from, to)" },
    { "fifelse", "if(condition, a, b)" },
    { "if_else", "if(condition, a, b)" },
    { "ifelse", "if(condition, a, b)" },
    { "is_na", "missing(x)" },
    { "pmax", "max(a, b)" },
    { "pmin", "min(a, b)" },
    { NULL, NULL },
  };
  return find(words, name);
}

const char *lun_expr_name_of_r(const char *name)
{
  static const word words[] = {
    { "F", "false" },
    { "FALSE", "false" },
    { "NA", "nil (missing(x) asks for it)" },
    { "NULL", "nil (missing(x) asks for it)" },
    { "T", "true" },
    { "TRUE", "true" },
    { NULL, NULL },
  };
  return find(words, name);
}

const char *lun_expr_symbol_of_r(const char *symbol)
{
  static const word words[] = {
    { "%in%", "found %in%, expected in: x in { 'a', 'b' }" },
    { "%%", "found %%, expected % (the remainder)" },
    { "&&", "found &&, expected and" },
    { "||", "found ||, expected or" },
    { "=", "found =, expected == (equal)" },
    { "!", "found !, expected not (of a condition) or ~= (not equal)" },
    { "&", "found &, expected and" },
    { "|", "found |, expected or" },
    { "#", "found #, which has no meaning in an expression" },
    { "$", "found $: a column is written by its name alone, age for data$age" },
    { "[", "found [: an expression is about every row; if(condition, a, b) chooses" },
    { ".", "found . in a name: is.na(x) is missing(x) here; a column's name with a dot goes in "
           "backquotes" },
    { NULL, NULL },
  };
  return find(words, symbol);
}
