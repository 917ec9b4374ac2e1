-- SPDX-License-Identifier: GPL-3.0-or-later
-- One treatment, response from tumour measurements. What it writes is CC0.
local core = require "lunation.core"

local RECIPE = [[
# SPDX-License-Identifier: CC0-1.0
#
# Question   How many patients respond, and how long do they live without progression?
# Design     One group. The response is made from the measurements, by RECIST 1.1.
# Data       patients.csv and lesions.csv are simulated. Put your own files in their place:
#            lunation run study.yaml --data patients=mine.csv --data lesions=scans.csv
#            lunation data scans.csv prints the columns: block for your file.
lunation: 1
id: my-response-study
version: 0.1.0
title: Response and progression-free survival of one group
simulated: Simulated data. No patient is in this report.
data:
  patients:
    file: patients.csv
    key: id
    columns:
      age: { type: number, unit: years, min: 18, max: 100, label: Age }
      viral: { type: factor, levels: [HBV, HCV, none], label: Hepatitis }
      start: { type: date, label: First treatment }
      death: { type: date, label: Death }
      last_contact: { type: date, label: Last contact }
  lesions:
    file: lesions.csv
    key: id
    rows: many
    columns:
      date: { type: date, label: Day of the scan }
      lesion: { type: text, label: Lesion }
      role: { type: factor, levels: [target, nontarget, new], label: Role }
      organ: { type: text, label: Organ }
      mm: { type: number, unit: mm, min: 0, label: Longest diameter }
response:
  recist: { criteria: recist, table: lesions, start: start, death: death, confirm: false }
endpoints:
  os: { origin: start, event: death, censor: last_contact, unit: months }
  pfs: { response: recist, unit: months }
analyses:
  baseline: { table1: [age, viral], title: Patients }
  os: { km: os, times: [12, 24], follow_up: true, title: Overall survival }
  pfs: { km: pfs, times: [6, 12], title: Progression-free survival }
]]

local N, SEED = 60, 20240102
local ORIGIN, ACCRUAL, CLOSE, EVERY = 18262, 700, 1500, 63 -- 2020-01-01 as days since 1970; days

local function iso(days) return core.column.date({ days })[1] end

local function row(list, ...) list[#list + 1] = table.concat({ ... }, ",") end

-- A tumour shrinks at a rate of its own and grows back: log size falls by depth, then rises by
-- slope.
local function scans(rng, id, start, last, lesions)
  local n, depth, slope = 1 + rng:below(2), 0.9 * rng:exponential() - 0.2,
    0.0008 + 0.0015 * rng:exponential()
  local size, scale = {}, 50 + rng:below(250)
  for i = 1, n do size[i] = 15 + 30 * rng:uniform() end
  for day = -7, last - start, EVERY do
    local t = math.max(0, day)
    local factor = math.exp(-depth * (1 - math.exp(-t / scale)) + slope * math.max(0, t - scale))
    for i = 1, n do
      row(lesions, id, iso(ORIGIN + start + day), "T" .. i, "target", "liver",
        ("%.0f"):format(size[i] * factor * (1 + 0.03 * rng:normal())))
    end
    if factor * (1 + depth) > 1.9 and day > 0 then
      row(lesions, id, iso(ORIGIN + start + day), "N1", "new", "lung", "12")
      return
    end
  end
end

local function cohort()
  local patients, lesions = { "id,age,viral,start,death,last_contact" },
    { "id,date,lesion,role,organ,mm" }
  local rng, viral = core.rng.new(SEED, "template response"), { "HBV", "HBV", "HCV", "none" }
  for i = 1, N do
    local id, start = ("P%03d"):format(i), rng:below(ACCRUAL)
    local age, cause = math.floor(60 + 9 * rng:normal() + 0.5), viral[1 + rng:below(4)]
    local time, seen = 30 + math.floor(800 * rng:exponential()),
      math.min(CLOSE, start + 300 + rng:below(1200))
    local dead, last = start + time <= seen, math.min(seen, start + time)
    row(patients, id, math.max(30, math.min(85, age)), cause, iso(ORIGIN + start), dead
      and iso(ORIGIN + last) or "", iso(ORIGIN + last))
    scans(rng, id, start, last, lesions)
  end
  return table.concat(patients, "\n") .. "\n", table.concat(lesions, "\n") .. "\n"
end

return {
  title = "one treatment, response from tumour measurements (RECIST 1.1)",
  files = function()
    local patients, lesions = cohort()
    return { { "study.yaml", RECIPE }, { "patients.csv", patients }, { "lesions.csv", lesions } }
  end,
}
