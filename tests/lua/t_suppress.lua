-- SPDX-License-Identifier: GPL-3.0-or-later
-- Small counts: never shown, and not to be had from the totals beside them.
local t = dofile("tests/lua/tap.lua")
local suppress = require("lunation.report.suppress")

local function rows_of(list, columns)
  local table_ = { columns = columns or { { key = "name" }, { key = "a", align = "decimal" },
    { key = "b", align = "decimal" } }, rows = list }
  suppress.table(table_, 5)
  return table_.rows
end

local r = rows_of { { name = "Class" }, { name = "A", indent = 1, a = "40 (66.7%)",
  b = "30 (50.0%)" },
  { name = "B", indent = 1, a = "17 (28.3%)", b = "20 (33.3%)" },
  { name = "C", indent = 1, a = "3 (5.0%)", b = "10 (16.7%)" } }
t.is(r[4].a, "<5", "a small count")
t.is(r[4].b, "–", "and the others of its row")
t.is(r[3].a .. r[3].b, "––", "and the smallest other level, else the total would tell")
t.is(r[2].a, "40 (66.7%)", "but no more")
r = rows_of { { name = "Class" }, { name = "A", indent = 1, a = "55 (91.7%)" },
  { name = "B", indent = 1, a = "5 (8.3%)" } }
t.is(r[3].a, "5 (8.3%)", "the bound itself is shown")
r = rows_of { { name = "Class" }, { name = "A", indent = 1, a = "40 (66.7%)" }, { name = "B",
  indent = 1, a = "2 (3.3%)" },
  { name = "C", indent = 1, a = "3 (5.0%)" } }
t.is(r[2].a, "40 (66.7%)", "two small ones hide each other")
r = rows_of { { name = "Age", a = "54 (48–61)" }, { name = "Yes", a = "0 (0.0%)" },
  { name = "x", indent = 1 } }
t.is(r[2].a, "0 (0.0%)", "nought is not small")
t.is(r[1].a, "54 (48–61)", "a median is no count")
r = rows_of { { name = "Yes", a = "58 (96.7%)", b = "50 (83.3%)" }, { name = "x", indent = 1 } }
t.is(r[1].a, "–", "the complement of a percentage is small")
local fractions = { { key = "name" }, { key = "count", align = "right" },
  { key = "percent", align = "decimal" } }
r = rows_of({ { name = "CR", count = "3/60", percent = "5.0% (1.0–13.9)" }, { name = "PR",
  count = "30/60", percent = "50.0% (36.8–63.2)" },
  { name = "PD", count = "27/60", percent = "45.0% (32.1–58.4)" },
  { name = "ORR", count = "33/60", percent = "55.0% (41.6–67.9)" } }, fractions)
t.is(r[1].count .. r[1].percent, "<5–", "with its percentage and limits")
t.is(r[4].count .. r[2].count .. r[3].count, "–––", "a sum beside its parts: all go")
local counted = { { key = "name" }, { key = "n", align = "right" },
  { key = "events", align = "right" }, { key = "censored", align = "right" } }
r = rows_of({ { name = "OS", n = 60, events = 57, censored = 3 } }, counted)
t.is(r[1].n .. " " .. r[1].events .. " " .. r[1].censored, "60 – <5",
  "events give the censored away")

t.is(suppress.text("3 patients with a missing value left out; 12 events", 5),
  "<5 patients with a missing value left out; 12 events", "sentences")
-- Groups that add up to a total which stands in another table.
local curves = { { key = "group" }, { key = "n", align = "right" }, { key = "events", align = "right" } }
r = rows_of({ { group = "a", n = 40, events = 3 }, { group = "b", n = 50, events = 20 },
  { group = "c", n = 60, events = 30 } }, curves)
t.is(r[1].events .. r[2].events .. r[3].events, "<5–30", "a total in another table does not tell the small one")
local hidden = suppress.groups({ { n = 40, events = 3 }, { n = 50, events = 20 }, { n = 60, events = 30 } }, 5)
t.ok(hidden[1] and hidden[2] and not hidden[3], "nor does a figure's head")
hidden = suppress.groups({ { n = 40, events = 3 }, { n = 50, events = 4 }, { n = 60, events = 30 } }, 5)
t.ok(hidden[1] and hidden[2] and not hidden[3], "two small ones hide each other")
t.is(next(suppress.groups({ { n = 40, events = 20 }, { n = 50, events = 20 } }, 5)), nil, "nothing to hide")
local results = suppress.rows({
  { analysis = "a", result = "km", statistic = "survival", group = "x", n = 40, events = 3, value = 0.9 },
  { analysis = "a", result = "km", statistic = "survival", group = "y", n = 50, events = 20, value = 0.6 },
  { analysis = "a", result = "km", statistic = "survival", group = "z", n = 60, events = 30, value = 0.5 } }, 5)
t.ok(not results[1].events and not results[2].events and results[3].events == 30, "nor do the results")
t.match(suppress.note(5), "add up to a total shown elsewhere.*does not cover", "what it covers is said, and what not")
local flow = suppress.flow({
  { label = "Read", n = 100, excluded = { { "old", 20 } } },
  { label = "Young", n = 80, excluded = { { "sick", 2 } } },
  { label = "Analysed", n = 78 } }, 5)
t.is(flow[2].excluded[1][2] .. flow[2].n .. flow[1].excluded[1][2] .. flow[3].n, "<5––78",
  "the flow does not tell by its differences")
local values = { { "50", "2" }, { "0", "30" }, { "0", "18" } }
suppress.under_curves({ { 50, 2 }, { 0, 30 }, { 0, 18 } }, values, 5)
t.is(values[1][2] .. values[2][2] .. values[3][2], "<530–", "under curves one more goes")

local rows = suppress.rows({
  { analysis = "a", result = "r", statistic = "proportion", term = "x: yes", n = 60, events = 3,
    value = 0.05 },
  { analysis = "a", result = "r", statistic = "proportion", term = "x: no", n = 60, events = 57,
    value = 0.95 },
  { analysis = "a", result = "r", statistic = "proportion", term = "y: no", n = 60, events = 30,
    value = 0.5 },
  { analysis = "a", result = "km", statistic = "survival", group = "g", n = 60, events = 4,
    value = 0.9 },
  { analysis = "a", result = "km", statistic = "median", group = "g", n = 60, events = 4,
    value = 30 } }, 5)
t.is(tostring(rows[1].value) .. tostring(rows[1].events) .. rows[1].text, "nilnil<5",
  "rows of results")
t.is(tostring(rows[2].value) .. rows[2].text, "nil–", "with the other levels")
t.is(rows[3].value, 0.5, "not another variable")
t.is(rows[4].value, nil, "a rate is a count in disguise")
t.is(rows[5].value, 30, "a median is not")
t.match(rows[1].warning, "below 5 are not shown", "the row says so")

-- A whole report: no table, list or figure has a count from 1 to 4.
local path = os.tmpname()
local file = assert(io.open(path, "w"))
file:write(([[
lunation: 1
id: small
version: 1.0.0
title: Small counts
extends: %s/recipes/conversion-surgery-sintilimab-lenvatinib.yaml
report: { suppress_below: 5 }
]]):format(require("lunation.core").file.real(".")))
file:close()
local study = require("lunation.recipe.run").complete(require("lunation.recipe.load").checked(path))
local doc = require("lunation.report.study").document(study)
os.remove(path)
local shown, hidden = {}, 0
for _, b in ipairs(doc:tables()) do
  for _, row in ipairs(b.rows) do
    for _, column in ipairs(b.columns) do
      local v = row[column.key]
      local x = type(v) == "string" and (v:match "^(%d+)/%d+$" or v:match "^(%d+) %([%d.]+%%%)$")
      if math.type(v) == "integer" and column.align == "right" and column.key ~= "df" then x = v end
      x = x and tonumber(x)
      if x and x > 0 and x < 5 then shown[#shown + 1] = b.id .. ": " .. tostring(v) end
      if v == "<5" then hidden = hidden + 1 end
    end
  end
end
t.is(table.concat(shown, "; "), "", "no small count in a table")
t.ok(hidden > 10, "there were some")
local drawn = 0
for _, f in ipairs(doc:figures()) do
  for text in f.figure.svg:gmatch '<text class="m sm n"[^>]*>([^<]*)</text>' do
    if tonumber(text) and tonumber(text) > 0 and tonumber(text) < 5 then drawn = drawn + 1 end
  end
  t.ok(not f.id:find "waterfall", f.id .. " shows no single patients")
end
t.is(drawn, 0, "nor under curves")
local left = 0
for _, row in ipairs(require("lunation.recipe.output").rows(study)) do
  if row.events and row.events > 0 and row.events < 5 then left = left + 1 end
end
t.is(left, 0, "nor in the results")
t.done()
