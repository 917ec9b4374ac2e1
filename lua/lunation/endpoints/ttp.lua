-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local columns = require "lunation.endpoints.columns"

return endpoint.define {
  name = "ttp", version = "2", kind = "time_to_event",
  title = "Time to progression",
  doc = "From the origin to progression; death without progression ends the observation and does "
    .. "not count, or is a competing event with the option competing.",
  columns = columns { progression = "date of progression, empty if none",
    death = "date of death, empty while alive" },
  options = { competing = { type = "boolean", default = false } },
  rules = {
    events = { { source = "progression", reason = "progression" },
      { source = "death", reason = "death", competing = true } },
    censoring = { { when = { "after" }, source = "death", at = "death", reason = "death" },
      { when = { "no-event" }, at = "censor", reason = "no event at last assessment" } },
    assessed = true,
  },
}
