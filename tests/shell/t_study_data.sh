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

# A hospital's export: Chinese headers and codes, dates as 2023/5/1; a recipe that extends the study's reads it.
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) { name[i] = $i; $i = $i == "dose" ? "剂量 (Gy)" : "列_" $i } print; next }
  { for (i = 1; i <= NF; i++) {
      if ($i == "yes") $i = "是"; if ($i == "no") $i = "否"; if ($i == "male") $i = "男"; if ($i == "female") $i = "女"
      if ($i ~ /^[0-9]+-[0-9]+-[0-9]+$/) { split($i, d, "-"); $i = d[1] "/" (d[2] + 0) "/" (d[3] + 0) } }
    print }' examples/radiotherapy-plus-ici/patients.csv >"$tmp/export.csv"
exits 0 "data on it" "$lunation" data "$tmp/export.csv"
says 'type: date, from: "列_start", format: "YYYY/MM/DD"' "drafts the dates as they are written"
says 'type: factor, from: "列_ehm", levels: \["否", "是"\]' "and the codes"
{ echo "lunation: 1"; echo "id: ours"; echo "version: 1.0.0"; echo "title: Ours"; echo 'simulated: ""'
  echo "extends: $PWD/recipes/radiotherapy-plus-ici.yaml"; echo "data:"; echo "  patients:"; echo "    file: export.csv"; echo "    columns:"
  echo "      id: { type: text, from: 列_id }"
  echo '      sex: { from: 列_sex, values: { 男: male, 女: female } }'
  echo '      dose: { from: "剂量 (Gy)" }'
  for c in age response; do echo "      $c: { from: 列_$c }"; done
  for c in start progression last_imaging death last_contact; do echo "      $c: { from: 列_$c, format: YYYY/MM/DD }"; done
  for c in hbv ehm pvtt in_field ae_severe thrombocytopenia; do echo "      $c: { from: 列_$c, values: { 是: \"yes\", 否: \"no\" } }"; done
} >"$tmp/mine.yaml"
"$lunation" run recipes/radiotherapy-plus-ici.yaml --out "$tmp/theirs" >/dev/null 2>&1
exits 0 "a recipe that extends the study's with its names" "$lunation" run "$tmp/mine.yaml" --out "$tmp/ours"
ok "gives the same numbers" cmp "$tmp/theirs/results.csv" "$tmp/ours/results.csv"
sed 's/列_death/列_deaths/' "$tmp/mine.yaml" >"$tmp/typo.yaml"
exits 3 "a name that the file does not have" "$lunation" check "$tmp/typo.yaml"
says '列_deaths' "is named"
ok "without the note that the data are simulated" sh -c '! grep -q "<aside" "$1"' - "$tmp/ours/report.html"

# Operated, and nobody knows when: neither group at a landmark, nor never exposed.
conversion=recipes/conversion-surgery-sintilimab-lenvatinib.yaml
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "surgery_date") k = i }
  NR > 1 && $k != "" && !gone { $k = ""; gone = 1 } { print }' "recipes/$(patients_of "$conversion")" >"$tmp/undated.csv"
exits 1 "a date of surgery is missing" "$lunation" run "$conversion" --data patients="$tmp/undated.csv" --out "$tmp/undated"
says 'design.undated.*surgery-immortal, os-landmark: 1 patient with surgery other than no and no surgery_date' "is said"
says "surgery ~= .no. and missing(surgery_date)" "and how to find the patient"
count() { awk -F, '$1 == "os-landmark" && $2 == "km" && $5 == "n" && $NF == "" { s += $7 } END { print s }' "$1"; }
"$lunation" run "$conversion" --out "$tmp/dated" >/dev/null 2>&1
ok "one patient fewer at the landmark" [ $(($(count "$tmp/dated/results.csv") - 1)) = "$(count "$tmp/undated/results.csv")" ]
