-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local rmst = require "lunation.surv.rmst"

local function endpoint(time, status)
  return { surv = core.surv.new { time = time, status = status }, title = "OS", unit = "days" }
end

local r = rmst.fit(endpoint({ 1, 2, 4 }, { 1, 0, 1 }), { tau = 3 })
t.near(r.groups[1].rmst.estimate, 1 + 2 * 2 / 3, 1e-15, "the area by hand")
t.match(tostring(r), "rmst", "prints")
t.near(rmst.fit(endpoint({ 1, 2, 4 }, { 1, 0, 1 }), { tau = 9 }).groups[1].rmst.estimate,
  1 + 3 * 2 / 3, 1e-15,
  "a curve that has reached 0 is known beyond its last time")
local short = rmst.fit(endpoint({ 1, 2 }, { 1, 0 }), { tau = 3 })
t.is(short.groups[1].rmst, nil, "no mean beyond follow-up")
t.match(short:rows()[1].warning, "not followed to tau", "and the row says why")
t.is(rmst.fit(endpoint({ 1, 2 }, { 0, 0 }), { tau = 2 }).groups[1].rmst.estimate, 2.0,
  "no events: tau itself")
t.fails(function() rmst.fit(endpoint({}, {}), {}) end, "tau must be above 0", "no rows")

-- --- adjusted for covariates ---------------------------------------------------------------------
-- Nobody censored: ordinary least squares with the sandwich of White (1980), by hand for two groups
-- of 2 and 3.
local time, group = { 1, 3, 2, 4, 9 }, { 0, 0, 1, 1, 1 }
local full = core.surv.new { time = time, status = { 1, 1, 1, 1, 1 } }
local by = core.column.factor({ "a", "a", "b", "b", "b" }, { "a", "b" })
local ols = core.rmst.regression(full, { group }, { tau = 5, by = by })
t.near(ols.coef[1], 2, 1e-13, "no censoring: the intercept is the mean of the first group")
t.near(ols.coef[2], (2 + 4 + 5) / 3 - 2, 1e-13, "and the coefficient the difference of the means")
local spread = ((2 - 11 / 3) ^ 2 + (4 - 11 / 3) ^ 2 + (5 - 11 / 3) ^ 2) / 9
t.near(ols.se[2], math.sqrt(2 / 4 + spread), 1e-13, "with White's standard error")
local log = core.rmst.regression(full, { group }, { tau = 5, by = by, link = "ratio" })
t.near(log.coef[2], math.log(11 / 6), 1e-12, "the ratio of the means")
t.near(log.se[2], math.sqrt(0.5 / 4 + spread / (11 / 3) ^ 2), 1e-12, "by the delta method")
local loss = core.rmst.regression(full, { group }, { tau = 5, by = by, link = "loss_ratio" })
t.near(loss.coef[2], math.log((4 / 3) / 3), 1e-12, "the ratio of the time lost")
-- One group, no covariate: the weighted mean is the area under the curve.
local some = core.surv.new { time = { 1, 2, 3, 4, 6 }, status = { 1, 0, 1, 0, 1 } }
local area = rmst.fit({ surv = some, title = "", unit = "days" },
  { tau = 6 }).groups[1].rmst.estimate
local known = core.rmst.regression(some, {}, { tau = 6 })
t.is(known.known, 3, "rows whose time is known")
t.near(known.coef[1], (1 * 1 + 3 * 4 / 3 + 6 * 8 / 3) / (1 + 4 / 3 + 8 / 3), 1e-13, "weights 1 / G")
t.near(area, known.coef[1], 1e-13, "which is the area under the Kaplan-Meier curve")
-- A censoring at tau is known; another cause censors: weights 1, 0, 3 / 2, 3 / 2.
local at_tau = core.rmst.regression(core.surv.new { time = { 1, 2, 3 }, status = { 1, 1, 0 } }, {},
  { tau = 3 })
t.is(at_tau.known, 3, "censored at tau: known")
t.near(at_tau.coef[1], 2, 1e-14, "the plain mean")
local rivals = core.surv.new { time = { 1, 2, 3, 4 }, status = { 1, 2, 1, 1 } }
t.near(core.rmst.regression(rivals, {}, { tau = 4, cause = 1 }).coef[1],
  (1 + 1.5 * 3 + 1.5 * 4) / 4, 1e-13, "another cause censors")
t.fails(function() core.rmst.regression(core.surv.new { time = { 1, 2 }, status = { 1, 0 } }, {},
  { tau = 3 }) end,
  "followed to 2 only", "tau beyond the follow-up")
t.fails(function() core.rmst.regression(core.surv.new { time = { 1, 2 }, status = { 1, 1 },
  start = { 0, 1 } }, {}, { tau = 2 }) end,
  "delayed entry", "delayed entry is refused")
local twice = core.rmst.regression(full, { group, group }, { tau = 5, by = by })
t.is(twice.coef[3], nil, "a redundant column has no coefficient")
t.near(twice.se[2], ols.se[2], 1e-12, "and changes nothing")

local lun = require "lunation"
local patients = require("lunation.data.table").new(core.table.new { { "time",
  core.column.number { 1, 2, 3, 4, 6, 7 } },
  { "dead", core.column.integer { 1, 0, 1, 1, 1, 1 } }, { "arm", core.column.factor({ "a", "b", "a",
    "b", "a", "b" }, { "a", "b" }) },
  { "age", core.column.number { 50, 61, 47, nil, 70, 66, n = 6 } } }, {})
local os = lun.cohort(patients):survival { time = "time", event = "dead", is = 1 }
local adjusted = os:rmst { by = "arm", tau = 6, adjust = "age" }
t.is(table.concat(adjusted.adjusted.terms, ", "), "(intercept), b vs a, age",
  "terms of the regression")
t.is(adjusted.adjusted.dropped, 1, "a patient without age is left out of it")
t.match(adjusted.convention, "n = 5, 1 with a missing value left out", "and the convention says so")
local last = adjusted:rows()[#adjusted:rows()]
t.is(last.statistic .. " " .. last.term, "adjusted_rmtl_ratio age", "a row for each coefficient")
t.match(tostring(adjusted), "adjusted rmst difference", "prints")
t.fails(function() os:rmst { by = "arm", tau = 6, adjust = "agee" } end, "agee",
  "unknown covariate")
t.fails(function() os:rmst { by = "arm", tau = 6, adjust = "age + strata(arm)" } end,
  "covariates only", "strata are refused")

-- Case weights, against the estimating equations and their sandwich written in R 4.2 (loops over rows),
-- and for each arm alone numerical derivatives of the weighted area by the weights.
local study = lun.read("examples/study160/patients.csv", { key = "id", columns = { time = "number",
  event = "integer", age = "number", arm = { "A", "B" } } })
local v = { n = 160 }
for i = 1, 160 do v[i] = 0.5 + i % 5 / 4 end
local weighted = lun.cohort(study):derive("v", core.column.number(v))
  :survival { time = "time", event = "event", is = 1 }
  :rmst { by = "arm", tau = 365, adjust = "age", weights = "v" }
for name, e in pairs {
  difference = { 23.91393704808652, 21.240354454911, 0.74213694852596, 1.229561483522 },
  ratio = { 0.0928799009564089, 0.0833033209071918, 0.0028693031112693, 0.0047354794571315 },
  rmtl_ratio = { -0.224000192066323, 0.198559915710758, -0.006983880170943, 0.011726038079349 } } do
  local arm, age = weighted.adjusted[name][2], weighted.adjusted[name][3]
  t.near(arm.coef, e[1], 1e-10, name .. ", weighted: the groups")
  t.near(arm.se, e[2], 1e-10, name .. ", weighted: their standard error")
  t.near(age.coef, e[3], 1e-10, name .. ", weighted: a covariate")
  t.near(age.se, e[4], 1e-10, name .. ", weighted: its standard error")
end
t.near(weighted.groups[1].rmst.se, 16.31949934257, 1e-8, "robust standard error of an arm")
t.near(weighted.groups[2].rmst.se, 13.448178120906, 1e-8, "and of the other")
t.near(weighted.contrasts[1].difference.estimate, 270.72873006049 - 245.12136825044, 1e-10,
  "weighted difference")
t.near(weighted.contrasts[1].difference.se, math.sqrt(16.31949934257 ^ 2 + 13.448178120906 ^ 2), 1e-8,
  "its standard error")
t.done()
