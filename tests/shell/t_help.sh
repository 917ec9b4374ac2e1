# SPDX-License-Identifier: GPL-3.0-or-later
# Help and explain know commands, kinds of analyses and codes, and say so of what they do not know.
. tests/shell/tap.sh
exits 0 "help of a command" "$lunation" help run
says "lunation run RECIPE" "its usage"
exits 0 "help of an analysis" "$lunation" help landmark
says "landmark .*required. an endpoint of this recipe" "its keys"
exits 0 "help of a code" "$lunation" help data.date
says "What to do" "what to do"
exits 0 "an analysis is explained too" "$lunation" explain cuminc
says "competing events" "what it does"
exits 2 "an unknown topic" "$lunation" help landmrak
says 'did you mean "landmark"' "what was meant"
exits 2 "an unknown code" "$lunation" explain nosuch
says "stands in brackets" "where codes are found"
# What other languages write in a script.
script() { printf 'local n = 1\n%s\n' "$1" >"$tmp/x.lua"; exits 2 "$1" "$lunation" "$tmp/x.lua"; }
script 'if n != 2 then print(n) end'
says 'x.lua:2' "the line"
says '2 | if n != 2' "as it is written"
says 'not equal is ~= in Lua' "and what Lua has for it"
script 'm <- 3'
says 'a value is given with =' "and what Lua has for it"
script 'print(n > 0 && n < 3)'
says 'the word is and' "and what Lua has for it"
script 'print(n$age)'
says 'with a dot' "and what Lua has for it"
exits 2 "a script where a recipe is meant" "$lunation" run "$tmp/x.lua"
says "help: lunation $tmp/x.lua" "how a script is run"
