-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local ref = dofile("tests/lua/reference.lua")(t)
local core = require "lunation.core"

local function surv(d, time, status) return core.surv.new { time = d:column(time or "time"), status = d:column(status or "status") } end

local function codes(column, prefix)
  if column.type == "factor" then return column end
  local out, low = {}, math.huge
  for i = 1, #column do low = math.min(low, column[i]) end
  for i = 1, #column do out[i] = math.tointeger(column[i] - low + 1) end
  return out
end

local function square(v, k)
  local out = {}
  for i = 1, k do out[i] = { table.unpack(v, (i - 1) * k + 1, i * k) } end
  return out
end

local function result(r)
  local k, u = #r.labels, {}
  for g = 1, k do u[g] = r.observed[g] - r.expected[g] end
  local v = square(r.variance, k)
  return { n = r.n, observed = r.observed, expected = r.expected, var = v, U = u, V = v, chisq = r.chisq, df = r.df, p = r.p }
end

local function test(s, opt) return result(core.logrank.test(s, opt)) end

if ref then
  local lung, veteran, hcc = ref.data "lung", ref.data "veteran", ref.data "hcc_sim"
  local s, sex = surv(lung), codes(lung:column "sex")
  local rho = {}
  for name, v in pairs { rho0 = 0, rho05 = 0.5, rho1 = 1 } do
    rho[name] = test(s, { by = sex, test = "fleming-harrington", rho = v })
  end
  ref.agree("survdiff-lung-rho", ref.expected "survdiff-lung-rho", rho, 30)

  local v, trt, cell, prior = surv(veteran), codes(veteran:column "trt"), veteran:column "celltype", codes(veteran:column "prior")
  for i = 1, #prior do if prior[i] > 1 then prior[i] = 2 end end
  ref.agree("survdiff-veteran-strata", ref.expected "survdiff-veteran-strata", { trt_by_cell = test(v, { by = trt, strata = cell }),
    trt_by_cell_rho1 = test(v, { by = trt, strata = cell, test = "fleming-harrington", rho = 1 }), celltype = test(v, { by = cell }),
    celltype_by_prior = test(v, { by = cell, strata = prior }) }, 70)

  local family = { logrank = { "logrank" }, gehan = { "gehan" }, tarone_ware = { "tarone-ware" }, peto = { "peto" },
    mod_peto = { "modified-peto" }, fh10 = { "fleming-harrington", 1, 0 }, fh01 = { "fleming-harrington", 0, 1 },
    fh11 = { "fleming-harrington", 1, 1 }, fh0505 = { "fleming-harrington", 0.5, 0.5 } }
  local got = {}
  for name, f in pairs(family) do got[name] = test(v, { by = trt, test = f[1], rho = f[2], gamma = f[3] }) end
  ref.agree("wlr-family-veteran", ref.expected "wlr-family-veteran", got, 80)

  got = {}
  for _, name in ipairs { "logrank", "gehan", "tarone_ware", "fh01" } do
    local f = family[name]
    local r = core.logrank.test(v, { by = cell, test = f[1], rho = f[2], gamma = f[3], scores = { 1, 2, 3, 4 } })
    got[name] = result(r)
    got[name].trend = { chisq = r.trend_z[1] ^ 2, df = 1, p = 2 * core.dist.norm_upper(math.abs(r.trend_z[1])) }
  end
  ref.agree("wlr-trend-veteran", ref.expected "wlr-trend-veteran", got, 90)

  local FH = "fleming-harrington"
  local r = core.logrank.test(s, { by = sex, scores = { 1, 0 }, tests = { { test = FH }, { test = FH, gamma = 1 },
    { test = FH, rho = 1, gamma = 1 }, { test = FH, rho = 1 } } })
  local u, z, corr = {}, r.trend_z, {}
  for a = 1, 4 do
    u[a] = r.observed[2 * a - 1] - r.expected[2 * a - 1]
    corr[a] = {}
    for b = 1, 4 do
      corr[a][b] = r.trend_variance[4 * (a - 1) + b] / math.sqrt(r.trend_variance[5 * a - 4] * r.trend_variance[5 * b - 4])
    end
  end
  ref.agree("maxcombo-lung", ref.expected "maxcombo-lung", { U = u, z = z, corr = corr }, 24, 1e-8)

  local near = ref.data "nearties_open"
  ref.agree("km-timefix-open", ref.expected "km-timefix-open", { logrank_fixed = test(surv(near), { by = codes(near:column "x") }) }, 10)

  -- Equal weights leave observed and expected alone, and the scores of all rows sum to the difference.
  local one = {}
  for i = 1, #lung do one[i] = 1 end
  local plain, robust = core.logrank.test(s, { by = sex }), core.logrank.test(s, { by = sex, weights = one })
  t.near(robust.expected[1], plain.expected[1], 1e-12, "weights of 1 leave the expected events alone")
  t.near(robust.chisq, plain.chisq, 0.05, "and the robust statistic near the usual one")

  -- A stratum copied doubles everything.
  local time, status, by, strata = {}, {}, {}, {}
  for copy = 0, 1 do
    for i = 1, #lung do
      local k = #time + 1
      time[k], status[k], by[k], strata[k] = lung:column "time"[i], lung:column "status"[i], sex[i], copy + 1
    end
  end
  local twice = core.logrank.test(core.surv.new { time = time, status = status }, { by = by, strata = strata })
  t.near(twice.chisq, 2 * plain.chisq, 1e-12, "a copied stratum doubles the statistic")
end

local function small(time, status, by, opt)
  opt = opt or {}
  opt.by = core.column.factor(by, { "a", "b" })
  return core.logrank.test(core.surv.new { time = time, status = status }, opt)
end

t.is(small({}, {}, {}).df, 0, "no rows: nothing to compare")
t.is(small({ 1, 2 }, { 0, 0 }, { "a", "b" }).chisq, nil, "no events: no statistic")
t.is(small({ 1, 2 }, { 1, 1 }, { "a", "a" }).df, 0, "one group has rows: nothing to compare")
local far = {}
local days, dead, arm = {}, {}, {}
for i = 1, 4000 do days[i], dead[i], arm[i] = i, 1, i <= 2000 and "a" or "b" end
far = small(days, dead, arm)
t.ok(far.log10_p < -300, "the logarithm of a tiny p is known")

-- Days of a large cohort take the table, times in other units the sort: one answer.
local scaled = {}
for i = 1, 4000 do days[i] = i * 7919 % 365; scaled[i] = days[i] / 7; arm[i] = i % 3 == 0 and "a" or "b"; dead[i] = i % 2 end
t.near(small(days, dead, arm).chisq, small(scaled, dead, arm).chisq, 1e-12, "the table of days equals the sort")
t.done()
