-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.stat.table1
---the baseline table of a cohort, overall and by group.
---@class lunation.stat.table1
local M = {}

---@class lunation.stat.table1.options
---@field by? string
---@field columns any
---@field mean? any
---@field overall? boolean
---@field quantiles? "r"|"sas"|"spss"
---@field smd? boolean
---@field tests? boolean
---@field weights? any

---Baseline table. opt: columns (names, in order), by (a factor), mean (columns shown as mean (SD)
---instead of median (IQR)), tests (p-values), smd (standardised mean differences), overall (also a
---column for all, default true), quantiles ("r", "sas", "spss"), weights (of cohort:weights, or a
---column): each group also weighted, side by side, with the differences of both; by may be left
---out then. Fields: variables, by_label, group_levels, group_sizes, group_missing (patients
---without a group), weights.
---@param cohort any?
---@param opt lunation.stat.table1.options?
---@return any
function M.of(cohort, opt) end

---The sentence that names the statistics, the denominators and the tests.
---@param self any?
---@return string
function M.convention(self) end

return M
