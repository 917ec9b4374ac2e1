-- SPDX-License-Identifier: GPL-3.0-or-later
-- rmst: restricted mean survival time (RMST) and time lost (RMTL) by group, differences and ratios
-- against the first group (Uno et al. 2014; Klein & Moeschberger 2003, eq. 4.5.2; as survRM2).
local adjusted = require "lunation.surv.rmst_adjusted"
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local options = require "lunation.base.options"

local M = {}
local Rmst = class("rmst", { "by", "adjusted" })

local OPTIONS = {
  by = { type = "any" }, by_name = { type = "string" }, tau = { type = "number", min = 0 },
  conf_level = { type = "number", default = 0.95, min = 0.01, max = 0.9999 },
  weights = { type = "any" },
  cause = { type = "integer", default = 0, min = 0 }, adjust = { type = "string" },
}

-- Standard errors of weighted areas, by group: the root of the sum of the rows' squared weighted
-- influences.
local function robust_errors(endpoint, km, opt)
  local influence, sum = core.km.influence(km, endpoint.surv, opt.tau, true, opt.by), {}
  for i = 1, #influence do
    local g = opt.by and opt.by[i] or km.labels[1]
    if g then sum[g] = (sum[g] or 0) + (opt.weights[i] * influence[i]) ^ 2 end
  end
  for g, v in pairs(sum) do sum[g] = math.sqrt(v) end
  return sum
end

-- The last time at which every group's mean is known.
local function default_tau(km)
  local tau = math.huge
  for _, c in km:curves() do
    local n = #c.time
    if c.survival[n] > 0 then tau = math.min(tau, c.time[n]) end
  end
  if tau < math.huge then return tau end
  for _, c in km:curves() do
    tau = tau < math.huge and math.max(tau, c.time[#c.time]) or c.time[#c.time]
  end
  return tau < math.huge and tau or 0
end

local function interval(estimate, se, z)
  return { estimate = estimate, se = se, lower = estimate - z * se, upper = estimate + z * se }
end

-- z test of a difference; on the log scale for a ratio.
local function contrast(name, estimate, se, z, log)
  local out = { statistic = name, estimate = log and math.exp(estimate) or estimate, se = se }
  out.lower, out.upper = estimate - z * se, estimate + z * se
  if log then out.lower, out.upper = math.exp(out.lower), math.exp(out.upper) end
  if se > 0 then out.p, out.log_p = require("lunation.stat.pvalue").normal(estimate / se) end
  return out
end

local function ratio(name, b, a, z)
  if not (a.estimate > 0 and b.estimate > 0) then return nil end
  return contrast(name, math.log(b.estimate / a.estimate),
    math.sqrt((b.se / b.estimate) ^ 2 + (a.se / a.estimate) ^ 2), z, true)
end

local function compare(a, b, z)
  return { a = a.label, b = b.label, difference = contrast("rmst_difference",
    b.rmst.estimate - a.rmst.estimate,
    math.sqrt(a.rmst.se ^ 2 + b.rmst.se ^ 2), z), ratio = ratio("rmst_ratio", b.rmst, a.rmst, z),
    rmtl_ratio = ratio("rmtl_ratio", b.rmtl, a.rmtl, z) }
end

--- RMST of an endpoint's groups up to tau. opt: by, tau (default: the last time to which every
--- curve is known), conf_level, weights (sampling weights, robust variance), adjust (terms: also
--- the contrasts adjusted for these covariates, field adjusted, see lunation.surv.rmst_adjusted). A
--- group not followed to tau has no mean: its fields are nil and its row has a warning; a curve
--- that has reached 0 is known for ever.
function M.fit(endpoint, given)
  local opt = options.check("rmst", given, OPTIONS)
  local km = core.km.fit(endpoint.surv,
    { by = opt.by, weights = opt.weights, robust = opt.weights ~= nil, cause = opt.cause })
  core.km.about(km, { curves = {} })
  local self = { title = "Restricted mean survival time", unit = endpoint.unit, by = opt.by_name,
    groups = {}, contrasts = {},
    conf_level = opt.conf_level, weighted = opt.weights ~= nil }
  require "lunation.surv.km"
  opt.tau = opt.tau or default_tau(km)
  if opt.tau <= 0 then errors.raise("usage.option", "rmst: tau must be above 0") end
  self.tau = opt.tau
  local z = core.dist.norm_quantile(0.5 + opt.conf_level / 2)
  local robust = opt.weights and robust_errors(endpoint, km, opt)
  for g, label in ipairs(km.labels) do
    local c = km:_curve(g)
    local n = #c.time
    if n > 0 then
      local group = { label = label, n = c.n, events = c.events }
      if opt.tau <= c.time[n] or c.survival[n] == 0 then
        local area, se = km:_mean(g, opt.tau)
        se = robust and robust[label] or se
        group.rmst, group.rmtl = interval(area, se, z), interval(opt.tau - area, se, z)
      end
      self.groups[#self.groups + 1] = group
      local first = self.groups[1]
      if group ~= first and first.rmst and group.rmst then
        self.contrasts[#self.contrasts + 1] = compare(first, group, z)
      end
    end
  end
  if opt.adjust then self.adjusted = adjusted.fit(endpoint, opt) end
  return Rmst.new(self)
end

local function adjusted_sentence(a)
  local left = a.dropped > 0 and (", %d with a missing value left out"):format(a.dropped) or ""
  return (" Adjusted: regression of the restricted time with weights for censoring (Tian, Zhao \z
    and Wei 2014), n = %d%s.")
    :format(a.n, left) .. (a.why and " " .. a.why or "")
end

function Rmst.getters.convention(self)
  local out = ("Area under the Kaplan-Meier curve up to %g %s; %g%% limits from %s; ratios on the \z
    log scale."):format(self.tau, self.unit,
    100 * self.conf_level, self.weighted and "the robust variance (infinitesimal jackknife)"
      or "Greenwood's variance")
  return self.adjusted and out .. adjusted_sentence(self.adjusted) or out
end

function Rmst.methods:rows()
  local out = {}
  for _, g in ipairs(self.groups) do
    for _, name in ipairs { "rmst", "rmtl" } do
      local v = g[name] or {}
      out[#out + 1] = { statistic = name, group = g.label ~= "" and g.label or nil, time = self.tau,
        value = v.estimate, se = v.se,
        lower = v.lower, upper = v.upper, n = g.n, events = g.events, unit = self.unit,
        warning = not g[name] and "the group is not followed to tau" or nil }
    end
  end
  for _, c in ipairs(self.contrasts) do
    for _, name in ipairs { "difference", "ratio", "rmtl_ratio" } do
      local v = c[name]
      if v then
        out[#out + 1] = { statistic = v.statistic, group = c.b .. " vs " .. c.a, time = self.tau,
          value = v.estimate, lower = v.lower,
          upper = v.upper, p = v.p, log_p = v.log_p, unit = name == "difference"
            and self.unit or nil }
      end
    end
  end
  if self.adjusted then
    for _, row in ipairs(adjusted.rows(self.adjusted, self.tau, self.unit)) do
      out[#out + 1] = row
    end
  end
  return out
end

--- The estimates as a table. opt: see lunation.report.tables.
function Rmst.methods:table(opt) return require("lunation.report.tables").estimates(self, opt) end

Rmst.meta.__tostring = function(self) return require("lunation.base.result").text(self:table()) end

return M
