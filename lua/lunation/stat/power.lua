-- SPDX-License-Identifier: GPL-3.0-or-later
-- power: events, patients and power of a comparison of two groups, planned: of survival (Schoenfeld
-- 1981, Freedman 1982) and of two proportions.
local class = require("lunation.base.result").class
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local options = require "lunation.base.options"

local M = {}
local Plan = class("power_plan", { "n", "events", "power", "p_control", "p_treated" })

local COMMON = {
  alpha = { type = "number", default = 0.05, min = 1e-9, max = 0.5 },
  power = { type = "number", min = 0.01, max = 0.999999 },
  share = { type = "number", default = 0.5, min = 0.001, max = 0.999 },
  sides = { type = "integer", default = 2, min = 1, max = 2 },
}

local SURVIVAL = {
  hr = { type = "number", required = true, min = 1e-6, max = 1e6 },
  method = { type = "string", default = "schoenfeld", choices = { "schoenfeld", "freedman" } },
  r2 = { type = "number", default = 0, min = 0, max = 0.999 },
  events = { type = "number", min = 1 }, n = { type = "number", min = 2 },
  median = { type = "number", min = 1e-9 }, hazard = { type = "number", min = 1e-12 },
  accrual = { type = "number", min = 0 }, follow_up = { type = "number", min = 0 },
  dropout = { type = "number", default = 0, min = 0 },
}

local function with_common(own)
  for name, rule in pairs(COMMON) do own[name] = own[name] or rule end
  return own
end

local function quantile(opt) return core.dist.norm_quantile(1 - opt.alpha / opt.sides) end

-- --- survival ------------------------------------------------------------------------------------

-- The square of what one event adds to the normal statistic.
local SIGNAL = {
  schoenfeld = function(opt)
    return opt.share * (1 - opt.share) * math.log(opt.hr) ^ 2 * (1 - opt.r2)
  end,
  freedman = function(opt)
    local ratio = opt.share / (1 - opt.share)
    return ratio * ((1 - opt.hr) / (1 + ratio * opt.hr)) ^ 2
  end,
}

-- The probability that a patient's event is seen, with exponential times to it and to dropping out,
-- uniform entry during accrual and follow-up of all for at least follow_up.
local function probability(hazard, opt)
  local all = hazard + opt.dropout
  local early = math.exp(-all * opt.follow_up)
  local censored = opt.accrual > 0
    and (early - math.exp(-all * (opt.accrual + opt.follow_up))) / (all * opt.accrual) or early
  return hazard / all * (1 - censored)
end

local function patients(self, opt)
  local hazard = opt.hazard or opt.median and math.log(2) / opt.median
  if not hazard then return end
  if opt.accrual == nil or opt.follow_up == nil then
    errors.raise("usage.option", "power: the number of patients needs accrual and follow_up",
      { hint = "both in the unit of the median" })
  end
  self.p_control, self.p_treated = probability(hazard, opt), probability(hazard * opt.hr, opt)
  local mean = (1 - opt.share) * self.p_control + opt.share * self.p_treated
  if self.n then self.events = self.n * mean else self.n = self.events and self.events / mean end
  return mean
end

local function survival_convention(opt)
  local name = opt.method == "freedman" and "Freedman 1982" or "Schoenfeld 1981"
  return ("Log-rank test of two groups with proportional hazards (%s), hazard ratio %g, %d%% in "
    .. "the treated group, %s-sided alpha %g%s."):format(name, opt.hr,
    math.floor(100 * opt.share + 0.5), opt.sides == 2 and "two" or "one", opt.alpha,
    opt.r2 > 0 and (", R2 of the other covariates %g"):format(opt.r2) or "")
end

local function check_survival(opt)
  if opt.hr == 1 then errors.raise("usage.option", "power: a hazard ratio of 1 is no effect") end
  if opt.method == "freedman" and opt.r2 > 0 then
    errors.raise("usage.option", "power: Freedman's formula has no r2")
  end
  local given = (opt.power and 1 or 0) + ((opt.events or opt.n) and 1 or 0)
  if given ~= 1 then
    errors.raise("usage.option", "power: state either power, or events (or n)",
      { hint = "the other one is computed" })
  end
end

--- Events, patients or power of a log-rank test: lun.power.survival { hr = 0.7, power = 0.8 }. opt:
--- hr; power, or events or n (then power is computed); alpha (0.05), sides (2), share (of patients
--- in the treated group, 0.5), method ("schoenfeld", "freedman"), r2 (of the group on other
--- covariates, Hsieh and Lavori 2000); for patients: median or hazard of the controls, accrual,
--- follow_up (of the last patient), dropout (hazard). Fields: events and n as real numbers, power,
--- p_control and p_treated (probability of a seen event).
function M.survival(given)
  local opt = options.check("power", given, with_common(SURVIVAL))
  check_survival(opt)
  local self, signal = { title = "Comparison of survival", events = opt.events, n = opt.n,
    convention = survival_convention(opt) }, SIGNAL[opt.method](opt)
  if opt.power then
    self.power = opt.power
    self.events = (quantile(opt) + core.dist.norm_quantile(opt.power)) ^ 2 / signal
  end
  local mean = patients(self, opt)
  if not self.events then
    errors.raise("usage.option", "power: from n to events there are median, accrual and follow_up")
  end
  if opt.events and mean then self.n = opt.events / mean end
  self.power = self.power
    or core.dist.norm_cdf(math.sqrt(self.events * signal) - quantile(opt))
  return Plan.new(self)
end

-- --- two proportions -----------------------------------------------------------------------------

local PROPORTIONS = {
  p1 = { type = "number", required = true, min = 1e-9, max = 1 - 1e-9 },
  p2 = { type = "number", required = true, min = 1e-9, max = 1 - 1e-9 },
  n = { type = "number", min = 2 },
}

--- Patients or power of a chi-square test of two proportions, without continuity correction:
--- lun.power.proportions { p1 = 0.25, p2 = 0.4, power = 0.8 }. opt: p1, p2; power, or n (of both
--- groups); alpha, sides, share (of patients in the second group). Fields n (of both groups),
--- power.
function M.proportions(given)
  local opt = options.check("power", given, with_common(PROPORTIONS))
  if (opt.n == nil) == (opt.power == nil) or opt.p1 == opt.p2 then
    errors.raise("usage.option", "power: state either n or power, and two different proportions")
  end
  local share, distance = opt.share, math.abs(opt.p1 - opt.p2)
  local pooled = (1 - share) * opt.p1 + share * opt.p2
  local null = math.sqrt(pooled * (1 - pooled) / (share * (1 - share)))
  local other = math.sqrt(opt.p1 * (1 - opt.p1) / (1 - share) + opt.p2 * (1 - opt.p2) / share)
  local z = quantile(opt)
  local n = opt.n
    or ((z * null + core.dist.norm_quantile(opt.power) * other) / distance) ^ 2
  return Plan.new { title = "Comparison of two proportions", n = n,
    power = opt.power or core.dist.norm_cdf((math.sqrt(n) * distance - z * null) / other),
    convention = ("Chi-square test of %g against %g, normal approximation, no continuity "
      .. "correction, %s-sided alpha %g."):format(opt.p1, opt.p2,
      opt.sides == 2 and "two" or "one", opt.alpha) }
end

-- --- the result ----------------------------------------------------------------------------------

local SHOWN = { { "events", "Events" }, { "n", "Patients" }, { "power", "Power" },
  { "p_control", "Probability of an event, control" },
  { "p_treated", "Probability of an event, treated" } }

--- Rows with the statistics events, n, power, p_control, p_treated.
function Plan.methods:rows()
  local out = {}
  for _, s in ipairs(SHOWN) do
    if self[s[1]] then out[#out + 1] = { statistic = s[1], value = self[s[1]] } end
  end
  return out
end

--- Events and patients rounded up, probabilities to three places.
function Plan.methods:table()
  local rows = {}
  for _, s in ipairs(SHOWN) do
    local v = self[s[1]]
    local whole = s[1] == "events" or s[1] == "n"
    if v then
      rows[#rows + 1] = { name = s[2], value = whole and ("%d"):format(math.ceil(v - 1e-9))
        or format.number(v, 3) }
    end
  end
  return { caption = self.title, rows = rows, notes = { self.convention }, columns = {
    { key = "name", label = "Quantity" }, { key = "value", label = "Value", align = "right" } } }
end

return M
