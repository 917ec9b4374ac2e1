-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.surv.concord
---concordance of a marker, or of a model's linear predictor, with an endpoint.
---@class lunation.surv.concord
local M = {}

---@class lunation.surv.concord.options
---@field conf_level? number
---@field larger? "worse"|"better"
---@field timewt? "n"|"S"|"S/G"|"n/G2"|"I"
---@field until? number

---marker: a number column, larger for an earlier event. core_options: those of core.concord.new.
---@param endpoint any?
---@param marker any?
---@param core_options any?
---@param opt lunation.surv.concord.options?
---@return any
function M.new(endpoint, marker, core_options, opt) end

---Concordance of a column of the endpoint's cohort. opt: timewt ("n": Harrell, "n/G2": Uno),
---until, larger ("worse": larger values mean earlier events, or "better"), conf_level.
---@param endpoint any?
---@param name any?
---@param given lunation.surv.concord.options?
---@return any
function M.of(endpoint, name, given) end

---Difference of two concordances of the same patients: { estimate, se, lower, upper, z, p }.
---Errors: usage.nested.
---@param a any?
---@param b any?
---@return any
function M.compare(a, b) end

---@class lun.concordance_difference
---@field convention any A sentence naming the options that decide the numbers.
local concordance_difference = {}

---One plain table for each estimate, as of every result.
---@return table[]
function concordance_difference:rows() end

---@class lun.concordance
---@field convention any A sentence naming the options that decide the numbers.
local concordance = {}

---The difference to another concordance of the same patients: see compare.
---@param other any?
---@return any
function concordance:compare(other) end

---One plain table for each estimate, as of every result.
---@return table[]
function concordance:rows() end

return M
