-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.data.table
---a data table with its dictionary. The columns are the core's; this adds what a study knows
---about them (label, unit, when a variable becomes known) and where they came from.
---@class lunation.data.table
local M = {}

---Reads a CSV file. opt: key (column of the patient id), columns = { name = type | levels |
---{ type, levels, label, unit, min, max, missing, values, from, format, known } }, separator,
---decimal, encoding, missing (codes for every column), rows = "one" (one row for each key, the
---default when key is given) or "many".
---@param path any
---@param opt table?
---@return lun.table
function M.read(path, opt) end

---A table over core columns that are already there. fields: key, dictionary.
---@param data any?
---@param fields any?
---@return any
function M.new(data, fields) end

---@class lun.table
local table = {}

---The column of that name (also t.NAME, unless a method has the name); an unknown name is an error
---with a suggestion.
---@param name any
---@return lun.column
function table:column(name) end

---One plain table for each row: { name = value, ... }; a missing value is nil, a date its ISO
---text.
---@return table[]
function table:rows() end

---Whether there is a column of that name.
---@param name any
---@return any
function table:has(name) end

---Names of the columns, in order.
---@return string[]
function table:names() end

---What the study says about a column; an empty table when nothing.
---@param name any
---@return any
function table:about(name) end

---Label of a column for tables and figures, without its unit.
---@param name any
---@return any
function table:label(name) end

---The rows with these numbers (a list or an integer column, from 1), in that order.
---@param rows any?
---@return any
function table:gather(rows) end

---With a column added or replaced. about: label, unit, known.
---@param name any
---@param column any?
---@param about any?
---@return any
function table:with(name, column, about) end

---Dated visits as (start, stop] rows: see lunation.intervals.
---@param opt lunation.data.intervals.options?
---@return any
function table:intervals(opt) end

---One row for each key: columns = { name = "first(age)", last_day = "max(day)",
---first_treated = "min(day where treated == 1)" }. Values are expressions over the rows, taken in
---the order of the file; a missing value is passed over; no value at all is missing.
---@param key any?
---@param columns any?
---@param dictionary any?
---@return any
function table:summarise(key, columns, dictionary) end

---This table, SDTM's TR, with its TU, as a lesion table for cohort:recist: see lunation.cdisc.
---@param tu any?
---@param opt table?
---@return any
function table:sdtm_lesions(tu, opt) end

---This table, SDTM's RS, as a table of responses for cohort:recist: see lunation.cdisc.
---@param opt table?
---@return any
function table:sdtm_responses(opt) end

return M
