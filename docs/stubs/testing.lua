-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.testing
---assertions for the tests of a plug-in, run by `lunation test DIR`. Prints TAP.
---@class lunation.testing
local M = {}

---The value is neither nil nor false.
---@param value any?
---@param name any?
---@return any
function M.ok(value, name) end

---The two values are equal.
---@param found any?
---@param expected any?
---@param name any?
---@return any
function M.is(found, expected, name) end

---The two numbers differ by at most tol of the expected one (1e-9).
---@param found any?
---@param expected any?
---@param tol any?
---@param name any?
---@return any
function M.near(found, expected, tol, name) end

---The function raises an error that holds the text.
---@param fn any?
---@param text any?
---@param name any?
---@return any
function M.fails(fn, text, name) end

---A small cohort from rows written down: t.cohort { patients = { { id = "a", start = "2024-01-31"
---} }, columns = { start = "date" }, linked = { lesions = { rows = { ... }, columns = { ... } } }
---}.
---@param spec any?
---@return lun.cohort
function M.cohort(spec) end

---Runs one file of tests of a folder in a worker, or with trust in this process; an error in it
---is a failed test.
---@param dir any?
---@param name any?
---@param trust any?
---@return any
function M.run(dir, name, trust) end

return M
