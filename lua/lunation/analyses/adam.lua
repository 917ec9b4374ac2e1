-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show_response"

return require("lunation.analyses").define {
  kind = "adam", title = "Analysis data sets",
  doc = "ADRS and ADTR of a response and ADTTE of endpoints, in the shape of CDISC's ADaM: \z
    tables/ID-adrs.csv and so on.",
  fields = {
    adam = { type = "text", required = true, role = "response",
      doc = "one of the recipe's responses" },
    endpoints = { type = "list", of = { type = "text" }, single = true, default = {},
      role = "endpoint", doc = "endpoints for ADTTE" },
  },
  calls = function(opt)
    return { fields.hidden(fields.call("best", opt.adam, "best")) }
  end,
  show = show.adam,
}
