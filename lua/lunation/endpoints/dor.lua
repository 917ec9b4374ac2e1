-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local columns = require "lunation.endpoints.columns"

return endpoint.define {
  name = "dor", version = "2", kind = "time_to_event",
  title = "Duration of response",
  doc = "From the first (confirmed) response to the first of progression and death; responders \z
    only.",
  columns = columns({ progression = "date of progression, empty if none",
    death = "date of death, empty while alive" },
    "date of the first response, empty in non-responders"),
  rules = {
    events = { { source = "progression", reason = "progression" },
      { source = "death", reason = "death" } },
    censoring = { { when = { "no-event" }, at = "censor",
      reason = "no event at last assessment" } },
    assessed = true, no_start = "no response",
  },
}
