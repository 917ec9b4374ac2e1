-- SPDX-License-Identifier: GPL-3.0-or-later
-- crosstab: two factors against each other, with Fisher's exact and chi-square tests; stratified
-- tables, trends, paired tables and agreement on counts.
local core = require "lunation.core"
local errors = require "lunation.errors"
local factor = require "lunation.data.factor"
local format = require "lunation.format"
local options = require "lunation.base.options"
local result = require("lunation.base.result").class

local M = {}

local Crosstab = result("crosstab", { "fisher", "chisq", "strata_note" })

local TESTS = {}

-- Fisher: 2 x 2 with the odds ratio; larger tables by enumeration.
function TESTS.fisher(self)
  if #self.counts == 2 and #self.counts[1] == 2 then
    self.fisher = core.crosstab.fisher(self.counts, self.conf_level)
    return self.fisher.p,
      "Fisher's exact test (two-sided: tables no likelier than the observed one)"
  end
  local ok, p = pcall(core.crosstab.fisher_rxc, self.counts)
  if ok then
    self.fisher = { p = p }
    return p, "Fisher's exact test (Freeman-Halton)"
  end
  if p.code ~= "limit.fisher" then error(p, 0) end
  self.chisq = core.crosstab.chisq(self.counts, false)
  return self.chisq.p,
    "Pearson's chi-square (the counts are too large to enumerate for Fisher's exact test)"
end

function TESTS.chisq(self)
  self.chisq = core.crosstab.chisq(self.counts, false)
  return self.chisq.p, "Pearson's chi-square without continuity correction"
end

function TESTS.yates(self)
  self.chisq = core.crosstab.chisq(self.counts, true)
  return self.chisq.p, "Pearson's chi-square with Yates' correction"
end

function TESTS.none() return nil, "no test" end

--- A cross-table of counts that are already there. opt: test ("fisher", "chisq", "yates", "none"),
--- conf_level, rows and columns (names of the levels).
function M.counts(counts, opt)
  opt = options.check("crosstab", opt, {
    test = { type = "string", choices = { "fisher", "chisq", "yates", "none" },
      default = "fisher" },
    conf_level = { type = "number", default = 0.95, min = 0.5, max = 0.9999 },
    rows = { type = "list" }, columns = { type = "list" },
    row_label = { type = "string", default = "" }, column_label = { type = "string", default = "" },
    missing = { type = "number", default = 0 } })
  local self = { counts = counts, row_levels = opt.rows
    or {}, column_levels = opt.columns or {},
    row_label = opt.row_label, column_label = opt.column_label, missing = opt.missing,
    conf_level = opt.conf_level,
    test = opt.test, p = false, fisher = false, chisq = false }
  for i = 1, #counts do self.row_levels[i] = self.row_levels[i] or tostring(i) end
  for j = 1, #(counts[1] or {}) do self.column_levels[j] = self.column_levels[j] or tostring(j) end
  local p, convention = TESTS[opt.test](self)
  self.p, self.convention = p or false, convention
  return Crosstab.new(self)
end

--- Column `rows` of the cohort against column `columns`; patients with a missing value are left out
--- and counted. opt: test, conf_level. Fields: counts (a list for each row), row_levels,
--- column_levels, row_label, column_label, missing, p, and the test: fisher or chisq.
function M.of(cohort, rows, columns, opt)
  local a, b = factor(cohort:column(rows)), factor(cohort:column(columns))
  local counts, missing = core.crosstab.count(a, b)
  if #counts == 0 or #(counts[1] or {}) == 0 then
    errors.raise("data.empty", ("crosstab: %s by %s: no patient has both values"):format(rows,
      columns))
  end
  local given = { missing = missing, rows = a.levels, columns = b.levels,
    row_label = cohort.patients and cohort.patients:label(rows) or rows,
    column_label = cohort.patients and cohort.patients:label(columns) or columns }
  for k, v in pairs(opt or {}) do given[k] = v end
  return M.counts(counts, given)
end

local function column_totals(self)
  local totals = {}
  for j = 1, #self.column_levels do
    totals[j] = 0
    for i = 1, #self.counts do totals[j] = totals[j] + self.counts[i][j] end
  end
  return totals
end

function Crosstab.methods:rows()
  local out, totals = {}, column_totals(self)
  for i, row in ipairs(self.counts) do
    for j, n in ipairs(row) do
      out[#out + 1] = { statistic = "proportion", term = self.row_levels[i],
        group = self.column_levels[j], events = n, n = totals[j],
        value = totals[j] > 0 and n / totals[j] or nil }
    end
  end
  if self.fisher and self.fisher.odds_ratio then
    out[#out + 1] = { statistic = "odds_ratio", value = self.fisher.odds_ratio,
      lower = self.fisher.lower,
      upper = self.fisher.upper, p = self.p }
  end
  if self.p then
    out[#out + 1] = require("lunation.stat.pvalue").row({ statistic = "p", term = self.test,
      value = self.p }, self.p,
      self.chisq and self.chisq.log_p)
  end
  return out
end

function Crosstab.methods:table()
  local columns, rows, totals = { { key = "level", label = self.row_label } }, {},
    column_totals(self)
  for j, name in ipairs(self.column_levels) do
    columns[j + 1] = { key = "c" .. j, label = ("%s (n = %d)"):format(name, totals[j]),
      align = "decimal" }
  end
  for i, counts in ipairs(self.counts) do
    rows[i] = { level = self.row_levels[i] }
    for j, n in ipairs(counts) do rows[i]["c" .. j] = format.count(n, totals[j]) end
  end
  local notes = { "n (% of the column)" }
  if self.p then notes[#notes + 1] = self.convention .. ": " .. format.p(self.p) end
  if self.fisher and self.fisher.odds_ratio then
    notes[#notes + 1] = ("odds ratio (conditional maximum likelihood, %g%% CI): %s"):format(
      100 * self.conf_level,
      format.hr(self.fisher.odds_ratio, self.fisher.lower, self.fisher.upper))
  end
  if self.missing > 0 then
    notes[#notes + 1] = ("left out because a value is missing: %d"):format(self.missing)
  end
  return { columns = columns, rows = rows, notes = notes }
end

-- The tests on counts themselves, as the core gives them.
for _, name in ipairs { "chisq", "fisher", "cmh", "trend", "mcnemar", "kappa" } do
  M[name] = core.crosstab[name]
end

return M
