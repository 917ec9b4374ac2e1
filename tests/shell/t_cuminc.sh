# SPDX-License-Identifier: GPL-3.0-or-later
# Competing causes from a recipe: curves, Gray's test and the figure in the report.
. tests/shell/tap.sh
cat >"$tmp/first.lua" <<'END'
local endpoint = require "lunation.endpoint"
endpoint.define {
  name = "first", version = "1", kind = "time_to_event", title = "Relapse or death", needs = { patient = { "days", "what" } },
  derive = function(p)
    return { time = p.days, event = ({ censored = false, relapse = "relapse", death = "death" })[p.what], reason = p.what }
  end,
}
END
cat >"$tmp/patients.csv" <<'END'
id,days,what,arm,score
1,5,relapse,a,1
2,8,death,b,2
3,11,censored,a,2
4,14,relapse,b,3
5,20,relapse,a,2
6,21,death,a,1
7,25,relapse,b,1
8,30,censored,b,3
END
cat >"$tmp/study.yaml" <<'END'
lunation: 1
id: two-causes
version: 1.0.0
title: Two causes
use: [first.lua]
data:
  patients:
    file: patients.csv
    key: id
    columns:
      score: { type: number }
      what: { type: factor, levels: [censored, relapse, death] }
      arm: { type: factor, levels: [a, b] }
endpoints:
  first: { use: first, unit: days }
  columns: { time: days, event: what, causes: { relapse: relapse, dead: death }, unit: days }
analyses:
  by-arm: { cuminc: first, by: arm, times: [20], gray: true, cause: relapse }
  overall: { cuminc: first, times: [20], figure: false }
  model: { finegray: first, cause: relapse, terms: arm + score, univariable: true, cause_specific: true, figure: forest }
  hazards: { cox: first, cause: relapse, terms: arm, cause_specific: true }
  of-columns: { cuminc: columns, times: [20], figure: false }
  means: { km: first, by: arm, rmst: 20, rmst_adjust: score, figure: false }
report: { formats: [html, csv] }
END
exits 0 "a recipe with cuminc runs" "$lunation" run "$tmp/study.yaml" --out "$tmp/report"
# By hand: 1/8 at day 5; 7/8 x 6/7 = 3/4 are free at day 14, when one of 5 relapses: 1/8 + 3/20 = 0.275;
# at day 20 one of 4: 0.275 + 3/4 x 4/5 x 1/4 = 0.425.
ok "the incidence of relapse by hand" grep -q '^overall,cuminc,,relapse,incidence,20,0.42[45]' "$tmp/report/results.csv"
ok "the causes have their names" grep -q '^by-arm,cuminc,b,death,incidence,20,0.25,' "$tmp/report/results.csv"
ok "Gray's test is in the report" grep -q "Gray.s test, relapse: p" "$tmp/report/report.html"
ok "competing events of a column" grep -q '^of-columns,cuminc,,dead,incidence,20,' "$tmp/report/results.csv"
ok "subdistribution hazard ratios are estimates of the run" grep -q '^model,model,,arm: b,shr,' "$tmp/report/results.csv"
ok "each covariate alone" grep -q '^model,univariable: score,,score,shr,' "$tmp/report/results.csv"
ok "and the hazard ratio of each cause" grep -q '^model,causes,death,arm: b,hr,' "$tmp/report/results.csv"
ok "the model is in the report" grep -q "SHR (95% CI)" "$tmp/report/report.html"
ok "a Cox model of one cause" grep -q '^hazards,model,,arm: b,hr,' "$tmp/report/results.csv"
ok "adjusted restricted means" grep -q '^means,rmst,b vs a,,adjusted_rmst_difference,20,' "$tmp/report/results.csv"
exits 0 "explain prints the calls" "$lunation" explain "$tmp/study.yaml"
says 'first:gray' "among them Gray's test"
sed -i 's/cause: relapse/cause: relaps/' "$tmp/study.yaml"
"$lunation" run "$tmp/study.yaml" --out "$tmp/bad" >"$tmp/out" 2>&1
says 'no cause relaps' "an unknown cause is named"
says 'did you mean "relapse"' "with those that exist"
