-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local cuminc = require "lunation.cuminc"

local function endpoint(time, status)
  return { surv = core.surv.new { time = time, status = status }, title = "", unit = "months" }
end

local r = cuminc.fit(endpoint({ 1, 2, 3, 4 }, { 1, 2, 0, 1 }), { times = { 2, 9 } })
t.near(r:at(2, nil, 1).incidence, 0.25, 1e-15, "by hand")
t.near(r:at(4, nil, 1).incidence, 0.75, 1e-15, "by hand, after a censoring")
t.is(r:at(9, nil, 1).incidence, nil, "nothing beyond the last time")
t.is(#cuminc.fit(endpoint({}, {}), { times = { 1 } }):rows(), 1, "no rows: a row that says so")
t.fails(function() r:curve(nil, 3) end, "no cause 3", "unknown cause")
t.done()
