-- SPDX-License-Identifier: GPL-3.0-or-later
-- cohort: steps that are counted, linked tables, derived and aggregated columns. Expected values by
-- hand.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local lun = require "lunation"
local table_module = require "lunation.data.table"

local function numbers(list, n)
  list.n = n or #list
  return core.column.number(list)
end

local patients = table_module.new(core.table.new {
  { "id", core.column.text { "a", "b", "c", "d", n = 4 } },
  { "age", numbers({ 50, 60, nil, 70 }, 4) },
}, { key = "id" })
local visits = table_module.new(core.table.new {
  { "id", core.column.text { "b", "a", "b", "d", "b", n = 5 } },
  { "day", numbers { 3, 1, 1, 2, 2 } },
  { "mm", numbers({ 30, 10, 50, 20, nil }, 5) },
}, { key = "id" })
local cohort = lun.cohort(patients, { visits = visits })

t.is(#cohort, 4, "all patients")
t.match(tostring(cohort), "cohort of 4 patients %(4 read%), 1 linked table", "a cohort prints")

-- where: true is kept, false and undecided are counted apart
local old = cohort:where("age >= 60", "60 or older")
t.is(#old, 2, "two are 60 or older")
local step = old:flow()[1]
t.is(step.before, 4, "before the step")
t.is(step.excluded, 1, "one is younger")
t.is(step.missing, 1, "one has no age")
t.is(#cohort, 4, "the first cohort is as it was")
t.is(#old:linked_table "visits", 4, "visits of those who are left")

-- exclude: the undecided stay
local young = cohort:exclude("age >= 60", "no one of 60 or older")
t.is(#young, 2, "the undecided patient stays")
t.is(young:flow()[1].missing, 1, "and is counted")

-- a function where an expression does not do
t.is(#cohort:where(function(p) return p.id == "b" end, "b"), 1, "a condition as a function")
t.fails(function() cohort:where(function(p) return p.agee > 1 end) end, 'no column "agee"',
  "an unknown column in a function")

-- derive
t.is(cohort:derive("decade", "age / 10"):column("decade")[2], 6.0, "a derived number")
t.is(cohort:derive("decade", "age / 10"):column("decade")[3], nil,
  "a missing operand gives a missing value")
local group = cohort:derive("group", "if(age >= 60, 'old', 'young')",
  { levels = { "young", "old" } }):column "group"
t.is(group.levels[1], "young", "levels in the declared order")

-- aggregate
local sums = cohort:aggregate("n", "visits", "count(mm)"):aggregate("first", "visits",
  "first(mm where day >= 2)")
t.is(sums:column("n")[2], 2.0, "count passes over a missing value")
t.is(sums:column("n")[3], nil, "a patient without visits is missing")
t.is(sums:column("first")[2], 30.0, "first in the order of the file, with a condition")
t.fails(function() cohort:aggregate("x", "visits", "mean(mm)") end, "is not an aggregate",
  "an unknown aggregate")
t.fails(function() cohort:aggregate("x", "visit", "max(mm)") end, 'did you mean "visits"',
  "an unknown table")

-- a linked row without a patient
t.fails(function()
  lun.cohort(patients:gather { 1, 2 }, { visits = visits })
end, "table visits: row 4 belongs to no patient", "a stray linked row is refused")
t.fails(function() return cohort.whre end, 'did you mean "where"', "an unknown method")

t.done()
