-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.onco.agreement
---the best response of the same patients twice, by two readers or by two criteria: cross
---table, kappa, and on whom they differ.
---@class lunation.onco.agreement
local M = {}

---@class lunation.onco.agreement.options
---@field conf_level? number
---@field first? string
---@field second? string

---Agreement of two columns of words over the same patients: x, y factors, ids their names. opt:
---first, second (names of the two), conf_level. n, observed (share that agree), and where both
---have the same levels kappa with se and limits (J. L. Fleiss, J. Cohen, B. S. Everitt, Psychol
---Bull 1969;72:323), weighted (the same with linear weights, patients with an ordered response
---only), rows_levels, columns_levels, counts, disagreements = { { id, first, second }, ... }.
---@param x any?
---@param y any?
---@param ids any?
---@param opt lunation.onco.agreement.options?
---@return any
function M.of(x, y, ids, opt) end

---@class lun.agreement
---@field convention any A sentence naming the options that decide the numbers.
local agreement = {}

return M
