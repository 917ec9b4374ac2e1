-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local columns = require "lunation.endpoints.columns"

return endpoint.define {
  name = "pps", version = "2", kind = "time_to_event",
  title = "Post-progression survival",
  doc = "From progression to death; patients alive are censored at their last contact. Patients "
    .. "without progression are left out and counted.",
  columns = columns({ death = "date of death, empty while alive" }, "date of progression",
    "last date known alive"),
  rules = {
    events = { { source = "death", reason = "death" } },
    censoring = { { when = { "no-event" }, at = "censor",
      reason = "no event at last assessment" } },
  },
}
