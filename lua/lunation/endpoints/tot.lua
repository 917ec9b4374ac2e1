-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local first_of = require "lunation.endpoints.first_of"

return endpoint.define {
  name = "tot", version = "1", kind = "time_to_event",
  title = "Time on treatment",
  doc = "From the first dose to the end of treatment or death; patients still treated are censored.",
  columns = first_of.columns({ stop = "last dose, empty while treated", death = "date of death, empty while alive" },
    "first dose", "last date known on treatment"),
  derive = first_of.derive { { role = "stop", reason = "treatment stopped" }, { role = "death", reason = "death" } },
}
