-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.cox_curve
---the survival that a Cox model predicts for a subject.
---@class lunation.surv.cox_curve
local M = {}

---@class lunation.surv.cox_curve.options
---@field conf_level? number
---@field conf_type? "log"|"log-log"|"plain"|"arcsine"|"logit"
---@field offset? number
---@field path? any
---@field stratum? string
---@field x? any

---@class lun.methods
local methods = {}

---Predicted survival of a subject. opt: x = { column or term = value } (not given: the mean, a
---factor's first level), or path = { { from, to, x = {...} }, ... } for covariates that change;
---stratum, offset, conf_type ("log"), conf_level. Fields: time, survival, lower, upper, se,
---cumhaz, se_cumhaz, n_risk, n_event; :at(t), :quantile(p), :median().
---@param given table?
---@return any
function methods:curve(given) end

---@class lun.cox_curve
local cox_curve = {}

---The curve at time t: survival, lower, upper, se, cumhaz.
---@param t any
---@return any
function cox_curve:at(t) end

---The time by which a fraction p has had the event: { estimate, lower, upper }; nil where not
---reached.
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
