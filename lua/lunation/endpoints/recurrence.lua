-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local columns = require "lunation.endpoints.columns"

return endpoint.define {
  name = "recurrence", version = "2", kind = "time_to_event",
  title = "Time to recurrence",
  doc = "From surgery (or complete response) to recurrence; death without recurrence ends the "
    .. "observation and does not count, or is a competing event with the option competing.",
  columns = columns({ recurrence = "date of recurrence, empty if none",
    death = "date of death, empty while alive" },
    "date of surgery or complete response"),
  options = { competing = { type = "boolean", default = false } },
  rules = {
    events = { { source = "recurrence", reason = "recurrence" },
      { source = "death", reason = "death", competing = true } },
    censoring = { { when = { "after" }, source = "death", at = "death", reason = "death" },
      { when = { "no-event" }, at = "censor", reason = "no event at last assessment" } },
  },
}
