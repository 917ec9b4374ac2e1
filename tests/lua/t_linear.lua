-- SPDX-License-Identifier: GPL-3.0-or-later
-- Certified values of NIST's Statistical Reference Datasets (linear regression): Longley, Wampler 1
-- to 5, NoInt1.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local fit = core.linear.fit

-- Correct decimal digits, the log relative error.
local function digits(found, expected)
  if found == expected then return 17 end
  return -math.log(math.abs(found - expected) / (expected ~= 0 and math.abs(expected) or 1), 10)
end
local function at_least(found, expected, least, name)
  local worst = 17
  for i, e in ipairs(expected) do worst = math.min(worst, digits(found[i], e)) end
  t.ok(worst >= least, ("%s: %.1f digits"):format(name, worst))
end

local longley = {
  { 60323, 83.0, 234289, 2356, 1590, 107608, 1947 },
  { 61122, 88.5, 259426, 2325, 1456, 108632, 1948 },
  { 60171, 88.2, 258054, 3682, 1616, 109773, 1949 },
  { 61187, 89.5, 284599, 3351, 1650, 110929, 1950 },
  { 63221, 96.2, 328975, 2099, 3099, 112075, 1951 },
  { 63639, 98.1, 346999, 1932, 3594, 113270, 1952 },
  { 64989, 99.0, 365385, 1870, 3547, 115094, 1953 },
  { 63761, 100.0, 363112, 3578, 3350, 116219, 1954 },
  { 66019, 101.2, 397469, 2904, 3048, 117388, 1955 },
  { 67857, 104.6, 419180, 2822, 2857, 118734, 1956 },
  { 68169, 108.4, 442769, 2936, 2798, 120445, 1957 },
  { 66513, 110.8, 444546, 4681, 2637, 121950, 1958 },
  { 68655, 112.6, 482704, 3813, 2552, 123366, 1959 },
  { 69564, 114.2, 502601, 3931, 2514, 125368, 1960 },
  { 69331, 115.7, 518173, 4806, 2572, 127852, 1961 },
  { 70551, 116.9, 554894, 4007, 2827, 130081, 1962 },
}
local y, x = {}, { {}, {}, {}, {}, {}, {} }
for i, row in ipairs(longley) do
  y[i] = row[1]
  for j = 1, 6 do x[j][i] = row[j + 1] end
end
local l = fit(y, x)
at_least(l.coef, { -3482258.63459582, 15.0618722713733, -0.0358191792925910, -2.02022980381683,
  -1.03322686717359,
  -0.0511041056535807, 1829.15146461355 }, 13.5, "Longley, coefficients")
at_least(l.se, { 890420.383607373, 84.9149257747669, 0.0334910077722432, 0.488399681651699,
  0.214274163161675, 0.226073200069370,
  455.478499142212 }, 13.5, "Longley, standard errors")
at_least({ l.sigma, l.r_squared, l.f }, { 304.854073561965, 0.995479004577296, 330.285339234588 },
  13.5, "Longley, fit")

local power = { {}, {}, {}, {}, {} }
local noise = { 759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048, -2048, 1838,
  -2048, 2048, -2048, 2523, -2048,
  2048, -2048, 759 }
for i = 1, 21 do for j = 1, 5 do power[j][i] = (i - 1.0) ^ j end end
local function wampler(base, size)
  local out = {}
  for i = 1, 21 do
    local v = 0
    for j = 5, 0, -1 do v = v * (i - 1) + (base == 1 and 1 or 0.1 ^ j) end
    out[i] = base == 1 and v + size * noise[i] or tonumber(("%.5f"):format(v))
  end
  return fit(out, power)
end
local ones = { 1, 1, 1, 1, 1, 1 }
at_least(wampler(1, 0).coef, ones, 11.5, "Wampler1")
at_least(wampler(0.1, 0).coef, { 1, 0.1, 0.01, 1e-3, 1e-4, 1e-5 }, 11, "Wampler2")
local w3 = wampler(1, 1)
at_least(w3.coef, ones, 11, "Wampler3, coefficients")
at_least(w3.se, { 2152.32624678170, 2363.55173469681, 779.343524331583, 101.475507550350,
  5.64566512170752, 0.112324854679312 }, 13,
  "Wampler3, standard errors")
at_least({ w3.sigma }, { 2360.14502379268 }, 13, "Wampler3, residual deviation")
at_least(wampler(1, 100).coef, ones, 9.5, "Wampler4")
at_least(wampler(1, 10000).coef, ones, 7.5, "Wampler5")

local a, b = {}, {}
for i = 1, 11 do a[i], b[i] = 129 + i, 59 + i end
local no = fit(a, { b }, { intercept = false })
at_least({ no.coef[1], no.se[1], no.sigma, no.r_squared, no.f }, {
  2.07438016528926, 0.0165289256198347, 3.56753034006338,
  0.999365492298663, 15750.25 }, 13.5, "NoInt1")

-- Aliased columns, weights, errors.
local twice = fit(a, { b, b })
t.is(twice.coef[3], nil, "a repeated column is aliased")
t.is(twice.rank, 2, "the rank says so")
local w = fit({ 1, 2, 4 }, { { 0, 1, 3 } }, { weights = { 1, 2, 1 } })
local r = fit({ 1, 2, 2, 4 }, { { 0, 1, 1, 3 } })
t.near(w.coef[2], r.coef[2], 1e-14, "weights act like copies in the coefficients")
t.is(fit({ 1, 2 }, { { 0, 1 } }).se[1], nil, "no standard error without degrees of freedom")
t.fails(function() fit({ 1, 0 / 0 }, { { 1, 2 } }) end, "row 2 of the outcome", "a missing outcome")
t.fails(function() fit({ 1, 2 }, { { 1 } }) end, "1 rows", "lengths")
t.fails(function() fit({ 1, 2 }, { { 1, 2 } }, { weights = { 1, 0 } }) end, "row 2",
  "a weight of 0")

local shared = t.shared()
if not shared then
  t.skip("../shared is missing")
  t.done()
end
local lun = require "lunation"
local cohort = lun.cohort(lun.read(shared .. "/reference/stats/data/hcc_sim.csv",
  { key = "id", columns = { child = { "A5", "A6", "B7" } } }))
local h = cohort:linear("log(afp) ~ age + child")
local rows, references = {}, 0
for _, row in ipairs(h:rows()) do
  local reference = row.statistic == "reference"
  if reference then references = references + row.n else rows[#rows + 1] = row end
end
t.ok(references > 0 and references < h.n, "reference levels have their patients")
t.near(rows[1].value, 4.36793236009990515, 1e-12, "R's lm: intercept")
t.near(rows[2].se, 0.0121438497149435, 1e-12, "R's lm: standard error")
t.near(rows[3].p, 0.279856831697116, 1e-10, "R's lm: p-value")
t.near(rows[4].lower, -0.632357967650470, 1e-10, "R's lm: lower limit")
t.near(rows[5].value, 0.00571389567552419, 1e-11, "R's lm: R squared")
t.near(rows[6].value, 0.563562681601862, 1e-10, "R's lm: p of F")
t.fails(function() cohort:linear("child ~ age") end, "not a number", "a factor as the outcome")
t.match(h, "R squared", "prints")
t.done()
