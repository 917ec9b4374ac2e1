-- SPDX-License-Identifier: GPL-3.0-or-later
-- concord: concordance of a marker, or of a model's linear predictor, with an endpoint.
local class = require "lunation.base.class"
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local options = require "lunation.base.options"

local M = {}
local Concordance = class("concordance")

local NAMES = { n = "Harrell's C", ["n/G2"] = "Uno's C", S = "concordance with weights S",
  ["S/G"] = "Schemper's concordance",
  I = "concordance with equal weight of event times" }

--- marker: a number column, larger for an earlier event. core_options: those of core.concord.new.
function M.new(endpoint, marker, core_options, opt)
  local c = core.concord.new(endpoint.surv, marker, core_options)
  local level = opt.conf_level or 0.95
  local z = core.dist.norm_quantile(0.5 + level / 2)
  return Concordance.new { core = c, estimate = c.estimate, se = c.se,
    lower = math.max(0, c.estimate - z * c.se),
    upper = math.min(1, c.estimate + z * c.se), n = c.n, title = NAMES[core_options.timewt or "n"],
    conf_level = level }
end

local OPTIONS = {
  timewt = { type = "string", default = "n", choices = { "n", "S", "S/G", "n/G2", "I" } },
  ["until"] = { type = "number" },
  conf_level = { type = "number", default = 0.95, min = 0.01, max = 0.9999 }, larger = {
    type = "string", default = "worse",
  choices = { "worse", "better" } } }

--- Concordance of a column of the endpoint's cohort. opt: timewt ("n": Harrell, "n/G2": Uno),
--- until, larger ("worse": larger values mean earlier events, or "better"), conf_level.
function M.of(endpoint, name, given)
  local opt = options.check("concordance", given, OPTIONS)
  local column, values = endpoint.cohort:column(name), {}
  values.n = #column
  for i = 1, #column do
    local v = column[i]
    if v ~= nil then values[i] = opt.larger == "worse" and v or -v end
  end
  return M.new(endpoint, core.column.number(values),
    { timewt = opt.timewt, ["until"] = opt["until"] }, opt)
end

local Difference = class("concordance_difference", { "p", "log_p" })

--- Difference of two concordances of the same patients: { estimate, se, lower, upper, z, p }.
--- Errors: usage.nested.
function M.compare(a, b)
  local x, y, sum = a.core.influence, b.core.influence, 0
  if #x ~= #y or a.n ~= b.n then
    errors.raise("usage.nested",
      ("the two concordances are of different patients (%d and %d)"):format(a.n, b.n),
      { hint = "leave rows with missing values out first" })
  end
  for i = 1, #x do sum = sum + (x[i] - y[i]) ^ 2 end
  local difference, se = a.estimate - b.estimate, math.sqrt(sum)
  local z = se > 0 and difference / se or 0
  local p, log_p = require("lunation.stat.pvalue").normal(z)
  local width = se * core.dist.norm_quantile(0.5 + a.conf_level / 2)
  return Difference.new { estimate = difference, se = se, lower = difference - width,
    upper = difference + width, z = z, p = p, log_p = log_p,
    n = a.n, conf_level = a.conf_level,
    title = ("Difference of %s and %s"):format(a.title, b.title) }
end

Difference.getters.convention = function()
  return "Difference of concordances of the same patients; infinitesimal jackknife of both."
end

function Difference.methods:rows()
  return { { statistic = "concordance_difference", value = self.estimate, se = self.se,
    lower = self.lower, upper = self.upper, p = self.p,
    log_p = self.log_p, n = self.n } }
end

Difference.meta.__tostring = function(self)
  return ("%s: %s, %s"):format(self.title, format.estimate(self.estimate, self.lower, self.upper,
    3), format.p(self.p))
end

Concordance.getters.convention = function(self)
  return ("%s; infinitesimal jackknife standard error, %g%% limits."):format(self.title,
    100 * self.conf_level)
end

--- The difference to another concordance of the same patients: see compare.
function Concordance.methods:compare(other) return M.compare(self, other) end

function Concordance.methods:rows()
  return { { statistic = "concordance", value = self.estimate, se = self.se, lower = self.lower,
    upper = self.upper, n = self.n } }
end

Concordance.meta.__tostring = function(self)
  return ("%s %s"):format(self.title, format.estimate(self.estimate, self.lower, self.upper, 3))
end

return M
