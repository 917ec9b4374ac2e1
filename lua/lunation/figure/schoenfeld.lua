-- SPDX-License-Identifier: GPL-3.0-or-later
-- schoenfeld: scaled Schoenfeld residuals of a term over time with a smooth: a slope is a hazard
-- ratio that changes with time (Grambsch and Therneau 1994).
local spec = require("lunation.figure.spec")
local options = require("lunation.figure.options")
local words = require("lunation.report.words")
local format = require("lunation.format")

local FIELDS = options.fields("schoenfeld", { time = "any!", residual = "any!", smooth = "table",
  term = "string!", p = "number", estimate = "number", unit = "string" })

--- Schoenfeld figure of one term. time, residual: vectors over the events; smooth = { x, y, lower,
--- upper }; estimate: the fitted log hazard ratio (line); p of the test; unit; lang.
return function(s)
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
