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

-- At the last time nobody is known to be without the event; a probability may be 0 or 1.
t.near(core.performance.brier(surv, { 1, 0.5, 0.6, 0 }, { time = 4 }).brier, 1.5 * 0.4 ^ 2 / 4,
  1e-14, "at the last time, probabilities of 0 and 1")

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

-- As timeROC: sd(iid) / sqrt(n), n times the influence, its mean taken out.
local ties = core.performance.auc(core.surv.new { time = { 1, 2, 2, 2, 3, 4, 5, 5, 6 },
  status = { 1, 0, 0, 1, 1, 0, 1, 0, 0 } }, { 3, 5, 2, 2, 2, 1, 4, 2, 3 },
  { time = 4, variance = "timeroc" })
local mean, squares = 0, 0
for i = 1, 9 do mean = mean + ties.influence[i] / 9 end
for i = 1, 9 do squares = squares + (ties.influence[i] - mean) ^ 2 end
t.ok(math.abs(mean) > 1e-4, "tied times: the influence by row does not sum to 0")
t.near(ties.se, 9 * math.sqrt(squares / 8) / 3, 1e-13, "its standard deviation over the root of n")

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
local Z = 1.959963984540054
t.near(y.points[2].lower, 0.65361668076965 - Z * 0.04539287338122, 1e-8, "its lower limit")
t.near(y.points[2].upper, 0.65361668076965 + Z * 0.04539287338122, 1e-8, "and its upper")
t.is(y:rows()[1].events, y.points[1].cases, "events of a row are the cases")
-- With censoring Score's standard errors are approximations (0.0453928669, 0.0092134532); these are
-- from numerical derivatives by the case weights in R.
t.near(y.points[2].se, 0.04539287338122, 1e-8, "its standard error")
local d = y:compare(x)
t.near(d.points[1].estimate, -0.0107548701298701, 1e-12, "difference of two models")
t.near(d.points[1].se, 0.0047593990111321, 1e-11, "its standard error")
t.near(d.points[1].p, 0.023839143162232, 1e-10, "and p")
t.near(d.points[2].se, 0.0055918730982890, 1e-5, "with censoring")
t.near(d.points[1].upper, -0.0107548701298701 + Z * 0.0047593990111321, 1e-9,
  "limits of a difference")
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
t.near(q.points[2].scaled, 1 - 0.2289964275515 / 0.24954390804135, 1e-11, "scaled by it")
t.near(q.points[2].lower, 0.2289964275515 - Z * 0.00921200887232, 1e-8, "limits of a score")
t.near(q.points[2].upper, 0.2289964275515 + Z * 0.00921200887232, 1e-8, "on both sides")
t.near(q:compare(p).points[2].estimate, -3.4592399422856e-05, 1e-9, "difference of two scores")
t.near(q:compare(p).points[2].se, 5.4749263510627e-05, 1e-4, "its standard error")
t.near(q.integrated.brier, 0.169659397379612, 1e-12, "integrated score")
t.near(q.integrated.null, 0.177903355607008, 1e-12, "of the same share for all")
t.near(q.integrated.scaled, 1 - 0.169659397379612 / 0.177903355607008, 1e-11, "scaled by it")
-- R: numerical derivatives by the case weights of the formula above, predictions as they are.
t.near(q.integrated.se, 0.01042473777101553, 1e-8, "its standard error")
t.near(q.integrated.upper, 0.169659397379612 + Z * 0.01042473777101553, 1e-9, "its limits")
local c = g:calibration { at = 365, thresholds = { 0.3 } }
t.near(c.intercept.estimate, 0.0096070196201155, 1e-7, "calibration intercept")
t.near(c.intercept.se, 0.11424961316018, 1e-9, "its standard error")
t.near(c.slope.estimate, 1.306543147708515, 1e-8, "calibration slope")
t.near(c.slope.se, 0.38504241002349, 1e-8, "its standard error")
t.near(c.slope.p, 0.4259574842298975, 1e-7, "p of the slope is against 1")
t.near(c.intercept.p, 0.9329864783484116, 1e-7, "that of the intercept against 0")
t.near(c.slope.lower, 1.306543147708515 - Z * 0.38504241002349, 1e-7, "limits of the slope")
t.near(c.ratio.estimate, 0.99936070873694, 1e-9, "observed to expected")
t.near(c.ratio.upper, 0.99936070873694 * math.exp(1.959963984540054 * 0.040581873586668
  / c.observed.observed), 1e-9, "its limits, on the log scale")
t.is(c.groups[1].n .. " " .. c.groups[5].n, "32 31", "groups")
t.near(c.groups[2].predicted, 0.44881452492711, 1e-9, "mean prediction of a group")
t.near(c.groups[2].observed, 0.49791271347249, 1e-12, "what was observed there")
t.near(c.groups[2].lower, 0.33586531273906, 1e-10, "with log-log limits")
t.near(c.groups[2].upper, 0.68646913754783, 1e-10, "on both sides")
t.is(#c:rows(), 2 * 5 + 2 + 1 + 2 + 2, "a row for each estimate")
-- R: survfit of those above the threshold, and of all.
local benefit = g:calibration({ at = 365, thresholds = { 0.5 } }).net_benefit[1]
t.is(benefit.above, 100, "patients above a threshold")
t.near(benefit.model, 0.1650722650298203, 1e-11, "net benefit")
t.near(benefit.all, 0.04271261914939872, 1e-11, "of treating everyone")

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
-- A model of one arm on the patients of the other, in R: survfit of it for them, Graf's formula.
local both = os.cohort
local arm_a = both:where("arm == 'A'"):survival { time = "time", event = "event", is = 1,
  unit = "days" }
local arm_b = both:where("arm == 'B'"):survival { time = "time", event = "event", is = 1,
  unit = "days" }
local there = arm_b:brier(arm_a:cox "age + marker", { times = { 365 }, integrated = 365 })
t.is(there.n, 84, "the patients judged")
t.near(there.points[1].brier, 0.2609706700093071, 1e-10, "a model of others")
t.near(there.integrated.brier, 0.1749497707886482, 1e-10, "over its own event times as well")

-- Columns beside the times, patients without one of them, a threshold that a prediction meets,
-- causes: by hand.
local six = lun.cohort(require("lunation.data.table").new(core.table.new {
  { "time", core.column.number { 1, 2, 3, 4, 5, 6 } },
  { "cause", core.column.integer { 1, 2, 0, 0, 1, 0 } },
  { "early", core.column.number { nil, 0.5, 0.25, 0.5, 0.75, 0.5, n = 6 } },
  { "late", core.column.number { 0.5, 0.5, 0.25, nil, 0.5, 0.25, n = 6 } },
  { "split", core.column.number { 0.5, 0.5, 0.25, 0.25, 0.5, 0.5 } },
  { "flat", core.column.number { 0.25, 0.25, 0.25, 0.25, 0.25, 0.25 } } }, {}))
local any = six:survival { time = "time", event = "cause", is = { 1, 2 }, unit = "days" }
local two = any:brier({ "early", "late" }, { times = { 2, 5 } })
t.is(two.n, 4, "known at all times")
t.near(two.points[1].brier, (0.5 ^ 2 + 0.25 ^ 2 + 0.75 ^ 2 + 0.5 ^ 2) / 4, 1e-14,
  "the first column at the first time")
t.near(two.points[2].brier, (0.5 ^ 2 + 1.5 * 0.5 ^ 2 + 1.5 * 0.25 ^ 2) / 4, 1e-14,
  "the second at the second")
local rival = six:survival { time = "time", event = "cause", causes = { a = 1, b = 2 },
  unit = "days" }
t.near(rival:brier("flat", { times = { 2 }, cause = "b" }).points[1].null,
  ((5 / 6) ^ 2 + 5 / 36) / 6, 1e-14, "null of a cause: Aalen-Johansen, at its own event")
local met = any:calibration("flat", { at = 2.5, thresholds = { 0.25 } })
t.is(met.net_benefit[1].above, 0, "a prediction at the threshold is not above it")
t.is(met.net_benefit[1].model, 0.0, "nobody treated: no benefit")
t.near(met.net_benefit[1].all, 1 / 3 - 2 / 3 / 3, 1e-14, "everybody")
t.is(#met.groups, 1, "equal predictions are one group")
t.near(any:calibration("split", { at = 2.5, thresholds = { 0.25 } }).net_benefit[1].model,
  4 / 6 * (1 / 2 - 1 / 2 / 3), 1e-14, "nor is it treated")
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
