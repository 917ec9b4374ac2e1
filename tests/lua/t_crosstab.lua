-- SPDX-License-Identifier: GPL-3.0-or-later
-- Expected numbers: reference case orr-compare (R 4.2.2), R's documentation, and by hand.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local crosstab = require "lunation.stat.crosstab"

local T = { { 155, 41 }, { 103, 61 } }
local f = core.crosstab.fisher(T, 0.95, true)
t.near(f.p, 0.000956710148573548, 1e-11, "Fisher p")
t.near(f.less, 0.999793358354074, 1e-11, "Fisher one-sided")
t.near(f.odds_ratio, 2.23379449145487, 1e-9, "conditional odds ratio where R stops")
t.near(f.lower, 1.36690088867444, 1e-9, "lower limit where R stops")
t.near(f.upper, 3.67919572524791, 1e-9, "upper limit where R stops")
-- R with uniroot(tol = 1e-15)
local e = core.crosstab.fisher(T)
t.near(e.odds_ratio, 2.23378378977291, 1e-12, "conditional odds ratio, all digits")
t.near(e.lower, 1.36689991518098, 1e-12, "lower limit, all digits")
t.near(e.upper, 3.67920420116219, 1e-12, "upper limit, all digits")
-- Fisher's tea: R's help page, p = 0.4857143, odds ratio 6.408309
local tea = core.crosstab.fisher({ { 3, 1 }, { 1, 3 } })
t.near(tea.p, 34 / 70, 1e-13, "tea tasting")
t.near(tea.greater, 17 / 70, 1e-13, "tea tasting, one-sided")
t.near(tea.odds_ratio, 6.408309, 1e-5, "tea tasting, odds ratio")
local zero = core.crosstab.fisher({ { 0, 5 }, { 7, 0 } })
t.near(zero.p, 1 / 792, 1e-12, "the most extreme table")
t.is(zero.lower, 0.0, "lower limit 0")
t.ok(zero.upper < 0.3 and zero.upper > 0.29, "upper limit")
local empty = core.crosstab.fisher({ { 0, 0 }, { 3, 4 } })
t.is(empty.p, 1.0, "an empty margin: p = 1")
t.is(empty.odds_ratio, nil, "an empty margin: no odds ratio")
-- log p of R's sum(dhyper(., log)) over the 11 tables of the tail: below the range of a double
t.is(core.crosstab.fisher({ { 3000, 10 }, { 10, 4000 } }).p, 0.0,
  "a p-value below 1e-308 is 0, not an error")

-- R fisher.test: Job (Agresti 2002, R's help page) p = 0.7827; small table by hand
local job = { { 1, 2, 1, 0 }, { 3, 3, 6, 1 }, { 10, 10, 14, 9 }, { 6, 7, 12, 11 } }
t.near(core.crosstab.fisher_rxc(job), 0.7826849389656, 1e-10, "4 x 4, R's Job satisfaction")
t.near(core.crosstab.fisher_rxc({ { 3, 1 }, { 1, 3 } }), 34 / 70, 1e-12, "2 x 2 agrees")

t.near(core.crosstab.chisq(T).stat, 11.6497920779202, 1e-12, "chi-square")
t.near(core.crosstab.chisq(T).p, 0.000642097113863474, 1e-11, "its p")
t.near(core.crosstab.chisq(T, true).stat, 10.8619897193137, 1e-12, "Yates")
t.near(core.crosstab.chisq(T, true).p, 0.000981581754847804, 1e-11, "its p")
t.is(core.crosstab.chisq({ { 3, 0 }, { 5, 0 } }).p, nil, "one column: not defined")
t.near(core.crosstab.chisq({ { 1e8, 0 }, { 0, 1e8 } }).log_p, -1e8 - 0.5 * math.log(math.pi * 1e8),
  1e-9, "log p far beyond a double")
t.near(core.crosstab.chisq({ { 10, 0, 5 }, { 0, 0, 0 }, { 4, 0, 9 } }).df, 1, 0,
  "empty rows and columns do not count")

-- R's help page of mantelhaen.test, UCBAdmissions: X-squared = 1.5246 (no correction), common odds
-- ratio 0.9046968
local ucb = {
  { { 512, 313 }, { 89, 19 } }, { { 353, 207 }, { 17, 8 } }, { { 120, 205 }, { 202, 391 } },
  { { 138, 279 }, { 131, 244 } },
  { { 53, 138 }, { 94, 299 } }, { { 22, 351 }, { 24, 317 } } }
local cmh = core.crosstab.cmh(ucb)
t.near(cmh.odds_ratio, 0.9046968, 1e-6, "common odds ratio")
t.near(cmh.lower, 0.7719074, 1e-6, "its lower limit")
t.near(cmh.upper, 1.0603298, 1e-6, "its upper limit")
t.near(core.crosstab.cmh(ucb, true).stat, 1.4269, 1e-4, "with correction")
t.is(core.crosstab.cmh({ { { 1, 0 }, { 0, 0 } } }).p, nil, "a stratum of one patient")

-- R's help page of prop.trend.test: smokers, X-squared = 8.2249, p = 0.004132
local trend = core.crosstab.trend({ 83, 90, 129, 70 }, { 86, 93, 136, 82 }, { 1, 2, 3, 4 })
t.near(trend.stat, 8.2249, 1e-5, "Cochran-Armitage")
t.near(trend.p, 0.004132, 1e-4, "its p")
t.near(core.crosstab.mcnemar(150, 86, true).stat, 63 ^ 2 / 236, 1e-12, "McNemar by hand")
t.near(core.crosstab.mcnemar(1, 5).exact, 2 * 7 / 64, 1e-12, "exact McNemar by hand")

-- Fleiss, Cohen & Everitt 1969: kappa of perfect agreement; a 2 x 2 by hand
t.near(core.crosstab.kappa({ { 20, 5 }, { 10, 15 } }).kappa, 0.4, 1e-12, "kappa by hand")
t.near(core.crosstab.kappa({ { 20, 0 }, { 0, 15 } }).kappa, 1, 1e-12, "perfect agreement")
t.near(core.crosstab.kappa({ { 20, 5 }, { 10, 15 } }, "quadratic").kappa, 0.4, 1e-12,
  "2 x 2: weights change nothing")

t.fails(function() core.crosstab.fisher({ { 1, 2, 3 } }) end, "2 x 2", "not 2 x 2")
t.fails(function() core.crosstab.chisq({ { 1, 2 }, { 3 } }) end, "row 2", "ragged")
t.fails(function() core.crosstab.chisq({ { 1, -2 }, { 3, 4 } }) end, "expected a count", "negative")
t.fails(function() core.crosstab.chisq({ { 1, 2.5 }, { 3, 4 } }) end, "expected a count",
  "not whole")

local a = core.column.factor({ "x", "y", "y", nil, "x", n = 5 })
local b = core.column.factor({ "u", "u", "v", "v", nil, n = 5 })
local counts, missing = core.crosstab.count(a, b)
t.is(missing, 2, "missing values are counted")
t.is(counts[2][2], 1, "a cell")
local cohort = { column = function(_, name) return name == "a" and a or b end,
  patients = { label = function(_, n) return n end } }
local c = crosstab.of(cohort, "a", "b")
t.match(c, "missing: 2", "the printed table says so")
t.is(#c:rows(), 6, "rows: four cells, odds ratio, p")
t.match(crosstab.counts(T), "odds ratio .- 2.23 %(1.37–3.68%)", "prints the odds ratio")
collectgarbage()
t.done()
