-- SPDX-License-Identifier: GPL-3.0-or-later
-- Analysis kinds from a recipe to its results. Expected numbers: R 4.2, survival 3.5-3 (survdiff,
-- concordance with timewt "n/G2" and ymax 700 and its vcov, survfit and coxph of rows split at the
-- day of response).
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local program = (os.getenv("B") or "build") .. "/lunation"

local function command(line)
  local pipe = assert(io.popen(line .. " 2>&1; echo \"exit $?\""))
  local text = pipe:read "a"
  pipe:close()
  return text:match "^(.*)exit (%d+)%s*$"
end

local dir = command("mktemp -d"):match "%S+"
local root = command("pwd"):match "%S+"
local recipe = io.open(dir .. "/kinds.yaml", "w")
recipe:write(([[
lunation: 1
id: kinds
version: 1.0.0
title: Kinds
extends: %s/recipes/study160.yaml
analyses:
  tests: { logrank: os, by: arm, strata: sex, tests: [logrank, maxcombo, fleming-harrington], gamma: 1 }
  trend: { logrank: os, by: stage, trend: true }
  mean: { rmst: os, by: arm, tau: 365, adjust: age }
  boot: { bootstrap: os, statistic: rmst, at: 365, by: arm, replicates: 200, limits: bca }
  ratios: { bootstrap: os, statistic: hr, terms: arm + age, replicates: 100, seed: 5 }
  models: { concordance: os, models: [arm + age, arm + age + stage + marker], measure: uno, until: 700 }
  calibrated: { calibration: os, terms: age + stage, at: 365, thresholds: [0.3, 0.6] }
  curves: { roc: os, models: [age + stage, age + stage + marker], markers: marker, times: [180, 365] }
  alike: { adjusted: os, by: arm, terms: arm + age + marker, times: [365], tau: 365, ties: breslow }
  scores: { brier: os, models: [age + stage, age + stage + marker], times: [365], integrated: 365 }
  switch: { simon_makuch: os, by: response, times: [180, 365] }
]]):format(root))
recipe:close()

local ids = { "tests", "trend", "mean", "boot", "ratios", "models", "switch", "calibrated", "curves",
  "scores", "alike" }
local only = " --only " .. table.concat(ids, " --only ")
local said, code = command(("%s run %s/kinds.yaml%s --out %s/out"):format(program, dir, only, dir))
t.is(code, "0", "the recipe runs: " .. said)

local rows, names = {}, nil
for line in io.lines(dir .. "/out/results.csv") do
  local cells = {}
  for cell in (line .. ","):gmatch "([^,]*)," do cells[#cells + 1] = cell end
  if not names then names = cells
  else
    local row = {}
    for i, name in ipairs(names) do row[name] = cells[i] end
    rows[#rows + 1] = row
  end
end

local function find(analysis, statistic, more)
  for _, row in ipairs(rows) do
    local fits = row.analysis == analysis and row.statistic == statistic
    for k, v in pairs(more or {}) do fits = fits and row[k] == v end
    if fits then return row end
  end
  return {}
end
local function value(...) return core.num.parse(find(...).value or "") or 0 / 0 end

t.near(value("tests", "chisq", { result = "logrank" }), 0.323740945713, 1e-10,
  "stratified log-rank test")
t.ok(value("tests", "p", { result = "maxcombo" }) > 0.1, "MaxCombo")
t.near(value("trend", "chisq"), 12.5452376775, 1e-10, "log-rank test of four groups")
t.ok(value("trend", "p_trend") < 0.01, "and their trend")
t.near(value("models", "concordance", { result = "model 1" }), 0.524316548053, 1e-10,
  "Uno's C of a model")
t.near(value("models", "concordance", { result = "model 2" }), 0.588390562963, 1e-10,
  "and of a larger one")
t.near(value("models", "concordance_difference"), 0.0640740149096, 1e-9, "their difference")
t.near(core.num.parse(find("models", "concordance_difference").upper),
  0.0640740149096 + 1.959963984540054 * 0.0369282100635, 1e-9, "and its limits")
t.near(value("switch", "survival", { group = "no", time = "180" }), 0.708635631417, 1e-10,
  "Simon-Makuch curve before the response")
t.near(value("switch", "survival", { group = "yes", time = "365" }), 0.679835012930, 1e-10,
  "and after it")
t.near(math.log(value("switch", "hr")), -0.466307509222, 1e-8, "time-dependent hazard ratio")
t.near(value("boot", "rmst_difference"), value("mean", "rmst_difference"), 1e-12,
  "the bootstrap is of the same difference")
local b = find("boot", "rmst_difference")
t.ok(core.num.parse(b.lower) < value("boot", "rmst_difference")
  and value("boot", "rmst_difference") < core.num.parse(b.upper), "within its limits")
t.ok(value("mean", "adjusted_rmst_difference") == value("mean", "adjusted_rmst_difference"),
  "adjusted restricted mean")

local html = io.open(dir .. "/out/report.html"):read "a"
for _, id in ipairs(ids) do
  t.ok(html:find('id="' .. id, 1, true), "the report has a section on " .. id)
end
local script = command(("%s explain %s/kinds.yaml%s"):format(program, dir, only))
t.match(script, "compare%(models_model_1%)", "the script compares the models")
-- printf '1/boot' | sha256sum | cut -c1-12, as a decimal
t.match(script, 'os:bootstrap {[^\n]*seed = 105813841177319[^\n]*}', "a seed of the recipe's and the name")
t.match(script, 'os:bootstrap {[^\n]*seed = 5', "or the analysis's own")
t.match(html, "4 patients with a missing value in one of the models left out of all", "who is left out")
t.near(value("curves", "auc", { result = "model 1", time = "365" }), 0.65166791060863, 1e-10,
  "area under a ROC curve")
t.near(value("curves", "auc", { result = "marker", time = "180" }), 0.37327516233766, 1e-10,
  "of a column")
t.near(value("curves", "auc_difference", { time = "180" }), -0.0107548701298701, 1e-10,
  "the difference of two")
t.near(value("scores", "brier", { result = "model 2" }), 0.2289964275515, 1e-10, "Brier score")
t.near(value("scores", "integrated_brier", { result = "model 2" }), 0.169659397379612, 1e-10,
  "integrated")
t.near(value("alike", "adjusted_survival_difference"), 0.023995670706443, 1e-9, "adjusted survival")
t.ok(value("calibrated", "calibration_slope") > 0.5, "calibration slope")
t.ok(find("calibrated", "net_benefit", { group = "threshold 0.3" }).value, "net benefit")
command("rm -r " .. dir)
t.done()
