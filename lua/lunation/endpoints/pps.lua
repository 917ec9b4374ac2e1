-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local first_of = require "lunation.endpoints.first_of"

return endpoint.define {
  name = "pps", version = "1", kind = "time_to_event",
  title = "Post-progression survival",
  doc = "From progression to death; patients alive are censored at their last contact. Patients without progression are left out and counted.",
  columns = first_of.columns({ death = "date of death, empty while alive" }, "date of progression", "last date known alive"),
  derive = first_of.derive({ { role = "death", reason = "death" } }),
}
