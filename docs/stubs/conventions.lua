-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.base.conventions
---where R, SAS, Stata and SPSS differ. The one table of what each does when nothing is
---said; docs/methods/conventions.md has its rows and their sources.
---@class lunation.base.conventions
local M = {}

---A field of an analysis for a key: its values, and what is done when nothing is said (R's way).
---@param key any?
---@param doc any?
---@return any
function M.field(key, doc) end

---The conventions of a program ("sas"), or of { follow = "sas", month = 30 }: its ways with
---changes. Returns key -> value, and `follow`.
---@param given table?
---@return any
function M.of(given) end

---Sets what estimators do where a script says nothing, and how numbers are printed; given as of().
---Without an argument nothing changes. Returns the conventions in force.
---@param given table?
---@return any
function M.use(given) end

---The value for an option that was not given, or nil where the conventions have none for it. what:
---the function; choices: what its option may be.
---@param what any?
---@param key any?
---@param choices any?
---@return any
function M.default(what, key, choices) end

---A sentence for the methods of a report; nil for R's ways unchanged.
---@param conventions any?
---@return any
function M.sentence(conventions) end

return M
