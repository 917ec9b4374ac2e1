-- SPDX-License-Identifier: GPL-3.0-or-later
local classify = require "lunation.classify"

local RANK = { I = 1, II = 2, IIIa = 3, IIIb = 4, IVa = 5, IVb = 6, V = 7 }

return classify.define {
  name = "clavien_dindo", version = "1", title = "Worst Clavien-Dindo grade",
  levels = { "none", "I", "II", "IIIa", "IIIb", "IVa", "IVb", "V" },
  doc = "The worst grade of a patient over the linked table complications (column grade); the "
    .. "suffix d (disability) is ignored. A patient without a complication has \"none\" (Dindo "
    .. "2004).",
  needs = { complications = { "grade" } },
  derive = function(patient)
    local worst, name = 0, "none"
    for c in patient.complications:all() do
      local grade = c.grade and c.grade:gsub("%-?d$", "")
      if not RANK[grade or ""] then
        return nil, ('grade "%s" is not known'):format(tostring(c.grade))
      end
      if RANK[grade] > worst then worst, name = RANK[grade], grade end
    end
    return name, "worst of " .. patient.complications:count()
  end,
}
