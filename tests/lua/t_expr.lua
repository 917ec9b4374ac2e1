-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"
local column, expr = core.column, core.expr

local data = core.table.new {
  { "age", column.number { 40, 55, nil, 70, n = 4 } },
  { "ecog", column.integer { 0, 1, 2, nil, n = 4 } },
  { "margin", column.factor({ "R0", "R1", nil, "R2", n = 4 }, { "R0", "R1", "R2" }) },
  { "bclc", column.factor({ "B", "C", "B", "C" }, { "A", "B", "C" }) },
  { "start", column.date { "2024-01-31", "2024-02-29", "2023-12-01", nil, n = 4 } },
  { "stop", column.date { "2024-03-01", nil, "2024-12-01", "2024-01-01", n = 4 } },
  { "id", column.text { "p1", "p2", "p3", nil, n = 4 } },
  { "a b", column.number { 1, 2, 3, 4 } },
  { "时间", column.number { 1, 2, 3, 4 } },
}

local function show(col)
  local out = {}
  for i = 1, #col do out[i] = tostring(col[i]) end
  return table.concat(out, " ")
end

local function check(text, expected)
  t.is(show(expr.parse(text):eval(data)), expected, text)
end

-- precedence and arithmetic are Lua's: what Lua itself says is the expected value
for _, text in ipairs { "1 + 2 * 3 ^ 2", "-2 ^ 2", "2 ^ -1", "2 ^ 3 ^ 2", "7 // 2 - 7 % 3",
  "-7 // 2", "-7 % 3",
  "7 % -3", "(1 + 2) * 3", "10 / 4 / 5", "1e3 + .5", "2 * -3", "5.5 % -2",
  "1 < 2 and 3 < 2 or not (2 == 2)",
  "1 ~= 2", "false or true and false", "not true == false" } do
  local value = assert(load("return " .. text))()
  if type(value) == "number" then value = value + 0.0 end
  t.is(tostring(expr.parse(text):eval(data)[1]), tostring(value), "as Lua: " .. text)
end

check("age + 1", "41.0 56.0 nil 71.0")
check("ecog", "0 1 2 nil")
check("`a b` * 2", "2.0 4.0 6.0 8.0")
check("时间 + 0", "1.0 2.0 3.0 4.0")
check("min(age, 50, ecog * 100)", "0.0 50.0 nil nil")
check("max(age, 50)", "50.0 55.0 nil 70.0")
check("round(age / 3)", "13.0 18.0 nil 23.0")
check("round(age / 3, 2)", "13.33 18.33 nil 23.33")

-- three-valued logic: false and missing is false
check("age > 50 and ecog < 2", "false true false nil")
check("age > 50 or ecog < 1", "true true nil true")
check("not (age > 50)", "true false nil false")
check("missing(age) or age > 60", "false false true true")
check("true and age > 50", "false true nil true")

-- factors by level name and level order, in both directions
check("margin == 'R0'", "true false nil false")
check("margin ~= \"R0\"", "false true nil true")
check("margin != 'R0'", "false true nil true")
check("'R1' <= margin", "false true nil true")
check("margin in {'R0', 'R2'}", "true false nil true")
check("margin not in {'R0', 'R2'}", "false true nil false")
check("ecog in {0, -1, 2}", "true false true nil")
check("id == 'p2'", "false true false nil")
check("id in {'p1', \"p3\"}", "true false true nil")
check("margin", "R0 R1 nil R2")
check("margin == bclc", "false false nil false")

-- dates
check("days(start, stop)", "30.0 nil 366.0 nil")
check("stop - start", "30.0 nil 366.0 nil")
check("start + 1", "2024-02-01 2024-03-01 2023-12-02 nil")
check("start >= date('2024-01-31')", "true true false nil")
check("max(start, date('2024-01-31'))", "2024-01-31 2024-02-29 2024-01-31 nil")
check("year(start)", "2024.0 2024.0 2023.0 nil")
t.near(expr.parse("months(start, stop)"):eval(data)[3], 366 / 30.4375, 1e-15,
  "months of 30.4375 days")
t.near(expr.parse("years(start, stop)"):eval(data)[3], 366 / 365.25, 1e-15, "years of 365.25 days")

-- if
check("if(age > 50, 1, 0)", "0.0 1.0 nil 1.0")
check("if(age > 50, 'old', 'new')", "new old nil old")
t.is(table.concat(expr.parse("if(age > 50, 'old', 'new')"):eval(data).levels, " "), "new old",
  "texts of if: bytewise levels")
check("if(bclc == 'B', margin, 'R1')", "R0 R1 nil R1")
t.is(table.concat(expr.parse("if(bclc == 'B', margin, 'R1')"):eval(data).levels, " "), "R0 R1 R2",
  "a level keeps the factor")
check("if(bclc == 'B', nil, age)", "nil 55.0 nil 70.0")
check("if(bclc == 'B', start, stop)", "2024-01-31 nil 2023-12-01 2024-01-01")
check("if(ecog > 0, if(ecog > 1, 'two', 'one'), 'zero')", "zero one two nil")
check("if(missing(id), 'none', id)", "p1 p2 p3 none")
t.is(expr.parse("if(missing(id), 'none', id)"):type(data), "text", "free text stays text")

-- lost numbers: an error where they count, none where they do not
check("if(ecog > 0, log2(ecog), 0)", "0.0 0.0 1.0 nil")
check("ecog > 0 and 1 / ecog > 0.6", "false true false nil")
check("ecog == 0 or 1 / ecog > 0.6", "true true false nil")
t.fails(function() expr.parse("log10(ecog)"):eval(data) end,
  "row 1: log10%(0%) is not a finite number", "log of 0")
t.fails(function() expr.parse("1 / (ecog - 1)"):eval(data) end, "row 2: 1 / 0 is not",
  "division by 0")
t.fails(function() expr.parse("sqrt(`a b` - 2)"):eval(data) end, "row 1: sqrt%(%-1%)",
  "root of a negative number")
t.fails(function() expr.parse("ecog % 0"):eval(data) end, "row 1: 0 %% 0 is not", "modulo 0")
t.fails(function() expr.parse("(0 - `a b`) ^ 0.5"):eval(data) end, "row 1: %-1 %^ 0.5 is not",
  "root of a negative number by ^")
t.fails(function() expr.parse("exp(1000 * `a b`)"):eval(data) end, "row 1: exp%(1000%)", "overflow")
t.fails(function() expr.parse("start + 0.5"):eval(data) end, "row 1: .* not a whole day",
  "half a day")

-- mistakes: where, what, what is meant
local function mistake(text, pattern, column_number)
  local e = t.fails(function() return expr.parse(text):eval(data) end, pattern, "refused: "
    .. text:sub(1, 40))
  t.is(type(e) == "table" and e.column, column_number, "place: " .. text:sub(1, 40))
end
mistake("age >", "found the end, expected a column", 6)
mistake("agee > 3", 'no column "agee": did you mean "age"%?', 1)
mistake("age = 3", "found =, expected ==", 5)
mistake("age > 3 && ecog < 2", "expected and", 9)
mistake("margin == 'R3'", '"R3" is not one of the levels: R0, R1, R2; did you mean "R', 11)
mistake("margin in {'R0', 'Rx'}", '"Rx" is not one of the levels', 18)
mistake("margin == 1", "levels of a factor go in quotes", 8)
mistake("age and ecog", "age is a number, and takes a condition: compare it with something", 1)
mistake("lg(age)", "no function \"lg\": did you mean \"log\"", 1)
mistake("log(age, 2)", "log%(%) takes 1 argument, found 2", 1)
mistake("start > '2024-01-31'", "write date%(", 7)
mistake("start + stop", "stands between a date and a date", 7)
mistake("date('2021-02-29') < start", "not a date that exists", 6)
mistake("1 < age < 3", "comparisons do not chain", 9)
mistake("age == nil", "use missing%(x%)", 5)
mistake("时间 > 1 and ag > 2", "no column \"ag\"", 12)
mistake("'abc", "quote is not closed", 1)
mistake("1x", "not a number", 1)
mistake("(age", "found the end, expected %)", 5)
mistake("age @ 2", "no meaning", 5)

-- what users of R write first
mistake("is.na(age)", "missing%(x%)", 3)
mistake("is_na(age)", "R's is_na is missing%(x%) here", 1)
mistake("ifelse(age > 3, 1, 2)", "if%(condition, a, b%)", 1)
mistake("margin %in% c('R0')", "expected in: x in {", 8)
mistake("margin in c('R0')", "a list in braces", 11)
mistake("ecog %% 2 == 0", "expected %% %(the remainder%)", 6)
mistake("ecog || age", "found ||, expected or", 6)
mistake("!(age > 3)", "expected not", 1)
mistake("dd$age > 3", "by its name alone", 3)
mistake("age[1]", "every row", 4)
mistake("age ~= NA", "R's NA is nil", 8)
mistake("TRUE", "R's TRUE is true here", 1)
mistake("(age > 3) == FALSE", "R's FALSE is false here", 14)
t.is(expr.parse("NA"):eval(core.table.new { { "NA", column.number { 7 } } })[1], 7.0,
  "a column may be called NA")
mistake("bclc < margin", "different levels", 6)
mistake(("("):rep(200) .. "1", "nested too deep", 101)
mistake("1" .. ("+1"):rep(300), "nested too deep", 402)
mistake("nil", "nil for every row", 1)

t.is(table.concat(expr.parse("b + a * b + if(c > 1, d, 2)"):names(), " "), "b a c d",
  "names in order of first use")
t.is(expr.parse("age > 3"):type(data), "factor", "type of a condition")
t.is(expr.parse("ecog"):type(data), "integer", "type of a plain column")

local rows, counts = expr.mask(data, "age >= 55")
t.is(show(rows), "2 4", "rows kept")
t.is(counts.kept .. " " .. counts["false"] .. " " .. counts.missing, "2 1 1", "counts")
t.fails(function() expr.mask(data, "age") end, "not a condition", "a number is no condition")
t.is(show(expr.apply("a - b", column.integer { 5, 7 }, column.number { 1, 2 })), "4.0 5.0", "apply")

-- long columns: blocks of rows fit together
local n = 5000
local values = { n = n }
for i = 1, n do values[i] = i % 7 ~= 0 and i or nil end
local long = core.table.new { { "x", column.number(values) } }
local y, ok = expr.parse("if(x > 2500, x * 2, -x)"):eval(long), true
for i = 1, n do
  local want = values[i] and (i > 2500 and i * 2 or -i)
  ok = ok and y[i] == want
end
t.ok(ok, "5000 rows")
rows, counts = expr.mask(long, "x > 2500")
t.is(counts.kept + counts["false"] + counts.missing, n, "every row is counted once")
t.is(rows[1], 2501, "first row kept")
t.done()
