-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"

return require("lunation.analyses").define {
  kind = "crosstab", title = "Cross-table",
  doc = "One factor against another: counts, percentages, Fisher's exact test.",
  fields = { crosstab = { type = "text", required = true, role = "column",
    doc = "column that gives the rows" },
    by = fields.by_required, test = { type = "text", choices = { "fisher", "chisq", "none" },
      default = "fisher", doc = "test of association" } },
  calls = function(opt)
    return { fields.call("crosstab", "cohort", "crosstab", opt.crosstab, opt.by,
      { test = opt.test }) }
  end,
  show = show.crosstab,
}
