-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local first_of = require "lunation.endpoints.first_of"

return endpoint.define {
  name = "rfs", version = "1", kind = "time_to_event",
  title = "Recurrence-free survival",
  doc = "From surgery (or complete response) to the first of recurrence and death; others are censored at their last assessment.",
  columns = first_of.columns({ recurrence = "date of recurrence, empty if none", death = "date of death, empty while alive" }, "date of surgery or complete response"),
  derive = first_of.derive({ { role = "recurrence", reason = "recurrence" }, { role = "death", reason = "death" } }),
}
