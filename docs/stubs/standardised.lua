-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.standardised
---survival curves of the groups adjusted by a Cox model (g-formula, direct
---standardisation): the mean over all patients of the survival predicted were all in one group.
---@class lunation.surv.standardised
local M = {}

---@class lunation.surv.standardised.options
---@field by string
---@field conf_level? number
---@field tau? number
---@field times? any

---Adjusted survival of the levels of a factor among the model's terms: fit:standardised { by =
---"arm", times = { 12, 36 }, tau = 36 }. opt: by, times, tau (restricted means up to it),
---conf_level. Field groups: by level { survival (by time), rmst }, each { estimate, se, lower,
---upper }; differences: to the first level, the same with p. Standard errors from each patient's
---influence on the coefficients, the baseline and the mean. Errors: usage.option for strata,
---offsets, delayed entry, weights, exact ties; data.tau beyond the last time.
---@param model any?
---@param given lunation.surv.standardised.options?
---@return any
function M.of(model, given) end

---@class lun.standardised
---@field convention any A sentence naming the options that decide the numbers.
local standardised = {}

return M
