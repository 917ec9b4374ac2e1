-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.calibration
---predicted probabilities of an event by a time against what was observed: in groups
---of patients, as a ratio, by a regression of pseudo-values, and as the net benefit of acting on
---them.
---@class lunation.surv.calibration
local M = {}

---@class lunation.surv.calibration.options
---@field at number
---@field conf_level? number
---@field conf_type? "log"|"log-log"|"plain"|"arcsine"|"logit"
---@field groups? integer
---@field thresholds? any

---Calibration at a time of predicted probabilities of the event (a column's name) or of a Cox
---model. opt: at, groups (of equal size by predicted risk, 5), thresholds (of the net benefit),
---conf_type (of the observed risks, "log-log"), conf_level. Fields: groups, a list of { n, events,
---predicted, observed, lower, upper }; predicted (the mean), observed { observed, lower, upper },
---ratio (observed to expected), intercept (with the slope at 1) and slope { estimate, se, lower,
---upper, p } (p of the slope: against 1), net_benefit, a list of { threshold, above, model, all };
---why, where something is missing. Errors: data.tau beyond the follow-up; usage.marker.
---@param endpoint any?
---@param what any?
---@param given lunation.surv.calibration.options?
---@return any
function M.of(endpoint, what, given) end

---@class lun.calibration
---@field convention any A sentence naming the options that decide the numbers.
local calibration = {}

---One plain table for each estimate, as of every result.
---@return table[]
function calibration:rows() end

---What lunation.figure.calibration takes: { groups, annotation }.
---@return any
function calibration:drawing() end

---Groups, predicted and observed risk.
---@return lun.table
function calibration:table() end

---The net benefit at each threshold as a table; nil without thresholds.
---@return any
function calibration:benefits() end

return M
