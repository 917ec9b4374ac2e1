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
t.fails(function() return column.number { 1, "2" } end, "element 2: expected a number", "text is no number")
t.fails(function() return column.number { 1, 1 / 0 } end, "row 2: the value is infinite", "infinity refused")
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
t.fails(function() return column.date { "2021-02-29" } end, "element 1: expected a date that exists",
  "a day that does not exist")

local f = column.factor({ "yes", "no", nil, "yes", n = 4 }, { "no", "yes" })
t.is(f[1], "yes", "factor value")
t.is(f[3], nil, "missing level")
t.is(table.concat(f.levels, ","), "no,yes", "declared order")
t.is(table.concat(column.factor({ "b", "a", "Z" }).levels, ","), "Z,a,b", "bytewise order")
t.fails(function() return column.factor({ "no", "maybe" }, { "no", "yes" }) end,
  'row 2: "maybe" is not one of the levels: no, yes', "unknown level")
t.fails(function() return column.factor({}, { "a", "b", "a" }) end, "named twice", "duplicate level")

local s = column.text { "α", nil, "", n = 3 }
t.is(s[1], "α", "text")
t.is(s[2], nil, "missing text")
t.is(s[3], "", "empty text is not missing")
t.match(s, "text column of 3: α %-", "tostring")

x, i, d, f, s = nil, nil, nil, nil, nil
collectgarbage() collectgarbage()
t.is(require("lunation.core").blocks(), 0, "no block left")
t.done()
