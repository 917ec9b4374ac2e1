-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"

return require("lunation.analyses").define {
  kind = "pairwise", title = "Pairwise comparisons",
  doc = "Every pair of groups by log-rank, with adjusted p-values.",
  fields = { pairwise = fields.endpoint(), by = fields.by_required, strata = fields.strata, adjust = fields.adjust },
  calls = function(opt)
    return { fields.call("pairwise", opt.pairwise, "pairwise", { by = opt.by, strata = opt.strata, adjust = opt.adjust }) }
  end,
  show = show.pairwise,
}
