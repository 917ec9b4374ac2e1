-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.cox_predict
---what a Cox model says of its own and of other rows.
---@class lunation.surv.cox_predict
local M = {}

---@class lunation.surv.cox_predict.options
---@field newdata? any
---@field reference? "sample"|"strata"|"zero"
---@field se? boolean
---@field start? string
---@field time? string
---@field type? "lp"|"risk"|"expected"|"survival"|"terms"
---@field at? any
---@field points? integer
---@field x? table

---@class lun.methods
local methods = {}

---Harrell's C of the linear predictor (or Uno's with timewt = "n/G2"; until: a time limit), within
---strata.
---@param given table?
---@return lun.concordance
function methods:concordance(given) end

---Gonen and Heller's concordance probability.
---@return any
function methods:gonen_heller() end

---Predictions, as R's predict.coxph. opt: type = "lp" (linear predictor), "risk" (its
---exponential), "expected" (number of events up to each row's time), "survival" (exp(-expected))
---or "terms" (the share of each term); reference, from which lp, risk and terms are counted:
---"strata" (mean of the stratum; default), "sample" (fit.means, default of terms), "zero";
---newdata: a table, a cohort, lists by name or a list of rows (default: the rows of the fit); time
---and start: names of newdata's columns for expected and survival; se. Fields fit and se (columns;
---by term for "terms"). A missing value gives a missing prediction. The standard error of risk is
---risk se(lp) (delta method).
---@param given table?
---@return any
function methods:predict(given) end

---The probability of the event by time t of each row: a column; missing where a value is. newdata:
---as of predict (default: the rows of the fit's endpoint).
---@param t any
---@param given table?
---@return any
function methods:probability(t, given) end

---Survival of the levels of a factor, adjusted by the model (g-formula): see
---lunation.surv.standardised. opt: by, times, tau, conf_level.
---@param opt lunation.surv.standardised.options?
---@return lun.standardised
function methods:standardised(opt) end

---Time-dependent ROC curves of the model on its own patients (apparent performance): see
---endpoint:roc, which also takes the model on other patients, as do brier and calibration.
---@param opt table?
---@return lun.roc
function methods:roc(opt) end

---Brier scores of the model on its own patients: see endpoint:brier.
---@param opt table?
---@return lun.brier
function methods:brier(opt) end

---Calibration of the model on its own patients: see endpoint:calibration.
---@param opt lunation.surv.calibration.options?
---@return lun.calibration
function methods:calibration(opt) end

---The log hazard ratio of values of a variable against a reference, over all terms that read it
---(splines, powers, interactions): fit:effect("age", { at = { 40, 70 }, reference = 60 }). opt: at
---(default: points, 50, evenly over the values), reference (default: the median), x (values of
---variables in interaction with it). Fields at, log_hr, se, lower, upper (limits of the hazard
---ratio), reference.
---@param name any
---@param given table?
---@return any
function methods:effect(name, given) end

---@class lun.cox_prediction
---@field convention any A sentence naming the options that decide the numbers.
local cox_prediction = {}

---One row for each prediction: statistic (the type), group (number of the row), term for "terms",
---value, se, lower, upper.
---@return table[]
function cox_prediction:rows() end

---Columns, rows and notes as the report and print take them.
---@return lun.table
function cox_prediction:table() end

---@class lun.cox_effect
local cox_effect = {}

---One row for each value: statistic "hr", term ("age: 70 vs 60"), value, lower, upper, log_hr, se.
---@return table[]
function cox_effect:rows() end

---Columns, rows and notes as the report and print take them.
---@return lun.table
function cox_effect:table() end

return M
