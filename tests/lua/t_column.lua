-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local column = require("lunation.core").column

local x = column.number { 1, 2.5, nil, 4, n = 4 }
t.is(#x, 4, "length counts holes")
t.is(x.type, "number", "type")
t.is(x[2], 2.5, "value")
t.is(x[3], nil, "a hole is missing")
t.is(x[5], nil, "beyond the end")
t.is(x:totable().n, 4, "totable keeps n")
t.fails(function() return column.number { 1, "2" } end, "element 2: expected a number",
  "text is no number")
t.fails(function() return column.number { 1, 1 / 0 } end, "row 2: the value is infinite",
  "infinity refused")
t.fails(function() return x.levls end, 'did you mean "levels"', "suggestion")

local i = column.integer { 1, nil, -3, n = 3 }
t.is(math.type(i[1]), "integer", "integers stay integers")
t.is(i[2], nil, "missing integer")
t.fails(function() return column.integer { 1.5 } end, "whole number", "1.5 is no integer")

local d = column.date { "2024-02-29", 0, nil, "1969-12-31", n = 4 }
t.is(d[1], "2024-02-29", "leap day")
t.is(d[2], "1970-01-01", "day 0")
t.is(d[3], nil, "missing date")
t.is(d[4], "1969-12-31", "before the epoch")
t.fails(function() return column.date { "2021-02-29" } end,
  "element 1: expected a date that exists",
  "a day that does not exist")

local f = column.factor({ "yes", "no", nil, "yes", n = 4 }, { "no", "yes" })
t.is(f[1], "yes", "factor value")
t.is(f[3], nil, "missing level")
t.is(table.concat(f.levels, ","), "no,yes", "declared order")
t.is(table.concat(column.factor({ "b", "a", "Z" }).levels, ","), "Z,a,b", "bytewise order")
t.fails(function() return column.factor({ "no", "maybe" }, { "no", "yes" }) end,
  'row 2: "maybe" is not one of the levels: no, yes', "unknown level")
t.fails(function() return column.factor({}, { "a", "b", "a" }) end, "named twice",
  "duplicate level")

local s = column.text { "α", nil, "", n = 3 }
t.is(s[1], "α", "text")
t.is(s[2], nil, "missing text")
t.is(s[3], "", "empty text is not missing")
t.match(s, "text column of 3: α %-", "tostring")

-- --- methods: lunation.data.column ---------------------------------------------------------------
require "lunation.data.column"

local function show(col)
  local out = {}
  for k = 1, #col do out[k] = tostring(col[k]) end
  return table.concat(out, " ")
end

local a, b = column.number { 1, 2, nil, 4, n = 4 }, column.integer { 2, nil, 3, 2, n = 4 }
t.is(show(a + 1), "2.0 3.0 nil 5.0", "column + number")
t.is(show(10 - a), "9.0 8.0 nil 6.0", "number - column")
t.is(show(a * b), "2.0 nil nil 8.0", "column * column")
t.is(show(a / 2 ^ b), "0.25 nil nil 1.0", "/ and ^")
t.is(show(-a // 2), "-1.0 -1.0 nil -2.0", "unary minus, //")
t.is(show(a % 2), "1.0 0.0 nil 0.0", "%")
t.is(show(a - -1), "2.0 3.0 nil 5.0", "a negative constant")
t.fails(function() return a / 0 end, "row 1: 1 / 0 is not a finite number", "division by 0")
t.fails(function() return a + "x" end, "is a text, %+ takes a number", "a text does not add")
t.fails(function() return a + column.number { 1 } end, "has 1 values", "lengths")
t.fails(function() return a + {} end, "expected a column", "a table does not add")

t.is(show(a:gt(1)), "false true nil true", "gt")
t.is(show(a:eq(b)), "false nil nil false", "eq of columns")
t.is(show(f:eq("yes")), "true false nil true", "eq of a level")
t.is(show(f:ge("no")), "true true nil true", "level order")
t.fails(function() return f:eq("maybe") end, "not one of the levels: no, yes", "no such level")
t.is(show(d:lt("1970-01-01")), "false false nil true", "a text beside a date is a date")
t.is(show(d:isin { "2024-02-29" }), "true false nil false", "isin of dates")
t.is(show(a:isin { 1, -4, 4 }), "true false nil true", "isin of numbers")
t.is(show(column.text({ "it's", 'a"b', "c\\d" }):isin { "it's", 'a"b', "c\\d" }), "true true true",
  "isin of odd texts")
t.is(show(column.text({ "it's", 'c\\d' }):eq("it's")), "true false", "eq of odd texts")
t.is(show(a:gt(1):land(b:gt(1))), "false nil nil true", "and")
t.is(show(a:gt(1):lor(true)), "true true true true", "or with true")
t.is(show(a:gt(1):lnot()), "true false nil false", "not")
t.is(show(a:is_missing()), "false false true false", "is_missing")
t.is(show(a:gt(1):choose(a, 0)), "0.0 2.0 nil 4.0", "choose")
t.is(show(a:log2()), "0.0 1.0 nil 2.0", "log2")
t.is(show(a:pmax(2)), "2.0 2.0 nil 4.0", "pmax")
t.is(show((a / 3):round(2)), "0.33 0.67 nil 1.33", "round")
-- R 4: round(c(2.675, 0.285, -1.005, 0.15), 2), round(c(0.5, 1.5, 2.5, -1.5))
t.is(show(column.number({ 2.675, 0.285, -1.005, 0.15 }):round(2)), "2.67 0.28 -1.0 0.15",
  "round as R 4")
t.is(show(column.number({ 0.5, 1.5, 2.5, -1.5 }):round()), "0.0 2.0 2.0 -2.0", "round half to even")

-- dates
t.is((d + 1)[1], "2024-03-01", "date + days")
t.is((d - "2024-02-28")[1], 1.0, "date - date")
t.is(d:year()[4], 1969.0, "year")
t.is(d:min(), "1969-12-31", "earliest") t.is(d:max(), "2024-02-29", "latest")

-- summaries; R: quantile(c(1, 2, 4, 7, 11), c(.1, .25, .9)), sd
local v = column.number { 11, 1, nil, 7, 2, 4, n = 6 }
t.is(v:count(), 5, "count") t.is(v:missing(), 1, "missing") t.is(v:sum(), 25.0,
  "sum") t.is(v:mean(), 5.0, "mean")
t.near(v:sd(), 4.06201920231798, 1e-14, "sd") t.is(v:median(), 4.0, "median") t.is(v:min(), 1.0,
  "min") t.is(v:max(), 11.0, "max")
local q1, q2, q3 = v:quantile(0.1, 0.25, 0.9)
t.near(q1, 1.4, 1e-14, "10%") t.is(q2, 2.0, "25%") t.near(q3, 9.4, 1e-14, "90%")
local none = column.number { nil, n = 2 }
t.is(none:mean(), nil, "no mean of nothing") t.is(none:median(), nil,
  "no median of nothing") t.is(none:sum(), 0.0, "sum of nothing")
t.is(column.number({ 3 }):sd(), nil, "no sd of one value")
t.is(f:eq("yes"):mean(), 2 / 3, "share of true")
t.fails(function() return f:mean() end, "a factor column has none", "no mean of a factor")
t.fails(function() return v:quantile(1.5) end, "not between 0 and 1", "p out of range")

-- sums do not lose small values
local many = { n = 100001 }
for k = 1, 100001 do many[k] = k == 1 and 1e15 or 0.1 end
t.near(column.number(many):sum(), 1e15 + 1e4, 1e-13,
  "pairwise sum (one after the other loses 2.5e-12)")

-- factors
local counts = f:counts()
t.is(counts[1].level .. counts[1].n .. " " .. counts[2].level .. counts[2].n .. " "
  .. counts.missing, "no1 yes2 1", "counts")
t.is(table.concat(f:relevel("yes").levels, " "), "yes no", "relevel") t.is(f:relevel("yes")[1],
  "yes", "relevel keeps values")
t.fails(function() return f:relevel("ye") end, 'did you mean "yes"', "relevel: unknown")
t.is(table.concat(f:gather({ 1, 4 }):droplevels().levels, " "), "yes", "droplevels")
t.is(table.concat(f:with_levels({ "?", "yes", "no" }).levels, " "), "? yes no", "with_levels")
t.fails(function() return f:with_levels { "yes" } end, 'row 2: "no" is not one of the new levels',
  "with_levels: lacking")
t.is(table.concat(column.number({ 10, 2, nil, 2, n = 4 }):factor().levels, " "), "2 10",
  "numbers as a factor")
t.is(column.date({ "2024-01-02" }):factor().levels[1], "2024-01-02", "dates as a factor")
t.is(table.concat(column.text({ "b", "a", "b" }):factor().levels, " "), "a b", "texts as a factor")
t.is(f:cross(f:relevel("yes"))[1], "yes, yes", "cross") t.is(#f:cross(f).levels, 2,
  "cells that occur")

local ages = column.number { 18, 40, nil, 65, 80, n = 5 }
t.is(show(ages:cut { 18, 40, 65, 80 }), "[18, 40) [40, 65) nil [65, 80] [65, 80]",
  "cut, closed on the left")
t.is(show(ages:cut({ 18, 40, 65, 80 }, nil, { right = true })),
  "[18, 40] [18, 40] nil (40, 65] (65, 80]", "cut, closed on the right")
t.is(show(ages:cut({ 0, 65, 120 }, { "younger", "older" })), "younger younger nil older older",
  "labels")
t.fails(function() return ages:cut { 20, 90 } end, "row 1: 18 lies outside the breaks 20 to 90",
  "cut: outside")
t.fails(function() return ages:cut { 20, 20 } end, "break 2 is not above break 1", "cut: breaks")
local seen = 0
for row, value in ages:each() do seen = seen + row * (value or 0) end
t.is(seen, 18 + 80 + 260 + 400, "each")

-- laws that hold for any column
local rng = 7
local function random() rng = (rng * 1103515245 + 12345) % 2147483648 return rng / 2147483648 end
local xs, ys = { n = 3000 }, { n = 3000 }
for k = 1, 3000 do
  xs[k] = random() > 0.1 and random() * 100 - 50 or nil
  ys[k] = random() > 0.1 and random() * 100 - 50 or nil
end
local p, q = column.number(xs), column.number(ys)
local function same(l, r)
  for k = 1, #l do if l[k] ~= r[k] then return false end end
  return #l == #r
end
t.ok(same(p + q, q + p), "a + b = b + a")
t.ok(same(p - q, -(q - p)), "a - b = -(b - a)")
t.ok(same(p:lt(q), q:gt(p)), "a < b = b > a")
t.ok(same(p:le(q):lnot(), p:gt(q)), "not a <= b = a > b")
t.ok(same(p:lt(0):land(q:lt(0)):lnot(), p:lt(0):lnot():lor(q:lt(0):lnot())),
  "De Morgan, with missing values")
local lt = p:lt(q)
t.is(lt:sum() + p:ge(q):sum() + lt:missing(), 3000.0, "every row is true, false or missing")
t.ok(same(p:pmin(q) + p:pmax(q), p + q), "min + max = a + b")
local even, odd = {}, {}
for k = 1, 3000 do local half = k % 2 == 0 and even or odd half[#half + 1] = k end
t.near(p:gather(even):sum() + p:gather(odd):sum(), p:sum(), 1e-12, "parts sum to the whole")

t.fails(function() return p > 0.5 end, "col:gt%(50%)", "Lua's > on a column names the methods")
t.fails(function() return p <= q end, "one answer", "and on two")
t.fails(function() return p[0] end, "numbered from 1", "there is no row 0")
t.fails(function() return p[-1] end, "no row %-1", "nor one counted from the end")
t.is(p[3001], nil, "beyond the last row: nil, where a loop ends")

x, i, d, f, s, a, b, v, none, counts, ages, p, q, lt = nil
collectgarbage() collectgarbage()
t.is(require("lunation.core").blocks(), 0, "no block left")
t.done()
