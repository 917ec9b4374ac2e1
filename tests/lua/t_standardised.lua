-- SPDX-License-Identifier: GPL-3.0-or-later
-- Adjusted survival. Expected numbers: R 4.2, coxph and survfit of survival 3.5-3, averaged over
-- the patients; standard errors from numerical derivatives by the patients' case weights
-- (riskRegression's ate has the same without tied events).
local t = dofile("tests/lua/tap.lua")
local lun = require "lunation"

local patients = lun.read("examples/study160/patients.csv", { key = "id", columns = {
  time = "number", event = "integer", age = "number", marker = "number", arm = { "A", "B" },
  sex = { "F", "M" } } })
local os = lun.cohort(patients):survival { time = "time", event = "event", is = 1, unit = "days" }
local ASK = { by = "arm", times = { 180, 365 }, tau = 365 }

local b = os:cox("arm + age + marker", { ties = "breslow" }):standardised(ASK)
local function check(entry, expected, tolerance, name)
  local found = { entry.survival[1], entry.survival[2], entry.rmst }
  for k, what in ipairs { "at 180", "at 365", "restricted mean" } do
    t.near(found[k].estimate, expected[2 * k - 1], 1e-9, ("%s, %s"):format(name, what))
    t.near(found[k].se, expected[2 * k], tolerance, ("%s, standard error, %s"):format(name, what))
  end
end
check(b.groups[1], { 0.710519645639553, 0.043861433139221, 0.467673266088603, 0.056018717414873,
  261.15950481988574, 13.115323243646754 }, 1e-7, "A")
check(b.groups[2], { 0.726688509068142, 0.040560265434887, 0.491668936795046, 0.048098583649383,
  266.597910406258336, 11.583197406338590 }, 1e-7, "B")
check(b.differences[1], { 0.016168863428588, 0.043872285083140, 0.023995670706443,
  0.065060758231053, 5.438405586372596, 14.760913267988219 }, 1e-7, "B vs A")
-- With Efron's ties the influence on the baseline is to first order that of untied events.
local e = os:cox("arm + age + marker"):standardised(ASK)
check(e.groups[1], { 0.710264367435344, 0.043887056252785, 0.467419617117323, 0.056072314970581,
  261.070700155798704, 13.128437730185341 }, 2e-3, "Efron, A")
check(e.differences[1], { 0.015991139570620, 0.043987090464355, 0.023715899292821,
  0.065195963252497, 5.378244821548265, 14.798937117017870 }, 2e-3, "Efron, B vs A")

local Z = 1.959963984540054
t.near(b.groups[1].survival[2].lower, 0.467673266088603 - Z * 0.056018717414873, 1e-6,
  "lower limit")
t.near(b.groups[1].survival[2].upper, 0.467673266088603 + Z * 0.056018717414873, 1e-6,
  "upper limit")
t.near(b.differences[1].survival[1].p, 0.7124677110482645, 1e-6, "p of a difference, R: pnorm")
-- At the first event time, at another, at the last time of all; nothing before the first.
local edge = os:cox("arm + age + marker", { ties = "breslow" }):standardised { by = "arm",
  times = { 8, 175, 1474 }, tau = 7 }
for k, e2 in ipairs { 0.993376287585655, 0.7105196456395534, 0.05969280989231883 } do
  t.near(edge.groups[1].survival[k].estimate, e2, 1e-9, "at an event time, " .. k)
end
t.is(edge.groups[1].survival[1].upper, 1.0, "no limit above 1")
t.near(edge.groups[1].rmst.estimate, 7, 1e-14, "tau before the first event: tau itself")
-- Another cause censors: as if it were not named.
local mixed = { n = 160 }
for i = 1, 160 do
  local dead = patients.data:column("event")[i]
  mixed[i] = dead == 1 and 1 or i % 3 == 0 and 2 or 0
end
local rivals = lun.cohort(patients):derive("cause", require("lunation.core").column.integer(mixed))
  :survival { time = "time", event = "cause", causes = { a = 1, b = 2 }, unit = "days" }
local own = rivals:cox("arm + age + marker", { ties = "breslow", cause = "a" }):standardised(ASK)
check(own.groups[1], { 0.710519645639553, 0.043861433139221, 0.467673266088603, 0.056018717414873,
  261.15950481988574, 13.115323243646754 }, 1e-7, "of a cause, A")

t.is(b.n, 156, "patients with everything")
t.is(#b:rows(), 9, "a row for each estimate")
t.match(tostring(b), "B vs A", "prints")
t.match(b.convention, "arm %+ age %+ marker predicts", "the convention names the model")
local early = os:cox("arm + age"):standardised { by = "arm", times = { 0.5 } }
t.near(early.groups[1].survival[1].estimate, 1, 1e-12, "before the first event")
t.is(early.differences[1].survival[1].p, nil, "there is nothing to test")
local alone = os:cox("arm"):standardised { by = "arm", times = { 365 } }
local curve = os:cox("arm"):curve { x = { arm = "B" } }
t.near(alone.groups[2].survival[1].estimate, curve:at(365).survival, 1e-12,
  "the groups alone: the model's curve")
t.fails(function() os:cox("arm + strata(sex)"):standardised(ASK) end, "not known for strata",
  "strata are refused")
t.fails(function() os:cox("arm + age"):standardised { by = "age" } end, "age is no factor",
  "no factor")
t.fails(function() os:cox("arm + age"):standardised { by = "arm", times = { 1e6 } } end,
  "nobody is followed", "after the last time")
t.fails(function() os:cox("age"):standardised { by = "arm", times = { 180 } } end,
  "no term of the model", "the groups must be in the model")
t.done()
