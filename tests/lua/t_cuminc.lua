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
t.ok(drawn.groups[1].causes[1].lower[1] < 0.25 and drawn.groups[1].causes[1].upper[1] > 0.25, "with limits at every time")
t.ok(require("lunation").figure.cuminc(drawn).svg:find "<svg", "and a figure takes it")
t.near(cuminc.fit(named, {}):at(2, nil, "death").incidence, 0.25, 1e-15, "a cause by its name")

-- Gray's test: what does not matter, and what cannot be compared.
local AB = { "a", "b" }
local function gray(time, status, by, opt)
  opt = opt or {}
  opt.by = core.column.factor(by, AB)
  return cuminc.gray(endpoint(time, status), opt)
end
local r2 = gray({ 1, 2, 3, 4, 5, 6, 7, 8 }, { 1, 1, 0, 2, 1, 2, 1, 1 }, { "a", "b", "a", "b", "a", "b", "a", "b" })
t.is(r2.df, 1, "two groups: one degree of freedom")
local days = gray({ 365, 730, 1095, 1460, 1825, 2190, 2555, 2920 }, { 1, 1, 0, 2, 1, 2, 1, 1 }, { "a", "b", "a", "b", "a", "b", "a", "b" })
t.near(days.chisq, r2.chisq, 1e-12, "the unit of time does not matter")
local swapped = gray({ 1, 2, 3, 4, 5, 6, 7, 8 }, { 1, 1, 0, 2, 1, 2, 1, 1 }, { "b", "a", "b", "a", "b", "a", "b", "a" })
t.near(swapped.chisq, r2.chisq, 1e-12, "nor does the order of the groups")
t.is(gray({}, {}, {}).df, 0, "no rows: nothing to compare")
t.is(gray({ 1, 2 }, { 0, 2 }, AB).chisq, nil, "no event of the cause: no statistic")
t.is(gray({ 1, 2 }, { 1, 1 }, { "a", "a" }).p, nil, "one group has rows: no p-value")
t.match(tostring(gray({ 1, 2 }, { 0, 2 }, AB)), "no groups to compare", "and the printed form says so")
t.fails(function() cuminc.gray({ surv = core.surv.new { time = { 2, 3 }, status = { 1, 1 }, start = { 0, 1 } } },
  { by = core.column.factor(AB, AB) }) end, "delayed entry", "delayed entry is refused")
t.done()
