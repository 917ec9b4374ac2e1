-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local first_of = require "lunation.endpoints.first_of"

return endpoint.define {
  name = "ttp", version = "1", kind = "time_to_event",
  title = "Time to progression",
  doc = "From the origin to progression; death without progression ends the observation and does not count, or is a competing event with the option competing.",
  columns = first_of.columns({ progression = "date of progression, empty if none", death = "date of death, empty while alive" }),
  options = first_of.COMPETING,
  derive = first_of.derive({ { role = "progression", reason = "progression" } }, { { role = "death", reason = "death" } }),
}
