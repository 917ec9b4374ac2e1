-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local first_of = require "lunation.endpoints.first_of"

return endpoint.define {
  name = "ttc", version = "1", kind = "time_to_event",
  title = "Time to conversion",
  doc = "From the origin to the date on which the conversion criteria were met; death ends the observation, or is a competing event with the option competing.",
  columns = first_of.columns({ conversion = "date of conversion, empty if never",
    death = "date of death, empty while alive" }),
  options = first_of.COMPETING,
  derive = first_of.derive({ { role = "conversion", reason = "conversion" } }, { { role = "death", reason = "death" } }),
}
