-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made by docs/generate.lua (make docs): do not edit.
---@meta lunation.base.time
---units of time and the length of a month, in one place.
---@class lunation.base.time
local M = {}

---A converter of (from, to) day numbers, or of a length in days, into a unit.
---month: days in a month (30.4375, 30 ...), or "calendar": whole calendar months plus the part of
---a month that is left over, so that equal days of the month give whole numbers.
---@param unit any?
---@param month any?
---@return any
function M.converter(unit, month) end

return M
