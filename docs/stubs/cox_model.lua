-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.cox_model
---a Cox model fitted to an endpoint, and its fields. Its rows, tests and predictions are
---added by cox_rows, cox_tests and cox_predict.
---@class lunation.surv.cox_model
local M = {}

---@class lunation.surv.cox_model.options
---@field cause? any
---@field conf_level? number
---@field frequency? any
---@field robust? boolean
---@field ties? "efron"|"breslow"|"exact"
---@field tt? any
---@field weights? any

---Values by coefficient name; an unknown name is an error with a suggestion.
---@param what any?
---@param names any?
---@param value any?
---@return any
function M.by_name(what, names, value) end

---The design of a formula over all rows of an endpoint: factors keep all their levels, and a row
---with a missing value its place.
---@param endpoint any?
---@param formula any?
---@return any
function M.design(endpoint, formula) end

---The columns of a design, as a list.
---@param design any?
---@return any
function M.columns(design) end

---Fits terms to an endpoint. opt: ties, robust (default: with clusters or sampling weights),
---weights (sampling weights: a column, its name, or cohort weights), frequency, cause, conf_level,
---tt (what the terms tt(x) are multiplied by: see lunation.surv.cox_tt).
---@param endpoint any?
---@param formula any?
---@param given lunation.surv.cox_model.options?
---@return any
function M.fit(endpoint, formula, given) end

---@class lun.cox
---@field coef any 
---@field se any 
---@field p any 
---@field z any 
---@field hr any 
---@field ci any 
---@field patients any Patients used: distinct keys where patients have several (start, stop] rows, else the rows, n.
---@field warnings any What is doubtful about the fit, as sentences.
---@field why any 
---@field convention any A sentence naming the options that decide the numbers.
local cox = {}

return M
