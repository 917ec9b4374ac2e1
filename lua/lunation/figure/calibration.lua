-- SPDX-License-Identifier: GPL-3.0-or-later
-- calibration: observed against predicted probabilities in groups of patients, with the ideal line.
local spec = require("lunation.figure.spec")
local options = require("lunation.figure.options")
local words = require("lunation.report.words")

local FIELDS = options.fields("calibration", { groups = "table!", smooth = "table",
  annotation = "table", high = "number" })
local GROUP = { predicted = "number!", observed = "number!", lower = "number", upper = "number",
  n = "number" }

--- Calibration figure. groups: { predicted, observed, lower, upper, n } as fractions; smooth = { x,
--- y } (fractions) is a smoothed curve; annotation (slope, intercept); notes; high: end of the axes
--- (1); lang.
return function(s)
  spec.check("calibration", s, FIELDS)
  local w = words.get(s.lang)
  local points = { label = w.groups_observed, kind = "points", bars = true, x = {}, y = {},
    lower = {},
    upper = {} }
  for i, g in ipairs(s.groups) do
    spec.check("calibration group " .. i, g, GROUP)
    points.x[i], points.y[i] = 100 * g.predicted, 100 * g.observed
    points.lower[i], points.upper[i] = 100 * (g.lower or g.observed), 100 * (g.upper or g.observed)
  end
  local series = { points }
  if s.smooth then
    series[2] = { label = w.smoothed, x = {}, y = {} }
    for i = 1, #s.smooth.x do
      series[2].x[i], series[2].y[i] = 100 * s.smooth.x[i], 100 * s.smooth.y[i]
    end
  end
  local axis = { low = 0, high = 100 * (s.high or 1), step = s.high and 100 * s.high / 5 or 20 }
  return require("lunation.figure.xy")(options.pass("xy", s, { title = s.title or w.calibration,
    xlab = s.xlab or w.predicted, ylab = s.ylab or w.observed, x = axis, y = axis, square = true,
      diagonal = true,
    suffix = "%", x_suffix = "%", annotation = s.annotation,
    description = s.description or ("%s: %d groups."):format(w.calibration, #s.groups),
    series = series }))
end
