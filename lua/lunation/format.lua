-- SPDX-License-Identifier: GPL-3.0-or-later
-- format: numbers as a reader of a journal wants them. Minus sign, en dash, fixed decimals, rounded
-- half to even on the exact binary value, or half away from zero. A number that is missing (nil,
-- NaN) shows as NE, "not estimable".
local num = require("lunation.core").num

local MINUS, DASH = "−", "–"
local format = { missing = "NE" }

local function is_missing(v)
  return v == nil or v ~= v
end

-- What half-away adds to a number, as a share of it: decimal halves that are stored a little below
-- (2.675) go up.
local AWAY = 2.0 ^ -48
local nudge = 0

--- How numbers are rounded from now on: "half-even" (R: on the exact binary value) or "half-away"
--- (SAS: away from zero, a number that is within 4e-15 of a half being one).
function format.rounding(rule) nudge = rule == "half-away" and AWAY or 0 end

--- The share of itself that a number gets before it is cut; 0 unless halves go away from zero.
function format.nudge() return nudge end

--- v with exactly `decimals` digits after the point, in ASCII; never "-0.00". For machines.
function format.fixed(v, decimals) return num.fixed(v * (1 + nudge), decimals) end

--- The shortest text that reads back as the same number, in ASCII. For machines.
format.shortest = num.shortest

--- v with fixed decimals (default 2) for people. Infinity is ∞, a missing value NE.
function format.number(v, decimals) return num.print(v and v * (1 + nudge), decimals) end

--- A count. From 10,000 on with commas.
function format.integer(v) return num.count(v and v * (1 + nudge)) end

--- A fraction as a percentage: percent(0.708) = "70.8%".
function format.percent(fraction, decimals)
  if is_missing(fraction) then return format.missing end
  return format.number(100 * fraction, decimals or 1) .. "%"
end

--- "67 (55.8%)"; 100 n / of is rounded, not the fraction, so that halves are exact.
function format.count(n, of, decimals)
  local percent = of and of > 0 and format.number(100 * n / of, decimals or 1) .. "%" or DASH
  return format.integer(n) .. " (" .. percent .. ")"
end

--- The value alone: "0.013", "<0.001", ">0.999".
function format.p_value(p)
  if is_missing(p) then return format.missing end
  if p < 0.0005 then return "<0.001" end
  if p >= 0.9995 then return ">0.999" end
  return format.fixed(p, 3)
end

--- For a sentence: "p = 0.013", "p < 0.001".
function format.p(p)
  local text = format.p_value(p)
  local sign = text:match("^[<>]")
  return sign and "p " .. sign .. " " .. text:sub(2) or "p = " .. text
end

--- "0.41–0.80"; "−1.2 to 3.4" when a limit is negative, since a dash would read as a minus.
function format.ci(lower, upper, decimals)
  local a, b = format.number(lower, decimals), format.number(upper, decimals)
  local negative = a:find(MINUS, 1, true) or b:find(MINUS, 1, true)
  return a .. (negative and " to " or DASH) .. b
end

--- "0.58 (0.41–0.80)"
function format.estimate(v, lower, upper, decimals)
  if is_missing(v) then return format.missing end
  return format.number(v, decimals) .. " (" .. format.ci(lower, upper, decimals) .. ")"
end

--- A hazard (or odds, risk, subdistribution hazard) ratio with its limits, two decimals.
function format.hr(v, lower, upper)
  return format.estimate(v, lower, upper, 2)
end

--- "70.8% (63.2–79.5)" from fractions.
function format.rate(v, lower, upper, decimals)
  if is_missing(v) then return format.missing end
  decimals = decimals or 1
  local function hundred(x) return x and 100 * x end
  return format.percent(v, decimals) .. " (" .. format.ci(hundred(lower), hundred(upper), decimals)
    .. ")"
end

--- A median or mean time: one decimal, none when every part is whole.
function format.time(v, lower, upper)
  local function whole(x) return is_missing(x) or x == math.floor(x) end
  local decimals = whole(v) and whole(lower) and whole(upper) and 0 or 1
  if lower == nil and upper == nil then return format.number(v, decimals) end
  return format.number(v, decimals) .. " (" .. format.ci(lower, upper, decimals) .. ")"
end

return format
