-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.stat.glm
---logistic and multinomial regression of a cohort.
---@class lunation.stat.glm
local M = {}

---@class lunation.stat.glm.options
---@field conf_level? number
---@field firth? boolean
---@field limits? "wald"|"profile"
---@field profile_rule? "spline"|"exact"
---@field weights? any

---The outcome and the model matrix of the complete rows: { y, columns, names, design }.
---@param cohort any?
---@param text any?
---@param weights any?
---@return any
function M.model(cohort, text, weights) end

---Logistic regression: "response in {'CR', 'PR'} ~ age + bclc". The first level of the outcome is
---the reference. opt: firth, limits ("wald", or "profile": also likelihood-ratio p-values, the
---default with firth), profile_rule ("spline": R's confint(), the default; "exact": solved, the
---default with firth), weights (frequencies), conf_level. Incomplete rows are left out and
---counted.
---@param cohort any?
---@param text any?
---@param opt lunation.stat.glm.options?
---@return lun.logistic
function M.logistic(cohort, text, opt) end

---Multinomial logistic regression of a factor against its first level. opt: limits, profile_rule
---("exact" unless stated), weights, conf_level.
---@param cohort any?
---@param text any?
---@param opt lunation.stat.glm.options?
---@return any
function M.multinomial(cohort, text, opt) end

return M
