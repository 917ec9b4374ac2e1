-- SPDX-License-Identifier: GPL-3.0-or-later
-- ranktest: comparisons of location between the groups of a cohort, and correlations.
local core = require "lunation.core"
local errors = require "lunation.errors"
local factor = require "lunation.data.factor"
local format = require "lunation.format"
local options = require "lunation.base.options"
local pvalue = require "lunation.stat.pvalue"
local result = require("lunation.base.result").class

local M = {}

local Test = result("location_test", { "df", "df2", "estimate", "lower", "upper", "p", "log_p",
  "stat", "t", "mean_x", "mean_y", "difference",
  "nx", "ny", "n", "exact" })

local TITLES = { welch = "Welch's t test", ttest = "Student's t test",
  mann_whitney = "Mann-Whitney test", kruskal = "Kruskal-Wallis test",
  anova = "One-way analysis of variance", welch_anova = "Welch's one-way analysis of variance" }

local RUN = {}
function RUN.welch(x, g, opt) return core.ranktest.ttest(x, g, { conf_level = opt.conf_level }) end
function RUN.ttest(x, g, opt)
  return core.ranktest.ttest(x, g, { pooled = true, conf_level = opt.conf_level })
end
function RUN.mann_whitney(x, g, opt)
  return core.ranktest.mann_whitney(x, g, { exact = opt.exact, correct = opt.correct, limits = true,
    conf_level = opt.conf_level })
end
function RUN.kruskal(x, g) return core.ranktest.kruskal(x, g) end
function RUN.anova(x, g) return core.ranktest.anova(x, g) end
function RUN.welch_anova(x, g) return core.ranktest.anova(x, g, true) end

local OPTIONS = {
  test = { type = "string", choices = { "auto", "welch", "ttest", "mann_whitney", "kruskal",
    "anova", "welch_anova" }, default = "auto" },
  exact = { type = "string", choices = { "auto", "yes", "no" }, default = "auto" },
  correct = { type = "boolean", default = true },
  conf_level = { type = "number", default = 0.95, min = 0.5, max = 0.9999 } }

--- Compares the numbers x between the levels of the factor g. opt: test ("auto": Mann-Whitney for
--- two groups, Kruskal-Wallis for more), exact, correct (continuity correction), conf_level.
function M.compare(x, g, opt)
  opt = options.check("ranktest", opt, OPTIONS)
  g = factor(g)
  local test = opt.test
  if test == "auto" then test = #g.levels == 2 and "mann_whitney" or "kruskal" end
  if (test == "mann_whitney" or test == "welch" or test == "ttest") and #g.levels ~= 2 then
    errors.raise("usage.option", ("%s compares two groups, the factor has %d"):format(TITLES[test],
      #g.levels),
      { hint = 'use test = "kruskal" or "anova"' })
  end
  local r = RUN[test](x, g, opt)
  r.test, r.title, r.conf_level = test, TITLES[test], opt.conf_level
  local how = ""
  if test == "mann_whitney" then
    how = r.exact and ", exact" or ", normal approximation"
      .. (opt.correct and " with continuity correction" or "")
  end
  r.convention = TITLES[test] .. how
  return Test.new(r)
end

--- Column `name` of the cohort compared between the values of column `by`.
function M.of(cohort, name, by, opt)
  return M.compare(cohort:column(name), cohort:column(by), opt)
end

function Test.methods:rows()
  local out = {
    pvalue.row({ statistic = self.test, value = self.stat or self.t, df = self.df, p = self.p,
    warning = not self.p and "not defined for these data" or nil }, self.p, self.log_p) }
  local estimate = self.estimate or self.difference
  if estimate then
    out[2] = { statistic = "difference", value = estimate, lower = self.lower, upper = self.upper }
  end
  return out
end

function Test.methods:table()
  local estimate = self.estimate or self.difference
  local row = { test = self.title, stat = format.number(self.stat or self.t, 3), p = self.p
    and format.p_value(self.p) or "NE",
    difference = estimate and format.estimate(estimate, self.lower, self.upper) or "" }
  local notes = { self.convention }
  if self.missing > 0 then
    notes[2] = ("left out because a value is missing: %d"):format(self.missing)
  end
  return { columns = { { key = "test", label = "" }, { key = "stat", label = "Statistic",
    align = "decimal" },
    { key = "difference", label = ("Difference (%g%% CI)"):format(100 * self.conf_level) },
    { key = "p", label = "p", align = "decimal" } },
    rows = { row }, notes = notes }
end

for _, name in ipairs { "ttest", "mann_whitney", "signed", "kruskal", "anova", "correlation" } do
  M[name] = core.ranktest[name]
end

return M
