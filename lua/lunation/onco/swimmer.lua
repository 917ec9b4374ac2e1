-- SPDX-License-Identifier: GPL-3.0-or-later
-- swimmer: the course of each patient from columns: phases of treatment, and what happened when.
local class = require "lunation.base.result".class
local conventions = require "lunation.base.conventions"
local core = require "lunation.core"
local errors = require "lunation.errors"
local format = require "lunation.format"
local options = require "lunation.base.options"
local time = require "lunation.base.time"
local to_factor = require "lunation.data.factor"

local M = {}
local Swimmer = class("swimmer")

local OPTIONS = { stop = { type = "string", required = true }, start = { type = "string" },
  phases = { type = "list", default = {} }, events = { type = "list", default = {} },
  by = { type = "string" },
  unit = { type = "string", default = "months" }, month = { type = "any" } }

-- A column of dates (start is given) or of times in the unit.
local function times_of(cohort, name, dated)
  local column = cohort:column(name)
  local fits = dated and column.type == "date" or not dated
    and (column.type == "number" or column.type == "integer")
  if not fits then
    errors.raise("usage.column", ("swimmer: column %s holds %ss"):format(name, column.type),
      { hint = dated and "with `from` all columns are dates"
        or "without `from`, the date of the start, all columns are times" })
  end
  return core.cohort.raw(column)
end

-- Times of the columns from the start of each patient, in the unit; nil where either is missing.
local function clock(cohort, opt)
  if not opt.start then return function(name) return times_of(cohort, name, false) end end
  local start = times_of(cohort, opt.start, true)
  local convert = time.converter(opt.unit, opt.month
    or (opt.unit == "months" and conventions.use().month or nil))
  return function(name)
    local days, out = times_of(cohort, name, true), {}
    for i = 1, #cohort do
      if days[i] and start[i] then out[i] = convert(days[i] - start[i], start[i]) end
    end
    return out
  end
end

local function checked(cohort, ids, name, values, stop)
  for i = 1, #cohort do
    local v = values[i]
    if v and v < 0 then
      errors.raise("data.negative-time",
        ("patient %s: %s lies %s before the start"):format(ids[i], name,
        core.num.shortest(-v)),
          { hint = "correct the dates, or leave the patient out with `where`" })
    end
    if v and stop and stop[i] and v > stop[i] + 1e-9 then
      errors.raise("data.negative-time",
        ("patient %s: %s lies %s after the end of the course"):format(ids[i], name,
        core.num.shortest(v - stop[i])),
          { hint = "correct the dates, or name a later column as the end" })
    end
  end
  return values
end

-- Phases of one patient in the order of their beginning, each until the next one or the end.
local function segments_of(phases, i, stop)
  local begun, out = {}, {}
  for k, p in ipairs(phases) do
    if p.times[i] then begun[#begun + 1] = { at = p.times[i], k = k } end
  end
  table.sort(begun, function(a, b) if a.at ~= b.at then return a.at < b.at end return a.k < b.k end)
  for k, p in ipairs(begun) do
    out[k] = { from = p.at, to = begun[k + 1] and begun[k + 1].at or stop,
      phase = phases[p.k].name }
  end
  return out
end

local function lane(self, i, id, group, stop)
  local out = { id = id, group = group, segments = segments_of(self.phases, i, stop), events = {},
    ongoing = true }
  for _, e in ipairs(self.events) do
    local at = e.times[i]
    if at then
      out.events[#out.events + 1] = { time = at, event = e.name }
      if at >= stop - 1e-9 then out.ongoing = false end
    end
  end
  return out
end

local function columns_of(cohort, clock_of, ids, stop, list)
  local out = {}
  for k, entry in ipairs(list) do
    local column = type(entry) == "table" and entry.from or entry
    out[k] = { column = column, name = type(entry) == "table" and entry.name
      or cohort.patients:label(column),
      times = checked(cohort, ids, column, clock_of(column), stop) }
  end
  return out
end

-- The rows of the cohort, those of each level of the groups together in the order of the levels.
local function in_groups(column, n)
  local out, place = {}, {}
  for i = 1, n do out[i] = i end
  if not column then return out, {} end
  local f = to_factor(column)
  for k, level in ipairs(f.levels) do place[level] = k end
  local values = f:totable()
  table.sort(out, function(a, b)
    local x, y = place[values[a]] or #f.levels + 1, place[values[b]] or #f.levels + 1
    if x ~= y then return x < y end
    return a < b
  end)
  return out, values
end

--- A lane for each patient from `start` (a date column; without it the columns are times in the
--- unit) to `stop`. opt: phases ({ from = column, name } in order: each lasts until the next one
--- begun, the last until the stop; one phase over all unless given), events (columns), by (a
--- factor: lanes in groups), unit, month (as of endpoints). Patients without a start or stop have
--- no lane and are counted. A lane goes on (an arrow) where no event lies on its last day.
--- Fields: patients, lengths (of the lanes), missing. Errors:
--- data.negative-time for what lies before the start or after the stop.
function M.of(cohort, given)
  local opt = options.check("swimmer", given, OPTIONS)
  local key, clock_of = cohort.patients.key, clock(cohort, opt)
  local ids = key and cohort:column(key):totable() or {}
  for i = 1, #cohort do ids[i] = ids[i] or i end
  local stop = checked(cohort, ids, opt.stop, clock_of(opt.stop))
  local phases = columns_of(cohort, clock_of, ids, stop, opt.phases)
  if #phases == 0 then
    phases[1] = { name = "followed", times = {} }
    for i = 1, #cohort do phases[1].times[i] = stop[i] and 0 end
  end
  local self = { phases = phases, events = columns_of(cohort, clock_of, ids, stop, opt.events),
    patients = {}, lengths = {}, _drawn = {},
    unit = opt.unit, missing = 0, ongoing = 0 }
  local order, group = in_groups(opt.by and cohort:column(opt.by), #cohort)
  for _, i in ipairs(order) do
    if stop[i] then
      local p = lane(self, i, ids[i], opt.by and (group[i] or "unknown") or nil, stop[i])
      self.patients[#self.patients + 1], self.lengths[#self.lengths + 1] = p, stop[i]
      self._drawn[#self.patients] = i
      self.ongoing = self.ongoing + (p.ongoing and 1 or 0)
    else
      self.missing = self.missing + 1
    end
  end
  self.convention = ("%d lanes in %s; %d patients without a start or an end have none."):format(
    #self.patients, opt.unit, self.missing)
  return Swimmer.new(self)
end

-- Patients with a lane that had what the column says.
local function count(self, column)
  local n = 0
  for _, i in ipairs(self._drawn) do if column.times[i] then n = n + 1 end end
  return n
end

--- How many patients had each phase and event (events, of n), and how many lanes go on (ongoing);
--- median, shortest and longest lane (median, min, max).
function Swimmer.methods:rows()
  local out, n = {}, #self.patients
  local function add(statistic, term, value)
    out[#out + 1] = { statistic = statistic, term = term, value = value, events = value, n = n }
  end
  for _, list in ipairs { self.phases, self.events } do
    for _, column in ipairs(list) do add("events", column.name, count(self, column)) end
  end
  add("ongoing", nil, self.ongoing)
  if n > 0 then
    local s = core.summary.describe(core.column.number(self.lengths))
    for _, statistic in ipairs { "median", "min", "max" } do
      out[#out + 1] = { statistic = statistic, value = s[statistic], n = n, unit = self.unit }
    end
  end
  return out
end

function Swimmer.methods:table()
  local rows = {}
  for _, r in ipairs(self:rows()) do
    if r.statistic == "events" or r.statistic == "ongoing" then
      rows[#rows + 1] = { what = r.term or "No event on the last day",
        n = ("%d/%d"):format(r.value, r.n) }
    else
      rows[#rows + 1] = { what = ("Length, %s (%s)"):format(r.statistic, self.unit),
        n = format.number(r.value, 1) }
    end
  end
  return { columns = { { key = "what", label = "" }, { key = "n", label = "Patients",
    align = "right" } }, rows = rows,
    notes = { self.convention } }
end

return M
