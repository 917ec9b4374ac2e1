-- SPDX-License-Identifier: GPL-3.0-or-later
-- feasible: targets that no cohort can return, found before any search: a share above 1, a time
-- beyond the follow-up, more events than patients, a ratio that its printed limits contradict.
local core = require "lunation.core"
local printed = require "lunation.recipe.printed"

local M = {}

local Z = 1.9599639845400545

local function text(v) return core.num.shortest(v) end

-- Half a unit of a printed number's last digit.
local function half(n) return 0.5 * 10 ^ -n.decimals end

-- A ratio is the geometric mean of its Wald limits; here with all that rounding leaves open.
local function off_centre(numbers)
  local v, low, high = numbers[1], numbers[2], numbers[3]
  local least = math.sqrt(math.max(low.value - half(low), 0) * (high.value - half(high)))
  local most = math.sqrt((low.value + half(low)) * (high.value + half(high)))
  if v.value + half(v) >= least and v.value - half(v) <= most then return nil end
  return ("a ratio is the geometric mean of its limits: %s to %s give %s to %s, not %s"):format(
    text(low.value), text(high.value), core.num.digits(least, 3), core.num.digits(most, 3),
    text(v.value)), "look at the source again; leave the limits out where it contradicts itself"
end

local CHECKS = {}

function CHECKS.survival(v)
  local share = v.percent and v.value / 100 or v.value
  if share > 1 then return "a survival rate lies between 0 and 100%", "79.2%, or 0.792" end
end

function CHECKS.p(v) if v.value > 1 then return "a p-value lies between 0 and 1" end end

function CHECKS.hr(v, numbers)
  if v.value <= 0 then return "a hazard ratio is above 0" end
  if #numbers == 3 and numbers[2].value > 0 then return off_centre(numbers) end
end

function CHECKS.events(v)
  if v.value ~= math.floor(v.value) then return "events are a whole number" end
end

--- Why no cohort at all returns a target, and what to do; nil when one may.
function M.value(target)
  local numbers = printed.numbers(target.value)
  local v = numbers[1]
  if not v then
    if target.value:find "^%s*NE" then return nil end
    return ('"%s" holds no number'):format(target.value),
      "as it was printed: 79.2% (69.3-90.5), 0.15 (0.08-0.28), 36 (25-NE), <0.001, NE"
  end
  local low, high = numbers[2], numbers[3]
  if high and (low.value > v.value or high.value < v.value) then
    return ("%s does not lie between its limits"):format(text(v.value))
  end
  if CHECKS[target.statistic] then return CHECKS[target.statistic](v, numbers) end
end

-- The variance of a log hazard ratio is at least 1/e1 + 1/e0, so at least 4 over all events.
local function events_needed(numbers)
  local low, high = numbers[2], numbers[3]
  if #numbers < 3 or low.value - half(low) <= 0 then return 0 end
  local widest = math.log((high.value + half(high)) / (low.value - half(low))) / (2 * Z)
  return math.ceil(4 / widest ^ 2 - 1e-9)
end

local LONGER = "lengthen follow_up, or ask for an earlier time"

--- Why these patients cannot return a target, and what to do. n: patients; last: the longest time
--- that any of them can be followed, in the outcome's unit; two_groups: of a hazard ratio.
function M.within(target, n, last, two_groups)
  local numbers = printed.numbers(target.value)
  local v = numbers[1]
  local time = target.statistic == "survival" and target.at
    or (target.statistic == "median" or target.statistic == "follow_up") and v and v.value
  local slack = v and target.statistic ~= "survival" and half(v) or 0
  if time and v and time - slack > last then
    return ("no patient can be followed for %s, only %s"):format(text(time),
      core.num.digits(last, 3)), LONGER
  end
  if target.statistic == "events" and v.value > n then
    return ("%s events of %d patients"):format(text(v.value), n), "more patients, or fewer events"
  end
  local needed = target.statistic == "hr" and two_groups and events_needed(numbers) or 0
  if needed > n then
    return ("limits so narrow need at least %d events, but there are %d patients"):format(needed, n),
      "more patients, or wider limits"
  end
end

return M
