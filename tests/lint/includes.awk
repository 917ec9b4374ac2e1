# SPDX-License-Identifier: GPL-3.0-or-later
# The include directions of docs/architecture.md, a folder and what it may include.
BEGIN {
  may["base"] = "base"
  may["data"] = "base data"
  may["io"] = "base data io"
  may["stat"] = "base stat"
  may["surv"] = "base stat surv"
  may["onco"] = "base data onco"
  may["bind"] = "base data io stat surv onco bind"
  may["main"] = "base bind main"
}
function complain(why) { print FILENAME ":" FNR ": " $0 "   (" why ")" }
{ folder = FILENAME; sub(/^runtime\//, "", folder); sub(/\/.*/, "", folder) }
/^#include "/ {
  split($2, part, /["\/]/)
  if (index(" " may[folder] " ", " " part[2] " ") == 0) complain(folder " may include: " may[folder])
}
/^#include <(lua|lauxlib|lualib)\.h>/ && folder != "bind" && folder != "main" { complain("Lua only in bind, main") }
/^#include <gsl\// && folder != "stat" { complain("GSL only in stat") }
/^#include <yaml\.h>/ && FILENAME != "runtime/io/yaml.c" { complain("libyaml only in io/yaml.c") }
