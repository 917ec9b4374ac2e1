-- SPDX-License-Identifier: CC0-1.0
-- The arms differ at baseline: what is the effect when they are weighted alike, and how sure is it?
local lun = require "lunation"

local cohort = lun.cohort(lun.read("examples/study160/patients.csv", {
  key = "id",
  columns = { arm = { "A", "B" }, sex = { "F", "M" }, stage = { "I", "II", "III", "IV" },
    prior = { "no", "yes" } },
}))
local os = cohort:survival { time = "time", event = "event", is = 1, divide = 30.4375,
  unit = "months",
  title = "Overall survival" }

local w = cohort:weights("arm ~ age + sex + ecog + stage + size + prior", { estimand = "ATE" })
print(w)
print(w:balance())

local function show(name, fit)
  for _, row in ipairs(fit:rows()) do
    if row.statistic == "hr" then
      print(("%-22s HR %.2f (%.2f to %.2f), se %.4f"):format(name, row.value, row.lower,
        row.upper, row.se))
    end
  end
end

show("unweighted", os:cox("arm"))
local weighted = os:cox("arm", { weights = w })
show("weighted, sandwich", weighted)            -- takes the weights as known
show("weighted, stacked", weighted:stacked())   -- counts that they were estimated

print(w:curves(os, { statistic = "rmst", at = 24 }))
