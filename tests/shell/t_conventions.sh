#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# conventions: what a recipe leaves unsaid follows the named program; what it says stays.
B=${B:-build}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0
script() { "$B/lunation" explain recipes/study160.yaml --only arms --only covariates --set "conventions=$1"; }
has() { # NAME TEXT FILE
  n=$((n + 1))
  if grep -qF -- "$2" "$3"; then echo "ok $n - $1"; else echo "not ok $n - $1"; fi
}
script sas >"$dir/sas"
script spss >"$dir/spss"
script r >"$dir/r"
has "SAS: Breslow's ties" 'ties = "breslow"' "$dir/sas"
has "SAS: its median rule" 'median_rule = "sas"' "$dir/sas"
has "what the recipe says stays" 'conf_type = "log-log"' "$dir/spss"
has "SPSS: symmetric limits of the median" 'median_rule = "spss"' "$dir/spss"
"$B/lunation" explain recipes/study160.yaml --only arms --set analyses.arms.conventions=stata >"$dir/one"
has "one analysis follows Stata" 'median_rule = "first"' "$dir/one"
n=$((n + 1))
if grep -q "ties\|median_rule" "$dir/r"; then echo "not ok $n - R's ways are the defaults"; else echo "ok $n - R's ways are the defaults"; fi
echo "1..$n"
