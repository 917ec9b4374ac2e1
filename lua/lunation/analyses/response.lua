-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show_response"

return require("lunation.analyses").define {
  kind = "response", title = "Best response",
  doc = "Best response of every patient with exact limits, objective response and disease control, "
    .. "waterfall, spider and swimmer.",
  fields = {
    response = { type = "text", required = true, role = "response",
      doc = "one of the recipe's responses" },
    method = { type = "text", choices = { "exact", "wilson" }, default = "exact", doc = "limits" },
    conf_level = fields.conf_level,
    figures = fields.flag("draw waterfall, spider and swimmer", true),
    draw = fields.draw("waterfall", "spider", "swimmer"),
  },
  calls = function(opt)
    local best = fields.call("best", opt.response, "best")
    return { fields.hidden(best), fields.then_call("counts", "best", "counts",
      { method = opt.method, conf_level = opt.conf_level }) }
  end,
  show = show.response,
}
