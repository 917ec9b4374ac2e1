-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local columns = require "lunation.endpoints.columns"

return endpoint.define {
  name = "dfs", version = "2", kind = "time_to_event",
  title = "Disease-free survival",
  doc = "From surgery to the first of recurrence, second cancer where recorded as recurrence, and \z
    death.",
  columns = columns({ recurrence = "date of recurrence, empty if none",
    death = "date of death, empty while alive" }, "date of surgery"),
  rules = {
    events = { { source = "recurrence", reason = "recurrence" },
      { source = "death", reason = "death" } },
    censoring = { { when = { "no-event" }, at = "censor",
      reason = "no event at last assessment" } },
  },
}
