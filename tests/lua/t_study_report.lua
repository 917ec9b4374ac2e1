-- SPDX-License-Identifier: GPL-3.0-or-later
-- The order of a study's report: sections, headings, the key results of the summary; and what a
-- recipe that names them wrongly is told.
local t = dofile("tests/lua/tap.lua")
local load = require "lunation.recipe.load"

local RECIPE = [[
lunation: 1
id: order
version: 1.0.0
title: Order
data:
  patients:
    file: %s/examples/study160/patients.csv
    key: id
    columns:
      arm: { type: factor, levels: [A, B], label: Treatment }
      sex: { type: factor, levels: [F, M], label: Sex }
      time: { type: number }
      event: { type: integer }
endpoints:
  os: { time: time, event: event, is: 1, unit: days }
analyses:
  baseline: { table1: [sex], by: arm, title: Baseline }
  whole: { km: os, title: Everybody }
  shares: { proportions: sex, title: Shares }
  groups: { km: os, by: arm, cox: true, title: Groups }
report:
]]

local pwd = io.popen("pwd")
local root = pwd:read("l")
pwd:close()
local file = os.tmpname()

local function recipe_with(report)
  local out = assert(io.open(file, "w"))
  out:write(RECIPE:format(root), report)
  out:close()
  return file
end

local function document_of(report)
  local study = require("lunation.recipe.run").complete(load.checked(recipe_with(report)))
  return require("lunation.report.study").document(study), study
end

-- The headings between "Patients" and "Methods", with their level.
local function headings(doc)
  local out, on = {}, false
  for _, b in ipairs(doc.blocks) do
    if b.kind == "section" then
      if b.id == "methods" then break end
      if on then out[#out + 1] = b.level .. " " .. b.title end
      if b.id == "patients" then on = true end
    end
  end
  return table.concat(out, ", ")
end

local function block(doc, id)
  for _, b in ipairs(doc.blocks) do if b.id == id then return b end end
end

local function analyses_in(doc)
  local out = {}
  for _, row in ipairs(block(doc, "key-results").rows) do
    if row.heading then out[#out + 1] = row.group:match "%[(.-)%]" end
  end
  return table.concat(out, ", ")
end

local plain = document_of "  formats: [html]\n"
t.is(headings(plain), "2 Baseline, 2 Everybody, 2 Shares, 2 Groups", "no sections: as written")
t.is(analyses_in(plain), "Everybody, Groups", "all medians and hazard ratios unless stated")

local doc = document_of [[
  key_results: groups
  sections:
    Who: [shares, baseline]
    Survival: [groups]
]]
t.is(headings(doc), "2 Who, 3 Baseline, 3 Shares, 2 Everybody, 2 Survival, 3 Groups",
  "a section stands where its first analysis stands, in the order of the recipe")
t.is(analyses_in(doc), "Groups", "only the chosen ones in the summary")

local groups = block(doc, "baseline-table").groups
t.is(groups[1].label, "Treatment", "the columns of a baseline table say what they group")
t.is(groups[1].first .. "-" .. groups[1].last, "2-3", "over the groups, not over the total")

local function told(report)
  local ok, e = pcall(load.checked, recipe_with(report))
  return ok and "nothing" or tostring(e)
end
local unknown = told "  key_results: [whol]\n"
t.ok(unknown:find('key_results: there is no analysis "whol"', 1, true)
  and unknown:find("whole", 1, true),
  "an unknown analysis of the summary, with what was meant")
t.ok(told("  sections: { A: [grups] }\n"):find('sections.A: there is no analysis "grups"', 1, true),
  "an unknown analysis of a section")
t.ok(told("  sections: { A: [groups], B: [groups] }\n"):find('in the section "A" already', 1, true),
  "an analysis in two sections")
os.remove(file)
t.done()
