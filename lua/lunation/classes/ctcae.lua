-- SPDX-License-Identifier: GPL-3.0-or-later
local classify = require "lunation.classify"

return classify.define {
  name = "ctcae", version = "1", title = "Worst CTCAE grade",
  levels = { "0", "1", "2", "3", "4", "5" },
  doc = "The worst grade of a patient over all rows of the linked table events (columns term and "
    .. "grade), or of one term. A patient without an event has grade 0: the denominator is the "
    .. "safety set.",
  needs = { events = { "term", "grade" } },
  options = { term = { type = "string" } },
  derive = function(patient, opt)
    local worst, term = 0, "no event"
    for event in patient.events:all() do
      local grade = tonumber(event.grade)
      if opt.term == nil or event.term == opt.term then
        if not grade then return nil, "an event has no grade" end
        if grade > worst then worst, term = grade, event.term end
      end
    end
    return ("%d"):format(worst), term
  end,
}
