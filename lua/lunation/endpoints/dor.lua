-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local first_of = require "lunation.endpoints.first_of"

local derive = first_of.derive { { role = "progression", reason = "progression" }, { role = "death", reason = "death" } }

return endpoint.define {
  name = "dor", version = "1", kind = "time_to_event",
  title = "Duration of response",
  doc = "From the first (confirmed) response to the first of progression and death; responders only.",
  columns = first_of.columns({ progression = "date of progression, empty if none",
    death = "date of death, empty while alive" }, "date of the first response, empty in non-responders"),
  derive = function(patient)
    if not patient.origin then return nil, "no response" end
    return derive(patient)
  end,
}
