-- SPDX-License-Identifier: GPL-3.0-or-later
-- outcome: a time in days and a status for each patient, out of events that were drawn or of
-- variables that are given; and how the search moves them.
local core = require "lunation.core"
local draw = require "lunation.simulate.draw"
local events = require "lunation.simulate.events"
local load = require "lunation.simulate.load"
local schema = require "lunation.recipe.schema"

local M = {}

local function variable(c, name, key, wanted)
  if not c:has(wanted) then
    local path = ("outcomes.%s.%s"):format(name, key)
    load.fail(c.spec, path, "recipe.simulate",
      ('%s: there is no variable "%s"'):format(path, wanted))
  end
  return c.values[wanted]
end

-- A bound of the search: the tightest of numbers and present values of variables.
local function bound(c, name, key, list, default)
  local parts, tighter = {}, key == "from" and math.max or math.min
  for k, v in ipairs(list or {}) do
    local values = type(v) == "string" and variable(c, name, key, v)
    parts[k] = function(i) return values and values[i] or not values and v or default end
  end
  return function(i)
    local limit = default
    for _, part in ipairs(parts) do limit = tighter(limit, part(i)) end
    return limit
  end
end

local function text_of(v) return math.type(v) and core.num.shortest(v) or v end

-- Of given variables: only the time moves.
local function given(c, name, o)
  local time, status = variable(c, name, "time", o.time), variable(c, name, "status", o.status)
  local self = { time = time, status = {} }
  for i = 1, c.n do
    if time[i] ~= nil then self.status[i] = text_of(status[i]) == o.is and 1 or 0 end
  end
  self.low, self.high = bound(c, name, "from", o.from, 1), bound(c, name, "to", o.to, math.huge)
  function self.move(i, t) time[i] = t end
  function self.refresh() end
  return self
end

-- Of drawn events: the first that is seen, or the last contact.
local function drawn(c, name, o)
  local last = c.values[c.spec.value.follow_up.column .. "_day"]
  local all = schema.keys(c.spec.value.events)
  local self = { time = {}, status = {}, causes = o.of, limit = c.limit }
  function self.refresh(i)
    local t, status = last[i], 0
    for k, event in ipairs(o.of) do
      local day = c.values[event .. "_day"][i]
      if day and (day < t or (day == t and status == 0)) then
        t, status = day, o.competing and k or 1
      end
    end
    self.time[i], self.status[i] = t, status
  end
  -- the event that decides, or nil for the last contact
  local function deciding(i)
    if self.status[i] == 0 then return nil end
    for _, event in ipairs(o.of) do
      if c.values[event .. "_day"][i] == self.time[i] then return event end
    end
  end
  local function ends(event) return event == nil or c.spec.value.events[event].ends end
  local least, most = bound(c, name, "from", o.from, 1), bound(c, name, "to", o.to, math.huge)
  function self.low(i)
    local low, event = least(i), deciding(i)
    if not ends(event) then return low end
    for _, other in ipairs(all) do
      if other ~= event then low = math.max(low, c.values[other .. "_day"][i] or 1) end
    end
    return low
  end
  function self.high(i)
    return math.min(most(i), ends(deciding(i)) and c.limit[i] or last[i])
  end
  function self.move(i, t)
    local event = deciding(i)
    if event then c.values[event .. "_day"][i] = t end
    if ends(event) then last[i] = t end
  end
  for i = 1, c.n do self.refresh(i) end
  return self
end

--- The outcomes of a specification: { name -> { time, status, days (of a unit), low(i), high(i),
--- move(i, t), refresh(i) } }.
function M.all(c)
  local out = {}
  for _, name in ipairs(c.spec.value.outcomes and schema.keys(c.spec.value.outcomes) or {}) do
    local o = c.spec.value.outcomes[name]
    local self = o.of and drawn(c, name, o) or given(c, name, o)
    self.days = o.month and c.spec.value.unit == "months" and o.month or events.days_of_unit(c.spec)
    out[name] = self
  end
  return out
end

--- Adds NAME_time and NAME_status of the outcomes that are written.
function M.write(c, outcomes)
  for _, name in ipairs(c.spec.value.outcomes and schema.keys(c.spec.value.outcomes) or {}) do
    local o, self = c.spec.value.outcomes[name], outcomes[name]
    if o.write and o.of then
      local time, status = {}, {}
      for i = 1, c.n do
        time[i] = draw.rounded(self.time[i] / self.days, 2)
        status[i] = o.competing and (o.of[self.status[i]] or "none") or self.status[i]
      end
      c:set(name .. "_time", time, { type = "number", unit = c.spec.value.unit, part = "outcomes",
        label = "Time to " .. table.concat(o.of, " or ") .. ", or to the last contact" })
      local levels = o.competing and { "none", table.unpack(o.of) } or nil
      c:set(name .. "_status", status, { type = levels and "factor" or "integer", levels = levels,
        part = "outcomes",
        label = levels and "What came first" or "1 event, 0 none by then" })
    end
  end
end

return M
