-- SPDX-License-Identifier: CC0-1.0
-- How often does the tumour progress, when patients can die before it does?
local lun = require "lunation"

local cohort = lun.cohort(lun.read("examples/radiotherapy-plus-ici/patients.csv", {
  key = "id",
  columns = { start = "date", progression = "date", last_imaging = "date", death = "date",
    ehm = { levels = { "no", "yes" }, label = "Extrahepatic metastasis" } },
}))

-- competing = true: the first of the two counts, as what it is; without it death would only end the
-- observation.
local roles = { origin = "start", progression = "progression", death = "death",
  censor = "last_imaging", unit = "months" }
roles.competing = true
local first = cohort:endpoint("ttp", roles)
print(first)
print(first:cuminc { by = "ehm", times = { 6, 12 } })
print(first:gray { by = "ehm", cause = "progression" })
print(first:gray { by = "ehm", cause = "death" })

-- One minus Kaplan-Meier treats the dead as if they could still progress: it is too high.
roles.competing = false
local incidence = first:cuminc():at(12, nil, "progression").incidence
local naive = 1 - cohort:endpoint("ttp", roles):km():at(12).survival
print(("progression by 12 months: %.1f%%"):format(100 * incidence))
print(("one minus Kaplan-Meier:   %.1f%%"):format(100 * naive))
