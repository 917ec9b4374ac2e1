# SPDX-License-Identifier: GPL-3.0-or-later
# The five studies on another hospital's file: other names of columns give the same numbers; a file
# without patients, with one, or with nothing but ids gives a clear message and no report.
. tests/shell/tap.sh

patients_of() { sed -n '/^  patients:/,/file:/s/.*file: *\([^ ,}]*\).*/\1/p' "$1" | head -1; }
refused() { # STUDY CASE CODE...: exit code 3, one of these codes first, no report, nothing internal
  study=$1 case=$2; shift 2
  rm -rf "$tmp/report"
  "$lunation" run "recipes/$study.yaml" --data patients="$tmp/$case.csv" --out "$tmp/report" >"$tmp/o" 2>"$tmp/e"
  code=$?
  found=$(sed -n 's/^error\[\([^]]*\)\].*/\1/p' "$tmp/e" | head -1)
  ok "$study, $case: exit code 3" [ "$code" = 3 ]
  ok "$study, $case: says why ($found)" sh -c 'for c in "$@"; do [ "$c" = "$0" ] && exit 0; done; exit 1' "$found" "$@"
  ok "$study, $case: no report" [ ! -e "$tmp/report" ]
}

for study in conversion-surgery-sintilimab-lenvatinib complete-response-durability resistance-groups \
  conversion-surgery-ici-combinations radiotherapy-plus-ici; do
  file=recipes/$(patients_of "recipes/$study.yaml")
  head -1 "$file" >"$tmp/empty.csv"
  head -2 "$file" >"$tmp/one.csv"
  awk -F, 'NR == 1 { print; n = NF; next } { printf "%s", $1; for (i = 2; i <= n; i++) printf ","; print "" }' "$file" >"$tmp/missing.csv"
  refused $study empty data.no-rows
  refused $study missing data.empty
  [ $study = radiotherapy-plus-ici ] || refused $study one data.link data.empty data.one-level data.no-events

  columns=$(head -1 "$file" | tr ',' '\n' | grep -vx id)
  names=$(head -1 "$file" | sed 's/\([^,]*\)/x_\1/g; s/x_id/id/')
  { echo "$names"; tail -n +2 "$file"; } >"$tmp/renamed.csv"
  set --
  for c in $columns; do set -- "$@" --set "data.patients.columns.$c.from=x_$c"; done
  "$lunation" run "recipes/$study.yaml" --out "$tmp/own" >/dev/null 2>&1
  "$lunation" run "recipes/$study.yaml" --data patients="$tmp/renamed.csv" "$@" --out "$tmp/renamed" >"$tmp/o" 2>&1
  ok "$study: other names of columns, the same numbers" cmp "$tmp/own/results.csv" "$tmp/renamed/results.csv"
done

# One patient who is followed: every figure is there and says what it can; none is what was published.
head -2 "recipes/$(patients_of recipes/radiotherapy-plus-ici.yaml)" >"$tmp/one.csv"
exits 1 "one patient: published figures differ" "$lunation" run recipes/radiotherapy-plus-ici.yaml \
  --data patients="$tmp/one.csv" --out "$tmp/single"
ok "and the report is there" [ -s "$tmp/single/report.html" ]
