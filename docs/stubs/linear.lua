-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.stat.linear
---linear regression of a cohort by least squares.
---@class lunation.stat.linear
local M = {}

---@class lunation.stat.linear.options
---@field conf_level? number
---@field weights? string

---Linear regression: M.fit(cohort, "log(afp) ~ age + bclc", { weights = column of precision
---weights, conf_level }). Incomplete rows are left out and counted.
---@param cohort any?
---@param text any?
---@param opt lunation.stat.linear.options?
---@return any
function M.fit(cohort, text, opt) end

return M
