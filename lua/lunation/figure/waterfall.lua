-- SPDX-License-Identifier: GPL-3.0-or-later
-- waterfall: the best change of each patient, sorted, with the response below each bar. Patients
-- without a measurement are listed, not dropped.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local spec = require("lunation.figure.spec")
local metrics = require("lunation.figure.metrics")
local timeplot = require("lunation.figure.timeplot")
local format = require("lunation.format")
local words = require("lunation.report.words")

local FIELDS = { patients = "table!", categories = "table", marks = "table", ylab = "string",
  cap = "number", lines = "table", lang = "string", title = "string", id = "string",
  description = "string", notes = "table" }
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
    local left, top = x.from + (i - 1) * step + gap / 2, y:at(math.min(change, cap))
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

-- A row of marks below the bars: a tick for each patient of whom it is true.
local function draw_strip(c, shown, x, y, label, class, is_true)
  c:text(x.from - 8, y + 8, label, "e sm")
  local step = (x.to - x.from) / #shown
  for i, item in ipairs(shown) do
    if is_true(item.p) then
      c:rect(x.from + (i - 1) * step + step * 0.15, y, math.max(step * 0.7, 1), 9, class)
    end
  end
end

local function has_mark(p, mark)
  for _, m in ipairs(p.marks or {}) do
    if m == mark then return true end
  end
  return false
end

local function legend(c, used, fill, count, x, y, w)
  c:text(x, y, w.best_response, "b sm")
  x = x + metrics.width(w.best_response, 11, true) + 14
  for _, name in ipairs(used) do
    c:rect(x, y - 9, 10, 10, "bar " .. fill[name])
    local text = ("%s (n = %d)"):format(name, count[name])
    c:text(x + 15, y, text, "sm")
    x = x + 15 + metrics.width(text, 11) + 16
  end
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

--- Waterfall figure. patients: { id, change (percent), best ("CR", "PR", "SD", "PD", "NE" or any
--- word), marks (list of words, each a row under the bars when in s.marks) }; categories: their
--- order; lines (default {-30, 20}); cap (100); ylab; notes; lang; title, description.
return function(s)
  check(s)
  local w = words.get(s.lang)
  local shown, missing = sorted(s)
  if #shown == 0 then spec.fail("waterfall", "no patient has a measurement") end
  local used, fill, count = categories(s, w)
  local c, cap = svg.canvas(svg.DOUBLE), s.cap or 100
  local strips = {}
  for _, name in ipairs(used) do strips[#strips + 1] = { name, "bar " .. fill[name],
    function(p) return (p.best or w.all) == name end } end
  for _, mark in ipairs(s.marks or {}) do strips[#strips + 1] = { mark, "fill",
    function(p) return has_mark(p, mark) end } end
  local room = 62
  for _, strip in ipairs(strips) do room = math.max(room, metrics.width(strip[1], 11) + 20) end

  legend(c, used, fill, count, 8, 20, w)
  local top, bottom = 46, 46 + 270
  local worst = math.min(cap, math.max(shown[1].p.change, 20))
  local y = axis.linear(bottom, top, { low = math.min(shown[#shown].p.change, -30), high = worst,
    step = 20, widen = true })
  local x = { from = room, to = c.width - 18 }
  axis.draw_y(c, y, x.from, { grid = x.to - x.from, suffix = "%", label = s.ylab or w.change,
    label_x = x.from - 48 })
  local capped = draw_bars(c, shown, x, y, fill, w, cap)
  c:line(x.from, y:at(0), x.to, y:at(0), "ink")
  for _, at in ipairs(s.lines or { -30, 20 }) do
    c:line(x.from, y:at(at), x.to, y:at(at), "ink dot")
  end
  local strip_y = bottom + 12
  for i, strip in ipairs(strips) do
    if i == #used + 1 then strip_y = strip_y + 5 end
    draw_strip(c, shown, x, strip_y, strip[1], strip[2], strip[3])
    strip_y = strip_y + 14
  end
  local notes = { missing_note(missing, w) }
  if #capped > 0 then notes[#notes + 1] = w.capped:format(cap, table.concat(capped, ", ")) end
  table.move(s.notes or {}, 1, #(s.notes or {}), #notes + 1, notes)
  local foot = timeplot.foot(c, notes, strip_y + 4)
  return c:finish(foot + 6,
    { id = s.id, title = s.title or w.waterfall, description = s.description
    or describe(shown, used, count), numbers = numbers(s, shown, missing, w) })
end
