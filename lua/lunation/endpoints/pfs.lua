-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local first_of = require "lunation.endpoints.first_of"

return endpoint.define {
  name = "pfs", version = "1", kind = "time_to_event",
  title = "Progression-free survival",
  doc = "From the origin to the first of progression and death; others are censored at their last assessment.",
  columns = first_of.columns({ progression = "date of progression, empty if none", death = "date of death, empty while alive" }),
  derive = first_of.derive({ { role = "progression", reason = "progression" }, { role = "death", reason = "death" } }),
}
