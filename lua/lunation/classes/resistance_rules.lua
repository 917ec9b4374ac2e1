-- SPDX-License-Identifier: GPL-3.0-or-later
-- resistance_rules: what the definitions of resistance to immune checkpoint inhibitors share.
local M = {}

M.COLUMNS = {
  best = { type = "text", required = true, doc = "best response: CR, PR, SD, PD, NE" },
  start = { type = "date", required = true, doc = "first dose" },
  last_dose = { type = "date", required = true, doc = "last dose" },
  progression = { type = "date", doc = "date of progression, empty if none" },
  rapid = { doc = "rapid progression or deterioration, for which neither exposure nor a scan is \z
    asked: yes or no" },
  confirmed = { doc = "progression confirmed by a scan four weeks later: yes or no" },
}

--- Days from the first dose to progression (nil: none), and on treatment up to it or to the last
--- dose.
function M.times(patient)
  local start, last, progression = patient.start, patient.last_dose, patient.progression
  if not start or not last then return nil end
  local exposure = (progression and progression < last and progression or last) - start
  return progression and progression - start, exposure
end

local function yes(v) return v == "yes" or v == 1 or v == true end

--- Whether the patient deteriorated too fast for the requirements of a definition.
function M.rapid(patient) return yes(patient.rapid) end

--- Whether the confirmatory scan that the definition asks for is there.
function M.confirmed(patient, opt)
  return not opt.confirm or yes(patient.confirmed) or yes(patient.rapid)
end

return M
