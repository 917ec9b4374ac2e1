-- SPDX-License-Identifier: GPL-3.0-or-later
-- summary: n, mean, standard deviation, quartiles and range of numeric columns.
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local options = require "lunation.base.options"
local result = require("lunation.base.result").class

local M = {}
local Summary = result("summary")

local RULES = { r = "R's type 7", sas = "SAS's definition 5", spss = "SPSS's definition" }

--- Summary of the numeric columns `names` (a name or a list). opt: quantiles ("r", "sas", "spss").
function M.of(cohort, names, opt)
  opt = options.check("summary", opt,
    { quantiles = { type = "string", choices = { "r", "sas", "spss" }, default = "r" } })
  local self = Summary.new { entries = {}, convention = "quartiles by " .. RULES[opt.quantiles]
    .. "; SD with n - 1" }
  for i, name in ipairs(type(names) == "string" and { names } or names) do
    local column = cohort:column(name)
    if column.type ~= "number" and column.type ~= "integer" then
      errors.raise("usage.column", ("summary: column %s holds no numbers but %ss"):format(name,
        column.type))
    end
    local s = core.summary.describe(column, opt.quantiles)
    s.name, s.label, s.unit = name, cohort.patients:label(name), cohort.patients:about(name).unit
    self.entries[i] = s
  end
  return self
end

local STATISTICS = { "mean", "sd", "median", "q1", "q3", "min", "max" }

function Summary.methods:rows()
  local out = {}
  for _, s in ipairs(self.entries) do
    for _, statistic in ipairs(STATISTICS) do
      out[#out + 1] = { statistic = statistic, term = s.name, value = s[statistic], n = s.n,
        unit = s.unit }
    end
    if s.missing > 0 then
      out[#out + 1] = { statistic = "missing", term = s.name, value = s.missing }
    end
  end
  return out
end

function Summary.methods:table()
  local rows = {}
  for i, s in ipairs(self.entries) do
    rows[i] = { name = s.label .. (s.unit and ", " .. s.unit or ""), n = s.n, missing = s.missing,
      mean = ("%s (%s)"):format(format.number(s.mean, 2), format.number(s.sd, 2)),
      median = format.estimate(s.median, s.q1, s.q3, 2), range = format.ci(s.min, s.max, 2) }
  end
  return { columns = { { key = "name", label = "" }, { key = "n", label = "n", align = "right" },
    { key = "missing", label = "Missing", align = "right" },
    { key = "mean", label = "Mean (SD)", align = "decimal" },
    { key = "median", label = "Median (IQR)", align = "decimal" },
    { key = "range", label = "Range", align = "decimal" } },
    rows = rows, notes = { self.convention } }
end

return M
