-- SPDX-License-Identifier: GPL-3.0-or-later
-- standardised: survival curves of the groups adjusted by a Cox model (g-formula, direct
-- standardisation): the mean over all patients of the survival predicted were all in one group.
local class = require("lunation.base.result").class
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local newdata = require "lunation.surv.cox_newdata"
local options = require "lunation.base.options"
local pvalue = require "lunation.stat.pvalue"

local M = {}
local Standardised = class "standardised"

local OPTIONS = {
  by = { type = "string", required = true }, times = { type = "numbers", default = {} },
  tau = { type = "number", min = 0 },
  conf_level = { type = "number", default = 0.95, min = 0.01, max = 0.9999 },
}

local function refuse(what)
  errors.raise("usage.option", "standardised: curves are not known for " .. what,
    { hint = "leave it out of the model, or weight the groups: cohort:weights" })
end

local function check(model, by)
  if model.transforms then refuse "time transforms" end
  if model.design.strata then refuse "strata" end
  if model.design.offset then refuse "offsets" end
  if model.endpoint.start then refuse "delayed entry" end
  if model.weighted or model.opt.frequency then refuse "weights" end
  if model.ties == "exact" then refuse "exact ties" end
  for _, status in ipairs(model.status) do
    if status == "infinite" then refuse "an infinite hazard ratio" end
  end
  local column, read = model.endpoint.cohort:column(by), false
  for _, term in ipairs(model.terms) do
    for _, name in ipairs(newdata.read_by(model, term)) do read = read or name == by end
  end
  if not read then
    errors.raise("usage.term", ('no term of the model reads "%s"'):format(by))
  end
  if column.type ~= "factor" then
    errors.raise("usage.option", ("standardised: %s is no factor"):format(by),
      { hint = "declare its levels" })
  end
  return column
end

-- --- what the model says of its patients ---------------------------------------------------------

local function gathered(column, used)
  local out, values = {}, column:totable()
  for i, row in ipairs(used) do out[i] = values[row] end
  return out
end

-- Times, hazard and its parts at the mean covariates; of each patient used: risk, event, the number
-- of the last event time up to its own, and the change of the coefficients (dfbeta).
local function base_of(model)
  local used, p = model.fit.used, #model.names
  local curve = model.fit:path { x = model.fit.means }
  local b = { n = #used, p = p, used = used, time = curve.time:totable(),
    hazard = curve.cumhaz:totable(), deaths = curve.n_event:totable(),
    known = curve.known:totable(), slope = curve.slope:totable(), last = {}, event = {},
    change = {} }
  local time, status = gathered(model.endpoint.time, used), gathered(model.endpoint.status, used)
  local cause = model:_cause()
  b.risk = gathered(model:predict({ type = "risk", reference = "sample", se = false }).fit, used)
  for i = 1, b.n do
    local low, high = 0, #b.time
    while low < high do
      local middle = (low + high + 1) // 2
      if b.time[middle] <= time[i] then low = middle else high = middle - 1 end
    end
    b.last[i] = low
    b.event[i] = cause and status[i] == cause or not cause and status[i] ~= 0
  end
  for j, column in ipairs(model.fit:residuals "dfbeta") do b.change[j] = column:totable() end
  return b
end

-- The patients were all in one group: their risks and their covariates less the means.
local function set_to(model, b, by, level)
  local data, values = model.endpoint.cohort.patients.data, { n = #model.endpoint.time }
  for i = 1, values.n do values[i] = level end
  local column = data:column(by)
  data = data:with(by, core.column.factor(values, column.levels))
  local design = model.design:like(data, { all_rows = true })
  local out = { x = {}, risk = gathered(model:predict({ type = "risk", reference = "sample",
    se = false, newdata = data }).fit, b.used) }
  for j = 1, b.p do
    local x, mean = gathered(design:x(j), b.used), model.fit.means[j]
    for i = 1, b.n do x[i] = x[i] - mean end
    out.x[j] = x
  end
  return out
end

-- --- sums of the curve over event times ----------------------------------------------------------

-- Estimate and influence of each patient on sum of weight[k] S(time k) + constant.
local function functional(b, group, weight, constant)
  local n, p, total, own, slope = b.n, b.p, {}, {}, {}
  for i = 1, n do total[i] = constant end
  for j = 1, p do slope[j] = 0 end
  for k = 1, #b.time do
    local w, h, mean = weight[k], b.hazard[k], 0
    own[k] = 0
    if w then
      for i = 1, n do
        local r = group.risk[i]
        local s = math.exp(-r * h)
        total[i] = total[i] + w * s
        mean = mean + s * r / n
        for j = 1, p do slope[j] = slope[j] + w * s * r * h * group.x[j][i] / n end
      end
      own[k] = w * mean
      for j = 1, p do slope[j] = slope[j] + w * mean * b.slope[(k - 1) * p + j] end
    end
  end
  return total, own, slope
end

-- Each patient's part in the hazard, weighted by own[k] over the times: at its event the jump for
-- each death there, and while at risk its risk times the known variance.
local function hazard_parts(b, own)
  local m, later, running = #b.time, {}, {}
  later[m + 1], running[0] = 0, 0
  for k = m, 1, -1 do later[k] = later[k + 1] + own[k] end
  for k = 1, m do
    running[k] = running[k - 1] + (b.known[k] - (b.known[k - 1] or 0)) * later[k]
  end
  local out = {}
  for i = 1, b.n do
    local k = b.last[i]
    out[i] = -b.risk[i] * running[k]
    if b.event[i] then
      out[i] = out[i] + (b.hazard[k] - (b.hazard[k - 1] or 0)) / b.deaths[k] * later[k]
    end
  end
  return out
end

local function estimate(b, group, weight, constant)
  local total, own, slope = functional(b, group, weight, constant)
  local parts, mean, influence = hazard_parts(b, own), 0, {}
  for i = 1, b.n do mean = mean + total[i] / b.n end
  for i = 1, b.n do
    local x = (total[i] - mean) / b.n - parts[i]
    for j = 1, b.p do x = x - slope[j] * b.change[j][i] end
    influence[i] = x
  end
  return { estimate = mean, influence = influence }
end

local function with_limits(v, z, low, high)
  local sum = 0
  for _, x in ipairs(v.influence) do sum = sum + x * x end
  v.se = math.sqrt(sum)
  v.lower = math.max(low, v.estimate - z * v.se)
  v.upper = math.min(high, v.estimate + z * v.se)
  return v
end

local function difference(a, b, z)
  local influence = {}
  for i, x in ipairs(b.influence) do influence[i] = x - a.influence[i] end
  local v = with_limits({ estimate = b.estimate - a.estimate, influence = influence }, z,
    -math.huge, math.huge)
  if v.se > 0 then v.p, v.log_p = pvalue.normal(v.estimate / v.se) end
  return v
end

-- Weights of the event times for the survival at t: 1 at the last one up to it.
local function at_time(b, t)
  local k = 0
  while b.time[k + 1] and b.time[k + 1] <= t do k = k + 1 end
  return k > 0 and { [k] = 1 } or {}, k > 0 and 0 or 1
end

-- For the area up to tau: the time until the next event.
local function area(b, tau)
  local weight, first = {}, math.min(tau, b.time[1] or tau)
  for k, t in ipairs(b.time) do
    if t < tau then weight[k] = math.min(tau, b.time[k + 1] or tau) - t end
  end
  return weight, first
end

-- --- the result ----------------------------------------------------------------------------------

--- Adjusted survival of the levels of a factor among the model's terms: fit:standardised { by =
--- "arm", times = { 12, 36 }, tau = 36 }. opt: by, times, tau (restricted means up to it),
--- conf_level. Field groups: by level { survival (by time), rmst }, each { estimate, se, lower,
--- upper }; differences: to the first level, the same with p. Standard errors from each patient's
--- influence on the coefficients, the baseline and the mean. Errors: usage.option for strata,
--- offsets, delayed entry, weights, exact ties; data.tau beyond the last time.
function M.of(model, given)
  local opt = options.check("standardised", given, OPTIONS)
  local column = check(model, opt.by)
  local last, z = model.endpoint.surv.last, core.dist.norm_quantile(0.5 + opt.conf_level / 2)
  for _, t in ipairs { opt.tau or 0, table.unpack(opt.times) } do
    if t > last then
      errors.raise("data.tau", ("standardised: nobody is followed to %g"):format(t),
        { hint = ("the last time is %g"):format(last) })
    end
  end
  local b, seen = base_of(model), {}
  for _, level in ipairs(gathered(column, b.used)) do seen[level] = true end
  local self = { title = model.title .. ", adjusted", by = opt.by, times = opt.times, tau = opt.tau,
    unit = model.endpoint.unit, n = b.n, conf_level = opt.conf_level, groups = {},
    differences = {}, _model_convention = model.convention, formula = model.formula }
  for _, level in ipairs(column.levels) do
    if seen[level] then
      local group, out = set_to(model, b, opt.by, level), { label = level, survival = {} }
      for k, t in ipairs(opt.times) do
        out.survival[k] = with_limits(estimate(b, group, at_time(b, t)), z, 0, 1)
      end
      if opt.tau then
        out.rmst = with_limits(estimate(b, group, area(b, opt.tau)), z, 0, opt.tau)
      end
      self.groups[#self.groups + 1] = out
    end
  end
  local first = self.groups[1]
  for g = 2, #self.groups do
    local other, out = self.groups[g], { survival = {} }
    out.label = other.label .. " vs " .. first.label
    for k in ipairs(opt.times) do
      out.survival[k] = difference(first.survival[k], other.survival[k], z)
    end
    out.rmst = opt.tau and difference(first.rmst, other.rmst, z) or nil
    self.differences[g - 1] = out
  end
  return Standardised.new(self)
end

function Standardised.getters.convention(self)
  return ("Mean over %d patients of the survival that the model %s predicts were all of them in one "
    .. "group; %g%% limits from the patients' influence on coefficients, baseline and mean. %s")
    :format(self.n, self.formula, 100 * self.conf_level, self._model_convention)
end

function Standardised.methods:rows()
  local out = {}
  local function add(entry, suffix)
    local function row(v, statistic, time, unit)
      out[#out + 1] = { statistic = statistic .. suffix, group = entry.label, time = time,
        value = v.estimate, se = v.se, lower = v.lower, upper = v.upper, p = v.p, log_p = v.log_p,
        n = self.n, unit = unit }
    end
    for k, t in ipairs(self.times) do row(entry.survival[k], "adjusted_survival", t, self.unit) end
    if entry.rmst then row(entry.rmst, "adjusted_rmst", self.tau, self.unit) end
  end
  for _, g in ipairs(self.groups) do add(g, "") end
  for _, d in ipairs(self.differences) do add(d, "_difference") end
  return out
end

function Standardised.methods:table()
  local rows = {}
  for i, r in ipairs(self:rows()) do
    local mean = r.statistic:find("rmst", 1, true)
    rows[i] = { group = r.group, time = core.num.shortest(r.time),
      what = mean and "restricted mean" or "survival",
      value = format.estimate(r.value, r.lower, r.upper, mean and 2 or 3),
      p = r.p and format.p_value(r.p) or nil }
  end
  return { caption = self.title, rows = rows, notes = { self.convention }, columns = {
    { key = "group", label = self.by }, { key = "what", label = "Quantity" },
    { key = "time", label = self.unit, align = "right" },
    { key = "value", label = ("Estimate (%g%% CI)"):format(100 * self.conf_level),
      align = "decimal" }, { key = "p", label = "*p*", align = "decimal" } } }
end

return M
