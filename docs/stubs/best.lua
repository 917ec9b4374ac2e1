-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.onco.best
---the best response of every patient, and how many have each.
---@class lunation.onco.best
local M = {}

---The best response of every patient of the responses, by their criteria and their option confirm.
---@param response any?
---@return any
function M.of(response) end

---@class lun.best_response
local best_response = {}

---One row for each patient: id, best, confirmed, depth, first, progression.
---@return table[]
function best_response:rows() end

---How many have each best response, with exact limits; objective response and disease control.
---Percentages are of the patients assessed; refused patients are counted apart. opt: method (of
---prop.ci), conf_level.
---@param opt table?
---@return any
function best_response:counts(opt) end

return M
