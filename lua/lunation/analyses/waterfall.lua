-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"

return require("lunation.analyses").define {
  kind = "waterfall", title = "Best change of each patient",
  doc = "The best change of the sum of diameters of each patient, sorted, with the response.",
  fields = { waterfall = { type = "text", required = true, role = "column",
    doc = "column: best change in per cent" },
    response = { type = "text", role = "column", doc = "column: best response" },
    draw = fields.draw "waterfall" },
  calls = function(opt)
    return { fields.call("waterfall", "cohort", "waterfall",
      { change = opt.waterfall, response = opt.response }) }
  end,
  show = show.waterfall,
}
