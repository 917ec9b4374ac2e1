-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"

return require("lunation.analyses").define {
  kind = "summary", title = "Summary of numbers",
  doc = "n, median, quartiles, range, mean and standard deviation of numeric columns.",
  fields = { summary = fields.columns },
  calls = function(opt)
    return { fields.call("summary", "cohort", "summary", opt.summary) }
  end,
  show = show.summary,
}
