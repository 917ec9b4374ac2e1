-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local suite = dofile("tests/reference/suite.lua")
local core = require "lunation.core"
local shared = t.shared()

if shared then
  local lung = suite.open(shared .. "/reference/stats/open.json").data "lung"
  local s, sex = core.surv.new { time = lung:column "time", status = lung:column "status" },
    { n = #lung }
  for i = 1, #lung do sex[i] = math.tointeger(lung:column "sex"[i]) end

  -- Equal weights leave observed and expected alone, and the scores of all rows sum to the
  -- difference.
  local one = {}
  for i = 1, #lung do one[i] = 1 end
  local plain, robust = core.logrank.test(s, { by = sex }),
    core.logrank.test(s, { by = sex, weights = one })
  t.near(robust.expected[1], plain.expected[1], 1e-12,
    "weights of 1 leave the expected events alone")
  -- R: x = resid(coxph(Surv(time, status) ~ sex, lung, iter = 0, ties = "breslow"), "score"); n =
  -- 228; sum(x)^2 / (n / (n - 1) * sum((x - mean(x))^2)).
  t.near(robust.chisq, 11.14811615865986, 1e-12,
    "the robust variance is that of the scores about their mean")
  local copies, cluster = {}, {}
  for i = 1, #lung do copies[i], cluster[i] = 2, i end
  local double = core.logrank.test(s, { by = sex, weights = copies, cluster = cluster })
  t.near(double.chisq, robust.chisq, 1e-12,
    "the scale of the weights does not matter, nor clusters of one")

  -- A stratum copied doubles everything.
  local time, status, by, strata = {}, {}, {}, {}
  for copy = 0, 1 do
    for i = 1, #lung do
      local k = #time + 1
      time[k], status[k], by[k], strata[k] = lung:column "time"[i], lung:column "status"[i],
        sex[i], copy + 1
    end
  end
  local twice = core.logrank.test(core.surv.new { time = time, status = status },
    { by = by, strata = strata })
  t.near(twice.chisq, 2 * plain.chisq, 1e-12, "a copied stratum doubles the statistic")
end

local function small(time, status, by, opt)
  opt = opt or {}
  opt.by = core.column.factor(by, { "a", "b" })
  return core.logrank.test(core.surv.new { time = time, status = status }, opt)
end

-- R: U = w * resid(coxph(Surv(time, event) ~ (by == "b"), weights = w, iter = 0, ties = ...),
-- "score"); n = 20; sum(U)^2 / (n / (n - 1) * sum((U - mean(U))^2)). With Efron's means, of
-- coxph.detail() with its hazards: U = w * (event * (z - mean(time)) - sum of (z - mean(t))
-- hazard(t) up to time).
do
  local time = { 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5 }
  local event = { 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0 }
  local weights = { 1, 2, .5, 1.5, 1, 1, 2, .7, 1.2, 1, .8, 1, 1.6, 1, .9, 1.1, 1, 2, 1, .6 }
  local by = {}
  for i = 1, 20 do by[i] = i % 2 == 1 and "a" or "b" end
  t.near(small(time, event, by, { weights = weights }).chisq, 1.262627607857, 1e-11,
    "weighted, Breslow's means at ties")
  t.near(small(time, event, by, { weights = weights, efron = true }).chisq, 1.143712272075, 1e-11,
    "and Efron's, as svylogrank")
end

t.is(small({}, {}, {}).df, 0, "no rows: nothing to compare")
-- By hand: of two at risk 1 - 1 / 2, with the variance 1 / 4.
t.near(small({ 1, 2 }, { 1, 1 }, { "a", "b" }).chisq, 1, 1e-15, "two rows")
t.is(small({ 1, 2 }, { 0, 0 }, { "a", "b" }).chisq, nil, "no events: no statistic")
t.is(small({ 1, 2 }, { 1, 1 }, { "a", "a" }).df, 0, "one group has rows: nothing to compare")
local far = {}
local days, dead, arm = {}, {}, {}
for i = 1, 4000 do days[i], dead[i], arm[i] = i, 1, i <= 2000 and "a" or "b" end
far = small(days, dead, arm)
t.ok(far.log10_p < -300, "the logarithm of a tiny p is known")

-- Days of a large cohort take the table, times in other units the sort: one answer.
local scaled = {}
for i = 1, 4000 do
  days[i] = i * 7919 % 365
  scaled[i] = days[i] / 7
  arm[i] = i % 3 == 0 and "a" or "b"
  dead[i] = i % 2
end
t.near(small(days, dead, arm).chisq, small(scaled, dead, arm).chisq, 1e-12,
  "the table of days equals the sort")

-- The largest of several normal variables: closed forms.
local tail, upper = core.logrank.max_tail, core.dist.norm_upper
t.near(tail({ 1 }, 2.5), 2 * upper(2.5), 1e-14, "one variable")
t.near(tail({ 1, 0, 0, 1 }, 2), 1 - (1 - 2 * upper(2)) ^ 2, 1e-8, "two independent ones")
t.near(tail({ 1, 1, 1, 1, 1, 1, 1, 1, 1 }, 4), 2 * upper(4), 1e-14, "three that are one")
t.near(tail({ 1, -1, -1, 1 }, 4), 2 * upper(4), 1e-14, "two that are opposite")
local cube = {}
for i = 1, 9 do cube[i] = i % 4 == 1 and 1 or 0 end
t.near(tail(cube, 20), 6 * upper(20), 1e-6, "the tail keeps its digits when it is tiny")
t.is(tail({ 1, 2, 2, 1 }, 1), nil, "no correlation matrix")

-- Four Fleming-Harrington tests, of which one is a sum of two others: quadrature in R over (0,1) and
-- (1,0) with (1,1) in closed form, 60-point Gauss-Legendre on panels cut at the kinks;
-- mvtnorm::pmvnorm gives 9.83998e-4 +- 3e-8.
local a, b, c, d, e, f = 0.840680223222446, 0.926749176742413, 0.919348938396786, 0.871519863764597,
  0.559816455597053, 0.784859166767913
t.near(tail({ 1, a, b, c, a, 1, d, e, b, d, 1, f, c, e, f, 1 }, 3.56569087291055),
  9.8399846204147e-4, 1e-10, "four tests of rank three")

-- Two copies of each row under one cluster, as its weight of 2; a cluster of rows that have no
-- group does not count.
local function weighted(time, status, by, opt)
  opt.by = by
  return core.logrank.test(core.surv.new { time = time, status = status }, opt)
end
local heavy = weighted({ 1, 2, 2, 4, 5, 6 }, { 1, 1, 1, 0, 1, 1 }, { 1, 2, 1, 2, 1, 2 },
  { weights = { 2, 1, 2, 1, 1, 2 }, efron = false })
local split = weighted({ 1, 2, 2, 4, 5, 6, 1, 2, 6, 9 }, { 1, 1, 1, 0, 1, 1, 1, 1, 1, 1 },
  core.column.factor({ "a", "b", "a", "b", "a", "b", "a", "a", "b",
  n = 10 }, { "a", "b" }), { weights = { 1, 1,
  1, 1, 1, 1, 1, 1, 1, 1 }, cluster = { 1, 2, 3, 4, 5, 6, 1, 3, 6, 7 } })
t.near(split.chisq, heavy.chisq, 1e-12, "copies of a row in one cluster are its weight")

local lr = require "lunation.surv.logrank"
local function combo(time, status, by, opt)
  opt = opt or {}
  opt.by = core.column.factor(by, { "a", "b" })
  return lr.maxcombo({ surv = core.surv.new { time = time, status = status } }, opt)
end
t.is(combo({ 1, 2 }, { 0, 0 }, { "a", "b" }).p, nil, "MaxCombo without events: no p-value")
t.match(tostring(combo({}, {}, {})), "not estimable", "and no rows say so")
local single = combo({ 1, 2, 3, 4, 5, 6 }, { 1, 1, 1, 0, 1, 1 }, { "a", "b", "a", "b", "a", "b" },
  { tests = { { 0, 0 } } })
local usual = small({ 1, 2, 3, 4, 5, 6 }, { 1, 1, 1, 0, 1, 1 }, { "a", "b", "a", "b", "a", "b" })
t.near(single.p, usual.p, 1e-12, "one weight: the log-rank test itself")
t.done()
