-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"

local path = os.tmpname()
local function read(text, options)
  core.file.write(path, text)
  return core.csv.read(path, options)
end

local data, notes = read("id,x,when,arm,sex\n1,2.5,03/04/2021,B,1\n2,NA,01/12/2020,A,0\n", {
  key = "id", unique = true, columns = {
  when = { type = "date", format = "DD/MM/YYYY" }, group = { from = "arm", levels = { "B", "A" } },
  sex = { values = { [1] = "male", ["0"] = "female" } } } })
t.is(table.concat(data:names(), " "), "id x when group sex", "names in the order of the file")
t.is(#data, 2, "rows")
t.is(data:column("id").type, "text", "the key is a text")
t.is(data:column("x")[1], 2.5, "a number")
t.is(data:column("x")[2], nil, "a missing number")
t.is(data:column("when")[1], "2021-04-03", "a date, day first")
t.is(table.concat(data:column("group").levels, " "), "B A", "declared order of levels")
t.is(data:column("sex")[1], "male", "mapped values")
t.is(table.concat(data:column("sex").levels, " "), "female male", "levels in bytewise order")
t.is(#notes, 0, "no notes")

local e = t.fails(function()
  read("id,x\na,1\nb,two\nc,three\n", { columns = { x = "number" } })
end,
  ':3:2: column x: "two" is not a number %(and 1 more%)', "a complaint with its place")
t.is(#e.details, 2, "all complaints")
t.is(e.details[2].line, 4, "line of the second")
t.is(e.code, "data.number", "code")

for _, case in ipairs {
  { "x,y\n1,2\n", { columns = { z = "number" } }, "there is no column \"z\"; the file has x, y" },
  { "x\n1\n", { columns = { x = "numeric" } }, "unknown type \"numeric\"" },
  { "x\n1\n", { columns = { x = { format = "D/M/Y" } } }, "unknown format .*DD/MM/YYYY" },
  { "x\n1\n", { columns = { x = { min = "a" } } }, "min must be a number" },
  { "x\n1\n", { separator = "ab" }, "one character" },
  { "x\n1\n", { separator = ",", decimal = "," }, "both \",\"" },
  { "x\n1\n", { encoding = "klingon" }, "encoding \"klingon\" is not known" },
  { "x\n1\n", { key = "x", columns = { x = "integer" } }, "is the key" },
  { "x,\n1,2\n", {}, "field 2 of the header is empty" },
  { "id,x\n,1\n", { key = "id" }, "id is missing" },
  { "a;b\n1;2\n", {}, "separator: \";\"" },
  { "t,u\n1,2\n", { columns = { u = { from = "t" } } }, "would both be called u" },
  { "x\n1\n\n2\n", { columns = { x = "number" }, key = nil, skip = -1 }, "negative" },
} do t.fails(function() read(case[1], case[2]) end, case[3], "refused: " .. case[3]) end

t.is(#read("x,y\n1,2\n\n\r\n"), 1, "blank lines at the end")
t.is(read("x\n1\n\n2\n"):column("x")[2], nil,
  "a blank line is a missing value where there is one column")
t.is(read("x\ty\n1\t2\n", { separator = "\t" }):column("y")[1], 2.0, "tabs")
t.is(core.text.cell('=1+1'), "'=1+1", "a formula is made harmless")
t.is(core.text.cell('-0.198'), "-0.198", "a number stays a number")
t.is(core.text.cell('a "b", c'), '"a ""b"", c"', "quotes")

core.file.write(path, table.concat({ "id,time,seen,arm,excel_date,note,day",
  "1,5,2020-01-02,A,44256,x,03/04/2020", "2,999,1900-01-01,B,44257,y,04/05/2020",
  "3,\"6,5\",2020-01-09,A,44258,z,05/06/2020",
  "4,7,2020-13-01,a,44259,NA,06/07/2020", "5,8,2020-01-03,B,44260,,07/08/2020",
  "6,9,2020-01-04,A,44261,w,01/02/2020",
  "7,9,2020-01-04,A,44261,w,01/02/2020", "8,9,2020-01-04,A,44261,w,01/02/2020",
  "9,9,2020-01-04,A,44261,w,01/02/2020",
  "10,9,2020-01-04,A,44261,w,01/02/2020" }, "\n") .. "\n")
local book = core.csv.inspect(path)
local function about(name)
  for _, c in ipairs(book.columns) do if c.name == name then return c end end
end
local function why(name)
  local out = {}
  for _, s in ipairs(about(name).suspects) do
    out[#out + 1] = s.line .. " " .. s.text .. ": " .. s.why
  end
  return table.concat(out, "\n")
end
t.is(book.rows, 10, "inspect: rows")
t.is(about("id").type .. about("id").distinct, "integer10", "inspect: whole numbers")
t.is(about("time").type .. about("time").max, "integer9.0", "inspect: the range leaves 999 aside") 
t.match(why("time"), "3 999: far outside the rest", "inspect: 999")
t.match(why("time"), "4 6,5: decimal comma", "inspect: a decimal comma")
t.is(about("seen").type .. " " .. about("seen").min, "date 2020-01-02", "inspect: dates")
t.match(why("seen"), "3 1900%-01%-01: a placeholder", "inspect: a placeholder")
t.match(why("seen"), "5 2020%-13%-01: there is no such day", "inspect: an impossible date")
t.is(about("arm").type .. about("arm").levels[1].text .. about("arm").levels[1].count, "factorA7",
  "inspect: levels")
t.match(table.concat(book.notes, "\n"), '"A" .line 2. and "a" .line 5. look alike',
  "inspect: look-alike levels")
t.match(why("excel_date"), "Excel serial", "inspect: Excel serial numbers")
t.is(about("note").missing, 2, "inspect: missing")
t.is(about("day").format, "DD/MM/YYYY", "inspect: date format")
t.match(why("day"), "day or month first", "inspect: ambiguous dates")

-- What is written is read back: 300 random tables.
math.randomseed(11)
local pieces = { "a", "B", ",", '"', "\n", "é", "x y", "1", ";", "\t", "'" }
local same = true
for _ = 1, 300 do
  local cells, lines = {}, { "id,v" }
  for i = 1, math.random(1, 8) do
    local s = {}
    for k = 1, math.random(1, 6) do s[k] = pieces[math.random(#pieces)] end
    cells[i] = "|" .. table.concat(s) .. "|"
    lines[#lines + 1] = "r" .. i .. "," .. core.text.cell(cells[i])
  end
  local back = read(table.concat(lines, "\n") .. "\n", { columns = { v = "text" } }):column("v")
  for i, cell in ipairs(cells) do same = same and back[i] == cell end
end
t.ok(same, "random texts there and back")

os.remove(path)
data, notes, e, book = nil, nil, nil, nil
collectgarbage() collectgarbage()
t.is(core.blocks(), 0, "no memory is left")
t.done()
