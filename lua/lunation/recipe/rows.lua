-- SPDX-License-Identifier: GPL-3.0-or-later
-- rows: the estimates of two runs, laid side by side.
local core = require "lunation.core"
local format = require "lunation.format"
local json = require "lunation.base.json"

local M = {}

local KEY = { "variant", "analysis", "result", "group", "term", "statistic", "time" }
local NUMBERS = { "value", "lower", "upper", "se", "p", "n", "events" }

-- Where no effect lies, for the statistics that compare.
local NULL = { hr = 1, shr = 1, odds_ratio = 1, ratio = 1, difference = 0 }
local ALPHA = 0.05

local function key(row)
  local parts = {}
  for i, f in ipairs(KEY) do parts[i] = row[f] == nil and "" or tostring(row[f]) end
  return table.concat(parts, "\0")
end

--- What a reader calls a row: "os hr, surgery: yes".
function M.name(row)
  local name = (row.variant and "[" .. row.variant .. "] " or "") .. row.analysis .. " "
    .. row.statistic
  if row.time then name = name .. ("(%s)"):format(core.num.shortest(row.time)) end
  local of = {}
  if row.result ~= "model" and row.result ~= row.analysis then of[1] = row.result end
  if row.term then of[#of + 1] = row.term end
  if row.group then of[#of + 1] = row.group end
  return #of > 0 and name .. ", " .. table.concat(of, ", ") or name
end

--- A number at six significant digits.
function M.number(v)
  if v == nil or v ~= v then return format.missing end
  return format.shortest(tonumber(core.num.digits(v, 6)))
end
local number = M.number

--- A row's numbers: "1.31 (0.88–1.95), p = 0.18".
function M.estimate(row)
  local out = number(row.value)
  if row.lower or row.upper then
    local dash = row.lower and row.lower < 0 and " to " or "–"
    out = ("%s (%s%s%s)"):format(out, number(row.lower), dash, number(row.upper))
  end
  if row.p then out = out .. ", p = " .. number(row.p) end
  return out
end

--- The rows of a run's results.json.
function M.read(file)
  local list = json.decode(core.file.read(file), file)
  for _, row in ipairs(list) do
    for _, k in ipairs(json.keys(row)) do if row[k] == json.null then row[k] = nil end end
  end
  return list
end

-- key -> row; the second row of a key gets a number of its own.
local function index(rows)
  local out, order, seen = {}, {}, {}
  for _, row in ipairs(rows) do
    local k = key(row)
    seen[k] = (seen[k] or 0) + 1
    if seen[k] > 1 then k = k .. "\0" .. seen[k] end
    out[k] = row
    order[#order + 1] = k
  end
  return out, order
end

local function missing(v) return v == nil or v ~= v end

--- How far b is from a, relative to the larger; infinity when only one is there.
function M.distance(a, b)
  if missing(a) or missing(b) then return missing(a) and missing(b) and 0 or math.huge end
  if a == b then return 0 end
  return math.abs(a - b) / math.max(math.abs(a), math.abs(b))
end

local function farthest(a, b)
  local worst = 0
  for _, f in ipairs(NUMBERS) do worst = math.max(worst, M.distance(a[f], b[f])) end
  return worst
end

local function side_of(row)
  local null = NULL[row.statistic]
  if not null or missing(row.lower) or missing(row.upper) then return nil end
  if row.lower > null then return "above" end
  return row.upper < null and "below" or "across"
end

local function p_of(row)
  if row.statistic == "p" or row.statistic == "p_adjusted" or row.statistic == "p_trend"
    or row.statistic == "ph_test" then
    return row.p or row.value
  end
  return row.p
end

--- Why a reader would conclude otherwise from b than from a, or nil.
function M.conclusion(a, b)
  local from, to = side_of(a), side_of(b)
  local null = NULL[a.statistic]
  if from and to and from ~= to then
    if to == "across" then return ("the interval now crosses %d"):format(null) end
    if from == "across" then return ("the interval no longer crosses %d"):format(null) end
    return "the direction is reversed"
  end
  local p, q = p_of(a), p_of(b)
  if p and q and (p < ALPHA) ~= (q < ALPHA) then
    return q < ALPHA and "p falls below 0.05" or "p is no longer below 0.05"
  end
end

--- Compares two lists of rows: { same, noise, changed, removed, added, worst }. noise and changed
--- hold { a, b, distance, conclusion }; a row is noise when no number is further off than tolerance
--- (relative).
function M.compare(a, b, tolerance)
  local left, order = index(a)
  local right, right_order = index(b)
  local out = { same = 0, noise = {}, changed = {}, removed = {}, added = {}, worst = 0 }
  for _, k in ipairs(order) do
    local x, y = left[k], right[k]
    if not y then
      out.removed[#out.removed + 1] = x
    else
      local d = farthest(x, y)
      if d == 0 then out.same = out.same + 1
      elseif d <= tolerance then
        out.noise[#out.noise + 1] = { a = x, b = y, distance = d }
        out.worst = math.max(out.worst, d)
      else
        out.changed[#out.changed + 1] = { a = x, b = y, distance = d,
          conclusion = M.conclusion(x, y) }
      end
    end
  end
  for _, k in ipairs(right_order) do
    if not left[k] then out.added[#out.added + 1] = right[k] end
  end
  return out
end

return M
