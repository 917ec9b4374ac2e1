-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"

return require("lunation.analyses").define {
  kind = "proportions", title = "Counts and percentages",
  doc = "Counts and percentages of the levels of factors, with confidence limits.",
  fields = { proportions = fields.columns,
    levels = { type = "list", of = { type = "text" }, single = true, doc = "only these levels" },
    sum = { type = "map", fields = {}, others = { type = "list", of = { type = "text" },
      single = true }, order = true,
      doc = "name: levels that count together (response: [CR, PR])" },
    of = { type = "text", choices = { "all", "known" }, default = "known",
      doc = "the denominator: all patients, or those with a known value" },
    method = { type = "text", choices = { "exact", "wilson" }, default = "exact", doc = "limits" },
    conf_level = fields.conf_level },
  calls = function(opt)
    local calls = {}
    for _, name in ipairs(opt.proportions) do
      calls[#calls + 1] = fields.call(name, "cohort", "proportions", name, {
        levels = opt.levels, sum = opt.sum, of = opt.of,
        method = opt.method, conf_level = opt.conf_level })
    end
    return calls
  end,
  show = show.proportions,
}
