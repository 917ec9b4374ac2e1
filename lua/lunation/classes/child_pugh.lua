-- SPDX-License-Identifier: GPL-3.0-or-later
local classify = require "lunation.classify"

local LEVELS = { "A", "B", "C" }
local ASCITES = { none = 0, mild = 1, ["moderate-severe"] = 2, moderate = 2, severe = 2 }

return classify.define {
  name = "child_pugh", version = "1", title = "Child-Pugh class", levels = LEVELS,
  doc = "Bilirubin in mg/dL, albumin in g/dL, INR, ascites (none, mild, moderate-severe), "
    .. "encephalopathy (grade 0 to 4). A: 5-6 points, B: 7-9, C: 10-15 (Pugh 1973).",
  columns = {
    bilirubin = { type = "number", required = true, doc = "bilirubin, mg/dL" },
    albumin = { type = "number", required = true, doc = "albumin, g/dL" },
    inr = { type = "number", required = true, doc = "INR" },
    ascites = { type = "text", required = true, doc = "ascites: none, mild, moderate-severe" },
    encephalopathy = { type = "number", required = true, doc = "grade of encephalopathy, 0 to 4" },
  },
  derive = function(patient)
    local ascites = patient.ascites
    if ascites ~= nil and ASCITES[ascites] == nil then
      return nil, ('ascites "%s" is not known'):format(ascites)
    end
    local score, class = classify.liver.child_pugh {
      bilirubin = patient.bilirubin, albumin = patient.albumin,
      inr = patient.inr, ascites = ascites and ASCITES[ascites],
      encephalopathy = patient.encephalopathy }
    if not score then return nil, "a component is missing" end
    return class, score .. " points"
  end,
}
