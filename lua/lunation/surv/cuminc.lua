-- SPDX-License-Identifier: GPL-3.0-or-later
-- cuminc: cumulative incidence of competing causes (Aalen & Johansen 1978) by group.
local causes = require "lunation.surv.causes"
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local options = require "lunation.base.options"

local M = {}
local Cuminc = class("cuminc", { "by" })

local OPTIONS = {
  by = { type = "any" }, by_name = { type = "string" }, times = { type = "numbers", default = {} },
  conf_type = { type = "string", default = "log", choices = { "log", "log-log", "plain" } },
  conf_level = { type = "number", default = 0.95, min = 0.01, max = 0.9999 },
  variance = { type = "string", default = "jackknife", choices = { "jackknife", "aalen" } },
  weights = { type = "any" }, cluster = { type = "any" },
}

-- Limits of an incidence p with standard error se; on a transform of p itself, as survival does.
local LIMITS = {
  plain = function(p, se, z) return math.max(0, p - z * se), math.min(1, p + z * se) end,
  log = function(p, se, z)
    return p * math.exp(-z * se / p), math.min(1, p * math.exp(z * se / p))
  end,
  ["log-log"] = function(p, se, z)
    local centre, half = math.log(-math.log(p)), z * se / (p * math.log(p))
    return math.exp(-math.exp(centre - half)), math.exp(-math.exp(centre + half))
  end,
}

--- Curves of an endpoint with causes 1, 2, ... opt: by, times (for rows()), conf_type ("log",
--- "log-log", "plain"), conf_level, variance ("jackknife" as survival, "aalen" as cmprsk), weights
--- (sampling weights) and cluster (a factor), with the jackknife summed over rows or clusters.
function M.fit(endpoint, given)
  local opt = options.check("cuminc", given, OPTIONS)
  local robust = opt.weights ~= nil or opt.cluster ~= nil
  if robust and opt.variance == "aalen" then
    errors.raise("usage.option", "cuminc: Aalen's variance takes no weights and no clusters",
      { hint = 'variance = "jackknife"' })
  end
  local r = core.cuminc.fit(endpoint.surv, { by = opt.by, weights = opt.weights,
    cluster = opt.cluster })
  r.weighted, r.clustered = opt.weights ~= nil, opt.cluster ~= nil
  r.title, r.unit, r.by, r.times = "Cumulative incidence", endpoint.unit, opt.by_name, opt.times
  r.conf_type, r.conf_level, r.variance = opt.conf_type, opt.conf_level, opt.variance
  r.names = causes.names(endpoint)
  return Cuminc.new(r)
end

--- The curve of a group (nil when there is one) and a cause (its name or number).
function Cuminc.methods:curve(label, cause)
  local number = causes.number("cuminc", self.names, cause)
  for g, l in ipairs(self.labels) do
    if l == label or label == nil and #self.labels == 1 then
      return self.curves[(g - 1) * self.causes + number]
    end
  end
  errors.raise("usage.group", ('cuminc: there is no group "%s"'):format(tostring(label)))
end

-- Incidence, standard error and limits at the i-th time of a curve.
local function point(self, c, i, z)
  local p, se = c.incidence[i],
    math.sqrt(c[self.variance == "aalen" and "var_aalen" or "var_jackknife"][i])
  if p == 0 or p >= 1 then return p, se, p, p end
  return p, se, LIMITS[self.conf_type](p, se, z)
end

local function quantile(self) return core.dist.norm_quantile(0.5 + self.conf_level / 2) end

--- Incidence of a cause by time t: { time, incidence, se, lower, upper }. After the group's last
--- time all but time are nil.
function Cuminc.methods:at(t, label, cause)
  local c = self:curve(label, cause)
  local n, i = #c.time, 0
  while i < n and c.time[i + 1] <= t do i = i + 1 end
  if n == 0 or t > c.time[n] then return { time = t } end
  if i == 0 then return { time = t, incidence = 0, se = 0, lower = 0, upper = 0 } end
  local p, se, lower, upper = point(self, c, i, quantile(self))
  return { time = t, incidence = p, se = se, lower = lower, upper = upper }
end

--- The curves as lunation.figure.cuminc takes them: { causes =, groups =, unit =, conf_type =,
--- conf_level = }.
function Cuminc.methods:drawing()
  local out = { causes = self.names, groups = {}, unit = self.unit, conf_type = self.conf_type,
    conf_level = self.conf_level }
  local z = quantile(self)
  for _, label in ipairs(self.labels) do
    local first = self:curve(label, 1)
    local group = { label = label ~= "" and label or nil, time = first.time,
      n_risk = first.raw_risk,
      n = first.n, causes = {} }
    for cause = 1, self.causes do
      local c, lower, upper = self:curve(label, cause), {}, {}
      for i = 1, #c.time do
        local _
        _, _, lower[i], upper[i] = point(self, c, i, z)
      end
      group.causes[cause] = { incidence = c.incidence, lower = lower, upper = upper,
        n_event = c.n_event, events = c.events }
    end
    out.groups[#out.groups + 1] = group
  end
  return out
end

function Cuminc.getters.convention(self)
  return ("Aalen-Johansen estimate%s; %g%% limits on the %s scale from %s."):format(
    self.weighted and ", sampling weights" or "", 100 * self.conf_level, self.conf_type,
    self.variance == "aalen" and "Aalen's variance (as cmprsk)"
      or ("the infinitesimal jackknife (as survival%s)")
        :format(self.clustered and ", over clusters" or ""))
end

function Cuminc.methods:rows()
  local out = {}
  for _, label in ipairs(self.labels) do
    for cause = 1, self.causes do
      local c = self:curve(label, cause)
      for _, t in ipairs(self.times) do
        local p = self:at(t, label, cause)
        out[#out + 1] = { statistic = "incidence", group = label ~= "" and label or nil,
          term = self.names[cause], time = t,
          value = p.incidence, se = p.se, lower = p.lower, upper = p.upper, n = c.n,
          events = c.events, unit = self.unit,
          warning = not p.incidence and "no patient of this group is observed so long" or nil }
      end
    end
  end
  return out
end

--- The table of groups and causes. opt: see lunation.report.tables.
function Cuminc.methods:table(opt) return require("lunation.report.tables").incidence(self, opt) end

Cuminc.meta.__tostring = function(self)
  return require("lunation.base.result").text(self:table())
end

-- --- Gray's test ---------------------------------------------------------------------------------

local GRAY_OPTIONS = {
  by = { type = "any", required = true }, by_name = { type = "string" }, strata = { type = "any" },
  weights = { type = "any" }, cluster = { type = "any" },
  cause = { type = "any", default = 1 }, rho = { type = "number", default = 0, min = 0, max = 10 },
}

local Gray = class("gray", { "chisq", "p", "log10_p", "by" })

--- Gray's test that the incidence of a cause is the same in all groups. opt: by (factor), strata
--- (factor), cause (its name or number; the first), rho (0; the weight is (1 - incidence)^rho).
--- Weights and clusters are refused: no source gives its variance with them.
function M.gray(endpoint, given)
  local opt = options.check("gray", given, GRAY_OPTIONS)
  if opt.weights ~= nil or opt.cluster ~= nil then
    errors.raise("usage.option", "gray: the test's variance with weights or clusters is not known",
      { hint = "test the groups in a Fine-Gray model: endpoint:finegray(by, { cause =, weights =, "
        .. "cluster = }), its Wald test is robust" })
  end
  local names = causes.names(endpoint)
  local cause = causes.number("gray", names, opt.cause)
  local r = core.cuminc.gray(endpoint.surv, { by = opt.by, strata = opt.strata, cause = cause,
    rho = opt.rho })
  r.title, r.by, r.cause, r.rho, r.stratified = "Gray's test", opt.by_name, names[cause], opt.rho,
    opt.strata ~= nil
  return Gray.new(r)
end

function Gray.getters.convention(self)
  return ("Gray's test (1988) of %s%s%s."):format(self.cause, self.rho > 0
    and (" with rho %g"):format(self.rho) or "",
    self.stratified and ", stratified" or "")
end

function Gray.methods:rows()
  local _, log_p = require("lunation.stat.pvalue").chisq(self.chisq, self.df)
  return { { statistic = "chisq", value = self.chisq, n = self.used, df = self.df },
    { statistic = "p", value = self.p, log_p = log_p, n = self.used, warning = self.df == 0
      and "no groups to compare" or nil } }
end

Gray.meta.__tostring = function(self)
  if self.df == 0 then return self.title .. ": no groups to compare" end
  return ("%s: chi-square %s on %d degree%s of freedom, %s\n%s"):format(self.title,
    format.number(self.chisq, 2), self.df,
    self.df == 1 and "" or "s", format.p(self.p), self.convention)
end

return M
