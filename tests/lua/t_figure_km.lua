-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local examples = dofile("tests/golden/examples.lua")
local km = require("lunation.figure.km")
local riskset = require("lunation.figure.riskset")

local maintained, not_maintained = examples.aml()
local fig = km { curves = { maintained, not_maintained }, unit = "weeks", table = "at_risk",
  step = 20 }

-- At risk at 0, 20, ... of Miller's two groups, counted by hand: times >= t.
local rows = riskset.rows("km", { curves = { maintained, not_maintained } },
  { 0, 20, 40, 60, 161, 170 })
t.is(table.concat(rows[1].at_risk, " "), "11 7 3 1 1 0", "at risk, maintained")
t.is(table.concat(rows[2].at_risk, " "), "12 6 2 0 0 0", "at risk, not maintained")
t.is(table.concat(rows[1].events, " "), "0 3 6 7 7 7", "events before each time")
t.is(table.concat(rows[1].censored, " "), "0 1 2 3 3 4", "censored before each time")

-- The panel: the curve starts at the top left, and its steps land where the axis says.
local x0 = tonumber(fig.svg:match('class="line s1 d1" d="M([%d.]+) [%d.]+H'))
local ticks = {}
for x, label in fig.svg:gmatch('<text class="m sm" x="([%d.]+)" y="[%d.]+">([%d]+)</text>') do
  ticks[label] = tonumber(x)
end
t.near(x0, ticks["0"], 1e-9, "curve begins at tick 0")
local per_week = (ticks["160"] - ticks["0"]) / 160
local first_step = tonumber(fig.svg:match('class="line s1 d1" d="M[%d.]+ [%d.]+H([%d.]+)'))
t.ok(math.abs(first_step - (x0 + 9 * per_week)) < 0.02, "the first step is at week 9")
for x in fig.svg:gmatch('<text class="m sm n" x="([%d.]+)"') do
  local found = false
  for _, tick in pairs(ticks) do found = found or tonumber(x) == tick end
  if not found then t.ok(false, "a column of the risk table is off the ticks") end
end
t.ok(fig.svg:find(">Number at risk</text>", 1, true), "the table has its heading")
t.ok(fig.svg:find("fewer than 10 patients", 1, true), "fading is said")
t.is(#fig:data().rows, #maintained.time + #not_maintained.time, "a row for each time")
t.is(fig.title, "Kaplan-Meier curves", "title")
t.match(fig.description, "Maintained: 11 patients, 7 events, median 31 weeks",
  "description has the medians")

-- A late start fades from the time where fewer than fade_below are left.
local plain = km { curves = { maintained }, unit = "weeks", fade_below = 1 }
t.ok(not plain.svg:find("patients remain", 1, true), "no fading, no sentence")

t.fails(function() km { curves = { maintained },
  risk = { curves = { { at_risk = { 11 }, censored = { 1 }, events = { 0 } } } },
  last = 1, step = 2 } end, "11 at risk %+ 1 censored %+ 0 with an event = 12, not 11",
  "a table that does not sum is refused")
t.fails(function() km { curves = {} } end, "no curves", "no curves")
t.fails(function() km { curves = { maintained }, colour = 1 } end, "unknown field 'colour'",
  "unknown field")
t.fails(function() km { curves = { maintained }, view = "odds" } end, "view is 'odds'",
  "unknown view")
t.fails(function() km { curves = { maintained }, unit = 3 } end, "'unit' must be a string",
  "wrong type")
local broken = {}
for k, v in pairs(maintained) do broken[k] = v end
broken.survival = { 1 }
t.fails(function() km { curves = { broken } } end, "10 times but 1 values of survival",
  "ragged curve")
t.fails(function() return fig.svgg end, "no field 'svgg'", "unknown field of a figure")

-- a weighted curve shows both counts; a late entry may raise the number at risk
local weighted = km { curves = { maintained }, step = 161,
  risk = { curves = { { at_risk = { 11, 1 },
  censored = { 0, 3 }, events = { 0, 7 }, weighted = { 10.25, 0.5 } } } } }
t.ok(weighted.svg:find(">10.2</text>", 1, true) and weighted.svg:find(">11</text>", 1, true),
  "weighted and raw numbers at risk")
t.ok(km { curves = { maintained }, step = 161,
  risk = { curves = { { at_risk = { 4, 1 }, censored = { 0, 3 },
  events = { 0, 7 }, entered = { 4, 11 } } } } },
    "with late entry the counts add up to those who entered")

-- from a fitted result: the counts under the axis are the model's
local path = os.tmpname()
local file = assert(io.open(path, "w"))
file:write("id,time,status\n")
for i, time in ipairs { 9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161 } do
  file:write(("%d,%d,%d\n"):format(i, math.abs(time), time > 0 and 1 or 0))
end
file:close()
local lun = require("lunation")
local fitted = lun.cohort(lun.read(path)):survival { time = "time", event = "status", is = 1 }:km {}
os.remove(path)
local drawn = lun.figure.km(fitted, { table = "at_risk", step = 40 })
local shown = {}
for text in drawn.svg:gmatch('<text class="m sm n"[^>]*>(%d+)</text>') do
  shown[#shown + 1] = text
end
t.is(table.concat(shown, " "), "11 3 1 1 1", "at risk at 0, 40, 80, 120, 160")
t.match(drawn.description, "All: 11 patients, 7 events, median 31",
  "from the result's own counts and median")

t.done()
