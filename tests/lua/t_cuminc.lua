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
t.done()
