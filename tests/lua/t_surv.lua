-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"

local s = core.surv.new { time = { 5, 3, 5, 0.5 }, status = { 0, 1, 2, 1 } }
t.is(#s, 4, "rows")
t.is(s.events, 3, "events")
t.is(s.causes, 2, "causes")
t.is(table.concat(s.times:totable(), " "), "0.5 3.0 5.0", "distinct times")
t.is(s.merged, 0, "nothing merged")
t.is(core.surv.new({ time = { 0.3, 0.1 + 0.2 }, status = { 1, 1 } }).merged, 1,
  "0.3 and 0.1 + 0.2 are one time")

local time, status = core.column.number { 1, 2, 3 }, core.column.integer { 1, 0, 1 }
local kept = core.surv.new { time = time, status = status }
time, status = nil, nil
collectgarbage()
t.is(kept.last, 3.0, "the columns live as long as the response")

local err = t.fails(function() core.surv.new { time = { 1, -2 }, status = { 1, 1 } } end,
  "row 2: time is %-2", "negative time")
t.is(err.code, "data.negative-time", "its code")
t.fails(function() core.surv.new { time = { 1, 2 }, status = { 1, 0.5 } } end, "row 2: status",
  "status that is no whole number")
t.fails(function() core.surv.new { time = { 1, 2 }, status = { 1 } } end, "2 times but 1 status",
  "lengths differ")
t.fails(function() core.surv.new { time = { 1 }, status = { 1 }, strat = { 1 } } end,
  "did you mean \"start\"", "unknown option")

s, kept = nil, nil
collectgarbage()
collectgarbage()
t.is(core.blocks(), 0, "the core holds nothing")
t.done()
