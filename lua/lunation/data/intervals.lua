-- SPDX-License-Identifier: GPL-3.0-or-later
-- intervals: dated visits become (start, stop] rows, one for each stretch of time between two
-- visits, with what had happened up to its beginning. For Cox models with time-dependent
-- covariates.
local core = require "lunation.core"
local options = require "lunation.base.options"
local table_module = require "lunation.data.table"

local M = {}

local OPTIONS = {
  key = { type = "string" },
  day = { type = "string", required = true }, -- column: day of the visit, from the origin
  -- expression: last day of observation, as seen from a visit
  finish = { type = "string", required = true },
  event = { type = "string", required = true }, is = { type = "any", default = 1 },
  ever = { type = "strings", default = {} }, -- 0/1 columns: has it happened up to this visit?
  zero = { type = "string", default = "drop", choices = { "drop", "half-day" } },
}

-- Rows of each patient in order of day, then of the file.
local function sorted_groups(visits, key, day)
  local ids, order, groups = core.cohort.raw(visits:column(key)), {}, {}
  for i = 1, #visits do
    local g = groups[ids[i]]
    if not g then
      g = {}
      groups[ids[i]] = g
      order[#order + 1] = g
    end
    g[#g + 1] = i
  end
  for _, g in ipairs(order) do
    table.sort(g, function(a, b)
      if day[a] ~= day[b] then return day[a] < day[b] end
      return a < b
    end)
  end
  return order
end

local function new_note(notes, code, n, text)
  if n > 0 then notes[#notes + 1] = { code = code, message = text:format(n) } end
end

--- Rows { key, start, stop, event, ever_<column>... , and the visit's own columns }. opt: day
--- (column), finish (expression for the last day of observation, as each visit states it; the
--- largest one counts), event and is (the patient's event column and value; the event stands in the
--- last interval), ever (columns of 0 and 1), zero ("drop": intervals of no length are left out and
--- counted, even when they hold an event; "half-day": they last half a day).
function M.of(visits, given)
  local opt = options.check("intervals", given, OPTIONS)
  local key = opt.key or visits.key
  local day = core.cohort.raw(visits:column(opt.day))
  local finish = core.cohort.raw(core.expr.parse(opt.finish):eval(visits.data))
  local event = core.cohort.raw(visits:column(opt.event))
  local wanted = {}
  for _, v in ipairs(type(opt.is) == "table" and opt.is or { opt.is }) do
    wanted[tostring(v)] = true
  end
  local function is_event(v)
    if math.type(v) == "float" and v == math.floor(v) then v = math.tointeger(v) end
    return wanted[tostring(v)] and 1 or 0
  end
  local exposure, ever = {}, {}
  for k, name in ipairs(opt.ever) do
    exposure[k], ever[k] = core.cohort.raw(visits:column(name)), {}
  end
  local rows, start, stop, status = {}, {}, {}, {}
  local count = { zero = 0, zero_events = 0, same_day = 0 }
  local function add(row, from, to, s, seen)
    local n = #rows + 1
    rows[n], start[n], stop[n], status[n] = row, from, to, s
    for k in ipairs(opt.ever) do ever[k][n] = seen[k] end
  end
  for _, g in ipairs(sorted_groups(visits, key, day)) do
    local last, seen = -math.huge, {}
    for _, row in ipairs(g) do if finish[row] and finish[row] > last then last = finish[row] end end
    for i, row in ipairs(g) do
      for k, x in ipairs(exposure) do seen[k] = math.max(seen[k] or 0, x[row] or 0) end
      local from, to = day[row], g[i + 1] and day[g[i + 1]] or last
      local s = not g[i + 1] and is_event(event[row]) or 0
      if to > from then
        add(row, from, to, s, seen)
      else
        count.zero, count.zero_events = count.zero + 1, count.zero_events + s
        if g[i + 1] then count.same_day = count.same_day + 1 end
        if opt.zero == "half-day" then add(row, from, from + 0.5, s, seen) end
      end
    end
  end
  local n = #rows
  start.n, stop.n, status.n = n, n, n
  local data = visits.data:gather(rows):with("start", core.column.number(start)):with("stop",
    core.column.number(stop))
    :with("status", core.column.integer(status))
  for k, name in ipairs(opt.ever) do
    ever[k].n = n
    data = data:with("ever_" .. name, core.column.integer(ever[k]))
  end
  local notes, dictionary = {}, {}
  for name, about in pairs(visits.dictionary) do dictionary[name] = about end
  for _, name in ipairs(opt.ever) do
    dictionary["ever_" .. name] = { label = visits:label(name) .. ", ever so far" }
  end
  new_note(notes, "data.same-day", count.same_day,
    "%d visit(s) on the same day as the patient's next one")
  new_note(notes, "data.zero-length", count.zero, "%d interval(s) of no length ("
    .. count.zero_events
    .. " of them with an event): " .. (opt.zero == "drop" and "left out, with their events"
      or "each lasts half a day"))
  return table_module.new(data, { key = key, dictionary = dictionary, notes = notes,
    source = visits.source })
end

return M
