-- SPDX-License-Identifier: GPL-3.0-or-later
-- timeplot: what every plot of groups over time shares: the head (groups, counts, estimates,
-- results of tests), the panel with its axes, the labels at the ends of the curves, the risk table
-- locked to the ticks, the footnotes.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local legend = require("lunation.figure.legend")
local metrics = require("lunation.figure.metrics")
local format = require("lunation.format")

local timeplot = {}

local ROW, SWATCH, MARGIN = 17, 26, 8

local function swatch(c, k, x, y)
  c:line(x, y - 4, x + SWATCH - 6, y - 4, svg.stroke(k))
end

-- Column positions of the head table, each as wide as its widest cell. Titles are broken to
-- `title_width`, the names of the groups to `name_width`.
local function lay_out(head, title_width, name_width, gap)
  local columns, x, deepest = { names = {} }, MARGIN + SWATCH, 1
  gap = gap or 18
  for j, title in ipairs(head.columns) do
    local column = { x = x, titles = metrics.wrap(title, j == 1 and name_width or title_width, 11,
      true) }
    column.width = metrics.widest(column.titles, 11, true)
    for i, row in ipairs(head.rows) do
      local lines = j == 1 and metrics.wrap(row[1], name_width, 11) or { row[j] }
      if j == 1 then columns.names[i] = lines end
      column.width = math.max(column.width, metrics.widest(lines, 11))
    end
    columns[j], deepest = column, math.max(deepest, #column.titles)
    x = x + column.width + gap
  end
  columns.right, columns.deepest = x - gap, deepest
  return columns
end

local function fit(head, width)
  local columns = lay_out(head, 400, 300)
  if columns.right > width then columns = lay_out(head, 90, 300) end
  if columns.right > width then
    local first = columns[1].width
    columns = lay_out(head, 90, math.max(60, first - (columns.right - width)))
  end
  if columns.right > width then
    columns = lay_out(head, 72, 60, 9)
    columns = lay_out(head, 72, math.max(60, columns[1].width + width - columns.right), 9)
  end
  return columns
end

local function draw_head(c, head, columns, y)
  local base = y + 11 + (columns.deepest - 1) * 13
  for j, column in ipairs(columns) do
    local x, class = column.x, "b sm"
    if j > 1 then x, class = x + column.width, "e b sm" end
    c:lines(x, base - (#column.titles - 1) * 13, column.titles, class, 13)
  end
  c:line(MARGIN, base + 5, columns.right, base + 5, "grid")
  base = base + 3
  for i, row in ipairs(head.rows) do
    base = base + ROW
    swatch(c, i, MARGIN, base)
    for j = 2, #columns do c:text(columns[j].x + columns[j].width, base, row[j], "e sm") end
    base = c:lines(columns[1].x, base, columns.names[i], "sm", 13)
  end
  return base + 8
end

--- The head at y: one row for each group with its line sample, the annotation at its right (below
--- it when there is no room). head: nil, or columns (labels), rows (texts; the first is the group).
--- Returns the y below it.
function timeplot.head(c, head, annotation, y)
  annotation = annotation or {}
  local columns, bottom = { right = c.width }, y
  if head then
    columns = fit(head, c.width - MARGIN)
    bottom = draw_head(c, head, columns, y)
  end
  if #annotation == 0 then return math.max(bottom, y) end
  if columns.right + 24 + metrics.widest(annotation, 11) <= c.width - MARGIN then
    local last = c:lines(c.width - MARGIN, y + 11, annotation, "e sm", ROW)
    return math.max(bottom, last + 8)
  end
  local lines = {}
  for _, text in ipairs(annotation) do
    table.move(metrics.wrap(text, c.width - 2 * MARGIN, 11), 1, 99, #lines + 1, lines)
  end
  return c:lines(MARGIN, bottom + 10, lines, "sm", 15) + 8
end

--- Moves positions apart to at least `gap`, between `low` and `high`, keeping their order and
--- moving as little as a few passes need.
function timeplot.spread(positions, gap, low, high)
  local order = {}
  for i = 1, #positions do order[i] = i end
  table.sort(order, function(a, b)
    if positions[a] ~= positions[b] then return positions[a] < positions[b] end
    return a < b
  end)
  local out = {}
  for i, p in ipairs(positions) do out[i] = math.min(math.max(p, low), high) end
  for _ = 1, 20 do
    local moved = false
    for k = 2, #order do
      local a, b = order[k - 1], order[k]
      local short = gap - (out[b] - out[a])
      if short > 0.01 then
        out[a], out[b], moved = math.max(low, out[a] - short / 2), out[b] + short / 2, true
        if out[b] > high then out[a], out[b] = out[a] - (out[b] - high), high end
      end
    end
    if not moved then break end
  end
  return out
end

--- The width that labels at the curves' ends need; 0 when they would take too much of the figure.
function timeplot.label_room(labels, width)
  local room = 0
  for _, label in ipairs(labels) do
    room = math.max(room, metrics.widest(metrics.wrap(label, width * 0.2, 11), 11))
  end
  room = room + 32
  return room <= width * 0.25 and room or 0
end

-- The line sample of series k for a legend.
local function sample(c, k)
  return function(x, y) c:line(x, y, x + SWATCH - 6, y, svg.stroke(k)) end
end

-- Labels beside the curves' last heights, each with a piece of its line.
local function end_labels(c, labels, heights, box)
  local x, wrapped, tallest = box.right, {}, 1
  for i, label in ipairs(labels) do
    wrapped[i] = metrics.wrap(label, c.width * 0.2, 11)
    tallest = math.max(tallest, #wrapped[i])
  end
  local ys = timeplot.spread(heights, 14 * tallest, box.top, box.bottom - 4)
  for i, lines in ipairs(wrapped) do
    c:line(x + 5, ys[i], x + 19, ys[i], svg.stroke(i))
    c:lines(x + 23, ys[i] + 4 - (#lines - 1) * 6, lines, "sm", 12)
  end
end

--- Names the curves in the panel (place "inside"; lower: in its lower corner) or at their ends,
--- where the box of timeplot.panel has room for that. drawn: their steps (of
--- lunation.figure.km_steps) on y.
function timeplot.names(c, place, labels, drawn, box, y, lower)
  if place == "inside" then
    local entries = {}
    for k, label in ipairs(labels) do entries[k] = { label = label, draw = sample(c, k) } end
    legend.inside(c, entries, box, lower)
  elseif box.room > 0 then
    local heights = {}
    for k, p in ipairs(drawn) do heights[k] = y:at(p.h[p.n]) end
    end_labels(c, labels, heights, box)
  end
end

-- The lines of a row's name under the axis, no wider than a quarter of the figure.
local function row_lines(c, label, indent, bold)
  return metrics.wrap(label, math.max(80, c.width * 0.27 - indent), 11, bold)
end

local INDENT = 8 -- of the rows of a group

-- The last tick at or beyond the last time, when the way to it is short.
local function round_end(last, step)
  local following = math.ceil(last / step - 1e-9) * step
  return following - last <= step / 2 and following or last
end

-- One more tick where there is room for it.
local function add_tick(x, value)
  for _, tick in ipairs(x.ticks) do
    if math.abs(x:at(tick.value) - x:at(value)) < 24 then return end
  end
  x.ticks[#x.ticks + 1] = { value = value, label = format.shortest(value) }
  table.sort(x.ticks, function(a, b) return a.value < b.value end)
end

--- Panel geometry: where the time axis and the value axis lie. o: top, height, last (time), exact
--- (the axis ends there), unit, step, room (at the right), names (of the risk table's rows), swatch
--- (whether they stand beside a sample of the line), widest (number in the table, pixels), tick
--- (one more).
function timeplot.panel(c, o)
  local indent, names = MARGIN + (o.swatch and SWATCH or INDENT), 0
  for _, name in ipairs(o.names or {}) do
    names = math.max(names, metrics.widest(row_lines(c, name, indent), 11))
  end
  local half = (o.widest or 0) / 2
  local left = math.max(62, names > 0 and indent + names + 10 + half or 0)
  local right = c.width - math.max(o.room, 18, half + 4)
  local most = math.max(2, math.min(12, (right - left) // math.max((o.widest or 0) + 10, 30)))
  local step = o.step or axis.time_step(o.last, o.unit, most)
  local last = o.exact and o.last or round_end(o.last, step)
  local x = axis.linear(left, right, { low = 0, high = last, step = step })
  if o.tick then add_tick(x, o.tick) end
  return { left = left, right = right, top = o.top, bottom = o.top + o.height, x = x,
    room = o.room }
end

--- The ticks that the table under the axis has columns at: those of the axis, or every `step`th
--- time.
function timeplot.columns(figure, x, step)
  if not step then return x.ticks end
  local out = {}
  for _, tick in ipairs(x.ticks) do
    local steps = tick.value / step
    if math.abs(steps - math.floor(steps + 0.5)) < 1e-6 then out[#out + 1] = tick end
  end
  if #out < 2 then
    require("lunation.figure.spec").fail(figure,
      "table_step is %g, but the axis has no ticks there: make it a multiple of step",
      step)
  end
  return out
end

-- Numbers at their ticks.
local function draw_values(c, x, ticks, values, y)
  for k, tick in ipairs(ticks) do c:text(x:at(tick.value), y, values[k], "m sm n") end
end

--- The table under the axis. ticks: its columns on the scale x; groups: label, rows = { {label,
--- values} ... } over the ticks, plain (no line sample, when a group has several curves). Returns
--- the y below it.
function timeplot.table(c, x, ticks, groups, y, heading)
  if heading then
    c:text(MARGIN, y + 10, heading, "b sm")
    y = y + 16
  end
  for i, group in ipairs(groups) do
    local alone, indent = #group.rows == 1, group.plain and MARGIN or MARGIN + SWATCH
    if not group.plain then swatch(c, i, MARGIN, y + 11) end
    if alone then
      draw_values(c, x, ticks, group.rows[1].values, y + 11)
      y = c:lines(indent, y + 11, row_lines(c, group.label, indent), "sm", 13) + 5
    else
      local label = metrics.wrap(group.label, c.width - indent - MARGIN, 11, true)
      y = c:lines(indent, y + 11, label, "b sm", 13) + 4
      for _, row in ipairs(group.rows) do
        draw_values(c, x, ticks, row.values, y + 11)
        y = c:lines(MARGIN + INDENT, y + 11, row_lines(c, row.label, MARGIN + INDENT), "soft sm",
          12) + 3
      end
      y = y + 5
    end
  end
  return y
end

--- Small sentences at the foot; returns the y below them.
function timeplot.foot(c, sentences, y)
  if #sentences == 0 then return y end
  local lines = metrics.wrap(table.concat(sentences, " "), c.width - 2 * MARGIN, 10)
  return c:lines(MARGIN, y + 10, lines, "soft xs", 13) + 4
end

--- Counts as the risk table prints them; nothing before the time where counting begins.
function timeplot.counts(values, times, decimals)
  local out = {}
  for k, v in ipairs(values) do
    out[k] = times[k] < 0 and "" or decimals and format.number(v, decimals) or format.integer(v)
  end
  return out
end

return timeplot
