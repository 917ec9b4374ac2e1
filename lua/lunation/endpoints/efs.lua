-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local columns = require "lunation.endpoints.columns"

return endpoint.define {
  name = "efs", version = "2", kind = "time_to_event",
  title = "Event-free survival",
  doc = "From the origin to the first of progression that precludes surgery, recurrence after \z
    surgery, and death.",
  columns = columns { progression = "date of progression that precludes surgery",
    recurrence = "date of recurrence after surgery",
    death = "date of death, empty while alive" },
  rules = {
    events = { { source = "progression", reason = "progression" },
      { source = "recurrence", reason = "recurrence" },
      { source = "death", reason = "death" } },
    censoring = { { when = { "no-event" }, at = "censor",
      reason = "no event at last assessment" } },
  },
}
