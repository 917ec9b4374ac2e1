-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local cuminc = require "lunation.surv.cuminc"

local function endpoint(time, status)
  return { surv = core.surv.new { time = time, status = status }, title = "", unit = "months" }
end

local r = cuminc.fit(endpoint({ 1, 2, 3, 4 }, { 1, 2, 0, 1 }), { times = { 2, 9 } })
t.near(r:at(2, nil, 1).incidence, 0.25, 1e-15, "by hand")
t.near(r:at(4, nil, 1).incidence, 0.75, 1e-15, "by hand, after a censoring")
t.is(r:at(9, nil, 1).incidence, nil, "nothing beyond the last time")
t.is(#cuminc.fit(endpoint({}, {}), { times = { 1 } }):rows(), 1, "no rows: a row that says so")
t.fails(function() r:curve(nil, 3) end, "no cause 3", "unknown cause")

-- Drawn: the vectors of the figure.
local named = endpoint({ 1, 2, 3, 4 }, { 1, 2, 0, 1 })
named.causes = { "relapse", "death" }
local drawn = cuminc.fit(named, {}):drawing()
t.is(table.concat(drawn.causes, " "), "relapse death", "causes by their names")
t.near(drawn.groups[1].causes[2].incidence[4], 0.25, 1e-15, "death stays at a quarter")
t.ok(drawn.groups[1].causes[1].lower[1] < 0.25 and drawn.groups[1].causes[1].upper[1] > 0.25,
  "with limits at every time")
t.ok(require("lunation").figure.cuminc(drawn).svg:find "<svg", "and a figure takes it")
t.near(cuminc.fit(named, {}):at(2, nil, "death").incidence, 0.25, 1e-15, "a cause by its name")

-- Gray's test: what does not matter, and what cannot be compared.
local AB = { "a", "b" }
local function gray(time, status, by, opt)
  opt = opt or {}
  opt.by = core.column.factor(by, AB)
  return cuminc.gray(endpoint(time, status), opt)
end
local r2 = gray({ 1, 2, 3, 4, 5, 6, 7, 8 }, { 1, 1, 0, 2, 1, 2, 1, 1 },
  { "a", "b", "a", "b", "a", "b", "a", "b" })
t.is(r2.df, 1, "two groups: one degree of freedom")
local days = gray({ 365, 730, 1095, 1460, 1825, 2190, 2555, 2920 }, { 1, 1, 0, 2, 1, 2, 1, 1 },
  { "a", "b", "a", "b", "a", "b", "a", "b" })
t.near(days.chisq, r2.chisq, 1e-12, "the unit of time does not matter")
local swapped = gray({ 1, 2, 3, 4, 5, 6, 7, 8 }, { 1, 1, 0, 2, 1, 2, 1, 1 },
  { "b", "a", "b", "a", "b", "a", "b", "a" })
t.near(swapped.chisq, r2.chisq, 1e-12, "nor does the order of the groups")
t.is(gray({}, {}, {}).df, 0, "no rows: nothing to compare")
t.is(gray({ 1, 2 }, { 0, 2 }, AB).chisq, nil, "no event of the cause: no statistic")
t.is(gray({ 1, 2 }, { 1, 1 }, { "a", "a" }).p, nil, "one group has rows: no p-value")
t.match(tostring(gray({ 1, 2 }, { 0, 2 }, AB)), "no groups to compare",
  "and the printed form says so")
t.fails(function() cuminc.gray({ surv = core.surv.new { time = { 2, 3 }, status = { 1, 1 },
  start = { 0, 1 } } },
  { by = core.column.factor(AB, AB) }) end, "Fine%-Gray model of the groups",
    "delayed entry is refused, with what to do")

-- Delayed entry, against survfit(Surv(start, time, event) ~ g, id = id) of R's survival 3.5-3:
-- incidence of both causes, their standard errors.
local start = { 0, 0, 1, 0, 2, 0, 3, 1, 0, 4, 2, 0, 5, 0, 1, 0, 2, 3, 0, 1 }
local time = { 2, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 12, 12, 13 }
local status = { 1, 2, 0, 1, 2, 1, 0, 2, 1, 0, 1, 2, 0, 1, 2, 1, 0, 1, 2, 0 }
local odd, zeros = {}, {}
for i = 1, #time do odd[i], zeros[i] = AB[(i - 1) % 2 + 1], 0 end
local late = { surv = core.surv.new { time = time, status = status, start = start }, title = "",
  unit = "months" }
local function at(r2, time2, label)
  local a, b = r2:at(time2, label, 1), r2:at(time2, label, 2)
  return { a.incidence, b.incidence, a.se, b.se }
end
local function same(found, expected, name)
  for k, v in ipairs(expected) do t.near(found[k], v, 1e-12, name .. ", number " .. k) end
end
local all, split = cuminc.fit(late, {}), cuminc.fit(late, { by = core.column.factor(odd, AB) })
same(at(all, 4), { 0.13076923076923, 0.061538461538462, 0.086022403869756, 0.059736944208871 },
  "entry, at 4")
same(at(all, 12), { 0.52014779202279, 0.38716702279202, 0.13139412432165, 0.12794738309981 },
  "entry, at 12")
same(at(split, 8, "a"), { 0.42857142857143, 0.11428571428571, 0.18565322561541, 0.10624796345158 },
  "entry, group a")
same(at(split, 8, "b"), { 0.205078125, 0.335546875, 0.12944519202836, 0.15588541449145 },
  "entry, group b")
local zero = { surv = core.surv.new { time = time, status = status, start = zeros }, title = "",
  unit = "months" }
local none = { surv = core.surv.new { time = time, status = status }, title = "", unit = "months" }
for _, variance in ipairs { "jackknife", "aalen" } do
  same(at(cuminc.fit(zero, { variance = variance }), 9),
    at(cuminc.fit(none, { variance = variance }), 9),
    "entry at 0 is no entry, " .. variance)
end

-- Case weights and clusters, against survfit(..., weights = w, id = id), and cluster = cl, of the
-- same R.
local w, cl = { n = 20 }, { n = 20 }
for i = 1, 20 do w[i], cl[i] = 0.5 + (i - 1) % 7 / 4, tostring((i - 1) % 8 + 1) end
w, cl = core.column.number(w), core.column.factor(cl)
local whole = { surv = core.surv.new { time = time, status = status }, title = "", unit = "months" }
same(at(cuminc.fit(whole, { weights = w }), 5), { 0.14780772574835, 0.095764501304186,
  0.086795759606589, 0.068797146783181 }, "weights, at 5")
same(at(cuminc.fit(whole, { weights = w }), 12), { 0.50689112903377, 0.35120656826012,
  0.14323540413617, 0.1374056203075 }, "weights, at 12")
local grouped = cuminc.fit(whole, { weights = w, by = core.column.factor(odd, AB) })
same(at(grouped, 8, "a"), { 0.28472582598166, 0.14011416709912, 0.16200743775684,
  0.12931983856522 }, "weights, group a")
same(at(grouped, 8, "b"), { 0.24, 0.23655172413793, 0.14826139079342, 0.14069639541225 },
  "weights, group b")
same(at(cuminc.fit(late, { weights = w }), 12), { 0.51290238312292, 0.35217395953115,
  0.13986642593306, 0.13425413781803 }, "weights and entry")
-- All at risk have an event before others enter: the same R, of the first six rows alone.
local first = { time = { 2, 3, 3, 4, 5, 5 }, status = { 1, 2, 1, 1, 2, 1 }, start = {} }
local rounds = { n = 12, 0.1, 0.7, 0.2, 0.4, 0.3, 0.6 }
for i = 7, 12 do
  first.time[i], first.status[i] = 8 + i % 3, 1 + i % 2
  rounds[i] = (1 + (i * 7 + 3) % 9) / 10
end
for i = 1, 12 do first.start[i] = i < 7 and 0 or 5 + i % 2 end
local over = cuminc.fit({ surv = core.surv.new(first), title = "", unit = "" },
  { weights = core.column.number(rounds) })
for _, time2 in ipairs { 5, 10 } do
  same(at(over, time2), { 0.565217391304348, 0.434782608695652, 0.235363001727958,
    0.235363001727959 }, "nobody is left after 5, at " .. time2)
end
-- One row of weight 2 is two rows in one cluster.
local double, copies = { n = 20 }, { {}, {}, {} }
for i = 1, 20 do
  double[i] = i % 3 == 0 and 2 or 1
  for _ = 1, double[i] do
    table.insert(copies[1], time[i])
    table.insert(copies[2], status[i])
    table.insert(copies[3], tostring(i))
  end
end
local two = { surv = core.surv.new { time = copies[1], status = copies[2] }, title = "", unit = "" }
same(at(cuminc.fit(two, { cluster = core.column.factor(copies[3]) }), 9),
  at(cuminc.fit(whole, { weights = core.column.number(double) }), 9), "copies in a cluster")
local one_each = { n = 20 }
for i = 1, 20 do one_each[i] = 1 end
local plain = cuminc.fit(whole, {})
same(at(cuminc.fit(whole, { weights = core.column.number(one_each) }), 11), at(plain, 11),
  "weights of 1")
t.near(cuminc.fit(whole, { weights = w }):curve(nil, 1).raw_risk[1], 20, 0, "rows at risk")
t.near(cuminc.fit(whole, { weights = w }):curve(nil, 1).n_risk[1], 24.25, 1e-14, "their weight")
t.fails(function() cuminc.fit(whole, { weights = w, variance = "aalen" }) end, "takes no weights",
  "Aalen's variance takes no weights")
t.fails(function() cuminc.gray(whole, { by = core.column.factor(odd, AB), weights = w }) end,
  "Fine%-Gray model: endpoint:finegray", "nor does Gray's test, with what to do")
t.done()
