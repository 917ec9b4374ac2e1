-- SPDX-License-Identifier: CC0-1.0
local endpoint = require "lunation.endpoint"
endpoint.define {
  name = "ttdr", version = "1", kind = "time_to_event",
  title   = "Time to deep response (target sum down by 80% or more)",
  needs   = { patient = { "start", "last_contact" }, lesions = { "date", "mm" } },
  options = { depth = { default = 0.8, min = 0, max = 1 } },
  derive  = function(patient, opt)                -- one patient, read only
    local base = patient.lesions:baseline("mm", patient.start)
    if not base then return nil, "no baseline measurement" end
    for visit in patient.lesions:after(patient.start) do
      if visit.mm and visit.mm <= (1 - opt.depth) * base then
        return { time = visit.date - patient.start, event = true, reason = "deep response" }
      end
    end
    return { time = patient.last_contact - patient.start, event = false,
      reason = "no deep response" }
  end,
}
