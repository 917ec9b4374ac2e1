-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local forest = require("lunation.figure.forest")
local axis = require("lunation.figure.axis")

local rows = {
  { label = "Arm", level = "A", n = 50, events = 20, reference = true },
  { level = "B", n = 48, events = 11, hr = 0.5, lower = 0.25, upper = 1, p = 0.05 },
  { label = "Stage", level = "IV", n = 10, events = 9, hr = 4, lower = 1.5, upper = 900, p = 0.02 },
  { level = "V", n = 2, events = 0, not_estimable = "0 events" },
}
local fig = forest { rows = rows, low = 0.1, high = 10, favours = { "B", "A" } }
-- the axis is logarithmic: 0.1, 1 and 10 are as far apart
local x = {}
for at, label in fig.svg:gmatch('<text class="m sm" x="([%d.]+)" y="[%d.]+">([%d.]+)</text>') do
  x[label] = tonumber(at)
end
t.near(x["1"] - x["0.1"], x["10"] - x["1"], 1e-4, "a decade is a decade")
-- the square of 0.5 is centred where 0.5 is
local left, width = fig.svg:match('<rect class="f1" x="([%d.]+)" y="[%d.]+" width="([%d.]+)"')
t.ok(math.abs(left + width / 2 - (x["1"] + (x["10"] - x["1"]) * math.log(0.5, 10))) < 0.02,
  "the square lies at 0.5")
t.ok(fig.svg:find("4.00 (1.50–900.00)", 1, true),
  "limits beyond the axis stay in full in the table")
t.ok(fig.svg:find('l-7 -4v8Z', 1, true), "and end in an arrow")
t.ok(fig.svg:find("V: not estimable (0 events).", 1, true), "why a row cannot be estimated")
t.ok(fig.svg:find(">Reference</text>", 1, true), "reference row")
t.ok(fig.svg:find(">11 / 48</text>", 1, true), "events of each level")
t.is(fig:data().rows[4].note, "0 events", "the reason is with the numbers")
t.is(fig:data().rows[2].variable, "Arm", "each row names its variable")

t.fails(function() forest { rows = { { label = "x", hr = 2, lower = 3, upper = 4 } } } end,
  "row 1 %(x%): 2 is not within its limits", "estimate outside its limits")
t.fails(function() forest { rows = { { label = "x", hr = 2, lower = 1 } } } end,
  "not within its limits", "a limit is missing")
t.fails(function() forest { rows = {} } end, "no rows", "no rows")
t.fails(function() forest { rows = { { label = "x", hrr = 2 } } } end, "unknown field 'hrr'",
  "unknown field of a row")

-- ticks
local function labels(scale)
  local out = {}
  for i, tick in ipairs(scale.ticks) do out[i] = tick.label end
  return table.concat(out, " ")
end
t.is(labels(axis.linear(0, 500, { low = 0, high = 1, most = 5 })), "0.0 0.2 0.4 0.6 0.8 1.0",
  "linear ticks")
t.is(labels(axis.linear(0, 500, { low = -37, high = 12, most = 6, widen = true })),
  "−40 −30 −20 −10 0 10 20", "widened")
t.is(labels(axis.log(0, 400, 0.1, 10)), "0.1 0.2 0.5 1 2 5 10", "round log ticks")
t.is(axis.time_step(68, "months", 12), 6, "months in sixes")
t.is(axis.time_step(68, "months", 6), 12, "months in twelves")
t.is(axis.time_step(1500, "days", 6), 365, "days in years")
t.is(axis.time_step(9, "years", 10), 1, "years")
-- from a model: reference levels, and what variables are called
do
  local lun = require("lunation")
  local os_ = lun.cohort(lun.read("examples/study160/patients.csv", { key = "id" })):survival {
    time = "time", event = "event", is = 1 }
  local fit = os_:cox("arm + age")
  local fig = lun.figure.forest(fit, { label = function(name)
    return name == "arm" and "Treatment" or name
  end })
  t.match(fig.svg, ">Treatment</text>", "a variable by its label")
  t.match(fig.svg, ">Reference</text>", "its reference level")
  t.is(#fig:data().rows, 3, "a row for each level and number")
end
t.done()
