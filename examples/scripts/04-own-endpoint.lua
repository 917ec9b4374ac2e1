-- SPDX-License-Identifier: CC0-1.0
-- My endpoint is not in the list: how do I define it, once, for scripts and recipes?
local lun = require "lunation"
lun.use("examples/scripts/conversion.lua")

local cohort = lun.cohort(lun.read("examples/conversion-surgery/patients.csv", {
  key = "id",
  columns = { start = "date", surgery_date = "date", death_date = "date", last_contact = "date",
    treated = { "no", "yes" }, afp_over_400 = { levels = { "no", "yes" },
      label = "AFP over 400 ng/mL" } },
})):where("treated == 'yes'", "Started therapy")

-- The roles of the definition, bound to the columns of this file.
local roles = { origin = "start", surgery = "surgery_date", death = "death_date",
  censor = "last_contact",
  unit = "months" }
local conversion = cohort:endpoint("conversion", roles)
print(conversion)

-- What an endpoint can do, yours can do.
print(conversion:cuminc { by = "afp_over_400", times = { 6, 12 } })
print(conversion:gray { by = "afp_over_400", cause = "surgery" })

-- Its option is checked like any other.
roles.within = 182
local early = cohort:endpoint("conversion", roles)
print(("within 182 days: surgery or death in %d of %d"):format(early.events, early.n))
roles.within = 0
local ok, message = pcall(cohort.endpoint, cohort, "conversion", roles)
print(ok, message.message)
