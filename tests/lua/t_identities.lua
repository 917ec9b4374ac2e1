-- SPDX-License-Identifier: GPL-3.0-or-later
-- Identities of curves, tests and subdistribution models that hold for any data, over random
-- cohorts
-- of a fixed seed. t_cox_identities has those of Cox models, tests/core/t_cox.c their threads.
local t = dofile("tests/lua/tap.lua")
local rows_of = dofile("tests/lua/lists.lua").rows_of
local core = require "lunation.core"
math.randomseed(33)

local ROUNDS, N = 8, 150
local TESTS = { "logrank", "gehan", "tarone-ware", "peto", "modified-peto", "fleming-harrington" }

-- Tied whole days, three groups, two causes, entry before the time, copies of a row.
local function cohort(n)
  local c = { time = {}, start = {}, status = {}, group = {}, x = {}, z = {}, strata = {},
    copies = {} }
  for i = 1, n do
    c.time[i] = 2 + math.random(30)
    c.start[i], c.status[i] = math.random(0, c.time[i] - 1), math.random(0, 2)
    c.group[i], c.strata[i], c.copies[i] = math.random(3), math.random(2), math.random(3)
    c.x[i], c.z[i] = math.random(-64, 64) / 32, math.random(0, 1)
  end
  return c
end

local function surv(c, late, any)
  local status = c.status
  if any then
    status = {}
    for i, s in ipairs(c.status) do status[i] = s > 0 and 1 or 0 end
  end
  return core.surv.new { time = c.time, status = status, start = late and c.start or nil }
end

-- --- every number of an estimate, as a list
-- -----------------------------------------------------------

local function flat(out, x)
  if type(x) == "number" then out[#out + 1] = x
  elseif type(x) == "userdata" or type(x) == "table" then
    for i = 1, #x do flat(out, x[i]) end
  end
  return out
end

local function km(c, late, weights, unit)
  local k, out = core.km.fit(surv(c, late, true), { by = c.group, weights = weights }), {}
  for g = 1, 3 do
    local curve = k:_curve(g)
    for i = 1, #curve.time do
      if curve.n_event[i] > 0 then
        flat(out, { curve.time[i] / (unit or 1), curve.survival[i], curve.cumhaz[i],
          curve.se_log[i] < math.huge and curve.se_log[i] or 0, curve.n_risk[i] })
      end
    end
  end
  return out
end

local function logrank(c, late, strata)
  local out, s = {}, surv(c, late, true)
  for _, test in ipairs(TESTS) do
    local r = core.logrank.test(s, { by = c.group, strata = strata, test = test, rho = 0.5,
      gamma = 1 })
    flat(out, { r.chisq, r.observed, r.expected, r.variance })
  end
  return out
end

local function incidence(c, late)
  local r, out = core.cuminc.fit(surv(c, late), { by = c.group }), {}
  for _, curve in ipairs(r.curves) do
    for i = 1, #curve.time do
      if curve.n_event[i] > 0 then
        flat(out, { curve.incidence[i], curve.var_aalen[i], curve.var_jackknife[i] })
      end
    end
  end
  return out
end

local function gray(c, strata)
  local out = {}
  for cause = 1, 2 do
    out[cause] = core.cuminc.gray(surv(c), { by = c.group, strata = strata, cause = cause }).chisq
  end
  return out
end

local function finegray(c, opt, columns)
  local f = core.finegray.fit(surv(c), columns or { c.x, c.z }, opt)
  return flat({}, { f.coef, f.se, f.loglik }), f
end

local function concordance(c)
  local r = core.concord.new(surv(c, false, true), c.x, {})
  return { r.estimate, r.se, r.concordant, r.discordant, r.tied_marker, r.tied_time }
end

-- --- comparisons
-- --------------------------------------------------------------------------------------

local worst = {}
local function note(name, a, b)
  if #a ~= #b or #a == 0 then worst[name] = math.huge end
  for i = 1, #a do
    local apart = math.abs(a[i] - (b[i] or math.huge)) / math.max(1, math.abs(a[i]))
    worst[name] = math.max(worst[name] or 0, apart == apart and apart or math.huge)
  end
end

local function scaled(list, f)
  local out = {}
  for i, v in ipairs(list) do out[i] = v * f end
  return out
end

local function every(c)
  local out = {}
  for i = 1, #c.time do out[i] = i end
  return out
end

local function permuted(c)
  local rows = every(c)
  for i = #rows, 2, -1 do
    local k = math.random(i)
    rows[i], rows[k] = rows[k], rows[i]
  end
  local r = rows_of(c, rows)
  note("Kaplan-Meier: the order of the rows does not matter", km(c, true), km(r, true))
  note("log-rank tests: the order of the rows does not matter", logrank(c, true, c.strata),
    logrank(r, true, r.strata))
  note("Aalen-Johansen: the order of the rows does not matter", incidence(c), incidence(r))
  note("Gray: the order of the rows does not matter", gray(c, c.strata), gray(r, r.strata))
  note("Fine and Gray: the order of the rows does not matter", finegray(c), finegray(r))
  note("concordance: the order of the rows does not matter", concordance(c), concordance(r))
end

local function rescaled(c)
  local r = rows_of(c, every(c))
  r.time, r.start = scaled(c.time, 1e-9), scaled(c.start, 1e-9)
  note("Kaplan-Meier: time has no unit", km(c, true), km(r, true, nil, 1e-9))
  note("log-rank tests: time has no unit", logrank(c, true), logrank(r, true))
  note("Aalen-Johansen: time has no unit", incidence(c), incidence(r))
  note("Gray: time has no unit", gray(c), gray(r))
  note("Fine and Gray: time has no unit", finegray(c), finegray(r))
  note("concordance: time has no unit", concordance(c), concordance(r))
end

local function replicated(c)
  local rows = {}
  for i = 1, #c.time do for _ = 1, c.copies[i] do rows[#rows + 1] = i end end
  local r = rows_of(c, rows)
  note("Kaplan-Meier: copies of rows are frequencies", km(r, true), km(c, true, c.copies))
  local a = core.finegray.fit(surv(r), { r.x, r.z })
  local b = core.finegray.fit(surv(c), { c.x, c.z }, { weights = c.copies })
  note("Fine and Gray: copies of rows are weights", flat({}, { a.coef, a.loglik }),
    flat({}, { b.coef, b.loglik }))
end

-- Each row cut at a time inside it.
local function split(c)
  local rows, cut = {}, {}
  for i = 1, #c.time do
    rows[#rows + 1], cut[#cut + 1] = i, c.start[i] + (c.time[i] - c.start[i]) / 2
    rows[#rows + 1], cut[#cut + 1] = i, false
  end
  local r = rows_of(c, rows)
  for k, at in ipairs(cut) do
    if at then r.time[k], r.status[k] = at, 0 else r.start[k] = cut[k - 1] end
  end
  note("Kaplan-Meier: cut rows are the rows", km(c, true), km(r, true))
  note("log-rank tests: cut rows are the rows", logrank(c, true), logrank(r, true))
  local function estimates(of)
    local out, fit = {}, core.cuminc.fit(surv(of, true), { by = of.group })
    for _, curve in ipairs(fit.curves) do
      for i = 1, #curve.time do
        if curve.n_event[i] > 0 then flat(out, { curve.incidence[i], curve.var_aalen[i] }) end
      end
    end
    return out
  end
  note("Aalen-Johansen: cut rows are the rows", estimates(c), estimates(r))
end

-- Numbers of the rows of a stratum.
local function rows_in(strata, of)
  local out = {}
  for i, s in ipairs(strata) do if s == of then out[#out + 1] = i end end
  return out
end

local function copied(c)
  local rows, strata = {}, {}
  for copy = 1, 2 do
    for i = 1, #c.time do rows[#rows + 1], strata[#strata + 1] = i, copy end
  end
  local r = rows_of(c, rows)
  note("log-rank tests: a copied stratum doubles them", scaled(logrank(c, true), 2),
    logrank(r, true, strata))
  note("Gray: a copied stratum doubles it", scaled(gray(c), 2), gray(r, strata))
  local own = rows_of(r, rows_in(strata, 2))
  note("Kaplan-Meier: a copied stratum has the same curves", km(c, true), km(own, true))
  local a, b = finegray(c, { robust = true }), finegray(r, { strata = strata, robust = true })
  note("Fine and Gray: a copied stratum doubles the likelihood",
    { a[1], a[2], a[3], a[4], 2 * a[5] }, { b[1], b[2], b[3] * math.sqrt(2), b[4] * math.sqrt(2),
      b[5] })
end

local function shifted(c)
  local far = {}
  for i, v in ipairs(c.x) do far[i] = v + 2.0 ^ 40 end
  note("Fine and Gray: a shift of a covariate by 1e12 changes nothing", finegray(c),
    finegray(c, nil, { far, c.z }))
  local r = core.concord.new(surv(c, false, true), far, {})
  note("concordance: a shift of the marker by 1e12 changes nothing", { concordance(c)[1],
    concordance(c)[2] }, { r.estimate, r.se })
end

-- Events that are no event of another cause; the states add up to 1.
local function one_cause(c)
  local only = rows_of(c, every(c))
  for i, s in ipairs(c.status) do only.status[i] = s > 0 and 1 or 0 end
  local k, r = core.km.fit(surv(c, true, true), {}), core.cuminc.fit(surv(only, true), {})
  local both = core.cuminc.fit(surv(c, true), {})
  local curve, aj, a, b = k:_curve(1), r.curves[1], both.curves[1], both.curves[2]
  for i = 1, #curve.time do
    note("Aalen-Johansen of one cause is 1 - Kaplan-Meier", { 1 - curve.survival[i] },
      { aj.incidence[i] })
    note("the incidences and Kaplan-Meier add up to 1", { 1.0 },
      { a.incidence[i] + b.incidence[i] + curve.survival[i] })
  end
  local x = core.column.number(c.x)
  local f = core.finegray.fit(surv(only), { x }, { method = "survival" })
  local g = core.cox.fit(surv(only), { x }, { ties = "breslow" })
  note("Fine and Gray of one cause is Breslow's Cox", { g.coef[1], g.loglik },
    { f.coef[1], f.loglik })
end

for _ = 1, ROUNDS do
  local c = cohort(N)
  permuted(c)
  rescaled(c)
  replicated(c)
  split(c)
  copied(c)
  shifted(c)
  one_cause(c)
end

-- The same bits for any number of threads.
local large = cohort(6000)
local function all()
  local out = {}
  for _, list in ipairs { km(large, true), logrank(large, true), incidence(large), gray(large),
    finegray(large), concordance(large) } do flat(out, list) end
  return out
end
core.threads(1)
local alone, differ = all(), 0
for _, n in ipairs { 2, 7 } do
  core.threads(n)
  for i, v in ipairs(all()) do if v ~= alone[i] then differ = differ + 1 end end
end
core.threads(1)
t.ok(#alone > 500 and differ == 0, "the same bits with 1, 2 and 7 threads")

local names = {}
for name in pairs(worst) do names[#names + 1] = name end
table.sort(names)
for _, name in ipairs(names) do t.ok(worst[name] <= 1e-11,
  ("%s (%.0e)"):format(name, worst[name])) end
t.is(#names, 26, "every identity was tried")
t.done()
