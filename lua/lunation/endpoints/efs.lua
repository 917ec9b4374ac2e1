-- SPDX-License-Identifier: GPL-3.0-or-later
local endpoint = require "lunation.endpoint"
local first_of = require "lunation.endpoints.first_of"

return endpoint.define {
  name = "efs", version = "1", kind = "time_to_event",
  title = "Event-free survival",
  doc = "From the origin to the first of progression that precludes surgery, recurrence after surgery, and death.",
  columns = first_of.columns({ progression = "date of progression that precludes surgery", recurrence = "date of recurrence after surgery", death = "date of death, empty while alive" }),
  derive = first_of.derive({ { role = "progression", reason = "progression" }, { role = "recurrence", reason = "recurrence" }, { role = "death", reason = "death" } }),
}
