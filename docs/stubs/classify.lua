-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.classify
---the registry of classes (resistance, Child-Pugh, pathological response ...), and their
---derivation for every patient of a cohort. Built-in classes (lunation/classes/*.lua) are written
---with the same define.
---@class lunation.classify
local M = {}

---Registers a class. definition:
---  name, version, title, doc    words
---  levels                       the classes in their order
---  needs = { patient = { "afp" }, events = { "term", "grade" } }   columns used under their own names
---  columns = { bilirubin = { type = "number", required = true, doc = "..." } }
---                               roles that the user binds to columns: { bilirubin = "bili" }
---  options = { mpr = { default = 10, min = 0, max = 100 } }
---  derive(patient, opt)         returns a level and a reason; nil and a reason leaves the patient out
---                               and is counted.
---@param definition any?
---@return any
function M.define(definition) end

---The definition of that name; an unknown name is an error with a suggestion.
---@param name any
---@return any
function M.get(name) end

---Names of all classes, sorted.
---@return string[]
function M.names() end

---The class `name` of every patient of the cohort. given: roles (bilirubin = "bili"; a role that
---is not bound takes the column of its own name where there is one), the class's options, response
---(responses that fill roles such as best and progression), table (name of the linked table, when
---it is not the one that the class names), title.
---@param cohort any?
---@param name any?
---@param given table?
---@return any
function M.run(cohort, name, given) end

return M
