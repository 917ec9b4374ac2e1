-- SPDX-License-Identifier: CC0-1.0
-- I have lesion measurements: who responded, how deep, and how does the waterfall look?
local lun = require "lunation"

local patients = lun.read("examples/lesions/patients.csv", { key = "id",
  columns = { start = "date", death = "date", last_contact = "date" } })
local lesions = lun.read("examples/lesions/lesions.csv", { key = "id", rows = "many",
  columns = { date = "date", lesion = "text", role = "text", organ = "text", node = { "no", "yes" },
    mm = "number", viable_mm = "number" } })
local cohort = lun.cohort(patients, { lesions = lesions })

local recist = cohort:recist { criteria = "recist" }
print(recist:best())
print(cohort:recist { criteria = "mrecist" }:best())

-- The waterfall as text: one bar for each patient, a character for each five per cent.
for _, bar in ipairs(recist:waterfall()) do
  local length = math.ceil(math.abs(bar.percent) / 5)
  print(("%s  %s %6.1f%% %s"):format(bar.id, bar.best, bar.percent,
    (bar.percent > 0 and "+" or "-"):rep(length)))
end

-- From the same assessments: progression-free survival.
local pfs = cohort:endpoint("pfs", { response = recist, unit = "months" })
print(pfs)
local median = pfs:km():median()
print(("median %.1f months"):format(median.estimate))
