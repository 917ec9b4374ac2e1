-- SPDX-License-Identifier: GPL-3.0-or-later
-- cuminc: cumulative incidence of competing causes (Aalen-Johansen), with the patients at risk and
-- the events of each cause below. A curve is a group's and a cause's.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local curves = require("lunation.figure.curves")
local spec = require("lunation.figure.spec")
local metrics = require("lunation.figure.metrics")
local options = require("lunation.figure.options")
local steps = require("lunation.figure.km_steps")
local timeplot = require("lunation.figure.timeplot")
local format = require("lunation.format")
local words = require("lunation.report.words")

local FIELDS = options.fields("cuminc", { groups = "table!", causes = "table!", unit = "string",
  annotation = "table", conf_type = "string", conf_level = "number", bands = "boolean",
  high = "number", table = "string" })
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

local VIEW = { start = 0, own = "incidence",
  as_it_is = { height = function(h) return 100 * h end } }

-- The steps of a cause in a group.
local function points(s, group, cause)
  return steps.of({ time = group.time, n = group.n, remaining = {}, incidence = cause.incidence,
    incidence_lower = cause.lower, incidence_upper = cause.upper }, VIEW,
    { shift = 0, fade_below = 0, last = s.last, low = s.y_low, high = s.y_high })
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
  local rows = {}
  if not s.table_rows or s.shown.at_risk then
    rows[1] = { label = w.at_risk, values = timeplot.counts(at_risk, times) }
  end
  for j, name in ipairs((not s.table_rows or s.shown.events) and s.causes or {}) do
    rows[#rows + 1] = { label = name, values = timeplot.counts(events[j], times) }
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

-- The specification with its times in s.time_unit, choices checked and what is usual filled in.
local function complete(s)
  local out, per = {}, options.per_time_unit("cuminc", s, s.unit or "months")
  for k, v in pairs(s) do out[k] = v end
  out.legend = spec.choice("cuminc", "legend", s.legend, { "both", "top", "end", "inside", "none" })
  out.table = spec.choice("cuminc", "table", s.table, { "all", "none" })
  out.y_high, out.unit = s.y_high or s.high and 100 * s.high, s.time_unit or s.unit or "months"
  out.shown = {}
  out.table_rows = options.list(s.table_rows)
  for _, row in ipairs(out.table_rows or {}) do
    out.shown[spec.choice("cuminc", "table_rows", row, { "at_risk", "events" })] = true
  end
  if per ~= 1 then
    out.groups = {}
    for i, group in ipairs(s.groups) do
      local one = { time = {} }
      for k, v in pairs(group) do if k ~= "time" then one[k] = v end end
      for j = 1, #group.time do one.time[j] = group.time[j] / per end
      out.groups[i] = one
    end
  end
  return out
end

-- Each group's causes as curves: labels, steps, rows of the head; the last time and the largest
-- height.
local function collect(s)
  local all = { labels = {}, drawn = {}, heads = {}, last = 0, most = 0, widest = 0 }
  for _, group in ipairs(s.groups) do
    for j in ipairs(s.causes) do
      local k, cause = #all.labels + 1, group.causes[j]
      local p = points(s, group, cause)
      all.labels[k], all.drawn[k] = name_of(s, group, j), p
      all.heads[k] = { all.labels[k], format.integer(group.n), format.integer(cause.events) }
      for i = 1, p.n do
        all.most = math.max(all.most, p.h[i], s.bands ~= false and p.upper[i] or 0)
      end
      all.banded = all.banded or p.banded
    end
    all.last = math.max(all.last, group.time[#group.time] or 0)
    all.widest = math.max(all.widest, metrics.width(format.integer(group.n), 11))
  end
  return all
end

local function draw_curves(c, s, all, box, y)
  for k, p in ipairs(s.bands ~= false and all.drawn or {}) do
    curves.band(c, k, p, box.x, y, 0, p.n, "")
  end
  for k, p in ipairs(all.drawn) do curves.line(c, k, p, box.x, y, 0, p.n, "") end
  timeplot.names(c, s.legend, all.labels, all.drawn, box, y)
end

local function draw_table(c, s, w, box, y)
  local ticks, times, groups = timeplot.columns("cuminc", box.x, s.table_step), {}, {}
  for k, tick in ipairs(ticks) do times[k] = tick.value end
  for i, group in ipairs(s.groups) do
    groups[i] = { label = group.label or w.all, rows = table_rows(s, group, times, w),
      plain = true }
  end
  return timeplot.table(c, box.x, ticks, groups, y)
end

local function panel(c, s, w, all, top)
  local room = (s.legend == "both" or s.legend == "end") and timeplot.label_room(all.labels,
    c.width) or 0
  local names = s.table ~= "none" and { w.at_risk, table.unpack(s.causes) } or {}
  return timeplot.panel(c, { top = top, height = options.height("cuminc", s, c,
    c.width < 400 and 190 or 270),
    last = s.last or all.last, exact = s.last ~= nil, unit = s.unit, step = s.step, names = names,
    widest = s.table ~= "none" and all.widest or 0, room = room })
end

local function footnotes(s, w, all)
  if not all.banded or s.bands == false then return {} end
  return { w.bands:format(format.number(100 * (s.conf_level or 0.95), 0) .. "%",
    s.conf_type or "log-log") }
end

--- Cumulative incidence figure: cuminc(result, fields) of endpoint:cuminc, or cuminc(fields).
--- causes: their names; groups: { label, time, n_risk (vectors), n, causes = { { incidence, lower,
--- upper, n_event (vectors over time), events } ... in the order of causes } }; unit; annotation
--- (Gray's p with its cause); conf_type, conf_level; bands; high (end of the axis, as a fraction);
--- table "all" or "none"; and the options of docs/figures.md.
return function(given, opt)
  local s = spec.of(given, opt)
  check(s)
  s = complete(s)
  local w, all, c = words.get(s.lang), collect(s), options.canvas("cuminc", s)
  local unit = w[s.unit] or s.unit
  local head = (s.legend == "both" or s.legend == "top")
    and { columns = { #s.groups == 1 and w.by_cause or w.group, w.n, w.events }, rows = all.heads }
  local box = panel(c, s, w, all, timeplot.head(c, head, s.annotation, 8) + 14)
  local y = axis.linear(box.bottom, box.top, options.y_axis("cuminc", s, { low = 0,
    high = math.min(100, all.most), most = 5, widen = true }))
  axis.draw_y(c, y, box.left, { grid = box.right - box.left, suffix = "%",
    label = s.ylab or w.cumulative_incidence, label_x = box.left - 48 })
  axis.draw_x(c, box.x, box.bottom, { label = s.xlab or ("%s, %s"):format(w.time, unit) })
  draw_curves(c, s, all, box, y)
  options.references("cuminc", s, c, box.x, y)
  local bottom, described = box.bottom + 46, {}
  if s.table ~= "none" then bottom = draw_table(c, s, w, box, bottom) end
  for k, row in ipairs(all.heads) do
    described[k] = ("%s: %s of %s"):format(row[1], row[3], row[2])
  end
  bottom = timeplot.foot(c, options.notes(s, footnotes(s, w, all)), bottom + 2)
  return c:finish(bottom + 4, { id = s.id, title = s.title or w.cumulative_incidence,
    numbers = numbers(s, w), description = s.description or w.events .. ": "
    .. table.concat(described, "; ") .. "." })
end
