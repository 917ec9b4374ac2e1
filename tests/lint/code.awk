# SPDX-License-Identifier: GPL-3.0-or-later
# C without comments, texts and characters; the mark "lint: allocator" is kept. FILE:LINE:CODE
FNR == 1 { inside = 0 }
{
  mark = /lint: allocator/ ? " lint: allocator" : ""
  gsub(/\\./, "")
  gsub(/'[^']*'/, "c")
  gsub(/"[^"]*"/, "\"\"")
  gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "")
  if (inside && sub(/^.*\*\//, "")) inside = 0
  if (inside) next
  if (sub(/\/\*.*$/, "")) inside = 1
  print FILENAME ":" FNR ":" $0 mark
}
