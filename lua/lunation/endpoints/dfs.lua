-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local first_of = require "lunation.endpoints.first_of"

return endpoint.define {
  name = "dfs", version = "1", kind = "time_to_event",
  title = "Disease-free survival",
  doc = "From surgery to the first of recurrence, second cancer where recorded as recurrence, and death.",
  columns = first_of.columns({ recurrence = "date of recurrence, empty if none", death = "date of death, empty while alive" }, "date of surgery"),
  derive = first_of.derive({ { role = "recurrence", reason = "recurrence" }, { role = "death", reason = "death" } }),
}
