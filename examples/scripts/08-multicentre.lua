-- SPDX-License-Identifier: CC0-1.0
-- My patients come from centres with different survival: how do I compare arms within them?
local lun = require "lunation"

-- The file has no centre; one is made up: North is sent the advanced stages, West the early ones.
local function centre(p)
  if p.id % 3 == 0 or p.stage == "III" then return "South" end
  return p.stage == "IV" and "North" or "West"
end

local cohort = lun.cohort(lun.read("examples/study160/patients.csv", {
  key = "id",
  columns = { arm = { "A", "B" }, stage = { "I", "II", "III", "IV" } },
})):derive("centre", centre, { levels = { "North", "South", "West" }, label = "Centre" })
local os = cohort:survival { time = "time", event = "event", is = 1, unit = "days",
  title = "Overall survival" }

print(os:logrank { by = "arm" })
print(os:logrank { by = "arm", strata = "centre" })
print(os:logrank { by = "arm", strata = { "centre", "ecog" } })

local function arm(name, fit)
  for _, row in ipairs(fit:rows()) do
    if row.term == "arm: B" and row.statistic == "hr" then
      print(("%-38s HR %.3f (%.3f to %.3f)"):format(name, row.value, row.lower, row.upper))
    end
  end
end
arm("pooled", os:cox("arm + age + ecog"))
arm("centre as a covariate", os:cox("arm + age + ecog + centre"))
arm("a baseline hazard for each centre", os:cox("arm + age + ecog + strata(centre)"))
arm("for each centre and ECOG status", os:cox("arm + age + strata(centre) + strata(ecog)"))

-- Centre by centre, to see whether they agree.
for _, centre in ipairs { "North", "South", "West" } do
  local here = os:where(("centre == '%s'"):format(centre))
  arm(("%s (%d patients, %d deaths)"):format(centre, here.n, here.events), here:cox("arm"))
end
