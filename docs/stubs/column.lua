-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.data.column
---columns as objects. Arithmetic (+ - * / // % ^) stands in the core; this adds
---comparisons, logic, functions, summaries and factor tools as methods. Every operand may be a
---column or a constant; a missing operand gives a missing result. The loops run in C.
---@class lunation.data.column
local M = {}

---@class lun.column
local column = {}

---The negation of a logical column.
---@return any
function column:lnot() end

---Where the value is missing, as a logical column without missing values.
---@return any
function column:is_missing() end

---Rounded to decimals (0 unless given), as R 4 rounds.
---@param decimals any?
---@return any
function column:round(decimals) end

---mask:choose(x, y): x where the logical column is true, y where it is false.
---@param x any?
---@param y any?
---@return any
function column:choose(x, y) end

---Whether the value is one of the list, as a logical column.
---@param list any?
---@return any
function column:isin(list) end

---for row, value in col:each() do ... end, missing values as nil.
---@return any
function column:each() end

return M
