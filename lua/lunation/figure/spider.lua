-- SPDX-License-Identifier: GPL-3.0-or-later
-- spider: the change of each patient's tumour over time from baseline.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local spec = require("lunation.figure.spec")
local legend = require("lunation.figure.legend")
local options = require("lunation.figure.options")
local timeplot = require("lunation.figure.timeplot")
local format = require("lunation.format")
local words = require("lunation.report.words")

local FIELDS = options.fields("spider", { patients = "table!", groups = "table", lines = "table",
  cap = "number", unit = "string", marks = "table" })
local PATIENT = { id = "any", time = "any!", change = "any!", group = "string", marks = "table" }

-- The groups in their order, with how many patients each has.
local function groups_of(s, w)
  local order, count = {}, {}
  for _, name in ipairs(s.groups or {}) do order[#order + 1], count[name] = name, 0 end
  for _, p in ipairs(s.patients) do
    local name = p.group or w.all
    if not count[name] then order[#order + 1], count[name] = name, 0 end
    count[name] = count[name] + 1
  end
  return order, count
end

local function check(s)
  spec.check("spider", s, FIELDS)
  for i, p in ipairs(s.patients) do
    spec.check("spider patient " .. i, p, PATIENT)
    if #p.time ~= #p.change then
      spec.fail("spider", "patient %s: %d times, %d changes", tostring(p.id or i), #p.time,
        #p.change)
    end
  end
end

-- The line of a patient from baseline; across a missing visit it is dotted.
local function draw_patient(c, p, k, x, y, cap)
  local solid, gap = {}, {}
  local from_x, from_y, missing = svg.number(x:at(0)), svg.number(y:at(0)), false
  solid[1] = "M" .. from_x .. " " .. from_y
  local last_x, last_y
  for i = 1, #p.time do
    local v = p.change[i]
    if v ~= v then
      missing = true
    else
      local to_x, to_y = svg.number(x:at(p.time[i])), svg.number(y:at(y:clamp(math.min(v, cap))))
      if missing then
        gap[#gap + 1] = "M" .. from_x .. " " .. from_y .. "L" .. to_x .. " " .. to_y
        solid[#solid + 1] = "M" .. to_x .. " " .. to_y
      else
        solid[#solid + 1] = "L" .. to_x .. " " .. to_y
      end
      from_x, from_y, missing = to_x, to_y, false
      last_x, last_y = x:at(p.time[i]), y:at(y:clamp(math.min(v, cap)))
    end
  end
  if not last_x then return end
  c:path(solid, "line thin s" .. svg.series(k))
  if #gap > 0 then c:path(gap, "line thin dot s" .. svg.series(k)) end
  c:marker(k, last_x, last_y, 2.8, svg.fill(k))
end

-- The height of a patient's line at a time.
local function height_at(p, t)
  local t0, v0 = 0, 0
  for i = 1, #p.time do
    if p.change[i] == p.change[i] then
      if p.time[i] >= t then
        return v0 + (p.change[i] - v0) * (t - t0) / math.max(p.time[i] - t0, 1e-9)
      end
      t0, v0 = p.time[i], p.change[i]
    end
  end
  return v0
end

local function draw_marks(c, s, x, y, cap)
  local seen = false
  for _, p in ipairs(s.patients) do
    for _, mark in ipairs(p.marks or {}) do
      local height = y:clamp(math.min(height_at(p, mark.time), cap))
      c:text(x:at(mark.time), y:at(height) + 4, "×", "m b")
      seen = mark.label or true
    end
  end
  return seen
end

-- The last time, the least and the largest change that is drawn.
local function extent(s, cap)
  local last, low, high = 0, -30, 20
  for _, p in ipairs(s.patients) do
    for i = 1, #p.time do
      last = math.max(last, p.time[i])
      if p.change[i] == p.change[i] then
        low, high = math.min(low, p.change[i]), math.max(high, math.min(p.change[i], cap))
      end
    end
  end
  return last, low, high
end

-- The names of the groups with their marks; returns the y below, and each group's number.
local function draw_groups(c, order, count)
  local index, entries = {}, {}
  for k, name in ipairs(order) do
    index[name] = k
    entries[k] = { label = ("%s (n = %d)"):format(name, count[name]), draw = function(x, y)
      c:line(x, y, x + 18, y, "line thin s" .. svg.series(k))
      c:marker(k, x + 18, y, 3.2, svg.fill(k))
    end }
  end
  return legend.rows(c, entries, 8), index
end

local function numbers(s, w)
  local rows = {}
  for i, p in ipairs(s.patients) do
    for j = 1, #p.time do
      rows[#rows + 1] = { id = tostring(p.id or i), group = p.group, time = p.time[j],
        change = p.change[j] }
    end
  end
  return { rows = rows,
    columns = { { key = "id", label = w.patient }, { key = "group", label = w.group },
      { key = "time", label = w.time, align = "decimal" },
      { key = "change", label = w.change_at, align = "decimal", decimals = 1 } } }
end

local function footnotes(s, w, cap, marked)
  local out, cut = {}, 0
  for _, p in ipairs(s.patients) do
    for i = 1, #p.time do if p.change[i] > cap then cut = cut + 1 end end
  end
  if marked then out[1] = ("× %s."):format(type(marked) == "string" and marked or w.event) end
  if cut > 0 then out[#out + 1] = w.cut_values:format(cut, cap) end
  return options.notes(s, out)
end

--- Spider figure. patients: { id, time, change (percent; NaN where a visit was missed), group,
--- marks = { { time, label } ... } }; groups: their order; lines (default {-30, 20}); cap (100);
--- unit; and the options of docs/figures.md.
return function(s)
  check(s)
  local w, cap, c = words.get(s.lang), s.cap or 100, options.canvas("spider", s)
  local order, count = groups_of(s, w)
  if #order > svg.COLOURS then
    spec.fail("spider", "%d groups: at most %d can be told apart", #order, svg.COLOURS)
  end
  local below, index = draw_groups(c, order, count)
  local last, low, high = extent(s, cap)
  local top, left, right = below + 8, 72, c.width - 18
  local bottom, unit = top + options.height("spider", s, c, math.min(300, c.width * 0.7)),
    s.unit or "months"
  local x = axis.linear(left, right, { low = 0, high = last,
    step = axis.time_step(last, unit, math.min(12, (right - left) // 40)) })
  local y = axis.linear(bottom, top, options.y_axis("spider", s, { low = low, high = high,
    step = not s.y_high and 20 or nil, widen = true }))
  axis.draw_y(c, y, left, { grid = right - left, suffix = "%", label = s.ylab or w.change_at,
    label_x = left - 52 })
  axis.draw_x(c, x, bottom, { label = s.xlab or ("%s, %s"):format(w.time, w[unit] or unit) })
  for _, at in ipairs(s.lines or { -30, 20 }) do
    c:line(left, y:at(at), right, y:at(at), "ink dot")
  end
  c:line(left, y:at(0), right, y:at(0), "axis")
  for _, p in ipairs(s.patients) do
    draw_patient(c, p, index[p.group or w.all], x, y, math.min(cap, y.most))
  end
  local marked = draw_marks(c, s, x, y, cap)
  options.references("spider", s, c, x, y)
  local foot = timeplot.foot(c, footnotes(s, w, cap, marked), bottom + 44)
  return c:finish(foot + 6, { id = s.id, title = s.title or w.spider, numbers = numbers(s, w),
    description = s.description or ("%d patients, %s to %s."):format(#s.patients,
    format.number(low, 0), format.number(high, 0)) })
end
