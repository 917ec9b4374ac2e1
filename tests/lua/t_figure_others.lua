-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local examples = dofile("tests/golden/examples.lua")
local figure = require("lunation.figure")
local timeplot = require("lunation.figure.timeplot")
local metrics = require("lunation.figure.metrics")

-- widths: Helvetica's AFM gives H 722, e 556, l 222, o 556; wide characters are 1 em
t.near(metrics.width("Hello", 1000), 722 + 556 + 222 + 222 + 556, 1e-12, "width of Hello")
t.near(metrics.width("手术", 12), 24, 1e-12, "width of wide characters")
t.near(metrics.width("0–1", 1000), 3 * 556, 1e-12, "an en dash is as wide as a digit")
t.is(table.concat(metrics.wrap("one two three", 45, 12), "|"), "one two|three",
  "lines break between words")
t.is(table.concat(metrics.wrap("手术切除", 26, 12), "|"), "手术|切除", "and between wide characters")
t.is(table.concat(metrics.wrap("unbreakable", 10, 12), "|"), "unbreakable",
  "a long word stays whole")

-- labels at the ends of curves
local function spread(...) return table.concat(timeplot.spread({ ... }, 14, 0, 100), " ") end
t.is(spread(20, 80), "20 80", "labels far apart stay")
t.is(spread(50, 50), "43.0 57.0", "labels at one place move apart")
t.is(spread(100, 100), "86.0 100", "and stay inside")

-- cumulative incidence: incidences of one group may not exceed one; the table counts before each
-- time
local g = { time = { 1, 2, 3 }, n_risk = { 4, 3, 1 }, n = 4, causes = {
  { incidence = { 0.25, 0.25, 0.5 }, n_event = { 1, 0, 1 }, events = 2 },
  { incidence = { 0, 0.5, 0.5 }, n_event = { 0, 2, 0 }, events = 2 } } }
local fig = figure.cuminc { groups = { g }, causes = { "a", "b" }, step = 1 }
local counts = {}
for text in fig.svg:gmatch('<text class="m sm n"[^>]*>(%d+)</text>') do
  counts[#counts + 1] = text
end
t.is(table.concat(counts, " "), "4 4 3 1 0 0 1 1 0 0 0 2",
  "at risk, then the events of each cause, at 0 1 2 3")
t.is(#fig:data().rows, 3, "a row for each time with an event of the cause")
g.causes[2].incidence[3] = 0.6
t.fails(function() figure.cuminc { groups = { g }, causes = { "a", "b" } } end,
  "add up to 1.100 at 3", "incidences beyond one")

-- swimmer: nothing is lost
local swim = examples.swimmer()
local markers = select(2, swim.svg:gsub('class="hollow"', ""))
local events = 0
for _, row in ipairs(swim:data().rows) do if row.to == nil
  and row.what ~= "Ongoing" then events = events + 1 end end
t.is(markers, events + 4, "a mark for each event, and four in the legend")
t.ok(swim.svg:find("data cut-off 2024-06-30", 1, true), "the cut-off is printed")
local lane = { id = "a", segments = { { from = 0, to = 2, phase = "x" } } }
t.fails(function() figure.swimmer { patients = { lane }, phases = { "y" } } end,
  "patient a: unknown phase 'x'", "unknown phase")
lane.events = { { time = 1, event = "z" } }
t.fails(function() figure.swimmer { patients = { lane }, phases = { "x" } } end,
  "patient a: unknown event 'z'", "unknown event")

-- sankey: what comes and what leaves
t.fails(function()
  figure.sankey { stages = { { title = "1", nodes = { "a" } }, { title = "2", nodes = { "b" } },
    { title = "3", nodes = { "c" } } },
    flows = { { from = "a", to = "b", n = 3 }, { stage = 2, from = "b", to = "c", n = 4 } } }
end, "'b': 3 patients come, 4 leave", "more leave than came")
t.fails(function() figure.sankey { stages = { { title = "1", nodes = { "a" } },
  { title = "2", nodes = { "b" } } },
  flows = { { from = "a", to = "c", n = 1 } } } end, "no way from 'a' to 'c'", "flow to nowhere")
t.ok(examples.sankey().svg:find(">PR, n = 45</text>", 1, true), "nodes are counted from the flows")

-- love: sorted by the first sample
local love = examples.love():data().rows
t.is(love[1].covariate .. ", " .. love[5].covariate, "AFP > 400 ng/mL, Sex: male",
  "largest difference first")
t.match(examples.love().description, "5 covariates; 1 above 0.1 in Weighted",
  "how many stay above the line")
t.fails(function() figure.love { rows = { { label = "x", smd = { 1 } } }, rule = "r" } end,
  "one value for each of the 2 samples", "a sample is missing")

-- overlap: a density integrates to one
local area, last = 0, nil
for _, row in ipairs(examples.overlap():data().rows) do
  if row.series:find("^Surgery") then
    if last then area = area + (row.x - last.x) * (row.y + last.y) / 2 end
    last = row
  end
end
t.near(area, 1, 0.01, "the density integrates to one")
t.fails(function() figure.overlap { groups = { { label = "a", score = { 1.2 } } } } end,
  "score 1.2 is not in 0 to 1", "a score that is none")

-- log-log: log(-log S) over log t
local loglog = figure.loglog { curves = { { label = "a", time = { 2, 3 }, survival = { 0.5, 0 },
  n_event = { 1, 1 } } } }:data().rows
t.is(#loglog, 1, "only where 0 < S < 1")
t.near(loglog[1].x, math.log(2), 1e-12, "log time")
t.near(loglog[1].y, math.log(math.log(2)), 1e-12, "log(-log 0.5)")

t.match(examples.rmst().description, "surgery − no surgery: 6%.48 %(3%.48–9%.48%) months",
  "RMST difference at tau")
t.match(examples.roc().description, "12 months, AUC 0%.71 %(0%.65–0%.78%)", "AUC with limits")
t.fails(function()
  figure.xy { title = "x", description = "d", xlab = "", ylab = "",
    series = { { x = { 1 }, y = { 1, 2 } } } }
end,
  "series 1 has 1 x and 2 y", "ragged series")
t.fails(function() figure.spider { patients = { { id = 7, time = { 1 }, change = {} } } } end,
  "patient 7: 1 times, 0 changes", "ragged patient")
t.done()
