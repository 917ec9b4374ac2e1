-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local rmst = require "lunation.surv.rmst"

local function endpoint(time, status)
  return { surv = core.surv.new { time = time, status = status }, title = "OS", unit = "days" }
end

local r = rmst.fit(endpoint({ 1, 2, 4 }, { 1, 0, 1 }), { tau = 3 })
t.near(r.groups[1].rmst.estimate, 1 + 2 * 2 / 3, 1e-15, "the area by hand")
t.match(tostring(r), "rmst", "prints")
t.near(rmst.fit(endpoint({ 1, 2, 4 }, { 1, 0, 1 }), { tau = 9 }).groups[1].rmst.estimate, 1 + 3 * 2 / 3, 1e-15,
  "a curve that has reached 0 is known beyond its last time")
local short = rmst.fit(endpoint({ 1, 2 }, { 1, 0 }), { tau = 3 })
t.is(short.groups[1].rmst, nil, "no mean beyond follow-up")
t.match(short:rows()[1].warning, "not followed to tau", "and the row says why")
t.is(rmst.fit(endpoint({ 1, 2 }, { 0, 0 }), { tau = 2 }).groups[1].rmst.estimate, 2.0, "no events: tau itself")
t.fails(function() rmst.fit(endpoint({}, {}), {}) end, "tau must be above 0", "no rows")
t.done()
