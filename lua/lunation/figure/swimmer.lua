-- SPDX-License-Identifier: GPL-3.0-or-later
-- swimmer: one lane for each patient: the phases of treatment, what happened and when, an arrow
-- where treatment or follow-up goes on at the data cut-off.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local spec = require("lunation.figure.spec")
local legend = require("lunation.figure.legend")
local metrics = require("lunation.figure.metrics")
local options = require("lunation.figure.options")
local timeplot = require("lunation.figure.timeplot")
local words = require("lunation.report.words")

local FIELDS = options.fields("swimmer", { patients = "table!", phases = "table!", events = "table",
  unit = "string", cutoff = "string", sort = "string", xlab = "string" })
local PATIENT = { id = "any!", group = "string", segments = "table!", events = "table",
  ongoing = "boolean" }
local MARGIN = 8

local function end_of(p)
  local last = 0
  for _, segment in ipairs(p.segments) do last = math.max(last, segment.to) end
  return last
end

-- Unknown phases and events, and events outside a patient's time, are errors: no mark is lost.
local function check(s)
  spec.check("swimmer", s, FIELDS)
  local phase, event = {}, {}
  for k, name in ipairs(s.phases) do phase[name] = k end
  for k, name in ipairs(s.events or {}) do event[name] = k end
  for i, p in ipairs(s.patients) do
    spec.check("swimmer patient " .. i, p, PATIENT)
    for _, segment in ipairs(p.segments) do
      if not phase[segment.phase] then
        spec.fail("swimmer", "patient %s: unknown phase '%s'", tostring(p.id),
          tostring(segment.phase))
      end
      if not (segment.from >= 0 and segment.to >= segment.from) then
        spec.fail("swimmer", "patient %s: a segment from %s to %s", tostring(p.id),
          tostring(segment.from), tostring(segment.to))
      end
    end
    for _, e in ipairs(p.events or {}) do
      if not event[e.event] then
        spec.fail("swimmer", "patient %s: unknown event '%s'", tostring(p.id), tostring(e.event))
      end
      if e.time < 0 then
        spec.fail("swimmer", "patient %s: event '%s' before time 0", tostring(p.id), e.event)
      end
    end
  end
  return phase, event
end

-- By group in order of appearance, the longest first within it; sort = "given" leaves them as they
-- are.
local function sorted(s)
  local group, n, order = {}, 0, {}
  for i, p in ipairs(s.patients) do
    local name = p.group or ""
    if not group[name] then n = n + 1 group[name] = n end
    order[i] = { p = p, row = i, group = group[name], length = end_of(p) }
  end
  if spec.choice("swimmer", "sort", s.sort, { "duration", "given" }) == "given" then
    return order
  end
  table.sort(order, function(a, b)
    if a.group ~= b.group then return a.group < b.group end
    if a.length ~= b.length then return a.length > b.length end
    return a.row < b.row
  end)
  return order
end

-- Marks of events: a shape each, dark on any phase; beyond the fifth the same shapes, hollow.
local function draw_event(c, k, x, y, radius)
  c:marker(k, x, y, radius + 1.6, "hollow")
  c:marker(k, x, y, radius, "fill")
  if (k - 1) // 5 % 2 == 1 then c:marker(k, x, y, radius * 0.55, "hollow") end
end

local function by_time(events)
  local out = table.move(events, 1, #events, 1, {})
  local row = {}
  for i, e in ipairs(out) do row[e] = i end
  table.sort(out, function(a, b)
    if a.time ~= b.time then return a.time < b.time end
    return row[a] < row[b]
  end)
  return out
end

-- Events at nearly the same time are spread over the height of the lane, so that none is hidden.
local function draw_events(c, item, x, y, height, event)
  local events, i, radius = by_time(item.p.events or {}), 1, math.min(3.8, height * 0.3)
  while i <= #events do
    local j, close = i, 2 * radius + 2
    while events[j + 1] and x:at(events[j + 1].time) - x:at(events[j].time) < close do j = j + 1 end
    local apart = math.min(2 * radius + 1.5, height / (j - i + 1) + 1)
    for m = i, j do
      draw_event(c, event[events[m].event], x:at(events[m].time), y + (m - (i + j) / 2) * apart,
        radius)
    end
    i = j + 1
  end
end

-- Where the arrow of a patient who goes on begins: after a mark at the end.
local function arrow_from(item, x)
  local at = x:at(item.length)
  for _, e in ipairs(item.p.events or {}) do
    if math.abs(x:at(e.time) - x:at(item.length)) < 7 then at = math.max(at, x:at(e.time) + 6) end
  end
  return at
end

local BAR = { "bar f1", "bar f3", "bar f4", "bar soft", "bar f2", "bar f6" }

local function draw_lane(c, item, x, y, height, phase, event)
  for _, segment in ipairs(item.p.segments) do
    local from, to = x:at(segment.from), x:at(segment.to)
    local k = phase[segment.phase]
    -- phases differ in thickness as well as in colour
    local h = height * (k % 2 == 1 and 0.62 or 0.4)
    c:rect(from, y - h / 2, math.max(to - from, 0.8), h, BAR[(k - 1) % #BAR + 1])
  end
  if item.p.ongoing then
    c:path({ "M", svg.number(arrow_from(item, x) + 1), " ", svg.number(y), "h8m-4 -4l4 4l-4 4" },
      "ink thin")
  end
  draw_events(c, item, x, y, height, event)
end

local function numbers(s, w)
  local rows = {}
  for _, p in ipairs(s.patients) do
    for _, segment in ipairs(p.segments) do
      rows[#rows + 1] = { id = tostring(p.id), group = p.group, what = segment.phase,
        from = segment.from, to = segment.to }
    end
    for _, e in ipairs(p.events or {}) do
      rows[#rows + 1] = { id = tostring(p.id), group = p.group, what = e.event, from = e.time }
    end
    if p.ongoing then
      rows[#rows + 1] = { id = tostring(p.id), group = p.group, what = w.ongoing, from = end_of(p) }
    end
  end
  return { rows = rows,
    columns = { { key = "id", label = w.patient }, { key = "group", label = w.group },
    { key = "what", label = w.event },
    { key = "from", label = w.start, align = "decimal" },
    { key = "to", label = w.stop, align = "decimal" } } }
end

-- The phases and the events with their marks; returns the y below.
local function draw_legend(c, s)
  local phases, events = {}, {}
  for k, name in ipairs(s.phases) do
    phases[k] = { label = name, draw = function(x, y)
      local h = k % 2 == 1 and 10 or 6
      c:rect(x, y - h / 2, 18, h, BAR[(k - 1) % #BAR + 1])
    end }
  end
  for k, name in ipairs(s.events or {}) do
    events[k] = { label = name, draw = function(x, y) draw_event(c, k, x + 10, y, 3.8) end }
  end
  return legend.rows(c, events, legend.rows(c, phases, MARGIN))
end

-- The lanes' middles, the groups (name, y of it, where its lanes begin and end), and the y below
-- all.
local function lay_out(order, height, y)
  local lanes, groups, named = {}, {}, false
  for _, item in ipairs(order) do named = named or item.p.group end
  for i, item in ipairs(order) do
    local group = groups[#groups]
    if not group or named and item.group ~= group.number then
      if group then y = y + 6 end
      group = { number = item.group, name = named and item.p.group or "", y = y + 12 }
      if named then y = y + 18 end
      group.from, groups[#groups + 1] = y, group
    end
    lanes[i] = y + height / 2
    y = y + height
    group.to = y
  end
  return lanes, groups, y
end

local function extent(order)
  local last = 0
  for _, item in ipairs(order) do
    last = math.max(last, item.length)
    for _, e in ipairs(item.p.events or {}) do last = math.max(last, e.time) end
  end
  return last
end

local function draw_groups(c, groups, x)
  for _, group in ipairs(groups) do
    c:text(MARGIN, group.y, group.name, "b sm")
    for _, tick in ipairs(x.ticks) do
      c:line(x:at(tick.value), group.from, x:at(tick.value), group.to, "grid")
    end
  end
end

-- The width of the patients' names: none where the lanes are too low for them.
local function name_room(order, height)
  local room = 30
  for _, item in ipairs(height >= 12 and order or {}) do
    room = math.max(room, metrics.width(tostring(item.p.id), 10) + 14)
  end
  return room
end

--- Swimmer figure. patients: { id, group, segments = { {from, to, phase} ... }, events = { {time,
--- event} ... }, ongoing }; phases, events: their names in order; unit; xlab; cutoff (date,
--- printed);
--- sort = "duration" or "given"; and the options of docs/figures.md.
return function(s)
  local phase, event = check(s)
  local w, c, order = words.get(s.lang), options.canvas("swimmer", s), sorted(s)
  local height = math.max(9, math.min(20, 620 / #order))
  local lanes, groups, bottom = lay_out(order, height, draw_legend(c, s) + 4)
  local left, right = MARGIN + name_room(order, height), c.width - 30
  local last, unit = extent(order), s.unit or "months"
  local x = axis.linear(left, right, { low = 0, high = last,
    step = axis.time_step(last, unit, math.min(12, (right - left) // 40)) })
  draw_groups(c, groups, x)
  for i, item in ipairs(order) do
    if height >= 12 then c:text(left - 6, lanes[i] + 3.5, tostring(item.p.id), "e xs soft") end
    draw_lane(c, item, x, lanes[i], height, phase, event)
  end
  axis.draw_x(c, x, bottom + 4, { label = s.xlab or ("%s, %s"):format(w.time, w[unit] or unit) })
  local notes = { "→ " .. w.ongoing .. (s.cutoff and " (" .. w.cutoff .. " " .. s.cutoff .. ")."
    or ".") }
  local foot = timeplot.foot(c, options.notes(s, notes), bottom + 48)
  local ongoing = 0
  for _, p in ipairs(s.patients) do ongoing = ongoing + (p.ongoing and 1 or 0) end
  return c:finish(foot + 6, { id = s.id, title = s.title or w.swimmer, numbers = numbers(s, w),
    description = s.description or ("%d patients, %d ongoing."):format(#s.patients, ongoing) })
end
