-- SPDX-License-Identifier: GPL-3.0-or-later
-- draw: values of one variable. Each draw takes its numbers from the variable's own stream, so that
-- a variable that is added moves no other.
local core = require "lunation.core"
local load = require "lunation.simulate.load"
local numeric = require "lunation.simulate.numeric"
local schema = require "lunation.recipe.schema"

local M = {}

-- --- dates ---------------------------------------------------------------------------------------

-- Days since 1970-01-01 of a civil date (H. Hinnant's days_from_civil).
local function day_number(year, month, day)
  if month <= 2 then year = year - 1 end
  local era = year // 400
  local of_era = year - era * 400
  local of_year = (153 * (month + (month > 2 and -3 or 9)) + 2) // 5 + day - 1
  return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468
end

--- The ISO date of a day number.
function M.iso(day) return core.column.date({ n = 1, day })[1] end

--- The day number of an ISO date; an error at that path of the specification.
function M.day(spec, path, text)
  local y, m, d = text:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)$")
  local day = y and day_number(tonumber(y), tonumber(m), tonumber(d))
  if not day or M.iso(day) ~= text then
    load.fail(spec, path, "recipe.simulate", ('%s: "%s" is no date'):format(path, text),
      "write YYYY-MM-DD")
  end
  return math.tointeger(day)
end

local LENGTH = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

-- Calendar months later; a day that the month does not have becomes its last.
local function months_later(day, months)
  local y, m, d = M.iso(day):match("^(%d+)%-(%d+)%-(%d+)$")
  local index = math.tointeger(y) * 12 + math.tointeger(m) - 1 + months
  local year, month = index // 12, index % 12 + 1
  local leap = year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
  local length = month == 2 and leap and 29 or LENGTH[month]
  return day_number(year, month, math.min(math.tointeger(d), length))
end

-- --- levels --------------------------------------------------------------------------------------

local function has(list, v)
  for _, x in ipairs(list) do if x == v then return true end end
  return false
end

-- The levels with one more, unless it is there.
local function with_level(levels, level)
  if has(levels, level) then return levels end
  return table.move(levels, 1, #levels, 1, { [#levels + 1] = level })
end

local function number_or_text(level) return tonumber(level) or level end

-- counts dealt out to rows in random order.
local function deal(counts, rows, rng, out)
  local order, k = rng:permutation(#rows), 0
  for _, c in ipairs(counts) do
    for _ = 1, c[2] do
      k = k + 1
      out[rows[order[k]]] = c[1]
    end
  end
end

local function exact_counts(spec, path, v, n)
  local list, sum, rest = {}, 0, nil
  for i, level in ipairs(schema.keys(v)) do
    list[i] = { level, v[level] }
    if v[level] == "rest" then rest = list[i] else sum = sum + v[level] end
  end
  if sum > n or (sum < n and not rest) then
    load.fail(spec, path, "recipe.simulate",
      ("%s add up to %d, but there are %d patients"):format(path, sum, n),
      rest and "lower the counts, or raise n"
        or "a level with `rest` takes all others; shares follow --n")
  end
  if rest then rest[2] = n - sum end
  return list
end

-- Hamilton's rule: whole parts, then one more to the largest remainders, ties to the first level.
local function largest_remainders(v, n)
  local list, left = {}, n
  for i, level in ipairs(schema.keys(v)) do
    local exact = v[level] * n
    local whole = math.floor(exact + 1e-9)
    list[i] = { level, whole, exact - whole, i }
    left = left - whole
  end
  local order = { table.unpack(list) }
  table.sort(order, function(a, b)
    if a[3] ~= b[3] then return a[3] > b[3] end
    return a[4] < b[4]
  end)
  for i = 1, left do order[(i - 1) % #order + 1][2] = order[(i - 1) % #order + 1][2] + 1 end
  return list
end

-- --- numbers -------------------------------------------------------------------------------------

local function quantile_line(q)
  local points = {}
  for i, p in ipairs(schema.keys(q)) do points[i] = { tonumber(p), q[p] } end
  return function(u)
    for i = 2, #points do
      local a, b = points[i - 1], points[i]
      if u <= b[1] then return a[2] + (u - a[1]) / (b[1] - a[1]) * (b[2] - a[2]) end
    end
    return points[#points][2]
  end
end

local NUMBERS = {}
function NUMBERS.normal(d)
  return function(u) return d.mean + d.sd * numeric.normal_quantile(u) end
end
function NUMBERS.lognormal(d)
  return function(u) return d.median * numeric.exp(d.sigma * numeric.normal_quantile(u)) end
end
function NUMBERS.uniform(d) return function(u) return d.from + u * (d.to - d.from) end end
NUMBERS.quantiles = quantile_line

local TRIES = 10000

--- x rounded half up to so many decimals; as it is without.
function M.rounded(x, decimals)
  if not decimals then return x end
  local unit = 10.0 ^ decimals
  local v = math.floor(x * unit + 0.5)
  return decimals == 0 and v or v / unit
end

-- One number within min and max: drawn again until it is.
local function within(spec, path, d, line, rng)
  for _ = 1, TRIES do
    local x = M.rounded(line(rng:uniform()), d.decimals)
    if (not d.min or x >= d.min) and (not d.max or x <= d.max) then return x end
  end
  load.fail(spec, path, "recipe.simulate",
    ("%s: no value between min and max in %d draws"):format(path, TRIES),
    "widen min and max, or choose a distribution whose values lie between them")
end

-- --- one draw ------------------------------------------------------------------------------------

local KINDS = {}

function KINDS.counts(c, d, rows, rng, out, path)
  deal(exact_counts(c.spec, path .. ".counts", d.counts, #rows), rows, rng, out)
  return "levels", schema.keys(d.counts)
end

function KINDS.shares(_, d, rows, rng, out)
  deal(largest_remainders(d.shares, #rows), rows, rng, out)
  return "levels", schema.keys(d.shares)
end

function KINDS.probabilities(_, d, rows, rng, out)
  local levels = schema.keys(d.probabilities)
  for _, i in ipairs(rows) do
    local u, k = rng:uniform(), 1
    while k < #levels and u >= d.probabilities[levels[k]] do
      u, k = u - d.probabilities[levels[k]], k + 1
    end
    out[i] = levels[k]
  end
  return "levels", levels
end

for kind, line_of in pairs(NUMBERS) do
  KINDS[kind] = function(c, d, rows, rng, out, path)
    local line = line_of(d[kind])
    for _, i in ipairs(rows) do out[i] = within(c.spec, path, d, line, rng) end
    return d.decimals == 0 and "integer" or "number"
  end
end

function KINDS.dates(c, d, rows, rng, out, path)
  local from, to = M.day(c.spec, path .. ".dates.from", d.dates.from),
    M.day(c.spec, path .. ".dates.to", d.dates.to)
  if to < from then
    load.fail(c.spec, path .. ".dates", "recipe.simulate", path .. ".dates: to lies before from")
  end
  for _, i in ipairs(rows) do out[i] = from + rng:below(to - from + 1) end
  return "date"
end

-- A number for each patient, or the values of a variable.
local function quantity(c, v, path)
  if type(v) ~= "string" then return function() return v end end
  local values = c:evaluate(v, path)
  return function(i) return values[i] end
end

function KINDS.after(c, d, rows, _, out, path)
  path = path .. ".after."
  local from = c:evaluate(d.after.date, path .. "date")
  local days = quantity(c, d.after.days or 0, path .. "days")
  local months = quantity(c, d.after.months or 0, path .. "months")
  for _, i in ipairs(rows) do
    local start, add, more = from[i], days(i), months(i)
    if start and add and more then
      local moved = more ~= 0 and months_later(start, math.floor(more)) or start
      out[i] = math.tointeger(moved + math.floor(add + 0.5))
    end
  end
  return "date"
end

function KINDS.value(c, d, rows, _, out, path)
  local values, type_, levels = c:evaluate(d.value, path .. ".value")
  local number = type_ == "number"
  for _, i in ipairs(rows) do
    local v = values[i]
    if v and number then v = M.rounded(v, d.decimals) end
    out[i] = v
  end
  if levels then return "levels", levels end
  return number and d.decimals == 0 and "integer" or type_
end

local function kind_of(d)
  for kind in pairs(KINDS) do if d[kind] ~= nil then return kind end end
end

-- Fills out for the rows; returns type ("levels": of a factor) and levels.
local function one(c, d, rows, rng, out, path)
  local kept = rows
  if d.where then
    kept = {}
    local true_for = {}
    for _, i in ipairs(c:rows(d.where, path .. ".where")) do true_for[i] = true end
    for _, i in ipairs(rows) do
      if true_for[i] then
        kept[#kept + 1] = i
      else
        out[i] = d.otherwise and number_or_text(d.otherwise) or nil
      end
    end
  end
  local type_, levels = KINDS[kind_of(d)](c, d, kept, rng, out, path)
  if type_ == "levels" and d.otherwise then levels = with_level(levels, d.otherwise) end
  return type_, levels
end

-- The type of what several draws give together.
local function common(a, b)
  if a == nil or a == b then return b end
  return (a == "integer" or a == "number") and (b == "integer" or b == "number") and "number" or b
end

-- Each case takes its rows from those that are left.
local function cases(c, v, rng, out, path)
  local left, type_, levels = c:rows(v.where, path .. ".where"), nil, {}
  for k, case in ipairs(v.cases) do
    local taken, rest, holds, at = {}, {}, {}, ("%s.cases[%d]"):format(path, k)
    for _, i in ipairs(c:rows(case.where, at .. ".where")) do holds[i] = true end
    for _, i in ipairs(left) do table.insert(holds[i] and taken or rest, i) end
    local kind, more = KINDS[kind_of(case)](c, case, taken, rng, out, at)
    type_ = common(type_, kind)
    for _, level in ipairs(more or {}) do levels = with_level(levels, level) end
    left = rest
  end
  if v.otherwise then
    for i = 1, c.n do if out[i] == nil then out[i] = number_or_text(v.otherwise) end end
    if type_ == "levels" then levels = with_level(levels, v.otherwise) end
  end
  return type_, levels
end

-- Values as the declared type wants them: a level "3" of an integer column is 3.
local function converted(c, path, v, out, type_, levels)
  local wanted = v.type or (v.levels and "factor") or (type_ == "levels" and "factor") or type_
  local final = wanted == "factor" and (v.levels or levels) or nil
  for i = 1, c.n do
    local x = out[i]
    if x ~= nil and wanted == "factor" then
      x = tostring(x)
      if final and not has(final, x) then
        load.fail(c.spec, path, "recipe.simulate",
          ('%s: "%s" is none of its levels'):format(path, x))
      end
    elseif x ~= nil and (wanted == "integer" or wanted == "number") then
      local y = tonumber(x)
      if wanted == "integer" then y = y and math.tointeger(y) end
      if not y then
        load.fail(c.spec, path, "recipe.simulate",
          ('%s: "%s" is no %s'):format(path, tostring(x), wanted))
      end
      x = y
    elseif x ~= nil and wanted == "text" then
      x = tostring(x)
    end
    out[i] = x
  end
  return wanted, final
end

--- Values of a draw (size: of a lesion, say) for the rows, and nothing else.
function M.values(c, path, d, rows, rng)
  local out = {}
  one(c, d, rows, rng, out, path)
  return out
end

--- Adds a variable of the specification to the cohort.
function M.variable(c, part, name, v)
  local path, out, rng = part .. "." .. name, {}, c:rng(name)
  local type_, levels
  if v.cases then
    type_, levels = cases(c, v, rng, out, path)
  else
    type_, levels = one(c, v, c:rows(), rng, out, path)
  end
  type_, levels = converted(c, path, v, out, type_, levels)
  c:set(name, out, { type = type_, levels = levels, label = v.label, unit = v.unit,
    hidden = v.hidden,
    missing = v.missing, part = part })
end

return M
