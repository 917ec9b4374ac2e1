-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.cox
---proportional-hazards regression of an endpoint.
---@class lunation.surv.cox
local M = {}

---@class lunation.surv.cox.options
---@field cause? any
---@field conf_level? number
---@field frequency? any
---@field robust? boolean
---@field ties? "efron"|"breslow"|"exact"
---@field weights? any
---@field conf_type? "log"|"log-log"|"plain"|"arcsine"|"logit"
---@field offset? number
---@field path? any
---@field stratum? string
---@field x? any

---Fits terms to an endpoint. opt: ties, robust (default: with clusters or sampling weights), weights
---(sampling weights: a column, its name, or cohort weights), frequency, cause, conf_level.
---@param endpoint any?
---@param formula any?
---@param given lunation.surv.cox.options?
---@return any
function M.fit(endpoint, formula, given) end

---@class lun.cox
---@field coef any 
---@field se any 
---@field p any 
---@field z any 
---@field hr any 
---@field ci any 
---@field warnings any What is doubtful about the fit, as sentences.
---@field why any 
---@field convention any A sentence naming the options that decide the numbers.
local cox = {}

---One row for each coefficient (statistic "hr", with log_hr, se, p, n, events; variable and level for
---factors), one for each reference level ("reference"), and the tests of the model (p_lr, p_wald, p_score).
---@return table[]
function cox:rows() end

---The regression table. opt: see lunation.report.tables.
---@param opt table?
---@return lun.table
function cox:table(opt) end

---The tests of the whole model: lr, wald, score, robust_score = { statistic, df, p, log10_p }.
---@return any
function cox:tests() end

---Wald test of a term as a whole: of a factor with several levels, or of a spline.
---@param name any
---@return any
function cox:term_test(name) end

---Residuals: see core.cox. type: martingale, deviance, score, dfbeta, dfbetas, schoenfeld, scaled_schoenfeld.
---@param type any?
---@return any
function cox:residuals(type) end

---The model with standard errors that include the estimation of its weights (of cohort:weights).
---@return any
function cox:stacked() end

---The model with Firth's penalty: for each coefficient by name hr, coef, se, p, ci = { lower, upper } (profile limits of
---the hazard ratio), and loglik. Finite also where the likelihood is monotone.
---@return any
function cox:firth() end

---Likelihood ratio test of this model against a smaller one fitted to the same patients.
---@param smaller any?
---@return any
function cox:compare(smaller) end

---Score test of proportional hazards (Grambsch and Therneau 1994; R's cox.zph from survival 3). opt: transform
---("km", "identity", "rank", "log"). Fields: one test for each term by name in .tests, .global; .time, .x (transformed time)
---and .y[coefficient] (scaled Schoenfeld residuals) for a figure.
---@param given table?
---@return lun.zph
function cox:zph(given) end

---Harrell's C of the linear predictor (or Uno's with timewt = "n/G2"; until: a time limit), within strata.
---@param given table?
---@return lun.concordance
function cox:concordance(given) end

---Gonen and Heller's concordance probability.
---@return any
function cox:gonen_heller() end

---Predicted survival of a subject. opt: x = { term = value } (terms not given: their mean, a factor's first level), or
---path = { { from, to, x = {...} }, ... } for covariates that change; stratum, offset, conf_type ("log"), conf_level.
---Fields: time, survival, lower, upper, se, cumhaz, se_cumhaz, n_risk, n_event; :at(t), :quantile(p), :median().
---@param given table?
---@return any
function cox:curve(given) end

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

---@class lun.cox_curve
local cox_curve = {}

---The curve at time t: survival, lower, upper, se, cumhaz.
---@param t any
---@return any
function cox_curve:at(t) end

---The time by which a fraction p has had the event: { estimate, lower, upper }; nil where not reached.
---@param p any?
---@return any
function cox_curve:quantile(p) end

---The median: quantile(0.5).
---@return any
function cox_curve:median() end

---One plain table for each estimate, as of every result.
---@return table[]
function cox_curve:rows() end

return M
