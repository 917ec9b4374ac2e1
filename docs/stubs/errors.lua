-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.errors
---what a person is told. An error is a table: code, message, and where known file, line,
---column, path, excerpt, hint. The first word of the code decides the exit code.
---@class lunation.errors
local M = {}

---An error table, not yet raised. fields: file line column path excerpt hint patient.
---@param code any?
---@param message any?
---@param fields any?
---@return any
function M.new(code, message, fields) end

---Raises an error table.
---@param code any?
---@param message any?
---@param fields any?
---@return any
function M.raise(code, message, fields) end

---Whether e is an error table.
---@param e any?
---@return any
function M.is(e) end

---The exit code of the program that ends with e.
---@param e any?
---@return any
function M.exit_code(e) end

---The full form for a terminal: code and message, place, excerpt with a caret, hint.
---@param e any?
---@return any
function M.render(e) end

return M
