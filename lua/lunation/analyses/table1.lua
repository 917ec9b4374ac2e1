-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"

return require("lunation.analyses").define {
  kind = "table1", title = "Baseline characteristics",
  doc = "Baseline table, overall and by group; with weights before and after weighting side by \z
    side.",
  fields = { table1 = fields.columns, by = fields.by,
    tests = fields.flag "p-values of the group comparison",
    smd = fields.flag "standardised mean differences",
    mean = { type = "list", of = { type = "text" }, single = true,
      doc = "columns shown as mean (SD) instead of median (IQR)" },
    weights = { type = "text", doc = "group ~ terms of a propensity score: the groups also \z
      weighted, with the differences of both" },
    estimand = fields.estimand, stabilised = fields.stabilised, trim = fields.trim,
    draw = fields.draw "love",
    figure = fields.flag "with weights: draw the differences before and after (love plot)" },
  calls = function(opt)
    local table1 = { columns = opt.table1, by = opt.by, tests = opt.tests or nil, smd = opt.smd
      or nil, mean = opt.mean }
    if not opt.weights then return { fields.call("table1", "cohort", "table1", table1) } end
    table1.weights = fields.result "weights"
    local weights = fields.call("weights", "cohort", "weights", opt.weights, {
      estimand = opt.estimand,
      stabilised = opt.stabilised or nil, trim = opt.trim })
    return { fields.hidden(weights), fields.call("table1", "cohort", "table1", table1) }
  end,
  show = show.table1,
}
