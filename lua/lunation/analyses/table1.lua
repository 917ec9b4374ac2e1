-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"

return require("lunation.analyses").define {
  kind = "table1", title = "Baseline characteristics",
  doc = "Baseline table, overall and by group.",
  fields = { table1 = fields.columns, by = fields.by, tests = fields.flag "p-values of the group comparison",
    smd = fields.flag "standardised mean differences",
    mean = { type = "list", of = { type = "text" }, single = true, doc = "columns shown as mean (SD) instead of median (IQR)" } },
  calls = function(opt)
    return { fields.call("table1", "cohort", "table1", { columns = opt.table1, by = opt.by, tests = opt.tests or nil,
      smd = opt.smd or nil, mean = opt.mean }) }
  end,
  show = show.table1,
}
