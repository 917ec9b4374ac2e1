-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.data.codebook
---what is in a file that nobody has declared, and a draft of its declaration.
---@class lunation.data.codebook
local M = {}

---What is in a CSV file: see core.csv.inspect. opt: separator, decimal, encoding, missing.
---@param file any?
---@param opt table?
---@return lun.table
function M.read(file, opt) end

---The column that looks like the patient's id, and whether it has one row for each value: the
---first column named id or ending in id, else the first whose values are all different.
---@param book any?
---@return any
function M.key(book) end

---The rows of a table for people: column, type, n, missing, content.
---@param book any?
---@return table[]
function M.rows(book) end

---Suspicious cells, one sentence each, by address. Values of the id are never shown.
---@param book any?
---@return any
function M.suspects(book) end

---A draft of the recipe's data block for the file, as YAML that the checker takes. name: of the
---data.
---@param book any?
---@param name any?
---@return any
function M.draft(book, name) end

return M
