-- SPDX-License-Identifier: GPL-3.0-or-later
-- intervals: dated visits as (start, stop] rows. Expected values by hand.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local table_module = require "lunation.data.table"

local function numbers(list)
  list.n = #list
  return core.column.number(list)
end

-- a: days 0, 5, 5 (twice on one day), last 9, dies; b: days 0, 4, last 4, dies: its last interval
-- has no length
local visits = table_module.new(core.table.new {
  { "id", core.column.text { "a", "b", "a", "a", "b", n = 5 } },
  { "day", numbers { 5, 0, 0, 5, 4 } },
  { "left", numbers { 4, 4, 9, 4, 0 } },
  { "dead", numbers { 1, 1, 1, 1, 1 } },
  { "drug", numbers { 1, 0, 0, 0, 0 } },
}, { key = "id" })

local rows = visits:intervals { day = "day", finish = "day + left", event = "dead", is = 1,
  ever = { "drug" } }
t.is(#rows, 3, "three intervals have a length")
local function column(name)
  local out = {}
  for i = 1, #rows do out[i] = rows:column(name)[i] end
  return table.concat(out, " ")
end
t.is(column "start", "0.0 5.0 0.0", "starts, patients in the order of the file")
t.is(column "stop", "5.0 9.0 4.0", "stops")
t.is(column "status", "0 1 0",
  "the event stands in the last interval; b's is lost with its interval")
t.is(column "ever_drug", "0 1 0", "a visit on the same day counts")
t.match(rows.notes[1].message, "1 visit%(s%) on the same day", "the double day is noted")
t.match(rows.notes[2].message, "2 interval%(s%) of no length %(1 of them with an event%)",
  "and so are the empty intervals")

local half = visits:intervals { day = "day", finish = "day + left", event = "dead", is = 1,
  zero = "half-day" }
t.is(#half, 5, "or they last half a day")
t.fails(function() visits:intervals { day = "dai", finish = "day + left", event = "dead" } end,
  "dai", "an unknown column")

t.done()
