-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the interactive session offers: completion, help, and tables cut to a width.
local t = dofile "tests/lua/tap.lua"
local complete = require "lunation.repl.complete"
local help = require "lunation.repl.help"
local lun = require "lunation"
local text = require "lunation.report.text"

local env = { lun = lun, print = print, _G = _G }
env.cohort = lun.cohort(lun.read("examples/conversion-surgery/patients.csv", { key = "id",
  columns = { start = "date", death_date = "date", last_contact = "date", age = "number",
    bclc = { "B", "C" } } }))
env.death = env.cohort:endpoint("os", { origin = "start", event = "death_date",
  censor = "last_contact",
  unit = "months" })
env.km = env.death:km { by = "bclc", times = { 6, 12, 24 } }

-- As readline would ask: the word begins after the last of its breaking characters.
local function words(line)
  local from = line:find "[^ \t\n\"'`@$><=;|&{}()%[%]+%-*/%%^~#,?]*$"
  return table.concat(complete.words(env, line, from, #line), " ")
end

t.is(words "pri", "print", "a global")
t.is(words "whi", "while", "a word of the language")
t.is(words "lun.fi", "lun.figure", "a part of the module that is not loaded yet")
t.is(words "lun.figure.fo", "lun.figure.forest", "a figure")
t.is(words "cohort.ag", "cohort.age cohort.aggregate", "a column and a method of a cohort")
t.is(words 'cohort["dia', "diameter", "a column in brackets")
t.is(words 'x = cohort:where("age > 60 and dia', "diameter", "a column in an expression")
t.is(words "cohort:where('true'):derive('y', \"log(dia", "diameter",
  "in the second call of a chain")
t.is(words 'death:cox("age:bcl', "age:bclc", "in a term, for an endpoint's cohort")
t.is(words 'print("dia', "", "no columns where no cohort is meant")
t.is(words "km:me", "km:median", "a method of an object of the core")
t.is(words "km:conf", "", "a field is no method")
t.is(words "km.conf", "km.conf_level km.conf_type", "but a field")
t.is(words "cohort.age:quan", "cohort.age:quantile", "a method of a column")
t.is(words "nothing.of", "", "nothing of nothing")

t.match(help.about(env, "km:at"), "^km:at%(t, label%)\n.*curve at time", "help of a method")
t.match(help.about(env, "death:logrank"), "^endpoint:logrank%(opt%)\n",
  "under the name of its class")
t.match(help.about(env, "km.convention"), "^km.convention\n", "help of a field")
t.match(help.about(env, "km:att"), 'km has no "att": did you mean "at"',
  "help of a method that is not there")
t.match(help.about(env, "cohort"), "methods: .*where.*\n  fields: .*\n  columns: .*age",
  "what an object holds")
t.match(help.about(env, "os"), "endpoint os: Overall survival", "help of an endpoint")
t.match(help.about(env, "child_pugh"), "class child_pugh", "help of a class")
t.match(help.about(env, "lun.read"), "^lun%.read%(path, opt%)", "help of a function of the module")

-- Whole columns are left out, and named.
local wide = tostring(env.km)
t.is(text.within(nil, tostring, env.km), wide, "without a width a table is whole")
t.is(text.within(200, tostring, env.km), wide, "as it is where there is room")
local cut = text.within(60, tostring, env.km)
t.match(cut, "Median, months %(95%% CI%)  …\n",
  "the sign that there is more stands behind the labels")
t.match(cut, "… not shown for want of width: 6 months %(95%% CI%), 12 months",
  "what is left out is named")
local columns, widest = require("lunation.core").text.columns, 0
for line in cut:match "\n(.-)… not":gmatch "[^\n]+" do widest = math.max(widest, columns(line)) end
t.ok(widest <= 60, "no line of the table is wider")
local tall = { { key = "a", label = "A rather long label" }, { key = "b", label = "B" } }
t.match(text.within(10, text.table, tall, { { a = "long enough", b = "1" } }), "^A rath…  …\n",
  "a first column is shortened")
local grouped = text.within(14, text.table, { { key = "a" }, { key = "bb" }, { key = "cccccccc" } },
  {},
  { { from = "bb", to = "cccccccc", label = "two" } })
t.match(grouped, "two\na  bb  …", "the head of a group stays over what is left of it")
t.fails(function() text.within(10, error, "inside") end, "inside", "an error passes")
t.is(tostring(env.km), wide, "and the width is forgotten")
t.done()
