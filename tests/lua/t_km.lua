-- SPDX-License-Identifier: GPL-3.0-or-later
-- Curves against independent numbers: tests/reference/curves.lua. Here: what they do at the edges.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local km = require "lunation.surv.km"

local function endpoint(time, status, start)
  return { surv = core.surv.new { time = time, status = status, start = start }, title = "OS",
    unit = "days" }
end

-- Degenerate input: each has a stated answer.
local one = km.fit(endpoint({ 5 }, { 0 }))
t.is(one:at(5).survival, 1.0, "one censored row: survival 1 at its time")
t.is(one:at(6).survival, nil, "beyond the last time there is no rate")
t.is(one:median().estimate, nil, "all censored: no median")
t.is(km.fit(endpoint({ 5 }, { 1 })):median().estimate, 5.0, "one death: the median is its time")
t.is(km.fit(endpoint({ 5 }, { 1 })):at(9).survival, 0.0, "survival that is 0 stays 0")
t.is(km.fit(endpoint({ 0, 2 }, { 1, 0 })):at(0).survival, 0.5, "a death at time 0")
local empty = km.fit(endpoint({}, {}))
t.is(#empty:rows(), 0, "no rows, no estimates")
local grouped = km.fit(endpoint({ 1, 2 }, { 1, 0 }),
  { by = core.column.factor({ "a", "a" }, { "a", "b" }) })
t.is(grouped:at(1, "b").survival, nil, "a group without rows has no rate")
t.is(grouped:median("b").estimate, nil, "and no median")
local w = km.fit(endpoint({ 1, 2, 3 }, { 1, 1, 0 }),
  { weights = { 2, 1, 1 }, weight_type = "frequency" })
t.near(w:at(1).survival, 0.5, 1e-15, "frequency weights count copies")
local err = t.fails(function() km.fit(endpoint({ 1, 2 }, { 1, 1 }), { weights = { 1, 0 } }) end,
  "row 2: weight is 0", "a weight of 0")
t.is(err.code, "data.weight", "its code")

local near = km.fit { surv = core.surv.new { time = { 1, 1 + 1e-12, 2, 3 },
  status = { 1, 1, 0, 1 } }, title = "", unit = "" }
t.match(near.convention, "1 nearly equal time", "merged times are counted in the convention")
local entry = km.fit(endpoint({ 2, 3, 4 }, { 1, 1, 0 }, { 0, 2, 2 }))
t.is(entry:at(2).n_risk, 1.0, "an entry at t is not at risk at t")
-- a missing cluster is refused: it would be an index before the first
do
  local two = core.surv.new { time = { 1, 2 }, status = { 1, 1 } }
  t.fails(function()
    core.km.fit(two, { weights = { 1, 2 }, cluster = core.column.factor({ "a", nil, n = 2 }) })
  end, "row 2 has no cluster", "a missing cluster is refused")
end

t.done()
