-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.finegray
---proportional subdistribution hazards of one cause of an endpoint (Fine & Gray 1999).
---@class lunation.surv.finegray
local M = {}

---@class lunation.surv.finegray.options
---@field cause? any
---@field censoring? any
---@field cluster? any
---@field conf_level? number
---@field method? "crr"|"survival"
---@field ties? "breslow"|"efron"
---@field variance? "censoring"|"robust"
---@field weights? any

---Fits terms to an endpoint with causes. opt: cause (name or number; needed when there are
---several), method ("crr", the default, or "survival": how censorings tied with events count),
---ties ("breslow", or "efron", the default of survival), variance ("censoring": includes the
---estimation of the censoring distribution, the default of crr; "robust"), censoring (columns:
---strata of the censoring distribution, crr's cengroup), cluster (columns), weights (sampling
---weights), conf_level. strata() among the terms gives each stratum its own baseline. weighted and
---clustered say whether there were weights and clusters.
---@param endpoint any?
---@param text any?
---@param given lunation.surv.finegray.options?
---@return any
function M.fit(endpoint, text, given) end

---@class lun.finegray
---@field coef any 
---@field se any 
---@field p any 
---@field shr any 
---@field ci any 
---@field warnings any What is doubtful about the fit, as sentences.
---@field why any 
---@field convention any A sentence naming the options that decide the numbers.
local finegray = {}

---One row for each coefficient (statistic "shr", with log_shr, se, p, n, events; variable and
---level for factors), one for each reference level, and the tests of the model (p_lr of the
---pseudo-likelihood, p_wald).
---@return table[]
function finegray:rows() end

---The regression table. opt: see lunation.report.tables.
---@param opt table?
---@return lun.table
function finegray:table(opt) end

---Cumulative incidence of the cause by time: { x = { column = value }, times = { ... } }, or a
---list of subjects under x. 1 - exp(-H(t) exp(x b)) with H the baseline of Breslow's kind (of
---Efron's with those ties); nil after the last time that was observed. Fields incidence, se, lower
---and upper, by subject and time. The standard error is that of the patients' influence on the
---baseline, the coefficients and, with the variance "censoring", the censoring distribution.
---conf_type: "cloglog" (log(-log(1 - F))), "log", "plain".
---@param given table?
---@return any
function finegray:predict(given) end

return M
