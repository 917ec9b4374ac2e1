-- SPDX-License-Identifier: GPL-3.0-or-later
-- forest_table: the table of a forest figure: its lines, its columns of text, and the room that
-- they leave for the panel.
local spec = require("lunation.figure.spec")
local metrics = require("lunation.figure.metrics")
local format = require("lunation.format")

local M = { MARGIN = 8, SIZE = 11 }
local MARGIN, GAP, SIZE, INDENT = M.MARGIN, 16, M.SIZE, 14

--- The estimate of row r in model m (rows of a single model carry it themselves).
function M.estimate(r, m)
  return r.models and (r.models[m] or {}) or r
end
local estimate = M.estimate

--- Whether there is something to draw in the panel.
function M.is_drawn(e)
  return e.hr and e.hr == e.hr and not e.reference and not e.not_estimable
end
local is_drawn = M.is_drawn

--- The lines of the table. A row begins a variable when it has a label; with a level on the same
--- row the label gets its own line.
function M.lines(s)
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

local function estimate_text(e, w, decimals)
  if e.reference then return w.reference end
  if e.not_estimable then return w.not_estimable end
  if not is_drawn(e) then return "" end
  return format.estimate(e.hr, e.lower, e.upper, decimals)
end

-- The texts of model m: its estimate, its p.
local function model_columns(s, w, m)
  local decimals = s.decimals or 2
  local out = { { title = ("%s (%s)"):format(s.effect or w.hr, w.ci95), model = m, points = true,
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

--- Text columns left and right of the panel: { title, get(line), right (aligned), names, points
--- (estimates), model, width, x }.
function M.columns(s, w)
  local left = { { title = "", names = true, get = function(line) return line.text end },
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

-- The digits before the decimal point of an estimate, which stand under each other; nothing for
-- words.
local function before_point(text)
  local digits = text:match("^(%d[%d,]*)%.%d")
  return digits and metrics.width(digits, SIZE) or nil
end

local function measure_estimates(column, lines)
  column.point = 0
  for _, line in ipairs(lines) do
    column.point = math.max(column.point, before_point(column.get(line)) or 0)
  end
  local width = 0
  for _, line in ipairs(lines) do
    local text = column.get(line)
    local at = before_point(text)
    width = math.max(width, metrics.width(text, SIZE) + (at and column.point - at or 0))
  end
  return width
end

-- The names of the rows are broken to `room`.
local function measure_names(lines, room)
  local width = 0
  for _, line in ipairs(lines) do
    local indent = (line.indent or 0) * INDENT
    line.lines = metrics.wrap(line.text, room - indent, SIZE, line.heading)
    for _, text in ipairs(line.lines) do
      width = math.max(width, indent + metrics.width(text, SIZE, line.heading))
    end
  end
  return width
end

local function measure(column, lines, room)
  column.titles = metrics.wrap(column.title, column.narrow or 130, SIZE, true)
  if column.names then
    column.width = measure_names(lines, room)
    return column.width + GAP
  end
  local width = math.max(metrics.widest(column.titles, SIZE, true),
    column.points and measure_estimates(column, lines) or 0)
  for _, line in ipairs(not column.points and lines or {}) do
    width = math.max(width, metrics.width(column.get(line), SIZE))
  end
  column.width = width
  return width + GAP
end

local LEAST = 110 -- pixels that a panel needs beside columns of p

--- Places every column; returns the sides of the panel, which has the room that the texts leave.
--- Without enough of it the columns of p give way, which the regression table has as well.
function M.place(c, left, right, lines)
  local taken, names = 0, math.max(110, c.width * 0.32)
  for _, list in ipairs { left, right } do
    for _, column in ipairs(list) do taken = taken + measure(column, lines, names) end
  end
  local tight = c.width - 2 * MARGIN - taken < LEAST
  for i = #right, 1, -1 do
    if tight and right[i].italic then
      taken = taken - right[i].width - GAP
      table.remove(right, i)
    end
  end
  local room = c.width - 2 * MARGIN - taken
  if room < 60 then
    spec.fail("forest", "the texts leave no room to draw in; make it wider or shorten the labels")
  end
  local x = MARGIN
  for _, column in ipairs(left) do column.x, x = x, x + column.width + GAP end
  local panel = { from = x, to = x + room }
  x = x + room + GAP
  for _, column in ipairs(right) do column.x, x = x, x + column.width + GAP end
  return panel
end

--- One cell; y is the middle of the line.
function M.draw_cell(c, column, line, y, class)
  if column.names then
    local x = column.x + (line.indent or 0) * INDENT
    c:lines(x, y + 4 - (#line.lines - 1) * 6.5, line.lines, "sm" .. class, 13)
    return
  end
  local text = column.get(line)
  local x, anchor = column.x, ""
  if column.right then
    x, anchor = column.x + column.width, "e "
  elseif column.points then
    local at = before_point(text)
    x = column.x + (at and column.point - at or 0)
  end
  c:text(x, y + 4, text, anchor .. "sm" .. class)
end

--- The title of a column, its last line at y.
function M.draw_title(c, column, y)
  for i, text in ipairs(column.titles) do
    local line_y = y - (#column.titles - i) * 13
    if column.right then
      c:text(column.x + column.width, line_y, text, "e b sm" .. (column.italic and " i" or ""))
    else
      c:text(column.x, line_y, text, "b sm")
    end
  end
end

--- The name of each model over its columns, with the mark that it has in the panel.
function M.draw_models(c, s, right, y)
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

return M
