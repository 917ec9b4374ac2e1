-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local columns = require "lunation.endpoints.columns"

return endpoint.define {
  name = "tot", version = "2", kind = "time_to_event",
  title = "Time on treatment",
  doc = "From the first dose to the end of treatment or death; patients still treated are censored.",
  columns = columns({ stop = "last dose, empty while treated",
    death = "date of death, empty while alive" }, "first dose",
    "last date known on treatment"),
  rules = {
    events = { { source = "stop", reason = "treatment stopped" },
      { source = "death", reason = "death" } },
    censoring = { { when = { "no-event" }, at = "censor",
      reason = "no event at last assessment" } },
  },
}
