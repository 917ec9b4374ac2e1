-- SPDX-License-Identifier: GPL-3.0-or-later
local fields = require "lunation.analyses.fields"
local show = require "lunation.analyses.show"

return require("lunation.analyses").define {
  kind = "pairwise", title = "Pairwise comparisons",
  doc = "Every pair of groups by log-rank, with adjusted p-values. Groups are the levels of a "
    .. "column (by), or conditions (groups), which may overlap.",
  fields = { pairwise = fields.endpoint(), by = fields.by, strata = fields.strata,
    adjust = fields.adjust,
    groups = { type = "list", doc = "in place of by: groups that may share patients",
      of = { type = "map", fields = {
      name = { type = "text", required = true, doc = "its name" },
      where = { type = "text", required = true, doc = "who is in it" } } } } },
  calls = function(opt)
    return { fields.call("pairwise", opt.pairwise, "pairwise",
      { by = opt.by, groups = opt.groups, strata = opt.strata, adjust = opt.adjust }) }
  end,
  show = show.pairwise,
}
