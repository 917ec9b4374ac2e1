-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.stat.summary
---n, mean, standard deviation, quartiles and range of numeric columns.
---@class lunation.stat.summary
local M = {}

---Summary of the numeric columns `names` (a name or a list). opt: quantiles ("r", "sas", "spss").
---@param cohort any?
---@param names any?
---@param opt table?
---@return any
function M.of(cohort, names, opt) end

return M
