-- SPDX-License-Identifier: GPL-3.0-or-later
-- SDTM from a recipe: TU, TR and RS mapped by a few lines, two readers side by side.
local t = dofile("tests/lua/tap.lua")
local core = require "lunation.core"

local shared = t.shared()
if not shared then
  t.skip("../shared is missing")
  t.done()
end

local RECIPE = [[
lunation: 1
id: sdtm
version: 1.0.0
title: From SDTM to endpoints
data:
  dm: { file: DATA/sdtm_dm.csv, key: USUBJID, columns: { RFSTDTC: date } }
  tu: { file: DATA/sdtm_tu_onco_recist.csv, key: USUBJID, rows: many }
  tr: { file: DATA/sdtm_tr_onco_recist.csv, key: USUBJID, rows: many, columns: { TRSTRESC: text, TRDTC: text } }
  rs: { file: DATA/sdtm_rs_onco_recist.csv, key: USUBJID, rows: many, columns: { RSDTC: text } }
  lesions: { from: tr, sdtm: { tu: tu, baseline: SCREENING } }
  assigned: { from: rs, sdtm: { reader: INVESTIGATOR, partial: exclude } }
response:
  investigator: { table: lesions, reader: INVESTIGATOR, refused: exclude }
  central: { table: lesions, reader: "INDEPENDENT ASSESSOR: RADIOLOGIST 1", refused: exclude }
  given: { table: assigned }
analyses:
  best: { response: investigator }
  readers: { agreement: [investigator, central] }
  labels: { agreement: [investigator, given] }
  sets: { adam: investigator }
]]

local dir = (os.getenv("B") or "build") .. "/sdtm-test"
if core.file.kind(dir) then core.file.remove_tree(dir) end
core.file.mkdir(dir)
local function run(text)
  core.file.write(dir .. "/r.yaml", (text:gsub("DATA", core.file.real(shared) .. "/data")))
  local recipe = require("lunation.recipe.load").checked(dir .. "/r.yaml")
  return require("lunation.recipe.run").complete(recipe)
end

local study = run(RECIPE)
local investigator, given = study.env.investigator, study.env.given
t.ok(#investigator:rows() > 5, "lesions of the investigator are assessed")
t.is(investigator:refused()[1].code, "bad-date", "a partial date is refused")
local readers = study.results.readers.agreement
t.ok(readers.n > 3 and readers.kappa, "readers are compared")
local function find(rows, id)
  for _, row in ipairs(rows) do if row.id == id then return row.best end end
end
t.is(find(given:best():rows(), "01-701-1133"), "CR", "assigned responses lead to a best response")
t.ok(study.results.labels.agreement.n > 3, "and are compared with ours")
local doc = require("lunation.report.study").document(study)
local ids = {}
for _, table_ in ipairs(doc:tables()) do ids[table_.id] = table_ end
t.ok(ids["patients-refused"], "the report lists who was refused")
t.ok(ids["sets-adrs"] and ids["sets-adtr"], "ADRS and ADTR are written")
t.is(ids["sets-adrs"].columns[3].key, "PARAMCD", "with ADaM's columns")
t.fails(function() run((RECIPE:gsub("reader: INVESTIGATOR, refused",
  "reader: INVESTIGATR, refused"))) end, "INVESTIGATOR",
  "a reader that is not there")
t.fails(function() run((RECIPE:gsub("%[investigator, given%]", "[investigator, gven]"))) end,
  'did you mean "given"',
  "a response that is not there")
core.file.remove_tree(dir)
t.done()
