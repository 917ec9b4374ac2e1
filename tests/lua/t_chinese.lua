-- SPDX-License-Identifier: GPL-3.0-or-later
-- A report in Chinese: its fixed words and sentences are Chinese; names of the recipe stay.
local t = dofile("tests/lua/tap.lua")
local chinese = require("lunation.report.chinese")

t.is(chinese.text "Patients analysed", "纳入分析的患者", "a label")
t.is(chinese.text "120 of 286 patients were analysed.", "286 例患者中分析了 120 例。", "numbers keep their places")
t.is(chinese.text "Cox proportional-hazards regression, Efron's ties; Wald limits (95%) and p-values.",
  "Cox 比例风险回归，Efron 法处理同时事件；Wald 置信限（95%）与 p 值。", "a convention, with Chinese marks")
t.is(chinese.text "Change: 100 of 111 shrank, 55 by 30% or more; 9 without a measurement",
  "Change：111 例中 100 例缩小，其中 55 例缩小 30% 以上；9 例无测量", "the sentence of a waterfall")
t.is(chinese.text "Largest tumour, cm", "Largest tumour, cm", "a name of the recipe stays")

local recipe = require("lunation.recipe.load").checked("recipes/study160.yaml")
recipe.value.report = recipe.value.report or {}
recipe.value.report.language = "zh"
local doc = require("lunation.report.study").document(require("lunation.recipe.run").complete(recipe))
local left = {}
for _, b in ipairs(doc.blocks) do
  local fixed = { summary = true, patients = true, methods = true, provenance = true }
  if b.kind == "section" and fixed[b.id] and b.title:find "%a" then left[#left + 1] = b.title end
  if b.kind == "paragraph" and b.text:find "Kaplan" and b.text:find " the " then left[#left + 1] = b.text end
end
for _, b in ipairs(doc:tables()) do
  for _, note in ipairs(b.notes) do if note:find "%f[%a]the%f[%A]" then left[#left + 1] = note end end
end
t.is(table.concat(left, "\n"), "", "no fixed sentence of the report is left in English")
t.done()
