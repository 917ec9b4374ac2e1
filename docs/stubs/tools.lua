-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.base.tools
---programs that are used when they are there. Each says what is lost without it.
---@class lunation.base.tools
local M = {}

---Path of a program in $PATH, or nil.
---@param program any?
---@return any
function M.which(program) end

---Path of a known tool, or nil and its entry.
---@param name any
---@return any
function M.find(name) end

---The same; an error when it is not there.
---@param name any
---@return any
function M.need(name) end

---Runs a program with these arguments (no shell sees them), its output thrown away. Errors:
---io.tool.
---@param path any
---@param args any?
---@return any
function M.run(path, args) end

return M
