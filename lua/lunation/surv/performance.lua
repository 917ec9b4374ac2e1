-- SPDX-License-Identifier: GPL-3.0-or-later
-- performance: how well a marker or a model tells who will have the event by a time, under
-- censoring: time-dependent ROC curves (Blanche et al. 2013) and Brier scores (Graf et al. 1999).
local causes = require "lunation.surv.causes"
local class = require "lunation.base.result".class
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local options = require "lunation.base.options"
local predicted = require "lunation.surv.predicted"
local pvalue = require "lunation.stat.pvalue"

local M = {}

local function quantile(level) return core.dist.norm_quantile(0.5 + level / 2) end

local function cause_of(what, endpoint, cause)
  return cause ~= nil and causes.number(what, causes.names(endpoint), cause) or 0
end

local function check_times(what, times)
  if #times == 0 then errors.raise("usage.option", what .. ": option times is required") end
end

-- --- ROC curves ----------------------------------------------------------------------------------

local Roc = class("roc", { "cause" })
local ROC_OPTIONS = {
  times = { type = "numbers", required = true }, cause = { type = "any" },
  conf_level = { type = "number", default = 0.95, min = 0.01, max = 0.9999 },
  larger = { type = "string", default = "worse", choices = { "worse", "better" } },
  variance = { type = "string", default = "jackknife", choices = { "jackknife", "timeroc" } },
}

local function reversed(column)
  local out = { n = #column }
  for i = 1, #column do out[i] = -column[i] end
  return core.column.number(out)
end

--- ROC curves of a column of the cohort, or of a Cox model (its linear predictor; with strata the
--- predicted risk), at times: who has had the event by t against who has not. opt: times, cause
--- (controls are all without it by t), larger ("worse": larger values mean earlier events),
--- variance ("jackknife", or "timeroc" as R's timeROC), conf_level. Field points: a list of { time,
--- auc, se, lower, upper, n, cases, controls, censored (before t: of unknown outcome), fpr, tpr,
--- threshold, influence }. Errors: data.tau beyond the follow-up; usage.marker.
function M.roc(endpoint, what, given)
  local opt = options.check("roc", given, ROC_OPTIONS)
  check_times("roc", opt.times)
  local p = predicted.of(endpoint, what, opt.times, "marker")
  local cause, z, points = cause_of("roc", endpoint, opt.cause), quantile(opt.conf_level), {}
  for k, t in ipairs(opt.times) do
    local marker = opt.larger == "better" and reversed(p.at(t)) or p.at(t)
    local point = core.performance.auc(p.surv, marker, { time = t, cause = cause,
      variance = opt.variance })
    point.time = t
    if point.se then
      point.lower, point.upper = math.max(0, point.auc - z * point.se), math.min(1,
        point.auc + z * point.se)
    end
    points[k] = point
  end
  return Roc.new { title = "Time-dependent ROC curve: " .. p.label, label = p.label,
    unit = endpoint.unit, points = points,
    n = p.n, predicted = p, cause = opt.cause, variance = opt.variance,
      conf_level = opt.conf_level }
end

function Roc.getters.convention(self)
  local out = "Cumulative cases against dynamic controls, weighted for censoring (deaths leave "
    .. "before censorings at the same time; Uno 2007, Blanche 2013); %g%% limits from the "
    .. "influence of each patient%s, that of the estimated censoring included."
  return out:format(100 * self.conf_level, self.variance == "timeroc"
    and ", ties separated as by timeROC" or "")
    .. predicted.dropped(self.predicted)
end

function Roc.methods:rows()
  local out = {}
  for k, p in ipairs(self.points) do
    out[k] = { statistic = "auc", time = p.time, value = p.auc, se = p.se, lower = p.lower,
      upper = p.upper, n = p.n,
      events = p.cases, unit = self.unit, term = self.label, warning = not p.auc
        and "no cases or no controls" or nil }
  end
  return out
end

--- The differences to another's areas at the same times, by the same patients: rows() with
--- estimate, limits and p.
function Roc.methods:compare(other) return M.compare(self, other) end

--- The curves as lunation.figure.roc takes them. label: put before the time.
function Roc.methods:curves(label)
  local out = {}
  for k, p in ipairs(self.points) do
    local auc = p.auc and { estimate = p.auc, lower = p.lower, upper = p.upper } or nil
    out[k] = { label = ("%s%s %s"):format(label and label .. ", " or "", core.num.shortest(p.time),
      self.unit),
      fpr = p.fpr:totable(), tpr = p.tpr:totable(), auc = auc }
  end
  return out
end

function Roc.methods:table()
  local rows = {}
  for k, p in ipairs(self.points) do
    rows[k] = { time = core.num.shortest(p.time), cases = p.cases, controls = p.controls,
      censored = p.censored,
      auc = p.auc and format.estimate(p.auc, p.lower, p.upper, 3) or format.missing }
  end
  return { caption = self.title, rows = rows, notes = { self.convention }, columns = {
    { key = "time", label = self.unit, align = "right" }, { key = "cases", label = "Cases",
      align = "right" },
    { key = "controls", label = "Controls", align = "right" }, { key = "censored",
      label = "Censored", align = "right" },
    { key = "auc", label = ("AUC (%g%% CI)"):format(100 * self.conf_level), align = "decimal" } } }
end

-- --- differences ---------------------------------------------------------------------------------

local Difference = class("performance_difference")

-- The two lists of points of scores of the same patients at the same times.
local function matched(a, b)
  if a.predicted.dropped + b.predicted.dropped > 0
    or a.predicted.endpoint.n ~= b.predicted.endpoint.n then
    errors.raise("usage.nested", ("the two are of different patients (%d and %d)"):format(a.n, b.n),
      { hint = "judge both on endpoint:complete { ... }" })
  end
  for k, p in ipairs(a.points) do
    if not b.points[k] or b.points[k].time ~= p.time then
      errors.raise("usage.nested", "the two are judged at different times")
    end
  end
end

--- Differences a - b of two results of roc, or of two of brier, of the same patients at the same
--- times: each with its standard error from both influences. Errors: usage.nested.
function M.compare(a, b)
  matched(a, b)
  local z, points = quantile(a.conf_level), {}
  local name = a.points[1].brier and "brier" or "auc"
  for k, p in ipairs(a.points) do
    local q, sum, n = b.points[k], 0, a.n
    local x, y = p.influence:totable(), q.influence:totable()
    for i = 1, n do sum = sum + (x[i] - y[i]) ^ 2 end
    local point = { time = p.time }
    if p[name] and q[name] then
      local se = math.sqrt(sum * n / (n - 1))
      point.estimate, point.se = p[name] - q[name], se
      point.lower, point.upper = point.estimate - z * se, point.estimate + z * se
      if se > 0 then point.p, point.log_p = pvalue.normal(point.estimate / se) end
    end
    points[k] = point
  end
  return Difference.new { title = ("%s against %s"):format(a.label, b.label), statistic = name
    .. "_difference", points = points,
    unit = a.unit, n = a.n, conf_level = a.conf_level,
    convention = "Differences of scores of the same patients; standard errors from the patients' "
      .. "influence on both." }
end

function Difference.methods:rows()
  local out = {}
  for k, p in ipairs(self.points) do
    out[k] = { statistic = self.statistic, time = p.time, value = p.estimate, se = p.se,
      lower = p.lower, upper = p.upper,
      p = p.p, log_p = p.log_p, n = self.n, unit = self.unit }
  end
  return out
end

function Difference.methods:table()
  local rows = {}
  for k, p in ipairs(self.points) do
    rows[k] = { time = core.num.shortest(p.time), p = p.p and format.p_value(p.p) or format.missing,
      value = p.estimate and format.estimate(p.estimate, p.lower, p.upper, 4) or format.missing }
  end
  return { caption = self.title, rows = rows, notes = { self.convention }, columns = {
    { key = "time", label = self.unit, align = "right" },
    { key = "value", label = ("Difference (%g%% CI)"):format(100 * self.conf_level),
      align = "decimal" },
    { key = "p", label = "*p*", align = "decimal" } } }
end

-- --- Brier score ---------------------------------------------------------------------------------

local Brier = class("brier", { "cause", "integrated" })
local BRIER_OPTIONS = {
  times = { type = "numbers", default = {} }, cause = { type = "any" },
    integrated = { type = "number", min = 0 },
  conf_level = { type = "number", default = 0.95, min = 0.01, max = 0.9999 },
}

-- The share with the event by t in the sample itself: 1 - Kaplan-Meier, of a cause Aalen-Johansen.
local function share(surv, t, cause)
  if cause == 0 or surv.causes <= 1 then
    local km = core.km.fit(surv, {})
    return 1 - km:_at(1, t).survival
  end
  local c, out = core.cuminc.fit(surv, {}).curves[cause], 0
  for i = 1, #c.time do if c.time[i] <= t then out = c.incidence[i] end end
  return out
end

local function constant(n, value)
  local out = { n = n }
  for i = 1, n do out[i] = value end
  return core.column.number(out)
end

local function scored(surv, risk, t, cause, z)
  local point = core.performance.brier(surv, risk, { time = t, cause = cause })
  point.time, point.lower, point.upper = t, math.max(0, point.brier - z * point.se),
    point.brier + z * point.se
  local null = share(surv, t, cause)
  point.null = core.performance.brier(surv, constant(#risk, null), { time = t,
    cause = cause }).brier
  point.scaled = point.null > 0 and 1 - point.brier / point.null or nil
  return point
end

-- Times at which a score of the model can change, up to tau: those of the patients judged, and of
-- the model's own.
local function steps(endpoint, model, tau)
  local seen, out = {}, {}
  for _, column in ipairs { endpoint.time, model.endpoint.time } do
    for i = 1, #column do
      local t = column[i]
      if t < tau and t > 0 and not seen[t] then
        seen[t] = true
        out[#out + 1] = t
      end
    end
  end
  table.sort(out)
  return out
end

-- The area under the score, a step function that is 0 before the first time, over tau.
local function integrate(p, grid, tau, cause)
  local total, null, influence = 0, 0, {}
  for i = 1, p.n do influence[i] = 0 end
  for k, t in ipairs(grid) do
    local width = ((grid[k + 1] or tau) - t) / tau
    local risk = p.at(t)
    local point = core.performance.brier(p.surv, risk, { time = t, cause = cause })
    total = total + width * point.brier
    null = null + width * core.performance.brier(p.surv, constant(p.n, share(p.surv, t, cause)),
      { time = t, cause = cause }).brier
    for i, v in ipairs(point.influence:totable()) do influence[i] = influence[i] + width * v end
    p.forget(t)
  end
  local sum = 0
  for i = 1, p.n do sum = sum + influence[i] ^ 2 end
  return { brier = total, null = null, scaled = null > 0 and 1 - total / null or nil,
    se = math.sqrt(sum * p.n / (p.n - 1)),
    tau = tau, influence = influence }
end

--- Brier scores of predicted probabilities at times: a column with them, a list of columns beside
--- the times, or a Cox model. opt: times, integrated (also the mean score up to this time, exactly
--- over all steps; of a model only), cause, conf_level. Field points: a list of { time, brier, se,
--- lower, upper, null (the score of the same share for all), scaled (1 - brier / null), influence
--- }; integrated: { brier, se, lower, upper, null, scaled, tau }.
function M.brier(endpoint, what, given)
  local opt = options.check("brier", given, BRIER_OPTIONS)
  if not opt.integrated then check_times("brier", opt.times) end
  if opt.integrated and not predicted.is_model(what) then
    errors.raise("usage.option",
      "brier: the integrated score needs the predictions at all times, those of a model")
  end
  local kept = #opt.times > 0 and opt.times or { opt.integrated }
  local p = predicted.of(endpoint, what, kept, "risk")
  local cause, z, points = cause_of("brier", endpoint, opt.cause), quantile(opt.conf_level), {}
  for k, t in ipairs(opt.times) do points[k] = scored(p.surv, p.at(t), t, cause, z) end
  local mean
  if opt.integrated then
    mean = integrate(p, steps(endpoint, what, opt.integrated), opt.integrated, cause)
    mean.lower, mean.upper = math.max(0, mean.brier - z * mean.se), mean.brier + z * mean.se
  end
  return Brier.new { title = "Brier score: " .. p.label, label = p.label, unit = endpoint.unit,
    points = points, n = p.n,
    predicted = p, cause = opt.cause, integrated = mean, conf_level = opt.conf_level }
end

function Brier.getters.convention(self)
  return ("Mean squared difference of outcome and predicted probability, weighted for censoring "
    .. "(deaths leave before censorings at the same time; Graf 1999); null: the same share for "
    .. "everyone; %g%% limits from the influence of each patient, that of the estimated censoring "
    .. "included, the predictions taken as given.")
    :format(100 * self.conf_level) .. predicted.dropped(self.predicted)
end

--- The differences to another's scores at the same times, by the same patients.
function Brier.methods:compare(other) return M.compare(self, other) end

function Brier.methods:rows()
  local out = {}
  local function add(name, p, t)
    out[#out + 1] = { statistic = name, time = t, value = p.brier, se = p.se, lower = p.lower,
      upper = p.upper, n = self.n,
      unit = self.unit, term = self.label }
    out[#out + 1] = { statistic = name .. "_null", time = t, value = p.null, n = self.n,
      unit = self.unit }
    out[#out + 1] = { statistic = name .. "_scaled", time = t, value = p.scaled, n = self.n,
      unit = self.unit,
      term = self.label }
  end
  for _, p in ipairs(self.points) do add("brier", p, p.time) end
  if self.integrated then add("integrated_brier", self.integrated, self.integrated.tau) end
  return out
end

function Brier.methods:table()
  local rows = {}
  local function add(label, p)
    rows[#rows + 1] = { time = label, brier = format.estimate(p.brier, p.lower, p.upper, 3),
      null = format.number(p.null, 3),
      scaled = p.scaled and format.number(p.scaled, 3) or format.missing }
  end
  for _, p in ipairs(self.points) do add(core.num.shortest(p.time), p) end
  if self.integrated then
    add("0 to " .. core.num.shortest(self.integrated.tau), self.integrated)
  end
  return { caption = self.title, rows = rows, notes = { self.convention }, columns = {
    { key = "time", label = self.unit, align = "right" },
    { key = "brier", label = ("Brier score (%g%% CI)"):format(100 * self.conf_level),
      align = "decimal" },
    { key = "null", label = "Null", align = "decimal" }, { key = "scaled", label = "Scaled",
      align = "decimal" } } }
end

return M
