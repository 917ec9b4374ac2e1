-- SPDX-License-Identifier: GPL-3.0-or-later
local classify = require "lunation.classify"

return classify.define {
  name = "conversion", version = "1", title = "Conversion to resectability", levels = {
    "converted, resected",
    "converted, not resected", "not converted" },
  doc = "Conversion has a date of its own; surgery may follow or not. Surgery without a conversion "
    .. "date counts as conversion on the day of surgery.",
  columns = {
    conversion = { type = "date", required = true,
      doc = "date on which the criteria were met, empty if never" },
    surgery = { type = "date", doc = "date of resection, empty if none" },
  },
  derive = function(patient)
    local met, surgery = patient.conversion, patient.surgery
    if met and surgery and surgery < met then return nil, "surgery before conversion" end
    if surgery then return "converted, resected", "resected" end
    if met then return "converted, not resected", "criteria met, no resection" end
    return "not converted", "criteria never met"
  end,
}
