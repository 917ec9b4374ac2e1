-- SPDX-License-Identifier: GPL-3.0-or-later
-- forest: a table with the estimates drawn in it. One model, several in one panel, or subgroups
-- with their p for interaction. The axis is logarithmic; limits beyond it end in arrows and stay in
-- full in the table; a row that cannot be estimated says why.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local spec = require("lunation.figure.spec")
local metrics = require("lunation.figure.metrics")
local options = require("lunation.figure.options")
local forest_table = require("lunation.figure.forest_table")
local texts = require("lunation.figure.forest_words")
local words = require("lunation.report.words")
local timeplot = require("lunation.figure.timeplot")
local estimate, is_drawn, MARGIN = forest_table.estimate, forest_table.is_drawn, forest_table.MARGIN

local FIELDS = options.fields("forest", { rows = "table!", models = "table", effect = "string",
  favours = "table", low = "number", high = "number", interaction = "boolean", decimals = "number",
  p = "boolean", xlab = "string", suppress_below = "number" })
local ROW = { label = "string", level = "string", n = "number", events = "number", hr = "number",
  lower = "number", upper = "number", p = "number", reference = "boolean", not_estimable = "string",
  heading = "boolean", models = "table", p_interaction = "number", overall = "boolean",
  indent = "number" }

local function check(s)
  spec.check("forest", s, FIELDS)
  if #s.rows == 0 then spec.fail("forest", "there are no rows") end
  for i, r in ipairs(s.rows) do
    spec.check("forest row " .. i, r, ROW)
    for m = 1, s.models and #s.models or 1 do
      local e = estimate(r, m)
      if is_drawn(e) and not (e.hr > 0 and e.lower and e.upper and e.lower <= e.hr
        and e.hr <= e.upper) then
        spec.fail("forest", "row %d (%s): %s is not within its limits (%s to %s)", i,
          r.level or r.label or "", tostring(e.hr), tostring(e.lower), tostring(e.upper))
      end
    end
  end
end

-- The axis: round numbers that hold most limits; what lies beyond is cut and shown by an arrow.
local function range(s)
  local low, high = math.huge, 0
  for _, r in ipairs(s.rows) do
    for m = 1, s.models and #s.models or 1 do
      local e = estimate(r, m)
      if is_drawn(e) then
        low, high = math.min(low, math.max(e.lower, e.hr / 8)),
          math.max(high, math.min(e.upper, e.hr * 8))
      end
    end
  end
  if high == 0 then low, high = 0.5, 2 end
  -- room on both sides of 1, for the words of whom an effect favours too
  low, high = math.min(low, s.favours and 0.5 or 0.8), math.max(high, s.favours and 2 or 1.25)
  local function round(v, up)
    local power = 10.0 ^ math.floor(math.log(v, 10))
    local marks = up and { 1, 1.5, 2, 3, 5, 7, 10 } or { 10, 7, 5, 3, 2, 1.5, 1 }
    for _, m in ipairs(marks) do
      if up and m * power >= v * (1 - 1e-9) or not up and m * power <= v * (1 + 1e-9) then
        return m * power
      end
    end
  end
  return s.low or math.max(round(low), 0.01), s.high or math.min(round(high, true), 100)
end

-- How much an estimate is worth: one over its squared width on the axis.
local function information(e) return 1 / math.max(math.log(e.upper / e.lower), 1e-3) ^ 2 end

local function arrow(c, x, y, direction, k)
  c:path({ "M", svg.number(x), " ", svg.number(y), "l", svg.number(-7 * direction), " -4v8Z" },
    "f" .. k)
end

-- The square of an estimate, whose area follows information, or the mark of its model.
local function draw_mark(c, e, x, y, k, o)
  local half = 2.5 + o.growth * math.sqrt(information(e) / o.biggest)
  if k == 1 then
    c:rect(x - half, y - half, 2 * half, 2 * half, "f1")
  else
    c:marker(k + 2, x, y, half, "f" .. k)
  end
end

local function draw_diamond(c, from, x, to, y, k)
  c:path({ "M", svg.number(from), " ", svg.number(y), "L", svg.number(x), " ", svg.number(y - 6),
    "L", svg.number(to), " ", svg.number(y), "L", svg.number(x), " ", svg.number(y + 6), "Z" },
    "f" .. k)
end

-- One estimate: its interval, cut at the axis with arrows, and its mark.
local function draw_estimate(c, e, y, k, o)
  local scale = o.scale
  local low, high = scale.least, scale.most
  local from, to = scale:at(math.max(e.lower, low)), scale:at(math.min(e.upper, high))
  if e.upper < low or e.lower > high then
    arrow(c, e.hr < 1 and scale.from or scale.to, y, e.hr < 1 and -1 or 1, k)
    return
  end
  if e.overall and e.lower >= low and e.upper <= high then
    draw_diamond(c, from, scale:at(e.hr), to, y, k)
    return
  end
  c:line(from, y, to, y, "line thin s" .. k)
  if e.lower < low then arrow(c, scale.from, y, -1, k) end
  if e.upper > high then arrow(c, scale.to, y, 1, k) end
  if e.hr >= low and e.hr <= high then draw_mark(c, e, scale:at(e.hr), y, k, o) end
end

local function most_information(s)
  local biggest = 1e-300
  for _, r in ipairs(s.rows) do
    for m = 1, s.models and #s.models or 1 do
      local e = estimate(r, m)
      if is_drawn(e) then biggest = math.max(biggest, information(e)) end
    end
  end
  return biggest
end

local function draw_favours(c, panel, y, favours, w)
  local mid = panel.scale:at(1)
  local function side(name, x, anchor)
    local text = w.favours:format(name)
    -- about as wide as its half of the panel; below the table there is room beside it
    local lines = metrics.wrap(text, math.max(math.abs(x - mid) - 8, 130), 10)
    c:lines(mid + (x > mid and 8 or -8), y, lines, anchor .. "xs soft", 12)
    return #lines
  end
  local a = side(favours[1], panel.from, "e ")
  local b = side(favours[2], panel.to, "")
  return y + 12 * math.max(a, b)
end

local function draw_line(c, s, line, left, right, o)
  local models, y = s.models and #s.models or 1, line.y
  for _, column in ipairs(left) do
    forest_table.draw_cell(c, column, line, y, line.heading and " b" or "")
  end
  for _, column in ipairs(right) do
    local e = line.row and column.model and estimate(line.row, column.model)
    forest_table.draw_cell(c, column, line, y,
      e and (e.reference or e.not_estimable) and " soft" or "")
  end
  for m = 1, line.row and models or 0 do
    local e, at = estimate(line.row, m), y + (m - (models + 1) / 2) * 10
    if is_drawn(e) then draw_estimate(c, e, at, m, o) end
    if e.reference then c:circle(o.scale:at(1), at, 2.5, "box") end
  end
end

-- The middle of every line, and the y below them.
local function lay_out(s, lines, top)
  local least = s.models and 11 * #s.models + 6 or 20
  for _, line in ipairs(lines) do
    line.height = math.max(least, #line.lines * 13 + 7)
    line.y = top + line.height / 2
    top = top + line.height
  end
  return top
end

-- The ground: stripes under every other line, the line at 1, and one at the estimate of all.
local function draw_ground(c, s, lines, scale, top, bottom)
  for i = 2, #lines, 2 do
    local line = lines[i]
    c:rect(MARGIN, line.y - line.height / 2, c.width - 2 * MARGIN, line.height, "stripe")
  end
  c:line(scale:at(1), top, scale:at(1), bottom, "axis")
  for _, r in ipairs(s.rows) do
    if r.overall and is_drawn(r) and r.hr >= scale.least and r.hr <= scale.most then
      c:line(scale:at(r.hr), top, scale:at(r.hr), bottom, "ink dot s1")
    end
  end
end

-- The titles of the columns; returns the y of the line under them.
local function draw_head(c, s, left, right)
  local titles = 1
  for _, column in ipairs(right) do titles = math.max(titles, #column.titles) end
  local y = 16 + (s.models and 22 or 0) + (titles - 1) * 13
  for _, list in ipairs { left, right } do
    for _, column in ipairs(list) do forest_table.draw_title(c, column, y) end
  end
  forest_table.draw_models(c, s, right, y - 24)
  c:line(MARGIN, y + 7, c.width - MARGIN, y + 7, "axis")
  return y + 7
end

--- Forest figure: forest(result, fields) of endpoint:cox or endpoint:finegray (with
--- label(variable), what a variable is called), or forest(fields). rows: { label (variable), level,
--- n, events, hr, lower, upper, p, reference, not_estimable = reason, heading, overall (drawn as a
--- diamond), p_interaction, models = { {hr, lower, upper, p ...} ... } when several models are
--- drawn }. models: their names; effect ("HR"); favours = { left, right }; low, high: the axis;
--- interaction: the column of p for interaction; p = false leaves out p; decimals (2); xlab; and
--- the options of docs/figures.md.
return function(given, opt)
  local s = type(given.rows) == "function" and texts.of_result(given, opt) or given
  check(s)
  local w, c, lines = words.get(s.lang), options.canvas("forest", s), forest_table.lines(s)
  local left, right = forest_table.columns(s, w)
  local panel = forest_table.place(c, left, right, lines)
  local top = draw_head(c, s, left, right) + 5
  local bottom = lay_out(s, lines, top)
  local low, high = range(s)
  panel.scale = axis.log(panel.from + 6, panel.to - 6, low, high)
  draw_ground(c, s, lines, panel.scale, top, bottom + 4)
  local o = { scale = panel.scale, biggest = most_information(s), growth = s.models and 2 or 3.5 }
  for _, line in ipairs(lines) do draw_line(c, s, line, left, right, o) end
  axis.draw_x(c, panel.scale, bottom + 4, {})
  local foot, name = bottom + 38, s.xlab or w.log_scale:format(s.effect or w.hr)
  c:text((panel.from + panel.to) / 2, foot, name, "m sm")
  if s.favours then foot = draw_favours(c, panel, foot + 16, s.favours, w) - 12 end
  foot = timeplot.foot(c, options.notes(s, texts.footnotes(s, w)), foot + 8)
  return c:finish(foot + 8,
    { id = s.id, title = s.title or w.forest, description = s.description or texts.describe(s, w),
    numbers = texts.numbers(s, w) })
end
