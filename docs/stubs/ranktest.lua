-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.stat.ranktest
---comparisons of location between the groups of a cohort, and correlations.
---@class lunation.stat.ranktest
local M = {}

---@class lunation.stat.ranktest.options
---@field conf_level? number
---@field correct? boolean
---@field exact? "auto"|"yes"|"no"
---@field test? "auto"|"welch"|"ttest"|"mann_whitney"|"kruskal"|"anova"|"welch_anova"

---Compares the numbers x between the levels of the factor g. opt: test ("auto": Mann-Whitney for
---two groups, Kruskal-Wallis for more), exact, correct (continuity correction), conf_level.
---@param x any?
---@param g any?
---@param opt lunation.stat.ranktest.options?
---@return any
function M.compare(x, g, opt) end

---Column `name` of the cohort compared between the values of column `by`.
---@param cohort any?
---@param name any?
---@param by any?
---@param opt lunation.stat.ranktest.options?
---@return any
function M.of(cohort, name, by, opt) end

return M
