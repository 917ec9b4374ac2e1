-- SPDX-License-Identifier: GPL-3.0-or-later
-- calibration: predicted probabilities of an event by a time against what was observed: in groups
-- of patients, as a ratio, by a regression of pseudo-values, and as the net benefit of acting on
-- them.
local class = require "lunation.base.result".class
local core = require "lunation.core"
local format = require "lunation.format"
local kaplan_meier = require "lunation.surv.km"
local options = require "lunation.base.options"
local predicted = require "lunation.surv.predicted"
local pvalue = require "lunation.stat.pvalue"

local M = {}
local Calibration = class("calibration", { "intercept", "slope", "why" })

local OPTIONS = {
  at = { type = "number", required = true, min = 0 },
  groups = { type = "integer", default = 5, min = 2, max = 100 },
  thresholds = { type = "numbers", default = {} },
  conf_level = { type = "number", default = 0.95, min = 0.01, max = 0.9999 },
  conf_type = { type = "string", default = "log-log", choices = { "log", "log-log", "plain",
    "arcsine", "logit" } },
}

-- --- groups --------------------------------------------------------------------------------------

-- The group of each value: between quantiles (type 7), the upper one included, as R's cut.
local function cut(risk, groups)
  local sorted, breaks, codes = table.move(risk, 1, #risk, 1, {}), {}, {}
  table.sort(sorted)
  for g = 1, groups - 1 do
    local b = core.summary.quantile(sorted, g / groups)
    if b ~= breaks[#breaks] then breaks[#breaks + 1] = b end
  end
  for i, v in ipairs(risk) do
    local g = 1
    while breaks[g] and v > breaks[g] do g = g + 1 end
    codes[i] = tostring(g)
  end
  local levels = {}
  for g = 1, #breaks + 1 do levels[g] = tostring(g) end
  return core.column.factor(codes, levels)
end

-- Observed risk at t of a group of curves: { observed, lower, upper }, nil fields where unknown.
local function observed(km, t, label)
  local at = km:at(t, label)
  if not at.survival then return {} end
  return { observed = 1 - at.survival, se = at.se, lower = at.upper and 1 - at.upper,
    upper = at.lower and 1 - at.lower }
end

local function grouped(sample, risk, opt)
  local by, out, sum = cut(risk, opt.groups), {}, {}
  local km = kaplan_meier.fit(sample, { by = by, conf_type = opt.conf_type,
    conf_level = opt.conf_level })
  for i, v in ipairs(risk) do sum[by[i]] = (sum[by[i]] or 0) + v end
  for label, curve in km:curves() do
    local g, n = observed(km, opt.at, label), math.tointeger(curve.n) or curve.n
    g.n, g.predicted, g.events = n, sum[label] / n, km:at(opt.at, label).events
    out[#out + 1] = g
  end
  return out
end

-- --- regression of pseudo-values -----------------------------------------------------------------

-- Two normal equations; nil when they have no solution.
local function solve(a, b, c, u, v)
  local det = a * c - b * b
  if det <= 1e-12 * a * c then return nil end
  return (c * u - b * v) / det, (a * v - b * u) / det
end

-- Sums of d d', d (y - mu) and (y - mu)^2 d d', with d the derivative of 1 - exp(-exp(a + b x)).
local function sums(x, y, a, b)
  local s = { 0, 0, 0, u = 0, v = 0, 0, 0, 0, squares = 0 }
  for i = 1, #x do
    local e = math.exp(a + b * x[i])
    local d, r = e * math.exp(-e), y[i] - 1 + math.exp(-e)
    local dx = d * x[i]
    s[1], s[2], s[3] = s[1] + d * d, s[2] + d * dx, s[3] + dx * dx
    s.u, s.v, s.squares = s.u + d * r, s.v + dx * r, s.squares + r * r
    s[4], s[5], s[6] = s[4] + r * r * d * d, s[5] + r * r * d * dx, s[6] + r * r * dx * dx
  end
  return s
end

-- A step of Gauss-Newton from (a, b), halved until the squares do not grow; slope: b moves too.
local function step(x, y, a, b, s, slope)
  local da, db = s.u / s[1], 0
  if slope then da, db = solve(s[1], s[2], s[3], s.u, s.v) end
  for _ = 1, 30 do
    if not da then return nil end
    local next_ = sums(x, y, a + da, b + db)
    if next_.squares <= s.squares * (1 + 1e-12) then return a + da, b + db, next_ end
    da, db = da / 2, db / 2
  end
end

local function interval(estimate, se, null, z)
  local out = { estimate = estimate, se = se, lower = estimate - z * se, upper = estimate + z * se }
  if se > 0 then out.p, out.log_p = pvalue.normal((estimate - null) / se) end
  return out
end

-- Pseudo-values regressed on x = log(-log(1 - risk)) with the complementary log-log link: the
-- intercept with the slope at 1, or both; with the sandwich variance.
local function regress(x, y, slope, z)
  local a, b, s = 0, 1, sums(x, y, 0, 1)
  for _ = 1, 100 do
    local na, nb, next_ = step(x, y, a, b, s, slope)
    if not na then return nil end
    local change = math.abs(na - a) + math.abs(nb - b)
    a, b, s = na, nb, next_
    if change < 1e-13 * (1 + math.abs(a)) then break end
  end
  if not slope then return interval(a, math.sqrt(s[4]) / s[1], 0, z) end
  local det = s[1] * s[3] - s[2] * s[2]
  local p, q = -s[2] / det, s[1] / det
  return interval(b, math.sqrt(p * p * s[4] + 2 * p * q * s[5] + q * q * s[6]), 1, z)
end

local function calibrate(self, km, risk, z)
  local x, y, pseudo = {}, {}, km:pseudo(self.at)
  for i, v in ipairs(risk) do
    if v <= 0 or v >= 1 then
      self.why = "Intercept and slope need predictions between 0 and 1, these not included."
      return
    end
    x[i], y[i] = math.log(-math.log(1 - v)), 1 - pseudo[i]
  end
  self.intercept, self.slope = regress(x, y, false, z), regress(x, y, true, z)
  if not self.slope then self.why = "The calibration slope cannot be estimated." end
end

-- --- net benefit ---------------------------------------------------------------------------------

-- Benefit of treating those above the threshold, from their share and their survival to t.
local function benefit(part, survival, threshold)
  return part * (1 - survival - survival * threshold / (1 - threshold))
end

local function net_benefit(sample, risk, opt, overall)
  local out = {}
  for k, threshold in ipairs(opt.thresholds) do
    local codes, above = {}, 0
    for i, v in ipairs(risk) do
      codes[i] = v > threshold and "above" or "below"
      above = above + (v > threshold and 1 or 0)
    end
    local entry = { threshold = threshold, above = above, model = 0.0,
      all = benefit(1, 1 - overall, threshold) }
    if above > 0 then
      local by = core.column.factor(codes, { "below", "above" })
      local at = kaplan_meier.fit(sample, { by = by }):at(opt.at, "above")
      entry.model = at.survival and benefit(above / #risk, at.survival, threshold)
    end
    out[k] = entry
  end
  return out
end

-- --- the result ----------------------------------------------------------------------------------

local function ratio(overall, mean, z)
  if not (overall.observed and overall.observed > 0 and overall.se and mean > 0) then return nil end
  local estimate, half = overall.observed / mean, z * overall.se / overall.observed
  return { estimate = estimate, lower = estimate * math.exp(-half),
    upper = estimate * math.exp(half) }
end

--- Calibration at a time of predicted probabilities of the event (a column's name) or of a Cox
--- model. opt: at, groups (of equal size by predicted risk, 5), thresholds (of the net benefit),
--- conf_type (of the observed risks, "log-log"), conf_level. Fields: groups, a list of { n, events,
--- predicted, observed, lower, upper }; predicted (the mean), observed { observed, lower, upper },
--- ratio (observed to expected), intercept (with the slope at 1) and slope { estimate, se, lower,
--- upper, p } (p of the slope: against 1), net_benefit, a list of { threshold, above, model, all };
--- why, where something is missing. Errors: data.tau beyond the follow-up; usage.marker.
function M.of(endpoint, what, given)
  local opt = options.check("calibration", given, OPTIONS)
  local p = predicted.of(endpoint, what, { opt.at }, "risk")
  local z, sample = core.dist.norm_quantile(0.5 + opt.conf_level / 2),
    { surv = p.surv, title = endpoint.title, unit = endpoint.unit }
  local risk, sum = p.at(opt.at):totable(), 0
  core.performance.brier(p.surv, risk, { time = opt.at }) -- checks the time and the range
  for _, v in ipairs(risk) do sum = sum + v end
  local km = kaplan_meier.fit(sample, { conf_type = opt.conf_type, conf_level = opt.conf_level })
  local self = { title = "Calibration: " .. p.label, label = p.label, unit = endpoint.unit,
    at = opt.at, n = p.n, conf_level = opt.conf_level, predicted = sum / p.n, sample = p,
    observed = observed(km, opt.at), groups = grouped(sample, risk, opt) }
  self.ratio = ratio(self.observed, self.predicted, z)
  calibrate(self, km, risk, z)
  self.net_benefit = net_benefit(sample, risk, opt, self.observed.observed)
  return Calibration.new(self)
end

function Calibration.getters.convention(self)
  return ("Observed risk at %g %s: 1 - Kaplan-Meier, %g%% limits; groups of equal size by "
    .. "predicted risk; intercept and slope: pseudo-values regressed on log(-log(1 - predicted)) "
    .. "with the complementary log-log link, sandwich variance (Royston 2015; McLernon 2023).")
    :format(self.at, self.unit, 100 * self.conf_level) .. predicted.dropped(self.sample)
end

local NAMES = { "intercept", "slope" }

function Calibration.methods:rows()
  local out = {}
  local function add(statistic, v, more)
    local row = { statistic = statistic, time = self.at, value = v.estimate, lower = v.lower,
      upper = v.upper, p = v.p, log_p = v.log_p, se = v.se, n = self.n, unit = self.unit }
    for k, value in pairs(more or {}) do row[k] = value end
    out[#out + 1] = row
  end
  for g, group in ipairs(self.groups) do
    add("predicted", { estimate = group.predicted }, { group = tostring(g), n = group.n })
    add("observed", { estimate = group.observed, lower = group.lower, upper = group.upper },
      { group = tostring(g), n = group.n, events = group.events,
        warning = not group.observed and "no patient of this group is observed so long" or nil })
  end
  add("predicted", { estimate = self.predicted })
  add("observed", { estimate = self.observed.observed, lower = self.observed.lower,
    upper = self.observed.upper })
  if self.ratio then add("observed_to_expected", self.ratio) end
  for _, name in ipairs(NAMES) do
    if self[name] then add("calibration_" .. name, self[name]) end
  end
  for _, b in ipairs(self.net_benefit) do
    local group = "threshold " .. core.num.shortest(b.threshold)
    add("net_benefit", { estimate = b.model }, { group = group })
    add("net_benefit_all", { estimate = b.all }, { group = group })
  end
  return out
end

-- "intercept 0.01 (-0.2 to 0.2)", "slope 1.0 (0.8 to 1.2)", those that are known.
local function coefficients(self)
  local out = {}
  for _, name in ipairs(NAMES) do
    local v = self[name]
    if v then out[#out + 1] = name .. " " .. format.estimate(v.estimate, v.lower, v.upper, 2) end
  end
  return out
end

--- What lunation.figure.calibration takes: { groups, annotation }.
function Calibration.methods:drawing()
  local groups = {}
  for _, g in ipairs(self.groups) do
    if g.observed then
      groups[#groups + 1] = { predicted = g.predicted, observed = g.observed, lower = g.lower,
        upper = g.upper, n = g.n }
    end
  end
  return { groups = groups, annotation = coefficients(self) }
end

-- "Intercept 0.01 (-0.2 to 0.2), slope 1.0 (0.8 to 1.2), observed to expected 1.0 (...)."
local function summary(self)
  local out = coefficients(self)
  if self.ratio then
    out[#out + 1] = "observed to expected "
      .. format.estimate(self.ratio.estimate, self.ratio.lower, self.ratio.upper, 2)
  end
  local text = table.concat(out, ", ")
  return text ~= "" and text:sub(1, 1):upper() .. text:sub(2) .. "." or nil
end

--- Groups, predicted and observed risk.
function Calibration.methods:table()
  local rows = {}
  local function add(name, n, mean, o)
    rows[#rows + 1] = { group = name, n = n, predicted = format.percent(mean, 1),
      observed = format.rate(o.observed, o.lower, o.upper) }
  end
  for g, group in ipairs(self.groups) do add(tostring(g), group.n, group.predicted, group) end
  add("All", self.n, self.predicted, self.observed)
  local notes = { summary(self) }
  notes[#notes + 1] = self.why
  notes[#notes + 1] = self.convention
  return { caption = ("%s, %s %s"):format(self.title, core.num.shortest(self.at), self.unit),
    rows = rows, notes = notes, columns = { { key = "group", label = "Group" },
      { key = "n", label = "N", align = "right" },
      { key = "predicted", label = "Predicted, %", align = "decimal" },
      { key = "observed", label = ("Observed, %% (%g%% CI)"):format(100 * self.conf_level),
        align = "decimal" } } }
end

--- The net benefit at each threshold as a table; nil without thresholds.
function Calibration.methods:benefits()
  if #self.net_benefit == 0 then return nil end
  local rows = {}
  for k, b in ipairs(self.net_benefit) do
    rows[k] = { threshold = format.percent(b.threshold, 0), above = b.above,
      model = b.model and format.number(b.model, 3) or format.missing,
      all = b.all and format.number(b.all, 3) or format.missing }
  end
  return { caption = "Net benefit: " .. self.label, rows = rows, notes = {
    "Share of true positives less that of false positives at the odds of the threshold "
      .. "(Vickers 2008)." },
    columns = { { key = "threshold", label = "Threshold", align = "right" },
      { key = "above", label = "Above", align = "right" },
      { key = "model", label = "By prediction", align = "decimal" },
      { key = "all", label = "Everyone", align = "decimal" } } }
end

return M
