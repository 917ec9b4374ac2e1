-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show_response"

local phase = { type = "map", fields = {
  from = { type = "text", required = true,
    doc = "column: when it begins; it lasts until the next one or the end" },
  name = { type = "text", required = true, doc = "its name" } } }

return require("lunation.analyses").define {
  kind = "swimmer", title = "Course of each patient",
  doc = "A lane for each patient from the first dose to the last contact: phases of treatment, \z
    and what happened when.",
  fields = {
    swimmer = { type = "text", required = true, role = "column",
      doc = "column: end of the course" },
    from = { type = "text", role = "column",
      doc = "column: date at which the course begins; without it all columns are times" },
    phases = { type = "list", of = phase, doc = "phases of treatment, in order" },
    events = { type = "list", of = { type = "text" }, single = true, role = "column",
      doc = "columns: when something happened" },
    by = fields.by,
    unit = { type = "text", choices = { "days", "weeks", "months", "years" }, default = "months",
      doc = "unit of time" },
    draw = fields.draw "swimmer",
  },
  calls = function(opt)
    return { fields.call("swimmer", "cohort", "swimmer", { stop = opt.swimmer, start = opt.from,
      phases = opt.phases,
      events = opt.events, by = opt.by, unit = opt.unit }) }
  end,
  show = show.course,
}
