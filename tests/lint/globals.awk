# SPDX-License-Identifier: GPL-3.0-or-later
# Reads a listing of luac: what a chunk writes to _ENV, and reads from it beyond Lua's own names.
BEGIN {
  n = split("_G _VERSION arg assert collectgarbage coroutine debug dofile error getmetatable io ipairs " \
    "load loadfile math next os package pairs pcall print rawequal rawget rawlen rawset require select " \
    "setmetatable string table tonumber tostring type utf8 xpcall", own, " ")
  for (i = 1; i <= n; i++) known[own[i]] = 1
}
/^luac5.4: / { print }
# 	7	[12]	GETTABUP 	0 0 0	; _ENV "require"
/ETTABUP/ && /; _ENV "/ {
  match($0, /_ENV "[^"]*"/)
  name = substr($0, RSTART + 6, RLENGTH - 7)
  line = $2
  gsub(/[\[\]]/, "", line)
  if ($3 == "SETTABUP" && name != "arg") print f ":" line ": sets the global " name
  if ($3 == "GETTABUP" && !(name in known)) print f ":" line ": reads the global " name
}
