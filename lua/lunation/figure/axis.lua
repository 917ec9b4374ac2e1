-- SPDX-License-Identifier: GPL-3.0-or-later
-- axis: round ticks and the mapping from numbers to pixels.
local metrics = require("lunation.figure.metrics")
local format = require("lunation.format")

local axis = {}

local function decimals_of(step)
  local d = 0
  while d < 10
    and math.abs(step * 10 ^ d - math.floor(step * 10 ^ d + 0.5)) > 1e-9 * step * 10 ^ d do
    d = d + 1
  end
  return d
end

--- The smallest round step (1, 2, 2.5, 5 times a power of ten) with at most `most` steps in span.
function axis.step(span, most)
  local raw = span / most
  local power = 10 ^ math.floor(math.log(raw, 10) + 1e-12)
  for _, m in ipairs { 1, 2, 2.5, 5, 10 } do
    if m * power >= raw * (1 - 1e-9) then return m * power end
  end
end

-- Steps that people count time in.
local TIME_STEPS = {
  months = { 1, 2, 3, 6, 12, 24, 36, 48, 60, 120 },
  days = { 1, 7, 14, 30, 60, 90, 180, 365, 730, 1095, 1825 },
  weeks = { 1, 2, 4, 8, 12, 26, 52, 104, 156, 260 },
  years = { 1, 2, 5, 10, 20 },
}

--- The step of a time axis from 0 to `last` in `unit`, with at most `most` steps.
function axis.time_step(last, unit, most)
  for _, step in ipairs(last >= 3 and TIME_STEPS[unit] or {}) do
    if last / step <= most then return step end
  end
  return axis.step(last, most)
end

local function labelled(first, last, step)
  local ticks, d = {}, decimals_of(step)
  for i = math.ceil(first / step - 1e-9), math.floor(last / step + 1e-9) do
    local v = i * step
    ticks[#ticks + 1] = { value = v, label = format.number(v, d) }
  end
  return ticks
end

local scale = {}
scale.__index = scale

function scale:at(v)
  if self.log then v = math.log(v) end
  return self.from + (v - self.low) * self.factor
end

--- v, or the end of the axis that is nearer.
function scale:clamp(v) return math.min(math.max(v, self.least), self.most) end

-- low and high are logarithms where the axis is logarithmic; least and most are the values there.
local function make(low, high, from, to, ticks, log)
  return setmetatable({ low = low, high = high, from = from, to = to,
    least = (log and math.exp(low) or low) - 1e-9, most = (log and math.exp(high) or high) + 1e-9,
    factor = (to - from) / (high - low), ticks = ticks, log = log }, scale)
end

--- Linear scale from pixel `from` to `to`. opt: low, high (data), step or most (steps), widen.
function axis.linear(from, to, opt)
  local low, high = opt.low, opt.high
  if high <= low then low, high = low - 0.5, high + 0.5 end
  local step = opt.step or axis.step(high - low, opt.most or 6)
  if opt.widen then
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
  end
  return make(low, high, from, to, labelled(low, high, step))
end

local ROUND = { { 1 }, { 1, 3 }, { 1, 2, 5 }, { 1, 1.5, 2, 3, 5, 7 } }

local function log_ticks(low, high, marks)
  local ticks = {}
  for power = math.floor(math.log(low, 10) + 1e-12), math.ceil(math.log(high, 10)) do
    for _, m in ipairs(marks) do
      local v = m * 10.0 ^ power
      if v >= low * (1 - 1e-9) and v <= high * (1 + 1e-9) then
        ticks[#ticks + 1] = { value = v,
          label = format.number(v, math.max(0, -power + (m % 1 ~= 0 and 1 or 0))) }
      end
    end
  end
  return ticks
end

-- The pixel gap that the closest pair of labels leaves.
local function tightest(s)
  local gap = math.huge
  for i = 2, #s.ticks do
    local a, b = s.ticks[i - 1], s.ticks[i]
    local half = (metrics.width(a.label, 11) + metrics.width(b.label, 11)) / 2
    gap = math.min(gap, math.abs(s:at(b.value) - s:at(a.value)) - half)
  end
  return gap
end

--- Log scale with round ticks: as many of 1, 2, 5 (and 1.5, 3, 7) as fit without touching.
function axis.log(from, to, low, high)
  local best
  for _, marks in ipairs(ROUND) do
    local s = make(math.log(low), math.log(high), from, to, log_ticks(low, high, marks), true)
    if best and #best.ticks >= 3 and (tightest(s) < 10 or #s.ticks > 8) then break end
    best = s
  end
  return best
end

--- Draws a horizontal axis at y. opt: label, grid (pixels upward), from (where the line starts).
function axis.draw_x(c, s, y, opt)
  for _, tick in ipairs(s.ticks) do
    local x = s:at(tick.value)
    if opt.grid then c:line(x, y, x, y - opt.grid, "grid") end
    c:line(x, y, x, y + 5, "axis")
    c:text(x, y + 17, tick.label, "m sm")
  end
  c:line(opt.from or s.from, y, s.to, y, "axis")
  if opt.label then c:text((s.from + s.to) / 2, y + 35, opt.label, "m") end
end

--- Draws a vertical axis at x. opt: label, grid (pixels to the right), suffix, label_x.
function axis.draw_y(c, s, x, opt)
  for _, tick in ipairs(s.ticks) do
    local y = s:at(tick.value)
    if opt.grid then c:line(x, y, x + opt.grid, y, "grid") end
    c:line(x - 5, y, x, y, "axis")
    c:text(x - 8, y + 4, tick.label .. (opt.suffix or ""), "e sm")
  end
  c:line(x, s.from, x, s.to, "axis")
  if opt.label then c:text(opt.label_x, (s.from + s.to) / 2, opt.label, "m", -90) end
end

return axis
