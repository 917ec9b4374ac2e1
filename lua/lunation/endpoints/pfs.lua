-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local columns = require "lunation.endpoints.columns"

return endpoint.define {
  name = "pfs", version = "2", kind = "time_to_event",
  title = "Progression-free survival",
  doc = "From the origin to the first of progression and death; others are censored at their last \z
    assessment.",
  columns = columns { progression = "date of progression, empty if none",
    death = "date of death, empty while alive" },
  rules = {
    events = { { source = "progression", reason = "progression" },
      { source = "death", reason = "death" } },
    censoring = { { when = { "no-event" }, at = "censor",
      reason = "no event at last assessment" } },
    assessed = true,
  },
}
