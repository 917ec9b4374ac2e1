-- SPDX-License-Identifier: GPL-3.0-or-later
-- Splines, tests of terms, predictions and time transforms of Cox models, against R 4.2 with
-- survival 3.5-3 and splines on the example study; what the printed model says of weights and of
-- several rows for a patient.
local t = dofile("tests/lua/tap.lua")
local lun = require "lunation"
local core = require "lunation.core"
local patients = lun.read("examples/study160/patients.csv", { key = "id" })
local os = lun.cohort(patients):survival { time = "time", event = "event", is = 1 }

local function each(column, expected, name, tol)
  for i, v in ipairs(expected) do t.near(column[i], v, tol or 1e-8, name .. " " .. i) end
end

-- coxph(Surv(time, event) ~ arm + ns(age, 3) + strata(stage)) and predict(, newdata)
local fit = os:cox("arm + ns(age, 3) + strata(stage)")
local new = { arm = { "A", "B" }, age = { 50, 70 }, stage = { "IV", "III" }, time = { 100, 200 } }
local function predict(type, reference)
  return fit:predict { type = type, newdata = new, reference = reference }
end
local lp = predict "lp"
each(lp.fit, { 0.166569978715739, -0.208887691378428 }, "lp from the mean of the stratum")
each(lp.se, { 0.159375497649877, 0.163019054443441 }, "its standard error")
each(predict("lp", "sample").fit, { 0.209272686515520, -0.187487994294614 },
  "lp from the mean of the sample")
each(predict("lp", "sample").se, { 0.185025582382044, 0.234898217373387 }, "its standard error")
each(predict("risk").se, { math.exp(lp.fit[1]) * lp.se[1], math.exp(lp.fit[2]) * lp.se[2] },
  "risk: delta method", 1e-14)
each(predict("expected").fit, { 0.2359503401792339, 0.3180289443193258 }, "expected events")
each(predict("expected").se, { 0.0909933965412176, 0.0905894193663362 }, "their standard error")
each(predict("survival").fit, { 0.7898198952733692, 0.7275817287519255 }, "survival")
each(predict("survival").se, { 0.0718683949267527, 0.0659112063491920 }, "its standard error")
local shares = predict "terms"
each(shares.fit["ns(age, 3)"], { 0.209272686515520, -0.232261422666252 }, "the share of a spline")
each(shares.se["arm"], { 0, 0.191409693417475 }, "the share of a factor")
local curve = fit:curve { x = { arm = "B", age = 70 }, stratum = "III" }:at(200)
t.near(curve.survival, predict("survival").fit[2], 1e-13, "a curve of the same subject")
t.is(#fit:predict().fit, 160, "without newdata the rows of the fit")
local own, martingale = fit:predict { type = "expected" }, fit:residuals()
t.near(own.fit[7], os.status[7] - martingale[7], 1e-9,
  "expected events are event minus martingale residual")
t.match(tostring(predict "lp"), "counted from the means of the stratum",
  "a printed prediction says where it counts from")
t.is(fit:predict { newdata = { { arm = "B", age = 70, stage = "III" },
  { arm = "A", stage = "IV" } } }.fit[2], nil,
  "rows as a list; a missing value gives no prediction")
t.fails(function() fit:predict { newdata = { arm = "C", age = 50, stage = "III" } } end, "C",
  "a level that the model does not know")
t.fails(function() fit:predict { newdata = { arm = "A", age = 50, stage = "V" } } end, "V",
  "a stratum that it does not know")
t.fails(function() fit:predict { newdata = { arm = "A", stage = "III" } } end, 'no column "age"',
  "a column that is missing")
t.fails(function() fit:predict { type = "expected",
  newdata = { arm = "A", age = 50, stage = "III" } } end, "time", "no time")
t.fails(function() fit:predict { newdata = 3 } end, "expected a table", "no table")

-- tests of terms
t.near(fit:term_test("ns(age, 3)").statistic, 5.40392174244066, 1e-8, "Wald test of a spline")
local tests = fit:term_tests():rows()
t.near(tests[2].chisq_lr, 4.96971233377565, 1e-8, "likelihood ratio test of a spline") t.is(
  tests[2].df, 3, "on 3 df")
t.is(tests[3].statistic, "nonlinearity", "a row for its nonlinear part") t.is(tests[3].df,
  2, "on 2 df")
t.near(tests[3].chisq_lr, 4.95858912959841, 1e-8, "likelihood ratio test of nonlinearity")
t.match(tostring(fit:term_tests()), "nonlinear part", "printed")
-- The two bases with the same knots span nearly the same curves: for rcs the Wald test is that of
-- its columns beyond x.
local rcs = os:cox("arm + rcs(age, 4)")
t.near(rcs:nonlinearity("rcs(age, 4)").statistic, rcs.fit:wald_of({ 3, 4 }).statistic, 1e-9,
  "nonlinearity of rcs is its other columns")
t.fails(function() fit:nonlinearity("arm") end, "is not a spline", "a factor has no nonlinearity")

-- effects
local effect = fit:effect("age", { at = { 50, 60 }, reference = 60 })
local at = fit:predict { newdata = { arm = "A", age = { 50, 60 }, stage = "III" },
  reference = "zero" }
t.near(effect.log_hr[1], at.fit[1] - at.fit[2], 1e-12,
  "an effect is a difference of linear predictors")
t.is(effect.se[2], 0.0, "none at the reference")
t.is(#fit:effect("age", { points = 7 }):rows(), 7, "points over the values")
local inter = os:cox("arm * age")
t.fails(function() inter:effect("age", { at = { 50 } }) end, "acts together with arm",
  "an interaction needs the other value")
t.near(inter:effect("age", { at = { 61 }, reference = 60, x = { arm = "B" } }).log_hr[1],
  inter.coef["age"] + inter.coef["arm: B × age"], 1e-12, "the effect within a level")
t.fails(function() fit:effect("sex") end, 'no term of the model reads "sex"',
  "a variable that is not there")

-- coxph(Surv(time, event) ~ arm + age + tt(age), tt = function(x, t, ...) x * log(t))
local tt = os:cox("arm + age + tt(age)", { tt = "log(t)" })
for name, v in pairs { ["arm: B"] = -0.05104041291454917, age = -0.01178990827463755,
  ["tt(age)"] = 0.00208197810730966 } do
  t.near(tt.coef[name], v, 1e-7, "tt: " .. name)
end
t.near(tt.se["tt(age)"], 0.00898560242393089, 1e-7, "its standard error")
t.is(tt.n, 160, "n counts patients, not rows of risk sets")
t.match(tt.convention, "tt%(age%) a function of time: log%(t%)",
  "the convention names the transform")
local same = os:cox("arm + age + tt(age)", { tt = function(x, time)
  local out = {}
  for i = 1, #x do out[i] = x[i] * math.log(time[i]) end
  return out
end })
t.near(same.coef["tt(age)"], tt.coef["tt(age)"], 1e-12, "a Lua function of the columns")
t.near(os:cox("arm + age + tt(age)", { tt = { age = "x * log(t)" } }).loglik, tt.loglik, 1e-12,
  "by variable, of x and t")
-- tt = function(x, t, ...) (x == "B") * (t > 100), ties = "breslow", strata(ecog)
local step = os:cox("arm + tt(arm) + strata(ecog)", { tt = "t > 100", ties = "breslow" })
t.near(step.coef["arm: B"], -0.414919428199785, 1e-7,
  "a step of a factor") t.near(step.coef["tt(arm): B"], 0.501030538318886, 1e-7, "its change")
t.near(step.se["tt(arm): B"], 0.444725940223056, 1e-7, "and its standard error")
-- Entry at the time of an event is not at risk there. R: coxph(Surv(start, time, event) ~ g +
-- tt(x), ties = "breslow", tt = function(x, t, ...) x * log(t)).
do
  local columns = { start = { 0, 0, 1, 0, 2, 0, 3, 1, 0, 4, 2, 0, 5, 0, 1, 0, 2, 3, 0, 1 },
    time = { 2, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 12, 12, 13 },
    event = { 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0 },
    x = { 0.5, 1.2, -0.3, 0.8, 1.5, -1.1, 0.2, 0.9, -0.7, 0.4, 1.1, -0.2, 0.6, 1.9, -0.9, 0.1, 0.3,
      -1.4, 0.7, 0 }, g = {} }
  for i = 1, 20 do columns.g[i] = (i - 1) % 2 + 1 end
  local list = {}
  for _, name in ipairs { "start", "time", "event", "x", "g" } do
    list[#list + 1] = { name, core.column.number(columns[name]) }
  end
  local rows = require("lunation.data.table").new(core.table.new(list), {})
  local entered = lun.cohort(rows):survival { start = "start", time = "time", event = "event",
    is = 1 }:cox("g + tt(x)", { tt = "log(t)", ties = "breslow" })
  t.near(entered.coef.g, 0.388931390486, 1e-10, "delayed entry with tt()")
  t.near(entered.coef["tt(x)"], 0.05293689430304, 1e-10, "its transformed term")
  t.near(entered.se["tt(x)"], 0.2116507204558, 1e-10, "and its standard error")
end
t.fails(function() os:cox("age + tt(age)") end, "has no transform", "tt() without a transform")
t.fails(function() os:cox("age", { tt = "log(t)" }) end, "needs a term tt",
  "a transform without tt()")
t.fails(function() os:cox("age + tt(age)", { tt = "log(time)" }) end, "it can read t",
  "a transform of something else")
t.fails(function() os:cox("age + tt(age)", { tt = { agee = "t" } }) end, "no transform",
  "a transform of another variable")
t.fails(function() os:cox("age + tt(age)", { tt = function() return { 1 } end }) end,
  "a value for each", "a function that returns too little")
t.fails(function() os:bootstrap { statistic = "hr", terms = "age + tt(age)" } end, "has no tt",
  "nor in a bootstrap of hazard ratios")
t.fails(function() os.cohort:linear("time ~ tt(age)") end, "only a Cox model",
  "nor in other models")
t.fails(function() tt:predict() end, "no fixed linear predictor", "no predictions of it")
t.fails(function() tt:effect("age") end, "no fixed linear predictor",
  "nor an effect of what depends on time")
t.near(os:cox("tt(arm) + age", { tt = "t" }):effect("age",
  { at = { 61 }, reference = 60 }).log_hr[1],
  os:cox("tt(arm) + age", { tt = "t" }).coef["age"], 1e-12, "but of the rest")
t.fails(function() tt:zph() end, "no fixed linear predictor", "no residuals of it")

-- weights: coxph(..., weights = 1 + ecog / 2, robust = TRUE)
local w = { n = 160 }
for i = 1, 160 do w[i] = 1 + os.cohort:column("ecog")[i] / 2 end
local weighted = os:cox("arm + age", { weights = core.column.number(w) })
t.near(weighted.robust_score.statistic, 0.416954531200548, 1e-7, "robust score test")
t.is(weighted.lr, nil, "no likelihood ratio test with sampling weights")
t.match(tostring(weighted), "Robust score test.*No likelihood ratio test",
  "and the printed model says why")
for _, row in ipairs(weighted:rows()) do
  t.ok(row.statistic ~= "p_lr" and row.statistic ~= "p_score", "no row of it")
end
t.fails(function() weighted:compare(weighted) end, "sampling weights", "nor a comparison of models")

-- (start, stop] rows
local split = lun.cohort(lun.read("examples/study160/patients.csv", { key = "id" }))
  :derive("response", "if(missing(resp_day), 'no', 'yes')",
    { levels = { "no", "yes" }, known = "resp_day" })
  :survival { time = "time", event = "event", is = 1 }:split("response")
local rows = split:cox("response")
t.is(rows.patients, 160, "a patient with two rows counts once")
t.match(tostring(rows), "160 patients in " .. rows.n .. " rows", "patients and rows are told apart")
t.ok(rows.n > 160, "there are more rows")

patients, os, fit, lp, shares, own, martingale, tests, rcs, effect, at, inter, tt, same, step,
  weighted, split, rows = nil
collectgarbage() collectgarbage()
t.is(core.blocks(), 0, "no block left")
t.done()
