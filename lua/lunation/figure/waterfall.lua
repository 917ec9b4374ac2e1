-- SPDX-License-Identifier: GPL-3.0-or-later
-- waterfall: the best change of each patient, sorted, with the response below each bar. Patients
-- without a measurement are listed, not dropped.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local spec = require("lunation.figure.spec")
local legend = require("lunation.figure.legend")
local metrics = require("lunation.figure.metrics")
local options = require("lunation.figure.options")
local timeplot = require("lunation.figure.timeplot")
local format = require("lunation.format")
local words = require("lunation.report.words")

local FIELDS = options.fields("waterfall", { patients = "table!", categories = "table",
  marks = "table", cap = "number", lines = "table", ylab = "string" })
local PATIENT = { id = "any", change = "number", best = "string", marks = "table" }

local FILL = { CR = "f1", PR = "f3", SD = "soft", PD = "f2", NE = "f4" }
local OTHERS = { "f1", "f3", "soft", "f2", "f4", "f6" }

local function check(s)
  spec.check("waterfall", s, FIELDS)
  for i, p in ipairs(s.patients) do
    spec.check("waterfall patient " .. i, p, PATIENT)
    if p.change and p.change < -100 then
      spec.fail("waterfall", "patient %s: a change of %s%% is below −100%%", tostring(p.id or i),
        tostring(p.change))
    end
  end
end

-- Those with a measurement, from the largest growth to the largest shrinkage, and those without.
local function sorted(s)
  local shown, missing = {}, {}
  for i, p in ipairs(s.patients) do
    if p.change and p.change == p.change then
      shown[#shown + 1] = { p = p, row = i, change = p.change }
    else
      missing[#missing + 1] = p
    end
  end
  table.sort(shown, function(a, b)
    local x, y = a.change, b.change
    if x ~= y then return x > y end
    return a.row < b.row
  end)
  return shown, missing
end

-- The categories in their order, with how many patients each has, and their fills.
local function categories(s, w)
  local order, fill, count = {}, {}, {}
  local function add(name)
    if count[name] then return end
    order[#order + 1], count[name] = name, 0
    fill[name] = FILL[name] or OTHERS[(#order - 1) % #OTHERS + 1]
  end
  for _, name in ipairs(s.categories or { "CR", "PR", "SD", "PD", "NE" }) do add(name) end
  for _, p in ipairs(s.patients) do
    local name = p.best or w.all
    add(name)
    count[name] = count[name] + 1
  end
  local used = {}
  for _, name in ipairs(order) do
    if count[name] > 0 then used[#used + 1] = name end
  end
  return used, fill, count
end

local function draw_bars(c, shown, x, y, fill, w, cap)
  local step = (x.to - x.from) / #shown
  local gap = step > 6 and 1.5 or step > 3 and 0.7 or 0
  local capped, labelled = {}, -math.huge
  for i, item in ipairs(shown) do
    local change = item.p.change
    local left, top = x.from + (i - 1) * step + gap / 2, y:at(y:clamp(math.min(change, cap)))
    local zero, class = y:at(0), "bar " .. fill[item.p.best or w.all]
    c:rect(left, math.min(top, zero), step - gap, math.max(math.abs(top - zero), 0.6), class)
    if change > cap then
      local text = "+" .. format.number(change, 0) .. "%"
      capped[#capped + 1] = text
      if left > labelled then
        c:text(left, top - 4, text, "xs")
        labelled = left + metrics.width(text, 10) + 4
      end
    end
  end
  return capped
end

-- The name of a row below the bars in lines.
local function strip_lines(label) return metrics.wrap(label, 130, 11) end

-- A row of marks below the bars: a tick for each patient of whom it is true. Returns the y below
-- it.
local function draw_strip(c, shown, x, y, strip)
  local bottom = c:lines(x.from - 8, y + 8, strip.lines, "e sm", 12)
  local step = (x.to - x.from) / #shown
  for i, item in ipairs(shown) do
    if strip.is_true(item.p) then
      c:rect(x.from + (i - 1) * step + step * 0.15, y, math.max(step * 0.7, 1), 9, strip.class)
    end
  end
  return bottom + 6
end

local function has_mark(p, mark)
  for _, m in ipairs(p.marks or {}) do
    if m == mark then return true end
  end
  return false
end

-- The categories with their colours; returns the y below them.
local function draw_categories(c, used, fill, count, w)
  c:text(8, 20, w.best_response, "b sm")
  local entries = {}
  for i, name in ipairs(used) do
    entries[i] = { label = ("%s (n = %d)"):format(name, count[name]), draw = function(x, y)
      c:rect(x + 10, y - 5, 10, 10, "bar " .. fill[name])
    end }
  end
  return legend.rows(c, entries, 10, 8 + metrics.width(w.best_response, 11, true) + 6)
end

local function missing_note(missing, w)
  if #missing == 0 then return nil end
  local ids = {}
  for i, p in ipairs(missing) do
    ids[i] = p.id and tostring(p.id) .. (p.best and " (" .. p.best .. ")" or "") or nil
  end
  local list = #ids == #missing and #ids <= 30 and ": " .. table.concat(ids, ", ") or ""
  return w.not_shown:format(("n = %d%s"):format(#missing, list))
end

local function numbers(s, shown, missing, w)
  local rows = {}
  local function add(p)
    rows[#rows + 1] = { id = p.id, change = p.change, best = p.best,
      marks = p.marks and table.concat(p.marks, "; ") }
  end
  for _, item in ipairs(shown) do add(item.p) end
  for _, p in ipairs(missing) do add(p) end
  local columns = { { key = "id", label = w.patient },
    { key = "change", label = s.ylab or w.change, align = "decimal", decimals = 1 },
    { key = "best", label = w.response } }
  if s.marks then columns[4] = { key = "marks", label = table.concat(s.marks, "; ") } end
  return { columns = columns, rows = rows }
end

local function describe(shown, used, count)
  local shrunk, parts = 0, {}
  for _, item in ipairs(shown) do
    if item.p.change < 0 then shrunk = shrunk + 1 end
  end
  for i, name in ipairs(used) do parts[i] = ("%s %d"):format(name, count[name]) end
  return ("%d patients, %d with any shrinkage; %s."):format(#shown, shrunk,
    table.concat(parts, ", "))
end

-- The rows below the bars: the categories that have bars, then the marks.
local function strips_of(s, used, fill, shown, w)
  local strips = {}
  local function add(label, class, is_true)
    strips[#strips + 1] = { lines = strip_lines(label), class = class, is_true = is_true }
  end
  for _, name in ipairs(used) do
    local function is_true(p) return (p.best or w.all) == name end
    local any = false
    for _, item in ipairs(shown) do any = any or is_true(item.p) end
    if any then add(name, "bar " .. fill[name], is_true) end
  end
  strips.classes = #strips
  for _, mark in ipairs(s.marks or {}) do
    add(mark, "fill", function(p) return has_mark(p, mark) end)
  end
  return strips
end

local function draw_strips(c, shown, x, y, strips)
  for i, strip in ipairs(strips) do
    if i == strips.classes + 1 then y = y + 5 end
    y = draw_strip(c, shown, x, y, strip)
  end
  return y
end

local WIDEST = 56 -- pixels that a bar may have

-- The panel's sides: right of the rows' names; few bars do not fill it.
local function sides(c, strips, n)
  local room = 62
  for _, strip in ipairs(strips) do
    room = math.max(room, metrics.widest(strip.lines, 11) + 20)
  end
  return { from = room, to = math.min(c.width - 18, room + n * WIDEST) }
end

--- Waterfall figure. patients: { id, change (percent), best ("CR", "PR", "SD", "PD", "NE" or any
--- word), marks (list of words, each a row under the bars when in s.marks) }; categories: their
--- order; lines (default {-30, 20}); cap (100); ylab; and the options of docs/figures.md.
return function(s)
  check(s)
  local w, c, cap = words.get(s.lang), options.canvas("waterfall", s), s.cap or 100
  local shown, missing = sorted(s)
  if #shown == 0 then spec.fail("waterfall", "no patient has a measurement") end
  local used, fill, count = categories(s, w)
  local strips = strips_of(s, used, fill, shown, w)
  local top = draw_categories(c, used, fill, count, w) + 14
  local bottom = top + options.height("waterfall", s, c, math.min(270, c.width * 0.65))
  local y = axis.linear(bottom, top, options.y_axis("waterfall", s, {
    low = math.min(shown[#shown].change, -30), high = math.min(cap, math.max(shown[1].change, 20)),
    step = not s.y_high and 20 or nil, widen = true }))
  local x = sides(c, strips, #shown)
  axis.draw_y(c, y, x.from, { grid = x.to - x.from, suffix = "%", label = s.ylab or w.change,
    label_x = x.from - 48 })
  local capped = draw_bars(c, shown, x, y, fill, w, math.min(cap, y.most))
  c:line(x.from, y:at(0), x.to, y:at(0), "ink")
  for _, at in ipairs(s.lines or { -30, 20 }) do
    c:line(x.from, y:at(at), x.to, y:at(at), "ink dot")
  end
  local notes = { missing_note(missing, w) }
  if #capped > 0 then notes[#notes + 1] = w.capped:format(cap, table.concat(capped, ", ")) end
  local foot = timeplot.foot(c, options.notes(s, notes), draw_strips(c, shown, x, bottom + 12,
    strips) + 4)
  return c:finish(foot + 6,
    { id = s.id, title = s.title or w.waterfall, description = s.description
    or describe(shown, used, count), numbers = numbers(s, shown, missing, w) })
end
