-- SPDX-License-Identifier: GPL-3.0-or-later
-- cause_specific: Cox models of each cause of an endpoint, side by side.
local causes = require "lunation.surv.causes"
local cox = require "lunation.surv.cox"
local errors = require "lunation.errors"
local incidence = require "lunation.surv.predicted_incidence"
local options = require "lunation.base.options"

local M = {}
local CauseSpecific = require("lunation.base.result").class "cause_specific"

--- A model of each cause of an endpoint, the other causes censoring. Fields: models (a list),
--- causes (their names). opt: as for endpoint:cox, without cause.
function M.fit(endpoint, formula, given)
  local names, models = causes.names(endpoint), {}
  if #names < 2 then
    errors.raise("usage.cause", "cause_specific: the endpoint has one kind of event",
      { hint = "use endpoint:cox(terms)" })
  end
  for k in ipairs(names) do
    local opt = { cause = k }
    for key, v in pairs(given or {}) do opt[key] = v end
    models[k] = cox.fit(endpoint, formula, opt)
  end
  return CauseSpecific.new { models = models, endpoint = endpoint, causes = names,
    title = endpoint.title,
    convention = models[1].convention, conf_level = models[1].opt.conf_level }
end

-- --- predicted incidence -------------------------------------------------------------------------

-- The steps of all models' hazards for a subject by time: a list of { time, h (by model), and from
-- = (by model, the step's number in its curve) }.
local function steps(curves)
  local at, out = {}, {}
  for k, c in ipairs(curves) do
    for i = 1, #c.time do
      local t = c.time[i]
      if not at[t] then
        at[t] = { time = t, h = {}, from = {} }
        out[#out + 1] = at[t]
      end
      at[t].h[k] = c.cumhaz[i] - (i > 1 and c.cumhaz[i - 1] or 0)
      at[t].from[k] = i
    end
  end
  table.sort(out, function(a, b) return a.time < b.time end)
  return out
end

-- Adds to each step the incidence after it, and the derivative of its own share by each hazard. In
-- a step of h in all, 1 - exp(-h) of those alive have an event, of the cause in the share of its
-- hazard.
local function follow(list, cause, models)
  local survival, incidence = 1, 0
  for _, s in ipairs(list) do
    local h = 0
    for k = 1, models do h = h + (s.h[k] or 0) end
    local own, left = s.h[cause] or 0, math.exp(-h)
    local part = h > 0 and (1 - left) / h or 1
    local bend = h > 0 and (left - part) / h or -0.5
    s.by = {}
    for k = 1, models do
      s.by[k] = survival * (own * bend + (k == cause and part or 0))
    end
    incidence = incidence + survival * own * part
    survival = survival * left
    s.incidence = incidence
  end
end

-- Variance of the incidence f at time t: the steps' own, and what the coefficients of each model
-- add.
local function variance(models, curves, list, t, f)
  local sum = 0
  for k, c in ipairs(curves) do
    local p, q, known, slope = #models[k].names, {}, c.known, c.slope
    for j = 1, p do q[j] = 0 end
    for _, s in ipairs(list) do
      local i = s.from[k]
      if i and s.time <= t then
        local by = s.by[k] - (f - s.incidence)
        sum = sum + by * by * (known[i] - (i > 1 and known[i - 1] or 0))
        for j = 1, p do
          q[j] = q[j] + by * (slope[(i - 1) * p + j] - (i > 1 and slope[(i - 2) * p + j] or 0))
        end
      end
    end
    local vcov = models[k].vcov
    for a = 1, p do for b = 1, p do sum = sum + q[a] * vcov[a][b] * q[b] end end
  end
  return sum
end

local function finite(models)
  for _, model in ipairs(models) do
    for _, status in ipairs(model.status) do if status == "infinite" then return false end end
  end
  return true
end

-- Incidences and standard errors of one subject at the times.
local function predict_one(self, x, cause, times)
  local curves, out, se, last = {}, {}, {}, self.endpoint.surv.last
  for k, model in ipairs(self.models) do curves[k] = model:_hazard(x, x.stratum) end
  local list, known = steps(curves), finite(self.models)
  follow(list, cause, #self.models)
  for i, t in ipairs(times) do
    if t <= last then
      local f = 0
      for _, s in ipairs(list) do if s.time <= t then f = s.incidence end end
      out[i], se[i] = f, known and math.sqrt(variance(self.models, curves, list, t, f)) or nil
    end
  end
  return out, se
end

--- Cumulative incidence of a cause: { cause =, x = { column = value } or a list of subjects, times
--- = { ... }, conf_type = "cloglog" }. What a subject does not name is at the mean, a factor at its
--- first level; stratum: the name of the stratum. Fields incidence, se, lower, upper, by subject
--- and time. The variance is that of the hazards' steps and of the coefficients of all models
--- (Rosthøj 2004).
function CauseSpecific.methods:predict(given)
  local opt = options.check("predict", given, { x = { type = "list", required = true },
    times = { type = "numbers", required = true }, cause = { type = "any", required = true },
    conf_type = { type = "string", default = "cloglog", choices = incidence.CONF_TYPES } })
  local cause, out, errs = causes.number("predict", self.causes, opt.cause), {}, {}
  local subjects = #opt.x > 0 and opt.x or { opt.x }
  for i, x in ipairs(subjects) do
    out[i], errs[i] = predict_one(self, x, cause, opt.times)
  end
  return incidence.new { x = subjects, model = "cause-specific hazards", times = opt.times,
    incidence = out, se = errs, cause = self.causes[cause],
    n = self.models[1].n, unit = self.endpoint.unit, conf_level = self.conf_level,
    conf_type = opt.conf_type, convention = self.convention }
end

--- The rows of the models, with the cause as group.
function CauseSpecific.methods:rows()
  local out = {}
  for k, model in ipairs(self.models) do
    for _, row in ipairs(model:rows()) do
      row.group = self.causes[k]
      out[#out + 1] = row
    end
  end
  return out
end

--- The models side by side. opt: see lunation.report.tables.
function CauseSpecific.methods:table(opt)
  local list, o = {}, { title = self.title .. ", cause-specific hazards" }
  for k, model in ipairs(self.models) do list[k] = { label = self.causes[k], fit = model } end
  for key, v in pairs(opt or {}) do o[key] = v end
  return require("lunation.report.tables").regression(list, o)
end

return M
