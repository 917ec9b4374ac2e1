-- SPDX-License-Identifier: GPL-3.0-or-later
-- cox_curve: the survival that a Cox model predicts for a subject.
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local newdata = require "lunation.surv.cox_newdata"
local options = require "lunation.base.options"
local suggest = require "lunation.base.suggest"

local methods = require("lunation.surv.cox_model").class.methods

-- The model columns of the subject by the data's columns that x names; for terms all of whose
-- columns it names.
local function evaluated(self, x)
  local data, named, any = self.endpoint.cohort.patients.data, {}, false
  for key, v in pairs(x) do
    if type(key) == "string" and data:has(key) then named[key], any = v, true end
  end
  if not any then return function() end end
  local design = self.design:like(newdata.one(self, named, 1), { all_rows = true })
  return function(term, j)
    for _, name in ipairs(newdata.read_by(self, term)) do
      if named[name] == nil then return nil end
    end
    return design:x(j)[1]
  end
end

local function check_level(term, chosen)
  for _, level in ipairs(term.levels) do if level == chosen then return end end
  errors.raise("usage.level", ('%s has no level "%s"'):format(term.name, tostring(chosen)),
    { hint = suggest.hint(tostring(chosen), term.levels) })
end

-- One subject's value of each column: x = { [column of the data, coefficient or term] = value }.
local function subject(self, x)
  local out, known, means = {}, {}, self.fit.means
  for _, term in ipairs(self.terms) do
    known[term.name] = true
    for _, name in ipairs(newdata.read_by(self, term)) do known[name] = true end
    for j = term.from, term.to do known[self.names[j]] = true end
    if term.levels and x[term.name] ~= nil then check_level(term, x[term.name]) end
  end
  for key in pairs(x) do
    if not known[key] and key ~= "stratum" then
      errors.raise("usage.term", ('the model has no term "%s"'):format(tostring(key)),
        { hint = suggest.hint(tostring(key), suggest.keys(known)) })
    end
  end
  local from_data = evaluated(self, x)
  for _, term in ipairs(self.terms) do
    for j = term.from, term.to do
      local level = term.levels and term.levels[j - term.from + 2]
      local given = x[self.names[j]]
      if given == nil then given = from_data(term, j) end
      if given == nil and level then given = x[term.name] == level and 1 or 0 end
      if given == nil then given = x[term.name] end
      out[j] = given == nil and means[j] or given
    end
  end
  return out
end

local function stratum_number(self, name)
  local strata = self.design.strata
  if not strata then return nil end
  for k, level in ipairs(strata.levels) do if level == name then return k end end
  errors.raise("usage.stratum", name == nil
    and "the model has strata: say which one (stratum = ...)"
    or ('there is no stratum "%s"'):format(tostring(name)),
    { hint = suggest.hint(tostring(name or ""), strata.levels) })
end

-- The hazard of a subject (column or term = value) as the core gives it, on its own data.
function methods:_hazard(x, stratum)
  return self.fit:path { x = subject(self, x), stratum = stratum_number(self, stratum) }
end

local Curve = class("cox_curve")
local CURVE_OPTIONS = { x = { type = "any" }, path = { type = "list" },
  stratum = { type = "string" }, offset = { type = "number", default = 0 },
  conf_type = { type = "string", default = "log", choices = { "log", "log-log", "plain", "arcsine",
    "logit" } },
  conf_level = { type = "number", min = 0.01, max = 0.9999 } }

--- Predicted survival of a subject. opt: x = { column or term = value } (not given: the mean, a
--- factor's first level), or path = { { from, to, x = {...} }, ... } for covariates that change;
--- stratum, offset, conf_type ("log"), conf_level. Fields: time, survival, lower, upper, se,
--- cumhaz, se_cumhaz, n_risk, n_event; :at(t), :quantile(p), :median().
function methods:curve(given)
  local opt = options.check("curve", given, CURVE_OPTIONS)
  local x, from, to = {}, nil, nil
  if opt.path then from, to = {}, {} end
  for i, piece in ipairs(opt.path or { { x = opt.x or {} } }) do
    for _, v in ipairs(subject(self, piece.x)) do x[#x + 1] = v end
    if opt.path then from[i], to[i] = piece[1], piece[2] end
  end
  local c = self.fit:path { x = x, from = from, to = to, offset = opt.offset,
    stratum = stratum_number(self, opt.stratum) }
  local z = core.dist.norm_quantile(0.5 + (opt.conf_level or self.opt.conf_level) / 2)
  local lower, upper, se = {}, {}, {}
  for i = 1, #c.time do
    lower[i], upper[i] = core.cox.limits(opt.conf_type, c.survival[i], c.se[i], z)
    se[i] = c.survival[i] * c.se[i]
  end
  return Curve.new { time = c.time, survival = c.survival, cumhaz = c.cumhaz, se_cumhaz = c.se,
    n_risk = c.n_risk, n_event = c.n_event,
    lower = lower, upper = upper, se = se, conf_type = opt.conf_type, unit = self.endpoint.unit }
end

--- The curve at time t: survival, lower, upper, se, cumhaz.
function Curve.methods:at(t)
  local lo, hi = 0, #self.time
  while lo < hi do
    local mid = (lo + hi + 1) // 2
    if self.time[mid] <= t then lo = mid else hi = mid - 1 end
  end
  if lo == 0 then
    return { time = t, survival = 1, lower = 1, upper = 1, se = 0, cumhaz = 0, se_cumhaz = 0 }
  end
  return { time = t, survival = self.survival[lo], lower = self.lower[lo], upper = self.upper[lo],
    se = self.se[lo],
    cumhaz = self.cumhaz[lo], se_cumhaz = self.se_cumhaz[lo] }
end

local function cross(time, y, target)
  for i = 1, #time do
    if y[i] and y[i] <= target + 1.5e-8 then
      if y[i] < target - 1.5e-8 then return time[i] end
      local j = i
      while j < #time and y[j] and y[j] >= target - 1.5e-8 do j = j + 1 end
      return (time[i] + time[j]) / 2
    end
  end
end

--- The time by which a fraction p has had the event: { estimate, lower, upper }; nil where not
--- reached.
function Curve.methods:quantile(p)
  return { estimate = cross(self.time, self.survival, 1 - p),
    lower = cross(self.time, self.lower, 1 - p),
    upper = cross(self.time, self.upper, 1 - p) }
end

--- The median: quantile(0.5).
function Curve.methods:median() return self:quantile(0.5) end

function Curve.methods:rows()
  local out = {}
  for i = 1, #self.time do
    out[i] = { statistic = "survival", time = self.time[i], value = self.survival[i],
      lower = self.lower[i], upper = self.upper[i],
      se = self.se[i], unit = self.unit }
  end
  return out
end

Curve.meta.__tostring = function(self)
  local m = self:median()
  return ("predicted survival at %d event times, median %s %s"):format(#self.time,
    format.time(m.estimate, m.lower, m.upper), self.unit)
end
