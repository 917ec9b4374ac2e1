-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.plugin
---one Lua file that defines endpoints, classes, analyses or report sections. It runs in a
---sandbox (lunation.sandbox): what it defines is registered here, and its functions are asked
---there.
---@class lunation.plugin
local M = {}

---Loads the file (once) and registers what it defines. opt: trust = true runs it in this process,
---else in a worker process; place = the YAML node that names it, for messages.
---@param file any?
---@param opt table?
---@return any
function M.load(file, opt) end

---Where a function of a definition stands: { file, line }.
---@param definition any?
---@param key any?
---@return any
function M.place(definition, key) end

---What definition.derive(patient, opt) returns for each patient of the cohort: a function of the
---patient's number, to be called in order. who(i) names patient i in messages.
---@param definition any?
---@param cohort any?
---@param data any?
---@param opt table?
---@param who any?
---@return any
function M.results(definition, cohort, data, opt, who) end

return M
