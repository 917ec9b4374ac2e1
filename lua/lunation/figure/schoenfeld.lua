-- SPDX-License-Identifier: GPL-3.0-or-later
-- schoenfeld: scaled Schoenfeld residuals of a term over time with a smooth: a slope is a hazard
-- ratio that changes with time (Grambsch and Therneau 1994).
local spec = require("lunation.figure.spec")
local options = require("lunation.figure.options")
local words = require("lunation.report.words")
local format = require("lunation.format")

local FIELDS = options.fields("schoenfeld", { time = "any!", residual = "any!", smooth = "table",
  term = "string!", p = "number", estimate = "number", unit = "string" })

local SPAN, POINTS = 0.75, 40 -- of the events in a neighbourhood; of the smooth

-- The line through the neighbours of x0 by tricube weights, at x0 (Cleveland 1979, without his
-- downweighting of outliers).
local function local_line(x0, x, y, reach)
  local w, wx, wy, wxx, wxy = 0, 0, 0, 0, 0
  for i = 1, #x do
    local u = math.abs(x[i] - x0) / reach
    if u < 1 then
      local g, dx = (1 - u ^ 3) ^ 3, x[i] - x0
      w, wx, wy = w + g, wx + g * dx, wy + g * y[i]
      wxx, wxy = wxx + g * dx * dx, wxy + g * dx * y[i]
    end
  end
  local det = w * wxx - wx * wx
  return det > 1e-12 * w * wxx and (wy * wxx - wx * wxy) / det or wy / w
end

-- The distance within which SPAN of the events lie around x0.
local function reach_of(x0, x)
  local away = {}
  for i = 1, #x do away[i] = math.abs(x[i] - x0) end
  table.sort(away)
  return away[math.max(2, math.ceil(SPAN * #x))] * (1 + 1e-9) + 1e-12
end

local function smoothed(x, y)
  local out, first, last = { x = {}, y = {} }, x[1], x[#x]
  if #x < 10 or last <= first then return nil end
  for k = 1, POINTS do
    local x0 = first + (last - first) * (k - 1) / (POINTS - 1)
    out.x[k], out.y[k] = x0, local_line(x0, x, y, reach_of(x0, x))
  end
  return out
end

local function mean(y)
  local sum = 0
  for i = 1, #y do sum = sum + y[i] end
  return sum / #y
end

-- The p-value of the term that a coefficient ("sex: F") belongs to.
local function p_of(zph, coefficient)
  for _, term in ipairs(zph.names) do
    if coefficient == term or coefficient:sub(1, #term + 2) == term .. ": " then
      return zph.tests[term] and zph.tests[term].p
    end
  end
end

-- The specification of one coefficient of fit:zph(); the mean of its residuals is the estimate.
local function of_result(zph, opt)
  local name = opt and opt.term
  local time, residual = zph.time:totable(), name and zph.y[name]
  if not residual then
    spec.fail("schoenfeld", "term must name a coefficient of the model, found %s", tostring(name))
  end
  residual = residual:totable()
  local s = { time = time, residual = residual, smooth = smoothed(time, residual),
    estimate = mean(residual), p = p_of(zph, name) }
  for key, value in pairs(opt) do s[key] = value end
  return s
end

--- Schoenfeld figure of one term: schoenfeld(result, { term = "sex: F" }) of fit:zph() and a
--- coefficient, with a local linear smooth over three quarters of the events, or
--- schoenfeld(fields).
--- time, residual: vectors over the events; smooth = { x, y, lower, upper }; estimate: the fitted
--- log hazard ratio (line); p of the test; unit; and the options of docs/figures.md.
return function(given, opt)
  local s = type(given.tests) == "table" and of_result(given, opt) or given
  spec.check("schoenfeld", s, FIELDS)
  local w = words.get(s.lang)
  local series = { { label = w.residuals, kind = "points", x = s.time, y = s.residual } }
  if s.smooth then
    series[2] = { label = w.smoothed, x = s.smooth.x, y = s.smooth.y, lower = s.smooth.lower,
      upper = s.smooth.upper }
  end
  local test = s.p and ("%s: %s"):format(w.ph_test, format.p(s.p))
  return require("lunation.figure.xy")(options.pass("xy", s, {
    title = s.title or ("%s: %s"):format(w.residuals, s.term), series = series,
    x = { low = 0, unit = s.unit or "months" }, ylab = s.ylab or "β(t), " .. s.term,
    xlab = s.xlab or ("%s, %s"):format(w.time, w[s.unit or "months"] or s.unit),
    hline = s.estimate or 0, annotation = test and { test } or nil,
    description = s.description or ("%s, %d events%s."):format(s.term, #s.time,
    test and "; " .. test or "") }))
end
