# SPDX-License-Identifier: GPL-3.0-or-later
# docs/simulate.md prints what it says it prints; targets, recipes and mistakes have their exit codes.
. tests/shell/tap.sh
awk -v dir="$tmp" '
  /^`[^`]*`.*:$/ { name = substr($0, 2, index(substr($0, 2), "`") - 1); next }
  /^```/ { if (inside) { inside = 0; next } inside = 1
           file = dir "/" (name != "" ? name : substr($0, 4) == "sh" ? "commands" : "expected"); name = ""; next }
  inside { print >> file }' docs/simulate.md
ok "the page shows the example" cmp "$tmp/two-arm.yaml" examples/simulate/two-arm.yaml
cp -r examples recipes "$tmp"
cd "$tmp" || exit 1
PATH=$(dirname "$lunation"):$PATH
while read -r line; do $line; done <commands >found 2>&1
ok "and what the commands print" diff expected found
ok "the data dictionary" grep -q 'No patient is in these data' trial/dictionary.md
exits 0 "one file" lunation simulate two-arm.yaml --out one.csv
ok "holds the same patients" cmp one.csv trial/patients.csv
exits 0 "another size" lunation simulate two-arm.yaml --out two.csv --n 50 --seed 7
ok "has as many rows" [ "$(wc -l <two.csv)" = 51 ]
echo 'search: { steps: 1 }' >>two-arm.yaml
sed -i 's/value: "0.65"/value: "0.30 (0.22-0.41)", exact: true/' two-arm.yaml
exits 1 "an exact target that is missed is a finding" lunation simulate two-arm.yaml --out missed
says 'os: hr by arm  0.30 (0.22-0.41)  .*not met (!)' "which is named"
sed -i 's/shares:/share:/' two-arm.yaml
exits 2 "a key that is not known" lunation check two-arm.yaml
says 'two-arm.yaml:8:10' "is shown where it stands"
says 'did you mean "shares"' "with a suggestion"
exits 2 "no specification" lunation simulate
for recipe in recipes/*.yaml; do
  exits 0 "data for $recipe" lunation simulate "$recipe" --out data
  next=$(sed -n '$p' out | sed 's/^lunation run/lunation check/')
  $next >checked 2>&1
  ok "which it reads" [ $? -le 1 ]
  for seed in 1 2; do # exit code 1: the published figures are not those of made-up data
    lunation simulate "$recipe" --out data --n 60 --seed $seed >out 2>&1
    $(sed -n '$p' out) --out ran >ran.txt 2>&1
    ok "and that it runs through without an error, seed $seed$(grep -m1 '^error' ran.txt)" [ $? -le 1 ]
    rm -rf data ran
  done
done
exits 0 "a template" lunation init mine --template simulate
says '^next: lunation simulate mine/cohort.yaml' "says what makes its data"
exits 0 "which are made" lunation simulate mine/cohort.yaml --out mine
ok "every target is met" [ "$(grep -c ' met$' out)" = 3 ]
exits 0 "and its recipe runs on them" lunation run mine/study.yaml --out mine/report
