-- SPDX-License-Identifier: GPL-3.0-or-later
-- cuminc: cumulative incidence of competing causes (Aalen-Johansen), with the patients at risk and
-- the events of each cause below. A curve is a group's and a cause's.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local curves = require("lunation.figure.curves")
local spec = require("lunation.figure.spec")
local timeplot = require("lunation.figure.timeplot")
local format = require("lunation.format")
local words = require("lunation.report.words")

local FIELDS = { groups = "table!", causes = "table!", unit = "string", annotation = "table",
  conf_type = "string", conf_level = "number", bands = "boolean", high = "number", lang = "string",
  title = "string", description = "string", notes = "table", id = "string", ylab = "string",
  last = "number", step = "number" }
local GROUP = { label = "string", time = "any!", n_risk = "any!", n = "number!", causes = "table!" }
local CAUSE = { incidence = "any!", lower = "any", upper = "any", n_event = "any!",
  events = "number!" }

local function check(s)
  spec.check("cuminc", s, FIELDS)
  local total = #s.groups * #s.causes
  if total == 0 then spec.fail("cuminc", "there are no groups or no causes") end
  if total > svg.COLOURS then
    spec.fail("cuminc", "%d curves: at most %d can be told apart", total, svg.COLOURS)
  end
  for _, group in ipairs(s.groups) do
    spec.check("cuminc group", group, GROUP)
    for j, name in ipairs(s.causes) do
      local cause = group.causes[j]
      spec.check("cuminc cause", cause or {}, CAUSE)
      if #cause.incidence ~= #group.time or #cause.n_event ~= #group.time then
        spec.fail("cuminc", "group '%s', cause '%s': vectors of different lengths",
          group.label or "", name)
      end
    end
    for i = 1, #group.time do -- what all causes share cannot exceed one
      local sum = 0
      for j in ipairs(s.causes) do sum = sum + group.causes[j].incidence[i] end
      if sum > 1 + 1e-9 then
        spec.fail("cuminc", "group '%s': incidences add up to %.3f at %g", group.label or "", sum,
          group.time[i])
      end
    end
  end
end

local function name_of(s, group, j)
  return #s.groups == 1 and s.causes[j] or #s.causes == 1 and group.label or group.label .. ": "
    .. s.causes[j]
end

local function points(group, cause)
  local p = { n = #group.time, t = { [0] = 0 }, h = { [0] = 0 }, lower = { [0] = 0 },
    upper = { [0] = 0 } }
  for i = 1, p.n do
    p.t[i], p.h[i] = group.time[i], 100 * cause.incidence[i]
    if cause.lower and cause.lower[i] == cause.lower[i] and p.lower[i - 1] then
      p.lower[i], p.upper[i] = 100 * cause.lower[i], 100 * cause.upper[i]
    end
  end
  return p
end

-- At risk (times not before t) and the events of each cause before t.
local function table_rows(s, group, times, w)
  local at_risk, events = {}, {}
  for j in ipairs(s.causes) do events[j] = {} end
  for k, t in ipairs(times) do
    local i = 1
    while i <= #group.time and group.time[i] < t do i = i + 1 end
    at_risk[k] = i == 1 and group.n or i <= #group.time and group.n_risk[i] or 0
    for j in ipairs(s.causes) do
      local sum = 0
      for m = 1, i - 1 do sum = sum + group.causes[j].n_event[m] end
      events[j][k] = sum
    end
  end
  local rows = { { label = w.at_risk, values = timeplot.counts(at_risk, times) } }
  for j, name in ipairs(s.causes) do
    rows[j + 1] = { label = name, values = timeplot.counts(events[j], times) }
  end
  return rows
end

local function numbers(s, w)
  local columns, rows = {
    { key = "group", label = w.group },
    { key = "cause", label = w.by_cause },
    { key = "time", label = w.time, align = "decimal" },
    { key = "n_event", label = w.events, align = "right" },
    { key = "incidence", label = w.cumulative_incidence, align = "decimal", decimals = 4 },
    { key = "lower", label = w.lower, align = "decimal", decimals = 4 },
    { key = "upper", label = w.upper, align = "decimal", decimals = 4 },
  }, {}
  for _, group in ipairs(s.groups) do
    for j, name in ipairs(s.causes) do
      local cause = group.causes[j]
      for i = 1, #group.time do
        if cause.n_event[i] > 0 then
          rows[#rows + 1] = { group = group.label or w.all, cause = name, time = group.time[i],
            n_event = cause.n_event[i], incidence = cause.incidence[i],
            lower = cause.lower and cause.lower[i], upper = cause.upper and cause.upper[i] }
        end
      end
    end
  end
  return { columns = columns, rows = rows }
end

--- Cumulative incidence figure. causes: their names; groups: { label, time, n_risk (vectors), n,
--- causes = { { incidence, lower, upper, n_event (vectors over time), events } ... in the order of
--- causes } }; unit; annotation (Gray's p with its cause); conf_type, conf_level; bands; high (end
--- of the axis, as a fraction); last, step; ylab; notes; lang; title, description.
return function(s)
  check(s)
  local w = words.get(s.lang)
  local unit, c = w[s.unit or "months"] or s.unit, svg.canvas(svg.DOUBLE)
  local labels, drawn, heads, last, most = {}, {}, {}, s.last or 0, 0
  for _, group in ipairs(s.groups) do
    for j in ipairs(s.causes) do
      local k, cause = #labels + 1, group.causes[j]
      labels[k], drawn[k] = name_of(s, group, j), points(group, cause)
      heads[k] = { labels[k], format.integer(group.n), format.integer(cause.events) }
      for i = 1, drawn[k].n do most = math.max(most, drawn[k].h[i], drawn[k].upper[i] or 0) end
    end
    if not s.last and #group.time > 0 then last = math.max(last, group.time[#group.time]) end
  end
  local top = timeplot.head(c,
    { columns = { #s.groups == 1 and w.by_cause or w.group, w.n, w.events }, rows = heads },
    s.annotation, 8) + 14
  local row_labels = { w.at_risk, table.unpack(s.causes) }
  local box = timeplot.panel(c, { top = top, height = 270, last = last, unit = s.unit or "months",
    step = s.step, labels = row_labels, room = timeplot.label_room(labels, c.width) })
  local y = axis.linear(box.bottom, box.top,
    { low = 0, high = s.high and 100 * s.high or math.min(100, most), most = 5, widen = true })
  axis.draw_y(c, y, box.left,
    { grid = box.right - box.left, suffix = "%", label = s.ylab or w.cumulative_incidence,
    label_x = box.left - 48 })
  axis.draw_x(c, box.x, box.bottom, { label = ("%s, %s"):format(w.time, unit) })
  local heights, has_bands = {}, false
  for k, p in ipairs(drawn) do
    if s.bands ~= false and p.upper[1] then
      curves.band(c, k, p, box.x, y, 0, p.n, "")
      has_bands = true
    end
  end
  for k, p in ipairs(drawn) do
    curves.line(c, k, p, box.x, y, 0, p.n, "")
    heights[k] = y:at(p.h[p.n])
  end
  if timeplot.label_room(labels, c.width) > 0 then
    timeplot.end_labels(c, labels, heights, box.right, box)
  end
  local times, groups, described = {}, {}, {}
  for k, tick in ipairs(box.x.ticks) do times[k] = tick.value end
  for i, group in ipairs(s.groups) do
    groups[i] = { label = group.label or w.all, rows = table_rows(s, group, times, w),
      plain = true }
  end
  for k, row in ipairs(heads) do described[k] = ("%s: %s of %s"):format(row[1], row[3], row[2]) end
  local bottom = timeplot.table(c, box.x, groups, box.bottom + 46)
  local notes = {}
  if has_bands then
    notes[1] = w.bands:format(format.number(100 * (s.conf_level or 0.95), 0) .. "%",
      s.conf_type or "log-log")
  end
  table.move(s.notes or {}, 1, #(s.notes or {}), #notes + 1, notes)
  bottom = timeplot.foot(c, notes, bottom + 2)
  return c:finish(bottom + 4, { id = s.id, title = s.title or w.cumulative_incidence,
    numbers = numbers(s, w), description = s.description or w.events .. ": "
    .. table.concat(described, "; ") .. "." })
end
