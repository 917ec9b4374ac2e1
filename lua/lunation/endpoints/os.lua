-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"

return endpoint.define {
  name = "os", version = "1", kind = "time_to_event",
  title = "Overall survival",
  doc = "From the origin to death of any cause; patients alive are censored at their last contact.",
  columns = {
    origin = { type = "date", required = true, doc = "start of the clock" },
    event = { type = "date", required = true, doc = "date of death, empty while alive" },
    censor = { type = "date", required = true, doc = "last date known alive" },
  },
  derive = function(patient)
    if not patient.origin then return nil, "no start date" end
    if patient.event then
      return { from = patient.origin, to = patient.event, event = true, reason = "death" }
    end
    if not patient.censor then return nil, "neither death nor last contact" end
    return { from = patient.origin, to = patient.censor, event = false, reason = "alive at last contact" }
  end,
}
