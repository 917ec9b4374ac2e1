-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local flow = require("lunation.figure.flow")
local document = require("lunation.report.document")
local html = require("lunation.report.html")

local steps = { { label = "Screened", n = 286,
  excluded = { { "Child-Pugh B", 166 }, { "Declined", 0 } } },
  { label = "Treated", n = 120 } }
local arms = { { label = "Operated", n = 60, excluded = { { "R1", 2 } },
  steps = { { label = "RFS", n = 58 } } },
  { label = "Not operated", n = 60 } }
local fig = flow { steps = steps, arms = arms }
t.ok(fig.svg:find(">Excluded (n = 166)</text>", 1, true), "the excluded are summed")
t.ok(fig.svg:find(">Declined</text>", 1, true), "a reason of nobody is shown")
t.is(#fig:data().rows, 8, "a row for each box and reason")
t.fails(function() flow { steps = { steps[1], { label = "Treated", n = 118 } } } end,
  "'Screened' has 286 patients, 166 excluded, so 120 should go on; 'Treated' has 118",
  "a step that does not follow")
t.fails(function() flow { steps = steps, arms = { arms[1] } } end,
  "the arms have 60 patients together, but 120", "arms that do not sum")
t.fails(function()
  flow { steps = steps,
    arms = { { label = "Operated", n = 60, steps = { { label = "RFS", n = 58 } } }, arms[2] } }
end,
  "'Operated' has 60 patients, 0 excluded", "an arm that does not follow")
t.fails(function() flow { steps = { { label = "A", n = 1, excluded = { { "x", 2 } } } } } end,
  "more are excluded", "too many excluded")
t.fails(function() flow { steps = {} } end, "no steps", "no steps")

local d = document.new { title = "x" }
d:flow { id = "flow", caption = "Patients.", steps = steps, arms = arms }
local page = html.write(d)
t.ok(page:find("<li>– Declined: n = 0</li>", 1, true), "the same as a list")

local waterfall = require("lunation.figure.waterfall")
local chart = waterfall { patients = { { id = "a", change = -40, best = "PR" },
  { id = "b", change = 130, best = "PD" },
  { id = "c", best = "NE" }, { id = "d", change = 5, best = "SD" } } }
t.ok(chart.svg:find("Not shown, without a measurement after baseline: n = 1: c (NE).", 1, true),
  "nobody is dropped")
t.ok(chart.svg:find("Bars are cut off at +100%: +130%.", 1, true), "a cut bar is said")
t.is(chart:data().rows[1].id .. chart:data().rows[2].id .. chart:data().rows[3].id, "bda",
  "sorted from growth to shrinkage")
t.match(chart.description, "3 patients, 1 with any shrinkage; PR 1, SD 1, PD 1, NE 1",
  "description")
t.fails(function() waterfall { patients = { { id = "a", change = -140 } } } end, "below −100%%",
  "impossible change")
t.fails(function() waterfall { patients = { { id = "a" } } } end, "no patient has a measurement",
  "no measurement")
t.done()
