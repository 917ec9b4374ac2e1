-- SPDX-License-Identifier: GPL-3.0-or-later
-- cox: bad input and the Lua side. The numbers: tests/reference/cox.lua.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"

local function fit(y, x, o) return core.cox.fit(core.surv.new(y), x, o) end

-- --- the Lua side --------------------------------------------------------------------------------

t.fails(function() fit({ time = { 1, 2 }, status = { 0, 0 } }, { { 1, 2 } }) end, "no events",
  "no events")
t.fails(function() fit({ time = { 1, 2 }, status = { 1, 0 } }, { { 1, 2, 3 } }) end, "3 values",
  "a column of another length")
t.fails(function() fit({ time = { 1, 2 }, status = { 1, 0 } }, { { 1, 2 } }, { tie = "efron" }) end,
  "ties", "an unknown option")

do
  local lun = require "lunation"
  local table_of = require("lunation.data.table").new(core.table.new {
    { "time", core.column.number { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, n = 10 } },
    { "died", core.column.integer { 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, n = 10 } },
    { "arm", core.column.factor({ "b", "a", "b", "a", "b", "a", "b", "a", "a", "b", n = 10 },
      { "a", "b" }) },
    { "age", core.column.number { 50, 61, 47, 70, 66, 58, 49, 71, 64, 55, n = 10 } } })
  local endpoint = lun.cohort(table_of):survival { time = "time", event = "died", is = 1 }
  local f = endpoint:cox("arm + age")
  t.match(tostring(f), "arm\n  a .*Reference\n  b ", "the printed table has its reference")
  t.match(f.convention, "Efron's ties", "the convention is named")
  t.near(f.hr["arm: b"], math.exp(f.coef["arm: b"]), 1e-15, "hazard ratios by name")
  t.ok(f.ci["age"].lower < f.hr["age"] and f.hr["age"] < f.ci["age"].upper, "limits by name")
  t.fails(function() return f.hr["arm: c"] end, 'no hazard ratio of "arm: c"',
    "an unknown coefficient")
  t.ok(f:zph().global.p > 0, "the global test of proportional hazards")
  t.ok(f:concordance().estimate > 0.5, "the model's concordance")
  t.ok(f:firth().ci["arm: b"].lower < f:firth().hr["arm: b"], "Firth by name")
  t.ok(f:curve { x = { arm = "b", age = 60 } }:at(5).survival < 1, "a predicted curve")
  t.near(f:compare(endpoint:cox("age")).statistic, 2 * (f.loglik - endpoint:cox("age").loglik),
    1e-12, "nested models")
end
-- R's survival 3: coxph(Surv(time, event) ~ arm + age + strata(stage) + strata(ecog)).
do
  local lun = require "lunation"
  local os = lun.cohort(lun.read("examples/study160/patients.csv", { key = "id" }))
    :survival { time = "time", event = "event", is = 1 }
  for _, strata in ipairs { "strata(stage) + strata(ecog)", "strata(stage, ecog)" } do
    t.near(math.log(os:cox("arm + age + " .. strata).hr["arm: B"]), 0.00171447430001241,
      1e-6, strata)
  end
  t.near(os:cox("arm + offset(age / 10) + offset(ecog)").coef["arm: B"], -0.51741972418512405, 1e-9,
    "a second offset adds to the first")
end
-- A death of another cause at the time of an event is at risk there: R, coxph(Surv(time, status ==
-- cause) ~ x).
do
  local time, status, x = {}, {}, {}
  for i = 1, 24 do time[i], status[i], x[i] = 1 + i % 6, i * 5 % 7 % 3, i * i % 11 end
  local y = core.surv.new { time = time, status = status }
  for cause, by_ties in ipairs {
    { efron = { 0.250117137786367, 0.155399134067635 },
      breslow = { 0.241998479122942, 0.155200093927707 } },
    { efron = { 0.0320203314980241, 0.136268006481969 },
      breslow = { 0.0300808154022091, 0.136288920121806 } } } do
    for ties, e in pairs(by_ties) do
      local s = core.cox.screen(y, { x }, { cause = cause, ties = ties })
      t.near(s.coef[1], e[1], 1e-10, ("many columns, cause %d, %s"):format(cause, ties))
      t.near(s.se[1], e[2], 1e-10, "its standard error")
    end
  end
end
collectgarbage()
t.done()
