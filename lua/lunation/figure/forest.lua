-- SPDX-License-Identifier: GPL-3.0-or-later
-- forest: a table with the estimates drawn in it. One model, several in one panel, or subgroups
-- with their p for interaction. The axis is logarithmic; limits beyond it end in arrows and stay in
-- full in the table; a row that cannot be estimated says why.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local spec = require("lunation.figure.spec")
local metrics = require("lunation.figure.metrics")
local format = require("lunation.format")
local words = require("lunation.report.words")
local timeplot = require("lunation.figure.timeplot")

local FIELDS = { rows = "table!", models = "table", effect = "string", favours = "table",
  low = "number", high = "number", interaction = "boolean", lang = "string", title = "string",
  id = "string", description = "string", notes = "table", decimals = "number", p = "boolean",
  suppress_below = "number" }
local ROW = { label = "string", level = "string", n = "number", events = "number", hr = "number",
  lower = "number", upper = "number", p = "number", reference = "boolean", not_estimable = "string",
  heading = "boolean", models = "table", p_interaction = "number", overall = "boolean",
  indent = "number" }

local MARGIN, GAP, SIZE = 8, 16, 11

-- The estimate of row r in model m (rows of a single model carry it themselves).
local function estimate(r, m)
  return r.models and (r.models[m] or {}) or r
end

local function is_drawn(e)
  return e.hr and e.hr == e.hr and not e.reference and not e.not_estimable
end

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

-- A row begins a variable when it has a label; with a level on the same row the label gets its own
-- line.
local function lines_of(s)
  local lines = {}
  for _, r in ipairs(s.rows) do
    if r.heading then
      lines[#lines + 1] = { text = r.label, heading = true }
    elseif r.label and r.level then
      lines[#lines + 1] = { text = r.label, heading = true, p_interaction = r.p_interaction }
      lines[#lines + 1] = { text = r.level, indent = 1, row = r }
    else
      lines[#lines + 1] = { text = r.label or r.level or "",
        indent = r.indent or (not r.label and 1 or 0), row = r, p_interaction = r.p_interaction }
    end
  end
  return lines
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

local function estimate_text(e, w, decimals)
  if e.reference then return w.reference end
  if e.not_estimable then return w.not_estimable end
  if not is_drawn(e) then return "" end
  return format.estimate(e.hr, e.lower, e.upper, decimals)
end

-- The texts of model m: its estimate, its p.
local function model_columns(s, w, m)
  local decimals = s.decimals or 2
  local out = { { title = ("%s (%s)"):format(s.effect or w.hr, w.ci95), model = m,
    get = function(line)
    return line.row and estimate_text(estimate(line.row, m), w, decimals) or ""
  end } }
  if s.p ~= false then
    out[2] = { title = w.p, right = true, italic = true, model = m, get = function(line)
      local e = line.row and estimate(line.row, m)
      return e and e.p and not e.reference and not e.not_estimable and format.p_value(e.p) or ""
    end }
  end
  return out
end

local function counts_column(s, w)
  local any_n, any_events = false, false
  for _, r in ipairs(s.rows) do any_n, any_events = any_n or r.n, any_events or r.events end
  if not any_n then return nil end
  return { title = any_events and w.events_n or w.n, right = true, get = function(line)
    local r = line.row
    if not r or not r.n then return "" end
    return any_events and ("%s / %s"):format(format.integer(r.events), format.integer(r.n))
      or format.integer(r.n)
  end }
end

-- Text columns left and right of the panel: { title, get(line), right (aligned), model, width, x }.
local function columns(s, w)
  local left = { { title = "", indented = true, get = function(line) return line.text end },
    counts_column(s, w) }
  local right = {}
  for m in ipairs(s.models or { "" }) do
    for _, column in ipairs(model_columns(s, w, m)) do right[#right + 1] = column end
  end
  if s.interaction then
    right[#right + 1] = { title = w.interaction, right = true, narrow = 66, get = function(line)
      return line.p_interaction and format.p_value(line.p_interaction) or ""
    end }
  end
  return left, right
end

local function measure(column, lines)
  column.titles = column.narrow and metrics.wrap(column.title, column.narrow, SIZE, true)
    or { column.title }
  local width = 0
  for _, text in ipairs(column.titles) do
    width = math.max(width, metrics.width(text, SIZE, true))
  end
  for _, line in ipairs(lines) do
    local indent = column.indented and (line.indent or 0) * 14 or 0
    width = math.max(width, indent + metrics.width(column.get(line), SIZE, line.heading))
  end
  column.width = width
  return width + GAP
end

-- Places every column; the panel has the room that the texts leave. Without enough of it the
-- columns of p give way, which the regression table has as well.
local function place(c, left, right, lines)
  local taken = 0
  for _, list in ipairs { left, right } do
    for _, column in ipairs(list) do taken = taken + measure(column, lines) end
  end
  local tight = c.width - 2 * MARGIN - taken < 150
  for i = #right, 1, -1 do
    if tight and right[i].italic then
      taken = taken - right[i].width - GAP
      table.remove(right, i)
    end
  end
  local room = c.width - 2 * MARGIN - taken
  if room < 80 then
    spec.fail("forest", "the texts leave no room to draw in; shorten the labels")
  end
  local x = MARGIN
  for _, column in ipairs(left) do column.x, x = x, x + column.width + GAP end
  local panel = { from = x, to = x + room }
  x = x + room + GAP
  for _, column in ipairs(right) do column.x, x = x, x + column.width + GAP end
  return panel
end

local function draw_cell(c, column, line, y, class)
  local text = column.get(line)
  if text == "" then return end
  if column.right then
    c:text(column.x + column.width, y, text, "e sm" .. class)
  else
    c:text(column.x + (column.indented and (line.indent or 0) * 14 or 0), y, text, "sm" .. class)
  end
end

local function arrow(c, x, y, direction, k)
  c:path({ "M", svg.number(x), " ", svg.number(y), "l", svg.number(-7 * direction), " -4v8Z" },
    "f" .. k)
end

-- One estimate: its interval, cut at the axis with arrows, and a square whose area follows
-- information.
local function draw_estimate(c, e, y, k, o)
  local scale = o.scale
  local low, high = math.exp(scale.low), math.exp(scale.high)
  local from, to = scale:at(math.max(e.lower, low)), scale:at(math.min(e.upper, high))
  if e.upper < low or e.lower > high then
    arrow(c, e.hr < 1 and scale.from or scale.to, y, e.hr < 1 and -1 or 1, k)
    return
  end
  c:line(from, y, to, y, "line thin s" .. k)
  if e.lower < low then arrow(c, scale.from, y, -1, k) end
  if e.upper > high then arrow(c, scale.to, y, 1, k) end
  if e.hr < low or e.hr > high then return end
  local x = scale:at(e.hr)
  if e.overall then
    c:path({ "M", svg.number(from), " ", svg.number(y), "L", svg.number(x), " ", svg.number(y - 6),
      "L", svg.number(to), " ", svg.number(y), "L", svg.number(x), " ", svg.number(y + 6), "Z" },
      "f" .. k)
    return
  end
  local information = 1 / math.max(math.log(e.upper / e.lower), 1e-3) ^ 2
  local half = 2.5 + o.growth * math.sqrt(information / o.biggest)
  if k == 1 then c:rect(x - half, y - half, 2 * half, 2 * half, "f1") else c:marker(k + 2, x, y,
    half, "f" .. k) end
end

local function most_information(s)
  local biggest = 1e-300
  for _, r in ipairs(s.rows) do
    for m = 1, s.models and #s.models or 1 do
      local e = estimate(r, m)
      if is_drawn(e) then
        biggest = math.max(biggest, 1 / math.max(math.log(e.upper / e.lower), 1e-3) ^ 2)
      end
    end
  end
  return biggest
end

local function draw_title(c, column, y)
  for i, text in ipairs(column.titles) do
    local line_y = y - (#column.titles - i) * 13
    if column.right then
      c:text(column.x + column.width, line_y, text, "e b sm" .. (column.italic and " i" or ""))
    else
      c:text(column.x, line_y, text, "b sm")
    end
  end
end

-- The name of each model over its columns, with the mark that it has in the panel.
local function draw_models(c, s, right, y)
  for m, name in ipairs(s.models or {}) do
    local from, to
    for _, column in ipairs(right) do
      if column.model == m then from, to = from or column.x, column.x + column.width end
    end
    c:marker(m == 1 and 2 or m + 2, from + 5, y - 4, 4, "f" .. m)
    c:text(from + 15, y, name, "b sm")
    c:line(from, y + 6, to, y + 6, "grid")
  end
end

local function draw_favours(c, panel, y, favours, w)
  local mid = panel.scale:at(1)
  local function side(name, x, anchor)
    local text = w.favours:format(name)
    -- no wider than its half of the panel, else it would run into the text beside it
    local lines = metrics.wrap(text, math.abs(x - mid) - 8, 10)
    c:lines(mid + (x > mid and 8 or -8), y, lines, anchor .. "xs soft", 12)
    return #lines
  end
  local a = side(favours[1], panel.from, "e ")
  local b = side(favours[2], panel.to, "")
  return y + 12 * math.max(a, b)
end

local function numbers(s, w)
  local cols = { { key = "variable", label = w.variable }, { key = "level", label = w.level },
    { key = "n", label = w.n, align = "right" },
    { key = "events", label = w.events, align = "right" } }
  if s.models then cols[#cols + 1] = { key = "model", label = "Model" } end
  for _, key in ipairs { "hr", "lower", "upper", "p" } do
    cols[#cols + 1] = { key = key, label = key == "hr" and (s.effect or w.hr) or w[key],
      align = "decimal", decimals = key == "p" and 4 or 3 }
  end
  cols[#cols + 1] = { key = "note", label = w.note }
  local rows, variable = {}, nil
  for _, r in ipairs(s.rows) do
    variable = r.label or variable
    for m = 1, r.heading and 0 or s.models and #s.models or 1 do
      local e = estimate(r, m)
      rows[#rows + 1] = { variable = variable, level = r.level, n = r.n, events = r.events,
        model = s.models and s.models[m] or nil, hr = e.hr, lower = e.lower, upper = e.upper,
        p = e.p, note = e.reference and w.reference or e.not_estimable }
    end
  end
  return { columns = cols, rows = rows }
end

local function foot_notes(s, w)
  local out, seen = {}, {}
  for _, r in ipairs(s.rows) do
    for m = 1, s.models and #s.models or 1 do
      local e = estimate(r, m)
      if e.not_estimable and not seen[r] then
        seen[r] = true
        out[#out + 1] = ("%s: %s (%s)."):format(r.level or r.label, w.not_estimable:lower(),
          e.not_estimable)
      end
    end
  end
  for _, note in ipairs(s.notes or {}) do out[#out + 1] = note end
  return out
end

local function describe(s, w)
  local out = {}
  for _, r in ipairs(s.rows) do
    local e = estimate(r, 1)
    if is_drawn(e) then
      out[#out + 1] = ("%s %s"):format(r.level and r.label and r.label .. " " .. r.level or r.level
        or r.label, format.hr(e.hr, e.lower, e.upper))
    end
  end
  return (s.effect or w.hr) .. " (" .. w.ci95 .. "): " .. table.concat(out, "; ") .. "."
end

local function draw_rows(c, s, lines, left, right, o)
  local models = s.models and #s.models or 1
  o.biggest, o.growth = most_information(s), models > 1 and 2 or 3.5
  for i, line in ipairs(lines) do
    local y = o.top + (i - 1) * o.height + o.height / 2
    for _, column in ipairs(left) do
      draw_cell(c, column, line, y + 4, line.heading and " b" or "")
    end
    for _, column in ipairs(right) do
      local e = line.row and column.model and estimate(line.row, column.model)
      draw_cell(c, column, line, y + 4, e and (e.reference or e.not_estimable) and " soft" or "")
    end
    for m = 1, line.row and models or 0 do
      local e = estimate(line.row, m)
      if is_drawn(e) then draw_estimate(c, e, y + (m - (models + 1) / 2) * 10, m, o) end
    end
  end
end

-- The specification of a result that has hazard ratios in its rows().
local function of_result(fit, opt)
  local s, variable = { rows = {} }, nil
  local label = opt and opt.label or function(name) return name end
  for _, row in ipairs(fit:rows()) do
    local reference = row.statistic == "reference"
    if row.statistic == "hr" or row.statistic == "shr" or reference then
      local head = not row.level and label(row.term) or row.variable ~= variable
        and label(row.variable) or nil
      variable = row.level and row.variable or nil
      if row.statistic == "shr" then s.effect = "SHR" end
      s.rows[#s.rows + 1] = { label = head, level = row.level, n = row.n, events = row.events,
        hr = not reference and row.value or nil, lower = row.lower, upper = row.upper, p = row.p,
        reference = reference or nil,
        not_estimable = not reference and row.value == nil and (row.warning or "no estimate")
          or nil }
    end
  end
  for name, value in pairs(opt or {}) do
    if name ~= "label" then s[name] = value end
  end
  local small = require("lunation.report.suppress").is_small
  for _, row in ipairs(s.suppress_below and s.rows or {}) do
    if small(row.events, s.suppress_below) or small(row.n, s.suppress_below) then
      row.n, row.events = nil, nil
    end
  end
  return s
end

--- Forest figure: forest(result, fields) of endpoint:cox or endpoint:finegray (with
--- label(variable), what a variable is called), or forest(fields). rows: { label
--- (variable), level, n, events, hr, lower, upper, p, reference, not_estimable = reason, heading,
--- overall (drawn as a diamond), p_interaction, models = { {hr, lower, upper, p ...} ... } when
--- several models are drawn }. models: their names; effect ("HR"); favours = { left, right }; low,
--- high: the axis; interaction: the column of p for interaction; p = false leaves out p; decimals
--- (2); notes; lang; title, description.
return function(given, opt)
  local s = type(given.rows) == "function" and of_result(given, opt) or given
  check(s)
  local w = words.get(s.lang)
  local c = svg.canvas(svg.DOUBLE)
  local lines = lines_of(s)
  local left, right = columns(s, w)
  local panel = place(c, left, right, lines)
  local low, high = range(s)
  local titles = 1
  for _, column in ipairs(right) do titles = math.max(titles, #column.titles) end
  local first = 16 + (s.models and 22 or 0) + (titles - 1) * 13
  local top, height = first + 12, s.models and 11 * #s.models + 6 or 20
  local bottom = top + #lines * height

  for i = 2, #lines, 2 do
    c:rect(MARGIN, top + (i - 1) * height, c.width - 2 * MARGIN, height, "stripe")
  end
  for _, list in ipairs { left, right } do
    for _, column in ipairs(list) do draw_title(c, column, first) end
  end
  draw_models(c, s, right, first - 24)
  c:line(MARGIN, first + 7, c.width - MARGIN, first + 7, "axis")
  panel.scale = axis.log(panel.from + 6, panel.to - 6, low, high)
  c:line(panel.scale:at(1), top, panel.scale:at(1), bottom + 4, "axis dot")
  draw_rows(c, s, lines, left, right, { top = top, height = height, scale = panel.scale })
  axis.draw_x(c, panel.scale, bottom + 4, {})
  local foot = bottom + 26
  if s.favours then foot = draw_favours(c, panel, bottom + 40, s.favours, w) - 6 end
  foot = timeplot.foot(c, foot_notes(s, w), foot + 4)
  return c:finish(foot + 6,
    { id = s.id, title = s.title or w.forest, description = s.description or describe(s, w),
    numbers = numbers(s, w) })
end
