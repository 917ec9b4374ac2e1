-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local columns = require "lunation.endpoints.columns"

return endpoint.define {
  name = "rfs", version = "2", kind = "time_to_event",
  title = "Recurrence-free survival",
  doc = "From surgery (or complete response) to the first of recurrence and death; others are "
    .. "censored at their last assessment.",
  columns = columns({ recurrence = "date of recurrence, empty if none",
    death = "date of death, empty while alive" },
    "date of surgery or complete response"),
  rules = {
    events = { { source = "recurrence", reason = "recurrence" },
      { source = "death", reason = "death" } },
    censoring = { { when = { "no-event" }, at = "censor",
      reason = "no event at last assessment" } },
  },
}
