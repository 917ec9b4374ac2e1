-- SPDX-License-Identifier: GPL-3.0-or-later
-- Planning. Expected numbers: reference case power-schoenfeld; R 4.2: power.prop.test(tol = 1e-12),
-- and a simulation of the exponential trial by hand.
local t = dofile("tests/lua/tap.lua")
local lun = require "lunation"
local power = lun.power

t.near(power.survival({ hr = 0.7, power = 0.8 }).events, 246.787104547358, 1e-10, "Schoenfeld")
t.near(power.survival({ hr = 1 / 0.7, power = 0.8 }).events, 246.787104547358, 1e-10,
  "the other way round")
t.near(power.survival({ hr = 0.7, power = 0.8, share = 2 / 3 }).events, 277.635492615778, 1e-10,
  "two to one")
t.near(power.survival({ hr = 0.7, power = 0.8, r2 = 0.2 }).events, 308.483880684198, 1e-10,
  "with other covariates")
t.near(power.survival({ hr = 0.7, power = 0.8, method = "freedman" }).events, 252.036249247432,
  1e-10, "Freedman")
t.near(power.survival({ hr = 0.7, power = 0.8, method = "freedman", share = 2 / 3 }).events,
  251.1641514991706, 1e-10, "Freedman, two to one")
t.near(power.survival({ hr = 0.7, power = 0.8, sides = 1 }).events, 194.3940345156814, 1e-10,
  "one-sided")
t.near(power.survival({ hr = 0.7, events = 180 }).power, 0.667377923060435, 1e-10, "power")
local plan = power.survival { hr = 0.7, power = 0.8, median = 12, accrual = 24, follow_up = 12 }
t.near(plan.n, 369.574139587878, 1e-10, "patients")
t.near(power.survival({ hr = 0.7, n = plan.n, median = 12, accrual = 24, follow_up = 12 }).power,
  0.8, 1e-12, "and back to the power")
t.near(power.survival({ hr = 0.7, events = plan.events, hazard = math.log(2) / 12, accrual = 24,
  follow_up = 12 }).n, plan.n, 1e-12, "a hazard for a median")
-- All at once, followed for 10: the event is seen before the dropout and before 10.
local drop = power.survival { hr = 0.5, power = 0.9, hazard = 0.1, dropout = 0.05, accrual = 0,
  follow_up = 10 }
t.near(drop.p_control, 0.1 / 0.15 * (1 - math.exp(-1.5)), 1e-13, "dropout, no accrual")
-- R: integrate() over the time of entry.
local late = power.survival { hr = 0.7, power = 0.8, share = 2 / 3, median = 12, accrual = 24,
  follow_up = 12, dropout = 0.01 }
t.near(late.p_control, 0.6656957790927654, 1e-11, "dropout and accrual")
t.near(late.p_treated, 0.5478882660823958, 1e-11, "in the treated group")
t.near(late.n, 472.8467614984552, 1e-10, "patients, two of three treated")
-- R: the formula of power.prop.test with the shares of the groups.
t.near(power.proportions({ p1 = 0.25, p2 = 0.4, power = 0.8, share = 2 / 3 }).n, 346.320383013719,
  1e-10, "two proportions, two to one")
t.near(power.proportions({ p1 = 0.25, p2 = 0.4, power = 0.8 }).n, 2 * 151.868862117276, 1e-10,
  "two proportions")
t.near(power.proportions({ p1 = 0.25, p2 = 0.4, n = 2 * 151.868862117276 }).power, 0.8, 1e-10,
  "their power")
t.is(#plan:rows(), 5, "a row for each number")
t.match(tostring(plan), "Events +247", "events are rounded up")
t.match(tostring(plan), "Patients +370", "and patients")
t.match(tostring(power.survival { hr = 0.7, power = 0.8, method = "freedman" }), "Events +253",
  "252.04 events are 253")
t.match(tostring(power.proportions { p1 = 0.25, p2 = 0.4, n = 300 }), "Patients +300",
  "whole ones stay")
t.match(plan.convention, "Schoenfeld 1981", "the method is named")
t.fails(function() power.survival { hr = 0.7 } end, "either power, or events", "nothing to compute")
t.fails(function() power.survival { hr = 1, power = 0.8 } end, "no effect", "no effect")
t.fails(function() power.survival { hr = 0.7, n = 100 } end, "median, accrual and follow_up",
  "patients without their events")
t.fails(function() power.survival { hr = 0.7, power = 0.8, median = 12 } end, "accrual",
  "patients without accrual")
t.fails(function() power.survival { hr = 0.7, power = 0.8, r2 = 0.1, method = "freedman" } end,
  "no r2", "Freedman's formula has no covariates")
t.fails(function() power.proportions { p1 = 0.2, p2 = 0.2, power = 0.8 } end,
  "different proportions", "equal proportions")
t.done()
