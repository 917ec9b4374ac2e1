-- SPDX-License-Identifier: GPL-3.0-or-later
-- prop: counts and percentages with confidence limits, and contrasts of two proportions.
local core = require "lunation.core"
local errors = require "lunation.errors"
local factor = require "lunation.data.factor"
local format = require "lunation.format"
local options = require "lunation.base.options"
local result = require("lunation.base.result").class
local suggest = require "lunation.base.suggest"

local M = {}

local Proportion = result("proportion")
local Contrast = result("contrast")
local Proportions = result("proportions", { "variable" })

local function percent_level(level) return ("%g%%"):format(100 * level) end

local function limits_column(level) return ("%% (%s CI)"):format(percent_level(level)) end

-- --- one proportion ------------------------------------------------------------------------------

local CI = { method = { type = "string", default = "exact" },
  conf_level = { type = "number", default = 0.95, min = 0.5, max = 0.9999 } }

--- x events among n, with limits. opt: method ("exact", "wilson", "wilson_cc", "agresti_coull",
--- "jeffreys", "mid_p", "wald", "arcsine", "logit"), conf_level.
function M.ci(x, n, opt)
  opt = options.check("prop.ci", opt, CI)
  local estimate, lower, upper, source = core.prop.limits(x, n, opt.method, opt.conf_level)
  return Proportion.new { x = x, n = n, estimate = estimate, lower = lower, upper = upper,
    conf_level = opt.conf_level, method = opt.method,
    convention = ("%s limits: %s"):format(percent_level(opt.conf_level), source) }
end

function Proportion.methods:rows()
  return { { statistic = "proportion", value = self.estimate, lower = self.lower,
    upper = self.upper,
    events = self.x, n = self.n } }
end

function Proportion.methods:table()
  return { columns = { { key = "count", label = "n/N" }, { key = "percent",
    label = limits_column(self.conf_level) } },
    rows = { { count = ("%d/%d"):format(self.x, self.n),
      percent = format.rate(self.estimate, self.lower, self.upper) } },
    notes = { self.convention } }
end

-- --- two proportions -----------------------------------------------------------------------------

local COMPARE = { measure = { type = "string", choices = { "difference", "ratio", "odds" },
  default = "difference" },
  method = { type = "string" }, conf_level = CI.conf_level }
local DEFAULT_METHOD = { difference = "newcombe", ratio = "wald", odds = "wald" }

--- x1 of n1 against x0 of n0. opt: measure ("difference", "ratio", "odds"), method ("wald",
--- "newcombe", "newcombe_cc", "miettinen_nurminen", "agresti_caffo"), conf_level.
function M.compare(x1, n1, x0, n0, opt)
  opt = options.check("prop.compare", opt, COMPARE)
  local name = opt.measure .. "_" .. (opt.method or DEFAULT_METHOD[opt.measure])
  local estimate, lower, upper, source = core.prop.compare(x1, n1, x0, n0, name, opt.conf_level)
  return Contrast.new { estimate = estimate, lower = lower, upper = upper, measure = opt.measure,
    x1 = x1, n1 = n1,
    x0 = x0, n0 = n0, conf_level = opt.conf_level,
    convention = ("%s limits: %s"):format(percent_level(opt.conf_level), source) }
end

function Contrast.methods:rows()
  return { { statistic = self.measure, value = self.estimate, lower = self.lower,
    upper = self.upper,
    n = self.n1 + self.n0, events = self.x1 + self.x0 } }
end

function Contrast.methods:table()
  local show = self.measure == "difference" and format.rate or format.hr
  return { columns = { { key = "a", label = "n/N" }, { key = "b", label = "against" },
      { key = "value", label = ("%s (%s CI)"):format(self.measure,
        percent_level(self.conf_level)) } },
    rows = { { a = ("%d/%d"):format(self.x1, self.n1), b = ("%d/%d"):format(self.x0, self.n0),
      value = show(self.estimate, self.lower, self.upper) } },
    notes = { self.convention } }
end

-- --- the levels of a factor ----------------------------------------------------------------------

local OF = { levels = { type = "list" }, sum = { type = "table" },
  of = { type = "string", choices = { "all", "known" }, default = "known" },
  method = CI.method, conf_level = CI.conf_level }

-- { { name, { level, ... } }, ... } in a stable order: given as a list of such pairs, or as a map.
local function sums_of(sum)
  if not sum then return {} end
  if #sum > 0 then return sum end
  local out = {}
  for _, name in ipairs(suggest.keys(sum)) do
    local levels = sum[name]
    out[#out + 1] = { name, type(levels) == "table" and levels or { levels } }
  end
  return out
end

local function position(levels, level, name)
  for i, l in ipairs(levels) do if l == level then return i end end
  errors.raise("usage.level", ('column %s has no level "%s"'):format(name, tostring(level)),
    { hint = suggest.hint(tostring(level), levels) })
end

--- Counts and percentages of the levels of a factor. opt: levels (only these), sum ({ response =
--- { "CR", "PR" } }: levels that count together), of ("known": among the patients whose value is
--- known; "all"), method, conf_level.
function M.of(cohort, name, opt)
  opt = options.check("proportions", opt, OF)
  local column = factor(cohort:column(name))
  local counts, missing = core.crosstab.count(column)
  local n = opt.of == "all" and #column or #column - missing
  local self = { name = name, n = n, missing = missing, entries = {},
    conf_level = opt.conf_level,
    label = cohort.patients and cohort.patients:label(name) or name }
  local source
  local function add(label, x)
    local estimate, lower, upper
    if n > 0 then
      estimate, lower, upper, source = core.prop.limits(x, n, opt.method, opt.conf_level)
    end
    self.entries[#self.entries + 1] = { label = label, x = x, estimate = estimate, lower = lower,
      upper = upper }
  end
  local levels = column.levels
  for _, level in ipairs(opt.levels or levels) do
    add(level, counts[position(levels, level, name)])
  end
  for _, sum in ipairs(sums_of(opt.sum)) do
    local x = 0
    for _, level in ipairs(sum[2]) do x = x + counts[position(levels, level, name)] end
    add(sum[1], x)
  end
  self.convention = ("%s limits: %s; percentages of %s (%d)"):format(percent_level(opt.conf_level),
    source or "none",
    opt.of == "all" and "all patients" or "patients with a known value", n)
  return Proportions.new(self)
end

function Proportions.methods:rows()
  local out = {}
  for i, e in ipairs(self.entries) do
    out[i] = { statistic = "proportion", term = self.name, group = e.label, value = e.estimate,
      lower = e.lower, upper = e.upper,
      events = e.x, n = self.n }
  end
  return out
end

function Proportions.methods:table(opt)
  return require("lunation.report.tables").proportions({ self }, opt)
end

return M
