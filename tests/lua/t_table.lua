-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local column, table_new = core.column, core.table.new

local data = table_new {
  { "id", column.text { "a", "b", "c" } },
  { "x", column.number { 1, 2, nil, n = 3 } },
  { "names", column.integer { 7, 8, 9 } },
}
t.is(#data, 3, "rows")
t.is(data.ncol, 3, "columns")
t.is(table.concat(data:names(), " "), "id x names", "names")
t.is(data.x[2], 2, "a column as a field")
t.is(data:column("names")[3], 9, "a column with the name of a method")
t.ok(data:has("x") and not data:has("y"), "has")
t.fails(function() return data.idd end, 'no column "idd": did you mean "id"', "unknown column")
t.fails(function() data.x = 1 end, "read only", "read only")

local some = data:gather { 3, 1, 1 }
t.is(some.id[1] .. some.id[2] .. some.id[3], "caa", "gather with repeats")
t.is(data:gather({ 3, 1, 1 }, 1).nrow, 1, "gather the first n")
t.is(data:gather(column.integer { 2 }).x[1], 2, "gather by a column")
t.fails(function() data:gather { 4 } end, "element 1 .* from 1 to 3", "row beyond the end")
t.fails(function() data:gather { 0 } end, "element 1 .* from 1 to 3", "row 0")

local kept, counts = data:where(core.expr.apply("a > 1", data.x))
t.is(kept.id[1], "b", "where")
t.is(counts.kept + counts["false"] + counts.missing, 3, "where counts every row")
t.is(counts.missing, 1, "where counts missing")

t.is(table.concat(data:select({ "x", "id" }):names(), " "), "x id", "select")
local with = data:with("y", column.number { 1, 2, 3 }):with("x", column.number { 9, 9, 9 })
t.is(table.concat(with:names(), " "), "id x names y", "with adds at the end and replaces in place")
t.is(data.x[1], 1, "the old table is as it was")
t.fails(function() data:with("z", column.number { 1 }) end,
  '"z" has 1 values, the table has 3 rows', "length")
t.fails(function() table_new { { "a", column.number {} }, { "a", column.number {} } } end,
  'named "a": columns 1 and 2', "twice")
t.fails(function() table_new { { "a", 3 } } end, "element 1: expected { name, column }",
  "not a column")

local index = data:index("id")
t.is(index:row("c"), 3, "row of an id")
t.is(index:row("d"), nil, "unknown id")
local match = index:match(column.factor { "c", "z", "a" })
t.is(match[1], 3, "match") t.is(match[2], nil, "no match") t.is(match[3], 1, "match")
t.is(data:index("names"):row(8), 2, "row of a number")
t.fails(function() data:index("id"):match(data.x) end, "a text in one table and a number",
  "texts and numbers")
t.fails(function() some:index("id") end, '"a" is in row 2 and in row 3', "repeated id")
t.fails(function() data:index("x") end, "row 3 has no identifier", "missing id")

local both = core.table.bind { data, some }
t.is(#both, 6, "bind")
t.is(both.id[4], "c", "bind keeps the order")
t.fails(function() core.table.bind { data, data:select { "id", "x" } } end,
  'table 2 has no column "names"', "bind: lacking")
t.fails(function() core.table.bind { data:select { "id" }, data } end, 'table 2 has a column "x"',
  "bind: extra")
local ints = table_new { { "v", column.integer { 1, nil, n = 2 } } }
local nums = table_new { { "v", column.number { 0.5 } } }
t.is(core.table.bind({ ints, nums }).v.type, "number", "integers beside numbers")
t.is(core.table.bind({ ints, nums }).v[2], nil, "bind keeps missing")
t.fails(function() core.table.bind { ints, table_new { { "v", column.text { "a" } } } } end,
  "integer in table 1 and a text in table 2", "bind: types")

data, some, kept, counts, with, index, match, both, ints, nums = nil
collectgarbage() collectgarbage()
t.is(core.blocks(), 0, "no block left")
t.done()
