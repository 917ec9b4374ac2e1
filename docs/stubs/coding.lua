-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.stat.coding
---which level of which factor each column of a model matrix stands for, with its patients;
---the rows of a regression's results say so.
---@class lunation.stat.coding
local M = {}

---column -> { variable, level, n, cases = { outcome's level -> n }, reference } for the columns of
---a design (of core.design) that code a level of a factor; reference, on the first column of a
---term, is the same of the level that has no column. outcome: a factor over the rows used, or nil.
---@param design any?
---@param outcome any?
---@return any
function M.of(design, outcome) end

---Puts into the row of a column the level that it stands for (entry, an element of M.of), and
---before it into out the row of the reference level, with these fields, where there is one.
---@param out any?
---@param row any?
---@param entry any?
---@param fields any?
---@return any
function M.add_level(out, row, entry, fields) end

return M
