-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local lun = require "lunation"
local conventions = require "lunation.base.conventions"
local format = require "lunation.format"

-- The page and the table are one.
local page = io.open("docs/methods/conventions.md"):read "a"
for _, row in ipairs(conventions.ROWS) do
  local line = ("| `%s` | %s |"):format(row.key, row.of)
  for _, name in ipairs(conventions.NAMES) do line = line .. (" %s |"):format(row[name]) end
  t.ok(page:find(line, 1, true), "documented: " .. row.key)
end
for _, name in ipairs(conventions.NAMES) do
  t.ok(page:find(("| %s | %s |"):format(conventions.TITLES[name], conventions.CONVERGENCE[name]), 1,
    true), "convergence: " .. name)
end

-- S is 0.5 from 87 on: the data of CAMIS, expected numbers of R and SAS there.
local function curve(last)
  local rows = { id = {}, time = { 54, 75, 77, 84, 87, 92, 103, 105, 112, 118 },
    died = { 1, 1, 1, 1, 1, 0, 0, 0, 0, last } }
  local text = { "id,time,died" }
  for i, v in ipairs(rows.time) do text[i + 1] = ("%d,%d,%d"):format(i, v, rows.died[i]) end
  local name = os.tmpname()
  local f = io.open(name, "w")
  f:write(table.concat(text, "\n"), "\n")
  f:close()
  local cohort = lun.cohort(lun.read(name, { key = "id" }))
  os.remove(name)
  return cohort:survival { time = "time", event = "died", is = 1, unit = "days" }, cohort
end
local plateau, cohort = curve(0)
local falls = curve(1)
t.is(plateau:km():median().estimate, 102.5, "R: the middle, up to the last time")
lun.conventions "sas"
t.is(plateau:km():median().estimate, nil, "SAS: none where the curve ends at one half")
t.is(falls:km():median().estimate, 102.5, "SAS: the middle where it falls again")
t.match(plateau:km().convention, "log%-log", "SAS: limits on the log-log scale")
t.match(plateau:cox("id").convention, "Breslow", "SAS: Breslow's ties")
t.match(plateau:km { conf_type = "plain" }.convention, "plain", "what a call says stays")
t.is(format.number(2.675, 2) .. " " .. format.number(0.125, 2) .. " " .. format.number(-0.125, 2),
  "2.68 0.13 −0.13", "SAS: away from zero")
t.is(format.number(2.6749, 2) .. " " .. format.number(1e300, 0):sub(1, 4), "2.67 1000",
  "and nothing else moves")
lun.conventions "stata"
t.is(plateau:km():median().estimate, 87, "Stata: the first time at or below one half")
t.is(format.number(2.675, 2) .. " " .. format.number(0.125, 2), "2.67 0.12",
  "Stata: the stored number, halves to even")
lun.conventions { follow = "spss", month = 30 }
t.is(conventions.use().month, 30, "a change of one row")
t.near(require("lunation.base.time").converter("months")(60), 2, 1e-15, "months of 30 days")
t.is(cohort:summary("time"):rows()[4].value, 76.5, "SPSS: quartile at (n + 1) p")
lun.conventions "r"
t.near(require("lunation.base.time").converter("months")(30.4375), 1, 1e-15,
  "months of 30.4375 days")
t.near(cohort:summary("time"):rows()[4].value, 78.75, 1e-12, "R: type 7")
t.is(plateau:km():median(nil, "below").estimate, nil, "below: never")
t.is(conventions.sentence(conventions.of "r"), nil, "R's ways go without saying")
t.match(conventions.sentence(conventions.of "sas"), "Conventions of SAS.*breslow",
  "others are named")
t.fails(function() lun.conventions "ssas" end, 'did you mean "sas"', "an unknown program")
t.fails(function() lun.conventions { follow = "r", rounding = "up" } end, "rounding cannot be up",
  "an unknown way")
t.fails(function() lun.conventions { mouth = 30 } end, 'did you mean "month"', "an unknown row")
t.done()
