-- SPDX-License-Identifier: GPL-3.0-or-later
-- Prediction performance. Expected numbers: R 4.2, riskRegression 2022.11.28 (Score: AUC, Brier
-- scores and differences with their standard errors), survival 3.5-3 and formulas in R for the
-- integrated score, and glm (quasi, cloglog) of survival::pseudo with a sandwich for calibration.
-- By hand: three patients.
local t = dofile("tests/lua/tap.lua")
local lun = require "lunation"
local core = require "lunation.core"

-- --- by hand -------------------------------------------------------------------------------------
-- Times 1 (event), 2 (censored), 3 (event), 4: at 3 the weights are 1, 0, 3/2, 3/2.
local surv = core.surv.new { time = { 1, 2, 3, 4 }, status = { 1, 0, 1, 0 } }
local b = core.performance.brier(surv, { 0.9, 0.5, 0.6, 0.2 }, { time = 3 })
t.near(b.brier, (0.1 ^ 2 + 1.5 * 0.4 ^ 2 + 1.5 * 0.2 ^ 2) / 4, 1e-14, "Brier score by hand")
local a = core.performance.auc(surv, { 2, 9, 1, 1 }, { time = 3 })
t.near(a.auc, (1 * 1 + 1.5 * 0.5) / 2.5, 1e-14, "area by hand, a tie is one half")
t.is(("%d %d %d"):format(a.cases, a.controls, a.censored), "2 1 1", "cases, controls, censored")
t.is(a.fpr[3], 0.0, "the curve: the largest marker of those that count is a case")
t.near(a.tpr[3], 1 / 2.5, 1e-14, "with its weight")
t.is(a.tpr[4] .. " " .. a.fpr[4], "1.0 1.0", "and ends at (1, 1)")

-- Copies of a row are its case weight: the influence is the derivative.
local function auc(extra)
  local time, status, marker = { 1, 2, 2, 3, 4, 5, 5, 6 }, { 1, 0, 1, 1, 0, 1, 0, 0 },
    { 3, 5, 2, 2, 1, 4, 2, 3 }
  local k = 400
  local out = { {}, {}, {} }
  for i = 1, #time do
    for _ = 1, k + (i == extra and 1 or 0) do
      table.insert(out[1], time[i])
      table.insert(out[2], status[i])
      table.insert(out[3], marker[i])
    end
  end
  local s = core.surv.new { time = out[1], status = out[2] }
  local risk = {}
  for i, v in ipairs(out[3]) do risk[i] = v / 10 end
  return core.performance.auc(s, out[3], { time = 4 }),
    core.performance.brier(s, risk, { time = 4 }), k
end
local base, base_brier, k = auc()
for i = 1, 8 do
  local more, more_brier = auc(i)
  local at = (i - 1) * k + 1
  t.near(base.influence[at], more.auc - base.auc, 2e-2, "influence on the area of row " .. i)
  t.near(base_brier.influence[at], more_brier.brier - base_brier.brier, 2e-2, "on the score")
end

-- A competing event by t: its row is a control with the weight 1 / G(T-).
local causes = core.surv.new { time = { 1, 2, 3, 4 }, status = { 1, 2, 0, 0 } }
t.near(core.performance.brier(causes, { 0.5, 0.25, 0.1, 0 }, { time = 3, cause = 1 }).brier,
  (0.25 + 0.0625) / 4, 1e-14, "a competing event is no event, and observed")
t.near(core.performance.auc(causes, { 3, 4, 1, 2 }, { time = 2.5, cause = 1 }).auc, 2 / 3, 1e-14,
  "and a control")
t.is(core.performance.auc(surv, { 1, 2, 3, 4 }, { time = 0.5 }).auc, nil, "no case yet: no area")
t.fails(function() core.performance.auc(surv, { 1, 2, 3, 4 }, { time = 5 }) end,
  "follow%-up, which ends at 4", "beyond the follow-up")
t.fails(function() core.performance.brier(surv, { 0, 0, 0, 1.2 }, { time = 2 }) end,
  "row 4: a predicted probability is 1.2", "no probability")
t.fails(function() core.performance.auc(surv, { 1, 0 / 0, 3, 4 }, { time = 2 }) end,
  "row 2: the marker is missing", "a missing marker")

-- --- against R -----------------------------------------------------------------------------------
local patients = lun.read("examples/study160/patients.csv", { key = "id", columns = {
  time = "number", event = "integer", age = "number", stage = { "I", "II", "III", "IV" },
    marker = "number" } })
local all = lun.cohort(patients):survival { time = "time", event = "event", is = 1, unit = "days" }
local os = all:complete { "age + stage", "age + stage + marker" }
t.is(os.incomplete, 4, "four patients have no stage or no marker")
t.match(tostring(os), "a missing value in one of the models: 4 left out", "and are counted")
t.is(os:complete({ "age" }).incomplete, 0, "nobody else")
local f, g = os:cox "age + stage", os:cox "age + stage + marker"
local x, y = f:roc { times = { 180, 365 } }, g:roc { times = { 180, 365 } }
t.near(x.points[1].auc, 0.64326298701299, 1e-12, "area, 180 days")
t.near(x.points[1].se, 0.049020351392467, 1e-12, "its standard error (no censoring up to then)")
t.near(y.points[2].auc, 0.65361668076965, 1e-12, "area, 365 days")
-- With censoring Score's standard errors are approximations (0.0453928669, 0.0092134532); these are
-- from numerical derivatives by the case weights in R.
t.near(y.points[2].se, 0.04539287338122, 1e-8, "its standard error")
local d = y:compare(x)
t.near(d.points[1].estimate, -0.0107548701298701, 1e-12, "difference of two models")
t.near(d.points[1].se, 0.0047593990111321, 1e-11, "its standard error")
t.near(d.points[1].p, 0.023839143162232, 1e-10, "and p")
t.near(d.points[2].se, 0.0055918730982890, 1e-5, "with censoring")
local marker = os:roc("marker", { times = { 180 } })
t.near(marker.points[1].auc, 0.37327516233766, 1e-12, "a column")
t.near(os:roc("marker", { times = { 180 }, larger = "better" }).points[1].auc, 1 - 0.37327516233766,
  1e-12, "of which larger is better")
local p, q = f:brier { times = { 180, 365 } }, g:brier { times = { 180, 365 }, integrated = 365 }
t.near(q.points[1].brier, 0.19434757799505, 1e-12, "Brier score")
t.near(q.points[1].se, 0.0154501116641713, 1e-11, "its standard error")
t.near(q.points[2].brier, 0.2289964275515, 1e-12, "Brier score, 365 days")
t.near(q.points[2].se, 0.00921200887232, 1e-8, "its standard error")
t.near(q.points[2].null, 0.24954390804135, 1e-12, "of the same share for all")
t.near(q:compare(p).points[2].estimate, -3.4592399422856e-05, 1e-9, "difference of two scores")
t.near(q:compare(p).points[2].se, 5.4749263510627e-05, 1e-4, "its standard error")
t.near(q.integrated.brier, 0.169659397379612, 1e-12, "integrated score")
t.near(q.integrated.null, 0.177903355607008, 1e-12, "of the same share for all")
local c = g:calibration { at = 365, thresholds = { 0.3 } }
t.near(c.intercept.estimate, 0.0096070196201155, 1e-7, "calibration intercept")
t.near(c.intercept.se, 0.11424961316018, 1e-9, "its standard error")
t.near(c.slope.estimate, 1.306543147708515, 1e-8, "calibration slope")
t.near(c.slope.se, 0.38504241002349, 1e-8, "its standard error")
t.near(c.ratio.estimate, 0.99936070873694, 1e-9, "observed to expected")
t.near(c.ratio.upper, 0.99936070873694 * math.exp(1.959963984540054 * 0.040581873586668
  / c.observed.observed), 1e-9, "its limits, on the log scale")
t.is(c.groups[1].n .. " " .. c.groups[5].n, "32 31", "groups")
t.near(c.groups[2].predicted, 0.44881452492711, 1e-9, "mean prediction of a group")
t.near(c.groups[2].observed, 0.49791271347249, 1e-12, "what was observed there")
t.near(c.groups[2].lower, 0.33586531273906, 1e-10, "with log-log limits")
t.near(c.groups[2].upper, 0.68646913754783, 1e-10, "on both sides")
t.is(#c:rows(), 2 * 5 + 2 + 1 + 2 + 2, "a row for each estimate")

-- --- other patients, other shapes ----------------------------------------------------------------
local risk = g:probability(365)
local cohort = os.cohort:derive("risk", risk)
local by_column = cohort:survival { time = "time", event = "event", is = 1, unit = "days" }
t.near(by_column:brier("risk", { times = { 365 } }).points[1].brier, q.points[2].brier, 1e-14,
  "a column of probabilities")
t.near(by_column:calibration("risk", { at = 365 }).slope.estimate, c.slope.estimate, 1e-14,
  "calibration of it")
t.near(by_column:brier(g, { times = { 365 } }).points[1].brier, q.points[2].brier, 1e-12,
  "a model on other patients")
t.is(all:roc(g, { times = { 180 } }).n, 156, "patients without a prediction are left out")
t.match(all:roc(g, { times = { 180 } }).convention, "4 patients without a prediction",
  "and counted")
local strata = os:cox "age + strata(stage)"
t.ok(strata:roc({ times = { 180 } }).points[1].auc > 0.6, "a model with strata: by predicted risk")
t.match(tostring(c), "Intercept 0.01", "calibration prints")
t.match(tostring(q), "0 to 365", "scores print")
t.match(tostring(d), "age %+ stage %+ marker against age %+ stage", "differences print")
t.is(#c:drawing().groups, 5, "what the figure takes")
t.match(lun.figure.roc({ curves = y:curves() }).description, "180 days, AUC 0.63",
  "the ROC figure takes the curves")
t.fails(function() by_column:brier("risk", { integrated = 365 }) end, "those of a model",
  "no integrated score of one column")
t.fails(function() all:roc("marker", { times = { 180 } }):compare(x) end, "different patients",
  "different patients are not compared")
t.fails(function() os:roc({ "marker" }, { times = { 180, 365 } }) end, "1 columns for 2 times",
  "columns go with times")
t.fails(function() os:roc(3, { times = { 180 } }) end, "a column's name", "no marker")
t.done()
