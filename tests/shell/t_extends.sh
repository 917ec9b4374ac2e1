# SPDX-License-Identifier: GPL-3.0-or-later
# A recipe that extends another: what it says is laid over, paths stay with the file that wrote them.
. tests/shell/tap.sh
mkdir "$tmp/base" "$tmp/site"
sed 's|\.\./examples/study160/||' recipes/study160.yaml >"$tmp/base/study.yaml"
cp examples/study160/patients.csv "$tmp/base/"
cd "$tmp/site" || exit 1
cat >later.yaml <<'YAML'
lunation: 1
id: later
version: 1.0.0
title: A later landmark
extends: ../base/study.yaml
analyses:
  response: { at: 180, title: Response at day 180 }
  arms: { cox: os, terms: arm + age }
  everyone: { km: os }
YAML
cat >latest.yaml <<'YAML'
lunation: 1
id: latest
version: 1.0.0
title: Twice over
extends: later.yaml
analyses: { response: { at: 5.9 } }
endpoints: { os: { unit: months, divide: 30.4375 } }
YAML
exits 0 "the base" "$lunation" run ../base/study.yaml --out base
exits 0 "the extension, whose data lie beside the base" "$lunation" run later.yaml --out later
exits 1 "they differ" "$lunation" diff base later
says "analyses.response.at: 90 → 180" "by an option that is laid over"
says "analyses.arms.terms: (nothing) → arm + age" "by an analysis of another kind, which replaces"
says "analyses.arms.times: .* → (nothing)" "what was there"
says "everyone median" "by an analysis that is added"
if grep -q "^  covariates" "$tmp/out"; then echo "not ok - the rest is as it was"; else echo "ok - the rest is as it was"; fi
exits 0 "its lock stands alone" "$lunation" verify later
ok "and records what it extends" grep -q "file: \"\.\./\.\./base/study.yaml\"" later/run.lock.yaml
ok "the report quotes the base where the base decides" grep -q 'ph_test: true' later/report.html
exits 0 "an extension of an extension" "$lunation" run latest.yaml --out latest
ok "has what all three say" sh -c 'grep -q "months" latest/results.csv && grep -q "at: 5.9" latest/run.lock.yaml'
sed 's|\.\./base/study.yaml|../base/nothing.yaml|' later.yaml >lost.yaml
exits 2 "a base that is not there" "$lunation" check lost.yaml
says "lost.yaml:5:10" "is said with its place"
sed 's|\.\./base/study.yaml|round.yaml|' later.yaml >round.yaml
exits 2 "a circle" "$lunation" check round.yaml
says "a circle?" "is found"
sed 's|at: 180|att: 180|' later.yaml >typo.yaml
exits 2 "a wrong key in the extension" "$lunation" check typo.yaml
says "typo.yaml:7:20" "is placed in the extension"
