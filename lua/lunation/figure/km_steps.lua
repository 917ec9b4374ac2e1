-- SPDX-License-Identifier: GPL-3.0-or-later
-- km_steps: a curve as the steps that are drawn, in the units of a view: survival, failure or
-- cumulative hazard; cut where the axes end, and where it begins to fade.
local steps = {}

--- View: the heights of a curve and its limits (columns, and what is done with their values), and
--- whether they are percentages.
steps.VIEWS = {
  survival = { label = "survival", start = 100, percent = true,
    height = function(s) return 100 * s end },
  failure = { label = "failure", start = 0, percent = true,
    height = function(s) return 100 * (1 - s) end },
  cumhaz = { label = "cumhaz", start = 0, own = "cumhaz",
    as_it_is = { height = function(h) return h end },
    height = function(s) return s > 0 and -math.log(s) or nil end },
}

-- A column of a curve as a list, which is read faster; nothing where the curve has none.
local function plain(column)
  if type(column) == "userdata" then return column:totable() end
  return column or {}
end

steps.plain = plain

-- Heights and limits of a curve as lists, and the view that makes pixels of them: a view may have
-- an estimate of its own.
local function heights(curve, view)
  local own = view.own and curve[view.own] and view.own
  if not own then return plain(curve.survival), plain(curve.lower), plain(curve.upper), view end
  return plain(curve[own]), plain(curve[own .. "_lower"]), plain(curve[own .. "_upper"]),
    view.as_it_is
end

-- How many remain after each time.
local function remaining_of(curve)
  if curve.remaining then return plain(curve.remaining) end
  local n_event, n_censor, out = plain(curve.n_event), plain(curve.n_censor), {}
  for i, n in ipairs(plain(curve.n_risk)) do out[i] = n - n_event[i] - n_censor[i] end
  return out
end

-- Where the step i leaves the axis: it ends there, at the border.
local function cut_height(p, i, low, high)
  if p.h[i] >= low and p.h[i] <= high then return end
  p.h[i], p.n = math.min(math.max(p.h[i], low), high), i
end

-- The last step is the end of the time axis.
local function cut_time(p, last)
  if p.t[p.n] <= last then return end
  local i = p.n
  while p.t[i - 1] > last do i = i - 1 end
  p.t[i], p.h[i], p.lower[i], p.upper[i] = last, p.h[i - 1], p.lower[i - 1], p.upper[i - 1]
  p.n, p.cut = i, true
end

local function add_limits(p, i, lower, upper, view, o)
  if lower and upper and lower == lower and upper == upper and p.lower[i - 1] then
    lower, upper = view.height(lower), view.height(upper)
    p.lower[i] = math.min(math.max(lower, o.low), o.high)
    p.upper[i] = math.min(math.max(upper, o.low), o.high)
    p.banded = p.banded or p.lower[i] ~= p.upper[i]
  end
end

--- The steps of a curve in the view's units, index 0 being the start: { n, t, h, lower, upper
--- (vectors), fade (the index from which it fades), banded (it has limits to draw), cut (the axis
--- ends before it) }. o: shift (of the times), fade_below, last (the end of the time axis), low,
--- high (of the other).
function steps.of(curve, view, o)
  local p = { n = #curve.time, fade = #curve.time, t = { [0] = o.shift }, h = { [0] = view.start },
    lower = { [0] = view.start }, upper = { [0] = view.start } }
  o.low, o.high = o.low or -math.huge, o.high or math.huge
  if curve.n < o.fade_below then p.fade = 0 end
  local time, remaining, height, lower, upper = plain(curve.time), remaining_of(curve)
  height, lower, upper, view = heights(curve, view)
  for i = 1, p.n do
    p.t[i] = time[i] + o.shift
    p.h[i] = height[i] and view.height(height[i])
    if not p.h[i] then p.n = i - 1 break end
    add_limits(p, i, lower[i], upper[i], view, o)
    if o.fade_below > 0 and remaining[i] < o.fade_below and i < p.fade then p.fade = i end
    cut_height(p, i, o.low, o.high)
    if p.n == i then break end
  end
  if o.last then cut_time(p, o.last) end
  p.fade = math.min(p.fade, p.n)
  return p
end

return steps
