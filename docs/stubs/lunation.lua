-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation
---the public module. `local lun = require "lunation"`.
---@class lunation
---@field endpoint lunation.endpoint
---@field classify lunation.classify
---@field figure lunation.figure
---@field report lunation.report
---@field errors lunation.errors
---@field format lunation.format
local M = {}

---Reads a CSV file with declared columns: see lunation.table.
---@param path any
---@param opt table?
---@return lun.table
function M.read(path, opt) end

---A cohort of patients, with linked tables: see lunation.cohort.
---@param patients any?
---@param linked any?
---@return lun.cohort
function M.cohort(patients, linked) end

---Loads a plug-in: a Lua file that defines endpoints, classes, analyses or report sections. It
---runs in a worker process, or with opt = { trust = true } in this one.
---@param path any
---@param opt table?
---@return any
function M.use(path, opt) end

---What estimators do where the script says nothing: lun.conventions "sas" (r, sas, stata, spss),
---or { follow = "sas", month = 30 }; see docs/methods/conventions.md. Without an argument: the
---conventions in force.
---@param given table?
---@return any
function M.conventions(given) end

return M
