-- SPDX-License-Identifier: GPL-3.0-or-later
-- recipe: plausible data for a recipe out of its own declared columns (types, levels, bounds,
-- missing codes, names and values as the file writes them), so that a recipe can be tested before
-- the data arrive. The roles of dates come from its endpoints: origins are accrued over two years,
-- censoring dates end the follow-up, other dates lie between and half of them are missing. Visits
-- are spread over the follow-up.
local core = require "lunation.core"
local draw = require "lunation.simulate.draw"
local errors = require "lunation.errors"
local schema = require "lunation.recipe.schema"

local M = {}

local N, VISITS = 120, 6
local ACCRUAL, FIRST, LONGEST, SHORTEST = 730, 18262, 1500, 60 -- from 2020-01-01
local MISSING = 0.04 -- share of missing cells: numbers, and columns with missing codes

-- Columns that endpoints use as origin and as the end of follow-up; those that are deaths; times
-- and statuses.
local function roles(v)
  local out = { origin = {}, censor = {}, death = {}, filled = {}, late = {} }
  for _, name in ipairs(v.endpoints and schema.keys(v.endpoints) or {}) do
    local e = v.endpoints[name]
    if e.origin then out.origin[e.origin] = true end
    if e.censor then out.censor[e.censor] = true end
    for _, key in ipairs { "time", "event", "start" } do
      if e.time and e[key] then out.filled[e[key]] = true end
    end
    local death = e.death or ((e.use or name) == "os" and e.event)
    if death then out.death[death] = true end
  end
  for name in pairs(out.origin) do -- what is an event elsewhere does not happen to everyone
    for _, id in ipairs(schema.keys(v.endpoints)) do
      for _, key in ipairs { "event", "progression", "recurrence" } do
        if v.endpoints[id][key] == name then out.late[name] = true end
      end
    end
  end
  return out
end

local function declared(d)
  if type(d) == "string" then return { type = d } end
  if d.type == nil and d[1] then return { type = "factor", levels = d } end
  return setmetatable({ type = d.type or d.levels and "factor" or "text" }, { __index = d })
end

-- How the file writes a level or a code: `values` says what its texts mean.
local function as_written(d, value)
  if d.values then
    for _, text in ipairs(schema.keys(d.values)) do
      if d.values[text] == value then return text end
    end
  end
  return value
end

local function decimal(d, v)
  local text = ("%.1f"):format(v)
  return d.decimal == "," and text:gsub("%.", ",") or text
end

local AT_A_VISIT = 0.12 -- probability of 1 in a 0/1 column at one of many visits

local function number(d, rng, whole, many)
  local low = d.min or (d.max and math.min(0, d.max - 1)) or 0
  local high = d.max or math.max(low + 100, low * 2)
  if whole and many and low == 0 and high == 1 then
    return rng:uniform() < AT_A_VISIT and "1" or "0"
  end
  if whole then return core.num.shortest(low + rng:below(math.floor(high - low) + 1)) end
  return (decimal(d, math.min(high, math.max(low, low + rng:uniform() * (high - low)))))
end

-- Diameters of each patient's lesion, mm: measurable at baseline, smaller or larger at the visits
-- after it.
local function diameters(d, frames, rng, out)
  local baseline
  for i, f in ipairs(frames) do
    local u = rng:uniform()
    if f.visit == 1 then baseline = 20 + 80 * u end
    out[i] = (decimal(d, f.visit == 1 and baseline or baseline * (0.3 + u)))
  end
end

local DATE_FORMS = { ["YYYY-MM-DD"] = "%1-%2-%3", ["DD/MM/YYYY"] = "%3/%2/%1",
  ["MM/DD/YYYY"] = "%2/%3/%1",
  ["DD.MM.YYYY"] = "%3.%2.%1", ["YYYY/MM/DD"] = "%1/%2/%3", ["DD-MM-YYYY"] = "%3-%2-%1",
  ["YYYYMMDD"] = "%1%2%3" }

local function date(name, d, day)
  local form = DATE_FORMS[d.format or "YYYY-MM-DD"]
  if not form then
    errors.raise("usage.simulate",
      ('column %s: dates cannot be simulated in the form "%s"'):format(name, d.format),
      { hint = "YYYY-MM-DD, DD/MM/YYYY and the like" })
  end
  return (draw.iso(day):gsub("^(%d+)%-(%d+)%-(%d+)$", form))
end

-- One patient's frame: first day, last day, whether dead.
local function frame(seed, i)
  local rng = core.rng.new(seed, "simulate recipe patient", i)
  local first = FIRST + rng:below(ACCRUAL)
  return { first = first, last = first + SHORTEST + rng:below(LONGEST), dead = rng:uniform() < 0.5 }
end

-- A day of follow-up, early ones more often: origins in its first third, all else in the rest.
local function between(f, origin, u)
  local third = (f.last - f.first) // 3
  return math.tointeger(origin and f.first + 1 + math.floor(u * third)
    or f.first + third + math.floor(u * u * (f.last - f.first - third)))
end

-- The level of a factor that becomes known on a date goes with the date: the last level has it.
local function date_days(frames, known_by, role, name, rng)
  local out = {}
  for i, f in ipairs(frames) do
    local seen = between(f, role.origin[name], rng:uniform())
    local coin, day = rng:uniform() < 0.5, nil
    if f.visit then day = f.first + (f.visit - 1) * (f.last - f.first) // VISITS
    elseif role.origin[name] and not known_by[name] and not role.late[name] then day = f.first
    elseif role.censor[name] then day = f.last
    elseif role.death[name] then day = f.dead and f.last or nil
    elseif not known_by[name] or known_by[name][i] then
      day = (known_by[name] or coin) and seen or nil
    end
    out[i] = day or false
  end
  return out
end

local function values(name, d, frames, context, rng)
  local out = {}
  if d.type == "date" then
    for i, day in ipairs(date_days(frames, context.known_by, context.role, name, rng)) do
      out[i] = day and date(name, d, day) or ""
    end
    return out
  end
  if context.lesions and d.type == "number" then
    diameters(d, frames, rng, out)
    return out
  end
  for i = 1, #frames do
    if context.lesions and d.type == "factor" then out[i] = as_written(d, d.levels[1])
    elseif context.lesions and d.type == "text" then out[i] = "T1"
    elseif d.type == "factor" and d.levels then out[i] = as_written(d,
      d.levels[rng:below(#d.levels) + 1])
    elseif d.type == "factor" then out[i] = ({ "a", "b" })[rng:below(2) + 1]
    elseif d.type == "text" then out[i] = ("text %d"):format(i)
    else out[i] = number(d, rng, d.type == "integer", context.many) end
  end
  local number_like = (d.type == "number" or d.type == "integer") and not context.many
  local codes = d.missing or number_like and { "" } or {}
  if #codes == 0 or context.role.filled[name] then return out end
  for i = 1, #frames do
    if rng:uniform() < MISSING then out[i] = codes[rng:below(#codes) + 1] end
  end
  return out
end

local function quoted(text, separator)
  if not text:find('[%s"]') and not text:find(separator, 1, true) then return text end
  return '"' .. text:gsub('"', '""') .. '"'
end

-- For dates that a factor's `known` names (the first factor that does): whether patient i has its
-- last level.
local function known_dates(cells, columns)
  local out = {}
  for _, name in ipairs(schema.keys(columns)) do
    local d = declared(columns[name])
    if d.known and d.levels and not out[d.known] then
      local last, has = as_written(d, d.levels[#d.levels]), {}
      for i, v in ipairs(cells[name]) do has[i] = v == last end
      out[d.known] = has
    end
  end
  return out
end

-- Tables that a response criterion reads hold one lesion of each patient, measured at every visit.
local function read_as_lesions(v, name)
  for _, id in ipairs(v.response and schema.keys(v.response) or {}) do
    if (v.response[id].table or "lesions") == name then return true end
  end
  return false
end

local function table_text(v, name, t, frames)
  local many, cells, header = t.rows == "many", {}, {}
  local rows, ids = {}, {}
  for i, f in ipairs(frames) do
    for visit = 1, many and VISITS or 1 do
      rows[#rows + 1] = many and { first = f.first, last = f.last, dead = f.dead, visit = visit }
        or f
      ids[#ids + 1] = ("P%03d"):format(i)
    end
  end
  local context = { role = roles(v), known_by = {}, many = many,
    lesions = read_as_lesions(v, name) }
  local names = schema.keys(t.columns)
  local function fill(wanted)
    for _, column in ipairs(names) do
      local d = declared(t.columns[column])
      if (d.type == "date") == wanted and column ~= t.key then
        cells[column] = values(column, d, rows, context,
          core.rng.new(v.seed, ("simulate recipe %s %s"):format(name, column)))
      end
    end
  end
  fill(false)
  context.known_by = known_dates(cells, t.columns)
  fill(true)
  local separator, lines = t.separator or ",", {}
  if t.key then
    cells[t.key] = ids
    local listed = false
    for _, column in ipairs(names) do listed = listed or column == t.key end
    if not listed then names = { t.key, table.unpack(names) } end
  end
  for k, column in ipairs(names) do
    local d = t.columns[column] and declared(t.columns[column]) or {}
    header[k] = quoted(d.from or column, separator)
  end
  lines[1] = table.concat(header, separator)
  for i = 1, #rows do
    local row = {}
    for k, column in ipairs(names) do row[k] = quoted(cells[column][i], separator) end
    lines[i + 1] = table.concat(row, separator)
  end
  return table.concat(lines, "\n") .. "\n"
end

--- Data for each table of a checked recipe: a list of { name, text } in the recipe's order. opt: n
--- (120), seed.
function M.make(recipe, opt)
  local v, frames, out = recipe.value, {}, {}
  v.seed = opt.seed or v.seed
  for i = 1, opt.n or N do frames[i] = frame(v.seed, i) end
  for _, name in ipairs(schema.keys(v.data)) do
    local t = v.data[name]
    if t.columns and not t.from then
      out[#out + 1] = { name = name, text = table_text(v, name, t, frames) }
    end
  end
  return out
end

return M
