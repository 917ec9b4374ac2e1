-- SPDX-License-Identifier: CC0-1.0
-- Is my Cox model sound: are hazards proportional, does it discriminate, did something go wrong in
-- the fit?
local lun = require "lunation"

local cohort = lun.cohort(lun.read("examples/study160/patients.csv", {
  key = "id",
  columns = { arm = { "A", "B" }, stage = { "I", "II", "III", "IV" }, prior = { "no", "yes" } },
}))
local os = cohort:survival { time = "time", event = "event", is = 1, unit = "days",
  title = "Overall survival" }

local fit = os:cox("arm + age + ecog + stage + log2(marker)")
print(fit)

-- Proportional hazards, term by term and together.
print(fit:zph())

local c = fit:concordance()
print(("Harrell's C %.3f (%.3f to %.3f)"):format(c.estimate, c.lower, c.upper))

-- Does stage as a whole matter?
local without = os:cox("arm + age + ecog + log2(marker)")
local test = fit:compare(without)
print(("stage: likelihood ratio %.2f on %d df, p = %.4f"):format(test.statistic, test.df, test.p))

-- A fit that cannot be trusted says so. Among patients over 80 some groups are too small for this
-- model.
local doubtful = os:where("age > 80"):cox("arm + stage + prior + ecog")
print(("over 80: %d patients, %d events"):format(doubtful.n, doubtful.events))
for _, warning in ipairs(doubtful.warnings) do print("warning: " .. warning) end
