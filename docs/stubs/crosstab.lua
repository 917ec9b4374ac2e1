-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.stat.crosstab
---two factors against each other, with Fisher's exact and chi-square tests; stratified
---tables, trends, paired tables and agreement on counts.
---@class lunation.stat.crosstab
local M = {}

---A cross-table of counts that are already there. opt: test ("fisher", "chisq", "yates", "none"),
---conf_level, rows and columns (names of the levels).
---@param counts any?
---@param opt table?
---@return any
function M.counts(counts, opt) end

---Column `rows` of the cohort against column `columns`; patients with a missing value are left out
---and counted. opt: test, conf_level. Fields: counts (a list for each row), row_levels,
---column_levels, row_label, column_label, missing, p, and the test: fisher or chisq.
---@param cohort any?
---@param rows any?
---@param columns any?
---@param opt table?
---@return any
function M.of(cohort, rows, columns, opt) end

return M
