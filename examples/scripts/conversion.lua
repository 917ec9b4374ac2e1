-- SPDX-License-Identifier: CC0-1.0
-- A plug-in: time from the first dose to conversion surgery, if it comes soon enough. Death without
-- surgery competes.
local endpoint = require "lunation.endpoint"

return endpoint.define {
  name = "conversion", version = "1", kind = "time_to_event",
  title = "Time to conversion surgery",
  columns = {
    origin = { type = "date", required = true, doc = "first dose" },
    surgery = { type = "date", required = true, doc = "date of hepatectomy, empty if none" },
    death = { type = "date", required = true, doc = "date of death, empty while alive" },
    censor = { type = "date", required = true, doc = "last contact" },
  },
  options = { within = { type = "number", default = 730, min = 1,
    doc = "days; later operations do not count" } },
  derive = function(patient, opt)
    local from = patient.origin
    if not from then return nil, "never treated" end
    local limit, last = from + opt.within, patient.surgery or patient.death or patient.censor
    if not last then return nil, "no last contact" end
    if last > limit then
      return { from = from, to = limit, event = false, reason = "neither within the limit" }
    end
    if patient.surgery then
      return { from = from, to = last, event = "surgery", reason = "operated" }
    end
    return { from = from, to = last, event = patient.death and "death", reason = "not operated" }
  end,
}
