-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.stat.weighted
---descriptions of the variables of a baseline table in the weighted groups, and their
---standardised differences.
---@class lunation.stat.weighted
local M = {}

---A number in a weighted group: { n (sum of weights), mean, sd, median, q1, q3 }. sd with the
---factor n / (n - 1) of the number of patients; quantiles invert the weighted distribution
---function.
---@param x any?
---@param w any?
---@param in_group any?
---@return any
function M.number(x, w, in_group) end

---The levels of a factor in a weighted group: { counts (sums of weights), n }.
---@param x any?
---@param levels any?
---@param w any?
---@param in_group any?
---@return any
function M.factor(x, levels, w, in_group) end

---Difference of two weighted means over the pooled standard deviation of the unweighted groups
---(Austin & Stuart 2015), so that before and after are on one scale.
---@param a any?
---@param b any?
---@param before_a any?
---@param before_b any?
---@return any
function M.number_smd(a, b, before_a, before_b) end

---Yang and Dalton's distance of the weighted shares.
---@param a any?
---@param b any?
---@return any
function M.factor_smd(a, b) end

---Kish's effective sample size of a group.
---@param w any?
---@param in_group any?
---@return any
function M.effective(w, in_group) end

return M
