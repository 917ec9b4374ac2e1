-- SPDX-License-Identifier: GPL-3.0-or-later
-- Expected numbers: reference case e-value.
local t = dofile("tests/lua/tap.lua")
local of = require("lunation.stat.evalue").of
t.near(of("rr", 2).estimate, 3.41421356237309, 1e-12, "risk ratio 2")
t.near(of("rr", 0.6).estimate, 2.72075922005613, 1e-12, "risk ratio 0.6")
local r = of("rr", 1.8, { lower = 1.2, upper = 2.7 })
t.near(r.estimate, 3, 1e-12, "risk ratio 1.8")
t.near(r.limit, 1.68989794855664, 1e-12, "its limit")
t.near(of("hr", 0.55, { upper = 0.74 }).limit, 2.0404080423774, 1e-12, "rare outcome: limit")
local c = of("hr", 0.55, { upper = 0.74, common = true })
t.near(c.rr, 0.661865118926021, 1e-12, "common outcome: risk ratio")
t.near(c.estimate, 2.38945008372072, 1e-12, "common outcome")
t.near(c.limit, 1.76619843583769, 1e-12, "common outcome: limit")
t.near(of("or", 2.5, { common = true }).estimate, 2.53971129469801, 1e-12, "odds ratio")
t.is(of("rr", 1.5, { lower = 0.9 }).limit, 1.0, "limits that enclose 1")
t.fails(function() of("rr", -1) end, "positive", "a negative ratio")
t.fails(function() of("rd", 1) end, '"rr"', "an unknown measure")
t.done()
