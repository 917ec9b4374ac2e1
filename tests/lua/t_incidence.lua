-- SPDX-License-Identifier: GPL-3.0-or-later
-- Predicted incidences with limits. Cause-specific: estimates of survfit on a multi-state coxph (R
-- 4.2, survival 3.5-3) and, written in R from its baseline hazards, the variance with numerical
-- derivatives. Fine-Gray: numerical derivatives by the patients' case weights.
local t = dofile("tests/lua/tap.lua")
local lun = require "lunation"
local core = require "lunation.core"

local function cohort_of(columns)
  local list = {}
  for _, name in ipairs { "time", "st", "x", "g" } do
    list[#list + 1] = { name, core.column.number(columns[name]) }
  end
  return lun.cohort(require("lunation.data.table").new(core.table.new(list), {}))
end

local function endpoint(cohort)
  return cohort:survival { time = "time", event = "st", causes = { a = 1, b = 2 }, unit = "months" }
end

local data = { time = { 2, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 12, 12, 13 },
  st = { 1, 2, 0, 1, 2, 1, 0, 2, 1, 0, 1, 2, 0, 1, 2, 1, 0, 1, 2, 0 }, x = {}, g = {} }
for i = 1, 20 do data.x[i], data.g[i] = i * 7 % 11 / 5, (i + 1) % 2 end
local os = endpoint(cohort_of(data))
local subjects = { { x = 0.5, g = 1 }, { x = 1.4, g = 0 } }

-- --- cause-specific ------------------------------------------------------------------------------
local models = os:cause_specific("x + g", { ties = "breslow" })
local EXPECTED = {
  { { 0.13854050958202, 0.10381501640317, 0.15210501311148, 0.11988458063674 },
    { 0.39618795810851, 0.20107454297325, 0.48722349212905, 0.21901021990893 } },
  { { 0.13849314343328, 0.098168070933944, 0.051131058575782, 0.055076770635221 },
    { 0.50498529179261, 0.23139349151589, 0.21198581893824, 0.17638557257133 } },
}
for i = 1, 2 do
  for k, time in ipairs { 5, 12 } do
    for c, cause in ipairs { "a", "b" } do
      local r = models:predict { x = subjects, times = { 5, 12 }, cause = cause }
      local e, name = EXPECTED[i][k], (" of %s, subject %d at %d"):format(cause, i, time)
      t.near(r.incidence[i][k], e[2 * c - 1], 1e-10, "incidence" .. name)
      t.near(r.se[i][k], e[2 * c], 1e-8, "standard error" .. name)
    end
  end
end
local r = models:predict { x = subjects, times = { 5, 99 }, cause = "a" }
t.is(r.incidence[1][2], nil, "nothing after the last time")
local f, se = r.incidence[1][1], r.se[1][1]
local half = 1.959963984540054 * se / ((1 - f) * -math.log(1 - f))
t.near(r.upper[1][1], 1 - (1 - f) ^ math.exp(half), 1e-12, "limits on log(-log(1 - F))")
t.near(models:predict({ x = subjects, times = { 5 }, cause = "a",
  conf_type = "plain" }).upper[1][1], f + 1.959963984540054 * se, 1e-12, "or on F")
local on_log = models:predict { x = subjects, times = { 5 }, cause = "a", conf_type = "log" }
t.near(on_log.lower[1][1], f * math.exp(-1.959963984540054 * se / f), 1e-12, "or on log F")
t.near(on_log.upper[1][1], f * math.exp(1.959963984540054 * se / f), 1e-12, "its upper one")
local on_f = models:predict { x = subjects, times = { 5, 13 }, cause = "b", conf_type = "plain" }
t.is(on_f.lower[2][1], 0.0, "no limit below 0")
t.near(on_f.incidence[1][2], EXPECTED[1][2][3], 1e-10,
  "no event after 12: the same at the last time")
t.is(models:predict({ x = { x = 2, g = 1 }, times = { 12 }, cause = "a",
  conf_type = "plain" }).upper[1][1], 1.0, "none above 1")
t.is(#r:rows(), 4, "a row for each subject and time")
t.match(tostring(r), "log%(%-log%(1 %- F%)%) scale", "prints")
t.fails(function() models:predict { x = {}, times = { 1 }, cause = "c" } end, "no cause c",
  "unknown cause")

-- One cause alone: 1 - the curve of its Cox model.
local single = { time = data.time, st = {}, x = data.x, g = data.g }
for i = 1, 20 do single.st[i] = data.st[i] == 1 and 1 or 0 end
local rare = { table.unpack(single.st) }
rare[20] = 2
local nearly = endpoint(cohort_of { time = data.time, st = rare, x = data.x, g = data.g })
local curve = nearly:cox("x", { cause = "a" }):curve { x = { x = 0.5 } }
local one = nearly:cause_specific("x"):predict { x = { x = 0.5 }, times = { 9 }, cause = "a" }
t.near(one.incidence[1][1], 1 - curve:at(9).survival, 1e-12, "before a competing event: 1 - S")
t.near(one.se[1][1], curve:at(9).se, 1e-10, "with the standard error of S")
local apart = { time = data.time, st = data.st, g = data.g, x = {} }
for i = 1, 20 do apart.x[i] = data.st[i] == 1 and 1 or 0 end
local separated = endpoint(cohort_of(apart))
t.is(separated:cause_specific("x"):predict({ x = { x = 0 }, times = { 9 }, cause = "a" }).se[1][1],
  nil, "an infinite hazard ratio: no standard error")
t.is(separated:finegray("x", { cause = "a" }):predict({ x = { x = 0 }, times = { 9 } }).se[1][1],
  nil, "nor with an infinite subdistribution hazard ratio")

-- --- Fine and Gray -------------------------------------------------------------------------------
local n, state = 150, 12345
local function uniform()
  state = (state * 1103515245 + 12345) % 2147483648
  return (state + 0.5) / 2147483648
end
local big = { time = {}, st = {}, x = {}, g = {} }
for i = 1, n do
  local x, g = uniform() * 2, uniform() < 0.5 and 1 or 0
  local a, b, c = -math.log(uniform()) / (0.05 * math.exp(0.6 * x)),
    -math.log(uniform()) / (0.04 * math.exp(0.5 * g)), 3 + 20 * uniform()
  local time = math.min(a, b, c)
  big.time[i], big.x[i], big.g[i] = math.ceil(10 * time) / 10, x, g
  big.st[i] = time == a and 1 or time == b and 2 or 0
end
local cohort, ask = cohort_of(big), { x = subjects, times = { 5, 12 } }
local function predicted(i, by)
  local w = { n = n }
  for k = 1, n do w[k] = k == i and 1 + by or 1 end
  local weighted = endpoint(cohort:derive("w", core.column.number(w)))
  return weighted:finegray("x + g", { cause = "a", weights = "w" }):predict(ask).incidence
end
local fg, squares = endpoint(cohort):finegray("x + g", { cause = "a" }):predict(ask), { 0, 0, 0, 0 }
for i = 1, n do
  local up, down = predicted(i, 1e-4), predicted(i, -1e-4)
  for k = 1, 4 do
    local s, time = (k + 1) // 2, (k - 1) % 2 + 1
    squares[k] = squares[k] + ((up[s][time] - down[s][time]) / 2e-4) ^ 2
  end
end
for k = 1, 4 do
  t.near(fg.se[(k + 1) // 2][(k - 1) % 2 + 1], math.sqrt(squares[k]), 5e-4,
    "Fine-Gray: the standard error is that of the patients' influence, " .. k)
end
t.ok(fg.lower[1][1] < fg.incidence[1][1] and fg.incidence[1][1] < fg.upper[1][1], "with limits")
-- R: finegray() and coxph with offset(z), 1 - survfit; its standard error from numerical
-- derivatives by the patients' weights, the weights for censoring as they are.
local z = { n = n }
for i = 1, n do z[i] = i * 3 % 7 / 10 end
local robust = endpoint(cohort:derive("z", core.column.number(z)))
for ties, offsets in pairs {
  breslow = { [""] = { 0.234045993534547, 0.416046800653695, 0.345684041959245, 0.57503820127824,
    0.0468676288566442, 0.065374239228817, 0.0529900854915893, 0.064218047501765 },
    [" + offset(z)"] = { 0.233642022221906, 0.416366144442863, 0.334165667002363, 0.560892630334226,
    0.0473408567973554, 0.0654204494641461, 0.0511993275526712, 0.0636455399355564 } },
  efron = { [""] = { 0.234468331493086, 0.416333517993606, 0.347148932791787, 0.576535597256892,
    0.0471473226840664, 0.0656254372241143, 0.0534211472086773, 0.0645690403790088 },
    [" + offset(z)"] = { 0.234046817160659, 0.416621413187776, 0.335641392236394, 0.562436065499423,
    0.0476031018178706, 0.0656618539005329, 0.0516380677331313, 0.0640049287496722 } } } do
  for offset, e in pairs(offsets) do
    local own = offset ~= "" and 0.3 or nil
    local p = robust:finegray("x + g" .. offset, { cause = "a", method = "survival", ties = ties,
      variance = "robust" }):predict { times = { 5, 12 },
      x = { { x = 0.5, g = 1, z = own }, { x = 1.4, g = 0, z = own } } }
    for k = 1, 4 do
      local s, time = (k + 1) // 2, (k - 1) % 2 + 1
      local name = ("%s%s, %d"):format(ties, offset, k)
      t.near(p.incidence[s][time], e[k], 1e-11, "Fine-Gray, incidence, " .. name)
      t.near(p.se[s][time], e[4 + k], 1e-8, "Fine-Gray, robust standard error, " .. name)
    end
  end
end
-- The same with strata(g) in the model.
local apart_by = robust:finegray("x + strata(g)", { cause = "a", method = "survival",
  ties = "breslow", variance = "robust" }):predict { times = { 5, 12 },
  x = { { x = 0.5, g = 0 }, { x = 0.5, g = 1 } } }
for k, e in ipairs { { 0.246271605870301, 0.0495274964275106 },
  { 0.401066398635828, 0.0626594195408001 }, { 0.220392996714701, 0.0504023896307493 },
  { 0.429472852734826, 0.0687093465008670 } } do
  local s, time = (k + 1) // 2, (k - 1) % 2 + 1
  t.near(apart_by.incidence[s][time], e[1], 1e-11, "Fine-Gray, strata, incidence, " .. k)
  t.near(apart_by.se[s][time], e[2], 1e-8, "Fine-Gray, strata, robust standard error, " .. k)
end
local clusters, copies = {}, { time = {}, st = {}, x = {}, g = {} }
for i = 1, n do
  for _ = 1, 2 do
    clusters[#clusters + 1] = i
    for name, list in pairs(copies) do list[#clusters] = big[name][i] end
  end
end
local doubled = endpoint(cohort_of(copies):derive("id", core.column.number(clusters)))
t.near(doubled:finegray("x + g", { cause = "a", cluster = "id" }):predict(ask).se[2][1],
  fg.se[2][1], 1e-9, "copies of the patients in clusters")
t.done()
