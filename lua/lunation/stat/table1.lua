-- SPDX-License-Identifier: GPL-3.0-or-later
-- table1: the baseline table of a cohort, overall and by group.
local core = require "lunation.core"
local errors = require "lunation.errors"
local factor = require "lunation.data.factor"
local format = require "lunation.format"
local options = require "lunation.base.options"
local result = require("lunation.base.result").class
local suggest = require "lunation.base.suggest"
local weighted = require "lunation.stat.weighted"

local M = {}
local Table1 = result("table1", { "by", "by_label", "weighting" })

local OPTIONS = { columns = { type = "list", required = true }, by = { type = "string" },
  mean = { type = "list", default = {} },
  tests = { type = "boolean", default = false }, smd = { type = "boolean", default = false },
  overall = { type = "boolean", default = true },
  quantiles = { type = "string", choices = { "r", "sas", "spss" }, default = "r" },
  weights = { type = "any" } }

-- --- numbers -------------------------------------------------------------------------------------

local function is_whole(v) return v == math.floor(v) end

-- Decimals that suit the values: none for whole numbers unless their median lies between two, else
-- fewer the larger they are. Quartiles of whole numbers are multiples of 1/4.
local function decimals_for(s)
  if s.n == 0 then return 0 end
  if is_whole(s.min) and is_whole(s.max) and is_whole(4 * s.q1) and is_whole(4 * s.q3)
    and is_whole(2 * s.median) then
    return is_whole(s.median) and 0 or 1
  end
  local largest = math.max(math.abs(s.min), math.abs(s.max))
  return largest < 1 and 3 or largest < 10 and 2 or 1
end

local function median_cell(s, decimals)
  if s.n == 0 then return "–" end
  return format.estimate(s.median, s.q1, s.q3, decimals)
end

local function mean_cell(s, decimals)
  if s.n == 0 then return "–" end
  decimals = math.max(decimals, 1)
  return ("%s (%s)"):format(format.number(s.mean, decimals), s.sd and format.number(s.sd, decimals)
    or "–")
end

local function describe_number(variable, column, self)
  variable.groups = self.group and core.summary.by(column, self.group, self.quantiles) or {}
  variable.overall = core.summary.describe(column, self.quantiles)
end

local function number_test(variable, column, self)
  local two = #self.group_levels == 2
  if variable.kind == "mean" then
    local r = two and core.ranktest.ttest(column, self.group)
      or core.ranktest.anova(column, self.group, true)
    return r.p, two and "Welch's t test" or "Welch's analysis of variance"
  end
  local r = two and core.ranktest.mann_whitney(column, self.group)
    or core.ranktest.kruskal(column, self.group)
  return r.p, two and "Mann-Whitney test" or "Kruskal-Wallis test"
end

local function number_smd(a, b)
  if not (a.sd and b.sd) then return nil end
  local scale = math.sqrt((a.sd ^ 2 + b.sd ^ 2) / 2)
  if scale == 0 then return a.mean == b.mean and 0.0 or nil end
  return math.abs(a.mean - b.mean) / scale
end

-- --- factors -------------------------------------------------------------------------------------

local function total(counts)
  local n = 0
  for _, c in ipairs(counts) do n = n + c end
  return n
end

local function describe_factor(variable, column, self)
  variable.levels = column.levels
  local counts, missing = core.crosstab.count(column)
  variable.overall = { counts = counts, n = total(counts), missing = missing }
  variable.groups = {}
  if not self.group then return end
  local by = core.crosstab.count(column, self.group)
  for g = 1, #self.group_levels do
    local own = {}
    for i = 1, #variable.levels do own[i] = by[i][g] end
    variable.groups[g] = { counts = own, n = total(own),
      missing = self.group_sizes[g] - total(own) }
  end
  variable.crosstab = by
end

local function factor_test(variable)
  if #variable.levels == 0 then return nil end
  local chisq = core.crosstab.chisq(variable.crosstab)
  if not chisq.p then return nil end
  if chisq.smallest_expected >= 5 then return chisq.p, "chi-square test" end
  local c = require("lunation.stat.crosstab").counts(variable.crosstab, { test = "fisher" })
  return c.p or nil, c.chisq and "chi-square test" or "Fisher's exact test"
end

local function factor_smd(a, b) return core.summary.smd_factor(a.counts, b.counts) end

-- --- both ----------------------------------------------------------------------------------------

-- Mean over all pairs of groups (as the tableone package for more than two groups).
local function smd_of(variable, pair)
  local sum, n = 0, 0
  for i = 1, #variable.groups - 1 do
    for j = i + 1, #variable.groups do
      local d = pair(variable.groups[i], variable.groups[j])
      if not d then return nil end
      sum, n = sum + d, n + 1
    end
  end
  return n > 0 and sum / n or nil
end

-- The variable in the weighted groups, and its difference there.
local function describe_weighted(variable, column, self)
  local w, group, levels = self.weights, self.group, variable.levels
  local plain, out = levels and factor(column) or column, {}
  for g, level in ipairs(self.group_levels) do
    local function in_group(i) return group[i] == level end
    out[g] = levels and weighted.factor(plain, levels, w, in_group)
      or weighted.number(plain, w, in_group)
  end
  variable.weighted = out
  local sum, n = 0, 0
  for i = 1, #out - 1 do
    for j = i + 1, #out do
      local d
      if levels then d = weighted.factor_smd(out[i], out[j])
      else d = weighted.number_smd(out[i], out[j], variable.groups[i], variable.groups[j]) end
      if not d then return end
      sum, n = sum + d, n + 1
    end
  end
  variable.weighted_smd = n > 0 and sum / n or nil
end

local function variable_of(cohort, name, self, means)
  local column, about = cohort:column(name), cohort.patients:about(name)
  local variable = { name = name, label = cohort.patients:label(name), unit = about.unit }
  if column.type == "date" then
    errors.raise("usage.column", ("table1: column %s holds dates"):format(name),
      { hint = "derive a number first, such as months between two dates" })
  end
  if column.type == "number" or column.type == "integer" then
    variable.kind = means[name] and "mean" or "median"
    describe_number(variable, column, self)
    if self.tests then variable.p, variable.test = number_test(variable, column, self) end
    if self.smd then variable.smd = smd_of(variable, number_smd) end
  else
    variable.kind = "factor"
    describe_factor(variable, factor(column), self)
    if self.tests then variable.p, variable.test = factor_test(variable) end
    if self.smd then variable.smd = smd_of(variable, factor_smd) end
  end
  if self.weights then describe_weighted(variable, column, self) end
  return variable
end

-- The weights as a column of the cohort's patients; by is the group that they were made for.
local function read_weights(cohort, opt)
  local made = type(opt.weights) == "table" and opt.weights.values and opt.weights
  local w = made and made.values or type(opt.weights) == "string" and cohort:column(opt.weights)
    or opt.weights
  if #w ~= #cohort:column(opt.columns[1]) then
    errors.raise("usage.weights", "table1: the weights are of other patients",
      { hint = "make them from this cohort" })
  end
  if made and not opt.by then opt.by = made.formula:match("^%s*(.-)%s*~") end
  opt.smd, opt.overall = true, false
  return w, made and made.convention
end

local function effective_sizes(self)
  local out = {}
  for g, level in ipairs(self.group_levels) do
    out[g] = weighted.effective(self.weights, function(i) return self.group[i] == level end)
  end
  return out
end

--- Baseline table. opt: columns (names, in order), by (a factor), mean (columns shown as mean (SD)
--- instead of median (IQR)), tests (p-values), smd (standardised mean differences), overall (also a
--- column for all, default true), quantiles ("r", "sas", "spss"), weights (of cohort:weights, or a
--- column): each group also weighted, side by side, with the differences of both; by may be left
--- out then. Fields: variables, by_label, group_levels, group_sizes, group_missing (patients
--- without a group), weights.
function M.of(cohort, opt)
  opt = options.check("table1", opt, OPTIONS)
  local weights, weighting
  if opt.weights then weights, weighting = read_weights(cohort, opt) end
  if not opt.by and (opt.tests or opt.smd) then
    errors.raise("usage.option", "table1: tests and smd compare groups",
      { hint = "say which with by" })
  end
  local means = {}
  for _, name in ipairs(opt.mean) do means[name] = true end
  local self = { n = #cohort:column(opt.columns[1]), tests = opt.tests, smd = opt.smd,
    overall = opt.overall or not opt.by,
    quantiles = opt.quantiles, weights = weights or false, weighting = weighting, by = opt.by,
    by_label = opt.by and cohort.patients:label(opt.by), variables = {},
    group = false, group_levels = {}, group_sizes = {}, group_missing = 0 }
  if opt.by then
    self.group = factor(cohort:column(opt.by))
    self.group_levels = self.group.levels
    self.group_sizes, self.group_missing = core.crosstab.count(self.group)
  end
  if weights then self.effective = effective_sizes(self) end
  for i, name in ipairs(opt.columns) do
    self.variables[i] = variable_of(cohort, name, self, means)
  end
  self.convention = M.convention(self)
  return Table1.new(self)
end

--- The sentence that names the statistics, the denominators and the tests.
function M.convention(self)
  local kinds, tests = {}, {}
  for _, v in ipairs(self.variables) do
    kinds[v.kind] = true
    if v.test then tests[v.test] = true end
  end
  local out = {}
  if kinds.median then
    local rule = { r = "R type 7", sas = "SAS definition 5", spss = "SPSS" }
    out[#out + 1] = ("median (quartiles, %s)"):format(rule[self.quantiles])
  end
  if kinds.mean then out[#out + 1] = "mean (SD)" end
  if kinds.factor then out[#out + 1] = "n (% of the known values)" end
  if next(tests) then out[#out + 1] = "p: " .. table.concat(suggest.keys(tests), ", ") end
  if self.smd then
    out[#out + 1] = "SMD: standardised mean difference"
      .. (#self.group_levels > 2 and ", mean over the pairs of groups" or "")
  end
  if self.weights then
    out[#out + 1] = "weighted: " .. (self.weighting or "weights of a column")
      .. "; ESS: Kish's effective sample size; medians by the weighted distribution; SMD of \z
        numbers over the unweighted standard deviation"
  end
  return table.concat(out, "; ")
end

-- --- what a reader sees --------------------------------------------------------------------------

-- The groups' descriptions and the overall one, in the order of the columns, with their keys.
local function cells(self, variable)
  local out = {}
  for g = 1, #self.group_levels do out[g] = { "g" .. g, variable.groups[g] } end
  for g, description in ipairs(variable.weighted or {}) do
    out[#out + 1] = { "w" .. g, description, true }
  end
  if self.overall then out[#out + 1] = { "all", variable.overall } end
  return out
end

local function number_row(self, variable, rows)
  local decimals = decimals_for(variable.overall)
  local unit = variable.unit and ", " .. variable.unit or ""
  local row = { name = variable.label .. unit .. (variable.kind == "mean" and ", mean (SD)"
    or ", median (IQR)") }
  for _, c in ipairs(cells(self, variable)) do
    row[c[1]] = (variable.kind == "mean" and mean_cell or median_cell)(c[2], decimals)
  end
  rows[#rows + 1] = row
  return row
end

local YES = { yes = true, Yes = true, ["1"] = true, ["true"] = true }

-- Sums of weights have a decimal.
local function weighted_count(n, of)
  return ("%s (%s)"):format(format.number(n, 1), of > 0 and format.percent(n / of) or "–")
end

local function level_row(self, variable, i, name)
  local row = { name = name }
  for _, c in ipairs(cells(self, variable)) do
    row[c[1]] = c[3] and weighted_count(c[2].counts[i], c[2].n)
      or format.count(c[2].counts[i], c[2].n)
  end
  return row
end

-- A yes/no factor takes one line, others a line for each level.
local function factor_rows(self, variable, rows)
  if #variable.levels == 2 and YES[variable.levels[2]] then
    local row = level_row(self, variable, 2, variable.label)
    rows[#rows + 1] = row
    return row
  end
  local head = { name = variable.label }
  rows[#rows + 1] = head
  for i, level in ipairs(variable.levels) do
    local row = level_row(self, variable, i, level)
    row.indent = 1
    rows[#rows + 1] = row
  end
  return head
end

local function missing_row(self, variable, rows)
  if variable.overall.missing == 0 then return end
  local row = { name = "missing", indent = 1 }
  for _, c in ipairs(cells(self, variable)) do
    if not c[3] then row[c[1]] = format.count(c[2].missing, c[2].n + c[2].missing) end
  end
  rows[#rows + 1] = row
end

local function columns_of(self)
  local columns, groups = { { key = "name", label = "" } }, {}
  local function add(key, label)
    columns[#columns + 1] = { key = key, label = label, align = "decimal" }
  end
  for g, level in ipairs(self.group_levels) do
    add("g" .. g, ("%s (n = %d)"):format(level, self.group_sizes[g]))
  end
  if self.overall then add("all", ("All (n = %d)"):format(self.n)) end
  if self.tests then add("p", "*p*") end
  if self.smd then add("smd", "SMD") end
  if self.weights then
    for g, level in ipairs(self.group_levels) do
      add("w" .. g, ("%s (ESS = %s)"):format(level, format.number(self.effective[g], 1)))
    end
    add("weighted_smd", "SMD")
    groups = { { label = self.by_label .. ", unweighted", from = "g1", to = "smd" },
      { label = self.by_label .. ", weighted", from = "w1", to = "weighted_smd" } }
  elseif #self.group_levels > 0 then
    groups = { { label = self.by_label, from = "g1", to = "g" .. #self.group_levels } }
  end
  return columns, groups
end

function Table1.methods:table()
  local columns, groups = columns_of(self)
  local rows = {}
  for _, variable in ipairs(self.variables) do
    local row = (variable.kind == "factor" and factor_rows or number_row)(self, variable, rows)
    if self.tests then row.p = format.p_value(variable.p) end
    if self.smd then row.smd = format.number(variable.smd, 3) end
    if self.weights then row.weighted_smd = format.number(variable.weighted_smd, 3) end
    missing_row(self, variable, rows)
  end
  local notes = { self.convention }
  if self.group_missing > 0 then
    notes[2] = ("%s is missing: %d"):format(self.by_label, self.group_missing)
  end
  return { columns = columns, rows = rows, notes = notes, groups = groups }
end

local function number_tidy(variable, group, s, out, prefix)
  local mean = variable.kind == "mean"
  out[#out + 1] = { statistic = prefix .. variable.kind, term = variable.name, group = group,
    n = s.n, unit = variable.unit,
    value = mean and s.mean or s.median, lower = not mean and s.q1 or nil, upper = not mean
      and s.q3 or nil }
  if mean then
    out[#out + 1] = { statistic = prefix .. "sd", term = variable.name, group = group,
      value = s.sd, n = s.n }
  end
end

local function factor_tidy(variable, group, s, out, prefix)
  for i, level in ipairs(variable.levels) do
    out[#out + 1] = { statistic = prefix .. "proportion", term = variable.name .. ": " .. level,
      group = group,
      events = s.counts[i], n = s.n, value = s.n > 0 and s.counts[i] / s.n or nil }
  end
end

--- The differences before and after weighting as lunation.figure.love takes them.
function Table1.methods:drawing()
  if not self.weights then
    errors.raise("usage.weights", "a love plot of a baseline table needs its weights")
  end
  local rows, sizes = {}, {}
  for _, v in ipairs(self.variables) do
    if v.smd and v.weighted_smd then
      rows[#rows + 1] = { label = v.label, smd = { v.smd, v.weighted_smd } }
    end
  end
  for g, n in ipairs(self.effective) do
    sizes[g] = self.group_levels[g] .. " " .. format.number(n, 1)
  end
  return { rows = rows, ess = "Effective sample size after weighting: " .. table.concat(sizes, "; ")
    .. ".",
    rule = "SMD of numbers over the pooled standard deviation of the unweighted groups; of \z
      factors by Yang and Dalton." }
end

--- One row for each description: median, mean and sd, proportion, missing by term and group; p,
--- smd. With weights also weighted_median ..., weighted_smd and the effective_n of each group.
function Table1.methods:rows()
  local out = {}
  for _, v in ipairs(self.variables) do
    for _, c in ipairs(cells(self, v)) do
      local group = c[1] ~= "all" and self.group_levels[tonumber(c[1]:sub(2))] or nil
      local tidy = v.kind == "factor" and factor_tidy or number_tidy
      tidy(v, group, c[2], out, c[3] and "weighted_" or "")
      if (c[2].missing or 0) > 0 then
        out[#out + 1] = { statistic = "missing", term = v.name, group = group,
          value = c[2].missing }
      end
    end
    if v.p then out[#out + 1] = { statistic = "p", term = v.name, value = v.p } end
    if v.smd then out[#out + 1] = { statistic = "smd", term = v.name, value = v.smd } end
    if v.weighted_smd then
      out[#out + 1] = { statistic = "weighted_smd", term = v.name, value = v.weighted_smd }
    end
  end
  for g, n in ipairs(self.weights and self.effective or {}) do
    out[#out + 1] = { statistic = "effective_n", group = self.group_levels[g], value = n }
  end
  return out
end

return M
