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
