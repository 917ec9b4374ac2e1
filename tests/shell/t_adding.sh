# SPDX-License-Identifier: GPL-3.0-or-later
# docs/adding.md is a study: its blocks are the files that stand above them, its commands work.
. tests/shell/tap.sh
awk -v dir="$tmp" '
  /^`[^`]*`:$/ { name = substr($0, 2, length($0) - 3); next }
  /^```/ { if (inside) { inside = 0; close(file); next } inside = 1
           file = dir "/" (name != "" ? name : "commands"); name = ""; next }
  inside { print > file }' docs/adding.md
cd "$tmp" || exit 1
PATH=$(dirname "$lunation"):$PATH
while read -r line; do exits 0 "$line" $line; done <commands
exits 0 "the tests of the plug-in" lunation test .
says '^5 passed, 0 failed$' "all ran"
ok "the class and the kind are in the report" grep -q '4 of 5 patients are frail (limit 4%)' report/report.md
ok "so is the section" grep -q 'estimates from 6 patients' report/report.md
ok "the endpoint was derived" grep -q 'no baseline measurement: 1' report/report.md
ok "trusted plug-ins give the same report" cmp report/report.md trusted/report.md
ok "and the same numbers" cmp report/results.csv trusted/results.csv
sed -i 's/patient.last_contact - patient.start, event = false/patient.last_contact - patient.age, event = false/' deep_response.lua
exits 6 "a column that was not declared ends the run" lunation run study.yaml --out broken
says 'patient in row [0-9]*: the patient has no column "age"' "the message names the row"
says 'deep_response.lua:16' "and the line"
ok "nothing was left" [ ! -e broken ]
