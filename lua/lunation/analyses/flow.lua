-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"

return require("lunation.analyses").define {
  kind = "flow", title = "Flow of patients",
  doc = "The steps of the cohort as numbers: patients read, kept and left out, and the share that \z
    each step keeps.",
  fields = { flow = { type = "text", required = true, choices = { "cohort" },
    doc = "the recipe's cohort" } },
  calls = function() return { fields.call("flow", "cohort", "flow") } end,
  show = show.flow,
}
