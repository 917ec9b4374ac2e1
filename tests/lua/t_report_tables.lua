-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local tables = require("lunation.report.tables")
local text = require("lunation.report.text")
local words = require("lunation.report.words")

local lun = require("lunation")
local function draw(block) return text.table(block.columns, block.rows, block.groups) end

-- The tables hold the numbers of the results, and what a result prints is its table.
local cohort = lun.cohort(lun.read("examples/study160/patients.csv", { key = "id" }))
local os_ = cohort:survival { time = "time", event = "event", is = 1, unit = "months",
  divide = 30.4375 }
local km = os_:km { by = "arm", times = { 12, 24 } }
t.match(draw(tables.survival(km)), "A%s+74%s+62%s+10%.3 %(8%.3–14%.4%)%s+42%.0%% %(32%.0–55%.2%)",
  "rates and medians")
t.ok(tostring(km):find(draw(tables.survival(km)), 1, true), "which is what the curves print")
t.is(tables.survival(km, { lang = "zh" }).columns[2].label, words.get("zh").n, "in Chinese")
t.is(tables.survival(km, { label = "Arm" }).columns[1].label, "Arm", "the groups by a label")
local late = tables.survival(os_:km { by = "arm", times = { 500 } })
t.is(late.rows[1].t1, "NE", "no rate after the last time")
t.is(late.notes[2], "NE, not estimable.", "which is said")
t.is(#tables.survival(km).notes, 1, "and only then")

local both, age = os_:cox("arm + age + stage"), os_:cox("age")
local model = tables.regression({
  { label = "arm", fit = os_:cox("arm"), column = 1 }, { label = "age", fit = age, column = 1 },
  { label = "Multivariable", fit = both, column = 2 } }, {
    columns = { "Univariable", "Multivariable" }, ph = both:zph(),
  label = function(name) return name == "age" and "Age, years" or name end })
local by_term = {}
for _, row in ipairs(model.rows) do by_term[row.term] = row end
t.is(by_term["Age, years"].e2, require("lunation.format").hr(both.hr.age, both.ci.age.lower,
  both.ci.age.upper),
  "the model's own numbers")
t.is(by_term["Age, years"].e1, require("lunation.format").hr(age.hr.age, age.ci.age.lower,
  age.ci.age.upper), "and those of each alone")
t.is(by_term.A.e1 .. by_term.A.e2, "ReferenceReference", "reference levels")
t.is(by_term.II.e1, "", "nothing where a covariate was not fitted alone")
t.is(by_term.A.n + by_term.B.n, both.n, "the levels sum to the model's patients")
t.is(by_term.stage.ph, require("lunation.format").p_value(both:zph().tests.stage.p),
  "proportional hazards beside the variable")
t.is(model.notes[1], "Numbers: per unit of the variable.", "per what")
t.is(model.groups[2].label, "Multivariable", "heads of the models")
t.ok(tostring(both):find(draw(both:table()), 1, true), "which is what the model prints")

local pairwise = os_:pairwise { by = "stage" }
t.is(#pairwise:table().rows, 6, "a row for each pair")
t.is(pairwise:table().rows[1].adjusted,
  require("lunation.format").p_value(pairwise.pairs[1].adjusted), "with its adjusted p")

local shares = tables.proportions { cohort:proportions("stage"), cohort:proportions("arm") }
t.is(shares.rows[1].level, "stage", "several columns below each other")
t.match(draw(shares), "A%s+%d+/%d+%s+%d", "with counts and percentages")

local adverse = tables.adverse({ { label = "Skin", heading = true },
  { label = "Rash", indent = 1, grades = { 20, 10, 4 } } }, 120, { grades = { 1, 2, 3 } })
t.match(draw(adverse),
  "Skin\n  Rash%s+34 %(28%.3%%%)%s+20 %(16%.7%%%)%s+10 %(8%.3%%%)%s+4 %(3%.3%%%)%s+4 %(3%.3%%%)",
  "adverse events")
t.fails(function() tables.adverse({ { label = "Rash", any = 30, grades = { 20, 10, 4 } } },
  120) end, "34 patients by grade, 30 in all", "grades that do not sum")
t.fails(function() tables.adverse({ { label = "Rash", grades = { 130 } } }, 120) end,
  "130 patients of 120", "more than there are")

local en, zh = words.get("en"), words.get("zh")
local lacking = {}
for word in pairs(en) do if not zh[word] then lacking[#lacking + 1] = word end end
for word in pairs(zh) do if not en[word] then lacking[#lacking + 1] = word end end
t.is(table.concat(lacking, " "), "", "both languages have the same words")
for word, sentence in pairs(en) do
  if type(sentence) == "string" then
    local function holes(s) local out = {} for hole in s:gsub("%%%%",
      ""):gmatch("%%%a") do out[#out + 1] = hole end return table.concat(out) end
    if holes(sentence) ~= holes(zh[word]) then
      t.ok(false, "the holes of '" .. word .. "' differ")
    end
  end
end
t.done()
