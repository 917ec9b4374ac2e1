-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"

return endpoint.define {
  name = "ttr", version = "1", kind = "time_to_event",
  title = "Time to response",
  doc = "From the origin to the first (confirmed) response; responders only.",
  columns = {
    origin = { type = "date", required = true, doc = "start of the clock" },
    response = { type = "date", required = true, doc = "date of the first response, empty in non-responders" },
  },
  derive = function(patient)
    if not patient.origin then return nil, "no start date" end
    if not patient.response then return nil, "no response" end
    return { from = patient.origin, to = patient.response, event = true, reason = "response" }
  end,
}
