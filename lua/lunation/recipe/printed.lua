-- SPDX-License-Identifier: GPL-3.0-or-later
-- printed: a figure as a paper prints it ("70.8% (63.2-79.5)", "58% (70/120)", "<0.001", "36
-- (25-NE)") beside a computed row (value, lower, upper, events, n), at the paper's own digits.
local format = require "lunation.format"

local M = {}

--- Numbers of a printed text in order, { value, decimals, percent }: "70.8% (63.2–79.5)" has three.
local function numbers(text)
  local out = {}
  local plain = text:gsub("–", "-"):gsub("−", "~"):gsub("(%d)%s*%-%s*(%d)",
    "%1 %2"):gsub("(%d)%s*%-%s*(NE)", "%1 %2")
  for sign, digits, unit in plain:gmatch("(~?)([%d.]+)(%%?)") do
    local value = tonumber(digits)
    if value then
      out[#out + 1] = { value = sign == "~" and -value or value,
        decimals = #(digits:match("%.(%d+)") or ""), percent = unit == "%" }
    end
  end
  if #out > 0 and out[1].percent then for _, n in ipairs(out) do n.percent = true end end
  return out
end

-- The counts of a printed text, "58% (70/120)" or "2 of 120", and the text without them.
local function counts(text)
  local x, n = text:match "(%d+)%s*/%s*(%d+)"
  if x then return tonumber(x), tonumber(n), (text:gsub("%(?%d+%s*/%s*%d+%)?", "", 1)) end
  x, n = text:match "(%d+) of (%d+)"
  if x then return tonumber(x), tonumber(n), (text:gsub("%(?%d+ of %d+%)?", "", 1)) end
  return nil, nil, text
end

local PARTS = { "value", "lower", "upper" }

-- How far the printed number is from the computed one, in units of its last digit; 0 when it rounds
-- to it.
local function units_off(n, computed)
  if computed == nil then return nil end
  local v = n.percent and 100 * computed or computed
  local shown = tonumber(format.fixed(v, n.decimals))
  return math.abs(shown - n.value) * 10 ^ n.decimals
end

-- "p < 0.001", "> 80%" and the like: a bound holds or it does not.
local function bound(text, computed)
  local sign, value, percent = text:match("^%s*[pP]?%s*([<>])%s*([%d.]+)(%%?)")
  if not sign then return nil end
  value = tonumber(value) / (percent == "%" and 100 or 1)
  return sign == "<" and computed < value or sign == ">" and computed > value
end

local function compare(text, row)
  if type(text) == "number" then text = format.shortest(text) end
  local x, n, rest = counts(text)
  if x then
    if row.events ~= x or row.n ~= n then return "differs" end
    if not rest:find "%d" then return "exact" end
    text = rest
  end
  local limit = bound(text, row.value or math.huge)
  if limit ~= nil then return limit and "exact" or "differs" end
  local worst, found = 0, numbers(text)
  if #found == 0 then
    local ne = text:match("^%s*NE") or text:match("^not reached")
    return ne and row.value == nil and "exact" or "differs"
  end
  for i, n in ipairs(found) do
    local off = units_off(n, row[PARTS[i]])
    if off == nil then return "differs" end
    worst = math.max(worst, off)
  end
  if text:find("NE%)") and row.upper ~= nil then return "differs" end
  if worst < 0.5 then return "exact" end
  return worst < 1.5 and "rounding" or "differs"
end

-- A p-value beside a bound: with digits enough to tell on which side it lies.
local function p_beside(p, limit)
  if limit.value <= 0.001 and p < limit.value / 10 then
    return "<" .. format.fixed(limit.value, limit.decimals)
  end
  local shown = format.p_value(p)
  if shown ~= format.fixed(limit.value, limit.decimals) and shown:sub(1, 1) ~= "<" then
    return shown
  end
  return format.number(p, limit.decimals + 2)
end

local function show_count(v) return v and format.shortest(v) or "NE" end

-- The computed row as the paper would print it.
local function as_printed(text, row)
  local x, _, rest = counts(tostring(text))
  if x then
    local fraction = ("%s/%s"):format(show_count(row.events), show_count(row.n))
    return rest:find "%d" and ("%s (%s)"):format(as_printed(rest, row), fraction) or fraction
  end
  local n = numbers(tostring(text))
  local first = n[1] or { decimals = 2 }
  local function show(v, part)
    if v == nil then return "NE" end
    return format.number(first.percent and 100 * v or v, (n[part] or first).decimals)
  end
  local is_p = row.value and (row.statistic or ""):find "^p_?" and not row.statistic:find "^pro"
  if tostring(text):match "[<>]" and row.value then
    if first.percent then return format.number(100 * row.value, first.decimals + 1) .. "%" end
    return is_p and p_beside(row.value, first) or format.number(row.value, 2)
  end
  if is_p and row.value < 0.5 * 10 ^ -first.decimals then
    return "<" .. format.fixed(10 ^ -first.decimals, first.decimals)
  end
  local out = show(row.value, 1) .. (first.percent and "%" or "")
  if #n > 1 then out = out .. " (" .. show(row.lower, 2) .. "–" .. show(row.upper, 3) .. ")" end
  return out
end

--- Computed less published, at the paper's digits, as text; nil where either is no number.
function M.difference(text, row)
  local x, _, rest = counts(tostring(text))
  if x and not rest:find "%d" then
    local d = row.events and row.events - x
    return d and (d > 0 and "+" or "") .. format.number(d, 0) or nil
  end
  local first = numbers(rest)[1]
  if not first or row.value == nil or tostring(text):match("[<>]") then return nil end
  local shown = tonumber(format.fixed(first.percent and 100 * row.value or row.value,
    first.decimals))
  local d = format.number(shown - first.value, first.decimals)
  return (shown > first.value and d:match("[1-9]") and "+" or "") .. d
    .. (first.percent and " points" or "")
end

--- How the computed row (value, lower, upper) stands to a printed text: "exact", "rounding" or
--- "differs", and the row as it would be printed.
function M.status(text, row) return compare(text, row), as_printed(text, row) end

local NO_NUMBER, BOUND = 50, 5

--- How far a computed row is from rounding to a printed text, in units of its last digits summed
--- over value and limits, counts in patients; 0 when every digit is met. For a search.
function M.distance(text, row)
  if type(text) == "number" then text = format.shortest(text) end
  local x, of, rest = counts(text)
  if x then
    local off = row.events and row.n and math.abs(row.events - x) + math.abs(row.n - of)
      or NO_NUMBER
    return off + (rest:find "%d" and M.distance(rest, row) or 0)
  end
  local held = bound(text, row.value or math.huge)
  if held ~= nil then return held and 0 or BOUND end
  local sum, found = 0, numbers(text)
  for i, n in ipairs(found) do
    local v = row[PARTS[i]]
    if v == nil then return NO_NUMBER * #found end
    local off = math.abs((n.percent and 100 * v or v) - n.value) * 10 ^ n.decimals
    sum = sum + math.max(0, off - 0.499)
  end
  local none = #found == 0 and row.value or text:find "NE%)" and row.upper
  return sum + (none and NO_NUMBER or 0)
end

M.numbers = numbers

--- A printed text with an en dash in its ranges, whatever dash the recipe has.
function M.shown(text)
  return (tostring(text):gsub("(%d)%s*%-%s*(%d)", "%1–%2"):gsub("(%d)%s*%-%s*NE", "%1–NE"))
end

return M
