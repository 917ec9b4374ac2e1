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

-- Weighted deaths one by one: R, survfit(Surv(time, st) ~ 1, weights = w, ctype = 2)$cumhaz.
do
  local time, st, v = {}, {}, { n = 20 }
  for i = 1, 20 do time[i], st[i], v[i] = 1 + i * 3 % 5, i % 4 ~= 0 and 1 or 0, 0.5 + i % 7 / 4 end
  local c = core.km.fit(core.surv.new { time = time, status = st },
    { weights = v, break_ties = true }):_curve(1)
  for j, e in ipairs { 0.1533275383438687, 0.2976545217713489, 0.5239415035601488,
    0.9864575320033498, 2.3571630676025026 } do
    t.near(c.cumhaz[j], e, 1e-14, "hazard with broken ties and weights, " .. j)
  end
end
-- Those beyond 1 only, in times that are no whole days.
local landmark = core.km.fit(core.surv.new { time = { 0.5, 1.5, 2.5 }, status = { 1, 1, 1 } },
  { from = 1 })
t.near(landmark:_at(1, 1.5).survival, 0.5, 1e-15, "from a landmark one of two is left")
-- All at risk die before others enter: nobody is left, however the weights round.
do
  local time, start, status, v = { 2, 3, 3, 4, 5, 5 }, {}, {}, { 0.1, 0.7, 0.2, 0.4, 0.3, 0.6 }
  for i = 7, 12 do time[i], v[i] = 8 + i % 3, (1 + (i * 7 + 3) % 9) / 10 end
  for i = 1, 12 do start[i], status[i] = i < 7 and 0 or 5 + i % 2, 1 end
  local k = core.km.fit(core.surv.new { time = time, status = status, start = start },
    { weights = v })
  t.is(k:_at(1, 5).survival, 0.0, "weights that round leave no survivor")
  t.is(k:_curve(1).se_log[4], math.huge, "nor a variance of its logarithm")
end

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
