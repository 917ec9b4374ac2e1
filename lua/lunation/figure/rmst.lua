-- SPDX-License-Identifier: GPL-3.0-or-later
-- rmst: the difference of restricted mean survival times over the horizon, with its band.
local spec = require("lunation.figure.spec")
local options = require("lunation.figure.options")
local words = require("lunation.report.words")
local format = require("lunation.format")

local FIELDS = options.fields("rmst", { time = "any!", difference = "any!", lower = "any",
  upper = "any",
  unit = "string", groups = "table!", tau = "number", annotation = "table" })

-- The horizon's index: the last time not after tau.
local function index_of(time, tau)
  local at = 1
  for i = 1, #time do
    if time[i] <= tau then at = i end
  end
  return at
end

--- RMST figure. time, difference, lower, upper: vectors over the horizons; groups = { a, b } (the
--- difference is a minus b); unit; tau (the stated horizon, drawn); annotation; notes; lang.
return function(s)
  spec.check("rmst", s, FIELDS)
  local w = words.get(s.lang)
  local unit, i = w[s.unit or "months"] or s.unit, index_of(s.time, s.tau or math.huge)
  local estimate = format.estimate(s.difference[i], s.lower and s.lower[i], s.upper and s.upper[i],
    2)
  local label = w.rmst_difference:format(s.groups[1], s.groups[2])
  return require("lunation.figure.xy")(options.pass("xy", s, { title = s.title or label,
    x = { low = 0, unit = s.unit or "months" }, xlab = s.xlab or ("%s, %s"):format(w.horizon, unit),
    ylab = s.ylab or ("%s, %s"):format(w.difference, unit),
    hline = 0, vline = s.tau, annotation = s.annotation,
    description = s.description or ("%s: %s %s (%s %s)."):format(label, estimate, unit, w.horizon,
    format.shortest(s.time[i])),
    series = { { label = label, x = s.time, y = s.difference, lower = s.lower,
      upper = s.upper } } }))
end
