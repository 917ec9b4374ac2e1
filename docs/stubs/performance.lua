-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.performance
---how well a marker or a model tells who will have the event by a time, under
---censoring: time-dependent ROC curves (Blanche et al. 2013) and Brier scores (Graf et al. 1999).
---@class lunation.surv.performance
local M = {}

---@class lunation.surv.performance.options
---@field cause? any
---@field conf_level? number
---@field larger? "worse"|"better"
---@field times any
---@field variance? "jackknife"|"timeroc"
---@field integrated? number

---ROC curves of a column of the cohort, or of a Cox model (its linear predictor; with strata the
---predicted risk), at times: who has had the event by t against who has not. opt: times, cause
---(controls are all without it by t), larger ("worse": larger values mean earlier events),
---variance ("jackknife", or "timeroc" as R's timeROC), conf_level. Field points: a list of { time,
---auc, se, lower, upper, n, cases, controls, censored (before t: of unknown outcome), fpr, tpr,
---threshold, influence }. Errors: data.tau beyond the follow-up; usage.marker.
---@param endpoint any?
---@param what any?
---@param given lunation.surv.performance.options?
---@return lun.roc
function M.roc(endpoint, what, given) end

---Differences a - b of two results of roc, or of two of brier, of the same patients at the same
---times: each with its standard error from both influences. Errors: usage.nested.
---@param a any?
---@param b any?
---@return any
function M.compare(a, b) end

---Brier scores of predicted probabilities at times: a column with them, a list of columns beside
---the times, or a Cox model. opt: times, integrated (also the mean score up to this time, exactly
---over all steps; of a model only), cause, conf_level. Field points: a list of { time, brier, se,
---lower, upper, null (the score of the same share for all), scaled (1 - brier / null), influence
---}; integrated: { brier, se, lower, upper, null, scaled, tau }.
---@param endpoint any?
---@param what any?
---@param given lunation.surv.performance.options?
---@return lun.brier
function M.brier(endpoint, what, given) end

---@class lun.roc
---@field convention any A sentence naming the options that decide the numbers.
local roc = {}

---One plain table for each estimate, as of every result.
---@return table[]
function roc:rows() end

---The differences to another's areas at the same times, by the same patients: rows() with
---estimate, limits and p.
---@param other any?
---@return any
function roc:compare(other) end

---The curves as lunation.figure.roc takes them. label: put before the time.
---@param label any?
---@return any
function roc:curves(label) end

---Columns, rows and notes as the report and print take them.
---@return lun.table
function roc:table() end

---@class lun.performance_difference
local performance_difference = {}

---One plain table for each estimate, as of every result.
---@return table[]
function performance_difference:rows() end

---Columns, rows and notes as the report and print take them.
---@return lun.table
function performance_difference:table() end

---@class lun.brier
---@field convention any A sentence naming the options that decide the numbers.
local brier = {}

---The differences to another's scores at the same times, by the same patients.
---@param other any?
---@return any
function brier:compare(other) end

---One plain table for each estimate, as of every result.
---@return table[]
function brier:rows() end

---Columns, rows and notes as the report and print take them.
---@return lun.table
function brier:table() end

return M
