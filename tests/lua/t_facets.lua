-- SPDX-License-Identifier: GPL-3.0-or-later
-- Curves in panels by a second column; the views of curves; both from a recipe.
local t = dofile("tests/lua/tap.lua")
local lun = require("lunation")

local cohort = lun.cohort(lun.read("examples/study160/patients.csv", { key = "id" }))
local os_ = cohort:survival { time = "time", event = "event", is = 1, unit = "months",
  divide = 30.4375 }
local facets = os_:facets("sex", { by = "arm", times = { 12 }, logrank = true })
t.is(#facets.panels, 2, "a panel for each level")
local women = os_:where("sex == 'F'")
t.is(facets.panels[1].km:at(12, "A").survival, women:km { by = "arm" }:at(12, "A").survival,
  "its curves are those of its patients")
t.is(facets.panels[1].logrank.p, women:logrank { by = "arm" }.p, "and its test")
local n, p = 0, 0
for _, row in ipairs(facets:rows()) do
  if row.statistic == "n" then n = n + row.value end
  if row.statistic == "p" then p = p + 1 end
end
t.is(n, os_.n, "the panels' patients sum to all")
t.is(p, 2, "a test in each")
t.is(facets:rows()[1].term, "sex: F", "rows name the level")
t.match(facets, "F, log%-rank p = 0%.698\n  A", "the table has the levels as heads")
t.fails(function() os_:facets("sex", { logrank = true }) end, "compares groups",
  "a test without groups")
t.fails(function() os_:facets("sexx", {}) end, "sexx", "a column that is not there")

local figure = lun.figure.km(facets)
t.is(select(2, figure.svg:gsub("<g transform", "")), 2, "drawn side by side")
t.match(figure.description, "sex: F: A: 29 patients", "said in words")
t.is(figure:data().columns[1].key, "panel", "the numbers name the panel")
local last = figure.svg:match(">48</text>.*>48</text>")
t.ok(last, "the panels share the axis")

-- The cumulative hazard is Nelson and Aalen's, not -log of Kaplan and Meier's.
local km = os_:km { by = "arm" }
local hazard = lun.figure.km(km, { view = "cumhaz", bands = false })
t.match(hazard.svg, "Cumulative hazard", "the cumulative hazard")
local curve = km:curve("A")
t.ok(curve.cumhaz[#curve.time] < -math.log(curve.survival[#curve.time]), "Nelson-Aalen lies below")
t.match(lun.figure.km(km, { view = "loglog" }).svg, "log%(−log S%(t%)%)", "log-log view")
t.match(lun.figure.km(km, { view = "failure" }).svg, "Probability of an event",
  "the axis says what is drawn")

-- Weighted curves fade by patients; the label of the weighted counts has its room.
local w = cohort:weights("arm ~ age + ecog")
local weighted = lun.figure.km(os_:km { by = "arm", weights = w })
local x = tonumber(weighted.svg:match('<text class="m sm n" x="([%d.]+)"'))
t.ok(x > 26 + 8 + require("lunation.figure.metrics").width("At risk, weighted", 11),
  "weighted counts beside their label")
local fade = lun.figure.km(km, { fade_below = 0 })
t.ok(not fade.svg:find("are faded", 1, true), "no fading when it is not wanted")

-- From a recipe.
local path = os.tmpname()
local file = assert(io.open(path, "w"))
file:write(([[
lunation: 1
id: facets
version: 1.0.0
title: Panels
data:
  patients: { file: %s/examples/study160/patients.csv, key: id, columns: { arm: { type: factor, levels: [A, B] },
    sex: { type: factor, levels: [F, M], label: Sex }, time: { type: number }, event: { type: integer } } }
endpoints:
  os: { time: time, event: event, is: 1, unit: days }
analyses:
  panels: { km: os, by: arm, facet: sex, logrank: true, times: [365], table: at_risk, fade_below: 5 }
  hazard: { km: os, view: cumhaz, bands: false, width: single }
  parallel: { km: os, by: arm, view: loglog }
]]):format(require("lunation.core").file.real(".")))
file:close()
local study = require("lunation.recipe.run").complete(require("lunation.recipe.load").checked(path))
local doc = require("lunation.report.study").document(study)
local by_id = {}
for _, f in ipairs(doc:figures()) do by_id[f.id] = f.figure end
t.ok(by_id["panels-facets"], "facet: makes a figure of panels")
t.match(by_id["panels-facets"].svg, "Sex: F", "with the column's label")
t.match(by_id["panels-facets"].svg, "Number at risk", "table: at_risk")
t.match(by_id["hazard-figure"].svg, "Cumulative hazard", "view: cumhaz")
t.is(by_id["hazard-figure"].width, 321, "width: single")
t.match(by_id["parallel-figure"].svg, "log%(−log", "view: loglog")
t.match(require("lunation.recipe.explain").script(study.plan), 'os:facets%("sex"',
  "explain prints the call")
os.remove(path)
t.done()
