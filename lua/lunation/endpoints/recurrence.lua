-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local first_of = require "lunation.endpoints.first_of"

return endpoint.define {
  name = "recurrence", version = "1", kind = "time_to_event",
  title = "Time to recurrence",
  doc = "From surgery (or complete response) to recurrence; death without recurrence ends the observation and does not "
    .. "count, or is a competing event with the option competing.",
  columns = first_of.columns({ recurrence = "date of recurrence, empty if none",
    death = "date of death, empty while alive" }, "date of surgery or complete response"),
  options = first_of.COMPETING,
  derive = first_of.derive({ { role = "recurrence", reason = "recurrence" } }, { { role = "death", reason = "death" } }),
}
