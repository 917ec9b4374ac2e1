-- SPDX-License-Identifier: GPL-3.0-or-later
-- Expected numbers: reference case location-tests (R 4.2.2); R for those marked.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local ranktest = require "lunation.stat.ranktest"
local R = core.ranktest

local x, y = { 1.1, 2.3, 3.7, 5.9, 8.2 }, { 2.2, 4.1, 6.6, 9.4, 10.5, 12.1 }
local mw = R.mann_whitney(x, y, { limits = true })
t.is(mw.stat, 7.0, "U")
t.near(mw.p, 0.177489177489177, 1e-12, "exact Mann-Whitney")
t.near(mw.estimate, -3.25, 1e-12, "Hodges-Lehmann")
t.near(mw.lower, -8.4, 1e-12, "its lower limit")
t.near(mw.upper, 1.8, 1e-12, "its upper limit")
t.ok(mw.exact, "says it is exact")

local d = {}
local a = { 1.8, 0.5, 1.6, 2.5, 1.7, 1.9, 1.1, 3.1, 1.3 }
local b = { 0.9, 0.6, 1.1, 2, 1.1, 1.3, 1.06, 1.29, 1.06 }
for i = 1, #a do d[i] = a[i] - b[i] end
local sr = R.signed(d, { exact = "auto" })
t.is(sr.stat, 43.0, "V")
t.near(sr.p, 0.0176173722345188, 1e-12, "signed rank p with ties: normal, corrected")
t.is(sr.exact, false, "says it is not exact")
-- 2^-5 * 2 by hand: all five positive
t.near(R.signed({ 1, 2, 3, 4, 5 }).p, 2 / 32, 1e-14, "exact signed rank by hand")
t.is(R.signed({ 0, 0 }).p, nil, "no differences: not defined")

-- n = 40 against 45: exact distribution against R's pwilcox
local many_x, many_y = {}, {}
for i = 1, 40 do many_x[i] = i * 1.7 % 31.1 + i * 1e-4 end
for i = 1, 45 do many_y[i] = i * 2.3 % 29.3 + 3 + i * 1e-5 end
local big = R.mann_whitney(many_x, many_y)
t.ok(big.exact and big.p > 0 and big.p <= 1, "exact for 40 against 45")
local big_no = R.mann_whitney(many_x, many_y, { exact = "no" })
t.near(big.p, big_no.p, 0.05, "the normal approximation is near the exact p")

t.fails(function() R.mann_whitney({ 1, 2, 2 }, { 2, 3 }, { exact = "yes" }) end, "tied",
  "exact with ties is refused")
t.is(R.mann_whitney({ 1, 1 }, { 1, 1 }).p, nil, "all tied: not defined")
t.is(R.mann_whitney({}, { 1 }).p, nil, "an empty group: not defined")
t.is(R.mann_whitney({ 1, 0 / 0, 3 }, { 2 }).missing, 1, "missing values are counted")

-- Welch and Student by hand on 1..5 against 3..9 (R: t.test(1:5, 3:9))
local w = R.ttest({ 1, 2, 3, 4, 5 }, { 3, 4, 5, 6, 7, 8, 9 })
t.near(w.t, -3 / math.sqrt(2.5 / 5 + (28 / 6) / 7), 1e-14, "Welch t by hand")
t.near(w.df, (0.5 + 2 / 3) ^ 2 / (0.25 / 4 + (2 / 3) ^ 2 / 6), 1e-14,
  "Welch degrees of freedom by hand")
t.is(R.ttest({ 1, 1 }, { 1, 1 }).p, nil, "no spread: not defined")
t.is(R.ttest({ 1 }, { 1, 2 }).p, nil, "one value: not defined")

-- R: kruskal.test(list(1:3, 4:6)) chi-squared = 3.8571
local g = core.column.factor({ "a", "a", "a", "b", "b", "b" })
local values = core.column.number({ 1, 2, 3, 4, 5, 6 })
t.near(R.kruskal(values, g).stat, 27 / 7, 1e-13, "Kruskal-Wallis by hand")
t.near(R.anova(values, g).stat, 13.5, 1e-13, "analysis of variance by hand")
t.near(R.anova(values, g).p, R.ttest(values, g, { pooled = true }).p, 1e-12, "F is the square of t")
t.near(R.anova(values, g, true).p, R.ttest(values, g).p, 1e-12, "so it is for Welch")
t.is(R.kruskal(values, core.column.factor({ "a", "a", "a", "a", "a", "a" })).p, nil,
  "one group: not defined")
t.near(R.correlation({ 1, 2, 3, 4 }, { 1, 3, 2, 4 }).r, 0.8, 1e-14, "Pearson by hand")
t.near(R.correlation({ 1, 2, 3, 4 }, { 1, 30, 2, 400 }, "spearman").r, 0.8, 1e-14,
  "Spearman by hand")
t.is(R.correlation({ 1, 1, 1 }, { 1, 2, 3 }).r, nil, "no spread: no correlation")

local r = ranktest.compare(values, g)
t.match(r, "Mann%-Whitney", "two groups: Mann-Whitney")
t.match(r.convention, "exact", "says how")
t.near(r.p, 0.1, 1e-12, "exact p by hand: 2 / 20")
t.fails(function()
  ranktest.compare(values, core.column.factor({ "a", "b", "c", "a", "b", "c" }), { test = "welch" })
end,
  "two groups", "Welch of three groups")
t.match(ranktest.compare(values, core.column.factor({ "a", "b", "c", "a", "b", "c" })), "Kruskal",
  "three groups: Kruskal-Wallis")

-- --- the reference case, where the data are ------------------------------------------------------
local shared = t.shared()
if not shared then
  t.skip("../shared is missing")
  t.done()
end
local function read(path)
  local out, names = {}, {}
  for line in io.lines(path) do
    local cells = {}
    for cell in (line .. ","):gmatch("([^,]*),") do cells[#cells + 1] = cell:match('^"?(.-)"?$') end
    if #names == 0 then names = cells else
      for i, name in ipairs(names) do
        out[name] = out[name] or {} table.insert(out[name], cells[i])
      end
    end
  end
  return out
end
local h = read(shared .. "/reference/stats/data/hcc_sim.csv")
local function numbers(list, f)
  local out = {}
  for i, v in ipairs(list) do
    out[i] = tonumber(v) and (f or function(z) return z end)(tonumber(v)) or 0 / 0
  end
  return core.column.number(out)
end
local haic, regimen = core.column.factor(h.haic),
  core.column.factor(h.regimen, { "TKI+PD1", "HAIC+TKI+PD1", "TACE+TKI+PD1" })
local afp, nlr = numbers(h.afp, math.log), numbers(h.nlr)
local welch = R.ttest(afp, haic)
t.near(welch.t, 0.555207541454141, 1e-9, "reference: Welch t")
t.near(welch.df, 336.615535802396, 1e-9, "reference: its degrees of freedom")
t.near(welch.p, 0.579121473188786, 1e-9, "reference: its p")
t.near(welch.lower, -0.339195988025314, 1e-9, "reference: its lower limit")
local pooled = R.ttest(afp, haic, { pooled = true })
t.near(pooled.p, 0.576597618843113, 1e-9, "reference: pooled p")
t.near(pooled.upper, 0.602775513756919, 1e-9, "reference: pooled upper limit")
local ref = R.mann_whitney(nlr, haic, { exact = "no", limits = true, tolerance = 1e-4 })
t.is(ref.stat, 11585.0, "reference: U")
t.near(ref.p, 0.0236964473748164, 1e-9, "reference: Mann-Whitney p with correction")
t.near(R.mann_whitney(nlr, haic, { exact = "no", correct = false }).p, 0.0236607287778722, 1e-9,
  "reference: without correction")
t.near(ref.estimate, -0.349997567100377, 1e-7, "reference: Hodges-Lehmann where R stops")
t.near(ref.lower, -0.659974928903015, 1e-7, "reference: its lower limit")
t.near(ref.upper, -0.0499860895233731, 1e-7, "reference: its upper limit")
t.near(R.mann_whitney(nlr, haic, { exact = "no", limits = true }).estimate, -0.35, 1e-12,
  "all digits of Hodges-Lehmann")
local kw = R.kruskal(nlr, regimen)
t.near(kw.stat, 5.42249742060287, 1e-9, "reference: Kruskal-Wallis")
t.near(kw.p, 0.066453773372132, 1e-9, "reference: its p")
t.near(R.anova(afp, regimen).stat, 0.70235641401748, 1e-9, "reference: F")
t.near(R.anova(afp, regimen).p, 0.496099770310421, 1e-9, "reference: its p")
local wa = R.anova(afp, regimen, true)
t.near(wa.stat, 0.649325746412242, 1e-9, "reference: Welch F")
t.near(wa.df2, 160.810373265743, 1e-9, "reference: its degrees of freedom")
local sp = R.correlation(numbers(h.age), numbers(h.size_cm), "spearman")
t.near(sp.r, 0.038153497846476, 1e-9, "reference: Spearman")
t.near(sp.p, 0.470505437791844, 1e-9, "reference: its p")
t.done()
