# SPDX-License-Identifier: GPL-3.0-or-later
# diff tells the classes of difference apart.
. tests/shell/tap.sh
run() { # NAME ARG...: a run of the small study in $tmp/NAME
  out=$tmp/$1
  shift
  "$lunation" run recipes/study160.yaml --out "$out" "$@" >/dev/null 2>&1
}
first() { head -n 1 "$tmp/out" | grep -q "^$1"; }
run a
run b
exits 0 "two runs of the same" "$lunation" diff "$tmp/a" "$tmp/b"
ok "are identical" first "identical ([1-9][0-9]* estimates identical)"
exits 0 "a lock and its recipe" "$lunation" diff "$tmp/a/run.lock.yaml" recipes/study160.yaml
ok "are identical, without estimates to compare" first "identical (no estimates compared"

run ties --set analyses.covariates.ties=breslow
exits 1 "another option" "$lunation" diff "$tmp/a" "$tmp/ties"
ok "is a change of the recipe" first "recipe changed"
says "analyses.covariates.ties: efron → breslow" "with its path"
says "covariates hr, arm: B: .*because of analyses.covariates.ties" "and the results that it changed"
if grep -q "arms hr" "$tmp/out"; then echo "not ok - an analysis that did not change is listed"; else echo "ok - nothing else is listed"; fi

sed 's/# Question.*/# another comment/; s/title: Two arms,/title:   Two arms,/' recipes/study160.yaml >"$tmp/comment.yaml"
sed 's|\.\./examples|'"$PWD"'/examples|' -i "$tmp/comment.yaml"
exits 0 "comments and blanks" "$lunation" diff recipes/study160.yaml "$tmp/comment.yaml"
ok "are no difference" first identical

# fewer patients, one value changed, one more column
awk -F, 'BEGIN { OFS = FS } NR == 1 { print $0, "extra"; next } NR == 2 || NR == 3 { next } NR == 5 { $5 = $5 + 1 } { print $0, 1 }' \
  examples/study160/patients.csv >"$tmp/patients.csv"
run data --data patients="$tmp/patients.csv"
exits 1 "other data" "$lunation" diff "$tmp/a" "$tmp/data"
says "patients: 160 rows, 12 columns → 158 rows, 13 columns" "rows and columns"
says "patients: 2 rows removed" "rows by key"
says "patients: columns added: extra" "columns by name"
says "patients: [a-z]*: 1 value changed" "values by column"
says "because of data patients" "and what they changed"

# every death of arm B a year later: the hazard ratio of the arms changes its meaning
awk -F, 'BEGIN { OFS = FS } NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next } $at["arm"] == "B" { $at["time"] += 365 } { print }' \
  examples/study160/patients.csv >"$tmp/later.csv"
run later --data patients="$tmp/later.csv"
exits 1 "a conclusion that changes" "$lunation" diff "$tmp/a" "$tmp/later"
ok "comes first" first "conclusion changed"
says "arms hr, cox, arm: B: .*the interval no longer crosses 1" "the interval"
says "arms p, logrank: .*p falls below 0.05" "the p-value"
exits 1 "and back" "$lunation" diff "$tmp/later" "$tmp/a"
says "the interval now crosses 1" "the interval crosses again"

# the same study, a number one part in 10^12 off, and in the other run one part in 10^6
cp -r "$tmp/a" "$tmp/noise"
sed -i 's/"value":61,/"value":61.000000000061,/' "$tmp/noise/results.json"
exits 0 "noise" "$lunation" diff "$tmp/a" "$tmp/noise"
ok "is named noise" first "numeric noise ([1-9][0-9]* estimates identical)"
says "1 estimate, by at most 1.*e-12 relative" "with its size"
exits 1 "less tolerance" "$lunation" diff "$tmp/a" "$tmp/noise" --tolerance 1e-13
ok "makes it a changed result" first "result changed"
says "because of nothing that the locks record" "which nothing explains"
exits 2 "a tolerance is a number" "$lunation" diff "$tmp/a" "$tmp/noise" --tolerance small

cp -r "$tmp/a" "$tmp/later-version"
sed -i 's/  runtime: .*/  runtime: "9.0.0"/' "$tmp/later-version/run.lock.yaml"
exits 0 "another version with the same numbers" "$lunation" diff "$tmp/a" "$tmp/later-version"
ok "is the environment only" first "environment only"

exits 1 "JSON" "$lunation" diff "$tmp/a" "$tmp/ties" --json
says '"class": "recipe changed"' "JSON names the class"
says '"path": "analyses.covariates.ties"' "and the path"
exits 1 "Markdown" "$lunation" diff "$tmp/a" "$tmp/ties" --md
says '^## Recipe changed' "Markdown has sections"
exits 2 "one thing is not two" "$lunation" diff "$tmp/a"

# two locks without their results: only the digests can tell
for x in a ties data later; do cp "$tmp/$x/run.lock.yaml" "$tmp/$x.lock.yaml"; done
exits 0 "two bare locks of the same" "$lunation" diff "$tmp/a.lock.yaml" "$tmp/b/run.lock.yaml"
ok "are identical, by their digests" first "identical (no estimates compared: the digests of the results agree"
exits 1 "another option, by locks" "$lunation" diff "$tmp/a.lock.yaml" "$tmp/ties.lock.yaml"
ok "is a change of the recipe" first "recipe changed (no estimates compared: the digests of the results differ"
says "analyses.covariates.ties: efron → breslow" "with its path"
exits 1 "other data, by locks" "$lunation" diff "$tmp/a.lock.yaml" "$tmp/data.lock.yaml"
ok "are changed data" first "data changed"
says "patients: 160 rows, 12 columns → 158 rows, 13 columns" "with rows and columns"
sed 's/results_sha256: ".*"/results_sha256: "0"/' "$tmp/a.lock.yaml" >"$tmp/other.lock.yaml"
exits 1 "another result from the same" "$lunation" diff "$tmp/a.lock.yaml" "$tmp/other.lock.yaml"
ok "is a changed result" first "result changed"
sed 's/  runtime: .*/  runtime: "9.0.0"/' "$tmp/a.lock.yaml" >"$tmp/newer.lock.yaml"
exits 0 "another version, by locks" "$lunation" diff "$tmp/a.lock.yaml" "$tmp/newer.lock.yaml"
ok "is the environment only" first "environment only"
exits 1 "as JSON" "$lunation" diff "$tmp/a.lock.yaml" "$tmp/other.lock.yaml" --json
says '"digests": "differ"' "the digests too"

# two recipes
sed 's|\.\./examples|'"$PWD"'/examples|; s/at: 90/at: 120/' recipes/study160.yaml >"$tmp/at.yaml"
exits 1 "two recipes" "$lunation" diff recipes/study160.yaml "$tmp/at.yaml"
ok "of which one has another landmark" first "recipe changed"
says "analyses.response.at: 90 → 120" "with its path"
exits 1 "two recipes as JSON" "$lunation" diff recipes/study160.yaml "$tmp/at.yaml" --json
says '"class": "recipe changed"' "JSON names the class"

# every class as JSON and as Markdown
classes() { # CLASS A B: what --json and --md call it
  exits "$1" "$2, as JSON" "$lunation" diff "$3" "$4" --json
  says "\"class\": \"$2\"" "JSON names it"
  exits "$1" "$2, as Markdown" "$lunation" diff "$3" "$4" --md
  says "^\*\*$2 (" "Markdown names it"
}
classes 0 identical "$tmp/a" "$tmp/b"
classes 0 "numeric noise" "$tmp/a" "$tmp/noise"
classes 0 "environment only" "$tmp/a" "$tmp/later-version"
cp -r "$tmp/a" "$tmp/moved" && sed -i 's/"value":61,/"value":61.001,/' "$tmp/moved/results.json"
classes 1 "result changed" "$tmp/a" "$tmp/moved"
classes 1 "recipe changed" "$tmp/a" "$tmp/ties"
sed '3d' examples/study160/patients.csv >"$tmp/fewer.csv"
run fewer --data patients="$tmp/fewer.csv"
classes 1 "data changed" "$tmp/a" "$tmp/fewer"
classes 1 "conclusion changed" "$tmp/a" "$tmp/later"

# one analysis more moves no number of another: a seed for each name
cat >"$tmp/boot.yaml" <<YAML
lunation: 1
id: boot
version: 1.0.0
title: Bootstrap
extends: $PWD/recipes/study160.yaml
analyses: { mean: { bootstrap: os, statistic: rmst, at: 365, by: arm, replicates: 50 } }
YAML
sed 's/analyses: {/analyses: { first: { bootstrap: os, statistic: median, replicates: 60 },/' "$tmp/boot.yaml" >"$tmp/more.yaml"
for x in boot more; do "$lunation" run "$tmp/$x.yaml" --out "$tmp/$x" >/dev/null 2>&1; done
grep '^mean,' "$tmp/boot/results.csv" >"$tmp/mean1"
grep '^mean,' "$tmp/more/results.csv" >"$tmp/mean2"
ok "the bootstrap is there" [ -s "$tmp/mean1" ]
sed 's/ mean:/ again:/' "$tmp/boot.yaml" >"$tmp/again.yaml"
"$lunation" run "$tmp/again.yaml" --out "$tmp/again" >/dev/null 2>&1
sed -n 's/^again,/mean,/p' "$tmp/again/results.csv" >"$tmp/mean3"
ok "under another name it draws other patients" sh -c '! cmp -s "$1" "$2"' - "$tmp/mean1" "$tmp/mean3"
ok "another bootstrap before it moves none of its numbers" cmp "$tmp/mean1" "$tmp/mean2"
exits 1 "and diff" "$lunation" diff "$tmp/boot" "$tmp/more"
says "^Results only now" "lists only the new ones"
if grep -q "^Result changed" "$tmp/out"; then echo "not ok - a number has moved"; else echo "ok - no number has moved"; fi
