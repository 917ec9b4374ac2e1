-- SPDX-License-Identifier: GPL-3.0-or-later
-- xy: one panel of lines, steps, points and bands over two numeric axes; the ground of the
-- diagnostic figures. Series carry colour, dash or mark, and a place in the legend.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local spec = require("lunation.figure.spec")
local legend = require("lunation.figure.legend")
local options = require("lunation.figure.options")
local timeplot = require("lunation.figure.timeplot")

local FIELDS = options.fields("xy", { series = "table!", xlab = "string!", ylab = "string!",
  x = "table", y = "table", diagonal = "boolean", hline = "number", vline = "number",
  square = "boolean", annotation = "table", title = "string!", description = "string!",
  suffix = "string", x_suffix = "string" })
local SERIES = { label = "string", x = "any!", y = "any!", lower = "any", upper = "any",
  kind = "string", filled = "boolean", bars = "boolean", quiet = "boolean" }

local MARGIN = 8

local function check(s)
  spec.check(s.title or "xy", s, FIELDS)
  for i, series in ipairs(s.series) do
    spec.check("series " .. i, series, SERIES)
    spec.choice("series " .. i, "kind", series.kind, { "line", "step", "points" })
    if #series.x ~= #series.y then
      spec.fail(s.title, "series %d has %d x and %d y", i, #series.x, #series.y)
    end
  end
end

-- The range of the data along one axis: what is given, else all that is drawn.
local function range(s, keys, given)
  local low, high = given and given.low, given and given.high
  if low and high then return low, high end
  local least, most = math.huge, -math.huge
  for _, series in ipairs(s.series) do
    for _, key in ipairs(keys) do
      local v = series[key]
      for i = 1, v and #v or 0 do
        if v[i] == v[i] and math.abs(v[i]) < math.huge then
          least, most = math.min(least, v[i]), math.max(most, v[i])
        end
      end
    end
  end
  if least > most then least, most = 0, 1 end
  return low or least, high or most
end

-- The entries of the legend: the mark of a series, or its line.
local function entries(c, s)
  local out = {}
  for k, series in ipairs(s.series) do
    if series.label then
      out[#out + 1] = { label = series.label, draw = function(x, y)
        if series.kind == "points" then
          c:marker(svg.series(k), x + 10, y, 4)
        else
          c:line(x, y, x + 20, y, svg.stroke(k))
        end
      end }
    end
  end
  return out
end

local function within(scale, v) return v >= scale.least and v <= scale.most end

-- The runs of points that are known and inside the axes, as path data; step: across, then up.
local function path(series, key, x, y, step, d)
  local values, pen = series[key], false
  for i = 1, #series.x do
    local u, v = series.x[i], values[i]
    if v == v and within(y, v) and within(x, u) then
      local px, py = svg.number(x:at(u)), svg.number(y:at(v))
      d[#d + 1] = not pen and ("M" .. px .. " " .. py) or step and ("H" .. px .. "V" .. py)
        or ("L" .. px .. " " .. py)
      pen = true
    else
      pen = false
    end
  end
  return d
end

local function band(c, k, series, x, y)
  local d, back = {}, {}
  for i = 1, #series.x do
    local lower, upper = series.lower[i], series.upper[i]
    if lower == lower and upper == upper and within(x, series.x[i]) then
      d[#d + 1] = (#d == 0 and "M" or "L") .. svg.number(x:at(series.x[i])) .. " "
        .. svg.number(y:at(y:clamp(upper)))
      back[#back + 1] = "L" .. svg.number(x:at(series.x[i])) .. " "
        .. svg.number(y:at(y:clamp(lower)))
    end
  end
  if #d < 2 then return end
  for i = #back, 1, -1 do d[#d + 1] = back[i] end
  d[#d + 1] = "Z"
  c:path(d, "band " .. svg.fill(k))
end

local function draw_series(c, k, series, x, y)
  if series.lower and not series.bars then band(c, k, series, x, y) end
  if series.filled then
    local d = path(series, "y", x, y, series.kind == "step", {})
    if #d > 1 then
      d[#d + 1] = "V" .. svg.number(y.from) .. "H" .. svg.number(x:at(series.x[1])) .. "Z"
      c:path(d, "band " .. svg.fill(k))
    end
  end
  if series.bars then
    local d = {}
    for i = 1, #series.x do
      if within(x, series.x[i]) then
        local px = svg.number(x:at(series.x[i]))
        d[#d + 1] = "M" .. px .. " " .. svg.number(y:at(y:clamp(series.lower[i]))) .. "V"
          .. svg.number(y:at(y:clamp(series.upper[i])))
      end
    end
    if #d > 0 then c:path(d, "line thin s" .. svg.series(k)) end
  end
  if series.kind == "points" then
    local radius = #series.x > 60 and 2 or 4
    for i = 1, #series.x do
      if within(y, series.y[i]) and within(x, series.x[i]) then
        c:marker(svg.series(k), x:at(series.x[i]), y:at(series.y[i]), radius,
          svg.fill(k) .. (series.quiet and " fade" or ""))
      end
    end
  else
    c:path(path(series, "y", x, y, series.kind == "step", {}), svg.stroke(k))
  end
end

local function numbers(s)
  local columns, rows, limits = { { key = "series", label = "Series" },
    { key = "x", label = s.xlab, align = "decimal" },
    { key = "y", label = s.ylab, align = "decimal" } }, {}, false
  for k, series in ipairs(s.series) do
    for i = 1, #series.x do
      rows[#rows + 1] = { series = series.label or tostring(k), x = series.x[i], y = series.y[i],
        lower = series.lower and series.lower[i], upper = series.upper and series.upper[i] }
    end
    limits = limits or series.lower ~= nil
  end
  if limits then
    columns[4], columns[5] = { key = "lower", label = "Lower limit", align = "decimal" },
      { key = "upper", label = "Upper limit", align = "decimal" }
  end
  for j = 2, #columns do columns[j].decimals = 4 end
  return { columns = columns, rows = rows }
end

-- The scales of the panel, whose corners are box.
local function scales(s, box)
  local low_x, high_x = range(s, { "x" }, { low = s.x_low or s.x and s.x.low,
    high = s.x_high or s.x and s.x.high })
  local low_y, high_y = range(s, { "y", "lower", "upper" }, { low = s.y_low or s.y and s.y.low,
    high = s.y_high or s.y and s.y.high })
  local given = s.x or {}
  local most = math.max(2, math.min(8, (box.right - box.left) // 44))
  local step = s.x_step or given.step or given.unit and axis.time_step(high_x - low_x, given.unit,
    most)
  local x = axis.linear(box.left, box.right, { low = low_x, high = high_x, step = step,
    most = most })
  local y = axis.linear(box.bottom, box.top, options.y_axis(s.title, s, { low = low_y,
    high = high_y,
    step = s.y and s.y.step, widen = not (s.y and s.y.high) }))
  if given.ticks and not s.x_step then x.ticks = given.ticks end
  for _, tick in ipairs(x.ticks) do tick.label = tick.label .. (s.x_suffix or "") end
  return x, y
end

local function draw_references(c, s, x, y)
  if s.diagonal then
    local from, to = math.max(x.least, y.least), math.min(x.most, y.most)
    if from < to then c:line(x:at(from), y:at(from), x:at(to), y:at(to), "ink dot") end
  end
  if s.hline and within(y, s.hline) then
    c:line(x.from, y:at(s.hline), x.to, y:at(s.hline), "ink dot")
  end
  if s.vline and within(x, s.vline) then
    c:line(x:at(s.vline), y.from, x:at(s.vline), y.to, "ink dot")
  end
  options.references(s.title, s, c, x, y)
end

-- The names of the series above the panel, then the annotation; returns the panel's top.
local function head(c, s, place)
  local top = place == "top" and legend.rows(c, entries(c, s), MARGIN) or MARGIN
  top = top + (place == "top" and 8 or 4)
  for _, text in ipairs(s.annotation or {}) do
    c:text(MARGIN, top + 4, text, "sm")
    top = top + 16
  end
  return top + 4
end

--- A panel. series: { label, x, y, lower, upper, kind = "line"|"step"|"points", filled, bars
--- (limits as bars), quiet (faint points) }; x, y: { low, high, step, ticks, unit (of a time) } of
--- the axes; hline, vline, diagonal: lines of reference; square; suffix, x_suffix of the tick
--- labels; annotation (lines above the panel); title, description; and the options of
--- docs/figures.md.
return function(s)
  check(s)
  local c = options.canvas(s.title, s, s.square and 500 or svg.DOUBLE)
  local place = spec.choice(s.title, "legend", s.legend, { "top", "inside", "none" })
  local box = { left = 72, right = c.width - (s.square and 28 or 18), top = head(c, s, place) }
  local usual = s.square and box.right - box.left or math.min(290, c.width * 0.6)
  box.bottom = box.top + options.height(s.title, s, c, usual)
  local x, y = scales(s, box)
  axis.draw_y(c, y, box.left, { grid = box.right - box.left, suffix = s.suffix, label = s.ylab,
    label_x = box.left - 52 })
  axis.draw_x(c, x, box.bottom, { label = s.xlab })
  draw_references(c, s, x, y)
  for k, series in ipairs(s.series) do draw_series(c, k, series, x, y) end
  if place == "inside" then legend.inside(c, entries(c, s), box, s.square) end
  local bottom = timeplot.foot(c, options.notes(s, {}), box.bottom + 44)
  return c:finish(bottom + 6, { id = s.id, title = s.title, description = s.description,
    numbers = numbers(s) })
end
