# SPDX-License-Identifier: GPL-3.0-or-later
# A lock runs again, from anywhere, and verify says what has changed since.
. tests/shell/tap.sh
mkdir "$tmp/study" "$tmp/study/data"
sed 's|\.\./examples/study160/|data/|' recipes/study160.yaml >"$tmp/study/study.yaml"
cp examples/study160/patients.csv "$tmp/study/data/"
cat >>"$tmp/study/study.yaml" <<'YAML'
published:
  arms:
    "hr": { value: "0.95 (0.67-1.35)", from: Table 2 }
    "median[A]": { value: "315", expect: approximate }
YAML
cd "$tmp/study" || exit 1
mkdir runs
exits 0 "a run" "$lunation" run study.yaml --out runs/first
exits 0 "the lock of a run is a recipe" "$lunation" run runs/first/run.lock.yaml --out runs/second
ok "which gives the same estimates" cmp runs/first/results.json runs/second/results.json
exits 0 "verify takes the folder" "$lunation" verify runs/first
says "hr .*0\.95 (0\.67–1\.35).*0\.95 (0\.67–1\.35).* 0\.00 .*as printed" "published beside computed"
says "median\[A\] .*315 .*313 .*−2 .*differs, expected to be near" "with the difference"
ok "the conclusion first" sh -c 'head -1 "$1" | grep -q "^verified: the results are those of the lock.*all 2 published figures"' - "$tmp/out"
cd /
exits 0 "verify takes the lock, from another folder" "$lunation" verify "$tmp/study/runs/first/run.lock.yaml"
mv "$tmp/study" "$tmp/moved"
exits 0 "verify after the study has moved as a whole" "$lunation" verify "$tmp/moved/runs/first"
cd "$tmp/moved" || exit 1
sed '3s/,[AB],/,C,/;4d' data/patients.csv | sed 's/,C,/,A,/' >data/other.csv
exits 1 "other data are a finding" "$lunation" verify runs/first --data patients=data/other.csv
says "data patients has changed since the run: 160 rows and 12 columns then, 159 and 12 now" "which says how they changed"
says "the results are not those of the lock" "and that the results differ"
sed -i 's/value: "0.95 (0.67-1.35)"/value: "0.85 (0.67-1.35)"/' runs/first/run.lock.yaml
exits 1 "a published figure that is not met is a finding" "$lunation" verify runs/first
says "+0\.10 .*differs (!)" "shown with its difference"
says "1 of 2 published figures are not as expected" "and counted"
exits 1 "as JSON" "$lunation" verify runs/first --json
says '"same": true' "JSON: the results are the same"
says '"difference": "+0.10"' "JSON: the difference"
exits 2 "a recipe is no lock" "$lunation" verify study.yaml
says "recipe.lock" "with a code of its own"
exits 2 "nor is any folder a run" "$lunation" verify data
