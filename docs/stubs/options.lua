-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.base.options
---checks a table of named options against a list of known ones.
---@class lunation.base.options
local M = {}

---Returns a copy of given with defaults filled in: those of the conventions in force, then the
---rule's. known: { name = { type=, default=, min=, max=, choices=, required= } }. what: the
---function's name, for messages. Unknown names are errors.
---@param what any?
---@param given table?
---@param known any?
---@return any
function M.check(what, given, known) end

return M
