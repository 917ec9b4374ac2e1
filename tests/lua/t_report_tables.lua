-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local tables = require("lunation.report.tables")
local document = require("lunation.report.document")
local text = require("lunation.report.text")
local words = require("lunation.report.words")

local function draw(block) return text.table(block.columns, block.rows, block.groups) end

local regression = tables.regression({
  { label = "Surgery", level = "no", n = 60, events = 50, reference = true, models = { {}, {} } },
  { label = "Surgery", level = "yes", n = 60, events = 14,
  models = { { hr = 0.152, lower = 0.083, upper = 0.277, p = 1e-7 },
    { hr = 0.23, lower = 0.11, upper = 0.483, p = 2e-4 } } },
  { label = "Age", unit = "per 10 years", n = 120, events = 64,
  models = { { hr = 1.055, lower = 1.005, upper = 11.07, p = 0.0312 } } },
  { label = "Margin", n = 58, events = 14, models = { { not_estimable = "no events in R1" } } },
}, { models = { "Univariable", "Multivariable" }, ties = "Efron" })
t.is(draw(regression), table.concat({
  "                                       Univariable              Multivariable",
  "Variable             N  Events  HR (95% CI)        p       HR (95% CI)       p",
  "─────────────────  ───  ──────  ─────────────────  ──────  ────────────────  ──────",
  "Surgery",
  "  no                60      50  Reference                  Reference",
  "  yes               60      14  0.15 (0.08–0.28)   <0.001  0.23 (0.11–0.48)  <0.001",
  "Age, per 10 years  120      64  1.05 (1.00–11.07)   0.031",
  "Margin              58      14  Not estimable",
}, "\n"), "regression table")
t.is(table.concat(regression.notes, " "), "Margin: not estimable (no events in R1). Ties: Efron.",
  "why, and the ties")

local survival = tables.survival({
  { label = "All", n = 120, events = 64, median = { estimate = 36, lower = 25 },
    rates = { { time = 12, survival = 0.7083, lower = 0.6316, upper = 0.7944 },
    { time = 60, survival = 0 / 0 } } } },
  { unit = "months" })
t.match(draw(survival), "All%s+120%s+64%s+36 %(25–NE%)%s+70%.8%% %(63%.2–79%.4%)%s+NE",
  "survival table")
t.is(survival.columns[5].label, "12 months (95% CI)", "times in the heads")
t.fails(function()
  tables.survival({ { n = 1, events = 0, rates = { { time = 12 } } },
    { n = 1, events = 0, rates = { { time = 24 } } } })
end, "time 24 where the first group has 12", "groups with other times")

local response = tables.response({ { label = "CR",
  cells = { { n = 3, lower = 0.0052, upper = 0.0713 } } },
  { label = "ORR", strong = true, cells = { { n = 70, lower = 0.4898, upper = 0.6726 } } } },
  { { label = "All", n = 120 } })
t.match(draw(response), "All %(N = 120%).*3 %(2%.5%%%)%s+0%.5–7%.1.*70 %(58%.3%%%)%s+49%.0–67%.3",
  "response table")

local adverse = tables.adverse({ { label = "Skin", heading = true },
  { label = "Rash", indent = 1, grades = { 20, 10, 4 } } }, 120, { grades = { 1, 2, 3 } })
t.match(draw(adverse),
  "Skin\n  Rash%s+34 %(28%.3%%%)%s+20 %(16%.7%%%)%s+10 %(8%.3%%%)%s+4 %(3%.3%%%)%s+4 %(3%.3%%%)",
  "adverse events")
t.fails(function() tables.adverse({ { label = "Rash", any = 30, grades = { 20, 10, 4 } } },
  120) end, "34 patients by grade, 30 in all", "grades that do not sum")
t.fails(function() tables.adverse({ { label = "Rash", grades = { 130 } } }, 120) end,
  "130 patients of 120", "more than there are")

local pairs_ = tables.pairwise({ "A", "B", "C" }, { [2] = { 0.0812 }, [3] = { 0.0004, 0.0562 } },
  { adjust = "Holm" })
t.match(draw(pairs_), "B%s+0%.081\nC%s+<0%.001%s+0%.056", "pairwise triangle")
t.is(pairs_.notes[1], "*p* of log-rank tests; adjustment: Holm.", "the adjustment is named")

local published = tables.published({ { quantity = "HR", published = "0.15", computed = "0.15",
  status = "same" },
  { quantity = "p", published = "0.056", computed = "0.061", status = "differs" } })
t.is(published.notes[1], "1 of 2 differ.", "how many differ")
t.ok(published.rows[2].strong, "what differs stands out")

-- each is accepted by a document, in both languages
for _, lang in ipairs { "en", "zh" } do
  local doc = document.new { title = "x", lang = lang }
  doc:table(tables.published({ { quantity = "HR", status = "same" } },
    { lang = lang, id = "published" }))
  t.is(doc:tables()[1].rows[1].status, words.get(lang).statuses.same, "status in " .. lang)
end
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
