-- SPDX-License-Identifier: GPL-3.0-or-later
-- Identities of Cox models that hold for any data, over random cohorts of a fixed seed (Therneau's
-- validate vignette has most of them). tests/core/t_cox.c has those of the weighted and the
-- clustered fit.
local t = dofile("tests/lua/tap.lua")
local rows_of = dofile("tests/lua/lists.lua").rows_of
local core = require "lunation.core"
math.randomseed(20)

local ROUNDS, N = 12, 120

-- Tied whole days, a group of three levels, a number, strata, frequencies, entry before the time.
local function cohort()
  local c = { time = {}, start = {}, status = {}, group = {}, x = {}, a = {}, b = {}, strata = {},
    copies = {} }
  for i = 1, N do
    local g = math.random(3)
    c.time[i] = 2 + math.random(40) // (g == 3 and 2 or 1)
    c.start[i], c.status[i] = math.random(0, c.time[i] - 1), math.random() < 0.6 and 1 or 0
    c.group[i], c.a[i], c.b[i] = ("ABC"):sub(g, g), g == 2 and 1 or 0, g == 3 and 1 or 0
    c.x[i], c.strata[i], c.copies[i] = math.random() * 4 - 2, math.random(2), math.random(3)
  end
  return c
end

local function fit(c, columns, opt, late)
  return core.cox.fit(core.surv.new { time = c.time, status = c.status, start = late and c.start
    or nil }, columns, opt)
end

local worst = {}
local function note(name, a, b)
  local scale = math.max(1, math.abs(a))
  worst[name] = math.max(worst[name] or 0, math.abs(a - b) / scale)
end

local function same(name, f, g, factor)
  note(name, f.loglik, g.loglik / (factor or 1))
  for j = 1, #f.coef do
    note(name, f.coef[j], g.coef[j])
    note(name, f.se[j], g.se[j] * math.sqrt(factor or 1))
  end
end

local function columns(c) return { c.a, c.b, c.x } end

local function replicated(c, ties, late)
  local rows = {}
  for i = 1, N do for _ = 1, c.copies[i] do rows[#rows + 1] = i end end
  local r = rows_of(c, rows)
  same("replicated rows are frequencies",
    fit(c, columns(c), { ties = ties, frequency = c.copies, strata = c.strata }, late),
    fit(r, columns(r), { ties = ties, strata = r.strata }, late))
end

-- Each row cut at a time inside it.
local function split(c, ties)
  local rows, cut = {}, {}
  for i = 1, N do
    rows[#rows + 1], cut[#cut + 1] = i, c.start[i] + (c.time[i] - c.start[i]) / 2
    rows[#rows + 1], cut[#cut + 1] = i, false
  end
  local r = rows_of(c, rows)
  for k, at in ipairs(cut) do
    if at then r.time[k], r.status[k] = at, 0 else r.start[k] = cut[k - 1] end
  end
  same("split rows are the rows", fit(c, columns(c), { ties = ties }, true),
    fit(r, columns(r), { ties = ties }, true))
end

local function stratum_copied(c, ties)
  local rows, strata = {}, {}
  for copy = 1, 2 do for i = 1, N do rows[#rows + 1], strata[#strata + 1] = i, copy end end
  local r = rows_of(c, rows)
  same("a copied stratum doubles the likelihood", fit(c, columns(c), { ties = ties }, true),
    fit(r, columns(r), { ties = ties, strata = strata }, true), 2)
end

local function permuted(c, ties)
  local rows = {}
  for i = 1, N do rows[i] = i end
  for i = N, 2, -1 do
    local k = math.random(i)
    rows[i], rows[k] = rows[k], rows[i]
  end
  local r = rows_of(c, rows)
  same("the order of the rows does not matter", fit(c, columns(c), { ties = ties }, true),
    fit(r, columns(r), { ties = ties }, true))
end

-- Powers of two change no rounding of the shifted covariate but that of the shift itself.
local function shifted(c, ties)
  for _, by in ipairs { 1e3, 1e6, 2.0 ^ 40 } do
    local r = rows_of(c,
      (function() local all = {} for i = 1, N do all[i] = i end return all end)())
    for i = 1, N do
      c.x[i] = math.floor(c.x[i] * 256) / 256
      r.x[i], r.time[i], r.start[i] = c.x[i] + by, c.time[i] * 1e-3, c.start[i] * 1e-3
    end
    same("a shift of a covariate and a unit of time change nothing",
      fit(c, columns(c), { ties = ties }, true),
      fit(r, columns(r), { ties = ties }, true))
  end
end

-- The score test at 0 of a group's indicators is the log-rank test. With ties the log-rank variance
-- is the hypergeometric one, that of the exact method; without ties all are the same.
local function logrank(c, strata)
  local by, exact = core.column.factor(c.group, { "A", "B", "C" }),
    { ties = "exact", strata = strata }
  local y = core.surv.new { time = c.time, status = c.status }
  note("the score test is the log-rank test",
    core.logrank.test(y, { by = by, strata = strata and core.factor.factor(
    core.column.integer(strata)) or nil }).chisq,
      core.cox.fit(y, { c.a, c.b }, exact).score.statistic)
end

-- A coefficient that changes at a time is a covariate that is 0 before it, on rows cut there.
local function step(c)
  local at, rows = 10, {}
  for i = 1, N do
    rows[#rows + 1] = i
    if c.start[i] < at and c.time[i] > at then rows[#rows + 1] = i end
  end
  local r, late = rows_of(c, rows), {}
  for k, i in ipairs(rows) do
    if rows[k + 1] == i then r.time[k], r.status[k] = at, 0 end
    if rows[k - 1] == i then r.start[k] = at end
    late[k] = r.start[k] >= at and r.x[k] or 0
  end
  local y = core.surv.new { time = c.time, status = c.status, start = c.start }
  local sets, x, tt = core.cox.expand(y, {}), {}, {}
  for k = 1, #sets.row do
    x[k] = c.x[sets.row[k]]
    tt[k] = sets.time[k] > at and x[k] or 0
  end
  same("risk sets written out are cut rows", fit(r, { r.x, late }, {}, true),
    core.cox.fit(core.surv.new { time = sets.time, status = sets.event }, { x, tt },
      { strata = sets.set }))
end

for _ = 1, ROUNDS do
  local c = cohort()
  for _, ties in ipairs { "efron", "breslow" } do
    replicated(c, ties, false)
    replicated(c, ties, true)
    split(c, ties)
    stratum_copied(c, ties)
    permuted(c, ties)
    shifted(c, ties)
  end
  logrank(c)
  logrank(c, c.strata)
  step(c)
end
local names = {}
for name in pairs(worst) do names[#names + 1] = name end
table.sort(names)
t.is(#names, 7, "every identity was looked at")
for _, name in ipairs(names) do t.ok(worst[name] < 1e-9, name) end
t.done()
