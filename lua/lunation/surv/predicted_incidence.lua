-- SPDX-License-Identifier: GPL-3.0-or-later
-- predicted_incidence: cumulative incidences that a model predicts for subjects, with limits.
local core = require "lunation.core"
local format = require "lunation.format"
local suggest = require "lunation.base.suggest"

local M = {}
local Prediction = require("lunation.base.result").class "predicted_incidence"

M.CONF_TYPES = { "cloglog", "plain", "log" }

-- Limits of an incidence f with standard error se.
local LIMITS = {
  cloglog = function(f, se, z)
    local h = -math.log(1 - f)
    local half = z * se / ((1 - f) * h)
    return 1 - math.exp(-h * math.exp(-half)), 1 - math.exp(-h * math.exp(half))
  end,
  plain = function(f, se, z) return math.max(0, f - z * se), math.min(1, f + z * se) end,
  log = function(f, se, z)
    return f * math.exp(-z * se / f), math.min(1, f * math.exp(z * se / f))
  end,
}

-- "age 60, sex F"
local function described(x)
  local out = {}
  for _, name in ipairs(suggest.keys(x)) do out[#out + 1] = ("%s %s"):format(name, x[name]) end
  return table.concat(out, ", ")
end

--- Predictions. fields: incidence and se, by subject and time (nil: not known); times, cause, n,
--- unit, conf_type (of M.CONF_TYPES), conf_level, convention (of the model). lower and upper are
--- added.
function M.new(fields)
  local z = core.dist.norm_quantile(0.5 + fields.conf_level / 2)
  fields.lower, fields.upper = {}, {}
  for i, values in ipairs(fields.incidence) do
    fields.lower[i], fields.upper[i] = {}, {}
    for k = 1, #fields.times do
      local f, se = values[k], fields.se[i][k]
      if f and se and f > 0 and f < 1 then
        fields.lower[i][k], fields.upper[i][k] = LIMITS[fields.conf_type](f, se, z)
      end
    end
  end
  fields.title = ("Predicted cumulative incidence of %s, %s"):format(fields.cause, fields.model)
  fields.convention = ("%s Predictions: %g%% limits on the %s scale."):format(fields.convention,
    100 * fields.conf_level, fields.conf_type == "cloglog" and "log(-log(1 - F))"
      or fields.conf_type)
  return Prediction.new(fields)
end

--- One row for each subject and time: statistic "incidence", group "subject k" when there are
--- several.
function Prediction.methods:rows()
  local out = {}
  for i, values in ipairs(self.incidence) do
    for k, t in ipairs(self.times) do
      out[#out + 1] = { statistic = "incidence", term = self.cause, time = t, value = values[k],
        se = self.se[i][k], lower = self.lower[i][k], upper = self.upper[i][k],
        group = #self.incidence > 1 and "subject " .. i or nil, unit = self.unit, n = self.n,
        warning = values[k] == nil and "nobody is observed so long" or nil }
    end
  end
  return out
end

function Prediction.methods:table(opt)
  local rows, columns = {}, { { key = "group", label = "Subject" } }
  for k, t in ipairs(self.times) do
    columns[k + 1] = { key = "t" .. k, label = ("%g %s (%g%% CI)"):format(t, self.unit,
      100 * self.conf_level), align = "decimal" }
  end
  for i, values in ipairs(self.incidence) do
    rows[i] = { group = described(self.x[i]) }
    for k = 1, #self.times do
      rows[i]["t" .. k] = values[k] and format.rate(values[k], self.lower[i][k], self.upper[i][k])
        or format.missing
    end
  end
  return { caption = opt and opt.caption or self.title, columns = columns, rows = rows,
    notes = { self.convention } }
end

return M
