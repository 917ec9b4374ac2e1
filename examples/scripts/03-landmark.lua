-- SPDX-License-Identifier: CC0-1.0
-- Do operated patients live longer, or did they have to live long enough to be operated?
local lun = require "lunation"

-- known = "surgery_date": nobody is "operated" before that day.
local patients = lun.read("examples/conversion-surgery/patients.csv", {
  key = "id",
  columns = { start = "date", death_date = "date", last_contact = "date", surgery_date = "date",
    treated = { "no", "yes" }, surgery = { levels = { "no", "yes" }, label = "Hepatectomy",
      known = "surgery_date" } },
})
local os = lun.cohort(patients):where("treated == 'yes'", "Started therapy"):endpoint("os", {
  origin = "start", event = "death_date", censor = "last_contact", unit = "months",
  month = "calendar" })

local function show(name, fit)
  for _, row in ipairs(fit:rows()) do
    if row.statistic == "hr" then
      print(("%-26s operated %2d of %3d  HR %.2f (%.2f to %.2f)"):format(name, row.n,
        fit.n, row.value,
        row.lower, row.upper))
    end
  end
end

-- Wrong: counts the months before the operation for the operation.
show("as if known from the start", os:cox("surgery"))

-- From a landmark: who is alive and under observation then, by what is known then.
for _, month in ipairs { 3, 6, 9, 12 } do
  show(("landmark at %d months"):format(month), os:landmark(month):cox("surgery"))
end
for _, e in ipairs(os:landmark(6).excluded) do
  print(("  at 6 months left out, %s: %d"):format(e.reason, e.n))
end

-- Time-dependent: every patient counts as not operated until the day of the operation.
local split = os:split("surgery")
print(#os .. " patients make " .. #split .. " rows, before and after the operation")
show("time-dependent", split:cox("surgery"))
