-- SPDX-License-Identifier: GPL-3.0-or-later
-- time: units of time and the length of a month, in one place.
local conventions = require "lunation.base.conventions"
local core = require "lunation.core"
local errors = require "lunation.errors"
local suggest = require "lunation.base.suggest"

local time = {}

--- Days in one unit. A month is 365.25 / 12 days unless the study says otherwise.
time.DAYS = { days = 1, weeks = 7, months = conventions.MONTH, years = 365.25 }

--- A converter of (from, to) day numbers, or of a length in days, into a unit.
--- month: days in a month (30.4375, 30 ...), or "calendar": whole calendar months plus the part of
--- a month that is left over, so that equal days of the month give whole numbers.
function time.converter(unit, month)
  unit = unit or "days"
  local days = time.DAYS[unit]
  if not days then
    errors.raise("usage.unit", 'unknown unit of time "' .. tostring(unit) .. '"',
      { hint = suggest.hint(tostring(unit), suggest.keys(time.DAYS)) })
  end
  if month == "calendar" then
    if unit ~= "months" then errors.raise("usage.unit", "month: calendar needs unit: months") end
    return function(length, from)
      if not from then
        errors.raise("usage.unit", "month: calendar needs an endpoint that states its start date")
      end
      return core.cohort.calendar_months(from, from + length)
    end
  end
  if unit == "months" then days = month or conventions.use().month end
  if days == 1 then return function(length) return length end end
  return function(length) return length / days end
end

return time
