-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.onco.waterfall
---the best change of each patient from a column, with its response.
---@class lunation.onco.waterfall
local M = {}

---@class lunation.onco.waterfall.options
---@field change string
---@field response? string

---opt: change (column: best change in per cent, negative for shrinkage), response (factor).
---Patients without a change are kept and listed. Fields: patients ({ id, change, best }), counts,
---categories (levels of the response).
---@param cohort any?
---@param given lunation.onco.waterfall.options?
---@return any
function M.of(cohort, given) end

---@class lun.waterfall
---@field convention any A sentence naming the options that decide the numbers.
local waterfall = {}

---Shares of the measured patients: any shrinkage, and shrinkage by 30% or more.
---@return table[]
function waterfall:rows() end

return M
