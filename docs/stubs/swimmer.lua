-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.onco.swimmer
---the course of each patient from columns: phases of treatment, and what happened when.
---@class lunation.onco.swimmer
local M = {}

---@class lunation.onco.swimmer.options
---@field by? string
---@field events? any
---@field month? any
---@field phases? any
---@field start? string
---@field stop string
---@field unit? string

---A lane for each patient from `start` (a date column; without it the columns are times in the
---unit) to `stop`. opt: phases ({ from = column, name } in order: each lasts until the next one
---begun, the last until the stop; one phase over all unless given), events (columns), by (a
---factor: lanes in groups), unit, month (as of endpoints). Patients without a start or stop have
---no lane and are counted. A lane goes on (an arrow) where no event lies on its last day.
---Fields: patients, lengths (of the lanes), missing. Errors:
---data.negative-time for what lies before the start or after the stop.
---@param cohort any?
---@param given lunation.onco.swimmer.options?
---@return any
function M.of(cohort, given) end

---@class lun.swimmer
local swimmer = {}

---How many patients had each phase and event (events, of n), and how many lanes go on (ongoing);
---median, shortest and longest lane (median, min, max).
---@return table[]
function swimmer:rows() end

---Columns, rows and notes as the report and print take them.
---@return lun.table
function swimmer:table() end

return M
