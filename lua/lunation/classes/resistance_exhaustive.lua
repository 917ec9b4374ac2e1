-- SPDX-License-Identifier: GPL-3.0-or-later
local classify = require "lunation.classify"

local rules = require "lunation.classes.resistance_rules"

return classify.define {
  name = "resistance_exhaustive", version = "1", title = "Resistance in three exhaustive classes",
  levels = { "primary", "secondary", "durable" },
  doc = "Every patient has a class: primary: progression up to `months` from the start; \z
    secondary: later; durable: none.",
  columns = { start = rules.COLUMNS.start, progression = rules.COLUMNS.progression },
  options = { months = { type = "number", default = 6, min = 0 } },
  derive = function(patient, opt)
    if not patient.start then return nil, "no start date" end
    if not patient.progression then return "durable", "no progression" end
    local days = patient.progression - patient.start
    return days <= opt.months * 30.4375 and "primary" or "secondary", ("PD on day %d"):format(days)
  end,
}
