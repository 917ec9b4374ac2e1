-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local columns = require "lunation.endpoints.columns"

return endpoint.define {
  name = "ttc", version = "2", kind = "time_to_event",
  title = "Time to conversion",
  doc = "From the origin to the date on which the conversion criteria were met; death ends the "
    .. "observation, or is a competing event with the option competing.",
  columns = columns { conversion = "date of conversion, empty if never",
    death = "date of death, empty while alive" },
  options = { competing = { type = "boolean", default = false } },
  rules = {
    events = { { source = "conversion", reason = "conversion" },
      { source = "death", reason = "death", competing = true } },
    censoring = { { when = { "after" }, source = "death", at = "death", reason = "death" },
      { when = { "no-event" }, at = "censor", reason = "no event at last assessment" } },
  },
}
