-- SPDX-License-Identifier: GPL-3.0-or-later
-- Expected numbers: R 4 (splines::ns, model.matrix, round); rcs by hand.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local column, new = core.column, core.design.new

local data = core.table.new {
  { "age", column.number { 40, 55, 61, 70, 48, 66, 52, 59, 63, 45 } },
  { "afp", column.number { 10, 200, 35, 400, 7, 90, 1200, 55, 300, 20 } },
  { "bclc", column.factor({ "B", "C", "B", "C", "A", "C", "B", "A", "C", "B" },
    { "A", "B", "C", "D" }) },
  { "sex", column.factor({ "m", "f", "m", "m", "f", "f", "m", "m", "f", "m" }, { "m", "f" }) },
  { "ecog", column.integer { 0, 1, 2, 0, 1, 2, 0, 1, 2, 0 } },
  { "site", column.text { "s2", "s1", "s2", "s1", "s2", "s1", "s2", "s1", "s2", "s1" } },
  { "start", column.date { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 } },
  { "t k", column.number { 0, 1, 2, 4, 5, 6, 3, 2, 1, 0 } },
}

local function names(terms, opt) return table.concat(new(terms, data, opt).names, " | ") end

t.is(names("age + bclc"), "age | bclc: B | bclc: C",
  "treatment contrasts; the empty level D has no column")
t.is(names("age", { intercept = true }), "(intercept) | age", "intercept")
t.is(names("bclc*sex"), "bclc: B | bclc: C | sex: f | bclc: B × sex: f | bclc: C × sex: f",
  "a*b as in R")
t.is(names("bclc:sex"), "bclc: A × sex: m | bclc: B × sex: m | bclc: C × sex: m | bclc: A × sex: \z
  f | bclc: B × sex: f | bclc: C × sex: f",
  "a:b alone has all cells, as in R")
t.is(names("age + bclc:sex + age:sex"),
  "age | bclc: A × sex: m | bclc: B × sex: m | bclc: C × sex: m | bclc: A × sex: f | "
  .. "bclc: B × sex: f | bclc: C × sex: f | age × sex: f", "margins decide the coding, as in R")
t.is(names("age:sex + sex + age"), "sex: f | age | age × sex: f", "main effects first")
t.is(names("sex + sex + age + age"), "sex: f | age", "a term counts once")
t.is(names("(age + sex):ecog"), "age × ecog | sex: m × ecog | sex: f × ecog", "brackets")
t.is(names("factor(ecog) + log2(afp) + I(age/10) + I(age > 60)"),
  "ecog: 1 | ecog: 2 | log2(afp) | age/10 | age > 60: true",
  "labels of functions")
t.is(names("site + `t k`"), "site: s2 | t k", "text as a factor, odd names")
t.is(names("ns(age, 2) + rcs(age, {45, 55, 65})"),
  "ns(age, 2): 1 | ns(age, 2): 2 | rcs(age, {45, 55, 65}): 1 | rcs(age, {45, 55, 65}): 2",
  "splines")
t.is(names("1"), "", "the intercept alone")
t.is(names("y ~ age"), "age", "the response is not part of the matrix")

local d = new("age + bclc:sex + age:sex", data)
t.is(d.x and d:x(7)[6], 1, "cell C f in row 6") t.is(d:x(8)[6], 66,
  "age × f in row 6") t.is(d:x(8)[7], 0, "age × f in row 7")
t.is(table.concat(d.terms, " "), "age bclc × sex age × sex", "terms")
t.is(table.concat(d.term, " "), "1 2 2 2 2 2 2 3", "term of each column")
t.is(new("age", data, { intercept = true }).term[1], 0, "the intercept belongs to no term")

local ns = {
  { 0, 0, 0 }, { 0.26119956403044636, 0.4955018370091899, -0.32416171849995379 },
  { 0.57303873208888834, 0.3308838037333348, -0.05392253582222318 },
  { -0.14285714285714288, 0.4285714285714286, 0.71428571428571419 },
  { -0.08730742246485601, 0.4650968705691712, -0.31006458037944745 },
  { 0.30212058631703353, 0.3435696539432753, 0.34114103545985586 },
  { 0.04784248213926817, 0.5421868392964811, -0.36145789286432073 },
  { 0.52732896215875957, 0.3752637504039877, -0.17175790950572198 },
  { 0.52319537443570874, 0.3167650426736698, 0.08946345120337887 },
  { -0.09088662350733470, 0.3222630451251787, -0.21484203008345246 },
}
local function same(design, expected, name)
  local worst = 0
  for i, row in ipairs(expected) do
    for j, v in ipairs(row) do worst = math.max(worst, math.abs(design:x(j)[i] - v)) end
  end
  t.ok(worst < 1e-14, name)
end
same(new("ns(age, 3)", data), ns, "ns(age, 3) as R")
t.near(new("ns(age, 1)", data):x(1)[2], 0.4008918628686365, 1e-14, "ns(age, 1) as R")

local base = new("ns(age, {50, 60})", data)
t.near(base:x(1)[2], 0.32047336159706152, 1e-14, "ns with knots as R")
local other = core.table.new { { "age", column.number { 30, 50, 90 } } }
same(base:like(other), { { 0.25354627641855493, -0.7606388292556648, 0.5070925528371099 },
  { -0.01426894618379851, 0.5428068385513956, -0.3618712257009303 },
  { -2.28571428571428514, 0.8571428571428550, 2.4285714285714297 } },
  "ns on other rows, linear beyond the boundary, as R's predict")

local rcs = new("rcs(`t k`, {0, 1, 3})", data)
t.near(rcs:x(2)[3], 6.5 / 9, 1e-14, "rcs at 2") t.near(rcs:x(2)[4], 24 / 9, 1e-14, "rcs at 4")
t.near(rcs:x(2)[6] - rcs:x(2)[5], 1, 1e-13, "rcs is linear beyond the last knot")

-- strata, cluster, offset
local s = new("age + strata(sex, bclc) + cluster(site) + offset(ecog * 2) + offset(ecog)", data)
t.is(s.p, 1, "specials are not in the matrix")
t.is(s.strata[1] .. "; " .. s.strata[2], "m, B; f, C", "strata cells")
t.is(table.concat(s.strata.levels, "; "), "m, A; m, B; m, C; f, A; f, C",
  "cells that occur, in level order")
t.is(s.cluster[1], "s2", "cluster") t.is(s.offset[3], 6, "offsets add up")
t.is(new("age", data).strata, nil, "no strata")
local twice = new("age + strata(sex) + strata(bclc)", data)
t.is(table.concat(twice.strata.levels, "; "), "m, A; m, B; m, C; f, A; f, C",
  "two strata() are crossed")
t.is(twice.formula.variables[2].inner, "sex, bclc", "and named together")

-- splines::ns(c(30, 45, 70, 90), knots = c(45, 60), Boundary.knots = c(35, 80)) of R 4.2
local edges = core.table.new { { "age", column.number { 30, 45, 70, 90 } } }
same(new("ns(age, {45, 60}, {35, 80})", edges), {
  { 0.12086118252468814, -0.33236825194289232, 0.21150706941820419 },
  { -0.10318267899705096, 0.52819681168633448, -0.33612524380039466 },
  { 0.36448988680394018, 0.33892265255900594, 0.26484142889102225 },
  { -0.73118279569892464, 0.51075268817204256, 1.22043010752688219 } },
    "ns with boundary knots as R, linear beyond them")

-- missing values
local holes = core.table.new {
  { "x", column.number { 1, nil, 3, 4, n = 4 } },
  { "g", column.factor({ "a", "b", nil, "c", n = 4 }, { "a", "b", "c" }) },
}
local h = new("x + g", holes, { also = { { "time", column.number { 1, nil, 1, 1, n = 4 } } } })
t.is(h.n, 2, "complete rows") t.is(h.dropped, 2, "rows left out")
t.is(h.rows[1] .. " " .. h.rows[2], "1 4", "rows used")
local all = new("x + g", holes, { all_rows = true })
t.is(all.n, 4, "all rows keep their place") t.is(all.dropped, 2,
  "those with something missing are counted")
t.is(table.concat(all.names, " "), "x g: b g: c", "and so do levels")
t.is(all:x(1)[2], nil, "a missing number is missing") t.is(all:x(3)[3], nil, "so is a level")
t.is(table.concat(all:levels(2), " "), "a b c", "levels of a term") t.is(all:factor(2)[4], "c",
  "its level in a row")
t.is(all:levels(1), nil, "a number has none")
t.is(table.concat(h.names, " "), "x g: c", "a level that only incomplete rows have gets no column")
t.is(#h.drops, 3, "missing values by column") t.is(h.drops[3].name .. h.drops[3].n, "time1", "also")
t.fails(function() new("g", holes:gather { 1, 1 }) end, "all 2 rows have the same value %(a%)",
  "one level")
t.fails(function() new("x", holes:gather { 2 }) end, "no row has a value", "no complete row")

-- other rows
local fit = new("bclc + age", data)
local two = core.table.new { { "age", column.number { 1, 2 } },
  { "bclc", column.factor({ "C", "B" }, { "C", "B" }) } }
t.is(fit:like(two):x(2)[1], 1, "levels by name, not by code")
t.fails(function()
  fit:like(core.table.new { { "age", column.number { 1 } },
    { "bclc", column.factor({ "D" }, { "D" }) } })
end, 'row 1: the model knows no level "D"', "unknown level")

-- the parsed form
local f = core.design.parse("response == 'CR' ~ log2(afp) + a:b + strata(c, d)")
t.is(f.response, "response == 'CR'", "response")
t.is(f.variables[4].kind, "strata", "kind") t.is(table.concat(f.variables[4].columns, " "), "c d",
  "columns read")
t.is(#f.terms, 2, "terms of the matrix")

local function mistake(terms, pattern, at)
  local e = t.fails(function() new(terms, data) end, pattern, "refused: " .. terms)
  t.is(type(e) == "table" and e.column, at, "place: " .. terms)
end
mistake("age + ", "found \"the end\", expected a variable", 7)
mistake("age + agee", 'no column "agee": did you mean "age"', 7)
mistake("age - sex", "expected %+, :, %* or the end", 5)
mistake("age + start", "start is a date", 7)
mistake("ns(age, 2.5)", "whole number", 9)
mistake("ns(age)", "wrong number of arguments", 1)
mistake("strata(sex):age", "cannot be part of an interaction", 1)
mistake("ns(age, {50}, {80, 30})", "boundary knots are 80 and 30", 1)
mistake("ns(age, {50}, 40)", "two boundary knots", 14)
mistake("age > 60", "found \">\"", 5)
mistake("log2(afp", "expected %)", 9)
mistake("lg2(afp)", 'no function "lg2"', 1)
mistake("ns(age, {10, 50})", "does not lie between 40 and 70", 1)
mistake("log(ecog)", "row 1: log%(0%) is not a finite number", 1)
t.fails(function() new("age", data, { intercpt = true }) end, "did you mean", "unknown option")

d, ns, base, other, rcs, s, holes, h, all, twice, edges, fit, two, f, data = nil
collectgarbage() collectgarbage()
t.is(core.blocks(), 0, "no block left")
t.done()
