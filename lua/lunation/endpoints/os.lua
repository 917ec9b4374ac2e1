-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local columns = require "lunation.endpoints.columns"

return endpoint.define {
  name = "os", version = "2", kind = "time_to_event",
  title = "Overall survival",
  doc = "From the origin to death of any cause; patients alive are censored at their last contact.",
  columns = columns({ event = "date of death, empty while alive" }, nil, "last date known alive"),
  rules = {
    events = { { source = "event", reason = "death" } },
    censoring = { { when = { "no-event" }, at = "censor", reason = "alive at last contact" } },
    no_end = "neither death nor last contact",
  },
}
