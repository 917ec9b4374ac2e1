-- SPDX-License-Identifier: GPL-3.0-or-later
-- The methods paragraph: whole sentences, each once, nothing of the counts of a run, in every
-- study.
local t = dofile("tests/lua/tap.lua")
local methods = require("lunation.report.methods")

local function of(convention)
  local out = {}
  methods.sentences(convention, function(text) out[#out + 1] = text end)
  return table.concat(out, " ")
end

t.is(of("95% limits: Clopper & Pearson 1934 (exact); percentages of patients with a known value \z
  (120)"),
  "Proportions have exact (Clopper-Pearson) 95% confidence limits.",
  "without the count of this table")
t.is(of("Cox proportional-hazards regression, Efron's ties; Wald limits (95%) and p-values. "
  .. "9 patients with a missing value left out."),
  "Hazard ratios are from Cox proportional-hazards regression with Efron's handling of ties, with \z
    Wald "
  .. "confidence limits (95%) and p-values. Patients with a missing value of a variable were left \z
    out of "
  .. "the analyses that need it.", "missing values without their number")
t.is(of("Log-rank test, stratified by bclc."),
  "Survival curves were compared by the log-rank test, stratified by bclc.",
  "what stands behind the name")
t.is(of("median (quartiles, R type 7); n (% of the known values); p: Mann-Whitney test, \z
  chi-square test"),
  "Numeric variables are described by medians and quartiles (R type 7). Categorical variables are \z
    described "
  .. "by counts and percentages of the patients with a known value. Groups were compared by the \z
    Mann-Whitney "
  .. "test and chi-square test, as the data called for.", "a list of fragments")
t.is(of("some rule of a plug-in"), "Some rule of a plug-in.",
  "what is not known stands as it is, a sentence")

local function paragraph(name)
  local study = require("lunation.recipe.run").complete(
    require("lunation.recipe.load").checked("recipes/" .. name .. ".yaml"))
  local doc, from = require("lunation.report.study").document(study), nil
  for i, b in ipairs(doc.blocks) do if b.id == "methods" then from = i end end
  local text = ""
  for i = from + 1, #doc.blocks do
    if doc.blocks[i].kind ~= "paragraph" then break end
    text = doc.blocks[i].text
  end
  return text
end

for _, name in ipairs { "conversion-surgery-sintilimab-lenvatinib", "radiotherapy-plus-ici",
  "resistance-groups" } do
  local text, seen, twice, small = paragraph(name), {}, 0, 0
  for s in (text .. " "):gmatch("(.-[%.])%s+%f[%u]") do
    twice = twice + (seen[s] and 1 or 0)
    seen[s] = true
    if s:find("^%l") and not s:find("^p%-values") then small = small + 1 end
  end
  t.is(twice, 0, name .. ": no sentence twice")
  t.is(small, 0, name .. ": sentences begin with a capital")
  t.match(text, "^%u", name .. ": begins as a sentence")
  t.match(text, "Lunation %S+ %(recipe .-%)%.$", name
    .. ": software, version and recipe at the end")
  t.match(text, "counted from first %a+ to death of any cause; patients alive were censored", name
    .. ": endpoints in words, from the day they count from")
  t.ok(not text:find("left out%. %d") and not text:find("%(%d%d%d%)"), name
    .. ": no counts of this run")
end
t.done()
