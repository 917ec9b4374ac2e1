-- SPDX-License-Identifier: CC0-1.0
-- How long do the patients of each arm live, and do the arms differ?
local lun = require "lunation"

local patients = lun.read("examples/study160/patients.csv", {
  key = "id",
  columns = { arm = { levels = { "A", "B" }, label = "Treatment arm" } },
})
local cohort = lun.cohort(patients)

-- time is in days; divide = 30.4375 gives months. is: the value of the column that means death.
local os = cohort:survival { time = "time", event = "event", is = 1, divide = 30.4375,
  unit = "months",
  title = "Overall survival" }
print(os)

local km = os:km { by = "arm", times = { 12, 24 } }
print(km)
print(os:logrank { by = "arm" })

-- Every number is also there as a field.
local median = km:median("B")
print(("median of arm B: %.1f months (%.1f to %.1f)"):format(median.estimate, median.lower,
  median.upper))
for label, curve in km:curves() do
  print(("arm %s: %d patients, %d deaths, %.1f%% alive at one year"):format(label, curve.n,
    curve.events,
    100 * km:at(12, label).survival))
end

-- Follow-up is the same estimate with the roles of death and censoring exchanged.
print(("median follow-up: %.1f months"):format(os:followup():median().estimate))
