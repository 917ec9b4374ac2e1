-- SPDX-License-Identifier: GPL-3.0-or-later
-- swimmer: one lane for each patient: the phases of treatment, what happened and when, an arrow
-- where treatment or follow-up goes on at the data cut-off.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local spec = require("lunation.figure.spec")
local metrics = require("lunation.figure.metrics")
local timeplot = require("lunation.figure.timeplot")
local words = require("lunation.report.words")

local FIELDS = { patients = "table!", phases = "table!", events = "table", unit = "string",
  cutoff = "string", sort = "string", lang = "string", title = "string", description = "string",
  notes = "table", id = "string" }
local PATIENT = { id = "any!", group = "string", segments = "table!", events = "table",
  ongoing = "boolean" }
local MARGIN, TOP = 8, 12

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

-- Marks of events: a shape and a letter-like sign each, readable without colour.
local function draw_event(c, k, x, y)
  c:marker(k, x, y, 5.4, "hollow")
  c:marker(k, x, y, 3.8, k % 2 == 1 and "fill" or "f" .. svg.series(k))
end

local function legend(c, names, y, draw)
  local x = MARGIN
  for k, name in ipairs(names) do
    local width = 22 + metrics.width(name, 11) + 16
    if x > MARGIN and x + width > c.width - MARGIN then x, y = MARGIN, y + 18 end
    draw(k, x, y)
    c:text(x + 22, y + 4, name, "sm")
    x = x + width
  end
  return y + 20
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
    local at = x:at(item.length)
    c:path({ "M", svg.number(at + 1), " ", svg.number(y), "h8m-4 -4l4 4l-4 4" }, "ink thin")
  end
  -- events at nearly the same time stand above and below each other, so that none is hidden
  local last_x, side = -math.huge, 0
  for _, e in ipairs(by_time(item.p.events or {})) do
    local at = x:at(e.time)
    side = at - last_x < 10 and (side == -1 and 1 or -1) or 0
    draw_event(c, event[e.event], at, y + side * height * 0.35)
    last_x = at
  end
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

--- Swimmer figure. patients: { id, group, segments = { {from, to, phase} ... }, events = { {time,
--- event} ... }, ongoing }; phases, events: their names in order; unit; cutoff (date, printed);
--- sort = "duration" or "given"; notes; lang; title, description.
return function(s)
  local phase, event = check(s)
  local w = words.get(s.lang)
  local c, order = svg.canvas(svg.DOUBLE), sorted(s)
  local y = legend(c, s.phases, TOP, function(k, x, at)
    local h = k % 2 == 1 and 10 or 6
    c:rect(x, at - h / 2, 16, h, BAR[(k - 1) % #BAR + 1])
  end)
  if s.events then y = legend(c, s.events, y,
    function(k, x, at) draw_event(c, k, x + 8, at) end) end
  local height = math.max(9, math.min(20, 620 / #order))
  local room, last, any_group = 30, 0, nil
  for _, item in ipairs(order) do
    if height >= 12 then room = math.max(room, metrics.width(tostring(item.p.id), 10) + 14) end
    last, any_group = math.max(last, item.length), any_group or item.p.group
    for _, e in ipairs(item.p.events or {}) do last = math.max(last, e.time) end
  end
  local left, right, unit = MARGIN + room, c.width - 30, s.unit or "months"
  local x = axis.linear(left, right,
    { low = 0, high = last, step = axis.time_step(last, unit, 12) })
  y = y + 2
  local top, current = y, nil
  local lanes = {}
  for i, item in ipairs(order) do
    if any_group and item.group ~= current then
      current, y = item.group, y + (i > 1 and 6 or 0)
      c:text(MARGIN, y + 12, item.p.group or "", "b sm")
      y = y + 18
    end
    lanes[i] = y + height / 2
    y = y + height
  end
  for _, tick in ipairs(x.ticks) do
    c:line(x:at(tick.value), top, x:at(tick.value), y + 2, "grid")
  end
  for i, item in ipairs(order) do
    if height >= 12 then c:text(left - 6, lanes[i] + 3.5, tostring(item.p.id), "e xs soft") end
    draw_lane(c, item, x, lanes[i], height, phase, event)
  end
  axis.draw_x(c, x, y + 2, { label = ("%s, %s"):format(w.time, w[unit] or unit) })
  local notes = { "→ " .. w.ongoing .. (s.cutoff and " (" .. w.cutoff .. " " .. s.cutoff .. ")."
    or ".") }
  table.move(s.notes or {}, 1, #(s.notes or {}), 2, notes)
  local foot = timeplot.foot(c, notes, y + 46)
  local ongoing = 0
  for _, p in ipairs(s.patients) do ongoing = ongoing + (p.ongoing and 1 or 0) end
  return c:finish(foot + 6, { id = s.id, title = s.title or w.swimmer, numbers = numbers(s, w),
    description = s.description or ("%d patients, %d ongoing."):format(#s.patients, ongoing) })
end
