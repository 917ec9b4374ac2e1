-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.cox_tests
---tests of a Cox model and of its terms, residuals, proportional hazards, Firth's
---penalty.
---@class lunation.surv.cox_tests
local M = {}

---@class lun.methods
local methods = {}

---The tests of the whole model: lr, wald, score, robust_score = { statistic, df, p, log10_p }.
---@return any
function methods:tests() end

---Wald test of a term as a whole: of a factor with several levels, or of a spline.
---@param name any
---@return any
function methods:term_test(name) end

---Test that a spline term is a straight line: { statistic, df, p } by Wald's test, and lr = {
---statistic, df, p } against the model with the variable itself (nil with weights or clusters).
---term: "rcs(age, 4)".
---@param name any
---@return any
function methods:nonlinearity(name) end

---A test of each term and, below a spline, of its nonlinearity: a result whose rows have term, df,
---value and p (Wald's chi-square) and chisq_lr and p_lr (likelihood ratio: the model without the
---term's columns, on the same rows).
---@return any
function methods:term_tests() end

---Residuals: see core.cox. type: martingale, deviance, score, dfbeta, dfbetas, schoenfeld,
---scaled_schoenfeld.
---@param type any?
---@return any
function methods:residuals(type) end

---The model with standard errors that include the estimation of its weights (of cohort:weights).
---@return any
function methods:stacked() end

---The model with Firth's penalty: for each coefficient by name hr, coef, se, p, ci = { lower,
---upper } (profile limits of the hazard ratio), and loglik. Finite also where the likelihood is
---monotone.
---@return any
function methods:firth() end

---Likelihood ratio test of this model against a smaller one fitted to the same patients.
---@param smaller any?
---@return any
function methods:compare(smaller) end

---Score test of proportional hazards (Grambsch and Therneau 1994; R's cox.zph from survival 3).
---opt: transform ("km", "identity", "rank", "log"). Fields: one test for each term by name in
---.tests, .global; .time, .x (transformed time) and .y[coefficient] (scaled Schoenfeld residuals)
---for a figure.
---@param given table?
---@return lun.zph
function methods:zph(given) end

---@class lun.cox_term_tests
local cox_term_tests = {}

---One plain table for each estimate, as of every result.
---@return table[]
function cox_term_tests:rows() end

---Columns, rows and notes as the report and print take them.
---@return lun.table
function cox_term_tests:table() end

---@class lun.zph
---@field convention any A sentence naming the options that decide the numbers.
local zph = {}

---One plain table for each estimate, as of every result.
---@return table[]
function zph:rows() end

---The tests as a table. opt: see lunation.report.tables.
---@param opt table?
---@return lun.table
function zph:table(opt) end

return M
