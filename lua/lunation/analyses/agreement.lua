-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local plan = require "lunation.recipe.plan"
local show = require "lunation.analyses.show_response"

return require("lunation.analyses").define {
  kind = "agreement", title = "Two assessments of the same patients",
  doc = "Best response by two criteria or two readers, side by side: cross table, kappa, on whom \z
    they differ, Sankey.",
  fields = {
    agreement = { type = "list", of = { type = "text" }, required = true, role = "response",
      doc = "two of the recipe's responses" },
    conf_level = fields.conf_level,
    figures = fields.flag("draw the Sankey figure", true),
    draw = fields.draw("sankey"),
  },
  calls = function(opt)
    local first, second = opt.agreement[1], opt.agreement[2]
    if #opt.agreement ~= 2 then
      require("lunation.errors").raise("recipe.option",
        "agreement: name two of the recipe's responses")
    end
    return { fields.call("agreement", first, "agreement", plan.ref(second),
      { first = first, second = second, conf_level = opt.conf_level }) }
  end,
  show = show.agreement,
}
