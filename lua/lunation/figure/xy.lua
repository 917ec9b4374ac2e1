-- SPDX-License-Identifier: GPL-3.0-or-later
-- xy: one panel of lines, steps, points and bands over two numeric axes; the ground of the
-- diagnostic figures. Series carry colour, dash or mark, and a place in the legend.
local svg = require("lunation.figure.svg")
local axis = require("lunation.figure.axis")
local spec = require("lunation.figure.spec")
local metrics = require("lunation.figure.metrics")
local timeplot = require("lunation.figure.timeplot")

local FIELDS = { series = "table!", xlab = "string!", ylab = "string!", x = "table", y = "table",
  diagonal = "boolean", hline = "number", vline = "number", square = "boolean",
  annotation = "table", notes = "table", title = "string!", description = "string!", id = "string",
  suffix = "string", x_suffix = "string" }
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

-- The legend in one line, or several when it is long. Returns the y below it.
local function legend(c, s, y)
  local x, any = MARGIN, false
  for k, series in ipairs(s.series) do
    if series.label then
      local width = 26 + metrics.width(series.label, 11) + 18
      if x > MARGIN and x + width > c.width - MARGIN then x, y = MARGIN, y + 17 end
      if series.kind == "points" then
        c:marker(svg.series(k), x + 10, y + 6, 4)
      else
        c:line(x, y + 6, x + 20, y + 6, svg.stroke(k))
      end
      c:text(x + 26, y + 10, series.label, "sm")
      x, any = x + width, true
    end
  end
  return any and y + 22 or y
end

-- The runs of points that are known, as path data; step: across, then up.
local function path(series, key, x, y, step, d)
  local values, pen = series[key], false
  for i = 1, #series.x do
    local v = values[i]
    if v == v and math.abs(v) < math.huge then
      local px, py = svg.number(x:at(series.x[i])), svg.number(y:at(v))
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
    if lower == lower and upper == upper then
      d[#d + 1] = (#d == 0 and "M" or "L") .. svg.number(x:at(series.x[i])) .. " "
        .. svg.number(y:at(upper))
      back[#back + 1] = "L" .. svg.number(x:at(series.x[i])) .. " " .. svg.number(y:at(lower))
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
      local px = svg.number(x:at(series.x[i]))
      d[#d + 1] = "M" .. px .. " " .. svg.number(y:at(series.lower[i])) .. "V"
        .. svg.number(y:at(series.upper[i]))
    end
    c:path(d, "line thin s" .. svg.series(k))
  end
  if series.kind == "points" then
    local radius = #series.x > 60 and 2 or 4
    for i = 1, #series.x do
      if series.y[i] == series.y[i] then
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

--- A panel. series: { label, x, y, lower, upper, kind = "line"|"step"|"points", filled, bars
--- (limits as bars), quiet (faint points) }; x, y: { low, high, step, ticks } of the axes; hline,
--- vline, diagonal: lines of reference; square; suffix, x_suffix of the tick labels; annotation
--- (lines in the panel's corner); notes; title, description.
return function(s)
  check(s)
  local c = svg.canvas(s.square and 500 or svg.DOUBLE)
  local top = legend(c, s, MARGIN) + 8
  for _, text in ipairs(s.annotation or {}) do
    c:text(MARGIN, top + 4, text, "sm")
    top = top + 16
  end
  top = top + 4
  local low_x, high_x = range(s, { "x" }, s.x)
  local low_y, high_y = range(s, { "y", "lower", "upper" }, s.y)
  local left, height = 72, s.square and 400 or 290
  local right = c.width - (s.square and 28 or 18)
  local x = axis.linear(left, right, { low = low_x, high = high_x, step = s.x and s.x.step,
    most = 8 })
  local y = axis.linear(top + height, top, { low = low_y, high = high_y, step = s.y and s.y.step,
    widen = not (s.y and s.y.high) })
  if s.x and s.x.ticks then x.ticks = s.x.ticks end
  if s.x_suffix then
    for _, tick in ipairs(x.ticks) do tick.label = tick.label .. s.x_suffix end
  end
  axis.draw_y(c, y, left, { grid = right - left, suffix = s.suffix, label = s.ylab,
    label_x = left - 52 })
  axis.draw_x(c, x, top + height, { label = s.xlab })
  if s.diagonal then
    c:line(x:at(math.max(low_x, low_y)), y:at(math.max(low_x, low_y)),
      x:at(math.min(high_x, high_y)), y:at(math.min(high_x, high_y)), "ink dot")
  end
  if s.hline then c:line(left, y:at(s.hline), right, y:at(s.hline), "ink dot") end
  if s.vline then c:line(x:at(s.vline), top, x:at(s.vline), top + height, "ink dot") end
  for k, series in ipairs(s.series) do draw_series(c, k, series, x, y) end
  local bottom = timeplot.foot(c, s.notes or {}, top + height + 44)
  return c:finish(bottom + 6, { id = s.id, title = s.title, description = s.description,
    numbers = numbers(s) })
end
