-- SPDX-License-Identifier: GPL-3.0-or-later
local classify = require "lunation.classify"

return classify.define {
  name = "malbi", version = "1", title = "Modified ALBI grade", levels = { "1", "2a", "2b", "3" },
  doc = "0.66 log10(bilirubin in umol/L) - 0.085 (albumin in g/L). Grade 2 is split at -2.27 \z
    (Hiraoka 2019).",
  columns = {
    bilirubin = { type = "number", required = true, doc = "bilirubin, umol/L" },
    albumin = { type = "number", required = true, doc = "albumin, g/L" },
  },
  derive = function(patient)
    local score, _, modified = classify.liver.albi(patient.bilirubin, patient.albumin)
    if not score then return nil, "bilirubin or albumin is missing" end
    return modified, ("ALBI %.2f"):format(score)
  end,
}
