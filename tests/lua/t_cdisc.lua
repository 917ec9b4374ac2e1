-- SPDX-License-Identifier: GPL-3.0-or-later
-- SDTM in (the pilot's TU and TR), ADaM out, and agreement of readers.
local t = dofile("tests/lua/tap.lua")
local lun = require "lunation"
local recist = require "lunation.onco.recist"

-- A 2 x 2 table worked by hand, and the 3 x 3 table of J. L. Fleiss, J. Cohen and B. S. Everitt
-- (1969), whose standard errors were computed in R by the delta method with numerical derivatives.
local core = require "lunation.core"
local agreement_of = require("lunation.onco.agreement").of
local function from_counts(counts, levels)
  local a, b, ids = {}, {}, {}
  for i, row in ipairs(counts) do
    for k, n in ipairs(row) do
      for _ = 1, n do a[#a + 1], b[#b + 1], ids[#ids + 1] = levels[i], levels[k], #ids + 1 end
    end
  end
  a.n, b.n = #a, #b
  return agreement_of(core.column.factor(a, levels), core.column.factor(b, levels), ids,
    { first = "A", second = "B" })
end
do
  local k = from_counts({ { 20, 5 }, { 10, 15 } }, { "CR", "PR" })
  t.near(k.observed, 0.70, 1e-12, "observed agreement 35 of 50")
  t.near(k.kappa, 0.40, 1e-12, "kappa (0.70 - 0.50) / (1 - 0.50)")
  t.is(k.weighted, nil, "two levels have no weights")
  t.is(#k.disagreements, 15, "15 disagree")
  k = from_counts({ { 106, 10, 4 }, { 22, 28, 10 }, { 2, 12, 6 } }, { "CR", "PR", "SD" })
  t.near(k.kappa, 0.4285714285714, 1e-12, "kappa of 1969")
  t.near(k.se, 0.0537110048695, 1e-8, "its standard error")
  t.near(k.weighted.kappa, 0.4923076923077, 1e-12, "weighted kappa, linear")
  t.near(k.weighted.se, 0.0507186076057, 1e-8, "its standard error")
  t.is(k:table().rows[3].c1, 2, "the cross table")
  t.match(tostring(k), "200 patients, agreement 70%.0%%, kappa 0%.43", "prints")
  t.is(from_counts({ { 5, 0 }, { 0, 0 } }, { "CR", "PR" }).kappa, nil,
    "kappa of one level is not defined")
end

local shared = t.shared()
if not shared then
  t.skip("../shared is missing")
  t.done()
end

local function read(name, columns)
  return lun.read(shared .. "/data/sdtm_" .. name .. ".csv", { columns = columns })
end
local tu, tr = read("tu_onco_recist"), read("tr_onco_recist", { TRSTRESC = "text", TRDTC = "text" })
local dm = lun.read(shared .. "/data/sdtm_dm.csv", { key = "USUBJID" })
local lesions = recist.from_sdtm(tu, tr, { baseline = "SCREENING" })
t.match(lesions.notes[1], "%d+ rows repeat", "repeated rows are counted")
local cohort = lun.cohort(dm, { lesions = lesions })
local by = recist.by_reader(cohort, { refused = "exclude" })
t.is(#by.names, 3, "three readers")

local function of(reader, id)
  local out = {}
  for _, row in ipairs(by.by[reader]:rows()) do
    if row.id == id then out[#out + 1] = row.response or "-" end
  end
  return table.concat(out, " ")
end

-- The lesion that is back at 4.95 mm after CR is PD, whoever reads; the data set's own label is PR.
t.is(of("INDEPENDENT ASSESSOR: RADIOLOGIST 2", "01-701-1133"), "PR CR PD",
  "back after CR, reader 2")
t.is(of("INVESTIGATOR", "01-701-1133"), "PR CR PD", "back after CR, investigator")
local refused = by.by["INVESTIGATOR"]:refused()
t.is(refused[1].code, "bad-date", "the partial date 2014-02 is refused, not guessed")

local agreement = by:agreement("INDEPENDENT ASSESSOR: RADIOLOGIST 1",
  "INDEPENDENT ASSESSOR: RADIOLOGIST 2")
t.is(#agreement.disagreements, 1, "one disagreement")
t.is(agreement.disagreements[1].id, "01-701-1028", "in this patient")
t.match(tostring(agreement), "kappa", "prints")
t.fails(function() by:agreement("INVESTIGATR") end, "INVESTIGATOR", "did you mean")

local response = by.by["INVESTIGATOR"]
local function first(rows, id, param)
  for _, row in ipairs(rows) do
    if row.USUBJID == id and row.PARAMCD == param then return row end
  end
end
local pfs = first(response:adtte(), "01-701-1133", "PFS")
t.is(pfs.CNSR, 0, "ADTTE: an event")
t.is(pfs.EVNTDESC, "progressive disease", "its description")
t.is(pfs.ADT, "2012-12-30", "its date")
t.is(pfs.AVAL, 64, "AVAL = ADT - STARTDT + 1, from 2012-10-28")
t.is(first(response:adrs(), "01-701-1133", "BOR").AVAL, 1, "ADRS: best response CR is 1")
local tr1 = first(response:adtr(), "01-701-1133", "SDIAM")
t.is(tr1.BASE, 60, "ADTR: the baseline sum")
t.is(tr1.PCHG, -30, "and the change")

-- RS: responses that exist already
local rs = read("rs_onco_recist", { RSDTC = "text", RSSTRESC = "text", RSEVALID = "text" })
t.fails(function() recist.responses_from_sdtm(rs, { reader = "INVESTIGATOR" }) end, "2014%-02",
  "a partial date is an error")
local given = recist.responses_from_sdtm(rs, { reader = "INVESTIGATOR", partial = "exclude" })
t.match(given.notes[1], "1 patient", "or its patient is left out and counted")
local started = lun.cohort(lun.read(shared .. "/data/sdtm_dm.csv",
  { key = "USUBJID", columns = { RFSTDTC = "date" } }),
  { responses = given })
local assigned = recist.from_responses(started, { start = "RFSTDTC", refused = "exclude",
  confirm = false })
local sequence = {}
for _, row in ipairs(assigned:rows()) do
  if row.id == "01-701-1133" then sequence[#sequence + 1] = row.response end
end
t.is(table.concat(sequence, " "), "PR CR PD", "the file's own responses, visit by visit")
pfs, response, by, cohort, started, assigned = nil, nil, nil, nil, nil, nil
t.done()
