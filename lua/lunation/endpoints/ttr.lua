-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local columns = require "lunation.endpoints.columns"

return endpoint.define {
  name = "ttr", version = "2", kind = "time_to_event",
  title = "Time to response",
  doc = "From the origin to the first (confirmed) response; responders only.",
  columns = { origin = columns.ORIGIN,
    response = { type = "date", required = true,
      doc = "date of the first response, empty in non-responders" } },
  rules = {
    events = { { source = "response", reason = "response" } },
    censoring = {},
    no_end = "no response",
  },
}
