-- SPDX-License-Identifier: GPL-3.0-or-later
-- events: times of events by proportional hazards, and how much of them is seen. Times are drawn in
-- the specification's unit by inverting the cumulative hazard (Bender, Augustin and Blettner 2005,
-- Statistics in Medicine 24:1713, equation 4) and kept in whole days, from 1.
local draw = require "lunation.simulate.draw"
local load = require "lunation.simulate.load"
local numeric = require "lunation.simulate.numeric"
local schema = require "lunation.recipe.schema"

local M = {}

local LN2 = numeric.log(2)

--- Days of the specification's unit.
function M.days_of_unit(spec)
  local v = spec.value
  return ({ days = 1, weeks = 7, months = v.month, years = 365.25 })[v.unit]
end

-- Time at which a cumulative baseline hazard is reached.
local function weibull(e)
  return function(hazard) return e.median * numeric.pow(hazard / LN2, 1 / e.shape) end
end

local function piecewise(e)
  local points = { { 0, 0 } }
  for _, at in ipairs(schema.keys(e.survival)) do
    points[#points + 1] = { tonumber(at), -numeric.log(e.survival[at]) }
  end
  return function(hazard)
    local a, b
    for k = 2, #points do
      a, b = points[k - 1], points[k]
      if hazard <= b[2] then break end
    end
    if b[2] == a[2] then return math.huge end -- the last stretch has no events: none after it
    return a[1] + (hazard - a[2]) / (b[2] - a[2]) * (b[1] - a[1])
  end
end

-- The product of the ratios of patient i.
local function relative_hazard(c, name, ratios)
  local parts = {}
  for k, variable in ipairs(ratios and schema.keys(ratios) or {}) do
    local path = ("events.%s.hazard_ratios.%s"):format(name, variable)
    if not c:has(variable) then
      load.fail(c.spec, path, "recipe.simulate",
        ('%s: there is no variable "%s"'):format(path, variable))
    end
    local ratio, values = ratios[variable], c.values[variable]
    local levels = type(ratio) == "table"
    if levels then
      for _, level in ipairs(schema.keys(ratio)) do
        local found = false
        for _, l in ipairs(c.about[variable].levels or {}) do found = found or l == level end
        if not found then
          load.fail(c.spec, path .. "." .. level, "recipe.simulate",
            ('%s: "%s" is no level of it'):format(path, level))
        end
      end
    elseif c.about[variable].type == "factor" then
      load.fail(c.spec, path, "recipe.simulate", path .. ": a factor needs level: ratio")
    end
    parts[k] = function(i)
      local v = values[i]
      if v == nil then return 1 end
      if levels then return ratio[v] or 1 end
      return numeric.pow(ratio, v)
    end
  end
  return function(i)
    local product = 1.0
    for _, part in ipairs(parts) do product = product * part(i) end
    return product
  end
end

-- Latent days of each event: { name -> list }.
local function latent(c)
  local unit, times = M.days_of_unit(c.spec), {}
  for _, name in ipairs(schema.keys(c.spec.value.events)) do
    local e = c.spec.value.events[name]
    local rng, line = c:rng("event " .. name), e.survival and piecewise(e) or weibull(e)
    local relative, out = relative_hazard(c, name, e.hazard_ratios), {}
    for i = 1, c.n do
      local t = line(-numeric.log(rng:uniform()) / math.max(relative(i), 1e-12))
      t = math.max(1, math.floor(math.min(t * unit, 1e6) + 0.5))
      local first = e.after and times[e.after][i]
      if first and first < t then -- a new clock from the earlier event
        local again = line(-numeric.log(rng:uniform()) / math.max(relative(i), 1e-12))
        t = first + math.max(1, math.floor(math.min(again * unit, 1e6) + 0.5))
      end
      out[i] = math.tointeger(t)
    end
    times[name] = out
  end
  return times
end

-- Day on which each patient's follow-up ends by design or by loss.
local function contact(c, f)
  local origin, rng = f.origin and c.values[f.origin], c:rng "follow-up"
  local close = f.close and draw.day(c.spec, "follow_up.close", f.close)
  local rate, out = -numeric.log(1 - f.loss) / 365.25, {}
  local longest = f.duration and math.floor(f.duration * M.days_of_unit(c.spec) + 0.5) or 100000
  for i = 1, c.n do
    local last = longest
    if close and close < origin[i] then
      load.fail(c.spec, "follow_up.close", "recipe.simulate",
        ("follow_up.close: a patient starts on %s, after it"):format(draw.iso(origin[i])),
        "a later close, or an earlier " .. f.origin)
    end
    if close then last = math.min(last, close - origin[i]) end
    local u = rng:uniform()
    if rate > 0 then last = math.min(last, math.floor(-numeric.log(u) / rate + 0.5)) end
    out[i] = math.tointeger(math.max(last, 1))
  end
  return out
end

-- The study closes on the calendar day of the n-th event that is seen.
local function close_at_event(c, f, times, last)
  local origin, seen = f.origin and c.values[f.origin], {}
  for i = 1, c.n do
    local t = times[f.events.of][i]
    if t <= last[i] then seen[#seen + 1] = t + (origin and origin[i] or 0) end
  end
  if #seen < f.events.n then
    load.fail(c.spec, "follow_up.events", "recipe.simulate",
      ("follow_up.events: only %d of %d events are seen"):format(#seen, f.events.n),
      "longer follow-up, or more patients")
  end
  table.sort(seen)
  local day = seen[f.events.n]
  for i = 1, c.n do last[i] = math.max(1, math.min(last[i], day - (origin and origin[i] or 0))) end
end

local function terminal(c)
  local names = {}
  for _, name in ipairs(schema.keys(c.spec.value.events)) do
    if c.spec.value.events[name].ends then names[#names + 1] = name end
  end
  return names
end

--- Draws the events and what is seen of them. Adds to the cohort, for each event, `NAME_day`
--- (hidden, days from the origin, none when not seen) and NAME (its date, or its day without an
--- origin), and the column of the last contact.
function M.add(c)
  local f = c.spec.value.follow_up
  if f.origin and not (c:has(f.origin) and c.about[f.origin].type == "date") then
    load.fail(c.spec, "follow_up.origin", "recipe.simulate",
      ("follow_up.origin: %s is no date variable"):format(f.origin))
  end
  local times, last = latent(c), contact(c, f)
  if f.events then close_at_event(c, f, times, last) end
  c.limit = table.move(last, 1, c.n, 1, {}) -- the design's; death comes before it
  for _, name in ipairs(terminal(c)) do
    for i = 1, c.n do last[i] = math.min(last[i], times[name][i]) end
  end
  for _, name in ipairs(schema.keys(c.spec.value.events)) do
    local seen, t = {}, times[name]
    for i = 1, c.n do if t[i] <= last[i] then seen[i] = t[i] end end
    c:set(name .. "_day", seen, { type = "integer", hidden = true, unit = "days", part = "events" })
  end
  c:set(f.column .. "_day", last, { type = "integer", hidden = true, unit = "days",
    part = "events" })
end

--- Writes NAME_day as NAME: a date, or days. After the search, which may have moved them.
function M.dated(c)
  local f, names = c.spec.value.follow_up, {}
  for i, name in ipairs(schema.keys(c.spec.value.events)) do names[i] = name end
  names[#names + 1] = f.column
  local origin = f.origin and c.values[f.origin]
  for _, name in ipairs(names) do
    local out, day = {}, c.values[name .. "_day"]
    for i = 1, c.n do out[i] = day[i] and day[i] + (origin and origin[i] or 0) end
    local e = c.spec.value.events[name]
    c:set(name, out, { type = origin and "date" or "integer", unit = not origin and "days" or nil,
      label = e and e.label or name == f.column and "Last contact" or nil, part = "events",
      hidden = not origin })
  end
end

return M
