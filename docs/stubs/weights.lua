-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.stat.weights
---propensity-score weights of two groups, with balance before and after.
---@class lunation.stat.weights
local M = {}

---@class lunation.stat.weights.options
---@field estimand? "ATE"|"ATT"|"ATC"|"overlap"|"matching"
---@field stabilised? boolean
---@field trim? number

---Propensity-score weights: weights.of(cohort, "surgery ~ age + bclc", opt). The second level of
---the group is the treated. opt: estimand, stabilised (ATE times the share of the group), trim
---(weights above this quantile are set to it, R type 7). Incomplete rows have no weight and are
---counted.
---@param cohort any?
---@param text any?
---@param opt lunation.stat.weights.options?
---@return any
function M.of(cohort, text, opt) end

---The weights as a column with a row for each row of an endpoint. v: weights of a cohort (joined
---by the patients' key), a column, its name, a list, or nil.
---@param endpoint any?
---@param v any?
---@return lun.column
function M.column(endpoint, v) end

---The same model with standard errors that include the estimation of its weights; fit: of
---endpoint:cox with weights of a cohort. Fields: fit, se (by term).
---@param fit any?
---@return any
function M.stacked(fit) end

return M
