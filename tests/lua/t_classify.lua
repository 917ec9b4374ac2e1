-- SPDX-License-Identifier: GPL-3.0-or-later
local t = dofile("tests/lua/tap.lua")
local lun = require "lunation"
local classify = require "lunation.classify"
local core = require "lunation.core"
local tables = require "lunation.data.table"
local c = core.column

local function cohort(columns, linked)
  return lun.cohort(tables.new(core.table.new(columns), { key = "id" }), linked)
end

local function levels(classes)
  local out = {}
  for i = 1, #classes do out[i] = classes.column[i] or "-" end
  return table.concat(out, " ")
end

-- Cut-offs of the published scores.
local liver = cohort { { "id", c.integer { 1, 2, 3, 4, 5 } }, { "bilirubin",
  c.number { 1.0, 2.0, 3.01, 3.1, n = 5 } },
  { "albumin", c.number { 4.0, 3.6, 2.8, 2.79, 4 } },
  { "inr", c.number { 1.1, 1.2, 2.3, 2.31, 1 } },
  { "ascites", c.text { "none", "none", "mild", "moderate-severe", "none" } },
  { "encephalopathy", c.integer { 0, 0, 0, 3, 0 } } }
local child = liver:classify("child_pugh")
t.is(levels(child), "A A C C -", "Child-Pugh")
t.is(child.excluded[1].n, 1, "a missing component is counted")
t.is(child:rows()[4].reason, "15 points", "with its points")
t.match(tostring(child), "left out", "and shown")

local albi = cohort {
  { "id", c.integer { 1, 2, 3, 4 } }, { "bili", c.number { 17.1, 10, 34.2, 68 } },
  { "alb", c.number { 40, 45, 35, 25 } } }
t.is(levels(albi:classify("albi", { bilirubin = "bili", albumin = "alb" })), "2 1 2 3",
  "ALBI grade")
t.is(levels(albi:classify("malbi", { bilirubin = "bili", albumin = "alb" })), "2a 1 2b 3",
  "modified ALBI grade")

local stage = cohort { { "id", c.integer { 1, 2, 3, 4, 5, 6 } }, { "nodules",
  c.integer { 1, 1, 3, 4, 1, 1 } },
  { "largest_mm", c.number { 20, 60, 30, 10, 15, 15 } },
  { "invasion", c.text { "no", "no", "no", "no", "yes", "no" } },
  { "extrahepatic", c.text { "no", "no", "no", "no", "no", "no" } },
  { "ecog", c.integer { 0, 0, 0, 0, 0, 3 } },
  { "end_stage", c.text { "no", "no", "no", "no", "no", "no" } } }
t.is(levels(stage:classify("bclc")), "0 A A B C D", "BCLC 2022")

local afp = cohort { { "id", c.integer { 1, 2, 3 } }, { "baseline", c.number { 100, 100, 19 } },
  { "best", c.number { 80, 81, 1 } } }
t.is(levels(afp:classify("afp_response", { decline = 0.2 })), "response no response -",
  "AFP response, exactly 20%")

local path = cohort {
  { "id", c.integer { 1, 2, 3, 4, 5 } }, { "viable", c.number { 0, 0, 10, 50, 51 } },
  { "viable_thrombus", c.number { n = 5, nil, 5 } } }
t.is(levels(path:classify("pathological_response")), "pCR MPR MPR pPR pNR",
  "pathological response, all specimens")
t.is(levels(path:classify("pathological_response", { mpr = 50 })), "pCR MPR MPR MPR pNR",
  "MPR at any threshold")

local conversion = cohort {
  { "id", c.integer { 1, 2, 3 } }, { "conversion", c.date { "2024-03-01", "2024-03-01", n = 3 } },
  { "surgery", c.date { n = 3, "2024-04-01" } } }
local converted = conversion:classify("conversion")
t.is(levels(converted), "converted, resected converted, not resected not converted", "conversion")

-- Resistance: the corners of the definitions.
local ici = cohort {
  { "id", c.text { "early PD", "short SD", "late PD after PR", "PR under 6 months", "no PD",
    "unconfirmed" } },
  { "start", c.date { "2024-01-01", "2024-01-01", "2024-01-01", "2024-01-01", "2024-01-01",
    "2024-01-01" } },
  { "last_dose", c.date { "2024-02-20", "2024-06-01", "2024-12-01", "2024-05-01", "2024-12-01",
    "2024-02-20" } },
  { "progression", c.date { "2024-02-26", "2024-06-01", "2024-12-15", "2024-05-20", nil,
    "2024-02-26", n = 6 } },
  { "best", c.text { "PD", "SD", "PR", "PR", "CR", "PD" } },
  { "confirmed", c.text { "yes", "yes", "yes", "yes", "no", "no" } } }
t.is(levels(ici:classify("resistance")),
  "primary primary secondary no class: response under 6 months no progression -",
  "SITC, single agent")
t.is(levels(ici:classify("resistance_combination")),
  "primary primary secondary primary no progression primary", "SITC, combination")
local short = ici:derive("last_dose", c.date { "2024-01-20", "2024-06-01", "2024-03-01",
  "2024-05-01", "2024-12-01", "2024-02-20" })
t.is(levels(short:classify("resistance_combination")),
  "- primary no class: exposure under 6 months primary no progression primary",
  "late progression needs exposure (Rizvi 2023)")
local rapid = short:derive("rapid", c.text { "yes", "no", "no", "no", "no", "yes" })
t.is(levels(rapid:classify("resistance_combination")):sub(1, 7), "primary",
  "rapid progression asks for none")
t.is(levels(rapid:classify("resistance")),
  "primary primary no class: response under 6 months no class: response under 6 months "
  .. "no progression primary", "and for no scan (Kluger 2020)")
t.is(levels(ici:classify("resistance_exhaustive")),
  "primary primary secondary primary durable primary", "three exhaustive classes")

-- Events: worst grade of a patient, who is counted once.
local people = { { "id", c.text { "a", "b", "c" } } }
local events = tables.new(core.table.new {
  { "id", c.text { "a", "a", "b" } }, { "term", c.text { "rash", "fatigue", "rash" } },
  { "grade", c.integer { 1, 3, 2 } } }, { key = "id" })
t.is(levels(cohort(people, { events = events }):classify("ctcae")), "3 2 0", "CTCAE worst grade")
t.is(levels(cohort(people, { ae = events }):classify("ctcae", { table = "ae", term = "rash" })),
  "1 2 0", "of one term, another table")
local complications = tables.new(core.table.new { { "id", c.text { "a", "a", "b" } },
  { "grade", c.text { "II", "IIIa-d", "IVb" } } }, { key = "id" })
t.is(levels(cohort(people, { complications = complications }):classify("clavien_dindo")),
  "IIIa IVb none", "Clavien-Dindo, suffix d ignored")

-- Each built-in class is what a user's own copy is.
local runs = {
  afp_response = { afp, { decline = 0.2 } },
  albi = { albi, { bilirubin = "bili", albumin = "alb" } },
  malbi = { albi, { bilirubin = "bili", albumin = "alb" } }, bclc = { stage },
  child_pugh = { liver },
  conversion = { conversion }, pathological_response = { path, { mpr = 30 } }, resistance = { ici },
  resistance_combination = { ici }, resistance_exhaustive = { ici },
  ctcae = { cohort(people, { events = events }) },
  clavien_dindo = { cohort(people, { complications = complications }) },
}
local copied = 0
for _, name in ipairs(classify.names()) do
  local copy = {}
  for k, v in pairs(classify.get(name)) do copy[k] = v end
  copy.name = "my_" .. name
  classify.define(copy)
  local on, opt = table.unpack(runs[name])
  t.is(levels(on:classify(copy.name, opt)), levels(on:classify(name, opt)), "a copy of " .. name
    .. " gives the same")
  copied = copied + 1
end
t.is(copied, 12, "every built-in class was copied")

t.fails(function() liver:classify("child_phug") end, "child_pugh", "did you mean")
t.fails(function() liver:classify("child_pugh", { bilirubbin = "x" }) end, "unknown option",
  "unknown options")
t.fails(function() classify.define { name = "x", title = "x", levels = { "a" },
  derrive = print } end, "derive", "unknown keys of define")
classify.define { name = "broken", title = "Broken", levels = { "a" },
  derive = function() return "b" end }
t.fails(function() liver:classify("broken") end, "none of its levels",
  "an unknown level names patient and class")
t.ok(#classify.names() >= 12, "the registry lists its classes")
t.done()
