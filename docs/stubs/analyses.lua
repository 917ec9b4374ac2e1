-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.analyses
---the registry of the kinds of analysis that a recipe can name. A kind is data and two
---functions: see docs/architecture.md.
---@class lunation.analyses
local M = {}

---Registers a kind. definition: kind, title, doc, fields (schemas of lunation.recipe.schema),
---calls(opt)
----> list of { as, on, method, args }, show(doc, results, opt, study).
---@param definition any?
---@return any
function M.define(definition) end

---The kind of that name, or nil.
---@param kind any?
---@return any
function M.find(kind) end

---Names of all kinds, sorted.
---@return string[]
function M.names() end

return M
