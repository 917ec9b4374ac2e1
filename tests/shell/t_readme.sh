#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# README.md says what is true: its script prints what stands below it, its run ends as it says.
B=${B:-build}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0
check() { # NAME FILE FILE
  n=$((n + 1))
  if cmp -s "$2" "$3"; then echo "ok $n - $1"; else echo "not ok $n - $1"; diff "$2" "$3" | head -20; fi
}
# block N: the N-th fenced block
block() { awk -v want="$1" '/^```/ { if (inside) { inside = 0 } else { inside = 1; k++ } next } inside && k == want' README.md; }
block 4 >"$dir/script.lua"
block 5 >"$dir/expected"
"$B/lunation" "$dir/script.lua" >"$dir/found" 2>&1
check "the script prints what the README shows" "$dir/expected" "$dir/found"
block 2 | sed '$d' >"$dir/expected"
"$B/lunation" run recipes/conversion-surgery-sintilimab-lenvatinib.yaml --out "$dir/report" 2>/dev/null | sed '$d' >"$dir/found"
check "the run ends as the README shows" "$dir/expected" "$dir/found"
echo "1..$n"
