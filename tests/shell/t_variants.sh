# SPDX-License-Identifier: GPL-3.0-or-later
# Variants of a recipe: checked like it, run beside it, laid beside it in the report, and part of its lock.
. tests/shell/tap.sh
recipe=$tmp/study.yaml
sed 's|\.\./examples|'"$PWD"'/examples|' recipes/study160.yaml >"$recipe"
cat >>"$recipe" <<'YAML'
variants:
  later: { title: A later landmark, only: response, analyses: { response: { at: 180 } } }
  women: { title: Women only, note: As a reviewer asked., cohort: [ { derive: { response: "if(missing(resp_day), 'no', 'yes')" } }, { include: sex == 'F' } ], only: arms }
  breslow: { title: Breslow's ties, only: [arms, covariates], conventions: sas }
YAML
exits 0 "a recipe with variants checks" "$lunation" check "$recipe"
says "3 variants" "and counts them"
exits 0 "it runs" "$lunation" run "$recipe" --out "$tmp/run"
says "variants: 3, " "and the summary names them"
ok "results say which variant they are of" grep -q '^response,.*,later$' "$tmp/run/results.csv"
ok "a variant runs only what it names" sh -c "! grep -q '^arms,.*,later$' '$tmp/run/results.csv'"
ok "the main results have no variant" grep -q '^arms,.*,$' "$tmp/run/results.csv"
ok "the table lays them side by side" grep -q '^Estimate,Main,A later landmark,Women only,' "$tmp/run/tables/variants-results.csv"
ok "what each does otherwise is listed" grep -q 'A later landmark,analyses.response.at,90,180' "$tmp/run/tables/variants-entries.csv"
ok "in the report too" grep -q "Sensitivity analyses" "$tmp/run/report.html"

# a variant gives what the recipe with the same settings gives
exits 0 "the same by --set" "$lunation" run "$recipe" --variant none --only response --set analyses.response.at=180 --out "$tmp/set"
grep '^response,.*,later$' "$tmp/run/results.csv" | sed 's/,later$/,/' >"$tmp/variant.csv"
ok "is the same to the last digit" sh -c "tail -n +2 '$tmp/set/results.csv' | cmp - '$tmp/variant.csv'"

exits 0 "the lock holds them" "$lunation" verify "$tmp/run"
says "^verified: the results are those of the lock" "with the same results"
exits 0 "one variant alone" "$lunation" run "$recipe" --variant later --out "$tmp/one"
ok "leaves out the others" sh -c "! grep -q ',women$' '$tmp/one/results.csv'"
exits 0 "none at all" "$lunation" run "$recipe" --variant none --out "$tmp/none"
ok "leaves the main ones" sh -c "tail -n +2 '$tmp/run/results.csv' | grep ',$' >'$tmp/main.csv'; tail -n +2 '$tmp/none/results.csv' | cmp - '$tmp/main.csv'"
exits 0 "explain names them" "$lunation" explain "$recipe"
says "^-- variant later (A later landmark)" "with their titles"
exits 0 "explain writes one" "$lunation" explain "$recipe" --variant later
says "landmark(180)" "as a script of its own"
sed 's/at: 180/at: 150/' "$recipe" >"$tmp/other.yaml"
exits 1 "diff sees a variant change" "$lunation" diff "$recipe" "$tmp/other.yaml"
says "variants.later.analyses.response.at: 180 → 150" "with its path"

exits 2 "a variant that is not there" "$lunation" run "$recipe" --variant latter --out "$tmp/no"
says "usage.variant" "is named"
says 'did you mean "later"' "with what was meant"
sed 's/at: 180/att: 180/' "$recipe" >"$tmp/typo.yaml"
exits 2 "a wrong key in a variant" "$lunation" check "$tmp/typo.yaml"
says "typo.yaml:43:[0-9]*.*analyses.response.att" "is placed in the variant"
sed 's/only: response/only: respons/' "$recipe" >"$tmp/only.yaml"
exits 2 "an analysis that is not there" "$lunation" check "$tmp/only.yaml"
says "recipe.variant" "is an error of the variant"
sed "s/title: Women only/version: 2.0.0/" "$recipe" >"$tmp/key.yaml"
exits 2 "what a variant cannot lay over" "$lunation" check "$tmp/key.yaml"
says 'unknown key "version" in variants.women' "is refused"
sed "s/sex == 'F'/sex == 'X'/" "$recipe" >"$tmp/empty.yaml"
exits 2 "a variant that cannot run" "$lunation" run "$tmp/empty.yaml" --out "$tmp/no"
says "variant women: " "says which it is"

sed 's/^variants:/report: { suppress_below: 5 }\nvariants:/' "$recipe" >"$tmp/small.yaml"
exits 0 "with small counts suppressed" "$lunation" run "$tmp/small.yaml" --out "$tmp/small"
ok "variants show no count" sh -c "awk -F, '/,(later|women|breslow)\$/ && (\$13 != \"\" || \$14 != \"\")' '$tmp/small/results.csv' | cmp - /dev/null"
ok "nor a rate" sh -c "! grep -q 'survival(' '$tmp/small/tables/variants-results.csv'"
