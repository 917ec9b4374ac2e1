-- SPDX-License-Identifier: GPL-3.0-or-later
-- Expected numbers: reference case bootstrap-aml-given-indices (R), the estimators themselves on
-- resampled rows, and by hand.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local lun = require "lunation"
local boot = core.boot

-- Draws.
local a, b = boot.rows(50, { seed = 7, replicate = 3 }), boot.rows(50, { seed = 7, replicate = 3 })
t.is(#a, 50, "as many rows as there are")
t.is(table.concat(a, " "), table.concat(b, " "), "a replicate is the same whoever draws it")
t.ok(table.concat(a, " ") ~= table.concat(boot.rows(50, { seed = 7, replicate = 4 }), " "),
  "the next one is another")
t.ok(table.concat(a, " ") ~= table.concat(boot.rows(50, { seed = 8, replicate = 3 }), " "),
  "so is another seed")
local strata, cluster = {}, {}
for i = 1, 50 do strata[i], cluster[i] = i <= 10 and 1 or 2, (i + 1) // 2 end
local first = 0
for _, row in ipairs(boot.rows(50, { strata = strata })) do
  first = first + (row <= 10 and 1 or 0)
end
t.is(first, 10, "each stratum keeps its size")
local drawn = {}
for _, row in ipairs(boot.rows(50, { cluster = cluster, strata = strata })) do
  drawn[row] = (drawn[row] or 0) + 1
end
local whole = true
for i = 1, 49, 2 do whole = whole and drawn[i] == drawn[i + 1] end
t.ok(whole, "clusters come whole")
strata[1] = 2
t.fails(function() boot.rows(50, { cluster = cluster, strata = strata }) end,
  "row 2 lies in two strata", "a cluster in two strata")

-- Limits by hand: 1..9 around 5.
local l = boot.limits({ 1, 2, 3, 4, 5, 6, 7, 8, 9 }, 4.5, 0.5)
t.near(l.percentile.lower, 3, 1e-15, "lower quartile")
t.near(l.percentile.upper, 7, 1e-15, "upper quartile")
t.near(l.basic.lower, 2, 1e-15, "basic lower")
t.near(l.mean, 5, 1e-15, "mean")
t.near(l.se, math.sqrt(60 / 8), 1e-15, "standard deviation")
t.is(l.bca.lower, nil, "no BCa without a jackknife")
t.is(boot.limits({ 1, 0 / 0, 3 }, 2).undefined, 1, "undefined replicates are counted")
t.is(boot.limits({ 1, 2 }, 0, 0.95, { 1, 2, 3 }).bca.lower, nil,
  "no BCa when every replicate lies above the estimate")

-- An endpoint: the walk over counts equals the estimators on resampled rows.
local shared = t.shared()
if not shared then
  t.skip("../shared is missing")
  t.done()
end
local data = shared .. "/reference/stats/data/"
local hcc = lun.cohort(lun.read(data .. "hcc_sim.csv",
  { key = "id", columns = { haic = { "0", "1" }, surgery = { "0", "1" } } }))
local os = hcc:survival { time = "os_day", event = "os", is = 1, unit = "days" }
local given = {}
for r = 1, 5 do given[r] = boot.rows(os.n, { seed = 3, replicate = r }) end
local function same(statistic, opt, value, tol)
  opt.statistic, opt.given = statistic, given
  local built = os:bootstrap(opt)
  local slow = os:bootstrap { statistic = value, given = given }
  for r = 1, 5 do
    t.near(built.estimates[1].t[r], slow.estimates[1].t[r], tol,
      ("%s, replicate %d"):format(statistic, r))
  end
  t.near(built.estimates[1].t0, slow.estimates[1].t0, tol, statistic .. " of the sample")
end
same("median", {}, function(e) return e:km():median().estimate end, 1e-14)
same("survival", { at = 365 }, function(e) return e:km():at(365).survival end, 1e-12)
same("rmst", { at = 730 }, function(e) return e:rmst { tau = 730 }:rows()[1].value end, 1e-12)
same("hr", { terms = "haic + age" }, function(e) return e:cox("haic + age").coef["haic: 1"] end,
  1e-9)
local two = os:bootstrap { statistic = "rmst", at = 730, by = "haic", replicates = 200,
  limits = "bca" }
t.is(#two:rows(), 3, "two groups and their difference")
t.near(two:rows()[3].value, two:rows()[2].value - two:rows()[1].value, 1e-12, "the difference")
t.ok(two:rows()[3].lower < two:rows()[3].value and two:rows()[3].value < two:rows()[3].upper,
  "within its limits")
t.match(two, "BCa", "prints its convention")
local again = os:bootstrap { statistic = "rmst", at = 730, by = "haic", replicates = 100 }
t.is(again.estimates[3].t[100], two.estimates[3].t[100],
  "replicate 100 does not depend on how many there are")
t.fails(function() os:bootstrap { statistic = "rmst" } end, "needs a time", "no time")
t.fails(function() os:bootstrap { statistic = "mode" } end, "not known", "an unknown statistic")

-- BCa of a function equals BCa of the built-in.
local part = hcc:where("age <= 45"):survival { time = "os_day", event = "os", is = 1,
  unit = "days" }
local slow = part:bootstrap {
  statistic = function(e) return e:rmst { tau = 365 }:rows()[1].value end, replicates = 100,
  limits = "bca" }
local quick = part:bootstrap { statistic = "rmst", at = 365, replicates = 100, limits = "bca" }
t.near(slow:rows()[1].upper, quick:rows()[1].upper, 1e-10, "BCa of a Lua function")
-- The weights are estimated anew in each replicate.
local refitted = os:bootstrap { replicates = 20, statistic = function(e)
  return e:cox("haic", { weights = e.cohort:weights("haic ~ age + size_cm"),
    ties = "breslow" }).coef["haic: 1"]
end }
t.ok(refitted.estimates[1].limits.se > 0.05 and refitted.estimates[1].limits.se < 0.25,
  "bootstrap with weights estimated anew")

local aml = lun.cohort(lun.read(data .. "aml.csv")):survival { time = "time",
  event = "status", is = 1 }
given = {}
for line in io.lines(data .. "boot_idx_aml.csv") do
  local rows = {}
  for cell in line:gmatch("[^,]+") do rows[#rows + 1] = math.tointeger(tonumber(cell)) end
  given[#given + 1] = rows
end
local rmst = aml:bootstrap { statistic = "rmst", at = 40, given = given,
  limits = "bca" }.estimates[1]
local function near(found, expected, name) t.near(found, expected, 1e-9, "reference: " .. name) end
near(rmst.t0, 25.2394755003451, "restricted mean")
near(rmst.limits.mean, 25.045591068087, "mean")
near(rmst.limits.se, 2.85278908563255, "standard error")
near(rmst.limits.percentile.lower, 19.4381818181818, "percentile, lower")
near(rmst.limits.percentile.upper, 30.1856211180124, "percentile, upper")
near(rmst.limits.basic.lower, 20.2933298826777, "basic, lower")
near(rmst.limits.basic.upper, 31.0407691825083, "basic, upper")
t.near(rmst.limits.z0, 0, 1e-12, "reference: z0")
near(rmst.limits.acceleration, -0.00722418579100912, "acceleration")
near(rmst.limits.probs.lower, 0.0233995429742501, "BCa, lower probability")
near(rmst.limits.bca.lower, 19.3337805693105, "BCa, lower")
near(rmst.limits.bca.upper, 30.1756249868989, "BCa, upper")
local median = aml:bootstrap { statistic = "median", given = given }.estimates[1]
near(median.t0, 27, "median")
t.is(median.limits.undefined, 0, "reference: the median is always reached")
near(median.limits.percentile.lower, 13, "median, lower")
near(median.limits.percentile.upper, 34, "median, upper")
t.done()
