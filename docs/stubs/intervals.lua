-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.data.intervals
---dated visits become (start, stop] rows, one for each stretch of time between two
---visits, with what had happened up to its beginning. For Cox models with time-dependent
---covariates.
---@class lunation.data.intervals
local M = {}

---@class lunation.data.intervals.options
---@field day string
---@field event string
---@field ever? any
---@field finish string
---@field is? any
---@field key? string
---@field zero? "drop"|"half-day"

---Rows { key, start, stop, event, ever_<column>... , and the visit's own columns }. opt: day
---(column), finish (expression for the last day of observation, as each visit states it; the
---largest one counts), event and is (the patient's event column and value; the event stands in the
---last interval), ever (columns of 0 and 1), zero ("drop": intervals of no length are left out and
---counted, even when they hold an event; "half-day": they last half a day).
---@param visits any?
---@param given lunation.data.intervals.options?
---@return any
function M.of(visits, given) end

return M
