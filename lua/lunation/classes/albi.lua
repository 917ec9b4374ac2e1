-- SPDX-License-Identifier: GPL-3.0-or-later
local classify = require "lunation.classify"

return classify.define {
  name = "albi", version = "1", title = "ALBI grade", levels = { "1", "2", "3" },
  doc = "0.66 log10(bilirubin in umol/L) - 0.085 (albumin in g/L). Grade 1 to -2.60, 2 to -1.39, \z
    3 above (Johnson 2015).",
  columns = {
    bilirubin = { type = "number", required = true, doc = "bilirubin, umol/L" },
    albumin = { type = "number", required = true, doc = "albumin, g/L" },
  },
  derive = function(patient)
    local score, grade = classify.liver.albi(patient.bilirubin, patient.albumin)
    if not score then return nil, "bilirubin or albumin is missing" end
    return tostring(grade), ("ALBI %.2f"):format(score)
  end,
}
