#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every script of examples/scripts prints what stands beside it.
B=${B:-build}
found=$(mktemp)
trap 'rm -f "$found" "$found.err"' EXIT
n=0
for script in examples/scripts/[0-9]*.lua; do
  n=$((n + 1))
  if "$B/lunation" "$script" >"$found" 2>"$found.err" && cmp -s "${script%.lua}.out" "$found"; then
    echo "ok $n - $script"
  else
    echo "not ok $n - $script"
    diff "${script%.lua}.out" "$found" | head -20
    sed 's/^/#   /' "$found.err"
  fi
done
echo "1..$n"
