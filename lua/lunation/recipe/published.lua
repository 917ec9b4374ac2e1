-- SPDX-License-Identifier: GPL-3.0-or-later
-- published: what a paper printed, beside what was computed, at the paper's own digits.
local errors = require "lunation.errors"
local format = require "lunation.format"
local schema = require "lunation.recipe.schema"

local M = {}

-- "survival(12)[yes]" -> statistic, time, group
local function parse_key(key)
  local statistic, rest = key:match("^([%w_%-]+)(.*)$")
  if not statistic then return key end
  local time = rest:match("^%(([^)]*)%)")
  local group = rest:match("%[(.-)%]$")
  return statistic, tonumber(time or ""), group
end

local function matches(row, statistic, time, group)
  if row.statistic ~= statistic then return false end
  if time and row.time ~= time then return false end
  if group and row.group ~= group and row.term ~= group and row.result ~= group then
    return (row.result .. ": " .. tostring(row.term)) == group or (row.result .. ": " .. tostring(row.group)) == group
  end
  return true
end

-- Numbers of a printed text in order, with their decimals: "70.8% (63.2–79.5)".
local function numbers(text)
  local out = {}
  local plain = text:gsub("–", "-"):gsub("−", "~"):gsub("(%d)%s*%-%s*(%d)", "%1 %2"):gsub("(%d)%s*%-%s*(NE)", "%1 %2")
  for sign, digits, unit in plain:gmatch("(~?)([%d.]+)(%%?)") do
    local value = tonumber(digits)
    if value then
      out[#out + 1] = { value = sign == "~" and -value or value, decimals = #(digits:match("%.(%d+)") or ""), percent = unit == "%" }
    end
  end
  if #out > 0 and out[1].percent then for _, n in ipairs(out) do n.percent = true end end
  return out
end

local PARTS = { "value", "lower", "upper" }

-- How far the printed number is from the computed one, in units of its last digit; 0 when it rounds to it.
local function units_off(n, computed)
  if computed == nil then return nil end
  local v = n.percent and 100 * computed or computed
  local shown = tonumber(format.fixed(v, n.decimals))
  return math.abs(shown - n.value) * 10 ^ n.decimals
end

-- "p < 0.001" and the like: a bound holds or it does not.
local function bound(text, computed)
  local sign, value = text:match("^%s*[pP]?%s*([<>])%s*([%d.]+)")
  if not sign then return nil end
  value = tonumber(value)
  return sign == "<" and computed < value or sign == ">" and computed > value
end

local function compare(text, row)
  if type(text) == "number" then text = format.shortest(text) end
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

-- The computed row as the paper would print it.
local function as_printed(text, row)
  local n = numbers(tostring(text))
  local first = n[1] or { decimals = 2 }
  local function show(v, part)
    if v == nil then return "NE" end
    return format.number(first.percent and 100 * v or v, (n[part] or first).decimals)
  end
  if tostring(text):match("[<>]") and row.value then return format.p_value(row.value) end
  local out = show(row.value, 1) .. (first.percent and "%" or "")
  if #n > 1 then out = out .. " (" .. show(row.lower, 2) .. "–" .. show(row.upper, 3) .. ")" end
  return out
end

-- Computed less published, at the paper's digits; nil where either is no number.
local function difference(text, row)
  local first = numbers(tostring(text))[1]
  if not first or row.value == nil or tostring(text):match("[<>]") then return nil end
  local shown = tonumber(format.fixed(first.percent and 100 * row.value or row.value, first.decimals))
  local d = format.number(shown - first.value, first.decimals)
  return (shown > first.value and d:match("[1-9]") and "+" or "") .. d .. (first.percent and " points" or "")
end

local EXPECT = { exact = true, rounding = true, approximate = true, direction = true, inconsistent = true }

-- rows: of this analysis.
local function entry(id, key, given, rows)
  local e = type(given) == "table" and given or { value = given }
  local statistic, time, group = parse_key(key)
  local found = {}
  for _, row in ipairs(rows) do
    if matches(row, statistic, time, group) then found[#found + 1] = row end
  end
  local out = { analysis = id, key = key, published = tostring(e.value), expect = e.expect or "exact", source = e.from,
    note = e.note }
  if not EXPECT[out.expect] then
    errors.raise("recipe.published", ('published %s %s: expect "%s" is not known'):format(id, key, out.expect),
      { hint = "exact, rounding, approximate, direction or inconsistent" })
  end
  if #found == 0 then
    out.status, out.computed = "missing", "not computed"
  elseif #found > 1 then
    out.status, out.computed = "ambiguous", ("%d values: add [group]"):format(#found)
  else
    out.computed, out.row = as_printed(e.value, found[1]), found[1]
    out.status, out.difference = compare(e.value, found[1]), difference(e.value, found[1])
  end
  return out
end

--- How the computed row (value, lower, upper) stands to a printed text: "exact", "rounding" or "differs", and
--- the row as it would be printed.
function M.status(text, row) return compare(text, row), as_printed(text, row) end

local NO_NUMBER, BOUND = 50, 5

--- How far a computed row is from rounding to a printed text, in units of its last digits summed over value
--- and limits; 0 when every digit is met. For a search.
function M.distance(text, row)
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

local ORDER = { exact = 3, rounding = 2, differs = 0 }

-- Whether a comparison is as the recipe expects. A stated inconsistency must not be reproduced by accident.
local function as_expected(e)
  if e.status == "missing" or e.status == "ambiguous" then return false end
  if e.expect == "approximate" or e.expect == "direction" then return true end
  if e.expect == "inconsistent" then return e.status == "differs" end
  return (ORDER[e.status] or 0) >= (e.expect == "exact" and 3 or 2)
end

--- The comparison: a list of { analysis, key, published, computed, difference (computed less
--- published, as text), status ("exact", "rounding", "differs",
--- "missing", "ambiguous"), expect, ok, source, note }, in the order of the recipe.
function M.compare(study, rows)
  local published, out, of = study.recipe.value.published or {}, {}, {}
  for _, row in ipairs(rows) do
    of[row.analysis] = of[row.analysis] or {}
    table.insert(of[row.analysis], row)
  end
  for _, id in ipairs(schema.keys(published)) do
    if study.results[id] then
      for _, key in ipairs(schema.keys(published[id])) do
        local e = entry(id, key, published[id][key], of[id] or {})
        e.ok = as_expected(e)
        out[#out + 1] = e
      end
    end
  end
  return out
end

return M
